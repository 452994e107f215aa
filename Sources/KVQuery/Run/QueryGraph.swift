import KV
import KVGraph

/// The graph as a query sees it: what the store holds, and over it what the query has written so far.
///
/// Only the query's own task uses it, one step after the other.
final class QueryGraph {
  let graph: Graph
  private let undirected: UndirectedTypes
  /// Each node once, so that what a clause changes is changed for all.
  private var nodes: [ByteKey: QueryNode] = [:]
  /// While a query writes, each edge once.
  private var edges: [ByteKey: QueryEdge] = [:]
  private let isWriting: Bool
  /// The versions of the records that were read, which are expected when they are written; 0 for none.
  private var versions: [ByteKey: Int] = [:]
  private var newNodes: [QueryNode] = []
  private var newEdges: [QueryEdge] = []
  /// Edge types by the parts of keys, which are ASCII.
  private var types: [String: (name: String, isDirected: Bool)] = [:]
  private var cache: [Asked: [Step]] = [:]
  private var cachedSteps = 0
  private static let mostCached = 50_000
  /// By node, what the store holds, for a query that writes.
  private var known: [ByteKey: [QueryEdge]] = [:]

  init(_ graph: Graph, isWriting: Bool) async throws {
    (self.graph, self.isWriting) = (graph, isWriting)
    undirected = try await graph.undirectedTypes
  }

  /// Whether edges of some types lead both ways.
  var hasUndirectedTypes: Bool { !undirected.isEmpty }

  func node(_ reference: NodeReference) -> QueryNode {
    let path = reference.path
    if let node = nodes[ByteKey(path)] { return node }
    let node = QueryNode(reference, path: path)
    nodes[ByteKey(path)] = node
    return node
  }

  /// The node of a part of an edge's key.
  private func node(path: String) -> QueryNode? {
    if let node = nodes[ByteKey(path)] { return node }
    guard let reference = NodeReference(path: path) else { return nil }
    let node = QueryNode(reference, path: path)
    nodes[ByteKey(path)] = node
    return node
  }

  /// An edge type as in keys, as it is called and whether it leads one way.
  private func type(_ part: String) -> (name: String, isDirected: Bool)? {
    if let known = types[part] { return known }
    guard let name = String(percentDecoding: part) else { return nil }
    types[part] = (name, !undirected.contains(name))
    return types[part]
  }

  // MARK: reading

  /// Reads what describes the nodes that have not been read. Cost: a request for each thousand.
  func load(_ nodes: some Sequence<QueryNode>) async throws {
    var waiting: [ByteKey: QueryNode] = [:]
    var keys: [String] = []
    for node in nodes where node.properties == nil {
      node.properties = [:]
      if waiting.updateValue(node, forKey: ByteKey(node.reference.entityKey)) == nil {
        keys.append(node.reference.entityKey)
      }
    }
    for start in stride(from: 0, to: keys.count, by: 1000) {
      for record in try await graph.store.get(Array(keys[start..<min(start + 1000, keys.count)])) {
        guard let node = waiting[ByteKey(record.key)] else { continue }
        if let owner = NodeReference(record), owner != node.reference { continue }
        if isWriting { versions[ByteKey(record.key)] = record.version }
        read(record.value, into: node)
      }
    }
  }

  private func read(_ value: JSON, into node: QueryNode) {
    guard let members = value.members else {
      node.properties = ["value": Value(value)]
      return
    }
    var properties: [String: Value] = [:]
    for member in members where member.name != "@labels" { properties[member.name] = Value(member.value) }
    node.properties = properties.filter { !$0.value.isNull }
    node.furtherLabels = value["@labels"]?.elements?.compactMap(\.string) ?? []
  }

  /// Reads the data of edges that have not been read.
  func load(_ edges: some Sequence<QueryEdge>) async throws {
    var waiting: [ByteKey: [QueryEdge]] = [:]
    var keys: [String] = []
    for edge in edges where edge.properties == nil {
      edge.properties = [:]
      waiting[ByteKey(edge.key), default: []].append(edge)
      if waiting[ByteKey(edge.key)]?.count == 1 { keys.append(edge.key) }
    }
    for start in stride(from: 0, to: keys.count, by: 1000) {
      for record in try await graph.store.get(Array(keys[start..<min(start + 1000, keys.count)])) {
        let properties = Self.properties(try Edge(record).data)
        for edge in waiting[ByteKey(record.key)] ?? [] { edge.properties = properties }
      }
    }
  }

  private static func properties(_ data: JSON?) -> [String: Value] {
    guard let data else { return [:] }
    guard let members = data.members else { return data == .null ? [:] : ["value": Value(data)] }
    return Dictionary(members.map { ($0.name, Value($0.value)) }) { _, last in last }.filter {
      !$0.value.isNull
    }
  }

  /// Whether the node is there.
  func exists(_ reference: NodeReference) async throws -> Bool {
    if let node = nodes[ByteKey(reference.path)] {
      if node.isDeleted { return false }
      if node.isNew { return true }
    }
    return try await graph.node(reference) != nil
  }

  /// All nodes, in the order of their keys, new ones behind them.
  func allNodes() async throws -> [QueryNode] {
    let stored = try await Adjacency(of: graph).nodes.map { node($0) }
    return stored.filter { !$0.isDeleted && !$0.isNew } + newNodes.filter { !$0.isDeleted }
  }

  /// An edge at a node, and the node at its other end.
  typealias Step = (edge: QueryEdge, node: QueryNode)

  /// The edges at each of some nodes, those that leave it before those that enter it, in key order; a loop once. One request each way
  /// for all nodes.
  func steps(
    at nodes: [QueryNode], _ direction: EdgePattern.Direction, types: [String], withData: Bool
  ) async throws -> [[Step]] {
    var found = [[Step]](repeating: [], count: nodes.count)
    if isWriting {
      try await readAll(at: nodes)
      for (place, node) in nodes.enumerated() {
        let all = (known[ByteKey(node.path)] ?? []) + newEdges.filter { $0.from === node || $0.to === node }
        for edge in all where !edge.isDeleted && matches(edge, types) {
          let isForward = edge.from === node
          if isForward && (direction != .in || !edge.isDirected)
            || edge.to === node && (direction != .out || !edge.isDirected)
          {
            found[place].append((edge, edge.other(than: node)))
          } else if edge.from === edge.to {
            found[place].append((edge, node))
          }
        }
      }
      return found
    }
    return try await known(at: nodes, Kind(direction: direction, types: types, withData: withData))
  }

  /// What is asked for of a node.
  private struct Kind: Hashable {
    var direction: EdgePattern.Direction
    var types: [String]
    var withData: Bool
  }

  private struct Asked: Hashable {
    var node: ObjectIdentifier
    var kind: Kind
  }

  /// The steps of a query that writes nothing: those of the last nodes are kept, for patterns come by the same nodes over and over.
  private func known(at nodes: [QueryNode], _ kind: Kind) async throws -> [[Step]] {
    let missing = nodes.filter { cache[Asked(node: ObjectIdentifier($0), kind: kind)] == nil }
    guard !missing.isEmpty else {
      return nodes.map { cache[Asked(node: ObjectIdentifier($0), kind: kind)] ?? [] }
    }
    let found = try await read(at: missing, kind)
    if missing.count == nodes.count, cachedSteps > Self.mostCached {
      cache = [:]
      cachedSteps = 0
    }
    for (node, steps) in zip(missing, found) {
      cache[Asked(node: ObjectIdentifier(node), kind: kind)] = steps
      cachedSteps += steps.count + 1
    }
    return nodes.map { cache[Asked(node: ObjectIdentifier($0), kind: kind)] ?? [] }
  }

  private func read(at nodes: [QueryNode], _ kind: Kind) async throws -> [[Step]] {
    let (direction, types, withData) = (kind.direction, kind.types, kind.withData)
    let isAny = direction == .any
    var found = [[Step]](repeating: [], count: nodes.count)
    let paths = nodes.map(\.path)
    let usesUndirected = !undirected.isEmpty
    var seen: [Set<ByteKey>] = Array(repeating: [], count: usesUndirected || isAny ? nodes.count : 0)
    for (scope, isOut) in [(EdgeQuery.Scope.leaving(paths), true), (.entering(paths), false)] {
      let isWanted = isAny || (direction == .out) == isOut
      guard isWanted || usesUndirected else { continue }
      let keys = try await graph.store.edges(EdgeQuery(scope, includesValues: withData))
      for (index, key) in keys.enumerated() {
        guard let edge = edge(key.key, withData ? keys.values[index] : nil), matches(edge, types) else {
          continue
        }
        guard isWanted || !edge.isDirected else { continue }
        // A loop is found from both sides.
        if edge.from === edge.to, !seen.isEmpty, !seen[key.node].insert(ByteKey(key.key)).inserted {
          continue
        }
        found[key.node].append((edge, isOut ? edge.to : edge.from))
      }
    }
    return found
  }

  private func matches(_ edge: QueryEdge, _ types: [String]) -> Bool {
    types.isEmpty || types.contains { $0.utf8.elementsEqual(edge.type.utf8) }
  }

  /// The edge of a key, and the value of its record where it was read.
  private func edge(_ key: String, _ value: JSON?) -> QueryEdge? {
    if isWriting, let known = edges[ByteKey(key)] { return known }
    guard let parts = EdgeKey(key), let from = node(path: parts.from), let to = node(path: parts.to),
      let type = type(parts.type)
    else { return nil }
    let edge = QueryEdge(
      from: from, to: to, type: type.name, parallelKey: parts.key.flatMap { String(percentDecoding: $0) },
      isDirected: type.isDirected, key: key)
    if let value { edge.properties = Self.properties(value["data"]) }
    if isWriting { edges[ByteKey(key)] = edge }
    return edge
  }

  private func readAll(at nodes: [QueryNode]) async throws {
    var unread: [QueryNode] = []
    for node in nodes where known[ByteKey(node.path)] == nil {
      known[ByteKey(node.path)] = []
      unread.append(node)
    }
    guard !unread.isEmpty else { return }
    let paths = unread.map(\.path)
    for scope in [EdgeQuery.Scope.leaving(paths), .entering(paths)] {
      let keys = try await graph.store.edges(EdgeQuery(scope, includesValues: true))
      for (index, key) in keys.enumerated() {
        guard let edge = edge(key.key, keys.values[index]) else { continue }
        if case .entering = scope, edge.from === edge.to { continue }
        known[ByteKey(unread[key.node].path)]?.append(edge)
      }
    }
  }

  // MARK: writing

  /// Makes a node; its first label is its type.
  func create(labels: [String], properties: [String: Value], at place: Place) async throws -> QueryNode {
    var properties = properties.filter { !$0.value.isNull }
    let type = labels.first ?? "Node"
    let id: String
    switch properties["id"] {
    case .string(let text)?:
      id = text
      properties["id"] = nil
    case .integer(let number)?: id = String(number)
    case let value?: throw place.error("the id of a node is a string or an integer, not \(value.kind)")
    case nil: id = Self.newID()
    }
    let reference = NodeReference(type: type, id: id)
    do {
      try reference.validate()
      try reference.validateKey()
    } catch let error as KVError {
      throw place.error(error.message)
    }
    if try await exists(reference) { throw KVError(.conflict, "the node \(reference) is there already") }
    let node = node(reference)
    (node.isNew, node.isDeleted, node.isChanged) = (true, false, true)
    node.properties = properties
    node.furtherLabels = labels.count > 1 ? labels : []
    newNodes.append(node)
    return node
  }

  /// Short, and unique among writers.
  private static func newID() -> String {
    let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")
    var random = UInt64.random(in: .min ... .max)
    var id = ""
    for _ in 0..<12 {
      id.append(letters[Int(random & 31)])
      random >>= 5
    }
    return id
  }

  func create(from: QueryNode, to: QueryNode, type: String, properties: [String: Value], at place: Place)
    async throws
    -> QueryEdge
  {
    try await readAll(at: [from, to])
    let isDirected = !undirected.contains(type)
    let (first, last) = !isDirected && to.path < from.path ? (to, from) : (from, to)
    let beside = ((known[ByteKey(first.path)] ?? []) + newEdges).filter {
      $0.from === first && $0.to === last && $0.type == type && !$0.isDeleted
    }
    var parallelKey: String?
    if !beside.isEmpty {
      var number = beside.count + 1
      while beside.contains(where: { $0.parallelKey == String(number) }) { number += 1 }
      parallelKey = String(number)
    }
    var edge = Edge(from: first.reference, to: last.reference, type: type)
    edge.parallelKey = parallelKey
    do {
      try edge.validate()
    } catch let error as KVError {
      throw place.error(error.message)
    }
    let made = QueryEdge(
      from: first, to: last, type: type, parallelKey: parallelKey, isDirected: isDirected, key: edge.key)
    made.properties = properties.filter { !$0.value.isNull }
    // In the place of one that was deleted it is written over that one's record.
    let old = edges[ByteKey(made.key)].map { !$0.isNew && $0.isDeleted } ?? false
    (made.isNew, made.isChanged) = (!old, true)
    newEdges.append(made)
    edges[ByteKey(made.key)] = made
    return made
  }

  /// Deletes a node, whose edges are to be gone when the query ends.
  func delete(_ node: QueryNode, isDetaching: Bool) async throws {
    if isDetaching {
      for step in try await steps(at: [node], .any, types: [], withData: false)[0] {
        step.edge.isDeleted = true
      }
    }
    node.isDeleted = true
  }

  /// What was written, as mutations of one transaction.
  func mutations() async throws -> [Mutation] {
    var mutations: [Mutation] = []
    for edge in edges.values.filter({ $0.isDeleted && !$0.isNew }).sorted(by: { $0.key < $1.key }) {
      mutations += try await graph.mutations(removing: edge.stored)
    }
    let deleted = nodes.values.filter { $0.isDeleted && !$0.isNew }.sorted { $0.path < $1.path }
    for (node, steps) in zip(deleted, try await steps(at: deleted, .any, types: [], withData: false)) {
      if let step = steps.first {
        throw KVError(
          .invalidData,
          "the node \(node.reference) has an edge, \(step.edge.arrow); DETACH DELETE deletes both")
      }
      mutations.append(.delete(key: node.reference.entityKey))
    }
    for node in newNodes where !node.isDeleted {
      for step in try await steps(at: [node], .any, types: [], withData: false)[0] where step.node.isDeleted {
        throw KVError(
          .invalidData,
          "the node \(step.node.reference) has an edge, \(step.edge.arrow); DETACH DELETE deletes both")
      }
    }
    for node in nodes.values.filter({ $0.isChanged && !$0.isDeleted }).sorted(by: { $0.path < $1.path }) {
      let key = node.reference.entityKey
      let version = versions[ByteKey(key)]
      mutations.append(
        .put(
          key: key, value: try Self.record(of: node), type: node.reference.type,
          expecting: node.isNew ? .absent : version.map { .version($0) } ?? .absent))
    }
    for edge in edges.values.filter({ $0.isChanged && !$0.isDeleted }).sorted(by: { $0.key < $1.key }) {
      var stored = edge.stored
      let properties = edge.properties ?? [:]
      stored.data = properties.isEmpty ? nil : try Self.json(properties, "the edge \(edge.arrow)")
      mutations += try await graph.mutations(adding: stored, replacing: !edge.isNew).1
    }
    return mutations
  }

  private static func record(of node: QueryNode) throws -> JSON {
    var properties = node.properties ?? [:]
    if node.furtherLabels.count > 1 || node.furtherLabels.first.map({ $0 != node.reference.type }) == true {
      properties["@labels"] = .list(node.furtherLabels.map { .string($0) })
    }
    return try json(properties, "the node \(node.reference)")
  }

  private static func json(_ properties: [String: Value], _ owner: String) throws -> JSON {
    JSON(
      members: try properties.sorted { $0.key < $1.key }.map { name, value in
        guard let json = value.plainJSON else {
          throw KVError(.invalidData, "\(owner): \(value.kind) cannot be stored as \(JSON(name))")
        }
        return (name, json)
      })
  }
}

import KV
import KVGraph

/// The graph as a query sees it: what the store holds, and over it what the query has written so far.
///
/// Only the query's own task uses it, one step after the other.
final class QueryGraph {
  let graph: Graph
  let undirected: UndirectedTypes
  /// Each node once, so that what a clause changes is changed for all.
  var nodes: [ByteKey: QueryNode] = [:]
  /// While a query writes, each edge once.
  var edges: [ByteKey: QueryEdge] = [:]
  let isWriting: Bool
  var newNodes: [QueryNode] = []
  /// By the attributes that were asked for, and by value, the nodes that the query has made or changed; some may have another value since.
  var written: [ByteKey: [IndexedValue?: [QueryNode]]] = [:]
  /// By id, the nodes to which the query has given labels.
  private var labelledNodes: [ByteKey: [QueryNode]] = [:]
  /// By node, the edges that the query has made, a loop once.
  private var newEdges: [ObjectIdentifier: [QueryEdge]] = [:]
  /// By node, whether the store has it.
  private var existing: [ByteKey: Bool] = [:]
  /// Edge types by the parts of keys.
  private var types: [ByteKey: (name: String, isDirected: Bool)] = [:]
  private var cache: [Kind: [ObjectIdentifier: [Step]]] = [:]
  private var cachedSteps = 0
  private static let mostCached = 50_000
  var wholeGraph: WholeGraph?
  /// How often the store has been asked.
  private(set) var requests = 0
  var answers = IndexAnswers()
  var attributes = AskedAttributes()
  /// By node, what the store holds, for a query that writes.
  var known: [ByteKey: [QueryEdge]] = [:]

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
  func node(path: String) -> QueryNode? {
    if let node = nodes[ByteKey(path)] { return node }
    guard let reference = NodeReference(path: path) else { return nil }
    let node = QueryNode(reference, path: path)
    nodes[ByteKey(path)] = node
    return node
  }

  /// An edge type as in keys, as it is called and whether it leads one way.
  func type(_ part: String) -> (name: String, isDirected: Bool)? {
    let key = ByteKey(part)
    if let known = types[key] { return known }
    guard let name = String(percentDecoding: part) else { return nil }
    types[key] = (name, !undirected.contains(name))
    return types[key]
  }

  func noteRequests(_ count: Int = 1) { requests += count }

  // MARK: reading

  /// Reads what describes the nodes that have not been read. Cost: a request for each thousand.
  func load(_ nodes: some Sequence<QueryNode>) async throws {
    // Types that differ in case share their keys.
    var waiting: [ByteKey: [QueryNode]] = [:]
    var keys: [String] = []
    for node in nodes where !node.isRead {
      node.read(nil)
      let key = node.reference.entityKey
      if waiting[ByteKey(key)] == nil { keys.append(key) }
      waiting[ByteKey(key), default: []].append(node)
    }
    for start in stride(from: 0, to: keys.count, by: 1000) {
      requests += 1
      for record in try await graph.store.get(Array(keys[start..<min(start + 1000, keys.count)])) {
        for node in waiting[ByteKey(record.key)] ?? [] { node.read(record) }
      }
    }
  }

  /// Reads the data of edges that have not been read.
  func load(_ edges: some Sequence<QueryEdge>) async throws {
    var waiting: [ByteKey: [QueryEdge]] = [:]
    var keys: [String] = []
    for edge in edges where edge.properties == nil {
      edge.read(nil)
      waiting[ByteKey(edge.key), default: []].append(edge)
      if waiting[ByteKey(edge.key)]?.count == 1 { keys.append(edge.key) }
    }
    for start in stride(from: 0, to: keys.count, by: 1000) {
      requests += 1
      for record in try await graph.store.get(Array(keys[start..<min(start + 1000, keys.count)])) {
        let data = try Edge(record).data
        for edge in waiting[ByteKey(record.key)] ?? [] { edge.read(data) }
      }
    }
  }

  func add(_ edge: QueryEdge) {
    newEdges[ObjectIdentifier(edge.from), default: []].append(edge)
    if edge.to !== edge.from { newEdges[ObjectIdentifier(edge.to), default: []].append(edge) }
  }

  /// The edges at a node that the query has made, in that order.
  func newEdges(at node: QueryNode) -> [QueryEdge] { newEdges[ObjectIdentifier(node)] ?? [] }

  /// Takes note that the query has given labels to a node, which keeps its id.
  func noteLabels(of node: QueryNode) { labelledNodes[ByteKey(node.reference.id), default: []].append(node) }

  /// The nodes with an id to which the query has given labels.
  func labelledNodes(id: String) -> [QueryNode] { labelledNodes[ByteKey(id)] ?? [] }

  /// Whether the node is there.
  func exists(_ reference: NodeReference) async throws -> Bool {
    if let node = nodes[ByteKey(reference.path)] {
      if node.isDeleted { return false }
      if node.isNew || node.isDeclared { return true }
      if node.isRead, let edges = known[ByteKey(reference.path)] { return !edges.isEmpty }
    }
    if let known = existing[ByteKey(reference.path)] { return known }
    requests += 1
    let isThere = try await graph.node(reference) != nil
    existing[ByteKey(reference.path)] = isThere
    return isThere
  }

  /// The stored graph in flat arrays, read once.
  func adjacency() async throws -> Adjacency { try await whole().adjacency }

  /// The same with what is known of it.
  func whole() async throws -> WholeGraph {
    if let known = wholeGraph { return known }
    // A page has 20,000 edges.
    let whole = WholeGraph(try await Adjacency(of: graph))
    requests += whole.adjacency.edgeCount / 20_000 + 1
    wholeGraph = whole
    return whole
  }

  /// All nodes, in the order of their keys, new ones behind them; those that the store has are made as they are come to.
  func allNodes() async throws -> some Sequence<QueryNode> {
    let count = Int32(try await adjacency().nodeCount)
    let stored = (0..<count).lazy.compactMap { self.node(numbered: $0) }.filter { !$0.isNew }
    return [AnySequence(stored), AnySequence(newNodes)].lazy.joined().filter { !$0.isDeleted }
  }

  /// An edge at a node, and the node at its other end.
  typealias Step = (edge: QueryEdge, node: QueryNode)

  /// The edges at each of some nodes, those that leave it before those that enter it, in key order; a loop once. One request each way
  /// for all nodes.
  /// - Parameter ends: where each of them has to lead; of a query that writes others may be left out.
  func steps(
    at nodes: [QueryNode], _ direction: EdgePattern.Direction, types: [String], withData: Bool,
    to ends: [QueryNode?] = []
  ) async throws -> [[Step]] {
    guard isWriting else {
      return try await known(at: nodes, Kind(direction: direction, types: types, withData: withData))
    }
    try await readAll(at: nodes)
    var found = [[Step]](repeating: [], count: nodes.count)
    for (place, node) in nodes.enumerated() {
      let edges =
        if place < ends.count, let end = ends[place] { self.edges(between: node, end) } else {
          allEdges(at: node)
        }
      for edge in edges where !edge.isDeleted && matches(edge, types) {
        let isForward = edge.from === node
        if isForward && (direction != .in || !edge.isDirected)
          || edge.to === node && (direction != .out || !edge.isDirected)
        {
          found[place].append((edge, edge.other(than: node)))
        } else if edge.from === edge.to {
          found[place].append((edge, node))
        }
      }
      // New ones stand behind those that are stored.
      if newEdges[ObjectIdentifier(node)] != nil {
        found[place].sort { $0.edge.precedes($1.edge, at: node) }
      }
    }
    return found
  }

  /// Of a node whose edges have been read, those and new ones.
  private func allEdges(at node: QueryNode) -> [QueryEdge] {
    (known[ByteKey(node.path)] ?? []) + newEdges(at: node)
  }

  /// The edges at a node, in the order of ``steps(at:_:types:withData:to:)``, that lead to another, for a query that writes: of a hub the other
  /// end is looked at, where its edges have been read.
  func edges(between node: QueryNode, _ other: QueryNode) -> [QueryEdge] {
    let own = allEdges(at: node)
    guard let others = known[ByteKey(other.path)], others.count + newEdges(at: other).count < own.count
    else { return own.filter { $0.from === other || $0.to === other } }
    let stored = others.filter { $0.from === node || $0.to === node }
    return stored.filter { $0.from === node } + stored.filter { $0.from !== node }
      + newEdges(at: other).filter { $0.from === node || $0.to === node }
  }

  /// What is asked for of a node.
  private struct Kind: Hashable {
    var direction: EdgePattern.Direction
    var types: [String]
    var withData: Bool
  }

  /// The steps of a query that writes nothing: those of the last nodes are kept, for patterns come by the same nodes over and over.
  private func known(at nodes: [QueryNode], _ kind: Kind) async throws -> [[Step]] {
    if cachedSteps > Self.mostCached { (cache, cachedSteps) = ([:], 0) }
    // Taken out, so that it is not copied.
    var steps = cache.removeValue(forKey: kind) ?? [:]
    var missing: [QueryNode] = []
    for node in nodes where steps[ObjectIdentifier(node)] == nil {
      steps[ObjectIdentifier(node)] = []
      missing.append(node)
    }
    if !missing.isEmpty {
      for (node, found) in zip(missing, try await read(at: missing, kind)) {
        steps[ObjectIdentifier(node)] = found
        cachedSteps += found.count + 1
      }
    }
    let found = nodes.map { steps[ObjectIdentifier($0)] ?? [] }
    cache[kind] = steps
    return found
  }

  private func read(at nodes: [QueryNode], _ kind: Kind) async throws -> [[Step]] {
    let (direction, types, withData) = (kind.direction, kind.types, kind.withData)
    if !withData, wholeGraph != nil { return walk(from: nodes, direction, types) }
    let isAny = direction == .any
    var found = [[Step]](repeating: [], count: nodes.count)
    let paths = nodes.map(\.path)
    let usesUndirected = !undirected.isEmpty
    var seen: [Set<ByteKey>] = Array(repeating: [], count: usesUndirected || isAny ? nodes.count : 0)
    for (scope, isOut) in [(EdgeQuery.Scope.leaving(paths), true), (.entering(paths), false)] {
      let isWanted = isAny || (direction == .out) == isOut
      guard isWanted || usesUndirected else { continue }
      requests += 1
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
    types.isEmpty || types.hasBytes(of: edge.type)
  }

  /// An edge that a search has found, with its data.
  func edge(_ stored: Edge) -> QueryEdge {
    let edge = QueryEdge(
      from: node(stored.from), to: node(stored.to), type: stored.type, label: stored.keyLabel,
      isDirected: stored.isDirected)
    edge.read(stored.data)
    return edge
  }

  /// The edge of a key, and the value of its record where it was read.
  private func edge(_ key: String, _ value: JSON?) -> QueryEdge? {
    if isWriting, let known = edges[ByteKey(key)] { return known }
    guard let parts = EdgeKey(key), let from = node(path: parts.from), let to = node(path: parts.to),
      let type = type(parts.type)
    else { return nil }
    let edge = QueryEdge(
      from: from, to: to, type: type.name, label: parts.label, isDirected: type.isDirected)
    if let value { edge.read(value["data"]) }
    if isWriting { edges[ByteKey(key)] = edge }
    return edge
  }

  /// Reads all edges at nodes for a query that writes. Cost: two requests for all whose edges have not been read.
  func readAll(at nodes: some Sequence<QueryNode>) async throws {
    var unread: [QueryNode] = []
    for node in nodes where known[ByteKey(node.path)] == nil {
      known[ByteKey(node.path)] = []
      unread.append(node)
    }
    guard !unread.isEmpty else { return }
    let paths = unread.map(\.path)
    for scope in [EdgeQuery.Scope.leaving(paths), .entering(paths)] {
      requests += 1
      let keys = try await graph.store.edges(EdgeQuery(scope, includesValues: true))
      for (index, key) in keys.enumerated() {
        guard let edge = edge(key.key, keys.values[index]) else { continue }
        if case .entering = scope, edge.from === edge.to { continue }
        known[ByteKey(unread[key.node].path)]?.append(edge)
      }
    }
  }
}

import KV
import KVGraph

extension QueryGraph {
  /// Makes a node; its first label is its type.
  func create(labels: [String], properties: Value.Members, at place: Place) async throws -> QueryNode {
    try Self.checkNoLabels(properties, at: place)
    var properties = properties.withoutNulls
    let type = labels.first ?? "Node"
    let id: String
    let isNamed = properties["id"] != nil
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
    // Nobody else has a new id.
    if isNamed, try await exists(reference) {
      throw place.error("the node \(reference) is there already", code: .conflict)
    }
    let node = node(reference)
    if node.isDeleted {
      // In the place of one that was deleted it is written over that one's record.
      try await load([node])
      node.read(nil)
    } else if isNamed {
      // Of no node, as `kv put` writes it, and not to be lost.
      try await load([node])
      if node.version != nil {
        throw place.error("the record \(JSON(reference.entityKey)) is there already", code: .conflict)
      }
    }
    if !node.isNew {
      node.order = newNodes.count
      newNodes.append(node)
    }
    (node.isNew, node.deletedAt, node.isChanged) = (true, nil, true)
    node.properties = properties
    node.furtherLabels = labels.count > 1 ? labels : []
    noteLabels(of: node)
    noteAttributes(of: node)
    return node
  }

  /// Refuses what would read as labels.
  static func checkNoLabels(_ properties: Value.Members, at place: Place) throws {
    guard properties["@labels"] != nil else { return }
    throw place.error("labels are set as in SET n:A, and not as the attribute @labels")
  }

  /// Short, and unique among writers.
  static func newID() -> String {
    let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")
    var random = UInt64.random(in: .min ... .max)
    var id = ""
    for _ in 0..<12 {
      id.append(letters[Int(random & 31)])
      random >>= 5
    }
    return id
  }

  func create(from: QueryNode, to: QueryNode, type: String, properties: Value.Members, at place: Place)
    async throws
    -> QueryEdge
  {
    try await readAll(at: [from, to])
    let isDirected = !undirected.contains(type)
    let (first, last) = !isDirected && to.path < from.path ? (to, from) : (from, to)
    let beside = edges(between: first, last).filter {
      $0.from === first && $0.to === last && $0.type.hasSameBytes(as: type) && !$0.isDeleted
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
      from: first, to: last, type: type, label: edge.keyLabel, isDirected: isDirected)
    made.properties = properties.withoutNulls
    // In the place of one that was deleted it is written over that one's record.
    let old = edges[ByteKey(made.key)].map { !$0.isNew && $0.isDeleted } ?? false
    (made.isNew, made.isChanged) = (!old, true)
    add(made)
    edges[ByteKey(made.key)] = made
    return made
  }

  /// Deletes a node, whose edges are to be gone when the query ends.
  func delete(_ node: QueryNode, isDetaching: Bool, at place: Place) async throws {
    if isDetaching {
      for step in try await steps(at: [node], .any, types: [], withData: false)[0] {
        step.edge.isDeleted = true
      }
    }
    node.deletedAt = place
  }

  /// What was written, as mutations of one transaction, with what they expect to be as it was read.
  /// - Throws: ``RepeatableConflict`` where that is known not to be so.
  func mutations() async throws -> [Mutation] {
    let removed = edges.inOrder { $0.isDeleted && !$0.isNew }
    let changed = edges.inOrder { $0.isChanged && !$0.isDeleted }
    // What is written was found by what was read, or made of it.
    let expectations: [ByteKey: Expectation]
    do {
      expectations = try await graph.expectations(
        ofEdges: (removed + changed).filter(\.isRead).map { ($0.key, $0.data) })
    } catch let error as KVError where error.code == .conflict {
      throw RepeatableConflict(conflict: error)
    }
    var mutations = removed.compactMap { edge in
      expectations[ByteKey(edge.key)].map { Mutation.expect(key: edge.key, $0) }
    }
    mutations += try await graph.mutations(removing: removed.map(\.stored))
    let deleted = nodes.inOrder { $0.isDeleted && (!$0.isNew || $0.version != nil) }
    try await load(deleted)
    for (node, steps) in zip(deleted, try await steps(at: deleted, .any, types: [], withData: false)) {
      if let step = steps.first {
        throw hasEdge(node, step.edge)
      }
      // A node that is there by its edges alone has no record, and what stands under its key is another's.
      if let version = node.version {
        let key = node.reference.entityKey
        mutations += [.expect(key: key, .version(version)), .delete(key: key)]
      }
    }
    let ends = changed.flatMap { [$0.from, $0.to] }.filter { !$0.isNew && !$0.isChanged }
    try await load(ends)
    var required: Set<ObjectIdentifier> = []
    for node in ends where node.version != nil && required.insert(ObjectIdentifier(node)).inserted {
      mutations.append(.expect(key: node.reference.entityKey, .present))
    }
    for node in newNodes where !node.isDeleted {
      for step in try await steps(at: [node], .any, types: [], withData: false)[0] where step.node.isDeleted {
        throw hasEdge(step.node, step.edge)
      }
    }
    var owners: [ByteKey: NodeReference] = [:]
    for node in nodes.inOrder(where: { $0.isChanged && !$0.isDeleted }) {
      let key = node.reference.entityKey
      let stored = node.recordOwner.flatMap { self.node($0).isDeleted ? nil : $0 }
      if let owner = stored ?? owners.updateValue(node.reference, forKey: ByteKey(key)) {
        throw KVError(.conflict, "the record \(JSON(key)) is of the node \(owner)")
      }
      mutations.append(
        .put(
          key: key, value: try Self.record(of: node), type: node.reference.type,
          expecting: node.version.map { .version($0) } ?? .absent))
    }
    let written = try changed.map { edge in
      var stored = edge.stored
      let properties = edge.properties ?? [:]
      stored.data =
        properties.isEmpty ? nil : try Self.json(properties, before: edge.data, "the edge \(edge.arrow)")
      return (edge: stored, expecting: edge.isNew ? .absent : expectations[ByteKey(edge.key)] ?? .any)
    }
    mutations += try await graph.mutations(adding: written).flatMap(\.mutations)
    if !deleted.isEmpty { mutations.append(.expectNoEdges(at: deleted.map(\.path))) }
    return mutations
  }

  private func hasEdge(_ node: QueryNode, _ edge: QueryEdge) -> KVError {
    let message = "the node \(node.reference) has an edge, \(edge.arrow); DETACH DELETE deletes both"
    return node.deletedAt?.error(message) ?? KVError(.invalidData, message)
  }

  static func record(of node: QueryNode) throws -> JSON {
    var properties = node.properties
    if node.furtherLabels.count > 1
      || node.furtherLabels.first.map({ !$0.hasSameBytes(as: node.reference.type) }) == true
    {
      properties["@labels"] = .list(node.furtherLabels.map { .string($0) })
    }
    return try json(properties, before: node.record, "the node \(node.reference)")
  }

  /// Properties as data: what has not changed stays to the letter and in its place, and what is new follows by name.
  /// - Parameter before: the data as it was read.
  private static func json(_ properties: Value.Members, before: JSON?, _ owner: String) throws -> JSON {
    func text(_ name: String, _ value: Value) throws -> JSON {
      guard let json = value.storedJSON else {
        throw KVError(.invalidData, "\(owner): \(value.kind) cannot be stored as \(JSON(name))")
      }
      return json
    }
    var rest = properties
    var members: [(String, JSON)] = []
    for (name, old) in before?.members ?? [] {
      guard let value = rest.remove(name) else { continue }
      let read = Value(old)
      // What a query cannot write it has not changed, such as a number that is too large for it.
      if read.plainJSON == nil, value.plainJSON == nil {
        members.append((name, old))
        continue
      }
      let new = try text(name, value)
      members.append((name, read.storedJSON == new ? old : new))
    }
    for (name, value) in rest {
      members.append((name, try text(name, value)))
    }
    return JSON(members: members)
  }
}

extension Dictionary where Key == ByteKey {
  /// Those for which something holds, by their keys.
  fileprivate func inOrder(where isWanted: (Value) -> Bool) -> [Value] {
    filter { isWanted($0.value) }.sorted { $0.key < $1.key }.map(\.value)
  }
}

import KV

extension Graph {
  /// Deletes a node's edges, and its record, in one transaction. Throws not found where it is not there.
  /// - Parameters:
  ///   - node: the node as it is called now.
  ///   - keepingRecord: whether the record stays.
  ///   - rehearsing: whether all is counted and nothing deleted.
  /// - Returns: how many edges it had, and whether it had a record.
  public func remove(
    _ node: NodeReference, keepingRecord: Bool = false, rehearsing: Bool = false
  ) async throws -> (edges: Int, hadRecord: Bool) {
    try await require(node)
    let edges = try await edges(at: node)
    let record = try await record(of: node)
    var mutations = edges.map { Mutation.delete(key: $0.key) }
    if try await store.keepsEdgeIndexRecords {
      mutations += edges.flatMap { IndexRecord.both(of: $0) }.map { .delete(key: $0.key) }
    }
    if let record, !keepingRecord { mutations.append(.delete(key: record.key)) }
    if !rehearsing, !mutations.isEmpty { _ = try await store.mutate(mutations) }
    return (edges.count, record != nil)
  }

  /// Gives a node another name: its record, and all its edges, in one transaction. Throws not found where it is not there, and a
  /// conflict where the new one is, or where somebody else changes at the same time what is written anew.
  /// - Returns: how many edges were written anew.
  public func rename(_ node: NodeReference, to new: NodeReference) async throws -> Int {
    try new.validate()
    try await require(node)
    if node == new { return 0 }
    if try await self.node(new) != nil { throw KVError(.conflict, "the node \(new) is there already") }
    let undirected = try await undirectedTypes
    let keepsIndexRecords = try await store.keepsEdgeIndexRecords
    let edges = try await edges(at: node)
    let record = try await record(of: node)
    var mutations: [Mutation] = []
    let expectations = try await expectations(ofEdges: edges.map { ($0.key, $0.data) })
    for edge in edges {
      mutations += [
        .expect(key: edge.key, expectations[ByteKey(edge.key)] ?? .present), .delete(key: edge.key),
      ]
    }
    var indexRecords: [NewRecord] = []
    var keys: Set<String> = []
    if let record {
      try new.validateKey()
      let isSameKey = record.key.hasSameBytes(as: new.entityKey)
      if !isSameKey {
        mutations += [.expect(key: record.key, .version(record.version)), .delete(key: record.key)]
      }
      mutations.append(
        .put(
          key: new.entityKey, value: record.value, type: new.type,
          expecting: isSameKey ? .version(record.version) : .absent))
    }
    for edge in edges {
      var renamed = edge
      if edge.from == node { renamed.from = new }
      if edge.to == node { renamed.to = new }
      renamed = undirected.canonical(renamed)
      guard keys.insert(renamed.key).inserted else {
        throw KVError(.conflict, "two edges \(renamed) would be one", reason: .edgeIsTurned, key: renamed.key)
      }
      mutations.append(
        .put(key: renamed.key, value: renamed.json, type: Edge.recordType, expecting: .absent))
      if keepsIndexRecords { indexRecords += IndexRecord.both(of: renamed) }
    }
    if keepsIndexRecords {
      mutations += edges.flatMap { IndexRecord.both(of: $0) }.map { .delete(key: $0.key) }
      mutations += indexRecords.map(\.put)
    }
    _ = try await store.mutate(mutations)
    return edges.count
  }

  /// Gives the objects under `<type lowercased>/`, as `kv put` has written them, the type, so that each declares a node.
  /// - Parameter type: the type that the records are to have.
  /// - Parameter rehearsing: whether they are counted and left.
  /// - Returns: how many.
  public func adopt(_ type: String, rehearsing: Bool = false) async throws -> Int {
    let example = NodeReference(type: type, id: "-")
    try example.validate()
    try example.validateKey()
    var mutations: [Mutation] = []
    var count = 0
    for try await record in store.sequence(of: .prefix(type.lowercased() + "/")) {
      var adopted = record
      adopted.type = type
      guard record.type == "json", record.value.kind == .object, NodeReference(adopted) != nil else {
        continue
      }
      count += 1
      mutations.append(
        .put(key: record.key, value: record.value, type: type, expecting: .version(record.version)))
      if !rehearsing, mutations.count == pageSize {
        _ = try await store.mutate(mutations)
        mutations = []
      }
    }
    if !rehearsing, !mutations.isEmpty { _ = try await store.mutate(mutations) }
    return count
  }

  /// The edges that touch a node, each once.
  private func edges(at node: NodeReference) async throws -> [Edge] {
    var edges: [Edge] = []
    for try await edge in try await outgoing(of: node) where edge.from == node { edges.append(edge) }
    for try await edge in try await incoming(of: node) where edge.to == node && edge.from != node {
      edges.append(edge)
    }
    return edges
  }

  /// The record that describes the node.
  private func record(of node: NodeReference) async throws -> Record? {
    guard let record = try await store.get(node.entityKey), !node.hasReservedKey,
      NodeReference(record).map({ $0 == node }) ?? true
    else { return nil }
    return record
  }
}

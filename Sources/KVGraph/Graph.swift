import KV

/// A property graph: every edge is one record of the store, under a key that says what it connects.
///
///     let graph = Graph(store)
///     try await graph.add(Edge(from: alice, to: bob, type: "follows"))
///     let path = try await graph.shortestPath(from: alice, to: post)
public struct Graph: Sendable {
  public let store: any GraphStore

  public init(_ store: any GraphStore) { self.store = store }

  /// Stores the edge. Throws a conflict where it exists, unless `replacing`.
  public func add(_ edge: Edge, replacing: Bool = false) async throws {
    try edge.validate()
    var mutations: [Mutation] = [
      .put(key: edge.key, value: edge.json, type: "Edge", expecting: replacing ? .any : .absent)
    ]
    if try await keepsIndexRecords {
      mutations += IndexRecord.both(of: edge).map { .put(key: $0.key, value: $0.value, type: $0.type) }
    }
    do {
      _ = try await store.mutate(mutations)
    } catch let error as KVError where error.code == .conflict {
      throw KVError(.conflict, "the edge \(edge) exists already; use --replace to write it anew")
    }
  }

  /// Deletes the edge. Throws not found where there is none.
  public func remove(_ edge: Edge) async throws {
    var mutations: [Mutation] = [.delete(key: edge.key)]
    if try await keepsIndexRecords { mutations += IndexRecord.both(of: edge).map { .delete(key: $0.key) } }
    guard try await store.mutate(mutations).first == .deleted(count: 1) else {
      throw KVError(.notFound, "no edge \(edge)")
    }
  }

  /// The stored edge between the nodes, with its data.
  public func edge(from: NodeReference, to: NodeReference, type: String) async throws -> Edge? {
    try await store.get(Edge(from: from, to: to, type: type).key).map(Edge.init)
  }

  /// Whether a-h/kv has stored its own index records here, so that both programs have to go on writing them.
  var keepsIndexRecords: Bool {
    get async throws {
      try await !store.records(.type(IndexRecord.type), page: Page(limit: 1)).isEmpty
    }
  }
}

/// The two records by which a-h/kv finds the edges of a node.
enum IndexRecord {
  static let type = "EdgeRef"
  static let prefix = "graph/node/"

  static func both(of edge: Edge) -> [NewRecord] {
    let edgeType = KeyPart.escape(edge.type)
    return [(edge.from, "outgoing", edge.to), (edge.to, "incoming", edge.from)].map {
      node, direction, other in
      NewRecord(
        key: "\(prefix)\(node.path)/\(direction)/\(edgeType)/\(other.path)",
        value: JSON(members: [("edgeType", JSON(edge.type)), ("node", JSON(other))]), type: type)
    }
  }

  /// The key of the edge that an index record's key is of.
  static func edgeKey(of key: String) -> String? {
    let parts = key.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    let (node, other) = ("\(parts[0])/\(parts[1])", "\(parts[4])/\(parts[5])")
    switch parts[2] {
    case "outgoing": return EdgeKey(from: node, type: String(parts[3]), to: other).text
    case "incoming": return EdgeKey(from: other, type: String(parts[3]), to: node).text
    default: return nil
    }
  }
}

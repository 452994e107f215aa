import KV

/// A property graph: every edge is one record of the store, under a key that says what it connects; a node is there where an edge
/// touches it, or a record of its type describes it.
///
///     let graph = Graph(store)
///     try await graph.add(Edge(from: alice, to: bob, type: "follows"))
///     let path = try await graph.shortestPath(from: alice, to: post)
public struct Graph: Sendable {
  /// The store that holds the records of the edges and nodes.
  public let store: any GraphStore

  /// Where the whole graph is kept in a file, which ``Adjacency`` is read from then; `nil` for nowhere.
  public let snapshot: GraphSnapshot?

  /// The graph in a store. Makes no request.
  public init(_ store: any GraphStore, snapshot: GraphSnapshot? = nil) {
    (self.store, self.snapshot) = (store, snapshot)
  }
}

/// The two records by which a-h/kv finds the edges of a node.
enum IndexRecord {
  static let type = "EdgeRef"
  static let prefix = "graph/node/"

  /// It knows no parallel edges: those of a kind between the same nodes share theirs.
  static func both(of edge: Edge) -> [NewRecord] {
    let edgeType = KeyPart.escape(edge.type)
    return [(edge.from, "outgoing", edge.to), (edge.to, "incoming", edge.from)].map {
      node, direction, other in
      NewRecord(
        key: "\(prefix)\(node.path)/\(direction)/\(edgeType)/\(other.path)",
        value: JSON(members: [("edgeType", JSON(edge.type)), ("node", JSON(other))]), type: type)
    }
  }

  /// The key that an edge has of which an index record is, and which begins those of its parallel edges.
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

extension NewRecord {
  /// Writes it, whatever is there.
  var put: Mutation { .put(key: key, value: value, type: type) }
}

import KV

/// A set of types of edges that lead both ways, compared byte by byte.
public struct UndirectedTypes: Sendable, Equatable {
  /// As in keys: ASCII, so that equal texts are equal bytes.
  private var paths: Set<String> = []

  /// The set of these types; empty by default.
  public init(_ types: some Sequence<String> = []) { paths = Set(types.map(KeyPart.escape)) }

  /// Whether the set holds no type.
  public var isEmpty: Bool { paths.isEmpty }

  /// Whether the set holds the type: its edges lead both ways.
  public func contains(_ type: String) -> Bool { !paths.isEmpty && contains(path: KeyPart.escape(type)) }

  func contains(path: String) -> Bool { paths.contains(path) }

  mutating func insert(_ type: String) { paths.insert(KeyPart.escape(type)) }

  /// The edge as it is stored.
  func canonical(_ edge: Edge) -> Edge { contains(edge.type) ? edge.undirected : edge }
}

/// The record that says how the edges of a type lead: `graph/type/<type>`, `{"directed":false}`.
enum EdgeTypeRecord {
  static let prefix = "graph/type/"
  static let type = "EdgeType"
  static let value = JSON(members: [("directed", JSON(false))])

  static func key(of type: String) -> String { prefix + KeyPart.escape(type) }

  /// The type that a record says is undirected.
  static func undirectedType(_ record: Record) -> String? {
    guard record.value["directed"] == JSON(false) else { return nil }
    return KeyPart.unescapeCanonical(String(record.key.dropFirst(prefix.count)))
  }
}

extension Graph {
  /// The types whose edges lead both ways. Cost: a range read of their records, one for each undirected type.
  public var undirectedTypes: UndirectedTypes {
    get async throws { UndirectedTypes(try await undirectedTypeNames) }
  }

  /// The names of the types whose edges lead both ways, in key order. Cost: as ``undirectedTypes``.
  package var undirectedTypeNames: [String] {
    get async throws {
      var types: [String] = []
      for try await record in store.sequence(of: .prefix(EdgeTypeRecord.prefix)) {
        if let type = EdgeTypeRecord.undirectedType(record) { types.append(type) }
      }
      return types
    }
  }

  /// Makes a type of edges directed or undirected, in one transaction. Where it becomes undirected, the edges that are stored from the
  /// other end are written the other way round; where it becomes directed, edges stay as they are stored.
  ///
  /// Throws usage where the type is empty or `*`, and a conflict where two edges become one that differ in their data. Cost: for
  /// undirected a read of all edges, with their data, and of one record for each edge to be turned.
  /// - Returns: how many edges were written the other way round, and how many became one with another.
  @discardableResult
  public func setDirected(_ isDirected: Bool, edgeType type: String) async throws -> (
    turned: Int, merged: Int
  ) {
    if type.isEmpty || type == "*" { throw KVError(.usage, "\(JSON(type)) is no type of edges") }
    let key = EdgeTypeRecord.key(of: type)
    if isDirected {
      _ = try await store.mutate([.delete(key: key)])
      return (0, 0)
    }
    var mutations: [Mutation] = [.put(key: key, value: EdgeTypeRecord.value, type: EdgeTypeRecord.type)]
    var (turned, merged) = (0, 0)
    let keepsIndexRecords = try await store.keepsEdgeIndexRecords
    for try await edge in edges() where edge.type.hasSameBytes(as: type) {
      let stored = edge.undirected
      if stored == edge { continue }
      mutations.append(.delete(key: edge.key))
      if keepsIndexRecords { mutations += IndexRecord.both(of: edge).map { .delete(key: $0.key) } }
      if let other = try await store.get(stored.key).map(Edge.init) {
        guard other.data == edge.data else {
          throw KVError(
            .conflict, "\(edge) and \(other) would be one edge, and differ; remove one, or give one a key")
        }
        merged += 1
      } else {
        turned += 1
        mutations.append(.put(key: stored.key, value: stored.json, type: Edge.recordType, expecting: .absent))
        if keepsIndexRecords { mutations += IndexRecord.both(of: stored).map(\.put) }
      }
    }
    _ = try await store.mutate(mutations)
    return (turned, merged)
  }
}

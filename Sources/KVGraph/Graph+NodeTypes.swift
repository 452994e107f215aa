import KV

extension Graph {
  /// The types that nodes have, by their bytes: of those with a record, and of those that an edge leaves or enters. Cost: one look into an
  /// index for each.
  /// - Parameter limit: how many types are looked for among each of these at most; at least 1.
  public func nodeTypes(limit: Int = 1000) async throws -> [String] {
    let limit = max(limit, 1)
    var parts: Set<String> = []
    // After all nodes of a type, for 0 follows the slash.
    var after = EdgeKey.prefix
    for _ in 0..<limit {
      guard let key = try await store.edges(EdgeQuery(.all, after: after, limit: 1)).first?.key else { break }
      let part = key.dropFirst(EdgeKey.prefix.count).prefix { $0 != "/" }
      parts.insert(String(part))
      after = EdgeKey.prefix + part + "0"
    }
    var start = ""
    for _ in 0..<limit {
      guard let target = try await store.firstTarget(from: start) else { break }
      let part = target.prefix { $0 != "/" }
      parts.insert(String(part))
      start = part + "0"
    }
    var recorded = try await recordedTypes
    if let place = recorded.firstIndex(of: EdgeTypeRecord.type) {
      // What says that a type of edges is undirected comes behind what could be nodes of that name.
      let first = try await store.keys(.type(EdgeTypeRecord.type), after: nil, limit: 1).first?.key ?? ""
      if NodeReference(type: EdgeTypeRecord.type, at: first) == nil { recorded.remove(at: place) }
    }
    let named = Set((parts.compactMap { String(percentDecoding: $0) } + recorded).map { ByteKey($0) })
    return named.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

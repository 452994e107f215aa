import KV

extension Graph {
  /// Those of the types that no edge is of, each with up to three types that there are and that are written most like it. Empty where
  /// that cannot be told from the first 200,000 edges. Cost: a read of their keys, up to the last type that is found.
  public func missing(edgeTypes: [String]) async throws -> [(type: String, similar: [String])] {
    var missing = edgeTypes.map(KeyPart.escape)
    var known: Set<String> = []
    var after: String?
    var read = 0
    while !missing.isEmpty {
      let keys = try await store.edges(EdgeQuery(.all, after: after, limit: 20_000))
      for type in keys.lazy.compactMap({ EdgeKey($0.key)?.type }) where known.insert(type).inserted {
        missing.removeAll { $0.hasSameBytes(as: type) }
      }
      guard let last = keys.last else { break }
      after = last.key
      read += keys.count
      if read >= 200_000 { return [] }
    }
    let names = known.compactMap { String(percentDecoding: $0) }
    return missing.compactMap { String(percentDecoding: $0) }.map { type in
      (type, Array(namesByLikeness(to: type, among: names).prefix(3)))
    }
  }
}

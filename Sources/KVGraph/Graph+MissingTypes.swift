import KV

extension Graph {
  /// Those of the types that no edge is of, each with the types that there are, those written most like it first.
  ///
  /// Cost: a look into the snapshot that fits; else a read of the edges' keys, up to the last type that is found or the 200,000th edge.
  /// - Parameters:
  ///   - edgeTypes: what is looked for.
  ///   - isCertain: whether it is known that no edge is of them. Else none are told where that cannot be seen from the edges that are read.
  public func missing(edgeTypes: [String], isCertain: Bool = false) async throws -> [(
    type: String, similar: [String]
  )] {
    let (missing, names): ([String], [String])
    if let adjacency = try await snapshot?.current(self) {
      (missing, names) = (adjacency.missing(edgeTypes: edgeTypes), adjacency.edgeTypes.map(\.text))
    } else {
      (missing, names) = try await unseen(edgeTypes, isCertain: isCertain)
    }
    return missing.map { ($0, namesByLikeness(to: $0, among: names)) }
  }

  /// Those of the types that none of the first edges is of, and the types that these are of.
  private func unseen(_ edgeTypes: [String], isCertain: Bool) async throws -> ([String], among: [String]) {
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
      if read >= 200_000 {
        if !isCertain { missing = [] }
        break
      }
    }
    return (
      missing.compactMap { String(percentDecoding: $0) }, known.compactMap { String(percentDecoding: $0) }
    )
  }
}

import KV

extension Adjacency {
  /// Communities by the Leiden algorithm: sets of nodes with more edges inside than chance would have it, whatever the direction of the edges. Parallel
  /// edges count each, or by their weights where the adjacency was read with them.
  ///
  /// Small graphs are tried several times. The same seed gives the same communities, on every database. Cost: a few passes over all edges for
  /// each round.
  /// - Parameters:
  ///   - resolution: at least 0; above 1 for more and smaller communities, below for fewer and larger ones.
  ///   - rounds: at most so many, fewer where one gains nothing; `nil` for ten, or of more than 200,000 edges until one gains no more than
  ///     0.001 of modularity, of more than 2,000,000 no more than 0.005.
  ///   - seed: of the order in which nodes are looked at.
  /// - Returns: for each of ``nodes`` the number of its community, the largest first, equally large ones by their first nodes; and the
  ///   modularity.
  /// - Throws: invalid data where the weights add up to more than a number can hold; a usage error for a resolution or rounds out of
  ///   their bounds.
  public func communities(resolution: Double = 1, rounds: Int? = nil, seed: UInt64 = 1) throws -> (
    numbers: [Int], modularity: Double
  ) {
    if let rounds, rounds < 0 { throw KVError(.usage, "\(rounds) rounds are negative") }
    guard resolution.isFinite, resolution >= 0 else {
      throw KVError(.usage, "the resolution \(resolution) is not a number of at least 0")
    }
    let network = WeightedNetwork(self)
    _ = try finite(Weight(network.total))
    var leiden = Leiden(resolution: resolution, seed: seed)
    let leastGain = rounds != nil || edgeCount <= 200_000 ? 1e-10 : edgeCount <= 2_000_000 ? 1e-3 : 5e-3
    func partition() -> (parts: [Int32], modularity: Double) {
      leiden.communities(of: network, rounds: rounds ?? 10, leastGain: leastGain)
    }
    var (parts, modularity) = partition()
    for _ in 0..<min(200_000 / max(edgeCount, 1), 9) {
      let other = partition()
      if other.modularity > modularity + 1e-12 { (parts, modularity) = other }
    }
    let count = Leiden.renumber(&parts)
    var sizes = [Int](repeating: 0, count: count)
    for part in parts { sizes[Int(part)] += 1 }
    let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    var places = sizes
    for (place, part) in order.enumerated() { places[part] = place }
    return (parts.map { places[Int($0)] }, modularity)
  }
}

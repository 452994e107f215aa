/// Communities by modularity, after V. A. Traag, L. Waltman and N. J. van Eck, "From Louvain to Leiden", Scientific Reports 9 (2019): nodes move to
/// where they belong best, what has come together is parted again into pieces that hang together, and these pieces go on as nodes.
struct Leiden {
  private let resolution: Double
  private var random: SplitMix

  init(resolution: Double, seed: UInt64) { (self.resolution, random) = (resolution, SplitMix(state: seed)) }

  /// - Parameters:
  ///   - rounds: at most so many, each from where the one before ended.
  ///   - leastGain: the last round is that which gains no more modularity than this.
  /// - Returns: by node, the number of its community; and the modularity.
  mutating func communities(of network: WeightedNetwork, rounds: Int, leastGain: Double) -> (
    parts: [Int32], modularity: Double
  ) {
    var best = Array(0..<Int32(network.count))
    var quality = -Double.infinity
    if network.total == 0 { return (best, network.modularity(of: best, resolution: resolution)) }
    for _ in 0..<rounds {
      let parts = run(network, from: best)
      let reached = network.modularity(of: parts, resolution: resolution)
      let gain = reached - quality
      if gain > 0 { (best, quality) = (parts, reached) }
      if gain <= leastGain { break }
    }
    return (best, quality)
  }

  private mutating func run(_ whole: WeightedNetwork, from start: [Int32]) -> [Int32] {
    var network = whole
    var parts = start
    // By node of the whole network, which node it is now.
    var places = Array(0..<Int32(whole.count))
    while true {
      moveNodes(&parts, network)
      let count = Self.renumber(&parts)
      if count == network.count { break }
      var pieces = refined(parts, network)
      let pieceCount = Self.renumber(&pieces)
      if pieceCount == network.count { break }
      var above = [Int32](repeating: 0, count: pieceCount)
      for node in 0..<network.count { above[Int(pieces[node])] = parts[node] }
      for node in places.indices { places[node] = pieces[Int(places[node])] }
      network = WeightedNetwork(network, by: pieces, count: pieceCount)
      parts = above
    }
    return places.map { parts[Int($0)] }
  }

  /// Numbers without gaps, in the order in which they first come.
  static func renumber(_ parts: inout [Int32]) -> Int {
    var numbers = [Int32](repeating: -1, count: parts.count)
    var count: Int32 = 0
    for node in parts.indices {
      let part = Int(parts[node])
      if numbers[part] < 0 {
        numbers[part] = count
        count += 1
      }
      parts[node] = numbers[part]
    }
    return Int(count)
  }

  private mutating func moveNodes(_ parts: inout [Int32], _ network: WeightedNetwork) {
    var moving = LocalMoving(of: parts, network, resolution: resolution)
    moving.run(shuffled(network.count))
    parts = moving.parts
  }

  /// Each part in pieces of which every one hangs together.
  private mutating func refined(_ parts: [Int32], _ network: WeightedNetwork) -> [Int32] {
    var refinement = Refinement(of: parts, network, resolution: resolution)
    refinement.run(shuffled(network.count))
    return refinement.pieces
  }

  private mutating func shuffled(_ count: Int) -> [Int32] { (0..<Int32(count)).shuffled(using: &random) }
}

/// The same numbers for the same seed on every machine (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// What weighs the communities around nodes: a core's own.
///
/// In memory of its own, for what an array of a class costs at each write is as much as the work is.
final class CommunityScales {
  /// By community, what the edges that lead to it weigh; 0 between two nodes.
  private let sums: UnsafeMutableBufferPointer<Double>
  /// The communities that ``weigh(_:_:)`` has found, and the strengths of these.
  let found: UnsafeMutableBufferPointer<Int32>
  let foundStrengths: UnsafeMutableBufferPointer<Double>
  /// Of the arcs that are loaded, to which communities they lead, and what they weigh.
  private let parts: UnsafeMutableBufferPointer<Int32>
  private let weights: UnsafeMutableBufferPointer<Double>
  /// How many arcs are loaded.
  private(set) var count = 0

  init(_ network: WeightedNetwork) {
    let most = (0..<Int32(network.count)).reduce(0) { max($0, network.arcs(at: $1).count) }
    sums = Self.zeros(network.count)
    found = Self.zeros(most)
    foundStrengths = Self.zeros(most)
    // Of any node all.
    parts = Self.zeros(max(most, 4096))
    weights = Self.zeros(max(most, 4096))
  }

  deinit {
    sums.deallocate()
    found.deallocate()
    foundStrengths.deallocate()
    parts.deallocate()
    weights.deallocate()
  }

  private static func zeros<Number: Numeric>(_ count: Int) -> UnsafeMutableBufferPointer<Number> {
    let buffer = UnsafeMutableBufferPointer<Number>.allocate(capacity: count)
    buffer.initialize(repeating: 0)
    return buffer
  }

  func clear() { count = 0 }

  /// Looks up to which communities arcs lead.
  /// - Parameter communities: by node.
  /// - Returns: false where there is no room for them beside those that are loaded.
  func load(_ arcs: Range<Int>, _ network: WeightedNetwork, _ communities: [Int32]) -> Bool {
    if count + arcs.count > parts.count { return false }
    var count = count
    for arc in arcs {
      parts[count] = communities[Int(network.neighbors[arc])]
      weights[count] = network.weights[arc]
      count += 1
    }
    self.count = count
    return true
  }

  /// Adds up what the arcs at some places weigh, by their communities.
  /// - Parameter strengths: by community.
  /// - Returns: how many communities are found. The sum of each is taken by ``take(_:)``.
  func weigh(_ places: Range<Int>, _ strengths: [Double]) -> Int {
    var count = 0
    for place in places {
      let part = parts[place]
      let sum = sums[Int(part)]
      // Without a branch, which nobody could foresee.
      found[count] = part
      foundStrengths[count] = strengths[Int(part)]
      count += sum == 0 ? 1 : 0
      sums[Int(part)] = sum + weights[place]
    }
    return count
  }

  /// What was added up of a community, which is 0 again then.
  func take(_ community: Int32) -> Double {
    defer { sums[Int(community)] = 0 }
    return sums[Int(community)]
  }
}

extension Adjacency {
  /// For each of ``nodes`` its ``Centrality/betweenness``, by walks from some of them. Loops do not count.
  func betweenness(
    from starts: [Int32], _ direction: EdgeDirection, _ progress: (Int) -> Void
  ) throws -> [Double] {
    let lists = SimpleLists(arcLists(direction), keepsLoops: false)
    var scores = [Double](repeating: 0, count: nodeCount)
    // As many on any machine: a sum depends on which parts are added.
    let size = min(max(starts.count / 16, 16), 256)
    try Concurrently.map(
      partsOf: starts.count, of: size, steps: lists.nodes.count * starts.count, progress: progress
    ) { part, isCancelled in
      var walk = BetweennessWalk(lists)
      for start in starts[part] where !isCancelled() { walk.run(from: start) }
      return walk.scores
    } take: { part in
      for node in scores.indices { scores[node] += part[node] }
    }
    let pairs = Double(nodeCount - 1) * Double(nodeCount - 2) * Double(starts.count) / Double(nodeCount)
    return pairs > 0 ? scores.map { $0 / pairs } : scores
  }
}

/// Walks that add up for each node the share of shortest paths that lead through it (U. Brandes, "A faster algorithm for betweenness
/// centrality", 2001).
private struct BetweennessWalk {
  private let lists: SimpleLists
  private var walk: LevelWalk
  /// By node, how many shortest paths lead to it, and of those to nodes behind it the share that leads through it.
  private var ways: [Double]
  private var dependency: [Double]
  /// By node, the sum over all walks.
  private(set) var scores: [Double]

  init(_ lists: SimpleLists) {
    self.lists = lists
    walk = LevelWalk(lists.count)
    ways = [Double](repeating: 0, count: lists.count)
    (dependency, scores) = (ways, ways)
  }

  mutating func run(from start: Int32) {
    walk.run(from: start, lists.offsets, lists.nodes) { _, _ in }
    Self.countWays(lists, walk, &ways)
    let exponents = walk.order.contains { ways[Int($0)] > 0x1p1000 } ? countManyWays() : nil
    Self.addUp(lists, walk, ways, exponents, &dependency, &scores)
  }

  private static func countWays(_ lists: SimpleLists, _ walk: LevelWalk, _ ways: inout [Double]) {
    let (offsets, nodes, distance) = (lists.offsets.span, lists.nodes.span, walk.distance.span)
    var ways = ways.mutableSpan
    for node in walk.order { ways[Int(node)] = distance[Int(node)] == 0 ? 1 : 0 }
    for node in walk.order.lazy.map({ Int($0) }) {
      for place in Int(offsets[node])..<Int(offsets[node + 1]) {
        let target = Int(nodes[place])
        if distance[target] == distance[node] + 1 { ways[target] += ways[node] }
      }
    }
  }

  /// Counts anew, where the counts are more than a `Double` holds: between 1/2 and 1 then.
  /// - Returns: the powers of 2 that they are to be taken times.
  private mutating func countManyWays() -> [Int32] {
    var exponents = [Int32](repeating: 0, count: lists.count)
    for node in walk.order { ways[Int(node)] = 0 }
    if let start = walk.order.first { ways[Int(start)] = 1 }
    for node in walk.order {
      for target in lists.neighbors(of: node).lazy.map({ Int($0) }) {
        let node = Int(node)
        guard walk.distance[target] == walk.distance[node] + 1 else { continue }
        if ways[target] == 0 { exponents[target] = exponents[node] }
        // In the larger one's powers, beside which the smaller may be nothing.
        let larger = max(exponents[target], exponents[node])
        let sum =
          ways[target] * Double(sign: .plus, exponent: Int(exponents[target] - larger), significand: 1)
          + ways[node] * Double(sign: .plus, exponent: Int(exponents[node] - larger), significand: 1)
        exponents[target] = larger + Int32(sum.exponent) + 1
        ways[target] = sum.significand / 2
      }
    }
    return exponents
  }

  /// From the farthest nodes back to the start.
  /// - Parameter exponents: by node, of ``ways``, where they have some.
  private static func addUp(
    _ lists: SimpleLists, _ walk: LevelWalk, _ ways: [Double], _ exponents: [Int32]?,
    _ dependency: inout [Double], _ scores: inout [Double]
  ) {
    let (offsets, nodes, distance) = (lists.offsets.span, lists.nodes.span, walk.distance.span)
    let ways = ways.span
    var dependency = dependency.mutableSpan
    var scores = scores.mutableSpan
    for node in walk.order.reversed().lazy.map({ Int($0) }) {
      var sum = 0.0
      for place in Int(offsets[node])..<Int(offsets[node + 1]) {
        let target = Int(nodes[place])
        guard distance[target] == distance[node] + 1 else { continue }
        var share = ways[node] / ways[target]
        if let exponents {
          share *= Double(sign: .plus, exponent: Int(exponents[node] - exponents[target]), significand: 1)
        }
        sum += share * (1 + dependency[target])
      }
      dependency[node] = sum
      if distance[node] > 0 { scores[node] += sum }
    }
  }
}

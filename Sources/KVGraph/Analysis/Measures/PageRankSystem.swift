/// PageRank as a system of linear equations: a node has 1, and of each node from which an edge leads to it the damped share. What is lost at
/// nodes without edges is for everybody, so that in the end all is scaled to add up to 1 (P. Berkhin, "A survey on PageRank computing", 2005).
///
/// Nodes that no circle leads to are known once those before them are, and nodes that lead to no circle can wait; only what is between is
/// found by repetition, each node with the latest of the others (Gauss and Seidel).
struct PageRankSystem {
  private let damping: Double
  /// By node, where edges come from; an edge that comes twice counts twice.
  private let offsets: [Int32]
  private let sources: [Int32]
  /// By node, the damped part of what it has that goes along each of its edges.
  private var shares: [Double]
  private var values: [Double]
  private let degrees: [Int32]
  private var order = Order()

  /// The nodes, in the order in which they are found.
  private struct Order {
    var first: [Int32] = []
    var circles: [Int32] = []
    var last: [Int32] = []
  }

  /// - Parameters:
  ///   - offsets: the nodes that edges from node `n` lead to are those from `offsets[n]` to `offsets[n + 1]`.
  ///   - damping: below 1.
  init(offsets leaving: [Int32], targets: [Int32], damping: Double) {
    let count = leaving.count - 1
    self.damping = damping
    degrees = (0..<count).map { leaving[$0 + 1] - leaving[$0] }
    var offsets = [Int32](repeating: 0, count: count + 1)
    for target in targets { offsets[Int(target) + 1] += 1 }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var sources = [Int32](repeating: 0, count: targets.count)
    for node in 0..<count {
      for arc in Int(leaving[node])..<Int(leaving[node + 1]) {
        let target = Int(targets[arc])
        sources[Int(next[target])] = Int32(node)
        next[target] += 1
      }
    }
    (self.offsets, self.sources) = (offsets, sources)
    values = Array(repeating: 1, count: count)
    shares = degrees.map { $0 > 0 ? damping / Double($0) : 0 }
    sort(leaving, targets)
  }

  /// Takes off what no edge leads to, again and again, and of the rest what leads nowhere.
  private mutating func sort(_ leaving: [Int32], _ targets: [Int32]) {
    let count = degrees.count
    var isDone = [Bool](repeating: false, count: count)
    var entering = (0..<count).map { offsets[$0 + 1] - offsets[$0] }
    order.first = (0..<Int32(count)).filter { entering[Int($0)] == 0 }
    var index = 0
    while index < order.first.count {
      let node = Int(order.first[index])
      index += 1
      isDone[node] = true
      for arc in Int(leaving[node])..<Int(leaving[node + 1]) {
        let target = Int(targets[arc])
        entering[target] -= 1
        if entering[target] == 0 { order.first.append(Int32(target)) }
      }
    }
    var open = [Int32](repeating: 0, count: count)
    for node in 0..<count where !isDone[node] {
      for arc in Int(leaving[node])..<Int(leaving[node + 1]) where !isDone[Int(targets[arc])] {
        open[node] += 1
      }
    }
    order.last = (0..<Int32(count)).filter { !isDone[Int($0)] && open[Int($0)] == 0 }
    index = 0
    while index < order.last.count {
      let node = Int(order.last[index])
      index += 1
      isDone[node] = true
      for place in Int(offsets[node])..<Int(offsets[node + 1]) {
        let source = Int(sources[place])
        guard !isDone[source] else { continue }
        open[source] -= 1
        if open[source] == 0 { order.last.append(Int32(source)) }
      }
    }
    order.last.reverse()
    order.circles = (0..<Int32(count)).filter { !isDone[Int($0)] }
  }

  /// - Parameter tolerance: the repetition ends where all changes together are smaller, of what adds up to 1.
  mutating func solve(tolerance: Double) -> [Double] {
    _ = sweep(order.first)
    // Each round takes at least a hundredth off the changes: after so many there is nothing left that a double could tell.
    for _ in 0..<4000 {
      let moved = sweep(order.circles)
      if moved == 0 || moved < tolerance * values.reduce(0, +) { break }
    }
    _ = sweep(order.last)
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// - Returns: how much the values have changed, all together.
  private mutating func sweep(_ nodes: [Int32]) -> Double {
    var moved = 0.0
    values.withUnsafeMutableBufferPointer { values in
      shares.withUnsafeMutableBufferPointer { shares in
        sources.withUnsafeBufferPointer { sources in
          for node in nodes {
            let node = Int(node)
            var value = 1.0
            for place in Int(offsets[node])..<Int(offsets[node + 1]) { value += shares[Int(sources[place])] }
            moved += abs(value - values[node])
            values[node] = value
            if degrees[node] > 0 { shares[node] = damping * value / Double(degrees[node]) }
          }
        }
      }
    }
    return moved
  }
}

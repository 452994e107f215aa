/// How nodes are ranked.
public enum Centrality: String, Sendable, CaseIterable {
  /// PageRank with damping 0.85: the probability that a random walk along edges is at the node. The scores add up to 1. Each of
  /// several parallel edges counts.
  case pagerank
  /// How many edges touch the node. An edge from a node to itself counts twice.
  case degree
  /// How many edges enter the node. An undirected edge enters both its ends.
  case inDegree = "in-degree"
  /// How many edges leave the node. An undirected edge leaves both its ends.
  case outDegree = "out-degree"
  /// Closeness of the nodes from which the node can be reached: the inverse of their mean distance in edges, times their share of
  /// all other nodes; 0 where there are none.
  case closeness
  /// The share of shortest paths that lead through the node, averaged over all ordered pairs of other nodes. A pair without a
  /// path counts as 0, and parallel edges count as one.
  case betweenness
}

/// A node and its score.
public struct Rank: Sendable, Equatable {
  /// The node that is ranked.
  public var node: NodeReference
  /// Its score by the ``Centrality`` that was asked for; higher is more central.
  public var score: Double
}

extension Adjacency {
  /// The nodes with the highest scores, the highest first, equal ones in key order.
  ///
  /// Cost: `pagerank` passes over all edges until the scores settle, at most some 130 times; `closeness` and `betweenness` once for
  /// each node that they walk from.
  /// - Parameters:
  ///   - centrality: what a node is scored by.
  ///   - top: how many nodes at most; at least 0.
  ///   - sample: from how many nodes `closeness` and `betweenness` walk, at least 1, evenly chosen by their keys, so that the same
  ///     graph gives the same estimate; `nil` for all nodes, which gives the exact scores.
  ///   - progress: told before each walk of `closeness` and `betweenness` how many are done.
  public func ranking(
    by centrality: Centrality, top: Int = .max, sample: Int? = nil,
    progress: (Int) -> Void = { _ in }
  ) -> [Rank] {
    let count = min(max(sample ?? nodeCount, 1), nodeCount)
    let starts = (0..<count).map { Int32($0 * nodeCount / count) }
    let scores =
      switch centrality {
      case .pagerank: pageRank()
      case .outDegree: (0..<nodeCount).map { Double(offsets[$0 + 1] - offsets[$0]) }
      case .inDegree: inDegrees()
      case .degree: degrees.map { Double($0) }
      case .closeness: closeness(from: starts, progress)
      case .betweenness: betweenness(from: starts, progress)
      }
    let order = (0..<Int32(nodeCount)).sorted { left, right in
      let (first, second) = (scores[Int(left)], scores[Int(right)])
      return first != second ? first > second : left < right
    }
    return order.prefix(max(top, 0)).map { Rank(node: node($0), score: scores[Int($0)]) }
  }

  private func inDegrees() -> [Double] {
    var degrees = [Double](repeating: 0, count: nodeCount)
    for target in targets { degrees[Int(target)] += 1 }
    return degrees
  }

  /// By power iteration, until the changes of all ranks add up to less than 1e-9.
  func pageRank(damping: Double = 0.85) -> [Double] {
    if nodeCount == 0 { return [] }
    let share = 1 / Double(nodeCount)
    var rank = [Double](repeating: share, count: nodeCount)
    for _ in 0..<1000 {
      // What walkers at a node without edges have is for everybody.
      var idle = 0.0
      var next = [Double](repeating: 0, count: nodeCount)
      for node in 0..<Int32(nodeCount) {
        let edges = arcs(from: node)
        if edges.isEmpty {
          idle += rank[Int(node)]
        } else {
          let part = rank[Int(node)] / Double(edges.count)
          for edge in edges { next[Int(targets[edge])] += part }
        }
      }
      var moved = 0.0
      for node in 0..<nodeCount {
        next[node] = damping * (next[node] + idle * share) + (1 - damping) * share
        moved += abs(next[node] - rank[node])
      }
      rank = next
      if moved < 1e-9 { break }
    }
    return rank
  }

  private func closeness(from starts: [Int32], _ progress: (Int) -> Void) -> [Double] {
    var reached = [Double](repeating: 0, count: nodeCount)
    var sum = reached
    var walk = LevelWalk(nodeCount)
    for (place, start) in starts.enumerated() {
      progress(place)
      walk.run(from: start, offsets, targets) { node, distance in
        if distance > 0 { reached[Int(node)] += 1 }
        sum[Int(node)] += Double(distance)
      }
    }
    let share = Double(nodeCount) / Double(starts.count)
    return zip(reached, sum).map { reached, sum in
      sum > 0 ? reached / sum * (reached * share) / Double(nodeCount - 1) : 0
    }
  }

  /// Brandes' algorithm. Parallel edges count as one here, and loops not at all.
  private func betweenness(from starts: [Int32], _ progress: (Int) -> Void) -> [Double] {
    let (offsets, targets) = withoutParallels()
    var scores = [Double](repeating: 0, count: nodeCount)
    var walk = LevelWalk(nodeCount)
    var ways = [Double](repeating: 0, count: nodeCount)
    var dependency = ways
    for (place, start) in starts.enumerated() {
      progress(place)
      walk.run(from: start, offsets, targets) { node, _ in
        ways[Int(node)] = node == start ? 1 : 0
        dependency[Int(node)] = 0
      }
      for node in walk.order {
        for edge in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
          let target = Int(targets[edge])
          if walk.distance[target] == walk.distance[Int(node)] + 1 { ways[target] += ways[Int(node)] }
        }
      }
      for node in walk.order.reversed() {
        for edge in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
          let target = Int(targets[edge])
          if walk.distance[target] == walk.distance[Int(node)] + 1 {
            dependency[Int(node)] += ways[Int(node)] / ways[target] * (1 + dependency[target])
          }
        }
        if node != start { scores[Int(node)] += dependency[Int(node)] }
      }
    }
    let pairs = Double(nodeCount - 1) * Double(nodeCount - 2) * Double(starts.count) / Double(nodeCount)
    return pairs > 0 ? scores.map { $0 / pairs } : scores
  }

  private func withoutParallels() -> (offsets: [Int32], targets: [Int32]) {
    var simpleOffsets: [Int32] = [0]
    var simpleTargets: [Int32] = []
    for node in 0..<Int32(nodeCount) {
      simpleTargets += Set(targets[arcs(from: node)]).subtracting([node]).sorted()
      simpleOffsets.append(Int32(simpleTargets.count))
    }
    return (simpleOffsets, simpleTargets)
  }

  /// How many nodes can be reached from a node along edges, itself among them; 0 where the node is not in the adjacency.
  public func reach(from node: NodeReference) -> Int {
    guard let number = number(of: node) else { return 0 }
    var walk = LevelWalk(nodeCount)
    walk.run(from: number, offsets, targets) { _, _ in }
    return walk.order.count
  }
}

/// A breadth-first walk, over and over on the same arrays.
private struct LevelWalk {
  /// By node; -1 where the last walk did not come.
  private(set) var distance: [Int32]
  /// The nodes of the last walk, nearest first.
  private(set) var order: [Int32] = []

  init(_ count: Int) { distance = [Int32](repeating: -1, count: count) }

  mutating func run(
    from start: Int32, _ offsets: [Int32], _ targets: [Int32],
    visit: (_ node: Int32, _ distance: Int32) -> Void
  ) {
    for node in order { distance[Int(node)] = -1 }
    order.removeAll(keepingCapacity: true)
    order.append(start)
    distance[Int(start)] = 0
    var position = 0
    while position < order.count {
      let node = order[position]
      position += 1
      let next = distance[Int(node)] + 1
      visit(node, next - 1)
      for edge in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
        let target = targets[edge]
        if distance[Int(target)] < 0 {
          distance[Int(target)] = next
          order.append(target)
        }
      }
    }
  }
}

/// How nodes are ranked.
public enum Centrality: String, Sendable, CaseIterable {
  /// The chance to find a walker there who follows edges, and now and then begins anew anywhere (damping 0.85). Edges of
  /// several types between the same nodes count each.
  case pagerank
  /// How many edges the node has.
  case degree
  /// How many lead to it, or away from it; undirected ones do both.
  case inDegree = "in-degree"
  case outDegree = "out-degree"
  /// How near the nodes are from which the node can be reached: the inverse of their mean distance, times the part of
  /// all nodes that they are.
  case closeness
  /// The part of the shortest paths between other nodes that lead over the node.
  case betweenness
}

/// A node and how it ranks.
public struct Rank: Sendable, Equatable {
  public var node: NodeReference
  public var score: Double
}

extension Adjacency {
  /// The nodes with the highest scores, the highest first, equal ones in key order.
  ///
  /// Cost: `pagerank` reads all edges some fifty times; `closeness` and `betweenness` once for each node.
  /// - Parameter sample: from how many nodes `closeness` and `betweenness` walk, evenly chosen by their keys, so that the same
  ///   graph gives the same estimate; `nil` for all, which gives the scores themselves.
  public func ranking(by centrality: Centrality, top: Int = .max, sample: Int? = nil) -> [Rank] {
    let count = min(max(sample ?? nodeCount, 1), nodeCount)
    let starts = (0..<count).map { Int32($0 * nodeCount / count) }
    let scores =
      switch centrality {
      case .pagerank: pageRank()
      case .outDegree: (0..<nodeCount).map { Double(offsets[$0 + 1] - offsets[$0]) }
      case .inDegree: inDegrees()
      case .degree: degrees.map { Double($0) }
      case .closeness: closeness(from: starts)
      case .betweenness: betweenness(from: starts)
      }
    let order = (0..<Int32(nodeCount)).sorted { left, right in
      let (first, second) = (scores[Int(left)], scores[Int(right)])
      return first != second ? first > second : left < right
    }
    return order.prefix(top).map { Rank(node: node($0), score: scores[Int($0)]) }
  }

  private func inDegrees() -> [Double] {
    var degrees = [Double](repeating: 0, count: nodeCount)
    for target in targets { degrees[Int(target)] += 1 }
    return degrees
  }

  /// By power iteration, until the ranks move by less than a billionth of a node's share altogether, a node.
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

  private func closeness(from starts: [Int32]) -> [Double] {
    var reached = [Double](repeating: 0, count: nodeCount)
    var sum = reached
    var walk = LevelWalk(nodeCount)
    for start in starts {
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

  /// Brandes' algorithm. Edges of several types between the same nodes are one way here, and loops none.
  private func betweenness(from starts: [Int32]) -> [Double] {
    let (offsets, targets) = withoutParallels()
    var scores = [Double](repeating: 0, count: nodeCount)
    var walk = LevelWalk(nodeCount)
    var ways = [Double](repeating: 0, count: nodeCount)
    var dependency = ways
    for start in starts {
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

  /// How many nodes can be reached from a node along its edges, itself among them.
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

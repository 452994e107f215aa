import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a centrality that is found by repetition ends.
public struct Convergence: Sendable, Equatable {
  /// How many rounds at most.
  public var iterations: Int
  /// The repetition ends where all changes together are smaller: of PageRank than this, of others than this times the nodes.
  public var tolerance: Double

  /// - Parameters:
  ///   - iterations: at least 0.
  ///   - tolerance: at least 0.
  public init(iterations: Int = 1000, tolerance: Double = 1e-9) {
    (self.iterations, self.tolerance) = (iterations, tolerance)
  }

  /// Throws a usage error where a bound is negative, or none.
  func validate() throws {
    if iterations < 0 { throw KVError(.usage, "\(iterations) iterations are negative") }
    if !(tolerance >= 0) { throw KVError(.usage, "the tolerance \(tolerance) is less than 0") }
  }

  /// As many rounds as it takes, whatever a round is. The default is less than the last digit of a score: equal nodes get equal scores.
  public static func settled(tolerance: Double = 1e-16) -> Convergence {
    Convergence(iterations: .max, tolerance: tolerance)
  }
}

extension Adjacency {
  /// PageRank: for each of ``nodes`` the probability that somebody is there who follows edges at random, and goes anywhere with the rest of the
  /// probability, or where no edge leads on. Parallel edges count each.
  ///
  /// Throws failed where it is to settle, and does not: with a damping near 1 somebody who goes to and fro does so for very long.
  /// - Parameters:
  ///   - damping: the probability of going along an edge, from 0 to 1.
  ///   - convergence: when it ends.
  ///   - direction: along edges, against them or either way.
  public func pageRank(
    damping: Double = 0.85, convergence: Convergence = .settled(), direction: EdgeDirection = .out
  ) throws -> [Double] {
    try convergence.validate()
    if !(0...1).contains(damping) { throw KVError(.usage, "the damping \(damping) is not from 0 to 1") }
    if nodeCount == 0 { return [] }
    if direction != .out {
      let lists = arcLists(direction)
      let leaving = NodeLists(offsets: lists.offsets, nodes: lists.others)
      return try pageRank(leaving, leaving.turned, damping, convergence)
    }
    return try pageRank(NodeLists(offsets: offsets, nodes: targets), { entering }, damping, convergence)
  }

  private func pageRank(
    _ leaving: NodeLists, _ entering: () -> NodeLists, _ damping: Double, _ convergence: Convergence
  ) throws -> [Double] {
    let isToSettle = convergence.iterations == .max
    if isToSettle, damping <= 0.99 {
      let system = PageRankSystem(leaving, entering: entering(), damping: damping)
      return system.solve(tolerance: convergence.tolerance)
    }
    let share = 1 / Double(nodeCount)
    var rank = [Double](repeating: share, count: nodeCount)
    var next = rank
    // What is rounded in a step goes on in those behind it.
    let noise = damping < 1 ? 16 * Double.ulpOfOne / (1 - damping) : 0
    let tolerance = isToSettle ? max(convergence.tolerance, min(noise, 1e-6)) : convergence.tolerance
    let most = isToSettle ? Self.rounds(over: nodeCount + leaving.nodes.count) : convergence.iterations
    for _ in 0..<most {
      try Task.checkCancellation()
      let idle = Self.spread(rank, leaving.offsets, leaving.nodes, into: &next)
      var moved = 0.0
      for node in 0..<nodeCount {
        next[node] = damping * (next[node] + idle * share) + (1 - damping) * share
        moved += abs(next[node] - rank[node])
      }
      swap(&rank, &next)
      if moved <= tolerance { return rank }
    }
    if isToSettle { throw KVError(.failed, "PageRank does not settle within \(most) iterations") }
    return rank
  }

  /// How often all walkers go on, where they are to settle: for about half a minute in large graphs.
  private static func rounds(over size: Int) -> Int {
    min(max(20_000_000_000 / (size + 1), 10_000), 1_000_000)
  }

  /// One step of all walkers.
  /// - Returns: how many are at nodes without edges, which is for everybody.
  private static func spread(
    _ rank: [Double], _ offsets: [Int32], _ targets: [Int32], into next: inout [Double]
  ) -> Double {
    var idle = 0.0
    next.withUnsafeMutableBufferPointer { next in
      targets.withUnsafeBufferPointer { targets in
        for node in next.indices { next[node] = 0 }
        for node in rank.indices {
          let arcs = Int(offsets[node])..<Int(offsets[node + 1])
          if arcs.isEmpty {
            idle += rank[node]
            continue
          }
          let part = rank[node] / Double(arcs.count)
          for arc in arcs { next[Int(targets[arc])] += part }
        }
      }
    }
    return idle
  }

  /// Eigenvector centrality: for each of ``nodes`` in proportion to the sum of its neighbors', those from which edges lead to it; the squares add up
  /// to 1. Parallel edges count each.
  ///
  /// Throws failed where it does not settle within the iterations.
  /// - Parameters:
  ///   - convergence: when it ends.
  ///   - direction: along edges, against them or either way.
  public func eigenvectorCentrality(
    convergence: Convergence = Convergence(iterations: 10_000, tolerance: 1e-10),
    direction: EdgeDirection = .out
  ) throws -> [Double] {
    let lists = arcLists(direction)
    // With a share of its own a node keeps even graphs of two halves from swinging.
    return try settled("eigenvector centrality", convergence, scale: euclidean) { rank, next in
      for node in 0..<nodeCount { next[node] = rank[node] }
      push(rank, along: lists, into: &next)
    }
  }

  /// Katz centrality: for each of ``nodes`` 1 and `alpha` times the sum of its neighbors', those from which edges lead to it; scaled so that the squares
  /// add up to 1. Parallel edges count each.
  ///
  /// Throws failed where it does not settle, for `alpha` is too large for the graph.
  /// - Parameters:
  ///   - alpha: how much a step takes off, above 0.
  ///   - convergence: when it ends.
  ///   - direction: along edges, against them or either way.
  public func katzCentrality(
    alpha: Double = 0.1, convergence: Convergence = Convergence(iterations: 10_000, tolerance: 1e-10),
    direction: EdgeDirection = .out
  ) throws -> [Double] {
    let lists = arcLists(direction)
    func keep(_ rank: inout [Double]) {}
    let rank = try settled(
      "Katz centrality", convergence, scale: keep, growth: "alpha \(alpha) is too large for the graph"
    ) { rank, next in
      for node in 0..<nodeCount { next[node] = 0 }
      push(rank, along: lists, into: &next)
      for node in 0..<nodeCount { next[node] = alpha * next[node] + 1 }
    }
    var scaled = rank
    euclidean(&scaled)
    return scaled
  }

  /// Hubs and authorities (HITS): a good hub leads to good authorities, and a good authority is what good hubs lead to. Each adds up to 1.
  /// Parallel edges count each.
  ///
  /// Throws failed where it does not settle within the iterations.
  /// - Parameters:
  ///   - convergence: when it ends.
  ///   - direction: along edges, against them or either way.
  /// - Returns: both for each of ``nodes``.
  public func hubsAndAuthorities(
    convergence: Convergence = Convergence(iterations: 10_000, tolerance: 1e-12),
    direction: EdgeDirection = .out
  ) throws -> (hubs: [Double], authorities: [Double]) {
    let lists = arcLists(direction)
    if lists.others.isEmpty {
      let even = [Double](repeating: nodeCount == 0 ? 0 : 1 / Double(nodeCount), count: nodeCount)
      return (even, even)
    }
    var authorities = [Double](repeating: 0, count: nodeCount)
    func pull(_ rank: [Double]) -> [Double] {
      (0..<Int32(nodeCount)).map { node in
        lists.others[lists.arcs(at: node)].reduce(0) { $0 + rank[Int($1)] }
      }
    }
    let hubs = try settled("HITS", convergence, scale: sumToOne) { rank, next in
      for node in 0..<nodeCount { authorities[node] = 0 }
      push(rank, along: lists, into: &authorities)
      next = pull(authorities)
    }
    for node in 0..<nodeCount { authorities[node] = 0 }
    push(hubs, along: lists, into: &authorities)
    sumToOne(&authorities)
    return (hubs, authorities)
  }

  /// Adds what each node has to those that its arcs lead to.
  private func push(_ rank: [Double], along lists: ArcLists, into next: inout [Double]) {
    for node in 0..<Int32(nodeCount) {
      let own = rank[Int(node)]
      if own == 0 { continue }
      for arc in lists.arcs(at: node) { next[Int(lists.others[arc])] += own }
    }
  }

  private func settled(
    _ name: String, _ convergence: Convergence, scale: (inout [Double]) -> Void, growth: String = "",
    step: ([Double], inout [Double]) -> Void
  ) throws -> [Double] {
    try convergence.validate()
    if nodeCount == 0 { return [] }
    var rank = [Double](repeating: 1 / Double(nodeCount), count: nodeCount)
    scale(&rank)
    var next = rank
    for _ in 0..<convergence.iterations {
      try Task.checkCancellation()
      step(rank, &next)
      scale(&next)
      var moved = 0.0
      for node in 0..<nodeCount { moved += abs(next[node] - rank[node]) }
      swap(&rank, &next)
      guard moved.isFinite else { throw KVError(.failed, "\(name) grows without end: \(growth)") }
      if moved <= convergence.tolerance * Double(nodeCount) { return rank }
    }
    let count = convergence.iterations
    throw KVError(
      .failed, "\(name) does not settle within \(count) \(count == 1 ? "iteration" : "iterations")")
  }

  private func euclidean(_ rank: inout [Double]) {
    let length = rank.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { for node in rank.indices { rank[node] /= length } }
  }

  private func sumToOne(_ rank: inout [Double]) {
    let sum = rank.reduce(0, +)
    if sum > 0 { for node in rank.indices { rank[node] /= sum } }
  }
}

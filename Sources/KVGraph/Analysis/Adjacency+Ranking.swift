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
  /// In proportion to the sum of the scores of the nodes from which edges lead to it.
  case eigenvector
  /// 1, and a part of the sum of the scores of the nodes from which edges lead to it.
  case katz
  /// How good the authorities are that its edges lead to (HITS).
  case hubs
  /// How good the hubs are from which edges lead to it (HITS).
  case authorities
}

/// How scores are found.
public struct CentralityOptions: Sendable, Equatable {
  /// Along edges, against them or either way; for degrees it does not count.
  public var direction = EdgeDirection.out
  /// Of PageRank, the probability of going along an edge, from 0 to 1.
  public var damping = 0.85
  /// Of Katz centrality, how much a step takes off, above 0.
  public var alpha = 0.1
  /// How many rounds at most those that are found by repetition make, at least 0; `nil` for as many as are usual.
  public var iterations: Int?
  /// Their repetition ends where all changes together are smaller; `nil` for what is usual.
  public var tolerance: Double?
  /// From how many nodes closeness and betweenness walk, at least 1, evenly chosen by their keys, so that the same graph gives the same
  /// estimate; `nil` for all nodes, which gives the exact scores.
  public var sample: Int?

  /// The usual ones.
  public init() {}

  fileprivate func convergence(_ usual: Convergence) -> Convergence {
    Convergence(iterations: iterations ?? usual.iterations, tolerance: tolerance ?? usual.tolerance)
  }
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
  /// Cost: `pagerank` passes over the edges of all circles until the scores settle, or over all as often as it is told; `closeness` and `betweenness` once for
  /// each node that they walk from.
  /// - Parameters:
  ///   - centrality: what a node is scored by.
  ///   - top: how many nodes at most; at least 0.
  ///   - options: how the scores are found.
  ///   - progress: told before each walk of `closeness` and `betweenness` how many are done.
  /// - Throws: failed where scores that are found by repetition do not settle; a usage error for options out of their bounds;
  ///   `CancellationError` where the task is cancelled.
  public func ranking(
    by centrality: Centrality, top: Int = .max, options: CentralityOptions = CentralityOptions(),
    progress: (Int) -> Void = { _ in }
  ) throws -> [Rank] {
    let scores = try scores(by: centrality, options: options, progress: progress)
    func isBefore(_ left: Int32, _ right: Int32) -> Bool {
      let (first, second) = (scores[Int(left)], scores[Int(right)])
      return first != second ? first > second : left < right
    }
    var order: [Int32] = []
    let wanted = min(max(top, 0), nodeCount)
    // Of few that are wanted only those are sorted that may be among them.
    for number in 0..<Int32(wanted == 0 ? 0 : nodeCount) {
      if order.count >= wanted, wanted < nodeCount, !isBefore(number, order[wanted - 1]) { continue }
      order.append(number)
      if order.count > 2 * wanted + 1000 || order.count == wanted {
        order.sort(by: isBefore)
        order.removeLast(order.count - wanted)
      }
    }
    order.sort(by: isBefore)
    return order.prefix(wanted).map { Rank(node: node($0), score: scores[Int($0)]) }
  }

  /// For each of ``nodes`` its score. Cost and errors as of ``ranking(by:top:options:progress:)``.
  private func scores(
    by centrality: Centrality, options: CentralityOptions, progress: (Int) -> Void
  ) throws -> [Double] {
    let direction = options.direction
    let count = min(max(options.sample ?? nodeCount, 1), nodeCount)
    let starts = (0..<count).map { Int32($0 * nodeCount / count) }
    let often = options.convergence(Convergence(iterations: 10_000, tolerance: 1e-10))
    switch centrality {
    case .pagerank:
      return try pageRank(
        damping: options.damping, convergence: options.convergence(.settled()), direction: direction)
    case .outDegree: return (0..<nodeCount).map { Double(offsets[$0 + 1] - offsets[$0]) }
    case .inDegree: return inDegrees()
    case .degree: return degrees.map { Double($0) }
    case .closeness: return try closeness(from: starts, direction, progress)
    case .betweenness: return try betweenness(from: starts, direction, progress)
    case .eigenvector: return try eigenvectorCentrality(convergence: often, direction: direction)
    case .katz:
      return try katzCentrality(alpha: options.alpha, convergence: often, direction: direction)
    case .hubs: return try hubsAndAuthorities(convergence: often, direction: direction).hubs
    case .authorities: return try hubsAndAuthorities(convergence: often, direction: direction).authorities
    }
  }

  private func inDegrees() -> [Double] {
    var degrees = [Double](repeating: 0, count: nodeCount)
    for target in targets { degrees[Int(target)] += 1 }
    return degrees
  }

  /// How many nodes can be reached from a node along edges, itself among them; 0 where the node is not in the adjacency.
  public func reach(from node: NodeReference) -> Int {
    guard let number = number(of: node) else { return 0 }
    var walk = LevelWalk(nodeCount)
    walk.run(from: number, offsets, targets) { _, _ in }
    return walk.order.count
  }
}

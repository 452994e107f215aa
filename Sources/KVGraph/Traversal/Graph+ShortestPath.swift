import KV

extension Graph {
  /// A shortest path by steps; among equally short ones, the one whose edges come first in key order at the earliest
  /// step where they differ (in direction `any`, edges that leave a node before those that enter it).
  ///
  /// Breadth-first from both ends, always the side that reads fewer edges, a level in few requests of the
  /// store (in batches of 250 to 10,000 nodes), and no further than to the first node that meets. Memory: one parent a
  /// visited node. A path from a node to itself has no edges, whether or not the node is there, for nothing is asked.
  public func shortestPath(
    from: NodeReference, to: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> PathResult {
    if from == to { return PathResult(paths: [Path(nodes: [from], edges: [])]) }
    var source = try await source(options)
    // Where the whole graph is at hand, only what is near is asked for one by one.
    let nearEdges = options.looksAtEdges ? nil : snapshot?.nearEdges
    let isNear = nearEdges.map { nearEdges in
      { (source: StoreEdges, ahead: Int) in source.edgesRead + ahead <= nearEdges }
    }
    let near = try await Traversal.shortestPath(from: from, to: to, in: &source, options, while: isNear)
    if near == nil, let whole = try await snapshot?.current(self) {
      var source = AdjacencyEdges(whole, options, withIncoming: true)
      let outcome = try await Traversal.shortestPath(from: from, to: to, in: &source, options)
      return try await result(outcome, in: source)
    }
    let outcome =
      if let near { near } else { try await Traversal.shortestPath(from: from, to: to, in: &source, options) }
    var result = try await result(outcome, in: source)
    (result.cost.edges, result.cost.requests) = (source.edgesRead, source.requests)
    return result
  }

  private func result(_ outcome: Traversal.Outcome, in source: some EdgeSource) async throws -> PathResult {
    switch outcome.nodePath {
    case .success(let nodePath):
      PathResult(paths: [try await path(nodePath, in: source)], cost: outcome.cost)
    case .failure(let absence): PathResult(absence: absence, cost: outcome.cost)
    }
  }
}

/// Searches on any source of edges.
enum Traversal {
  struct Outcome {
    var nodePath: Result<NodePath, PathAbsence>
    var cost: TraversalCost
  }

  static func shortestPath<Source: EdgeSource>(
    from: NodeReference, to: NodeReference, in source: inout Source, _ options: TraversalOptions
  ) async throws -> Outcome {
    try await shortestPath(from: from, to: to, in: &source, options, while: nil)
      ?? Outcome(nodePath: .failure(.unreachable), cost: TraversalCost())
  }

  /// - Parameter goesOn: whether the search goes on to the next level, which reads about so many edges; where it does not, there is no
  ///   outcome.
  static func shortestPath<Source: EdgeSource>(
    from: NodeReference, to: NodeReference, in source: inout Source, _ options: TraversalOptions,
    while goesOn: ((Source, Int) -> Bool)?
  ) async throws -> Outcome? {
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return Outcome(nodePath: .failure(.unreachable), cost: TraversalCost())
    }
    var forward = TraversalSide(start, options.direction)
    var backward = TraversalSide(goal, options.direction.reversed)
    var absence = PathAbsence.unreachable
    var nodePath: NodePath?
    while !forward.frontier.isEmpty, !backward.frontier.isEmpty {
      if let limit = options.maxDepth, Int(forward.level + backward.level) >= limit {
        if try await canGoOn(forward, backward, in: &source, options) { absence = .beyondDepth(limit) }
        break
      }
      let ahead = (
        forward: try await forward.edgesAhead(in: &source),
        backward: try await backward.edgesAhead(in: &source)
      )
      let isForward = ahead.forward <= ahead.backward
      if let goesOn, !goesOn(source, min(ahead.forward, ahead.backward)) { return nil }
      if isForward {
        // The first that meets is the one, for the level is found in the order of the paths that lead to it.
        let other = backward
        try await forward.expand(
          in: &source, options, besides: backward.count, isEnough: { other.isFrontier($0) })
      } else {
        try await backward.expand(in: &source, options, besides: forward.count, prefersFirstKey: true)
      }
      // The forward frontier stands in the order of the paths that lead to it, so the first meeting node is the one.
      if let meeting = forward.frontier.first(where: { backward.isFrontier($0) }) {
        nodePath = NodePath(steps: steps(to: meeting, forward) + steps(from: meeting, backward))
        break
      }
    }
    var cost = TraversalCost()
    (cost.levels, cost.nodes) = (Int(forward.level + backward.level), forward.count + backward.count)
    return Outcome(nodePath: nodePath.map { .success($0) } ?? .failure(absence), cost: cost)
  }

  /// The way from the start of a side to a node.
  private static func steps(to node: Int32, _ side: TraversalSide) -> [PathStep] {
    var steps: [PathStep] = []
    var node = node
    while let pathStep = side.pathStep(to: node) {
      steps.append(pathStep)
      node = pathStep.from
    }
    return steps.reversed()
  }

  /// The way from a node to the start of a side that searched from the goal.
  private static func steps(from node: Int32, _ side: TraversalSide) -> [PathStep] {
    steps(to: node, side).reversed().map { $0.turned }
  }
}

extension PathStep {
  /// The same edge, walked the other way.
  var turned: PathStep { PathStep(from: to, to: from, label: label, isReversed: !isReversed) }
}

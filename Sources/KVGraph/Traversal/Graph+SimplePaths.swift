import KV

extension Graph {
  /// All paths that come by no node twice, of any length, depth first in key order, at most `limit`: each is given to `visit` as it is
  /// found, for there may be very many of them.
  ///
  /// Cost: a search back from the goal, as deep as `options.maxDepth`, and one request for each node that lies on a path, whose edges are
  /// kept. Only ways that can still reach the goal within the depth are followed; where many of them do not, for the nodes come by stand in the
  /// way, a search from each node sees that before.
  /// - Returns: a result without paths; its `absence` says why there was none.
  public func allSimplePaths(
    from: NodeReference, to: NodeReference, limit: Int, options: TraversalOptions = TraversalOptions(),
    isolation: isolated (any Actor)? = #isolation, visit: (Path) async throws -> Void
  ) async throws -> PathResult {
    if from == to {
      if limit > 0 { try await visit(Path(nodes: [from], edges: [])) }
      return PathResult()
    }
    var source = try await source(options)
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return PathResult(absence: .unreachable)
    }
    let most = options.maxDepth ?? .max
    var back = TraversalSide(goal, options.direction.reversed)
    while !back.frontier.isEmpty, Int(back.level) < most { try await back.expand(in: &source, options) }
    var count = 0
    if back.isSeen(start) {
      var walk = SimpleWalk(from: start, to: goal, most: most, back)
      while count < limit, let steps = try await walk.next(in: &source, options) {
        try await visit(path(NodePath(steps: steps), in: source))
        count += 1
      }
    }
    let cost = TraversalCost(
      levels: Int(back.level), nodes: back.count, edges: source.edgesRead, requests: source.requests)
    if count > 0 || limit == 0 { return PathResult(cost: cost) }
    return PathResult(absence: back.frontier.isEmpty ? .unreachable : .beyondDepth(most), cost: cost)
  }
}

/// A walk over all simple paths, without recursion: a path may be long.
private struct SimpleWalk {
  private let goal: Int32
  private let most: Int
  /// How far each node is from the goal.
  private let back: TraversalSide
  /// The edges that leave each node that was come by.
  private var edges: [Int32: [Step]] = [:]
  private var onPath: Set<Int32>
  private var stack: [Level]
  /// How many steps have been taken since the last path was found. The search looks ahead where there were many: the nodes on the path may stand
  /// in the way of all that is left, and all ways to see that would be too many.
  private var vainSteps = 0
  private static let mostVainSteps = 1000

  private struct Level {
    var node: Int32
    /// The step that led here; `nil` at the start.
    var taken: PathStep?
    /// How many of the node's edges have been followed; `nil` before the first.
    var followed: Int?
  }

  init(from start: Int32, to goal: Int32, most: Int, _ back: TraversalSide) {
    (self.goal, self.most, self.back) = (goal, most, back)
    onPath = [start]
    stack = [Level(node: start)]
  }

  mutating func next(in source: inout StoreEdges, _ options: TraversalOptions) async throws -> [PathStep]? {
    while let level = stack.last {
      let top = stack.count - 1
      let steps = try await steps(from: level.node, in: &source, options)
      let place = level.followed ?? 0
      guard place < steps.count else {
        onPath.remove(level.node)
        stack.removeLast()
        continue
      }
      stack[top].followed = place + 1
      let step = steps[place]
      let pathStep = PathStep(
        from: level.node, to: step.node, label: step.label, isReversed: step.isReversed)
      if step.node == goal {
        if stack.count > most { continue }
        vainSteps = 0
        return stack.compactMap(\.taken) + [pathStep]
      }
      // The rest of the way has to fit, whichever nodes it comes by.
      guard back.isSeen(step.node), stack.count + Int(back.depth[Int(step.node)]) <= most,
        onPath.insert(step.node).inserted
      else { continue }
      vainSteps += 1
      if vainSteps > Self.mostVainSteps, try await !reachesGoal(from: step.node, in: &source, options) {
        onPath.remove(step.node)
        continue
      }
      stack.append(Level(node: step.node, taken: pathStep))
    }
    return nil
  }

  /// Whether a node that the path has come to reaches the goal within the depth without the nodes on it. Cost: a search breadth first.
  private mutating func reachesGoal(
    from node: Int32, in source: inout StoreEdges, _ options: TraversalOptions
  ) async throws -> Bool {
    var seen = onPath
    var frontier = [node]
    var length = stack.count
    while !frontier.isEmpty, length < most {
      try Task.checkCancellation()
      length += 1
      var next: [Int32] = []
      for node in frontier {
        for step in try await steps(from: node, in: &source, options) {
          if step.node == goal { return true }
          if back.isSeen(step.node), seen.insert(step.node).inserted { next.append(step.node) }
        }
      }
      frontier = next
    }
    return false
  }

  private mutating func steps(
    from node: Int32, in source: inout StoreEdges, _ options: TraversalOptions
  ) async throws -> [Step] {
    if let known = edges[node] { return known }
    try Task.checkCancellation()
    let steps = try await source.steps(from: [node], options.direction)
    edges[node] = steps
    try options.checkBudget(max(edges.count, back.count))
    return steps
  }
}

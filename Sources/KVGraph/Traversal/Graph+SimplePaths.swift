import KV

extension Graph {
  /// All paths that come by no node twice, of any length, depth first in key order, at most `limit`: each is given to `visit` as it is
  /// found, for there may be very many of them.
  ///
  /// Cost: a search back from the goal, as deep as `options.maxDepth`, and one request for each node that lies on a path, whose edges are
  /// kept. Only ways that can still reach the goal within the depth are followed.
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
      if edges[level.node] == nil {
        try Task.checkCancellation()
        edges[level.node] = try await source.steps(from: [level.node], options.direction)
        try options.checkBudget(max(edges.count, back.count))
      }
      let steps = edges[level.node] ?? []
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
        if stack.count <= most { return stack.compactMap(\.taken) + [pathStep] }
        continue
      }
      // The rest of the way has to fit, whichever nodes it comes by.
      guard back.isSeen(step.node), stack.count + Int(back.depth[Int(step.node)]) <= most,
        onPath.insert(step.node).inserted
      else { continue }
      stack.append(Level(node: step.node, taken: pathStep))
    }
    return nil
  }
}

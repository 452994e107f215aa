import KV

extension Graph {
  /// All paths of the fewest steps, in key order, at most `limit`: each is given to `visit` as it is found, for there may be
  /// very many of them.
  ///
  /// Cost: as ``shortestPath(from:to:options:)``, and a list of the edges that lead one level further; each edge is read once.
  /// - Returns: a result without paths.
  public func allShortestPaths(
    from: NodeReference, to: NodeReference, limit: Int, options: TraversalOptions = TraversalOptions(),
    isolation: isolated (any Actor)? = #isolation, visit: (Path) async throws -> Void
  ) async throws -> PathResult {
    if from == to {
      if limit > 0 { try await visit(Path(nodes: [from], edges: [])) }
      return PathResult()
    }
    var source = try await source(options)
    let (next, absence, found) = try await Traversal.shortestSteps(from: from, to: to, in: &source, options)
    var cost = found
    (cost.edges, cost.requests) = (source.edgesRead, source.requests)
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return PathResult(absence: absence, cost: cost)
    }
    var edges: [PathStep: Edge] = [:]
    try await Traversal.forEachNodePath(from: start, to: goal, next, limit: limit) { steps in
      let missing = steps.filter { edges[$0] == nil }
      for (pathStep, edge) in zip(missing, try await path(NodePath(steps: missing), in: source).edges) {
        edges[pathStep] = edge
      }
      let numbers = [start] + steps.map(\.to)
      try await visit(
        Path(
          nodes: numbers.compactMap { NodeReference(path: source.path(of: $0)) },
          edges: steps.compactMap { edges[$0] }))
    }
    return PathResult(absence: absence, cost: cost)
  }
}

extension Traversal {
  /// The steps of all paths of the fewest steps, by the node that they leave, in key order.
  fileprivate static func shortestSteps<Source: EdgeSource>(
    from: NodeReference, to: NodeReference, in source: inout Source, _ options: TraversalOptions
  ) async throws -> (next: [Int32: [PathStep]], absence: PathAbsence?, TraversalCost) {
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return ([:], .unreachable, TraversalCost())
    }
    var forward = TraversalSide(start, options.direction)
    var backward = TraversalSide(goal, options.direction.reversed)
    // Of each node the steps that lead to it from one level before.
    var (into, back): ([Int32: [PathStep]], [Int32: [PathStep]]) = ([:], [:])
    var meetings: [Int32] = []
    var absence = PathAbsence.unreachable
    while meetings.isEmpty, !forward.frontier.isEmpty, !backward.frontier.isEmpty {
      if let limit = options.maxDepth, Int(forward.level + backward.level) >= limit {
        if try await canGoOn(forward, backward, in: &source, options) { absence = .beyondDepth(limit) }
        break
      }
      let isForward = try await forward.edgesAhead(in: &source) <= backward.edgesAhead(in: &source)
      if isForward {
        try await forward.expand(
          in: &source, options, besides: backward.count,
          found: {
            into[$0.to, default: []].append($0)
          })
      } else {
        try await backward.expand(
          in: &source, options, besides: forward.count,
          found: {
            back[$0.to, default: []].append($0)
          })
      }
      meetings = forward.frontier.filter { backward.isFrontier($0) }
    }
    var cost = TraversalCost()
    (cost.levels, cost.nodes) = (Int(forward.level + backward.level), forward.count + backward.count)
    let next = successors(of: meetings, into: into, back: back, in: source)
    return (next, meetings.isEmpty ? absence : nil, cost)
  }

  /// Whether both ends of a search that its limit has ended lead on to other nodes, so that there may be a longer path.
  static func canGoOn<Source: EdgeSource>(
    _ forward: TraversalSide, _ backward: TraversalSide, in source: inout Source, _ options: TraversalOptions
  ) async throws -> Bool {
    for var side in [backward, forward] {
      try await side.expand(in: &source, options)
      if side.frontier.isEmpty { return false }
    }
    return true
  }

  /// Depth first in key order, without recursion: a path may be long.
  fileprivate static func forEachNodePath(
    from start: Int32, to goal: Int32, _ next: [Int32: [PathStep]], limit: Int,
    isolation: isolated (any Actor)? = #isolation, _ visit: ([PathStep]) async throws -> Void
  ) async throws {
    var count = 0
    var stack: [(steps: ArraySlice<PathStep>, taken: PathStep?)] = [((next[start] ?? [])[...], nil)]
    while !stack.isEmpty, count < limit {
      guard let pathStep = stack[stack.count - 1].steps.popFirst() else {
        stack.removeLast()
        continue
      }
      if pathStep.to == goal {
        try await visit(stack.compactMap(\.taken) + [pathStep])
        count += 1
      } else {
        stack.append(((next[pathStep.to] ?? [])[...], pathStep))
      }
    }
  }

  /// The steps that lie on a way over one of the meeting nodes, by the node that they leave, in key order.
  private static func successors(
    of meetings: [Int32], into: [Int32: [PathStep]], back: [Int32: [PathStep]], in source: some EdgeSource
  ) -> [Int32: [PathStep]] {
    var next: [Int32: [PathStep]] = [:]
    for (pathStepsByNode, isBack) in [(into, false), (back, true)] {
      var seen = Set(meetings)
      var rest = meetings
      while let node = rest.popLast() {
        for pathStep in pathStepsByNode[node] ?? [] {
          let forward = isBack ? pathStep.turned : pathStep
          next[forward.from, default: []].append(forward)
          if seen.insert(pathStep.from).inserted { rest.append(pathStep.from) }
        }
      }
    }
    return next.mapValues { steps in
      steps.map { (pathStep: $0, key: source.key($0)) }
        .sorted {
          $0.pathStep.isReversed == $1.pathStep.isReversed ? $0.key < $1.key : $1.pathStep.isReversed
        }
        .map(\.pathStep)
    }
  }
}

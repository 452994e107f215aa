import KV

extension Graph {
  /// A path of least weight, by Dijkstra's algorithm from both ends; among equally light ones always the same one, on
  /// every backend. Throws invalid data where an edge that was looked at has no weight, or none that is a number of at
  /// least 0. Cost: the edges are read with their data, and ahead: more nodes in each request than in the one before.
  public func shortestWeightedPath(
    from: NodeReference, to: NodeReference, weight: EdgeWeight,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> (result: PathResult, cost: SearchCost) {
    var cost = SearchCost()
    if from == to { return (.found(Path(nodes: [from], edges: [], weight: Weight(0))), cost) }
    var cache = EdgeCache(try await source(options, weight: weight), options.direction)
    guard let start = cache.number(of: from), let goal = cache.number(of: to) else {
      return (.unreachable, cost)
    }
    let found = try await Search.shortestWeighted(from: start, to: goal, in: &cache, options, cost: &cost)
    (cost.edges, cost.requests) = (cache.source.edgesRead, cache.source.requests)
    switch found {
    case .failure(let failure): return (failure.result, cost)
    case .success(let nodePath): return (.found(try await path(nodePath, in: cache.source, isWeighed: true)), cost)
    }
  }

  /// The `count` shortest paths without a node twice, by Yen's algorithm: lightest first, or those of the fewest steps where
  /// no weight is named; among equal ones fewer steps first, and then in key order. Parallel edges make several paths. Cost: as many searches as there are paths times nodes on a path, over edges read once.
  public func shortestPaths(
    _ count: Int, from: NodeReference, to: NodeReference, weight: EdgeWeight? = nil,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> (paths: [Path], absence: PathResult?, cost: SearchCost) {
    var cost = SearchCost()
    if from == to { return (count > 0 ? [Path(nodes: [from], edges: [])] : [], nil, cost) }
    var cache = EdgeCache(try await source(options, weight: weight), options.direction)
    guard let start = cache.number(of: from), let goal = cache.number(of: to) else {
      return ([], .unreachable, cost)
    }
    var absence: PathResult?
    var found: [NodePath] = []
    var candidates: [NodePath] = []
    var known: Set<[PathStep]> = []
    while found.count < count {
      let spurs = found.last.map { last in
        last.steps.indices.map { (root: Array(last.steps[..<$0]), node: last.steps[$0].from) }
      }
      for (root, node) in spurs ?? [(root: [], node: start)] {
        var exclusions = Exclusions(nodes: Set(root.map(\.from)))
        exclusions.steps = Set(
          found.filter { $0.steps.starts(with: root) }.compactMap { $0.steps.dropFirst(root.count).first })
        var limits = options
        limits.maxDepth = options.maxDepth.map { $0 - root.count }
        let spur = try await Search.shortestWeighted(
          from: node, to: goal, in: &cache, limits, around: exclusions, cost: &cost)
        if case .failure(let failure) = spur, found.isEmpty { absence = failure.result }
        guard case .success(let nodePath) = spur, known.insert(root + nodePath.steps).inserted else { continue }
        let rootWeight = try await Self.weight(of: root, in: &cache)
        candidates.append(NodePath(steps: root + nodePath.steps, weight: rootWeight + nodePath.weight))
      }
      let source = cache.source
      guard let next = candidates.indices.min(by: { Search.precedes(candidates[$0], candidates[$1], source) })
      else {
        break
      }
      found.append(candidates.remove(at: next))
    }
    (cost.edges, cost.requests) = (cache.source.edgesRead, cache.source.requests)
    var paths: [Path] = []
    for nodePath in found { paths.append(try await path(nodePath, in: cache.source, isWeighed: weight != nil)) }
    return (paths, absence, cost)
  }

  private static func weight(of steps: [PathStep], in cache: inout EdgeCache<StoreEdges>) async throws
    -> Weight
  {
    var sum = Weight(0)
    for pathStep in steps {
      let steps = try await cache.steps(from: pathStep.from, upcoming: [])
      let step = steps.first {
        $0.node == pathStep.to && $0.label == pathStep.label && $0.isReversed == pathStep.isReversed
      }
      if let step { sum = sum + step.weight }
    }
    return sum
  }

  /// All paths of the fewest steps, in key order, at most `limit`: each is given to `visit` as it is found, for there may be
  /// very many of them.
  ///
  /// Cost: as ``shortestPath(from:to:options:)``, and a list of the edges that lead one level further; each edge is read once.
  /// - Returns: why there is none; `nil` where there is one.
  public func allShortestPaths(
    from: NodeReference, to: NodeReference, limit: Int, options: TraversalOptions = TraversalOptions(),
    isolation: isolated (any Actor)? = #isolation, visit: (Path) async throws -> Void
  ) async throws -> (absence: PathResult?, cost: SearchCost) {
    if from == to {
      if limit > 0 { try await visit(Path(nodes: [from], edges: [])) }
      return (nil, SearchCost())
    }
    var source = try await source(options)
    let (next, absence, found) = try await Search.shortestSteps(from: from, to: to, in: &source, options)
    var cost = found
    (cost.edges, cost.requests) = (source.edgesRead, source.requests)
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return (absence, cost)
    }
    var edges: [PathStep: Edge] = [:]
    try await Search.forEachNodePath(from: start, to: goal, next, limit: limit) { steps in
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
    return (absence, cost)
  }
}

extension Search {
  /// By weight, then steps, then in key order.
  static func precedes(_ left: NodePath, _ right: NodePath, _ source: some EdgeSource) -> Bool {
    if left.weight != right.weight { return left.weight < right.weight }
    if left.steps.count != right.steps.count { return left.steps.count < right.steps.count }
    return left.steps.lazy.map { source.key($0) }.lexicographicallyPrecedes(
      right.steps.lazy.map { source.key($0) })
  }

  /// The steps of all paths of the fewest steps, by the node that they leave, in key order.
  fileprivate static func shortestSteps<Source: EdgeSource>(
    from: NodeReference, to: NodeReference, in source: inout Source, _ options: TraversalOptions
  ) async throws -> (next: [Int32: [PathStep]], absence: PathResult?, SearchCost) {
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return ([:], .unreachable, SearchCost())
    }
    var forward = SearchSide(start, options.direction)
    var backward = SearchSide(goal, options.direction.reversed)
    // Of each node the steps that lead to it from one level before.
    var (into, back): ([Int32: [PathStep]], [Int32: [PathStep]]) = ([:], [:])
    var meetings: [Int32] = []
    var absence = PathResult.unreachable
    while meetings.isEmpty, !forward.frontier.isEmpty, !backward.frontier.isEmpty {
      if let limit = options.maxDepth, Int(forward.level + backward.level) >= limit {
        if try await canGoOn(forward, backward, in: &source, options) { absence = .beyondDepth(limit) }
        break
      }
      if forward.frontier.count <= backward.frontier.count {
        try await forward.expand(in: &source, options, besides: backward.count) {
          into[$0.to, default: []].append($0)
        }
      } else {
        try await backward.expand(in: &source, options, besides: forward.count) {
          back[$0.to, default: []].append($0)
        }
      }
      meetings = forward.frontier.filter { backward.isFrontier($0) }
    }
    var cost = SearchCost()
    (cost.levels, cost.nodes) = (Int(forward.level + backward.level), forward.count + backward.count)
    let next = successors(of: meetings, into: into, back: back, in: source)
    return (next, meetings.isEmpty ? absence : nil, cost)
  }

  /// Whether both ends of a search that its limit has ended lead on to other nodes, so that there may be a longer path.
  static func canGoOn<Source: EdgeSource>(
    _ forward: SearchSide, _ backward: SearchSide, in source: inout Source, _ options: TraversalOptions
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
        .sorted { $0.pathStep.isReversed == $1.pathStep.isReversed ? $0.key < $1.key : $1.pathStep.isReversed }
        .map(\.pathStep)
    }
  }
}

import KV

extension Graph {
  /// A path of least weight, by Dijkstra's algorithm from both ends; among equally light ones always the same one, on
  /// every backend. Throws invalid data where an edge that was looked at has no weight, or none that is a number of at
  /// least 0. Cost: the edges are read with their data, and ahead: more nodes in each request than in the one before.
  public func lightestPath(
    from: NodeReference, to: NodeReference, weight: EdgeWeight,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> (result: PathResult, cost: SearchCost) {
    var cost = SearchCost()
    if from == to { return (.found(Path(nodes: [from], edges: [], weight: 0)), cost) }
    var cache = EdgeCache(StoreEdges(store, options, weight: weight), options.direction)
    guard let start = cache.number(of: from), let goal = cache.number(of: to) else {
      return (.unreachable, cost)
    }
    let found = try await Search.lightestTrail(from: start, to: goal, in: &cache, options, cost: &cost)
    (cost.edges, cost.requests) = (cache.source.edgesRead, cache.source.requests)
    switch found {
    case .failure(let failure): return (failure.result, cost)
    case .success(let trail): return (.found(try await path(trail, in: cache.source, isWeighed: true)), cost)
    }
  }

  /// The `count` shortest paths without a node twice, by Yen's algorithm: lightest first, or those of the fewest hops where
  /// no weight is named; among equal ones fewer hops first, and then in key order. Edges of several types between the
  /// same nodes make several paths. Cost: as many searches as there are paths times nodes on a path, over edges read once.
  public func shortestPaths(
    _ count: Int, from: NodeReference, to: NodeReference, weight: EdgeWeight? = nil,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> (paths: [Path], cost: SearchCost) {
    var cost = SearchCost()
    if from == to { return (count > 0 ? [Path(nodes: [from], edges: [])] : [], cost) }
    var cache = EdgeCache(StoreEdges(store, options, weight: weight), options.direction)
    guard let start = cache.number(of: from), let goal = cache.number(of: to) else { return ([], cost) }
    var found: [Trail] = []
    var candidates: [Trail] = []
    var known: Set<[Trail.Hop]> = []
    while found.count < count {
      let spurs = found.last.map { last in
        last.hops.indices.map { (root: Array(last.hops[..<$0]), node: last.hops[$0].from) }
      }
      for (root, node) in spurs ?? [(root: [], node: start)] {
        var barrier = Barrier(nodes: Set(root.map(\.from)))
        barrier.hops = Set(
          found.filter { $0.hops.starts(with: root) }.compactMap { $0.hops.dropFirst(root.count).first })
        var limits = options
        limits.maxDepth = options.maxDepth.map { $0 - root.count }
        let spur = try await Search.lightestTrail(
          from: node, to: goal, in: &cache, limits, around: barrier, cost: &cost)
        guard case .success(let trail) = spur, known.insert(root + trail.hops).inserted else { continue }
        let rootWeight = try await Self.weight(of: root, in: &cache)
        candidates.append(Trail(hops: root + trail.hops, weight: rootWeight + trail.weight))
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
    for trail in found { paths.append(try await path(trail, in: cache.source, isWeighed: weight != nil)) }
    return (paths, cost)
  }

  private static func weight(of hops: [Trail.Hop], in cache: inout EdgeCache<StoreEdges>) async throws
    -> Double
  {
    var sum = 0.0
    for hop in hops {
      let steps = try await cache.steps(from: hop.from, upcoming: [])
      sum +=
        steps.first { $0.node == hop.to && $0.type == hop.type && $0.isReversed == hop.isReversed }?.weight
        ?? 0
    }
    return sum
  }

  /// All paths of the fewest hops, in key order, at most `limit`. Cost: as ``shortestPath(from:to:options:)``, and a
  /// list of the edges that lead one level further.
  public func allShortestPaths(
    from: NodeReference, to: NodeReference, limit: Int, options: TraversalOptions = TraversalOptions()
  ) async throws -> (paths: [Path], cost: SearchCost) {
    if from == to { return (limit > 0 ? [Path(nodes: [from], edges: [])] : [], SearchCost()) }
    var source = StoreEdges(store, options)
    let (trails, found) = try await Search.allShortestTrails(
      from: from, to: to, limit: limit, in: &source, options)
    var cost = found
    (cost.edges, cost.requests) = (source.edgesRead, source.requests)
    var paths: [Path] = []
    for trail in trails { paths.append(try await path(trail, in: source)) }
    return (paths, cost)
  }
}

extension Search {
  /// By weight, then hops, then in key order.
  static func precedes(_ left: Trail, _ right: Trail, _ source: some EdgeSource) -> Bool {
    if left.weight != right.weight { return left.weight < right.weight }
    if left.hops.count != right.hops.count { return left.hops.count < right.hops.count }
    return left.hops.lazy.map { source.key($0) }.lexicographicallyPrecedes(
      right.hops.lazy.map { source.key($0) })
  }

  static func allShortestTrails<Source: EdgeSource>(
    from: NodeReference, to: NodeReference, limit: Int, in source: inout Source, _ options: TraversalOptions
  ) async throws -> ([Trail], SearchCost) {
    guard let start = source.number(of: from), let goal = source.number(of: to) else {
      return ([], SearchCost())
    }
    var forward = SearchSide(start, options.direction)
    var backward = SearchSide(goal, options.direction.reversed)
    // Of each node the hops that lead to it from one level before.
    var (into, back): ([Int32: [Trail.Hop]], [Int32: [Trail.Hop]]) = ([:], [:])
    var meetings: [Int32] = []
    while meetings.isEmpty, !forward.frontier.isEmpty, !backward.frontier.isEmpty {
      if let maxDepth = options.maxDepth, Int(forward.level + backward.level) >= maxDepth { break }
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
    var trails: [Trail] = []
    // Depth first in key order, without recursion: a path may be long.
    var stack: [(hops: ArraySlice<Trail.Hop>, taken: Trail.Hop?)] = [((next[start] ?? [])[...], nil)]
    while !stack.isEmpty, trails.count < limit {
      guard let hop = stack[stack.count - 1].hops.popFirst() else {
        stack.removeLast()
        continue
      }
      if hop.to == goal {
        trails.append(Trail(hops: stack.compactMap(\.taken) + [hop]))
      } else {
        stack.append(((next[hop.to] ?? [])[...], hop))
      }
    }
    return (trails, cost)
  }

  /// The hops that lie on a way over one of the meeting nodes, by the node that they leave, in key order.
  private static func successors(
    of meetings: [Int32], into: [Int32: [Trail.Hop]], back: [Int32: [Trail.Hop]], in source: some EdgeSource
  ) -> [Int32: [Trail.Hop]] {
    var next: [Int32: [Trail.Hop]] = [:]
    for (hopsByNode, isBack) in [(into, false), (back, true)] {
      var seen = Set(meetings)
      var rest = meetings
      while let node = rest.popLast() {
        for hop in hopsByNode[node] ?? [] {
          let forward = isBack ? hop.turned : hop
          next[forward.from, default: []].append(forward)
          if seen.insert(hop.from).inserted { rest.append(hop.from) }
        }
      }
    }
    return next.mapValues { hops in
      hops.map { (hop: $0, key: source.key($0)) }
        .sorted { $0.hop.isReversed == $1.hop.isReversed ? $0.key < $1.key : $1.hop.isReversed }
        .map(\.hop)
    }
  }
}

import HeapModule
import KV

extension Graph {
  /// The `count` shortest paths without a node twice, by Yen's algorithm: lightest first, or those of the fewest steps where
  /// no weight is named; among equal ones fewer steps first, and then in key order. Parallel edges make several paths. Cost: as many searches as there are paths times nodes on a path, over edges read once.
  public func shortestPaths(
    _ count: Int, from: NodeReference, to: NodeReference, weight: EdgeWeight? = nil,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> PathResult {
    var cost = TraversalCost()
    if from == to {
      let path = Path(nodes: [from], edges: [], weight: weight.map { _ in Weight(0) })
      return PathResult(paths: count > 0 ? [path] : [])
    }
    var cache = EdgeCache(try await source(options, weight: weight), options.direction)
    guard let start = cache.number(of: from), let goal = cache.number(of: to) else {
      return PathResult(absence: .unreachable)
    }
    var absence: PathAbsence?
    var found: [NodePath] = []
    var candidates: Heap<Candidate> = []
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
        let spur = try await Traversal.shortestWeighted(
          from: node, to: goal, in: &cache, limits, around: exclusions, cost: &cost)
        if case .failure(let reason) = spur, found.isEmpty { absence = reason }
        guard case .success(let nodePath) = spur, known.insert(root + nodePath.steps).inserted else {
          continue
        }
        let rootWeight = try await Self.weight(of: root, in: &cache)
        let whole = NodePath(steps: root + nodePath.steps, weight: rootWeight + nodePath.weight)
        candidates.insert(Candidate(whole, in: cache.source))
      }
      guard let next = candidates.popMin() else { break }
      found.append(next.nodePath)
    }
    (cost.edges, cost.requests) = (cache.source.edgesRead, cache.source.requests)
    var paths: [Path] = []
    for nodePath in found {
      paths.append(try await path(nodePath, in: cache.source, isWeighed: weight != nil))
    }
    return PathResult(paths: paths, absence: absence, cost: cost)
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
}

/// A path that may be the next, with what decides which it is: its weight, then how many edges it has, then their keys.
private struct Candidate: Comparable {
  let nodePath: NodePath
  let keys: [String]

  init(_ nodePath: NodePath, in source: some EdgeSource) {
    self.nodePath = nodePath
    keys = nodePath.steps.map { source.key($0) }
  }

  static func == (left: Candidate, right: Candidate) -> Bool { left.nodePath.steps == right.nodePath.steps }

  static func < (left: Candidate, right: Candidate) -> Bool {
    if left.nodePath.weight != right.nodePath.weight { return left.nodePath.weight < right.nodePath.weight }
    if left.keys.count != right.keys.count { return left.keys.count < right.keys.count }
    return left.keys.lexicographicallyPrecedes(right.keys)
  }
}

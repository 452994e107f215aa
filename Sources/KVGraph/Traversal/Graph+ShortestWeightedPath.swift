import HeapModule
import KV

extension Graph {
  /// A path of least weight, by Dijkstra's algorithm from both ends; among equally light ones always the same one, on
  /// every backend. Throws invalid data where an edge that was looked at has no weight, or none that is a number of at
  /// least 0. Cost: the edges are read with their data, and ahead: more nodes in each request than in the one before.
  public func shortestWeightedPath(
    from: NodeReference, to: NodeReference, weight: EdgeWeight,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> PathResult {
    var cost = TraversalCost()
    if from == to { return PathResult(paths: [Path(nodes: [from], edges: [], weight: Weight(0))]) }
    var cache = EdgeCache(try await source(options, weight: weight), options.direction)
    guard let start = cache.number(of: from), let goal = cache.number(of: to) else {
      return PathResult(absence: .unreachable)
    }
    let found = try await Traversal.shortestWeighted(from: start, to: goal, in: &cache, options, cost: &cost)
    (cost.edges, cost.requests) = (cache.source.edgesRead, cache.source.requests)
    switch found {
    case .failure(let absence): return PathResult(absence: absence, cost: cost)
    case .success(let nodePath):
      return PathResult(paths: [try await path(nodePath, in: cache.source, isWeighed: true)], cost: cost)
    }
  }
}

/// What a search for a light path must go around.
struct Exclusions {
  var nodes: Set<Int32> = []
  var steps: Set<PathStep> = []

  func admits(_ pathStep: PathStep) -> Bool {
    !nodes.contains(pathStep.to) && !(steps.contains(pathStep) || steps.contains(pathStep.turned))
  }
}

extension Traversal {
  /// A node on the way to being settled: the nearest first, among equally near ones the one with fewer steps.
  private struct Entry: Comparable {
    var distance: Weight
    var steps = 0
    var node: Int32
    /// Its place among the labels of a search with a limit.
    var label = 0

    static func < (left: Entry, right: Entry) -> Bool {
      if left.distance != right.distance { return left.distance < right.distance }
      return left.steps != right.steps ? left.steps < right.steps : left.node < right.node
    }
  }

  private struct Side {
    var queue: Heap<Entry>
    var distance: [Int32: Weight]
    var pathStep: [Int32: PathStep] = [:]
    var settled: Set<Int32> = []

    init(_ start: Int32) {
      queue = [Entry(distance: Weight(0), node: start)]
      distance = [start: Weight(0)]
    }

    /// The nearest node that is not settled.
    mutating func nearest() -> Entry? {
      while let entry = queue.min {
        if !settled.contains(entry.node) { return entry }
        queue.removeMin()
      }
      return nil
    }

    func steps(to node: Int32) -> [PathStep] {
      var steps: [PathStep] = []
      var node = node
      while let pathStep = pathStep[node] {
        steps.append(pathStep)
        node = pathStep.from
      }
      return steps.reversed()
    }
  }

  /// A path of least weight by Dijkstra's algorithm from both ends; among equally light ones always the same.
  static func shortestWeighted<Source: EdgeSource>(
    from start: Int32, to goal: Int32, in cache: inout EdgeCache<Source>, _ options: TraversalOptions,
    around exclusions: Exclusions = Exclusions(), cost: inout TraversalCost
  ) async throws -> Result<NodePath, PathAbsence> {
    if let limit = options.maxDepth {
      return try await shortestWeighted(
        from: start, to: goal, in: &cache, options, ofAtMost: limit, around: exclusions, cost: &cost)
    }
    var sides = [Side(start), Side(goal)]
    var best: Weight?
    var meeting: Int32?
    while let forward = sides[0].nearest(), let backward = sides[1].nearest(),
      best.map({ forward.distance + backward.distance < $0 }) ?? true
    {
      let isBackward = backward.distance < forward.distance
      let (own, other) = isBackward ? (1, 0) : (0, 1)
      let entry = isBackward ? backward : forward
      sides[own].queue.removeMin()
      sides[own].settled.insert(entry.node)
      cost.nodes += 1
      try options.checkBudget(sides[0].settled.count + sides[1].settled.count)
      let upcoming = sides[own].queue.unordered.lazy.map(\.node)
      for step in try await cache.steps(from: entry.node, isBackward: isBackward, upcoming: upcoming) {
        let pathStep = PathStep(
          from: entry.node, to: step.node, label: step.label, isReversed: step.isReversed)
        guard exclusions.admits(pathStep) else { continue }
        let distance = entry.distance + step.weight
        if let known = sides[own].distance[step.node], known <= distance { continue }
        sides[own].distance[step.node] = distance
        sides[own].pathStep[step.node] = pathStep
        sides[own].queue.insert(Entry(distance: distance, node: step.node))
        if let rest = sides[other].distance[step.node], best.map({ distance + rest < $0 }) ?? true {
          best = distance + rest
          meeting = step.node
        }
      }
    }
    guard let meeting, let best else { return .failure(.unreachable) }
    let steps = sides[0].steps(to: meeting) + sides[1].steps(to: meeting).reversed().map(\.turned)
    return .success(NodePath(steps: steps, weight: best))
  }

  /// The same with a limit of steps, which only a search from one end can keep: a node may be worth a second visit by a
  /// heavier way of fewer steps.
  private static func shortestWeighted<Source: EdgeSource>(
    from start: Int32, to goal: Int32, in cache: inout EdgeCache<Source>, _ options: TraversalOptions,
    ofAtMost limit: Int, around exclusions: Exclusions, cost: inout TraversalCost
  ) async throws -> Result<NodePath, PathAbsence> {
    var labels: [(pathStep: PathStep?, previous: Int)] = [(nil, -1)]
    var queue: Heap<Entry> = [Entry(distance: Weight(0), node: start)]
    var fewestHops: [Int32: Int] = [:]
    var wasCut = false
    while let entry = queue.popMin() {
      if entry.node == goal {
        var steps: [PathStep] = []
        var label = entry.label
        while let pathStep = labels[label].pathStep {
          steps.append(pathStep)
          label = labels[label].previous
        }
        return .success(NodePath(steps: steps.reversed(), weight: entry.distance))
      }
      if let known = fewestHops[entry.node], known <= entry.steps { continue }
      fewestHops[entry.node] = entry.steps
      cost.nodes += 1
      try options.checkBudget(fewestHops.count)
      let steps = try await cache.steps(from: entry.node, upcoming: queue.unordered.lazy.map(\.node))
      if entry.steps == limit {
        wasCut = wasCut || !steps.isEmpty
        continue
      }
      for step in steps {
        let pathStep = PathStep(
          from: entry.node, to: step.node, label: step.label, isReversed: step.isReversed)
        guard exclusions.admits(pathStep), fewestHops[step.node].map({ entry.steps + 1 < $0 }) ?? true else {
          continue
        }
        labels.append((pathStep, entry.label))
        queue.insert(
          Entry(
            distance: entry.distance + step.weight, steps: entry.steps + 1, node: step.node,
            label: labels.count - 1))
      }
    }
    // Where no edge leads to the goal, no limit is to blame.
    let leadsThere = try await !cache.steps(from: goal, isBackward: true, upcoming: []).isEmpty
    return .failure(wasCut && leadsThere ? .beyondDepth(limit) : .unreachable)
  }
}

import HeapModule
import KV

/// What a search for a light path must go around.
struct Barrier {
  var nodes: Set<Int32> = []
  var hops: Set<Trail.Hop> = []

  func admits(_ hop: Trail.Hop) -> Bool {
    !nodes.contains(hop.to) && !(hops.contains(hop) || hops.contains(hop.turned))
  }
}

extension Search {
  /// A node on the way to being settled: the nearest first, among equally near ones the one with fewer hops.
  private struct Entry: Comparable {
    var distance: Weight
    var hops = 0
    var node: Int32
    /// Its place among the labels of a search with a limit.
    var label = 0

    static func < (left: Entry, right: Entry) -> Bool {
      if left.distance != right.distance { return left.distance < right.distance }
      return left.hops != right.hops ? left.hops < right.hops : left.node < right.node
    }
  }

  private struct Side {
    var queue: Heap<Entry>
    var distance: [Int32: Weight]
    var hop: [Int32: Trail.Hop] = [:]
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

    func hops(to node: Int32) -> [Trail.Hop] {
      var hops: [Trail.Hop] = []
      var node = node
      while let hop = hop[node] {
        hops.append(hop)
        node = hop.from
      }
      return hops.reversed()
    }
  }

  /// A path of least weight by Dijkstra's algorithm from both ends; among equally light ones always the same.
  static func lightestTrail<Source: EdgeSource>(
    from start: Int32, to goal: Int32, in cache: inout EdgeCache<Source>, _ options: TraversalOptions,
    around barrier: Barrier = Barrier(), cost: inout SearchCost
  ) async throws -> Result<Trail, Failure> {
    if let limit = options.maxDepth {
      return try await lightestTrail(
        from: start, to: goal, in: &cache, options, ofAtMost: limit, around: barrier, cost: &cost)
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
        let hop = Trail.Hop(from: entry.node, to: step.node, label: step.label, isReversed: step.isReversed)
        guard barrier.admits(hop) else { continue }
        let distance = entry.distance + step.weight
        if let known = sides[own].distance[step.node], known <= distance { continue }
        sides[own].distance[step.node] = distance
        sides[own].hop[step.node] = hop
        sides[own].queue.insert(Entry(distance: distance, node: step.node))
        if let rest = sides[other].distance[step.node], best.map({ distance + rest < $0 }) ?? true {
          best = distance + rest
          meeting = step.node
        }
      }
    }
    guard let meeting, let best else { return .failure(Failure(result: .unreachable)) }
    let hops = sides[0].hops(to: meeting) + sides[1].hops(to: meeting).reversed().map(\.turned)
    return .success(Trail(hops: hops, weight: best))
  }

  /// The same with a limit of hops, which only a search from one end can keep: a node may be worth a second visit by a
  /// heavier way of fewer hops.
  private static func lightestTrail<Source: EdgeSource>(
    from start: Int32, to goal: Int32, in cache: inout EdgeCache<Source>, _ options: TraversalOptions,
    ofAtMost limit: Int, around barrier: Barrier, cost: inout SearchCost
  ) async throws -> Result<Trail, Failure> {
    var labels: [(hop: Trail.Hop?, previous: Int)] = [(nil, -1)]
    var queue: Heap<Entry> = [Entry(distance: Weight(0), node: start)]
    var fewestHops: [Int32: Int] = [:]
    var wasCut = false
    while let entry = queue.popMin() {
      if entry.node == goal {
        var hops: [Trail.Hop] = []
        var label = entry.label
        while let hop = labels[label].hop {
          hops.append(hop)
          label = labels[label].previous
        }
        return .success(Trail(hops: hops.reversed(), weight: entry.distance))
      }
      if let known = fewestHops[entry.node], known <= entry.hops { continue }
      fewestHops[entry.node] = entry.hops
      cost.nodes += 1
      try options.checkBudget(fewestHops.count)
      let steps = try await cache.steps(from: entry.node, upcoming: queue.unordered.lazy.map(\.node))
      if entry.hops == limit {
        wasCut = wasCut || !steps.isEmpty
        continue
      }
      for step in steps {
        let hop = Trail.Hop(from: entry.node, to: step.node, label: step.label, isReversed: step.isReversed)
        guard barrier.admits(hop), fewestHops[step.node].map({ entry.hops + 1 < $0 }) ?? true else {
          continue
        }
        labels.append((hop, entry.label))
        queue.insert(
          Entry(
            distance: entry.distance + step.weight, hops: entry.hops + 1, node: step.node,
            label: labels.count - 1))
      }
    }
    // Where no edge leads to the goal, no limit is to blame.
    let leadsThere = try await !cache.steps(from: goal, isBackward: true, upcoming: []).isEmpty
    return .failure(Failure(result: wasCut && leadsThere ? .beyondDepth(limit) : .unreachable))
  }
}

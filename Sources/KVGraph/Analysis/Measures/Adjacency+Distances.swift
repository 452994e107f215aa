import HeapModule
import KV

extension Adjacency {
  /// For each of ``nodes`` the sum of weights along the lightest way to it; `nil` where there is none.
  ///
  /// Where the adjacency was read without weights each edge weighs 1. Cost: that of Dijkstra's algorithm.
  /// - Parameters:
  ///   - start: where the ways begin; where it is not in the graph nothing is reached.
  ///   - direction: along edges, against them or either way.
  /// - Throws: invalid data where weights add up to more than a number can hold.
  public func distances(from start: NodeReference, direction: EdgeDirection = .out) throws -> [Weight?] {
    var distances = [Weight?](repeating: nil, count: nodeCount)
    guard let first = number(of: start) else { return distances }
    let lists = arcLists(direction)
    distances[Int(first)] = .zero
    var heap: Heap<Reached> = [Reached(distance: .zero, node: first)]
    while let reached = heap.popMin() {
      guard reached.distance == distances[Int(reached.node)] else { continue }
      for arc in lists.arcs(at: reached.node) {
        let distance = try finite(reached.distance + weight(of: lists.edges[arc]))
        let other = lists.others[arc]
        if let known = distances[Int(other)], known <= distance { continue }
        distances[Int(other)] = distance
        heap.insert(Reached(distance: distance, node: other))
      }
    }
    return distances
  }

  private struct Reached: Comparable {
    var distance: Weight
    var node: Int32

    static func < (left: Reached, right: Reached) -> Bool {
      left.distance != right.distance ? left.distance < right.distance : left.node < right.node
    }
  }

  /// For each of ``nodes`` how far the farthest node is that can be reached from it, in edges.
  ///
  /// Cost: a walk over the whole graph for each node, 64 at once, on several cores.
  /// - Parameters:
  ///   - direction: along edges, against them or either way.
  ///   - progress: told now and then how many walks are done.
  /// - Throws: `CancellationError` where the task is cancelled.
  public func eccentricities(
    direction: EdgeDirection = .out, progress: (Int) -> Void = { _ in }
  ) throws -> [Int] {
    var distances: [Int] = []
    distances.reserveCapacity(nodeCount)
    try MultiSourceWalk.run(
      from: Array(0..<Int32(nodeCount)), along: arcLists(direction), progress: progress, finding: [Int]()
    ) { walk, starts, farthest in
      farthest += walk.run(from: starts)
    } take: {
      distances += $0
    }
    return distances
  }

  /// The largest distance between two nodes of which one can be reached from the other, in edges: exactly where that takes no more than the
  /// effort, else what it is at least and at most.
  ///
  /// - Parameters:
  ///   - direction: along edges, against them or either way.
  ///   - effort: how many edges may be walked.
  ///   - progress: told now and then how many walks are done.
  /// - Throws: `CancellationError` where the task is cancelled.
  public func diameter(
    direction: EdgeDirection = .any, effort: Int = 2_000_000_000, progress: (Int) -> Void = { _ in }
  ) throws -> ClosedRange<Int> {
    if nodeCount == 0 { return 0...0 }
    let lists = arcLists(direction)
    let walks = max(effort / max(lists.others.count + nodeCount, 1), 16)
    let isEitherWay = direction == .any || isUndirected
    // Walks that go together share their steps: 16 of them cost about what one does by itself.
    if !isEitherWay, walks >= nodeCount / 16 {
      let farthest = try eccentricities(direction: direction, progress: progress).max() ?? 0
      return farthest...farthest
    }
    return try withoutActuallyEscaping(progress) { progress in
      var search = DiameterSearch(lists, walks: walks, progress: progress)
      return try isEitherWay ? search.inComponents(componentMembers(strong: false)) : search.alongArcs()
    }
  }
}

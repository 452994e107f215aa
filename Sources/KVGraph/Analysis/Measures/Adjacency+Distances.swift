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
  /// Cost: a walk over the whole graph for each node.
  /// - Parameters:
  ///   - direction: along edges, against them or either way.
  ///   - progress: told before each walk how many are done.
  public func eccentricities(direction: EdgeDirection = .out, progress: (Int) -> Void = { _ in }) -> [Int] {
    let lists = arcLists(direction)
    var walk = LevelWalk(nodeCount)
    return (0..<Int32(nodeCount)).map { node in
      progress(Int(node))
      var farthest: Int32 = 0
      walk.run(from: node, lists.offsets, lists.others) { _, distance in farthest = distance }
      return Int(farthest)
    }
  }

  /// The largest distance between two nodes of which one can be reached from the other, in edges: exactly where the graph is small, else
  /// what it is at least and at most.
  ///
  /// - Parameters:
  ///   - direction: along edges, against them or either way.
  ///   - effort: how many edges may be walked.
  ///   - progress: told before each walk how many are done.
  public func diameter(
    direction: EdgeDirection = .any, effort: Int = 2_000_000_000, progress: (Int) -> Void = { _ in }
  ) -> ClosedRange<Int> {
    if nodeCount == 0 { return 0...0 }
    let lists = arcLists(direction)
    let walks = max(effort / max(lists.others.count + nodeCount, 1), 16)
    var walk = LevelWalk(nodeCount)
    func farthest(from node: Int32) -> (distance: Int, node: Int32) {
      var last: (Int32, Int32) = (0, node)
      walk.run(from: node, lists.offsets, lists.others) { node, distance in last = (distance, node) }
      return (Int(last.0), last.1)
    }
    if walks >= nodeCount {
      var most = 0
      for node in 0..<Int32(nodeCount) {
        progress(Int(node))
        most = max(most, farthest(from: node).distance)
      }
      return most...most
    }
    // From the ends of long ways, and from nodes all over the graph. No way is longer than twice what is farthest from its middle.
    let isSymmetric = direction == .any || isUndirected
    var (least, most) = (0, nodeCount - 1)
    let sizes = isSymmetric ? weakComponentSizes().sorted(by: >) : []
    if let largest = sizes.first { most = largest - 1 }
    var start = Int32((0..<nodeCount).max { degree(lists, $0) < degree(lists, $1) } ?? 0)
    for number in 0..<walks {
      progress(number)
      let end = farthest(from: start)
      least = max(least, end.distance)
      // Only where it reaches all that a longer way could be in.
      if isSymmetric, walk.order.count * 2 > nodeCount {
        most = min(most, max(2 * end.distance, sizes.count > 1 ? sizes[1] - 1 : 0))
      }
      if least == most { break }
      start = number % 2 == 0 ? end.node : Int32(number * nodeCount / walks)
    }
    return least...max(least, most)
  }

  private func degree(_ lists: ArcLists, _ node: Int) -> Int { lists.arcs(at: Int32(node)).count }
}

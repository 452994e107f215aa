/// The largest distance between two nodes, by walks over the graph from few of them.
struct DiameterSearch {
  private let lists: ArcLists
  private let mostWalks: Int
  private let progress: (Int) -> Void
  private var walk: LevelWalk
  private var walks = 0
  /// The largest that was found.
  private var least = 0

  /// - Parameters:
  ///   - walks: after how many it ends with what is known.
  ///   - progress: told before each walk how many are done.
  init(_ lists: ArcLists, walks: Int, progress: @escaping (Int) -> Void) {
    (self.lists, mostWalks, self.progress) = (lists, walks, progress)
    walk = LevelWalk(lists.offsets.count - 1)
  }

  /// Of arcs that lead both ways (P. Crescenzi and others, "On computing the diameter of real-world undirected graphs", 2013): two nodes that are
  /// at most a level away from a third are no farther from each other than twice that, so from a node in the middle only the outermost levels
  /// are walked from.
  /// - Parameter components: the largest first.
  mutating func inComponents(_ components: [[Int32]]) throws -> ClosedRange<Int> {
    for (place, component) in components.enumerated() {
      if component.count - 1 <= least { break }
      _ = try farthest(from: middle(of: component))
      let levels = walk.order.map { (node: $0, level: Int(walk.distance[Int($0)])) }
      for (node, level) in levels.reversed() {
        if 2 * level <= least { break }
        if walks >= mostWalks {
          let next = components.dropFirst(place + 1).first?.count ?? 1
          return least...max(min(2 * level, component.count - 1), next - 1, least)
        }
        _ = try farthest(from: node)
      }
    }
    return least...least
  }

  /// Of arcs that lead one way: from the ends of long ways and from nodes all over the graph.
  mutating func alongArcs() throws -> ClosedRange<Int> {
    let count = lists.offsets.count - 1
    var start = mostConnected(Array(0..<Int32(count)))
    for number in 0..<mostWalks {
      let end = try farthest(from: start)
      start = number % 2 == 0 ? end : Int32(number * count / mostWalks)
    }
    return least...max(least, count - 1)
  }

  private mutating func farthest(from node: Int32) throws -> Int32 {
    try Task.checkCancellation()
    progress(walks)
    walks += 1
    var last = (node: node, distance: Int32(0))
    walk.run(from: node, lists.offsets, lists.others) { last = ($0, $1) }
    least = max(least, Int(last.distance))
    return last.node
  }

  private func mostConnected(_ nodes: [Int32]) -> Int32 {
    nodes.max { lists.arcs(at: $0).count < lists.arcs(at: $1).count } ?? 0
  }

  /// A node in the middle of a long way.
  private mutating func middle(of component: [Int32]) throws -> Int32 {
    var middle = mostConnected(component)
    for _ in 0..<2 {
      let end = try farthest(from: middle)
      middle = try farthest(from: end)
      // Back towards where the walk began.
      for level in stride(from: walk.distance[Int(middle)], to: walk.distance[Int(middle)] / 2, by: -1) {
        let before = lists.arcs(at: middle).first { walk.distance[Int(lists.others[$0])] == level - 1 }
        if let before { middle = lists.others[before] }
      }
    }
    return middle
  }
}

/// The neighbors of each node whatever the direction of the edges, each once, itself never, in the order of their numbers; and how many ways
/// there are to each.
struct NeighborLists {
  /// The neighbors of node `n` are those from `offsets[n]` to `offsets[n + 1]`.
  private(set) var offsets: [Int32]
  private(set) var nodes: [Int32]
  /// By place in ``nodes``: 2 where edges lead there and back, or both ways, else 1.
  private(set) var ways: [UInt8]

  var count: Int { offsets.count - 1 }

  func range(of node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }

  /// Cost: linear. Lists that are turned round come out in order, and turned round again are the lists in order.
  init(_ adjacency: Adjacency) {
    let entering = adjacency.entering
    let leaving = entering.turned()
    let (leavingEnds, targets) = (leaving.offsets.span, leaving.nodes.span)
    let (enteringEnds, sources) = (entering.offsets.span, entering.nodes.span)
    offsets = [Int32](repeating: 0, count: adjacency.nodeCount + 1)
    // A neighbor takes as many places as edges at most.
    var size = 0
    var nodes = [Int32](repeating: 0, count: 2 * targets.count)
    var ways = [UInt8](repeating: 0, count: nodes.count)
    var neighbors = nodes.mutableSpan
    var waysByPlace = ways.mutableSpan
    for node in 0..<adjacency.nodeCount {
      var (out, into) = (Int(leavingEnds[node]), Int(enteringEnds[node]))
      let (outEnd, inEnd) = (Int(leavingEnds[node + 1]), Int(enteringEnds[node + 1]))
      while out < outEnd || into < inEnd {
        let first = out < outEnd ? targets[out] : .max
        let second = into < inEnd ? sources[into] : .max
        let other = min(first, second)
        while out < outEnd, targets[out] == other { out += 1 }
        while into < inEnd, sources[into] == other { into += 1 }
        if Int(other) == node { continue }
        neighbors[size] = other
        waysByPlace[size] = first == second ? 2 : 1
        size += 1
      }
      offsets[node + 1] = Int32(size)
    }
    nodes.removeLast(nodes.count - size)
    ways.removeLast(ways.count - size)
    (self.nodes, self.ways) = (nodes, ways)
  }
}

extension Adjacency {
  /// Neighbors whatever the direction of the edges, each once and none itself.
  func undirectedNeighbors() -> NeighborLists { NeighborLists(self) }
}

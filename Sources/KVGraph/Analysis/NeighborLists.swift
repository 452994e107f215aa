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
    let count = adjacency.nodeCount
    let (entering, leaving) = Self.sorted(adjacency.offsets, adjacency.targets)
    offsets = [Int32](repeating: 0, count: count + 1)
    // A neighbor takes as many places as edges at most.
    var size = 0
    var nodes = [Int32](repeating: 0, count: 2 * adjacency.targets.count)
    var ways = [UInt8](repeating: 0, count: nodes.count)
    for node in 0..<count {
      var (out, into) = (leaving.offsets[node], entering.offsets[node])
      let (outEnd, inEnd) = (leaving.offsets[node + 1], entering.offsets[node + 1])
      while out < outEnd || into < inEnd {
        let first = out < outEnd ? leaving.nodes[Int(out)] : .max
        let second = into < inEnd ? entering.nodes[Int(into)] : .max
        let other = min(first, second)
        while out < outEnd, leaving.nodes[Int(out)] == other { out += 1 }
        while into < inEnd, entering.nodes[Int(into)] == other { into += 1 }
        if Int(other) == node { continue }
        nodes[size] = other
        ways[size] = first == second ? 2 : 1
        size += 1
      }
      offsets[node + 1] = Int32(size)
    }
    nodes.removeLast(nodes.count - size)
    ways.removeLast(ways.count - size)
    (self.nodes, self.ways) = (nodes, ways)
  }

  private typealias Lists = (offsets: [Int32], nodes: [Int32])

  /// For each node those from which arcs lead to it, and those to which arcs lead, both in the order of their numbers.
  private static func sorted(_ offsets: [Int32], _ targets: [Int32]) -> (entering: Lists, leaving: Lists) {
    let entering = turned((offsets, targets))
    return (entering, turned(entering))
  }

  private static func turned(_ lists: Lists) -> Lists {
    let count = lists.offsets.count - 1
    var offsets = [Int32](repeating: 0, count: count + 1)
    for node in lists.nodes { offsets[Int(node) + 1] += 1 }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var nodes = [Int32](repeating: 0, count: lists.nodes.count)
    for node in 0..<count {
      for place in Int(lists.offsets[node])..<Int(lists.offsets[node + 1]) {
        let other = Int(lists.nodes[place])
        nodes[Int(next[other])] = Int32(node)
        next[other] += 1
      }
    }
    return (offsets, nodes)
  }
}

extension Adjacency {
  /// Neighbors whatever the direction of the edges, each once and none itself.
  func undirectedNeighbors() -> NeighborLists { NeighborLists(self) }
}

/// What is reached from a node, level by level.
public struct Impact: Sendable {
  /// A node that is reached.
  public struct Reached: Sendable, Equatable {
    /// The node.
    public var node: NodeReference
    /// How many edges it is away, at the least.
    public var level: Int
    /// The node before it on a way that is among the shortest.
    public var by: NodeReference
    /// The last node that every way to it goes through; the start where there is no other.
    public var through: NodeReference
  }

  /// All that is reached, level by level, inside of one in key order; the start is not among it.
  public var reached: [Reached] = []
  /// The nodes through which every way to others goes, and how many those are, the most first, equally many in key order.
  public var gates: [(node: NodeReference, count: Int)] = []
}

extension Adjacency {
  /// What is reached from a node: against edges what depends on it, along edges what it depends on.
  ///
  /// Cost: a walk over what is reached; what every way goes through is found in passes over it, few in graphs as people have them (K. D. Cooper,
  /// T. J. Harvey and K. Kennedy, "A Simple, Fast Dominance Algorithm", 2001).
  /// - Parameters:
  ///   - start: the node.
  ///   - direction: along edges, against them or either way.
  ///   - maxDepth: how many edges away at most.
  public func impact(of start: NodeReference, direction: EdgeDirection = .in, maxDepth: Int = .max) -> Impact
  {
    var impact = Impact()
    guard let first = number(of: start) else { return impact }
    let lists = arcLists(direction)
    let parent = breadthFirst(from: first, lists, maxDepth)
    // Every way counts, also one that is longer.
    let (order, dominator) = dominators(from: first, lists)
    impact.reached.reserveCapacity(parent.order.count - 1)
    for node in parent.order.dropFirst() {
      impact.reached.append(
        Impact.Reached(
          node: self.node(node), level: Int(parent.level[Int(node)]), by: self.node(parent.by[Int(node)]),
          through: self.node(dominator[Int(node)])))
    }
    // From the farthest on, what is behind a node is what is behind those behind it.
    var behind = [Int](repeating: 0, count: nodeCount)
    for node in order.reversed() where node != first {
      behind[Int(dominator[Int(node)])] += behind[Int(node)] + (parent.level[Int(node)] < 0 ? 0 : 1)
    }
    impact.gates = order.filter { $0 != first && behind[Int($0)] > 0 }.sorted {
      (behind[Int($1)], $0) < (behind[Int($0)], $1)
    }.map { (self.node($0), behind[Int($0)]) }
    return impact
  }

  /// Level by level, each level in key order.
  private func breadthFirst(from start: Int32, _ lists: ArcLists, _ maxDepth: Int) -> (
    order: [Int32], level: [Int32], by: [Int32]
  ) {
    var level = [Int32](repeating: -1, count: nodeCount)
    var by = level
    level[Int(start)] = 0
    var order = [start]
    var current = [start]
    var depth = 0
    while !current.isEmpty, depth < maxDepth {
      depth += 1
      var next: [Int32] = []
      for node in current {
        for other in lists.others[lists.arcs(at: node)] where level[Int(other)] < 0 {
          level[Int(other)] = Int32(depth)
          by[Int(other)] = node
          next.append(other)
        }
      }
      next.sort()
      order += next
      current = next
    }
    return (order, level, by)
  }

  /// - Returns: the nodes in reverse postorder, and of each the last node that every way from the start to it goes through.
  private func dominators(from start: Int32, _ lists: ArcLists) -> (order: [Int32], dominator: [Int32]) {
    var number = [Int32](repeating: -1, count: nodeCount)
    var isSeen = [Bool](repeating: false, count: nodeCount)
    isSeen[Int(start)] = true
    var postorder: [Int32] = []
    var stack: [(node: Int32, arcs: Range<Int>)] = [(start, lists.arcs(at: start))]
    var before: [Int32: [Int32]] = [:]
    while let (node, rest) = stack.last {
      if let arc = rest.first {
        stack[stack.count - 1].arcs = rest.dropFirst()
        let other = lists.others[arc]
        if other != node { before[other, default: []].append(node) }
        if !isSeen[Int(other)] {
          isSeen[Int(other)] = true
          stack.append((other, lists.arcs(at: other)))
        }
        continue
      }
      stack.removeLast()
      number[Int(node)] = Int32(postorder.count)
      postorder.append(node)
    }
    let order = Array(postorder.reversed())
    var dominator = [Int32](repeating: -1, count: nodeCount)
    dominator[Int(start)] = start
    func common(_ left: Int32, _ right: Int32) -> Int32 {
      var (left, right) = (left, right)
      while left != right {
        while number[Int(left)] < number[Int(right)] { left = dominator[Int(left)] }
        while number[Int(right)] < number[Int(left)] { right = dominator[Int(right)] }
      }
      return left
    }
    var isChanged = true
    while isChanged {
      isChanged = false
      for node in order where node != start {
        var new: Int32 = -1
        for other in before[node] ?? [] where dominator[Int(other)] >= 0 {
          new = new < 0 ? other : common(new, other)
        }
        if new >= 0, dominator[Int(node)] != new {
          dominator[Int(node)] = new
          isChanged = true
        }
      }
    }
    return (order, dominator)
  }
}

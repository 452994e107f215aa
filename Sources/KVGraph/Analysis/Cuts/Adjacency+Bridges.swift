extension Adjacency {
  /// What holds the graph together, whatever the direction of the edges: the edges (bridges) and the nodes (articulation points) without which more of
  /// it would be apart. An edge beside which another runs is no bridge.
  ///
  /// Cost: linear; a walk with a stack of its own, for a path may be long.
  /// - Returns: the keys of the edges and the nodes, each in key order.
  public func bridgesAndArticulationPoints() -> (bridges: [String], points: [NodeReference]) {
    let lists = arcLists(.any)
    var order = [Int32](repeating: -1, count: nodeCount)
    var low = order
    var isPoint = [Bool](repeating: false, count: nodeCount)
    var bridges: [(edge: Int32, from: Int32, to: Int32)] = []
    var next: Int32 = 0
    for start in 0..<Int32(nodeCount) where order[Int(start)] < 0 {
      // Of each node on the way the edge that led to it, and what is left to look at.
      var stack: [(node: Int32, edge: Int32, arcs: Range<Int>)] = [(start, -1, lists.arcs(at: start))]
      (order[Int(start)], low[Int(start)]) = (next, next)
      next += 1
      var branches = 0
      while let (node, edge, rest) = stack.last {
        if let arc = rest.first {
          stack[stack.count - 1].arcs = rest.dropFirst()
          let other = lists.others[arc]
          if other == node || lists.edges[arc] == edge { continue }
          if order[Int(other)] >= 0 {
            low[Int(node)] = min(low[Int(node)], order[Int(other)])
          } else {
            (order[Int(other)], low[Int(other)]) = (next, next)
            next += 1
            stack.append((other, lists.edges[arc], lists.arcs(at: other)))
          }
          continue
        }
        stack.removeLast()
        guard let parent = stack.last?.node else { continue }
        low[Int(parent)] = min(low[Int(parent)], low[Int(node)])
        if low[Int(node)] > order[Int(parent)] { bridges.append((edge, parent, node)) }
        if parent == start {
          branches += 1
        } else if low[Int(node)] >= order[Int(parent)] {
          isPoint[Int(parent)] = true
        }
      }
      if branches > 1 { isPoint[Int(start)] = true }
    }
    bridges.sort { $0.edge < $1.edge }
    let keys = bridges.map { bridge in
      // The edge stands with the node that it leaves.
      arcs(from: bridge.from).contains(Int(bridge.edge))
        ? key(of: Int(bridge.edge), from: bridge.from) : key(of: Int(bridge.edge), from: bridge.to)
    }
    return (keys, (0..<Int32(nodeCount)).filter { isPoint[Int($0)] }.map { node($0) })
  }
}

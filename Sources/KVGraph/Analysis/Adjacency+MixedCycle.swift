extension Adjacency {
  /// A cycle where some edges are undirected: one of undirected edges alone, or else one with a directed edge, which there is just
  /// where that edge's ends can be reached from each other.
  func mixedCycle() -> [NodeReference]? {
    if let cycle = undirectedCycle() { return cycle }
    let sets = strongLabels()
    for node in 0..<Int32(nodeCount) {
      for edge in edges(from: node) where !labels.isUndirected(label(of: edge)) {
        let target = targets[edge]
        if sets[Int(node)] == sets[Int(target)] { return way(from: target, to: node) }
      }
    }
    return nil
  }

  /// The first that a search over undirected edges finds, deeper before wider, that takes no edge twice.
  private func undirectedCycle() -> [NodeReference]? {
    func neighbors(_ node: Int32) -> [Int] {
      arcs(from: node).filter { labels.isUndirected(label(of: $0)) }
    }
    var depth = [Int32](repeating: -1, count: nodeCount)
    for start in 0..<Int32(nodeCount) where depth[Int(start)] < 0 {
      var stack = [(node: start, arcs: neighbors(start)[...], hasTurned: true)]
      depth[Int(start)] = 0
      while !stack.isEmpty {
        guard let arc = stack[stack.count - 1].arcs.popFirst() else {
          stack.removeLast()
          continue
        }
        let target = targets[arc]
        // One edge leads back to where the walk came from; a second one is parallel to it.
        if stack.count > 1, target == stack[stack.count - 2].node, !stack[stack.count - 1].hasTurned {
          stack[stack.count - 1].hasTurned = true
          continue
        }
        if depth[Int(target)] < 0 {
          depth[Int(target)] = Int32(stack.count)
          stack.append((target, neighbors(target)[...], false))
        } else if Int(depth[Int(target)]) < stack.count, stack[Int(depth[Int(target)])].node == target {
          return stack[Int(depth[Int(target)])...].map { node($0.node) }
        }
      }
    }
    return nil
  }

  /// The nodes of a shortest way along the arcs, which there is.
  private func way(from start: Int32, to goal: Int32) -> [NodeReference] {
    var parent = [Int32](repeating: -1, count: nodeCount)
    parent[Int(start)] = start
    var queue = [start]
    var next = 0
    while next < queue.count, parent[Int(goal)] < 0 {
      let node = queue[next]
      next += 1
      for arc in arcs(from: node) where parent[Int(targets[arc])] < 0 {
        parent[Int(targets[arc])] = node
        queue.append(targets[arc])
      }
    }
    var way = [goal]
    while let last = way.last, last != start { way.append(parent[Int(last)]) }
    return way.reversed().map { node($0) }
  }
}

extension Adjacency {
  /// For each of ``nodes`` its core number: the largest k so that it is in a part of the graph in which every node has k neighbors or more.
  /// Whatever the direction of the edges; parallel edges count once and loops not at all.
  ///
  /// Cost: linear: level by level those nodes are looked at that are left, as often as their core numbers say, and these add up to no more
  /// than the neighbors.
  public func coreNumbers() -> [Int] {
    let lists = distinctNeighbors()
    let (offsets, neighbors) = (lists.offsets.span, lists.nodes.span)
    // By node, how many neighbors are left, and once it is peeled off its core number.
    var cores = (0..<nodeCount).map { lists.offsets[$0 + 1] - lists.offsets[$0] }
    var degree = cores.mutableSpan
    var remaining = Array(0..<Int32(nodeCount))
    var peeled: [Int32] = []
    var core: Int32 = 0
    while !remaining.isEmpty {
      var kept = 0
      for node in remaining {
        if degree[Int(node)] == core { peeled.append(node) }
        guard degree[Int(node)] > core else { continue }
        remaining[kept] = node
        kept += 1
      }
      remaining.removeLast(remaining.count - kept)
      while let node = peeled.popLast() {
        for place in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
          let other = Int(neighbors[place])
          guard degree[other] > core else { continue }
          degree[other] -= 1
          if degree[other] == core { peeled.append(Int32(other)) }
        }
      }
      core += 1
    }
    return cores.map { Int($0) }
  }

  /// As ``undirectedNeighbors()``, but in no order, which takes half the time.
  private func distinctNeighbors() -> NodeLists {
    let entering = entering
    let (leavingEnds, targets) = (offsets.span, targets.span)
    let (enteringEnds, sources) = (entering.offsets.span, entering.nodes.span)
    var size = 0
    var (ends, nodes) = (
      [Int32](repeating: 0, count: nodeCount + 1), [Int32](repeating: 0, count: 2 * targets.count)
    )
    // By node, for which one it was found last.
    var finders = [Int32](repeating: -1, count: nodeCount)
    var neighbors = nodes.mutableSpan
    var foundFor = finders.mutableSpan
    for node in 0..<nodeCount {
      foundFor[node] = Int32(node)
      let (out, into) = (
        Int(leavingEnds[node])..<Int(leavingEnds[node + 1]),
        Int(enteringEnds[node])..<Int(enteringEnds[node + 1])
      )
      for place in 0..<out.count + into.count {
        let other =
          place < out.count ? targets[out.lowerBound + place] : sources[into.lowerBound + place - out.count]
        if foundFor[Int(other)] == Int32(node) { continue }
        foundFor[Int(other)] = Int32(node)
        neighbors[size] = other
        size += 1
      }
      ends[node + 1] = Int32(size)
    }
    nodes.removeLast(nodes.count - size)
    return NodeLists(offsets: ends, nodes: nodes)
  }
}

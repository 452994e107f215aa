extension Adjacency {
  /// For each of ``nodes`` its core number: the largest k so that it is in a part of the graph in which every node has k neighbors or more.
  /// Whatever the direction of the edges; parallel edges count once and loops not at all.
  ///
  /// Cost: linear (V. Batagelj and M. Zaveršnik, 2003).
  public func coreNumbers() -> [Int] {
    let lists = undirectedNeighbors()
    var degree = (0..<Int32(nodeCount)).map { Int32(lists.range(of: $0).count) }
    let largest = Int(degree.max() ?? 0)
    // Nodes by degree: where each degree begins, the nodes in that order, and the place of each.
    var begin = [Int32](repeating: 0, count: largest + 2)
    for value in degree { begin[Int(value) + 1] += 1 }
    for value in 0..<(begin.count - 1) { begin[value + 1] += begin[value] }
    var next = begin
    var order = [Int32](repeating: 0, count: nodeCount)
    var place = order
    for node in 0..<nodeCount {
      let at = next[Int(degree[node])]
      next[Int(degree[node])] += 1
      (order[Int(at)], place[node]) = (Int32(node), at)
    }
    for index in 0..<nodeCount {
      let node = order[index]
      for slot in lists.range(of: node) {
        let other = Int(lists.nodes[slot])
        guard degree[other] > degree[Int(node)] else { continue }
        // To the front of those of its degree, which then begin behind it.
        let front = begin[Int(degree[other])]
        let first = order[Int(front)]
        if Int(first) != other {
          (order[Int(front)], order[Int(place[other])]) = (Int32(other), first)
          (place[Int(first)], place[other]) = (place[other], front)
        }
        begin[Int(degree[other])] += 1
        degree[other] -= 1
      }
    }
    return degree.map { Int($0) }
  }
}

extension Adjacency {
  /// For each of ``nodes`` its ``Centrality/closeness``, by walks from some of them.
  func closeness(
    from starts: [Int32], _ direction: EdgeDirection, _ progress: (Int) -> Void
  ) throws -> [Double] {
    // By node, how many walks came there from others, and how far these were.
    typealias Reached = (walks: Int, distance: Int)
    let none = [Reached](repeating: (0, 0), count: nodeCount)
    var sums = none
    try MultiSourceWalk.run(from: starts, along: arcLists(direction), progress: progress, finding: none) {
      walk, starts, reached in
      walk.run(from: starts) { node, distance, walks in
        guard distance > 0 else { return }
        reached[node].walks += walks.nonzeroBitCount
        reached[node].distance += walks.nonzeroBitCount * distance
      }
    } take: { reached in
      for node in sums.indices {
        sums[node].walks += reached[node].walks
        sums[node].distance += reached[node].distance
      }
    }
    let share = Double(nodeCount) / Double(starts.count)
    return sums.map { sum in
      if sum.walks == 0 { return 0 }
      let walks = Double(sum.walks)
      return walks / Double(sum.distance) * (walks * share) / Double(nodeCount - 1)
    }
  }
}

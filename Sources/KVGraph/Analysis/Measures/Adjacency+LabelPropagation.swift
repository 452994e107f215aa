extension Adjacency {
  /// Communities by label propagation, as LDBC Graphalytics defines it (CDLP): every node begins with a label of its own, and takes in each round
  /// the label that most of its neighbors have, of several the smallest. A neighbor that an edge leads to and another comes from counts twice.
  ///
  /// The smallest label is the smallest number where ids are numbers, else the first key. Cost: a pass over all edges a round; ends before
  /// where nothing changes, or all changes back.
  /// - Parameter iterations: how many rounds at most.
  /// - Returns: for each of ``nodes`` the node whose label it has.
  public func labelPropagation(iterations: Int = 10) -> [NodeReference] {
    let (incoming, outgoing) = (
      SimpleLists(arcLists(.in), keepsLoops: true), SimpleLists(arcLists(.out), keepsLoops: true)
    )
    let order = naturalOrder()
    var ranks = [Int32](repeating: 0, count: nodeCount)
    for (rank, node) in order.enumerated() { ranks[Int(node)] = Int32(rank) }
    var labels = ranks
    var counts = [Int32](repeating: 0, count: nodeCount)
    var seen: [Int32] = []
    var before: [Int32] = []
    for round in 0..<max(iterations, 0) {
      var next = labels
      for node in 0..<Int32(nodeCount) {
        seen.removeAll(keepingCapacity: true)
        for list in [outgoing, incoming] {
          for place in list.range(of: node) {
            let label = labels[Int(list.nodes[place])]
            if counts[Int(label)] == 0 { seen.append(label) }
            counts[Int(label)] += 1
          }
        }
        var (best, most): (Int32, Int32) = (labels[Int(node)], 0)
        for label in seen {
          let count = counts[Int(label)]
          if count > most || count == most && label < best { (best, most) = (label, count) }
          counts[Int(label)] = 0
        }
        next[Int(node)] = best
      }
      if next == labels { break }
      // From here on the labels change to and fro.
      if next == before {
        if (iterations - round) % 2 == 1 { labels = next }
        break
      }
      (before, labels) = (labels, next)
    }
    return labels.map { node(order[Int($0)]) }
  }

  /// All nodes: type by type, ids that are whole numbers by their values, before texts by their keys.
  private func naturalOrder() -> [Int32] {
    let keys = (0..<Int32(nodeCount)).map { number -> (type: String, value: Int?, number: Int32) in
      let node = node(number)
      return (node.type, Int(node.id).flatMap { String($0) == node.id ? $0 : nil }, number)
    }
    return keys.sorted { left, right in
      if left.type != right.type { return left.number < right.number }
      switch (left.value, right.value) {
      case (let left?, let right?) where left != right: return left < right
      case (_?, nil): return true
      case (nil, _?): return false
      default: return left.number < right.number
      }
    }.map(\.number)
  }
}

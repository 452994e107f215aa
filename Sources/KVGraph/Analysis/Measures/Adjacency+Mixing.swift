extension Adjacency {
  /// How alike the degrees are at the two ends of edges: their correlation, from -1 to 1; `nil` where all are the same or there is no edge.
  ///
  /// For an edge one way the degrees are those out of its source and into its target, else all at each end, and the edge counts both ways. Parallel
  /// edges count each.
  public var degreeAssortativity: Double? {
    var (outgoing, incoming) = ([Int](repeating: 0, count: nodeCount), [Int](repeating: 0, count: nodeCount))
    for node in 0..<Int32(nodeCount) {
      for arc in arcs(from: node) {
        // A loop of an undirected type ends twice at its node.
        let count = targets[arc] == node && labels.isUndirected(label(of: arc)) ? 2 : 1
        outgoing[Int(node)] += count
        incoming[Int(targets[arc])] += count
      }
    }
    var (count, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for node in 0..<Int32(nodeCount) {
      for arc in arcs(from: node) {
        let (left, right) = (Double(outgoing[Int(node)]), Double(incoming[Int(targets[arc])]))
        count += 1
        (x, y) = (x + left, y + right)
        (xx, yy, xy) = (xx + left * left, yy + right * right, xy + left * right)
      }
    }
    let spread = ((xx * count - x * x) * (yy * count - y * y)).squareRoot()
    return count > 0 && spread > 1e-9 ? (xy * count - x * y) / spread : nil
  }

  /// The share of pairs of nodes with an edge from one to the other for which there is one back as well; `nil` where there is none. Parallel edges
  /// count once and loops not at all.
  public var reciprocity: Double? {
    let lists = SimpleLists(arcLists(.out), keepsLoops: false)
    if lists.nodes.isEmpty { return nil }
    var mutual = 0
    for node in 0..<Int32(nodeCount) {
      for other in lists.neighbors(of: node) where lists.contains(node, at: other) { mutual += 1 }
    }
    return Double(mutual) / Double(lists.nodes.count)
  }

  /// How many nodes there are of each degree, the smallest degree first. An edge counts at both its ends, and a loop twice.
  public var degreeDistribution: [(degree: Int, nodes: Int)] {
    var counts: [Int: Int] = [:]
    for degree in degrees { counts[degree, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

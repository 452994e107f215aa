extension Adjacency {
  /// All pairs of nodes of which the second can be reached from the first along edges, itself only where it is on a cycle; by the first, then by the
  /// second.
  ///
  /// Cost: a walk from each node.
  /// - Parameter visit: returns false to end.
  public func transitiveClosure(_ visit: (_ from: NodeReference, _ to: NodeReference) throws -> Bool) rethrows
  {
    var walk = LevelWalk(nodeCount)
    for start in 0..<Int32(nodeCount) {
      var isOnCycle = false
      walk.run(from: start, offsets, targets) { node, _ in
        isOnCycle = isOnCycle || targets[arcs(from: node)].contains(start)
      }
      let from = node(start)
      for other in walk.order.sorted() where other != start || isOnCycle {
        if try !visit(from, node(other)) { return }
      }
    }
  }

  /// The strong components, the largest first, and the edges between them: the graph without its cycles.
  /// - Returns: the components as ``components(strong:)`` has them, and for each pair of them that edges join, by their places, how many there are.
  public func condensation() -> (components: [[NodeReference]], edges: [(from: Int, to: Int, count: Int)]) {
    let components = components(strong: true)
    var places = [Int32](repeating: 0, count: nodeCount)
    for (place, nodes) in components.enumerated() {
      for node in nodes { if let number = number(of: node) { places[Int(number)] = Int32(place) } }
    }
    struct Pair: Hashable {
      var from, to: Int32
    }
    var counts: [Pair: Int] = [:]
    for node in 0..<Int32(nodeCount) {
      for arc in arcs(from: node) where places[Int(node)] != places[Int(targets[arc])] {
        counts[Pair(from: places[Int(node)], to: places[Int(targets[arc])]), default: 0] += 1
      }
    }
    let edges = counts.map { (from: Int($0.key.from), to: Int($0.key.to), count: $0.value) }
    return (components, edges.sorted { ($0.from, $0.to) < ($1.from, $1.to) })
  }
}

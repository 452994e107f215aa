import KV

/// The edges at each node as a search in one direction sees them, in flat arrays.
///
/// Memory: 12 bytes an edge, 24 where it is seen from both ends.
package struct ArcLists: Sendable {
  /// The arcs at node `n` are those from `offsets[n]` to `offsets[n + 1]`: edges that leave it in key order, then those that enter it.
  package private(set) var offsets: [Int32]
  /// By arc, the node at the other end.
  package private(set) var others: [Int32]
  /// By arc, the number of its edge, which is the same from both ends.
  package private(set) var edges: [Int32]
  /// By arc, the number of its edge's type.
  package private(set) var types: [Int32]

  package func arcs(at node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }

  fileprivate init(_ adjacency: Adjacency, _ direction: EdgeDirection, typeNumbers: [Int32]) {

    let count = adjacency.nodeCount
    var offsets = [Int32](repeating: 0, count: count + 1)
    /// Calls `body` with each arc: the node where it is seen, the other, the edge.
    func forEachArc(_ body: (Int32, Int32, Int) -> Void) {
      for isEntering in [false, true] {
        if !adjacency.hasMirrors, direction == (isEntering ? .out : .in) { continue }
        for node in 0..<Int32(count) {
          for edge in adjacency.edges(from: node) {
            let other = adjacency.targets[edge]
            let isOneWay = !adjacency.labels.isUndirected(adjacency.label(of: edge))
            if isOneWay, direction == (isEntering ? .out : .in) { continue }
            // A loop that may be walked either way is one arc.
            if isEntering, node == other, !isOneWay || direction == .any { continue }
            if isEntering { body(other, node, edge) } else { body(node, other, edge) }
          }
        }
      }
    }
    forEachArc { node, _, _ in offsets[Int(node) + 1] += 1 }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var others = [Int32](repeating: 0, count: Int(offsets[count]))
    var (edges, types) = (others, others)
    forEachArc { node, other, edge in
      let place = Int(next[Int(node)])
      next[Int(node)] += 1
      others[place] = other
      edges[place] = Int32(edge)
      types[place] = typeNumbers[Int(adjacency.label(of: edge))]
    }
    (self.offsets, self.others, self.edges, self.types) = (offsets, others, edges, types)
  }

  /// Where each edge leads one way: what leaves a node stands as in the adjacency, and what enters it is sorted in by counting.
  fileprivate init(directed adjacency: Adjacency, _ direction: EdgeDirection, _ typeNumbers: [Int32]) {
    let (count, leaving, targets) = (adjacency.nodeCount, adjacency.offsets, adjacency.targets)
    if direction == .out {
      (offsets, others) = (leaving, targets)
      edges = Array(0..<Int32(targets.count))
      types = adjacency.arcLabels.map { typeNumbers[Int($0)] }
      return
    }
    let isAny = direction == .any
    var offsets = [Int32](repeating: 0, count: count + 1)
    for node in 0..<count {
      let arcs = Int(leaving[node])..<Int(leaving[node + 1])
      if isAny { offsets[node + 1] += Int32(arcs.count) }
      // A loop that may be walked either way is one arc.
      for arc in arcs where !isAny || Int(targets[arc]) != node { offsets[Int(targets[arc]) + 1] += 1 }
    }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var others = [Int32](repeating: 0, count: Int(offsets[count]))
    var (edges, types) = (others, others)
    func put(_ edge: Int, at node: Int, _ other: Int32) {
      let place = Int(next[node])
      next[node] += 1
      others[place] = other
      edges[place] = Int32(edge)
      types[place] = typeNumbers[Int(adjacency.arcLabels[edge])]
    }
    for isEntering in isAny ? [false, true] : [true] {
      for node in 0..<count {
        for arc in Int(leaving[node])..<Int(leaving[node + 1]) {
          if !isEntering {
            put(arc, at: node, targets[arc])
          } else if !isAny || Int(targets[arc]) != node {
            put(arc, at: Int(targets[arc]), Int32(node))
          }
        }
      }
    }
    (self.offsets, self.others, self.edges, self.types) = (offsets, others, edges, types)
  }
}

extension Adjacency {
  /// The types of edges, as people write them, by the numbers that ``ArcLists`` has.
  package var typeNames: [String] { typeNumbering.names }

  private var typeNumbering: (names: [String], numbers: [Int32]) {
    var names: [String] = []
    var known: [String: Int32] = [:]
    let numbers = (0..<Int32(labels.count)).map { label in
      let name = labels.type(of: label)
      if let number = known[name] { return number }
      known[name] = Int32(names.count)
      names.append(name)
      return Int32(names.count - 1)
    }
    return (names, numbers)
  }

  /// The edges as a search in a direction sees them, those of undirected types from both ends in any case.
  package func arcLists(_ direction: EdgeDirection) -> ArcLists {
    let types = typeNumbering.numbers
    return hasMirrors
      ? ArcLists(self, direction, typeNumbers: types) : ArcLists(directed: self, direction, types)
  }

  /// The edge of an arc at a node: whether it leaves that node, and its type and key, as in keys.
  package func edge(_ edge: Int32, at node: Int32) -> (isLeaving: Bool, label: String) {
    (arcs(from: node).contains(Int(edge)), labels[label(of: Int(edge))])
  }

  /// The number of a node; `nil` where it is not there.
  package func nodeNumber(_ node: NodeReference) -> Int32? { number(of: node) }

  /// A node, as in keys.
  package func keyPath(of node: Int32) -> String { path(of: node) }
}

import KV

/// The edges at each node as a search in one direction sees them, in flat arrays.
///
/// Memory: 12 bytes an edge, 24 where it is seen from both ends; what the adjacency has in the same order is shared with it.
package struct ArcLists: Sendable {
  /// The arcs at node `n` are those from `offsets[n]` to `offsets[n + 1]`: edges that leave it in key order, then those that enter it.
  package private(set) var offsets: [Int32]
  /// By arc, the node at the other end.
  package private(set) var others: [Int32]
  /// By arc, the number of its edge, which is the same from both ends.
  package private(set) var edges: [Int32]
  /// By arc, the number of its edge's type.
  package private(set) var types: [Int32]

  /// Those of no nodes.
  package init() { (offsets, others, edges, types) = ([0], [], [], []) }

  /// One from each node to itself, of no edge and no type.
  package init(toItself nodeCount: Int) {
    others = Array(0..<Int32(nodeCount))
    offsets = others + [Int32(nodeCount)]
    (edges, types) = (others.map { _ in -1 }, others.map { _ in -1 })
  }

  package func arcs(at node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }

  fileprivate init(_ adjacency: Adjacency, _ direction: EdgeDirection, typeNumbers: [Int32]) {
    if direction == .out, !adjacency.hasMirrors {
      (offsets, others) = (adjacency.offsets, adjacency.targets)
      edges = Array(0..<Int32(others.count))
      types = adjacency.arcLabels.map { typeNumbers[Int($0)] }
      return
    }
    let incoming = adjacency.incoming
    if direction == .in, !adjacency.hasMirrors {
      (offsets, others, edges) = (incoming.offsets, incoming.sources, incoming.edges)
      types = edges.map { typeNumbers[Int(adjacency.arcLabels[Int($0)])] }
      return
    }
    (offsets, others, edges, types) = ([0], [], [], [])
    offsets.reserveCapacity(adjacency.nodeCount + 1)
    let count = adjacency.edgeCount * (direction == .any ? 2 : 1)
    others.reserveCapacity(count)
    edges.reserveCapacity(count)
    types.reserveCapacity(count)
    func append(_ edge: Int32, _ other: Int32) {
      others.append(other)
      edges.append(edge)
      types.append(typeNumbers[Int(adjacency.label(of: Int(edge)))])
    }
    func isUndirected(_ edge: Int) -> Bool {
      adjacency.hasMirrors && adjacency.labels.isUndirected(adjacency.label(of: edge))
    }
    for node in 0..<Int32(adjacency.nodeCount) {
      for edge in adjacency.edges(from: node) where direction != .in || isUndirected(edge) {
        append(Int32(edge), adjacency.targets[edge])
      }
      for place in incoming.places(at: node) {
        let isEitherWay = direction == .any || isUndirected(Int(incoming.edges[place]))
        // A loop that may be walked either way is one arc.
        if isEitherWay ? incoming.sources[place] == node : direction == .out { continue }
        append(incoming.edges[place], incoming.sources[place])
      }
      offsets.append(Int32(others.count))
    }
  }
}

extension ArcLists {
  /// Those of some types alone.
  /// - Parameter isWanted: by the type's number.
  package func only(_ isWanted: [Bool]) -> ArcLists {
    var lists = self
    (lists.offsets, lists.others, lists.edges, lists.types) = ([0], [], [], [])
    lists.offsets.reserveCapacity(offsets.count)
    for node in 0..<Int32(offsets.count - 1) {
      for arc in arcs(at: node) where isWanted[Int(types[arc])] {
        lists.others.append(others[arc])
        lists.edges.append(edges[arc])
        lists.types.append(types[arc])
      }
      lists.offsets.append(Int32(lists.others.count))
    }
    return lists
  }
}

extension Adjacency {
  /// The types of edges, as people write them, by the numbers that ``ArcLists`` has.
  package var typeNames: [String] { typeNumbering.names }

  private var typeNumbering: (names: [String], numbers: [Int32]) {
    var names: [String] = []
    var known: [ByteKey: Int32] = [:]
    let numbers = (0..<Int32(labels.count)).map { label in
      let name = labels.type(of: label)
      if let number = known[ByteKey(name)] { return number }
      known[ByteKey(name)] = Int32(names.count)
      names.append(name)
      return Int32(names.count - 1)
    }
    return (names, numbers)
  }

  /// The edges as a search in a direction sees them, those of undirected types from both ends in any case.
  package func arcLists(_ direction: EdgeDirection) -> ArcLists {
    ArcLists(self, direction, typeNumbers: typeNumbering.numbers)
  }

  /// The edge of an arc at a node: whether it leaves that node, and its type and key, as in keys.
  package func edge(_ edge: Int32, at node: Int32) -> (isLeaving: Bool, label: String) {
    (arcs(from: node).contains(Int(edge)), labels[label(of: Int(edge))])
  }

  /// The number of a node; `nil` where it is not there.
  package func nodeNumber(_ node: NodeReference) -> Int32? { number(of: node) }

  /// The same of a node as in keys.
  package func nodeNumber(path: String) -> Int32? { names.find(path) }

  /// A node, as in keys.
  package func keyPath(of node: Int32) -> String { path(of: node) }
}

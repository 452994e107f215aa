import KV

/// A part of a graph that is small enough to be looked at: some of its edges, and nodes besides those at their ends.
public struct GraphExcerpt: Sendable, Equatable {
  /// In key order, each once.
  public var edges: [Edge]
  /// How many edges there are to choose from, without those that ``reduce()`` and ``collapse(type:but:)`` take away.
  public var edgeCount: Int
  /// Nodes to show besides those at the ends of edges.
  public var otherNodes: [NodeReference]
  /// How many nodes there are to show besides those at the ends of edges, where it is more than ``otherNodes``.
  public var otherNodeCount = 0
  /// The node that all is around, if there is one.
  public var center: NodeReference?
  /// How many edges were left out at a node that is shown, where that is known. A loop counts twice.
  public var hiddenEdges: [NodeReference: Int] = [:]
  /// How many edges ``reduce()`` has left out.
  public private(set) var reducedEdges = 0

  /// An excerpt of these edges, in key order; without a count, of no others.
  public init(
    edges: [Edge] = [], edgeCount: Int? = nil, otherNodes: [NodeReference] = [], center: NodeReference? = nil
  ) {
    (self.edges, self.otherNodes, self.center) = (edges, otherNodes, center)
    self.edgeCount = edgeCount ?? edges.count
  }

  /// Leaves out edges until there are at most so many.
  public mutating func limit(to count: Int, by preference: EdgePreference) {
    let count = max(count, 0)
    guard edges.count > count else { return }
    let all = edges
    edges = preference == .key ? Array(edges.prefix(count)) : edges.ofHighestDegrees(count)
    let shown = Set(edges.flatMap { [$0.from, $0.to] })
    func add(_ edges: [Edge], _ step: Int) {
      for node in edges.lazy.flatMap({ [$0.from, $0.to] }) where shown.contains(node) {
        hiddenEdges[node, default: 0] += step
      }
    }
    add(all, 1)
    add(edges, -1)
    hiddenEdges = hiddenEdges.filter { $0.value > 0 && shown.contains($0.key) }
  }

  /// Leaves out the edges that longer ways stand for (the transitive reduction), and counts them in ``reducedEdges``. Edges between
  /// nodes of one cycle and undirected ones stay, and edges that run beside each other stay or go together.
  ///
  /// Cost: for each node a walk along what can be reached from it. Throws failed where there are 2³⁰ edges or more.
  public mutating func reduce() throws {
    let longer = try Adjacency(directed: edges.filter(\.isDirected)).keysOfLongerWays()
    let kept = edges.filter { !longer.contains(ByteKey($0.key)) }
    reducedEdges += edges.count - kept.count
    edgeCount -= edges.count - kept.count
    edges = kept
  }

  /// Makes one node of all nodes of a type, `Type:n nodes`. Its edges keep their data, those inside of it go, and those that run
  /// beside each other then have numbers as keys.
  ///
  /// - Parameter type: of which type the nodes are.
  /// - Parameter others: those of them that stay by themselves.
  public mutating func collapse(type: String, but others: Set<NodeReference> = []) {
    func isInside(_ node: NodeReference) -> Bool {
      node.type.hasSameBytes(as: type) && !others.contains(node)
    }
    let inside = Set((edges.flatMap { [$0.from, $0.to] } + otherNodes).filter(isInside))
    guard inside.count > 1 else { return }
    let node = NodeReference(type: type, id: "\(inside.count) nodes")
    let before = edges.count
    var keys = Set(edges.map { ByteKey($0.key) })
    var numbers: [ByteKey: Int] = [:]
    edges = edges.compactMap { edge in
      switch (isInside(edge.from), isInside(edge.to)) {
      case (false, false): return edge
      case (true, true): return nil
      case (let leaves, _):
        var moved = edge
        moved.parallelKey = nil
        if leaves { moved.from = node } else { moved.to = node }
        let key = ByteKey(moved.key)
        while !keys.insert(ByteKey(moved.key)).inserted {
          numbers[key, default: 1] += 1
          moved.parallelKey = numbers[key].map { String($0) }
        }
        return moved
      }
    }.sorted { $0.key < $1.key }
    edgeCount -= before - edges.count
    otherNodes = otherNodes.filter { !isInside($0) }
    if !edges.contains(where: { $0.from == node || $0.to == node }) { otherNodes.append(node) }
    if center.map(isInside) == true { center = node }
    let hidden = hiddenEdges.filter { isInside($0.key) }
    hiddenEdges = hiddenEdges.filter { !isInside($0.key) }
    if case let sum = hidden.values.reduce(0, +), sum > 0 { hiddenEdges[node] = sum }
  }
}

/// Which edges an excerpt keeps where there are too many.
public enum EdgePreference: String, Sendable, CaseIterable {
  /// The first by key.
  case key
  /// Those between nodes of the highest degrees.
  case degree
}

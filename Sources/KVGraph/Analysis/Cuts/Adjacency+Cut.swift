import KV

extension Adjacency {
  /// The edges of the least weight, or the fewest where the adjacency was read without weights, without which there is no way from one node to another.
  ///
  /// Of several sets the one nearest to the first node. Cost: that of a maximum flow.
  /// - Parameters:
  ///   - start: one node.
  ///   - end: another.
  ///   - direction: which ways are to be cut: along edges, against them or either way.
  /// - Returns: the keys of the edges, in key order, and the sum of their weights.
  /// - Throws: usage where both are the same node; invalid data where the weights add up to more than a number can hold.
  public func edgeCut(from start: NodeReference, to end: NodeReference, direction: EdgeDirection = .out)
    throws
    -> (edges: [String], weight: Weight)
  {
    guard let (source, sink) = try ends(start, end) else { return ([], .zero) }
    var edges: [(arc: Int, from: Int32)] = []
    for node in 0..<Int32(nodeCount) {
      for arc in self.edges(from: node) where targets[arc] != node { edges.append((arc, node)) }
    }
    let isNear =
      isWeighted
      ? reached(from: source, to: sink, along: edges, direction) { self.weight(of: Int32($0)) }
      : reached(from: source, to: sink, along: edges, direction) { _ in Int32(1) }
    let leads = leads(to: sink, direction, besides: isNear)
    let cut = edges.filter { edge in
      let (from, to) = (isNear[Int(edge.from)], isNear[Int(targets[edge.arc])])
      // An edge that weighs nothing need not be on a way.
      if from == to || !leads[Int(from ? targets[edge.arc] : edge.from)] { return false }
      let isBoth = direction == .any || labels.isUndirected(label(of: edge.arc))
      return isBoth || from == (direction == .out)
    }
    let weight = try sum(cut.map { self.weight(of: Int32($0.arc)) })
    return (cut.map { key(of: $0.arc, from: $0.from) }, weight)
  }

  /// By node, whether it is on the first node's side of the least cut.
  private func reached<Capacity: AdditiveArithmetic & Comparable>(
    from source: Int32, to sink: Int32, along edges: [(arc: Int, from: Int32)], _ direction: EdgeDirection,
    capacity: (Int) -> Capacity
  ) -> [Bool] {
    var flow = MaximumFlow<Capacity>(nodeCount: nodeCount)
    for (arc, node) in edges {
      let capacity = capacity(arc)
      let isBoth = direction == .any || labels.isUndirected(label(of: arc))
      flow.addArc(
        from: node, to: targets[arc], direction == .in && !isBoth ? .zero : capacity,
        backward: isBoth || direction == .in ? capacity : .zero)
    }
    flow.run(from: source, to: sink)
    return flow.reached
  }

  /// By node, whether it leads to another, by ways that do not come by some nodes.
  private func leads(to sink: Int32, _ direction: EdgeDirection, besides others: [Bool]) -> [Bool] {
    var leads = [Bool](repeating: false, count: nodeCount)
    if others[Int(sink)] { return leads }
    let lists = arcLists(direction.reversed)
    leads[Int(sink)] = true
    var stack = [sink]
    while let node = stack.popLast() {
      for other in lists.others[lists.arcs(at: node)] where !leads[Int(other)] && !others[Int(other)] {
        leads[Int(other)] = true
        stack.append(other)
      }
    }
    return leads
  }

  /// The fewest nodes without which there is no way from one node to another.
  ///
  /// Of several sets the one nearest to the first node. Cost: that of a maximum flow.
  /// - Parameters:
  ///   - start: one node.
  ///   - end: another.
  ///   - direction: which ways are to be cut: along edges, against them or either way.
  /// - Returns: the nodes, in key order; `nil` where an edge joins the two, and no nodes can part them.
  /// - Throws: usage where both are the same node.
  public func nodeCut(from start: NodeReference, to end: NodeReference, direction: EdgeDirection = .out)
    throws
    -> [NodeReference]?
  {
    guard let (source, sink) = try ends(start, end) else { return [] }
    let lists = arcLists(direction)
    if lists.others[lists.arcs(at: source)].contains(sink) { return nil }
    // Each node is an arc that takes one, from where edges enter it to where they leave it.
    let all = Int32(nodeCount)
    var flow = MaximumFlow<Int32>(nodeCount: 2 * nodeCount)
    for node in 0..<Int32(nodeCount) {
      flow.addArc(from: 2 * node, to: 2 * node + 1, node == source || node == sink ? all : 1)
      for other in Set(lists.others[lists.arcs(at: node)]).sorted() where other != node {
        flow.addArc(from: 2 * node + 1, to: 2 * other, all)
      }
    }
    flow.run(from: 2 * source, to: 2 * sink + 1)
    let isNear = flow.reached
    return (0..<Int32(nodeCount)).filter { isNear[Int(2 * $0)] && !isNear[Int(2 * $0 + 1)] }.map { node($0) }
  }

  /// `nil` where one of them is not in the graph.
  private func ends(_ start: NodeReference, _ end: NodeReference) throws -> (Int32, Int32)? {
    guard let source = number(of: start), let sink = number(of: end) else { return nil }
    if source == sink { throw KVError(.usage, "nothing parts \(start) from itself") }
    return (source, sink)
  }
}

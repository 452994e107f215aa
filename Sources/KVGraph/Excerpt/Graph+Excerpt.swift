import KV

extension Graph {
  /// What lies around nodes: the edges that start or end less than `depth` steps from one of them.
  ///
  /// Cost: as ``neighborhood(of:depth:options:)`` for each. Throws not found where one of them is not there.
  /// - Parameters:
  ///   - nodes: where it is looked.
  ///   - depth: how many steps.
  ///   - options: which edges there are; the direction is ignored.
  ///   - limit: how many edges at most.
  ///   - preference: which of more.
  public func excerpt(
    around nodes: [NodeReference], depth: Int, options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    limit: Int, preferring preference: EdgePreference = .degree
  ) async throws -> GraphExcerpt {
    var edges: [ByteKey: Edge] = [:]
    for node in nodes {
      try await require(node)
      for edge in try await neighborhood(of: node, depth: depth, options: options) {
        edges[ByteKey(edge.key)] = edge
      }
    }
    var excerpt = GraphExcerpt(
      edges: edges.values.sorted { $0.key < $1.key }, otherNodes: nodes,
      center: nodes.count == 1 ? nodes[0] : nil)
    excerpt.limit(to: limit, by: preference)
    return excerpt
  }

  /// Edges of the whole graph, or those that touch a node of a type; and where all of them fit the limit and the options admit all
  /// edges, the nodes without edges, as many as it leaves room for.
  ///
  /// Cost: a read of edges up to the limit; beyond it a count, of all edges where a type is given, or by degree an ``Adjacency``.
  /// - Parameters:
  ///   - nodeType: the type; `nil` for all.
  ///   - options: which edges there are; the direction is ignored.
  ///   - limit: how many edges at most.
  ///   - preference: which of more.
  public func excerpt(
    touching nodeType: String? = nil, options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    limit: Int,
    preferring preference: EdgePreference = .degree
  ) async throws -> GraphExcerpt {
    var excerpt = GraphExcerpt()
    for try await edge in edges(undirected: try await undirectedTypes)
    where options.covers(edge) && edge.touches(type: nodeType) {
      excerpt.edgeCount += 1
      if excerpt.edgeCount <= limit { excerpt.edges.append(edge) }
      guard excerpt.edgeCount > limit else { continue }
      if preference == .degree {
        let adjacency = try await Adjacency(of: self, options: options)
        (excerpt.edges, excerpt.edgeCount, excerpt.hiddenEdges) = try await edgesOfHighestDegrees(
          limit, in: adjacency, touching: nodeType)
        break
      }
      // Nothing is asked of the rest but how many there are.
      if options.admitsAllEdges, nodeType == nil {
        excerpt.edgeCount = try await edgeCount
        break
      }
    }
    if options.admitsAllEdges, excerpt.edgeCount <= limit {
      let drawn = Set(excerpt.edges.flatMap { [$0.from, $0.to] })
      try await forEachNode(NodeSelection(type: nodeType)) { node in
        if drawn.contains(node.reference) { return true }
        excerpt.otherNodeCount += 1
        if excerpt.otherNodeCount <= limit { excerpt.otherNodes.append(node.reference) }
        return true
      }
    }
    return excerpt
  }

  /// Nodes, edges and the first few others at each of the nodes, such as those of a path.
  /// - Parameters:
  ///   - options: along which edges others are looked for.
  ///   - nodes: in the order in which they take edges: what one takes the next has not to take.
  ///   - edges: the edges that are there in any case.
  ///   - count: how many others at most at each node.
  public func excerpt(
    along nodes: [NodeReference], edges: [Edge], adding count: Int,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> GraphExcerpt {
    var found = Dictionary(edges.map { ($0.key, $0) }) { first, _ in first }
    for node in nodes {
      let near = try await neighborhood(of: node, depth: 1, options: options)
      for edge in near.filter({ found[$0.key] == nil }).prefix(max(count, 0)) { found[edge.key] = edge }
    }
    let ends = Set(found.values.flatMap { [$0.from, $0.to] })
    return GraphExcerpt(
      edges: found.sorted { $0.key < $1.key }.map(\.value), otherNodes: nodes.filter { !ends.contains($0) })
  }
}

extension Edge {
  /// By bytes: canonically equivalent texts are different types.
  fileprivate func touches(type: String?) -> Bool {
    guard let type else { return true }
    return from.type.hasSameBytes(as: type) || to.type.hasSameBytes(as: type)
  }
}

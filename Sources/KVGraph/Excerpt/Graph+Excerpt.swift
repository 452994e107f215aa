import KV

extension Graph {
  /// What lies around a node: the edges that start or end less than `depth` steps from it.
  ///
  /// Cost: as ``neighborhood(of:depth:options:)``. Throws not found where the node is not there.
  public func excerpt(
    around node: NodeReference, depth: Int, edgeTypes: [String] = [], limit: Int,
    preferring preference: EdgePreference = .key
  ) async throws -> GraphExcerpt {
    try await require(node)
    let options = TraversalOptions(edgeTypes: edgeTypes, nodeBudget: .max)
    let edges = try await neighborhood(of: node, depth: depth, options: options)
    var excerpt = GraphExcerpt(edges: edges, otherNodes: [node], center: node)
    excerpt.limit(to: limit, by: preference)
    return excerpt
  }

  /// Edges of the whole graph, or those that touch a node of a type; and where all of them fit the limit and no edge type is asked
  /// for, the nodes without edges, as many as it leaves room for.
  ///
  /// Cost: a read of edges up to the limit and a count; of all edges where a type is given or the preference is by degree, which
  /// takes an ``Adjacency``.
  public func excerpt(
    touching nodeType: String? = nil, edgeType: String? = nil, limit: Int,
    preferring preference: EdgePreference = .key
  ) async throws -> GraphExcerpt {
    let options = TraversalOptions(edgeTypes: edgeType.map { [$0] } ?? [], nodeBudget: .max)
    var excerpt = GraphExcerpt()
    if preference == .degree {
      let adjacency = try await Adjacency(of: self, options: options)
      (excerpt.edges, excerpt.edgeCount) = try await edgesOfHighestDegrees(
        limit, in: adjacency, touching: nodeType)
    } else {
      for try await edge in edges(undirected: try await undirectedTypes)
      where options.covers(edge) && edge.touches(type: nodeType) {
        excerpt.edgeCount += 1
        if excerpt.edgeCount <= limit { excerpt.edges.append(edge) }
        // Nothing is asked of the rest but how many there are.
        if excerpt.edgeCount > limit, edgeType == nil, nodeType == nil {
          excerpt.edgeCount = try await edgeCount
          break
        }
      }
    }
    if edgeType == nil, excerpt.edgeCount <= limit {
      let drawn = Set(excerpt.edges.flatMap { [$0.from, $0.to] })
      var room = limit
      try await forEachNode(NodeSelection(type: nodeType)) { node in
        if drawn.contains(node.reference) { return true }
        excerpt.otherNodes.append(node.reference)
        room -= 1
        return room > 0
      }
    }
    return excerpt
  }

  /// Edges and the first few others at each of some nodes, such as those of a path.
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
      for edge in near.filter({ found[$0.key] == nil }).prefix(count) { found[edge.key] = edge }
    }
    return GraphExcerpt(edges: found.sorted { $0.key < $1.key }.map(\.value))
  }
}

extension Edge {
  /// By bytes: canonically equivalent texts are different types.
  fileprivate func touches(type: String?) -> Bool {
    guard let type else { return true }
    return from.type.utf8.elementsEqual(type.utf8) || to.type.utf8.elementsEqual(type.utf8)
  }
}

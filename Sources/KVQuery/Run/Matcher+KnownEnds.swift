import KV
import KVGraph

/// Shortest paths between two nodes that are known: those that KVGraph finds, from both ends.
extension Matcher {
  /// Whether all that counts of an edge is its type and where it leads.
  func isPlain(_ pattern: EdgePattern, _ state: State, _ part: PatternPart) -> Bool {
    !isWriting && pattern.typeExpression == nil && pattern.properties == nil && pattern.condition == nil
  }

  func shortest(_ part: PatternPart, _ step: Step, _ state: State, to end: QueryNode, isAll: Bool)
    async throws -> [Walk]
  {
    guard let start = state.trail?.node(at: step.from) else { return [] }
    let pattern = part.edges[step.edge]
    // As it is written, whichever end was known first: so equal paths come in the same order.
    let (from, to) = step.isBackward ? (end, start) : (start, end)
    let most = pattern.length?.upperBound ?? 1
    let options = TraversalOptions(
      direction: pattern.direction.edgeDirection, maxDepth: most == .max ? nil : most,
      edgeTypes: pattern.types, nodeBudget: .max)
    var walks: [Walk] = []
    func take(_ path: Path) {
      var nodes = path.nodes.map { graph.node($0) }
      var edges = path.edges.map { graph.edge($0) }
      if step.isBackward { (nodes, edges) = (nodes.reversed(), edges.reversed()) }
      var walk = Walk(state, at: start)
      for (edge, node) in zip(edges, nodes.dropFirst()) { walk.extend(along: edge, to: node, step) }
      walks.append(walk)
    }
    let result: PathResult
    if isAll {
      result = try await graph.graph.allShortestPaths(
        from: from.reference, to: to.reference, limit: .max, options: options
      ) { path in
        take(path)
        try evaluator.memory.allow(
          walks.count * 100 * path.edges.count, for: "the search for paths", at: pattern.place)
      }
    } else {
      result = try await graph.graph.shortestPath(
        from: from.reference, to: to.reference, options: options)
      result.paths.forEach(take)
    }
    graph.noteRequests(result.cost.requests)
    return walks
  }
}

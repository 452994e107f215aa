import KV
import KVGraph

/// Shortest paths between two nodes that are known: those that KVGraph finds, from both ends.
extension Matcher {
  /// Whether all that counts of an edge is its type and where it leads.
  func isPlain(_ pattern: EdgePattern, _ state: State, _ part: PatternPart) -> Bool {
    !isWriting && pattern.typeExpression == nil && pattern.properties == nil && pattern.condition == nil
  }

  /// Goes on with the shortest walks to a node, of which there may be very many: a batch at a time.
  func finishShortest(
    _ part: PatternPart, _ step: Step, _ state: State, to end: QueryNode, isAll: Bool, _ emit: @escaping Emit
  ) async throws -> Bool {
    guard let start = state.trail?.node(at: step.from) else { return true }
    let pattern = part.edges[step.edge]
    // As it is written, whichever end was known first: so equal paths come in the same order.
    let (from, to) = step.isBackward ? (end, start) : (start, end)
    let most = pattern.length?.upperBound ?? 1
    let options = TraversalOptions(
      direction: pattern.direction.edgeDirection, maxDepth: most == .max ? nil : most,
      edgeTypes: pattern.types, nodeBudget: .max)
    func walk(along path: Path) -> Walk {
      var nodes = path.nodes.map { graph.node($0) }
      var edges = path.edges.map { graph.edge($0) }
      if step.isBackward { (nodes, edges) = (nodes.reversed(), edges.reversed()) }
      var walk = Walk(state, at: start)
      for (edge, node) in zip(edges, nodes.dropFirst()) { walk.extend(along: edge, to: node, step) }
      return walk
    }
    guard isAll else {
      let result = try await graph.graph.shortestPath(
        from: from.reference, to: to.reference, options: options)
      graph.noteRequests(result.cost.requests)
      return result.paths.isEmpty ? true : try await finish(result.paths.map(walk), part, step, emit)
    }
    var walks: [Walk] = []
    do {
      let result = try await graph.graph.allShortestPaths(
        from: from.reference, to: to.reference, limit: .max, options: options
      ) { path in
        walks.append(walk(along: path))
        guard walks.count == Self.batch else { return }
        if try await !finish(walks, part, step, emit) { throw NoMoreWanted() }
        walks = []
      }
      graph.noteRequests(result.cost.requests)
    } catch is NoMoreWanted {
      return false
    }
    return walks.isEmpty ? true : try await finish(walks, part, step, emit)
  }
}

/// Ends a search whose further paths nobody asks for.
private struct NoMoreWanted: Error {}

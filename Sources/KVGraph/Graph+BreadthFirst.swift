import KV

/// A node that a walk reached.
public struct Visit: Sendable, Equatable {
  public var node: NodeReference
  public var depth: Int
  /// The node it was reached from; `nil` for the start.
  public var parent: NodeReference?
}

extension JSON {
  /// `{"depth","node","parent"}`, without the parent for the start.
  public init(_ visit: Visit) {
    self = JSON(
      members: [("depth", JSON(visit.depth)), ("node", JSON(visit.node))]
        + (visit.parent.map { [("parent", JSON($0))] } ?? []))
  }
}

extension Graph {
  /// The nodes that can be reached along outgoing edges, level by level from the start, each once; inside a level in
  /// the order in which key order finds them. `visit` returns false to end the walk.
  public func breadthFirst(
    from start: NodeReference, options: TraversalOptions = TraversalOptions(),
    isolation: isolated (any Actor)? = #isolation, visit: (Visit) async throws -> Bool
  ) async throws {
    var side = SearchSide(start.path)
    while !side.frontier.isEmpty {
      for path in side.frontier {
        guard let node = NodeReference(path: path) else { continue }
        let parent = side.parents[path]?.edge.flatMap { EdgeKey($0) }.flatMap { NodeReference(path: $0.from) }
        guard try await visit(Visit(node: node, depth: side.depth, parent: parent)) else { return }
      }
      if let limit = options.maxDepth, side.depth >= limit { return }
      try await expand(&side, .outgoing, options)
    }
  }

  /// The edges that start or end less than `depth` hops from the node, in both directions, in key order.
  public func neighbourhood(
    of node: NodeReference, depth: Int, options: TraversalOptions = TraversalOptions()
  ) async throws -> [Edge] {
    var seen: Set<String> = [node.path]
    var frontier = [node.path]
    var keys: Set<String> = []
    for _ in 0..<depth where !frontier.isEmpty {
      var next: [String] = []
      for start in stride(from: 0, to: frontier.count, by: 10_000) {
        let nodes = Array(frontier[start..<min(start + 10_000, frontier.count)])
        let adjacent = try await store.outgoingEdgeKeys(of: nodes) + store.incomingEdgeKeys(of: nodes)
        for hit in adjacent {
          guard let edge = options.admitted(hit.key),
            edge.from == nodes[hit.node] || edge.to == nodes[hit.node]
          else { continue }
          keys.insert(hit.key)
          for end in [edge.from, edge.to] where seen.insert(end).inserted { next.append(end) }
        }
        try options.checkBudget(seen.count)
      }
      frontier = next
    }
    return try await edges(keys: keys.sorted())
  }
}

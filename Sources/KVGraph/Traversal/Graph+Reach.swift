import KV

/// A node that a walk reached.
public struct Visit: Sendable, Equatable {
  /// The node that was reached.
  public var node: NodeReference
  /// How many edges the walk took from the start to the node; 0 for the start. The fewest possible in a breadth-first walk.
  public var depth: Int
  /// The node from which it was reached; `nil` for the start.
  public var parent: NodeReference?
}

extension Graph {
  /// The node of a type that is the fewest steps away, the first in the order of ``breadthFirst(from:options:)`` of several; `nil` where
  /// none can be reached. The start itself does not count. Cost: a search up to that node.
  public func nearest(
    ofType type: String, to start: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> NodeReference? {
    for try await visit in breadthFirst(from: start, options: options)
    where visit.depth > 0 && visit.node.type.hasSameBytes(as: type) {
      return visit.node
    }
    return nil
  }
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
  /// How many nodes can be reached from the start, itself among them, and how many edges were seen.
  public func reach(
    from start: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> TraversalCost {
    var source = try await source(options)
    var cost = TraversalCost()
    guard let number = source.number(of: start) else { return cost }
    var side = TraversalSide(number, options.direction)
    while !side.frontier.isEmpty, options.maxDepth.map({ Int(side.level) < $0 }) ?? true {
      try await side.expand(in: &source, options)
    }
    (cost.levels, cost.nodes) = (Int(side.level), side.count)
    (cost.edges, cost.requests) = (source.edgesRead, source.requests)
    return cost
  }

  /// The edges that start or end less than `depth` steps from the node, in both directions, in key order.
  public func neighborhood(
    of node: NodeReference, depth: Int, options: TraversalOptions = TraversalOptions()
  ) async throws -> [Edge] {
    var source = try await source(options)
    guard let number = source.number(of: node) else { return [] }
    var seen: Set<Int32> = [number]
    var frontier = [number]
    var steps: Set<PathStep> = []
    var level = 0
    while level < depth, !frontier.isEmpty {
      level += 1
      let asked = frontier
      frontier = []
      for start in stride(from: 0, to: asked.count, by: 10_000) {
        for step in try await source.steps(from: asked[start..<min(start + 10_000, asked.count)], .any) {
          let pathStep = PathStep(
            from: asked[start + Int(step.position)], to: step.node, label: step.label,
            isReversed: step.isReversed)
          steps.insert(step.isReversed ? pathStep.turned : pathStep)
          if seen.insert(step.node).inserted { frontier.append(step.node) }
        }
        try options.checkBudget(seen.count)
      }
    }
    return try await edges(keys: steps.map { source.key($0) }.sorted(), undirected: source.undirectedTypes)
  }
}

import KV

/// How many edges a node has. An undirected edge, or one from the node to itself, counts both as outgoing and as incoming.
public struct Degree: Sendable, Equatable {
  /// How many edges leave the node.
  public var outgoing: Int
  /// How many edges enter the node.
  public var incoming: Int
}

extension JSON {
  /// `{"in","out"}`.
  public init(_ degree: Degree) {
    self = JSON(members: [("in", JSON(degree.incoming)), ("out", JSON(degree.outgoing))])
  }
}

extension Graph {
  /// The nodes at most `options.maxDepth` steps away (however far, where it is `nil`), without the node itself: level by
  /// level, each level in the order of the keys. Cost: one request for 10,000 nodes of a level, and one more where the direction is
  /// `any` or the graph has undirected types; only keys are read unless there is a predicate or a filter.
  public func neighbors(
    of node: NodeReference, options: TraversalOptions = TraversalOptions(maxDepth: 1)
  ) async throws -> [NodeReference] {
    var source = try await source(options)
    guard let number = source.number(of: node) else { return [] }
    var side = TraversalSide(number, options.direction)
    var found: [String] = []
    while !side.frontier.isEmpty, options.maxDepth.map({ Int(side.level) < $0 }) ?? true {
      try await side.expand(in: &source, options)
      found += side.frontier.map { source.path(of: $0) }.sorted()
    }
    return found.compactMap { NodeReference(path: $0) }
  }

  /// The neighbors that two nodes have in common, in the order of the keys.
  public func mutualNeighbors(
    of first: NodeReference, and second: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> [NodeReference] {
    let common = try await Set(otherEnds(of: first, options)).intersection(otherEnds(of: second, options))
    return common.sorted().compactMap { NodeReference(path: $0) }
  }

  /// How many edges of the node the options admit; their direction and limits are ignored. Cost: two requests for edges, or four where
  /// the graph has undirected types; only keys are read unless there is a predicate or a filter.
  public func degree(
    of node: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> Degree {
    var options = options
    options.direction = .out
    let outgoing = try await otherEnds(of: node, options).count
    options.direction = .in
    return Degree(outgoing: outgoing, incoming: try await otherEnds(of: node, options).count)
  }

  /// For each edge of the node the end that is not the node.
  private func otherEnds(of node: NodeReference, _ options: TraversalOptions) async throws -> [String] {
    var source = try await source(options)
    guard let number = source.number(of: node) else { return [] }
    return try await source.steps(from: [number], options.direction).map { source.path(of: $0.node) }
  }
}

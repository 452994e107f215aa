import KV

/// Which edges of a node count: those that leave it, those that enter it, or both.
public enum EdgeDirection: String, Sendable, CaseIterable {
  case out, `in`, any
}

/// How many edges a node has. One from a node to itself leaves it and enters it.
public struct Degree: Sendable, Equatable {
  public var outgoing: Int
  public var incoming: Int
}

extension JSON {
  /// `{"in","out"}`.
  public init(_ degree: Degree) {
    self = JSON(members: [("in", JSON(degree.incoming)), ("out", JSON(degree.outgoing))])
  }
}

extension Graph {
  /// The nodes at most `options.maxDepth` hops away (1 where it is not given), without the node itself: level by level,
  /// each level in the order of the keys. Cost: one request a level and direction; only keys are read.
  public func neighbours(
    of node: NodeReference, direction: EdgeDirection = .out, options: TraversalOptions = TraversalOptions()
  ) async throws -> [NodeReference] {
    var seen: Set<String> = [node.path]
    var frontier = [node.path]
    var found: [String] = []
    for _ in 0..<(options.maxDepth ?? 1) where !frontier.isEmpty {
      frontier = try await otherEnds(of: frontier, direction, options).filter { seen.insert($0).inserted }
        .sorted()
      try options.checkBudget(seen.count)
      found += frontier
    }
    return found.compactMap { NodeReference(path: $0) }
  }

  /// The neighbours that two nodes have in common, in the order of the keys.
  public func mutualNeighbours(
    of first: NodeReference, and second: NodeReference, direction: EdgeDirection = .out,
    options: TraversalOptions = TraversalOptions()
  ) async throws -> [NodeReference] {
    let common = try await Set(otherEnds(of: [first.path], direction, options))
      .intersection(otherEnds(of: [second.path], direction, options))
    return common.sorted().compactMap { NodeReference(path: $0) }
  }

  /// Cost: two requests; only keys are read.
  public func degree(
    of node: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> Degree {
    Degree(
      outgoing: try await otherEnds(of: [node.path], .out, options).count,
      incoming: try await otherEnds(of: [node.path], .in, options).count)
  }

  /// For each edge of the nodes the end that is not the node.
  private func otherEnds(
    of nodes: [String], _ direction: EdgeDirection, _ options: TraversalOptions
  ) async throws -> [String] {
    var ends: [String] = []
    for start in stride(from: 0, to: nodes.count, by: 10_000) {
      let batch = Array(nodes[start..<min(start + 10_000, nodes.count)])
      if direction != .in {
        ends += try await store.outgoingEdgeKeys(of: batch).compactMap { options.admitted($0.key)?.to }
      }
      if direction != .out {
        ends += try await store.incomingEdgeKeys(of: batch).compactMap { adjacent in
          guard let edge = options.admitted(adjacent.key), edge.to == batch[adjacent.node] else { return nil }
          return edge.from
        }
      }
    }
    return ends
  }
}

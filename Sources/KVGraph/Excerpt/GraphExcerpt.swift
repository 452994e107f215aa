/// A part of a graph that is small enough to be looked at: some of its edges, and nodes besides those at their ends.
public struct GraphExcerpt: Sendable, Equatable {
  /// In key order, each once.
  public var edges: [Edge]
  /// How many edges there are to choose from.
  public var edgeCount: Int
  /// Nodes to show besides those at the ends of edges.
  public var otherNodes: [NodeReference]
  /// The node that all is around, if there is one.
  public var center: NodeReference?

  /// An excerpt of these edges, in key order; without a count, of no others.
  public init(
    edges: [Edge] = [], edgeCount: Int? = nil, otherNodes: [NodeReference] = [], center: NodeReference? = nil
  ) {
    (self.edges, self.otherNodes, self.center) = (edges, otherNodes, center)
    self.edgeCount = edgeCount ?? edges.count
  }

  /// Leaves out edges until there are at most so many.
  public mutating func limit(to count: Int, by preference: EdgePreference) {
    edges = preference == .key ? Array(edges.prefix(count)) : edges.ofHighestDegrees(count)
  }
}

/// Which edges an excerpt keeps where there are too many.
public enum EdgePreference: String, Sendable, CaseIterable {
  /// The first by key.
  case key
  /// Those between nodes of the highest degrees.
  case degree
}

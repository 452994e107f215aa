/// What a path search found, in one shape for all of them.
public struct PathResult: Sendable, Equatable {
  /// The best first. Empty where there is none, and where a search has handed each path out as it was found.
  public var paths: [Path]
  /// Why there is no path; `nil` where there is one.
  public var absence: PathAbsence?
  /// What the search read.
  public var cost: TraversalCost

  /// A result of these paths, or of none for this reason.
  public init(paths: [Path] = [], absence: PathAbsence? = nil, cost: TraversalCost = TraversalCost()) {
    (self.paths, self.absence, self.cost) = (paths, absence, cost)
  }

  /// The best path, or `nil`.
  public var path: Path? { paths.first }
}

/// Why a search found no path.
public enum PathAbsence: Error, Equatable {
  /// There is none: everything within reach of one of the ends was seen.
  case unreachable
  /// There is none of at most so many edges; there may be a longer one.
  case beyondDepth(Int)
}

/// What a search read.
public struct TraversalCost: Sendable, Equatable {
  /// Levels of a search by levels, from both ends together; 0 for others.
  public var levels = 0
  /// Nodes reached, from both ends together.
  public var nodes = 0
  /// Edges read from the store.
  public var edges = 0
  /// Requests of the store.
  public var requests = 0

  /// A search that has read so much; by default nothing.
  public init(levels: Int = 0, nodes: Int = 0, edges: Int = 0, requests: Int = 0) {
    (self.levels, self.nodes, self.edges, self.requests) = (levels, nodes, edges, requests)
  }
}

/// Which edges to read, and how much of them. Nodes are written as in keys: `<Type>/<ID>`, each part percent-escaped.
public struct EdgeQuery: Sendable, Equatable {
  /// Where the edges are.
  public enum Scope: Sendable, Equatable {
    /// Every edge of the graph.
    case all
    /// Those that leave one of the nodes, as they are written.
    case leaving([String])
    /// Those that enter one of the nodes, as they are written.
    case entering([String])
  }

  /// Where the edges are.
  public var scope: Scope
  /// Whether the records' values are read too, and not the keys alone.
  public var includesValues: Bool
  /// Only keys after this one. For all edges or those of one node.
  public var after: String?
  /// At most so many, `nil` for all. For all edges or those of one node.
  public var limit: Int?

  /// A query of all edges in a scope, or of a page of them.
  public init(_ scope: Scope, includesValues: Bool = false, after: String? = nil, limit: Int? = nil) {
    (self.scope, self.includesValues, self.after, self.limit) = (scope, includesValues, after, limit)
  }

  /// Whether it asks for a part only.
  public var isPaged: Bool { after != nil || limit != nil }
}

import KV

/// Which edges a search goes along, and how far.
public struct TraversalOptions: Sendable {
  /// Whether the search goes along edges that leave a node, that enter it, or both.
  public var direction: EdgeDirection
  /// How many edges the search goes at most from the start; `nil` for no limit.
  public var maxDepth: Int?
  /// Only edges of these types; empty for all.
  public var edgeTypes: [String]
  /// How many nodes the search may visit; one that visits more throws failed.
  public var nodeBudget: Int
  /// A condition on edges; those for which it does not hold do not exist for the search. `nil` for none. Costs a read of each edge's value.
  public var predicate: EdgePredicate?
  /// A condition like ``predicate``, asked after it.
  public var filter: (@Sendable (Edge) -> Bool)?

  /// Options of these parts; by default all edges that leave a node, to any depth, and at most a million nodes.
  public init(
    direction: EdgeDirection = .out, maxDepth: Int? = nil, edgeTypes: [String] = [],
    nodeBudget: Int = 1_000_000, predicate: EdgePredicate? = nil,
    filter: (@Sendable (Edge) -> Bool)? = nil
  ) {
    self.direction = direction
    self.maxDepth = maxDepth
    self.edgeTypes = edgeTypes
    self.nodeBudget = nodeBudget
    self.predicate = predicate
    self.filter = filter
  }

  /// - Parameter type: as in keys.
  func admits(type: String) -> Bool { edgeTypes.isEmpty || edgeTypes.map(KeyPart.escape).contains(type) }

  var admitsAllEdges: Bool { edgeTypes.isEmpty && !looksAtEdges }

  /// Whether it takes more than an edge's key to admit it.
  var looksAtEdges: Bool { predicate != nil || filter != nil }

  /// Whether it takes an edge's data to admit it.
  var looksAtData: Bool { filter != nil || predicate?.looksAtData ?? false }

  /// Whether the edge is of these types, and neither the predicate nor the filter refuses it.
  public func covers(_ edge: Edge) -> Bool { admits(type: KeyPart.escape(edge.type)) && admits(edge) }

  func admits(_ edge: Edge) -> Bool {
    if let predicate, !predicate.admits(edge) { return false }
    return filter?(edge) ?? true
  }

  /// Nodes have numbers of 32 bits, and some are added between two checks.
  private static let mostNodes = Int(Int32.max) - 100_000_000

  func checkBudget(_ visited: Int) throws {
    if visited > Self.mostNodes {
      throw KVError(.failed, "a search of more than \(Self.mostNodes) nodes is not possible")
    }
    if visited > nodeBudget {
      throw KVError(
        .failed,
        "the search visited \(nodeBudget) \(nodeBudget == 1 ? "node" : "nodes"), its budget, without an answer"
      )
    }
  }
}

/// Which edges of a node count. Edges of undirected types count in each direction.
public enum EdgeDirection: String, Sendable, CaseIterable {
  /// Edges that leave the node, edges that enter it, or both.
  case out, `in`, any
}

/// What a graph needs of a store beyond ``Store``: edge keys without their values, for many nodes in one request.
///
/// Nodes are written as in the keys: `<Type>/<ID>`, each part percent-escaped.
public protocol GraphStore: Store {
  /// The keys of the edges that leave the nodes. Cost: one request; only the keys themselves are read.
  /// - Returns: node by node in the order given, each node's edges in key order.
  func outgoingEdgeKeys(of nodes: [String]) async throws -> [AdjacentEdgeKey]

  /// The keys of the edges that enter the nodes, ordered and at a cost as ``outgoingEdgeKeys(of:)``.
  func incomingEdgeKeys(of nodes: [String]) async throws -> [AdjacentEdgeKey]

  /// The records of the edges that enter a node, in key order. `page.offset` is not offered.
  func incomingEdges(of node: String, after: String?, limit: Int) async throws -> [Record]
}

/// An edge's key, and which of the nodes asked for it belongs to.
public struct AdjacentEdgeKey: Sendable, Equatable {
  public var node: Int
  public var key: String

  public init(node: Int, key: String) {
    self.node = node
    self.key = key
  }
}

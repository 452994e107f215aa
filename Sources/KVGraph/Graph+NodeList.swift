import KV

/// Which nodes are listed: those that meet all conditions.
public struct NodeSelection: Sendable {
  /// Only nodes of this type; `nil` for all types.
  public var type: String?
  /// Only nodes for which this holds; `nil` for all.
  public var predicate: NodePredicate?
  /// Whether only nodes that no edge touches are listed.
  public var isIsolated = false
  /// Whether only nodes that no record describes are listed.
  public var lacksRecord = false

  /// A selection by type and predicate; by default of all nodes.
  public init(type: String? = nil, predicate: NodePredicate? = nil) {
    self.type = type
    self.predicate = predicate
  }
}

extension Graph {
  /// The nodes, in the order of their keys, with what their records hold. `visit` returns false to end the list. Cost: a read of all
  /// keys of edges and of nodes' records, and of the records page by page.
  public func forEachNode(
    _ selection: NodeSelection = NodeSelection(), isolation: isolated (any Actor)? = #isolation,
    visit: (Node) async throws -> Bool
  ) async throws {
    let adjacency = try await Adjacency(of: self)
    let degrees = selection.isIsolated ? adjacency.degrees : []
    let folder = selection.type.map { KeyPart.escape($0) + "/" }
    let numbers = (0..<Int32(adjacency.nodeCount)).filter { number in
      (folder.map { adjacency.path(of: number).hasPrefix($0) } ?? true)
        && (!selection.isIsolated || degrees[Int(number)] == 0)
    }
    for start in stride(from: 0, to: numbers.count, by: pageSize) {
      let nodes = numbers[start..<min(start + pageSize, numbers.count)].map { adjacency.node($0) }
      for (reference, value) in zip(nodes, try await values(of: nodes)) {
        let node = Node(reference, value: value)
        if selection.lacksRecord, value != nil { continue }
        if let predicate = selection.predicate, !predicate.admits(node) { continue }
        guard try await visit(node) else { return }
      }
    }
  }
}

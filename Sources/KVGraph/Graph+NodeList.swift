import KV

/// Which nodes are listed.
public struct NodeSelection: Sendable {
  public var type: String?
  public var predicate: NodePredicate?
  /// Only nodes that no edge touches, or that no record describes.
  public var isIsolated = false
  public var lacksRecord = false

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

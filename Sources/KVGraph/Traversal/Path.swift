import KV

/// A walk from node to node along edges. In a search against the direction of edges, or in any direction, it may go along an edge from
/// its end to its start.
public struct Path: Sendable, Equatable {
  /// The nodes in the order of the walk, one more than edges.
  public var nodes: [NodeReference]
  /// The edges in the order of the walk, each as it is stored.
  public var edges: [Edge]
  /// The sum of the edges' weights; `nil` where the search did not weigh them.
  public var weight: Weight?

  /// A path of these parts, which are not checked.
  public init(nodes: [NodeReference], edges: [Edge], weight: Weight? = nil) {
    self.nodes = nodes
    self.edges = edges
    self.weight = weight
  }

  /// How many edges the path has.
  public var depth: Int { edges.count }
}

extension Path: CustomStringConvertible {
  /// `User:a -[follows]-> User:b <-[liked]- User:c -[knows]- User:d`
  public var description: String {
    zip(zip(edges, nodes), nodes.dropFirst()).reduce(nodes.first.map { "\($0)" } ?? "") { text, step in
      let ((edge, node), next) = step
      let isForward = edge.from == node && edge.to == next
      let (start, end) = (edge.isDirected && !isForward ? "<" : "", edge.isDirected && isForward ? ">" : "")
      return "\(text) \(start)-[\(edge.label)]-\(end) \(next)"
    }
  }
}

extension JSON {
  /// `{"depth","edges","nodes"}`, and `weight` where it was weighed.
  public init(_ path: Path) {
    self = JSON(
      members: [
        ("depth", JSON(path.depth)), ("edges", JSON(elements: path.edges.map(\.json))),
        ("nodes", JSON(elements: path.nodes.map { JSON($0) })),
      ] + (path.weight.map { [("weight", JSON($0))] } ?? []))
  }
}

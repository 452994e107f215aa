import KV

/// A walk over edges, each beginning where the one before ends, or, in a search against or in any direction, ending there.
public struct Path: Sendable, Equatable {
  public var nodes: [NodeReference]
  public var edges: [Edge]
  /// The sum of the edges' weights, where the search weighed them.
  public var weight: Weight?

  public init(nodes: [NodeReference], edges: [Edge], weight: Weight? = nil) {
    self.nodes = nodes
    self.edges = edges
    self.weight = weight
  }

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

import KV

/// A node as a format writes it. Where a format has one name for a node, it is `Type:id`.
struct ExportedNode {
  var reference: NodeReference
  /// What the node's record holds, in its order; an attribute that begins with `@` is for ``GraphReader``s of ours.
  var attributes: [(name: String, value: JSON)]
}

/// An edge as a format writes it.
struct ExportedEdge {
  var edge: Edge
  /// What the edge's data holds, as for nodes.
  var attributes: [(name: String, value: JSON)]
}

/// Writes a graph line by line, first its nodes, then its edges.
protocol GraphWriter {
  /// Names that the format has a meaning of its own for: attributes with such names are given as one, `@attributes` or `@data`.
  var reservedNames: (node: Set<String>, edge: Set<String>) { get }
  /// Whether attributes come back in their order: else all are given as one where one has a reserved name.
  var keepsOrder: Bool { get }
  /// Before the first node, between nodes and edges, and after the last edge.
  var start: [String] { get }
  var middle: [String] { get }
  var end: [String] { get }
  /// Whether each node is written, and not only those that have a record.
  var writesAllNodes: Bool { get }
  /// `nil` where there is nothing to write.
  mutating func line(for node: ExportedNode) throws -> String?
  mutating func line(for edge: ExportedEdge) throws -> String?
  /// What could not be written, as in "the attributes of nodes"; said once, at the end.
  var losses: [String] { get }
}

extension GraphWriter {
  var keepsOrder: Bool { true }
  var writesAllNodes: Bool { true }
  var middle: [String] { [] }
  var end: [String] { [] }
  var losses: [String] { [] }
}

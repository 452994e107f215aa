import KV
import KVGraph

/// The nodes and edges that are in the rows of an answer, however deep, each once: what of it can be drawn.
public struct AnswerGraph: Sendable {
  /// In the order in which they came.
  public private(set) var nodes: [NodeReference] = []
  private var seen: Set<NodeReference> = []
  private var found: [ByteKey: Edge] = [:]

  /// In key order.
  public var edges: [Edge] { found.values.sorted { $0.key < $1.key } }
  /// Whether there is nothing to draw.
  public var isEmpty: Bool { nodes.isEmpty }

  /// Nothing yet.
  public init() {}

  /// Takes in what is in a row.
  public mutating func insert(_ values: [Value]) {
    var nodes: [QueryNode] = []
    var edges: [QueryEdge] = []
    for value in values { value.visit(node: { nodes.append($0) }, edge: { edges.append($0) }) }
    for node in nodes { insert(node.reference) }
    for edge in edges { insert(edge) }
  }

  private mutating func insert(_ node: NodeReference) {
    if seen.insert(node).inserted { nodes.append(node) }
  }

  private mutating func insert(_ edge: QueryEdge) {
    insert(edge.from.reference)
    insert(edge.to.reference)
    found[ByteKey(edge.key)] = edge.stored
  }
}

import KV

/// An edge as a search sees it from a node.
struct Step: Sendable {
  /// The position of the node among those that were asked for.
  var position: Int32
  /// The other end.
  var node: Int32
  /// The edge's label, as a number.
  var label: Int32
  /// Whether the edge leads from the other end to the node.
  var isReversed: Bool
  var weight: Weight
}

/// Where a search gets its edges from. Nodes and labels are numbers; a label is an edge's type, and its key behind a slash where
/// it has one, as in keys.
protocol EdgeSource {
  /// How many nodes are known: their numbers are below it.
  var nodeCount: Int { get }

  /// The types whose edges lead both ways; those without edges may be left out.
  var undirectedTypes: UndirectedTypes { get }

  /// The number of a node; `nil` where there can be no edge of it.
  mutating func number(of node: NodeReference) -> Int32?

  /// A node, as in keys.
  func path(of node: Int32) -> String

  func labelText(_ label: Int32) -> String

  /// The edges of the nodes, node by node in the order given; of each the edges that leave it in key order, then
  /// those that enter it in key order. Edges of undirected types lead both ways, whatever the direction.
  mutating func steps(from nodes: ArraySlice<Int32>, _ direction: EdgeDirection) async throws -> [Step]

  /// About how many edges that would be, counted up to a limit; `nil` where that is not known cheaply.
  mutating func edgeCount(from nodes: ArraySlice<Int32>, _ direction: EdgeDirection, upTo limit: Int)
    async throws -> Int?
}

extension EdgeSource {
  /// The key of the edge that leads a search from one node to another.
  func key(from node: Int32, to other: Int32, label: Int32, isReversed: Bool) -> String {
    let (from, to) = isReversed ? (other, node) : (node, other)
    return EdgeKey(from: path(of: from), label: labelText(label), to: path(of: to)).text
  }
}

extension EdgeDirection {
  /// The direction in which a search from its goal goes.
  var reversed: EdgeDirection {
    switch self {
    case .out: .in
    case .in: .out
    case .any: .any
    }
  }
}

import KVGraph

/// The stored graph in flat arrays, as a query walks it that has read all of it.
///
/// Shared, for it grows while it is walked; only the query's own task uses it.
final class WholeGraph {
  let adjacency: Adjacency
  /// By number, the nodes that the query has come by.
  var nodes: [QueryNode?]
  /// By direction.
  private var lists: [EdgePattern.Direction: ArcLists] = [:]
  let typeNames: [String]

  func arcs(_ direction: EdgePattern.Direction) -> ArcLists {
    let known = lists[direction] ?? adjacency.arcLists(direction.edgeDirection)
    lists[direction] = known
    return known
  }

  /// By the number of a type, whether it is among these; all are where none is.
  func isOfType(_ types: [String]) -> [Bool] {
    typeNames.map { types.isEmpty || types.hasBytes(of: $0) }
  }

  init(_ adjacency: Adjacency) {
    self.adjacency = adjacency
    nodes = Array(repeating: nil, count: adjacency.nodeCount)
    typeNames = adjacency.typeNames
  }
}

extension QueryGraph {
  /// A node of the whole graph.
  func node(numbered number: Int32) -> QueryNode? {
    guard let whole = wholeGraph else { return nil }
    if let known = whole.nodes[Int(number)] { return known }
    guard let node = node(path: whole.adjacency.keyPath(of: number)) else { return nil }
    node.number = number
    whole.nodes[Int(number)] = node
    return node
  }

  /// As ``steps(at:_:types:withData:)``, without a request.
  func walk(from nodes: [QueryNode], _ direction: EdgePattern.Direction, _ types: [String]) -> [[Step]] {
    guard let whole = wholeGraph else { return [] }
    let adjacency = whole.adjacency
    let lists = whole.arcs(direction)
    let wanted = whole.isOfType(types)
    let isDirected = whole.typeNames.map { !undirected.contains($0) }
    return nodes.map { node in
      guard let number = node.number ?? adjacency.nodeNumber(node.reference) else { return [] }
      var steps: [Step] = []
      for arc in lists.arcs(at: number) where wanted[Int(lists.types[arc])] {
        guard let other = self.node(numbered: lists.others[arc]) else { continue }
        let (isLeaving, label) = adjacency.edge(lists.edges[arc], at: number)
        let type = Int(lists.types[arc])
        let edge = QueryEdge(
          from: isLeaving ? node : other, to: isLeaving ? other : node, type: whole.typeNames[type],
          label: label, isDirected: isDirected[type])
        steps.append((edge, other))
      }
      return steps
    }
  }
}

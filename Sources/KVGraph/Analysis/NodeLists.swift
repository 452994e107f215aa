/// Nodes for each node, in flat arrays.
struct NodeLists {
  /// Those of node `n` are at the places from `offsets[n]` to `offsets[n + 1]`.
  var offsets: [Int32]
  var nodes: [Int32]

  /// For each node those in whose lists it is, in the order of their numbers. Cost: linear.
  func turned() -> NodeLists {
    // Spans, for these loops run through all edges, and each use of an array would ask who else has it.
    let (ends, members) = (self.offsets.span, self.nodes.span)
    var offsets = [Int32](repeating: 0, count: ends.count)
    var counts = offsets.mutableSpan
    for place in members.indices { counts[Int(members[place]) + 1] += 1 }
    for node in 1..<counts.count { counts[node] += counts[node - 1] }
    var (next, nodes) = (offsets, [Int32](repeating: 0, count: members.count))
    var places = next.mutableSpan
    var turned = nodes.mutableSpan
    for node in 0..<ends.count - 1 {
      for place in Int(ends[node])..<Int(ends[node + 1]) {
        let member = Int(members[place])
        turned[Int(places[member])] = Int32(node)
        places[member] += 1
      }
    }
    return NodeLists(offsets: offsets, nodes: nodes)
  }
}

extension Adjacency {
  /// The nodes that the arcs at each node come from.
  var entering: NodeLists {
    if hasMirrors { return NodeLists(offsets: offsets, nodes: targets).turned() }
    return NodeLists(offsets: incoming.offsets, nodes: incoming.sources)
  }
}

extension Adjacency {
  /// The edges that join all that is connected with the least sum of weights, whatever their direction; of equally heavy ones those first in key
  /// order. Where the adjacency was read without weights each edge weighs 1.
  ///
  /// Cost: a sort of the edges.
  /// - Returns: the keys of the edges, in key order, and the sum of their weights.
  /// - Throws: invalid data where the weights add up to more than a number can hold.
  public func spanningForest() throws -> (edges: [String], weight: Weight) {
    var sets = UnionFind(count: nodeCount)
    var edges: [(weight: Weight, arc: Int32, from: Int32)] = []
    edges.reserveCapacity(edgeCount)
    for node in 0..<Int32(nodeCount) {
      for arc in self.edges(from: node) where targets[arc] != node {
        edges.append((weight(of: Int32(arc)), Int32(arc), node))
      }
    }
    edges.sort { ($0.weight, $0.arc) < ($1.weight, $1.arc) }
    var taken: [(arc: Int32, from: Int32)] = []
    var sum = Weight.zero
    for edge in edges {
      guard sets.join(edge.from, targets[Int(edge.arc)]) else { continue }
      taken.append((edge.arc, edge.from))
      sum = sum + edge.weight
    }
    taken.sort { $0.arc < $1.arc }
    return (taken.map { key(of: Int($0.arc), from: $0.from) }, try finite(sum))
  }
}

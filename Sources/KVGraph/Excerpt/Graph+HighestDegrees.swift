import KV

extension Graph {
  /// Of all edges those between the nodes of the highest degrees: an edge counts as its end of fewer edges, and of equal ones
  /// the first by key are taken.
  /// - Parameters:
  ///   - adjacency: of the graph.
  ///   - limit: how many edges at most.
  ///   - type: only edges that touch a node of this type.
  /// - Returns: the edges in key order, how many there are to choose from, and how many at each of their nodes are left out.
  package func edgesOfHighestDegrees(
    _ limit: Int, in adjacency: Adjacency, touching type: String? = nil
  ) async throws -> ([Edge], count: Int, hidden: [NodeReference: Int]) {
    let keys = adjacency.keysOfHighestDegrees(limit, touching: type)
    return (
      try await edges(keys: keys.chosen, undirected: try await undirectedTypes), keys.count, keys.hidden
    )
  }
}

extension [Edge] {
  /// As ``Graph/edgesOfHighestDegrees(_:in:touching:)``, of edges in key order.
  package func ofHighestDegrees(_ limit: Int) -> [Edge] {
    var degrees: [NodeReference: Int] = [:]
    for edge in self {
      degrees[edge.from, default: 0] += 1
      degrees[edge.to, default: 0] += 1
    }
    return highest(limit, of: map { Swift.min(degrees[$0.from] ?? 0, degrees[$0.to] ?? 0) }).map { self[$0] }
  }
}

extension Adjacency {
  fileprivate func keysOfHighestDegrees(_ limit: Int, touching type: String?) -> (
    chosen: [String], count: Int, hidden: [NodeReference: Int]
  ) {
    let degrees = degrees
    let prefix = type.map { KeyPart.escape($0) + "/" }
    let isWanted = (0..<Int32(nodeCount)).map { node in prefix.map { path(of: node).hasPrefix($0) } ?? true }
    var places: [(from: Int32, edge: Int)] = []
    var scores: [Int] = []
    for from in 0..<Int32(nodeCount) {
      for edge in edges(from: from) where isWanted[Int(from)] || isWanted[Int(targets[edge])] {
        places.append((from, edge))
        scores.append(min(degrees[Int(from)], degrees[Int(targets[edge])]))
      }
    }
    let chosen = highest(limit, of: scores)
    var left = [Int](repeating: 0, count: nodeCount)
    for (from, edge) in places {
      left[Int(from)] += 1
      left[Int(targets[edge])] += 1
    }
    var shown: Set<Int32> = []
    for place in chosen {
      let (from, edge) = places[place]
      for node in [from, targets[edge]] {
        left[Int(node)] -= 1
        shown.insert(node)
      }
    }
    let hidden = shown.filter { left[Int($0)] > 0 }.map { (node($0), left[Int($0)]) }
    let keys = chosen.map { key(of: places[$0].edge, from: places[$0].from) }
    return (keys.sorted(), places.count, Dictionary(uniqueKeysWithValues: hidden))
  }
}

/// The places of the highest scores, in their order; of equal ones at the limit the first.
private func highest(_ limit: Int, of scores: [Int]) -> [Int] {
  guard scores.count > limit else { return Array(scores.indices) }
  guard limit > 0 else { return [] }
  let least = scores.sorted(by: >)[limit - 1]
  var left = limit - scores.count { $0 > least }
  return scores.indices.filter { place in
    if scores[place] == least { left -= 1 }
    return scores[place] > least || scores[place] == least && left >= 0
  }
}

extension Adjacency {
  /// For each of ``nodes`` the share of pairs of its neighbors that an edge joins: its local clustering coefficient, as LDBC Graphalytics defines
  /// it. Neighbors are nodes at either end of its edges; parallel edges count once and loops not at all. 0 for fewer than two neighbors.
  ///
  /// Cost: each triangle once.
  /// - Parameter isDirected: whether an edge joins a pair one way only, unless its type is undirected.
  public func clustering(isDirected: Bool = true) -> [Double] {
    let lists = undirectedNeighbors()
    let outgoing = isDirected ? SimpleLists(arcLists(.out), keepsLoops: false) : lists
    var links = [Int](repeating: 0, count: nodeCount)
    // How many ways there are between two neighbors.
    var ways = [UInt8](repeating: 2, count: lists.nodes.count)
    if isDirected {
      for node in 0..<Int32(nodeCount) {
        for place in lists.range(of: node) {
          let other = lists.nodes[place]
          ways[place] =
            (outgoing.contains(other, at: node) ? 1 : 0) + (outgoing.contains(node, at: other) ? 1 : 0)
        }
      }
    }
    Triangles(lists).visit { first, second, third, firstSecond, firstThird, secondThird in
      links[Int(first)] += Int(ways[secondThird])
      links[Int(second)] += Int(ways[firstThird])
      links[Int(third)] += Int(ways[firstSecond])
    }
    return links.enumerated().map { node, links in
      let count = lists.range(of: Int32(node)).count
      return count < 2 ? 0 : Double(links) / (Double(count) * Double(count - 1))
    }
  }

  /// For each of ``nodes`` how many triangles it is a corner of, whatever the direction of the edges. The sum is three times the number of
  /// triangles.
  public func triangleCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: nodeCount)
    Triangles(undirectedNeighbors()).visit { first, second, third, _, _, _ in
      counts[Int(first)] += 1
      counts[Int(second)] += 1
      counts[Int(third)] += 1
    }
    return counts
  }
}

/// All triangles of a graph, each once: edges lead from the end that has fewer to the other, so that no node has many
/// (T. Schank and D. Wagner, WEA 2005).
private struct Triangles {
  private let lists: SimpleLists
  private var offsets: [Int32] = [0]
  private var nodes: [Int32] = []
  /// The places of the same neighbors in the lists.
  private var places: [Int32] = []

  init(_ lists: SimpleLists) {
    self.lists = lists
    for node in 0..<Int32(lists.count) {
      let degree = lists.range(of: node).count
      for place in lists.range(of: node) {
        let other = lists.nodes[place]
        let otherDegree = lists.range(of: other).count
        guard degree < otherDegree || degree == otherDegree && node < other else { continue }
        nodes.append(other)
        places.append(Int32(place))
      }
      offsets.append(Int32(nodes.count))
    }
  }

  /// - Parameter body: is given the corners, and the places in the lists of the first's second and third and of the second's third.
  func visit(_ body: (Int32, Int32, Int32, Int, Int, Int) -> Void) {
    var mark = [Int32](repeating: -1, count: lists.count)
    for first in 0..<lists.count {
      let range = Int(offsets[first])..<Int(offsets[first + 1])
      for index in range { mark[Int(nodes[index])] = places[index] }
      for index in range {
        let second = Int(nodes[index])
        for inner in Int(offsets[second])..<Int(offsets[second + 1]) {
          let third = nodes[inner]
          let place = mark[Int(third)]
          if place < 0 { continue }
          body(Int32(first), Int32(second), third, Int(places[index]), Int(place), Int(places[inner]))
        }
      }
      for index in range { mark[Int(nodes[index])] = -1 }
    }
  }
}

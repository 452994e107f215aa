extension Adjacency {
  /// For each of ``nodes`` the share of pairs of its neighbors that an edge joins: its local clustering coefficient, as LDBC Graphalytics defines
  /// it. Neighbors are nodes at either end of its edges; parallel edges count once and loops not at all. 0 for fewer than two neighbors.
  ///
  /// Cost: each triangle once.
  /// - Parameter isDirected: whether an edge joins a pair one way only, unless its type is undirected.
  public func clustering(isDirected: Bool = true) -> [Double] {
    let lists = undirectedNeighbors()
    let triangles = Triangles(lists)
    let links = triangles.sums { first, second, third, firstSecond, firstThird, secondThird, links in
      links[Int(first)] += isDirected ? Int(lists.ways[secondThird]) : 2
      links[Int(second)] += isDirected ? Int(lists.ways[firstThird]) : 2
      links[Int(third)] += isDirected ? Int(lists.ways[firstSecond]) : 2
    }
    return links.enumerated().map { node, links in
      let count = lists.range(of: Int32(node)).count
      return count < 2 ? 0 : Double(links) / (Double(count) * Double(count - 1))
    }
  }

  /// For each of ``nodes`` how many triangles it is a corner of, whatever the direction of the edges. The sum is three times the number of
  /// triangles.
  public func triangleCounts() -> [Int] {
    Triangles(undirectedNeighbors()).sums { first, second, third, _, _, _, counts in
      counts[Int(first)] += 1
      counts[Int(second)] += 1
      counts[Int(third)] += 1
    }
  }
}

/// All triangles of a graph, each once: edges lead from the end that has fewer to the other, so that no node has many
/// (T. Schank and D. Wagner, WEA 2005).
private struct Triangles {
  private let lists: NeighborLists
  private var offsets: [Int32]
  private var nodes: [Int32] = []
  /// The places of the same neighbors in the lists.
  private var places: [Int32] = []

  init(_ lists: NeighborLists) {
    self.lists = lists
    offsets = [0]
    offsets.reserveCapacity(lists.count + 1)
    // Each pair of neighbors stands in the list of one.
    nodes.reserveCapacity(lists.nodes.count / 2)
    places.reserveCapacity(lists.nodes.count / 2)
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

  /// For each node what all triangles add to it.
  /// - Parameter add: is given the corners, the places in the lists of the first's second and third and of the second's third, and the sums.
  func sums(_ add: (Int32, Int32, Int32, Int, Int, Int, UnsafeMutableBufferPointer<Int>) -> Void) -> [Int] {
    let parts = Concurrently.parts(for: nodes.count)
    let sums = Concurrently.map(parts) { part in
      var sums = [Int](repeating: 0, count: lists.count)
      sums.withUnsafeMutableBufferPointer { sums in
        visit(part, of: parts) { add($0, $1, $2, $3, $4, $5, sums) }
      }
      return sums
    }
    return sums.dropFirst().reduce(into: sums[0]) { all, more in
      for node in all.indices { all[node] += more[node] }
    }
  }

  /// The triangles whose first corner is one of every so many nodes.
  private func visit(_ part: Int, of parts: Int, _ body: (Int32, Int32, Int32, Int, Int, Int) -> Void) {
    var marks = [Int32](repeating: -1, count: lists.count)
    marks.withUnsafeMutableBufferPointer { mark in
      nodes.withUnsafeBufferPointer { nodes in
        for first in stride(from: part, to: lists.count, by: parts) {
          let range = Int(offsets[first])..<Int(offsets[first + 1])
          if range.count < 2 { continue }
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
  }
}

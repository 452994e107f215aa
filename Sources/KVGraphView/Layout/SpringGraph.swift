/// An undirected graph for a layout by springs, in flat arrays: of a drawing, or a coarser one whose nodes stand for several.
struct SpringGraph {
  /// The neighbors of node `n` are those from `offsets[n]` to `offsets[n + 1]`. No loops, and no neighbor twice.
  private(set) var offsets: [Int32]
  private(set) var neighbors: [Int32]
  /// How many edges an edge stands for, beside `neighbors`.
  private(set) var weights: [Double]
  /// How many nodes each node stands for.
  private(set) var masses: [Double]

  var count: Int { masses.count }

  /// - Parameter edges: in both directions or in one; loops and repetitions are left out or added up.
  init(masses: [Double], edges: [(from: Int32, to: Int32, weight: Double)]) {
    self.masses = masses
    var counts = [Int32](repeating: 0, count: masses.count + 1)
    for edge in edges where edge.from != edge.to {
      counts[Int(edge.from) + 1] += 1
      counts[Int(edge.to) + 1] += 1
    }
    for node in masses.indices { counts[node + 1] += counts[node] }
    var next = counts
    var targets = [Int32](repeating: 0, count: Int(counts[masses.count]))
    var strengths = [Double](repeating: 0, count: targets.count)
    func put(_ from: Int32, _ to: Int32, _ weight: Double) {
      let place = Int(next[Int(from)])
      next[Int(from)] += 1
      (targets[place], strengths[place]) = (to, weight)
    }
    for edge in edges where edge.from != edge.to {
      put(edge.from, edge.to, edge.weight)
      put(edge.to, edge.from, edge.weight)
    }
    // What leads to the same neighbor becomes one.
    offsets = [0]
    neighbors = []
    weights = []
    offsets.reserveCapacity(masses.count + 1)
    neighbors.reserveCapacity(targets.count)
    weights.reserveCapacity(targets.count)
    var place = [Int32](repeating: -1, count: masses.count)
    for node in masses.indices {
      let start = Int32(neighbors.count)
      for arc in Int(counts[node])..<Int(counts[node + 1]) {
        let target = Int(targets[arc])
        if place[target] >= start {
          weights[Int(place[target])] += strengths[arc]
        } else {
          place[target] = Int32(neighbors.count)
          neighbors.append(targets[arc])
          weights.append(strengths[arc])
        }
      }
      offsets.append(Int32(neighbors.count))
    }
  }

  func arcs(of node: Int) -> Range<Int> { Int(offsets[node])..<Int(offsets[node + 1]) }

  /// A graph of fewer nodes, and by node which of those stands for it; `nil` where it would hardly be smaller.
  ///
  /// Nodes that are neighbors go together by two, those of few edges first, each with the lightest neighbor that it is bound to most. A
  /// node whose neighbors are all taken goes with one of them, so that a star becomes one node and not a chain of stars.
  func coarsened() -> (graph: SpringGraph, parents: [Int32])? {
    let order = masses.indices.sorted { left, right in
      let (first, second) = (arcs(of: left).count, arcs(of: right).count)
      return first != second ? first < second : left < right
    }
    var parents = [Int32](repeating: -1, count: count)
    var coarse: [Double] = []
    for node in order where parents[node] < 0 {
      var best: (arc: Int, score: Double)?
      for arc in arcs(of: node) where parents[Int(neighbors[arc])] < 0 {
        let score = weights[arc] / masses[Int(neighbors[arc])]
        if best.map({ score > $0.score }) ?? true { best = (arc, score) }
      }
      if let best {
        let other = Int(neighbors[best.arc])
        (parents[node], parents[other]) = (Int32(coarse.count), Int32(coarse.count))
        coarse.append(masses[node] + masses[other])
      } else if let parent = arcs(of: node).map({ parents[Int(neighbors[$0])] })
        .min(by: { coarse[Int($0)] < coarse[Int($1)] })
      {
        parents[node] = parent
        coarse[Int(parent)] += masses[node]
      } else {
        parents[node] = Int32(coarse.count)
        coarse.append(masses[node])
      }
    }
    guard coarse.count * 10 < count * 9 else { return nil }
    var edges: [(from: Int32, to: Int32, weight: Double)] = []
    edges.reserveCapacity(neighbors.count / 2)
    for node in masses.indices {
      for arc in arcs(of: node) where neighbors[arc] > node {
        edges.append((parents[node], parents[Int(neighbors[arc])], weights[arc]))
      }
    }
    return (SpringGraph(masses: coarse, edges: edges), parents)
  }
}

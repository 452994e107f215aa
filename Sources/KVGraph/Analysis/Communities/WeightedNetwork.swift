/// A graph without directions in which parallel edges are one that weighs as much, in flat arrays: what communities are found on.
struct WeightedNetwork {
  /// The neighbors of node `n` are those from `offsets[n]` to `offsets[n + 1]`; itself is none.
  var offsets: [Int] = [0]
  var neighbors: [Int32] = []
  var weights: [Double] = []
  /// By node, what all its edges weigh, those to itself twice.
  var strengths: [Double] = []
  /// What the edges inside of a node weigh.
  var inner: [Double] = []

  var count: Int { strengths.count }
  /// What all edges weigh, each from both ends.
  var total: Double { strengths.reduce(0, +) }

  func arcs(at node: Int32) -> Range<Int> { offsets[Int(node)]..<offsets[Int(node) + 1] }

  init(_ adjacency: Adjacency) {
    let lists = adjacency.arcLists(.any)
    var sums = [Double](repeating: 0, count: adjacency.nodeCount)
    var found: [Int32] = []
    for node in 0..<Int32(adjacency.nodeCount) {
      found.removeAll(keepingCapacity: true)
      var (loops, strength) = (0.0, 0.0)
      for arc in lists.arcs(at: node) {
        let (other, weight) = (lists.others[arc], adjacency.weight(of: lists.edges[arc]).value)
        if other == node {
          loops += weight
          strength += 2 * weight
          continue
        }
        if sums[Int(other)] == 0 { found.append(other) }
        sums[Int(other)] += weight
        strength += weight
      }
      append(found, &sums, strength, loops)
    }
  }

  /// Each part of a partition as one node.
  init(_ network: WeightedNetwork, by parts: [Int32], count: Int) {
    // The nodes by their parts.
    var begins = [Int32](repeating: 0, count: count + 1)
    for part in parts { begins[Int(part) + 1] += 1 }
    for part in 0..<count { begins[part + 1] += begins[part] }
    var next = begins
    var members = [Int32](repeating: 0, count: network.count)
    for node in 0..<network.count {
      let part = Int(parts[node])
      members[Int(next[part])] = Int32(node)
      next[part] += 1
    }
    // Each core makes the nodes of a range of parts, with about as many members as the others.
    let workers = Concurrently.parts(for: network.neighbors.count)
    let bounds = (0...workers).map { worker in
      worker == workers ? count : begins.firstIndex { Int($0) >= network.count * worker / workers } ?? count
    }
    let pieces = Concurrently.map(workers) { worker in
      WeightedNetwork(network, parts, bounds[worker]..<bounds[worker + 1], members, begins)
    }
    for piece in pieces {
      let shift = neighbors.count
      offsets += piece.offsets.dropFirst().lazy.map { $0 + shift }
      neighbors += piece.neighbors
      weights += piece.weights
      strengths += piece.strengths
      inner += piece.inner
    }
  }

  /// A range of parts, each as one node.
  /// - Parameters:
  ///   - members: the nodes by their parts.
  ///   - begins: where in `members` those of each part begin.
  private init(
    _ network: WeightedNetwork, _ parts: [Int32], _ range: Range<Int>, _ members: [Int32], _ begins: [Int32]
  ) {
    var sums = [Double](repeating: 0, count: begins.count)
    var found: [Int32] = []
    for part in range {
      found.removeAll(keepingCapacity: true)
      var (inside, strength) = (0.0, 0.0)
      for place in Int(begins[part])..<Int(begins[part + 1]) {
        let node = members[place]
        inside += network.inner[Int(node)]
        strength += network.strengths[Int(node)]
        for arc in network.arcs(at: node) {
          let other = parts[Int(network.neighbors[arc])]
          if other == Int32(part) {
            // From both ends.
            inside += network.weights[arc] / 2
            continue
          }
          if sums[Int(other)] == 0 { found.append(other) }
          sums[Int(other)] += network.weights[arc]
        }
      }
      append(found, &sums, strength, inside)
    }
  }

  private mutating func append(
    _ found: [Int32], _ sums: inout [Double], _ strength: Double, _ inside: Double
  ) {
    for other in found {
      // What weighs nothing joins nothing.
      if sums[Int(other)] > 0 {
        neighbors.append(other)
        weights.append(sums[Int(other)])
      }
      sums[Int(other)] = 0
    }
    offsets.append(neighbors.count)
    strengths.append(strength)
    inner.append(inside)
  }

  /// How much more of the weight is inside of parts than chance would have it.
  func modularity(of parts: [Int32], resolution: Double) -> Double {
    let total = total
    guard total > 0 else { return 0 }
    var (inside, strength) = (0.0, [Double](repeating: 0, count: count))
    for node in 0..<Int32(count) {
      let part = parts[Int(node)]
      inside += 2 * inner[Int(node)]
      strength[Int(part)] += strengths[Int(node)]
      for arc in arcs(at: node) where parts[Int(neighbors[arc])] == part { inside += weights[arc] }
    }
    return inside / total - resolution * strength.reduce(0) { $0 + ($1 / total) * ($1 / total) }
  }
}

/// Nodes move one by one to the neighbors' communities that gain most, until none gains by it.
///
/// Of a large network a batch of nodes looks at once, a part of it on each core, at how things stand before any of them moves, and those that
/// would move look again when their turn comes. So every move gains, and the outcome is the same whatever the number of cores.
struct LocalMoving {
  private let network: WeightedNetwork
  private let resolution: Double
  private let total: Double
  /// By node, its community.
  private(set) var parts: [Int32]
  /// By community, what all edges of its nodes weigh, and how many nodes it has.
  private var strengths: [Double]
  private var sizes: [Int32]
  /// Communities without nodes.
  private var empty: [Int32] = []
  private var isQueued: [Bool]

  init(of parts: [Int32], _ network: WeightedNetwork, resolution: Double) {
    (self.parts, self.network, self.resolution, total) = (parts, network, resolution, network.total)
    strengths = [Double](repeating: 0, count: network.count)
    sizes = [Int32](repeating: 0, count: network.count)
    for node in 0..<network.count {
      strengths[Int(parts[node])] += network.strengths[node]
      sizes[Int(parts[node])] += 1
    }
    for part in sizes.indices where sizes[part] == 0 { empty.append(Int32(part)) }
    isQueued = [Bool](repeating: true, count: network.count)
  }

  /// - Parameter order: all nodes, as they are looked at first.
  mutating func run(_ order: [Int32]) {
    // Of few nodes many would find that others have moved.
    let batchSize = network.neighbors.count < 50_000 ? 1 : min(4096, network.count / 64 + 1)
    let scales = (0..<Concurrently.parts(for: network.neighbors.count)).map { _ in CommunityScales(network) }
    var queue = order
    var begin = 0
    while begin < queue.count {
      let batch = Array(queue[begin..<min(begin + batchSize, queue.count)])
      begin += batch.count
      for node in batch { isQueued[Int(node)] = false }
      let targets = batchSize == 1 ? [] : targets(of: batch, scales)
      for (place, node) in batch.enumerated() where targets.isEmpty || targets[place] != parts[Int(node)] {
        scales[0].clear()
        _ = scales[0].load(network.arcs(at: node), network, parts)
        move(node, to: target(of: node, 0..<scales[0].count, scales[0]), &queue)
      }
      if begin > network.count {
        queue.removeFirst(begin)
        begin = 0
      }
    }
  }

  /// Moves a node, and queues the neighbors that are elsewhere.
  private mutating func move(_ node: Int32, to target: Int32, _ queue: inout [Int32]) {
    let own = parts[Int(node)]
    if target == own { return }
    if sizes[Int(target)] == 0 { empty.removeLast() }
    sizes[Int(own)] -= 1
    if sizes[Int(own)] == 0 { empty.append(own) }
    sizes[Int(target)] += 1
    strengths[Int(own)] -= network.strengths[Int(node)]
    strengths[Int(target)] += network.strengths[Int(node)]
    parts[Int(node)] = target
    for arc in network.arcs(at: node) {
      let other = network.neighbors[arc]
      guard !isQueued[Int(other)], parts[Int(other)] != target else { continue }
      isQueued[Int(other)] = true
      queue.append(other)
    }
  }

  /// Where each of the nodes would move to.
  private func targets(of nodes: [Int32], _ scales: [CommunityScales]) -> [Int32] {
    let workers = nodes.count < 512 ? 1 : scales.count
    return Concurrently.map(workers) { worker in
      targets(
        of: nodes, nodes.count * worker / workers..<nodes.count * (worker + 1) / workers, scales[worker])
    }.flatMap(\.self)
  }

  private func targets(of nodes: [Int32], _ range: Range<Int>, _ scales: CommunityScales) -> [Int32] {
    var targets: [Int32] = []
    targets.reserveCapacity(range.count)
    var next = range.lowerBound
    while next < range.upperBound {
      // What all arcs of some nodes lead to is looked up before any of it is used: memory finds many things at once.
      scales.clear()
      let first = next
      while next < min(first + 64, range.upperBound),
        scales.load(network.arcs(at: nodes[next]), network, parts)
      {
        next += 1
      }
      var begin = 0
      for node in nodes[first..<next] {
        let end = begin + network.arcs(at: node).count
        targets.append(target(of: node, begin..<end, scales))
        begin = end
      }
    }
    return targets
  }

  /// - Parameter places: where in the scales the node's arcs are.
  private func target(of node: Int32, _ places: Range<Int>, _ scales: CommunityScales) -> Int32 {
    let (own, strength) = (parts[Int(node)], network.strengths[Int(node)])
    let found = scales.weigh(places, strengths)
    let share = resolution * strength / total
    let least = 1e-12 * total
    var (target, gain) = (own, scales.take(own) - share * (strengths[Int(own)] - strength))
    for number in 0..<found {
      let part = scales.found[number]
      if part == own { continue }
      let other = scales.take(part) - share * scales.foundStrengths[number]
      if other > gain + least { (target, gain) = (part, other) }
    }
    // Alone, where no company is worth it.
    if gain < -least, sizes[Int(own)] > 1, let free = empty.last { return free }
    return target
  }
}

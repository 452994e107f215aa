/// PageRank as a system of linear equations: a node has 1, and of each node from which an edge leads to it the damped share. What is lost at
/// nodes without edges is for everybody, so that in the end all is scaled to add up to 1 (P. Berkhin, "A survey on PageRank computing", 2005).
///
/// Nodes that no circle leads to are known once those before them are, and nodes that lead to no circle can wait; only what is between is
/// found by repetition, each node with the latest of the others (Gauss and Seidel).
struct PageRankSystem {
  /// By node, where edges come from; an edge that comes twice counts twice.
  private let entering: NodeLists
  /// By node, which part of what it has goes along each of its edges, damped; 0 where none leaves it.
  private let parts: [Double]
  private let order: Order

  /// The nodes, in the order in which they are found.
  private struct Order {
    var first: [Int32]
    var circles: [Int32]
    var last: [Int32]
  }

  /// - Parameters:
  ///   - leaving: the nodes that edges from each node lead to.
  ///   - entering: those that they come from.
  ///   - damping: below 1.
  init(_ leaving: NodeLists, entering: NodeLists, damping: Double) {
    let count = leaving.offsets.count - 1
    self.entering = entering
    parts = (0..<count).map { node in
      let degree = leaving.offsets[node + 1] - leaving.offsets[node]
      return degree > 0 ? damping / Double(degree) : 0
    }
    order = Self.order(leaving, entering)
  }

  /// Takes off what no edge leads to, again and again, and of the rest what leads nowhere.
  private static func order(_ leaving: NodeLists, _ entering: NodeLists) -> Order {
    let count = leaving.offsets.count - 1
    let (ends, targets) = (leaving.offsets.span, leaving.nodes.span)
    let (starts, sources) = (entering.offsets.span, entering.nodes.span)
    var (done, open) = ([Bool](repeating: false, count: count), [Int32](repeating: 0, count: count))
    var isDone = done.mutableSpan
    // By node, how many of its edges come from nodes that are not taken off, and later how many lead to such.
    var left = open.mutableSpan
    for node in 0..<count { left[node] = starts[node + 1] - starts[node] }
    var first: [Int32] = []
    for node in 0..<count where left[node] == 0 { first.append(Int32(node)) }
    var index = 0
    while index < first.count {
      let node = Int(first[index])
      index += 1
      isDone[node] = true
      for arc in Int(ends[node])..<Int(ends[node + 1]) {
        let target = Int(targets[arc])
        left[target] -= 1
        if left[target] == 0 { first.append(Int32(target)) }
      }
    }
    var last: [Int32] = []
    for node in 0..<count where !isDone[node] {
      left[node] = 0
      for arc in Int(ends[node])..<Int(ends[node + 1]) where !isDone[Int(targets[arc])] { left[node] += 1 }
      if left[node] == 0 { last.append(Int32(node)) }
    }
    index = 0
    while index < last.count {
      let node = Int(last[index])
      index += 1
      isDone[node] = true
      for place in Int(starts[node])..<Int(starts[node + 1]) {
        let source = Int(sources[place])
        guard !isDone[source] else { continue }
        left[source] -= 1
        if left[source] == 0 { last.append(Int32(source)) }
      }
    }
    var circles: [Int32] = []
    for node in 0..<count where !isDone[node] { circles.append(Int32(node)) }
    return Order(first: first, circles: circles, last: last.reversed())
  }

  /// - Parameter tolerance: the repetition ends where all changes together are smaller, of what adds up to 1.
  func solve(tolerance: Double) -> [Double] {
    var values = [Double](repeating: 1, count: parts.count)
    // By node, what goes along each of its edges.
    var shares = parts
    find(order.first, &values, &shares)
    settle(&values, &shares, tolerance: tolerance)
    find(order.last, &values, &shares)
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// Nodes of which those before them are known.
  private func find(_ nodes: [Int32], _ values: inout [Double], _ shares: inout [Double]) {
    let (offsets, sources, parts) = (entering.offsets.span, entering.nodes.span, parts.span)
    var values = values.mutableSpan
    var shares = shares.mutableSpan
    for node in nodes {
      let node = Int(node)
      var value = 1.0
      for place in Int(offsets[node])..<Int(offsets[node + 1]) { value += shares[Int(sources[place])] }
      values[node] = value
      shares[node] = parts[node] * value
    }
  }

  /// The nodes of circles by themselves, in lists as small as they are: what comes from others stays the same.
  private func settle(_ values: inout [Double], _ shares: inout [Double], tolerance: Double) {
    let circles = order.circles
    var numbers = [Int32](repeating: -1, count: parts.count)
    for (number, node) in circles.enumerated() { numbers[Int(node)] = Int32(number) }
    var (offsets, sources): ([Int32], [Int32]) = ([0], [])
    var fromOthers: [Double] = []
    for node in circles {
      var value = 1.0
      for place in Int(entering.offsets[Int(node)])..<Int(entering.offsets[Int(node) + 1]) {
        let source = Int(entering.nodes[place])
        if numbers[source] >= 0 { sources.append(numbers[source]) } else { value += shares[source] }
      }
      fromOthers.append(value)
      offsets.append(Int32(sources.count))
    }
    let parts = circles.map { self.parts[Int($0)] }
    var (found, along) = (circles.map { _ in 1.0 }, parts)
    let others = values.reduce(0, +) - Double(circles.count)
    // Each round takes at least a hundredth off the changes: after so many there is nothing left that a double could tell.
    for _ in 0..<4000 {
      let moved = Self.sweep(&found, &along, parts, fromOthers, offsets, sources)
      if moved == 0 || moved < tolerance * (others + found.reduce(0, +)) { break }
    }
    for (number, node) in circles.enumerated() {
      values[Int(node)] = found[number]
      shares[Int(node)] = along[number]
    }
  }

  /// - Returns: how much the values have changed, all together.
  private static func sweep(
    _ values: inout [Double], _ along: inout [Double], _ parts: [Double], _ fromOthers: [Double],
    _ offsets: [Int32], _ sources: [Int32]
  ) -> Double {
    // Spans, for this is all the time that it takes.
    let (parts, fromOthers, offsets, sources) = (parts.span, fromOthers.span, offsets.span, sources.span)
    var values = values.mutableSpan
    var along = along.mutableSpan
    var moved = 0.0
    for number in 0..<values.count {
      var value = fromOthers[number]
      for place in Int(offsets[number])..<Int(offsets[number + 1]) { value += along[Int(sources[place])] }
      moved += abs(value - values[number])
      values[number] = value
      along[number] = parts[number] * value
    }
    return moved
  }
}

import KV

extension Adjacency {
  /// The keys of the edges that longer ways stand for: all but the transitive reduction. Nodes of one strong component are taken as one, so that arcs
  /// inside of it are never among them, and edges that run beside each other are all or none.
  ///
  /// Cost: for each component a walk along what can be reached from it.
  func keysOfLongerWays() -> Set<ByteKey> {
    // Along arcs the numbers fall.
    let labels = strongLabels()
    let count = Int(labels.max() ?? -1) + 1
    var next = [Set<Int32>](repeating: [], count: count)
    for node in 0..<Int32(nodeCount) {
      let label = labels[Int(node)]
      for arc in arcs(from: node) where labels[Int(targets[arc])] != label {
        next[Int(label)].insert(labels[Int(targets[arc])])
      }
    }
    // From each the nearest target in that order first: whatever they reach needs no arc of its own.
    var seenBy = [Int32](repeating: -1, count: count)
    var needed = next
    // One way on stands for nothing else.
    for start in 0..<Int32(count) where next[Int(start)].count > 1 {
      for target in next[Int(start)].sorted(by: >) {
        if seenBy[Int(target)] == start {
          needed[Int(start)].remove(target)
          continue
        }
        var stack = [target]
        seenBy[Int(target)] = start
        while let node = stack.popLast() {
          for other in next[Int(node)] where seenBy[Int(other)] != start {
            seenBy[Int(other)] = start
            stack.append(other)
          }
        }
      }
    }
    var keys: Set<ByteKey> = []
    for node in 0..<Int32(nodeCount) {
      let label = labels[Int(node)]
      for arc in arcs(from: node) {
        let other = labels[Int(targets[arc])]
        guard other != label, !needed[Int(label)].contains(other) else { continue }
        keys.insert(ByteKey(key(of: arc, from: node)))
      }
    }
    return keys
  }
}

extension Adjacency {
  /// The edges that no longer way stands for, in key order: the transitive reduction. Edges inside of a strong component stay, and edges that run beside
  /// each other are all or none.
  ///
  /// Cost: for each component a walk along what can be reached from it.
  /// - Returns: the keys of the edges.
  public func transitiveReduction() -> [String] {
    let longer = keysOfLongerWays()
    return (0..<Int32(nodeCount)).flatMap { node in
      edges(from: node).map { key(of: $0, from: node) }.filter { !longer.contains(ByteKey($0)) }
    }
  }
}

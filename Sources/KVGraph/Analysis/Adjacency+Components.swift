extension Adjacency {
  /// Sets of nodes, the largest first, those of the same size by their first nodes; each in the order of the keys.
  public func components(strong: Bool = false) -> [[NodeReference]] {
    componentMembers(strong: strong).map { $0.map { node($0) } }
  }

  /// The same by numbers.
  func componentMembers(strong: Bool) -> [[Int32]] {
    let labels = strong ? strongLabels() : weakLabels()
    // By label, the place among the members; labels are numbers of nodes.
    var places = [Int32](repeating: -1, count: nodeCount)
    var members: [[Int32]] = []
    for node in 0..<Int32(nodeCount) {
      let label = Int(labels[Int(node)])
      if places[label] < 0 {
        places[label] = Int32(members.count)
        members.append([])
      }
      members[Int(places[label])].append(node)
    }
    return members.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
  }

  /// For each of ``nodes`` the number of its component, in the order of ``components(strong:)``, from 0.
  public func componentNumbers(strong: Bool = false) -> [Int] {
    let labels = strong ? strongLabels() : weakLabels()
    var sizes = [Int](repeating: 0, count: nodeCount)
    var first = [Int](repeating: .max, count: nodeCount)
    for (node, label) in labels.enumerated() {
      sizes[Int(label)] += 1
      first[Int(label)] = min(first[Int(label)], node)
    }
    let order = sizes.indices.filter { sizes[$0] > 0 }.sorted {
      (sizes[$1], first[$0]) < (sizes[$0], first[$1])
    }
    var places = sizes
    for (place, label) in order.enumerated() { places[label] = place }
    return labels.map { places[Int($0)] }
  }

  /// By node, the least node that it is connected with, whatever the direction of the edges.
  func weakLabels() -> [Int32] {
    var sets = UnionFind(count: nodeCount)
    for node in 0..<Int32(nodeCount) {
      var root = sets.root(of: node)
      for arc in arcs(from: node) { root = sets.join(set: root, with: targets[arc]) }
    }
    return (0..<Int32(nodeCount)).map { sets.root(of: $0) }
  }

  /// How many nodes each component has, whatever the direction of the edges; in no order that is promised.
  func weakComponentSizes() -> [Int] {
    var sizes = [Int](repeating: 0, count: nodeCount)
    for label in weakLabels() { sizes[Int(label)] += 1 }
    return sizes.filter { $0 > 0 }
  }

  /// By node, a number of the set in which each node can be reached from each other: Tarjan's algorithm, with a stack of
  /// its own, for a path may be long.
  func strongLabels() -> [Int32] {
    let unseen: Int32 = -1
    var index = [Int32](repeating: unseen, count: nodeCount)
    var low = index
    var label = index
    var (open, nextIndex, nextLabel): ([Int32], Int32, Int32) = ([], 0, 0)
    for start in 0..<Int32(nodeCount) where index[Int(start)] == unseen {
      var stack: [(node: Int32, edges: Range<Int>)] = []
      func enter(_ node: Int32) {
        (index[Int(node)], low[Int(node)]) = (nextIndex, nextIndex)
        nextIndex += 1
        open.append(node)
        stack.append((node, arcs(from: node)))
      }
      enter(start)
      while let (node, rest) = stack.last {
        if let edge = rest.first {
          stack[stack.count - 1].edges = rest.dropFirst()
          let target = targets[edge]
          if index[Int(target)] == unseen {
            enter(target)
          } else if label[Int(target)] == unseen {
            low[Int(node)] = min(low[Int(node)], index[Int(target)])
          }
          continue
        }
        stack.removeLast()
        if let parent = stack.last?.node { low[Int(parent)] = min(low[Int(parent)], low[Int(node)]) }
        guard low[Int(node)] == index[Int(node)] else { continue }
        while let member = open.popLast() {
          label[Int(member)] = nextLabel
          if member == node { break }
        }
        nextLabel += 1
      }
    }
    return label
  }
}

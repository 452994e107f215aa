/// The neighbors of each node, each once, in the order of their numbers.
struct SimpleLists {
  /// The neighbors of node `n` are those from `offsets[n]` to `offsets[n + 1]`.
  private(set) var offsets: [Int32] = [0]
  private(set) var nodes: [Int32] = []

  /// - Parameters:
  ///   - lists: what is to be taken together; a node that is in several of them is one neighbor.
  ///   - keepsLoops: whether a node may be its own neighbor.
  init(_ lists: ArcLists..., keepsLoops: Bool) {
    guard let first = lists.first else { return }
    let count = first.offsets.count - 1
    offsets.reserveCapacity(count + 1)
    var found: [Int32] = []
    for node in 0..<Int32(count) {
      found.removeAll(keepingCapacity: true)
      for list in lists { found += list.others[list.arcs(at: node)] }
      found.sort()
      var last: Int32 = -1
      for other in found where other != last && (keepsLoops || other != node) {
        nodes.append(other)
        last = other
      }
      offsets.append(Int32(nodes.count))
    }
  }

  var count: Int { offsets.count - 1 }

  func neighbors(of node: Int32) -> ArraySlice<Int32> { nodes[range(of: node)] }

  func range(of node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }

  func contains(_ other: Int32, at node: Int32) -> Bool {
    var (low, high) = (Int(offsets[Int(node)]), Int(offsets[Int(node) + 1]))
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle] < other { low = middle + 1 } else { high = middle }
    }
    return low < Int(offsets[Int(node) + 1]) && nodes[low] == other
  }
}

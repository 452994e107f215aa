import KVGraph

/// Whether there is an edge between two nodes, of which one mostly stays: once its edges have been looked through often enough, its neighbours are marked.
struct NeighbourCheck {
  private let forward, backward: ArcLists
  /// The node that stays, and whether it is the first of the two.
  private var fixed: (node: Int32, isFirst: Bool)?
  /// How many arcs have been looked at since it came.
  private var looked = 0
  /// By node, whether it is a neighbour of the node that stays; empty before there was need of it.
  private var marks: [Bool] = []
  private var isMarked = false

  init(_ forward: ArcLists, _ backward: ArcLists) { (self.forward, self.backward) = (forward, backward) }

  /// - Parameter fixesFirst: whether the first of the two is the one that stays.
  mutating func isThere(_ first: Int32, _ second: Int32, fixesFirst: Bool) -> Bool {
    let (node, other) = fixesFirst ? (first, second) : (second, first)
    if fixed.map({ $0.node != node || $0.isFirst != fixesFirst }) ?? true {
      mark(false)
      (fixed, looked) = ((node, fixesFirst), 0)
    }
    if isMarked { return marks[Int(other)] }
    let (leaving, entering) = (forward.arcs(at: first), backward.arcs(at: second))
    looked += min(leaving.count, entering.count)
    if looked > (fixesFirst ? leaving : entering).count + 8 {
      if marks.isEmpty { marks = Array(repeating: false, count: forward.offsets.count - 1) }
      mark(true)
      return marks[Int(other)]
    }
    return leaving.count <= entering.count
      ? forward.others[leaving].contains(second) : backward.others[entering].contains(first)
  }

  private mutating func mark(_ isMarked: Bool) {
    guard self.isMarked != isMarked, let fixed else { return }
    self.isMarked = isMarked
    let lists = fixed.isFirst ? forward : backward
    for other in lists.others[lists.arcs(at: fixed.node)] { marks[Int(other)] = isMarked }
  }
}

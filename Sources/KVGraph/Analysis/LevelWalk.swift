/// A breadth-first walk, over and over on the same arrays.
struct LevelWalk {
  /// By node; -1 where the last walk did not come.
  private(set) var distance: [Int32]
  /// The nodes of the last walk, nearest first.
  private(set) var order: [Int32] = []

  init(_ count: Int) { distance = [Int32](repeating: -1, count: count) }

  mutating func run(
    from start: Int32, _ offsets: [Int32], _ targets: [Int32],
    visit: (_ node: Int32, _ distance: Int32) -> Void
  ) {
    for node in order { distance[Int(node)] = -1 }
    order.removeAll(keepingCapacity: true)
    order.append(start)
    distance[Int(start)] = 0
    var position = 0
    while position < order.count {
      let node = order[position]
      position += 1
      let next = distance[Int(node)] + 1
      visit(node, next - 1)
      for edge in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
        let target = targets[edge]
        if distance[Int(target)] < 0 {
          distance[Int(target)] = next
          order.append(target)
        }
      }
    }
  }
}

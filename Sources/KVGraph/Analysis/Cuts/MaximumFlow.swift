/// The most that can flow from one node to another, by Dinic's algorithm.
struct MaximumFlow<Capacity: AdditiveArithmetic & Comparable> {
  private var heads: [[Int32]]
  private var targets: [Int32] = []
  /// What an arc still takes; the arc back is its neighbor.
  private var room: [Capacity] = []
  private var level: [Int32] = []
  private var position: [Int] = []

  init(nodeCount: Int) { heads = Array(repeating: [], count: nodeCount) }

  /// - Parameter backward: what flows the other way.
  mutating func addArc(from: Int32, to: Int32, _ capacity: Capacity, backward: Capacity = .zero) {
    heads[Int(from)].append(Int32(targets.count))
    heads[Int(to)].append(Int32(targets.count + 1))
    targets += [to, from]
    room += [capacity, backward]
  }

  mutating func run(from source: Int32, to sink: Int32) {
    while setLevels(from: source, to: sink) {
      position = Array(repeating: 0, count: heads.count)
      while send(from: source, to: sink) {}
    }
  }

  private mutating func setLevels(from source: Int32, to sink: Int32) -> Bool {
    level = Array(repeating: -1, count: heads.count)
    level[Int(source)] = 0
    var queue = [source]
    var index = 0
    while index < queue.count {
      let node = queue[index]
      index += 1
      for arc in heads[Int(node)] where room[Int(arc)] > .zero && level[Int(targets[Int(arc)])] < 0 {
        level[Int(targets[Int(arc)])] = level[Int(node)] + 1
        queue.append(targets[Int(arc)])
      }
    }
    return level[Int(sink)] >= 0
  }

  /// Sends what one path takes; a stack of its own, for a path may be long.
  /// - Returns: false where there is none.
  private mutating func send(from source: Int32, to sink: Int32) -> Bool {
    var path: [Int32] = []
    var node = source
    while node != sink {
      if position[Int(node)] < heads[Int(node)].count {
        let arc = heads[Int(node)][position[Int(node)]]
        let target = targets[Int(arc)]
        if room[Int(arc)] > .zero, level[Int(target)] == level[Int(node)] + 1 {
          path.append(arc)
          node = target
        } else {
          position[Int(node)] += 1
        }
        continue
      }
      guard let last = path.popLast() else { return false }
      node = targets[Int(last ^ 1)]
      position[Int(node)] += 1
    }
    guard let amount = path.map({ room[Int($0)] }).min() else { return false }
    for arc in path {
      room[Int(arc)] -= amount
      room[Int(arc ^ 1)] += amount
    }
    return true
  }

  /// The nodes that are still reached from the source: the side of the cut that it is on.
  var reached: [Bool] { level.map { $0 >= 0 } }
}

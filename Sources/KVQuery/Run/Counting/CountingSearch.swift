import KVGraph

/// Walks all matches of a plan as numbers, and counts them by their keys.
struct CountingSearch {
  private let plan: CountingPlan
  /// By direction.
  private let lists: [EdgePattern.Direction: ArcLists]
  /// By node of the plan, which nodes are admitted; empty for all.
  private let admitted: [[Bool]]
  private let nodeCount: Int32
  private let memory: MemoryBudget
  private var steps: [[Step]] = []

  private struct Step {
    var from, to: Int
    var isClosing: Bool
    var arcs: ArcLists
    /// From the other end, for a step that closes a circle.
    var back: ArcLists?
    /// By number, whether a type is wanted; empty for all.
    var types: [Bool]
    var edge: Int?
    /// Whether what comes behind is one more for each arc.
    var isLast = false
  }

  private var bound: [Int32]
  private var walked: [Int32] = []
  private var edgeTypes: [Int32]
  private(set) var counts = CountsByKey()
  private var ticks = 0

  init(
    _ plan: CountingPlan, _ adjacency: Adjacency, _ lists: [EdgePattern.Direction: ArcLists],
    admitted: [[Bool]], memory: MemoryBudget
  ) {
    (self.plan, self.lists, self.admitted, self.memory) = (plan, lists, admitted, memory)
    nodeCount = Int32(adjacency.nodeCount)
    bound = Array(repeating: -1, count: plan.nodes.count)
    edgeTypes = Array(repeating: -1, count: plan.keyEdges.count)
    let names = adjacency.typeNames
    for part in plan.parts {
      var steps: [Step] = []
      for step in part.steps {
        guard let arcs = lists[step.direction] else { continue }
        let types =
          step.types.isEmpty
          ? [] : names.map { name in step.types.contains { $0.utf8.elementsEqual(name.utf8) } }
        steps.append(
          Step(
            from: step.from, to: step.to, isClosing: step.isClosing, arcs: arcs,
            back: step.isClosing ? lists[step.direction.reversed] : nil, types: types, edge: step.edge))
      }
      self.steps.append(steps)
    }
  }

  mutating func run() throws {
    if plan.nodes.isEmpty { return }
    try begin(0)
  }

  private mutating func begin(_ part: Int) throws {
    guard part < steps.count else {
      counts.add(key)
      return
    }
    let start = plan.parts[part].start
    if plan.parts[part].isBound { return try walk(part, 0) }
    for node in 0..<nodeCount where admits(node, at: start) {
      bound[start] = node
      try walk(part, 0)
    }
    bound[start] = -1
  }

  private func admits(_ node: Int32, at place: Int) -> Bool {
    if !admitted[place].isEmpty, !admitted[place][Int(node)] { return false }
    for (left, right) in plan.unequal {
      if left == place, bound[right] == node { return false }
      if right == place, bound[left] == node { return false }
    }
    return true
  }

  private mutating func walk(_ part: Int, _ index: Int) throws {
    guard index < steps[part].count else { return try begin(part + 1) }
    ticks &+= 1
    if ticks & 0xFFFF == 0 {
      try Task.checkCancellation()
      try memory.allow(64 * counts.entries.count, for: "aggregation", at: plan.clause)
    }
    let step = steps[part][index]
    let node = bound[step.from]
    if step.isClosing, let back = step.back {
      // From the end that has fewer edges.
      let other = bound[step.to]
      let (forward, backward) = (step.arcs.arcs(at: node), back.arcs(at: other))
      let isForward = forward.count <= backward.count
      let lists = isForward ? step.arcs : back
      let wanted = isForward ? other : node
      for arc in isForward ? forward : backward where lists.others[arc] == wanted {
        try take(arc, lists, step, part, index)
      }
      return
    }
    for arc in step.arcs.arcs(at: node) {
      let other = step.arcs.others[arc]
      guard admits(other, at: step.to) else { continue }
      bound[step.to] = other
      try take(arc, step.arcs, step, part, index)
    }
    bound[step.to] = -1
  }

  private mutating func take(_ arc: Int, _ lists: ArcLists, _ step: Step, _ part: Int, _ index: Int) throws {
    if !step.types.isEmpty, !step.types[Int(lists.types[arc])] { return }
    let edge = lists.edges[arc]
    if !plan.isWalk {
      for other in walked where other == edge { return }
    }
    if let place = step.edge { edgeTypes[place] = lists.types[arc] }
    walked.append(edge)
    try walk(part, index + 1)
    walked.removeLast()
  }

  private var key: CountsByKey.Key {
    switch (plan.keyNodes.count, edgeTypes.count) {
    case (0, 0): return .none
    case (1, 0): return .one(bound[plan.keyNodes[0].node])
    case (2, 0): return .two(bound[plan.keyNodes[0].node], bound[plan.keyNodes[1].node])
    default: return .many(plan.keyNodes.map { bound[$0.node] } + edgeTypes)
    }
  }
}

/// How often each combination has come, in the order in which they first came.
struct CountsByKey {
  enum Key: Hashable {
    case none
    case one(Int32)
    case two(Int32, Int32)
    case many([Int32])
  }

  private var places: [Key: Int] = [:]
  /// For keys of one node, which are small numbers.
  private var placesOfOne: [Int32] = []
  private(set) var entries: [(key: Key, count: Int)] = []

  mutating func add(_ key: Key) {
    switch key {
    case .none:
      if entries.isEmpty { entries.append((key, 0)) }
      entries[0].count += 1
    case .one(let node):
      if Int(node) >= placesOfOne.count {
        placesOfOne += [Int32](
          repeating: -1, count: max(Int(node) + 1 - placesOfOne.count, placesOfOne.count))
      }
      if placesOfOne[Int(node)] < 0 {
        placesOfOne[Int(node)] = Int32(entries.count)
        entries.append((key, 0))
      }
      entries[Int(placesOfOne[Int(node)])].count += 1
    case .two, .many:
      if let place = places[key] {
        entries[place].count += 1
      } else {
        places[key] = entries.count
        entries.append((key, 1))
      }
    }
  }
}

extension EdgePattern.Direction {
  /// As seen from the other end.
  var reversed: EdgePattern.Direction {
    switch self {
    case .out: .in
    case .in: .out
    case .any: .any
    }
  }

  var edgeDirection: EdgeDirection {
    switch self {
    case .out: .out
    case .in: .in
    case .any: .any
    }
  }
}

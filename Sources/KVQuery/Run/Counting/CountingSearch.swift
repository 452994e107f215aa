import KVGraph

/// Walks all matches of a plan as numbers, and counts them by their keys.
struct CountingSearch {
  /// What is known of the graph.
  struct Known {
    /// By direction.
    var lists: [EdgePattern.Direction: ArcLists]
    /// Of edges, by number.
    var typeNames: [String]
    var nodeCount: Int
    /// By node of the plan, which nodes are admitted; empty for all.
    var admitted: [[Bool]]
    /// By comparison of the plan, the properties of all nodes that it looks at.
    var values: [(left: [Value], right: [Value])]
  }

  private struct Step {
    enum Kind { case start, walk, close }
    var kind: Kind
    var from: Int
    var to: Int
    var arcs: ArcLists?
    /// From the other end, for a step that closes a circle.
    var back: ArcLists?
    /// By number, whether a type is wanted; empty for all.
    var types: [Bool] = []
    /// The place of the edge's type in the key.
    var edge: Int?
    var clause: Int?
    /// What is looked at once its node is bound.
    var unequal: [(Int, Int)] = []
    var comparisons: [Int] = []
    var checks: [Int] = []
    /// Whether nothing behind it, and no key, asks what it binds: matches are only counted.
    var isCounted = false
  }

  private let plan: CountingPlan
  private let known: Known
  private let memory: MemoryBudget
  private var steps: [Step] = []
  private var checks: [Step] = []
  private var bound: [Int32]
  private var walked: [(edge: Int32, clause: Int)] = []
  private var edgeTypes: [Int32]
  private(set) var counts = CountsByKey()
  private var ticks = 0

  init(_ plan: CountingPlan, _ order: CountingOrder, _ known: Known, memory: MemoryBudget) {
    (self.plan, self.known, self.memory) = (plan, known, memory)
    bound = Array(repeating: -1, count: plan.nodes.count)
    edgeTypes = Array(repeating: -1, count: plan.keyEdges.count)
    var isBound = plan.nodes.map { _ in false }
    checks = plan.checks.map { check in
      Step(
        kind: .close, from: check.from, to: check.to ?? check.from, arcs: known.lists[check.direction],
        back: known.lists[check.direction.reversed], types: known.isWanted(check.types))
    }
    for step in order.steps {
      var made: Step
      switch step {
      case .start(let node): made = Step(kind: .start, from: node, to: node)
      case .walk(let link, let from, let to):
        let link = plan.links[link]
        let direction = link.from == from ? link.direction : link.direction.reversed
        made = Step(
          kind: .walk, from: from, to: to, arcs: known.lists[direction], types: known.isWanted(link.types),
          edge: link.edge, clause: link.clause)
      case .close(let link):
        let link = plan.links[link]
        made = Step(
          kind: .close, from: link.from, to: link.to, arcs: known.lists[link.direction],
          back: known.lists[link.direction.reversed], types: known.isWanted(link.types), edge: link.edge,
          clause: link.clause)
      }
      if let node = step.node {
        isBound[node] = true
        func isNew(_ first: Int, _ second: Int) -> Bool {
          isBound[first] && isBound[second] && (first == node || second == node)
        }
        made.unequal = plan.unequal.filter { isNew($0.0, $0.1) }
        made.comparisons = plan.comparisons.indices.filter {
          isNew(plan.comparisons[$0].left.node, plan.comparisons[$0].right.node)
        }
        made.checks = plan.checks.indices.filter { number in
          plan.checks[number].to.map { isNew(plan.checks[number].from, $0) } ?? false
        }
      }
      steps.append(made)
    }
    if let last = steps.indices.last, steps[last].edge == nil {
      steps[last].isCounted =
        steps[last].kind == .close || !plan.keyNodes.contains { $0.node == steps[last].to }
    }
  }

  mutating func run() throws {
    if !plan.nodes.isEmpty { try walk(0) }
  }

  /// Whether what is bound by a step, or would be, fits all that is known.
  private func admits(_ node: Int32, _ step: Step) -> Bool {
    let admitted = known.admitted[step.to]
    if !admitted.isEmpty, !admitted[Int(node)] { return false }
    if step.unequal.isEmpty, step.comparisons.isEmpty, step.checks.isEmpty { return true }
    func at(_ place: Int) -> Int32 { place == step.to ? node : bound[place] }
    for (left, right) in step.unequal where at(left) == at(right) { return false }
    for number in step.comparisons {
      let comparison = plan.comparisons[number]
      let holds = Evaluator.compares(
        known.values[number].left[Int(at(comparison.left.node))], comparison.sign,
        known.values[number].right[Int(at(comparison.right.node))])
      if holds != true { return false }
    }
    for number in step.checks {
      let check = checks[number]
      var isThere = false
      forEachArc(check, at(check.from), at(check.to)) { _, _ in
        isThere = true
        return false
      }
      if isThere != plan.checks[number].isWanted { return false }
    }
    return true
  }

  /// Calls `body` with the arcs of a step's types between two nodes, from the end that has fewer, until it returns false.
  private func forEachArc(_ step: Step, _ from: Int32, _ to: Int32, _ body: (Int, ArcLists) -> Bool) {
    guard let forward = step.arcs, let back = step.back else { return }
    let (leaving, entering) = (forward.arcs(at: from), back.arcs(at: to))
    let isForward = leaving.count <= entering.count
    let lists = isForward ? forward : back
    let wanted = isForward ? to : from
    for arc in isForward ? leaving : entering where lists.others[arc] == wanted {
      if !step.types.isEmpty, !step.types[Int(lists.types[arc])] { continue }
      if !body(arc, lists) { return }
    }
  }

  private func mayWalk(_ edge: Int32, _ step: Step) -> Bool {
    guard let clause = step.clause else { return true }
    for other in walked where other.edge == edge && other.clause == clause { return false }
    return true
  }

  private mutating func walk(_ index: Int) throws {
    guard index < steps.count else { return counts.add(key, 1) }
    ticks &+= 1
    if ticks & 0xFFF == 0 {
      try Task.checkCancellation()
      try memory.allow(64 * counts.entries.count, for: "aggregation", at: plan.clause)
    }
    let step = steps[index]
    switch step.kind {
    case .start: try start(step, index)
    case .close: try close(step, index)
    case .walk: try follow(step, index)
    }
  }

  private mutating func start(_ step: Step, _ index: Int) throws {
    var times = 0
    for node in 0..<Int32(known.nodeCount) where admits(node, step) {
      if step.isCounted {
        times += 1
        continue
      }
      bound[step.to] = node
      try walk(index + 1)
    }
    bound[step.to] = -1
    if times > 0 { counts.add(key, times) }
  }

  private mutating func close(_ step: Step, _ index: Int) throws {
    var found: [(edge: Int32, type: Int32)] = []
    forEachArc(step, bound[step.from], bound[step.to]) { arc, lists in
      if mayWalk(lists.edges[arc], step) { found.append((lists.edges[arc], lists.types[arc])) }
      return true
    }
    if step.isCounted {
      if !found.isEmpty { counts.add(key, found.count) }
      return
    }
    for (edge, type) in found { try take(edge, type, step, index) }
  }

  private mutating func follow(_ step: Step, _ index: Int) throws {
    guard let lists = step.arcs else { return }
    var times = 0
    for arc in lists.arcs(at: bound[step.from]) {
      if !step.types.isEmpty, !step.types[Int(lists.types[arc])] { continue }
      let other = lists.others[arc]
      guard admits(other, step), mayWalk(lists.edges[arc], step) else { continue }
      if step.isCounted {
        times += 1
        continue
      }
      bound[step.to] = other
      try take(lists.edges[arc], lists.types[arc], step, index)
    }
    bound[step.to] = -1
    if times > 0 {
      ticks &+= times / 64
      counts.add(key, times)
    }
  }

  private mutating func take(_ edge: Int32, _ type: Int32, _ step: Step, _ index: Int) throws {
    if let place = step.edge { edgeTypes[place] = type }
    walked.append((edge, step.clause ?? -1))
    try walk(index + 1)
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

extension CountingSearch.Known {
  /// By number, whether a type is one of some; empty for any.
  func isWanted(_ types: [String]) -> [Bool] {
    types.isEmpty ? [] : typeNames.map { name in types.hasBytes(of: name) }
  }

  /// How many nodes follow one that has such an edge, of those that a node of the plan admits.
  func fan(_ direction: EdgePattern.Direction, _ types: [String], to admitted: Int) -> Double {
    guard let lists = lists[direction] else { return 0 }
    let wanted = isWanted(types)
    var (arcs, nodes) = (0, 0)
    var isReached = [Bool](repeating: false, count: nodeCount)
    for node in 0..<Int32(nodeCount) {
      let before = arcs
      for arc in lists.arcs(at: node) where wanted.isEmpty || wanted[Int(lists.types[arc])] {
        arcs += 1
        isReached[Int(lists.others[arc])] = true
      }
      if arcs > before { nodes += 1 }
    }
    let reached = isReached.lazy.filter { $0 }.count
    return reached == 0
      ? 0 : Double(arcs) / Double(nodes) * min(1, Double(admitted) / Double(reached))
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

import KV
import KVGraph

/// Counts the matches of a plan by their keys. A class, so that no copy is made of what it knows while branches within branches are counted.
final class CountingSearch {
  /// What is known of the graph.
  struct Known {
    var nodeCount: Int
    /// By node of the plan, which nodes are admitted; empty for all.
    var admitted: [[Bool]]
    /// By comparison of the plan, the properties of all nodes that it looks at.
    var values: [(left: [Value], right: [Value])]
    /// By check of the plan, the arcs that it looks for, from its first node and from its second.
    var checks: CountingLinks
  }

  private let plan: CountingPlan
  private let known: Known
  private let root: CountingRest
  private let memory: MemoryBudget
  private var bound: [Int32]
  private var walked: [(edge: Int32, clause: Int)] = []
  private var edgeTypes: [Int32]
  /// Table by table and by node, how many matches a branch has; -1 where it has not been counted.
  private var numbers: [Int]
  private var checks: [NeighbourCheck]
  private(set) var counts = CountsByKey()
  /// What has been looked at since it was asked whether to go on.
  private var ticks = 0

  init(_ plan: CountingPlan, _ program: CountingProgram, _ known: Known, memory: MemoryBudget) {
    (self.plan, self.known, self.memory, root) = (plan, known, memory, program.root)
    bound = Array(repeating: -1, count: plan.nodes.count)
    edgeTypes = Array(repeating: -1, count: plan.keyEdges.count)
    numbers = Array(repeating: -1, count: program.tableCount * known.nodeCount)
    checks = plan.checks.indices.map { NeighbourCheck(known.checks.forward[$0], known.checks.backward[$0]) }
  }

  func run() throws { try count(root, times: 1) }

  /// Counts all matches of what is left, each so often, by their keys.
  private func count(_ rest: CountingRest, times: Int) throws {
    var times = times
    for branch in rest.branches {
      times = Self.product(times, try number(of: branch))
      if times == 0 { return }
    }
    guard let step = rest.next else {
      guard times < .max, counts.add(key, times) else {
        throw plan.tooMany
      }
      return
    }
    let candidates = candidates(of: step)
    try tick(candidates.places.count)
    for place in candidates.places where bind(place, candidates, step) {
      try count(step.rest, times: times)
      release(step)
    }
  }

  /// How many matches a branch has; the greatest integer for all that is beyond.
  private func number(of branch: CountingBranch) throws -> Int {
    guard let (table, node) = branch.memo else { return try numberAnew(of: branch) }
    let place = table * known.nodeCount + (node.map { Int(bound[$0]) } ?? 0)
    if numbers[place] >= 0 { return numbers[place] }
    let number = try numberAnew(of: branch)
    numbers[place] = number
    return number
  }

  private func numberAnew(of branch: CountingBranch) throws -> Int {
    var number = 1
    for step in branch.steps where number > 0 { number = Self.product(number, try self.number(of: step)) }
    return branch.isOptional ? max(1, number) : number
  }

  private func number(of step: CountingStep) throws -> Int {
    var number = 0
    let candidates = candidates(of: step)
    try tick(candidates.places.count)
    for place in candidates.places where bind(place, candidates, step) {
      var times = 1
      for branch in step.rest.branches where times > 0 {
        times = Self.product(times, try self.number(of: branch))
      }
      let (sum, isOver) = number.addingReportingOverflow(times)
      number = isOver ? .max : sum
      release(step)
    }
    return number
  }

  /// What a step chooses from: nodes, or arcs.
  private struct Candidates {
    var places: Range<Int>
    /// Whether they are arcs as seen from the node that the step leads to.
    var isBack = false
    /// The node that is to be at the other end.
    var end: Int32?
  }

  private func candidates(of step: CountingStep) -> Candidates {
    if step.kind == .start { return Candidates(places: 0..<known.nodeCount) }
    let leaving = step.arcs.arcs(at: bound[step.from])
    if step.kind == .walk { return Candidates(places: leaving) }
    let entering = step.back.arcs(at: bound[step.to])
    return leaving.count <= entering.count
      ? Candidates(places: leaving, end: bound[step.to])
      : Candidates(places: entering, isBack: true, end: bound[step.from])
  }

  /// Takes a candidate, where it fits all that is known.
  private func bind(_ place: Int, _ candidates: Candidates, _ step: CountingStep) -> Bool {
    if step.kind == .start { return bind(Int32(place), step) }
    // No copy of the lists is made.
    let other = candidates.isBack ? step.back.others[place] : step.arcs.others[place]
    if let end = candidates.end {
      if other != end { return false }
    } else if !bind(other, step) {
      return false
    }
    if let clause = step.clause {
      let edge = candidates.isBack ? step.back.edges[place] : step.arcs.edges[place]
      if step.isLookedFor, walked.contains(where: { $0.edge == edge && $0.clause == clause }) { return false }
      if step.isRemembered { walked.append((edge, clause)) }
    }
    if let key = step.edge {
      edgeTypes[key] = candidates.isBack ? step.back.types[place] : step.arcs.types[place]
    }
    return true
  }

  private func bind(_ node: Int32, _ step: CountingStep) -> Bool {
    let admitted = known.admitted[step.to]
    if !admitted.isEmpty, !admitted[Int(node)] { return false }
    bound[step.to] = node
    if step.constraints.isEmpty { return true }
    for number in step.constraints.unequal
    where bound[plan.unequal[number].0] == bound[plan.unequal[number].1] { return false }
    for number in step.constraints.comparisons {
      let comparison = plan.comparisons[number]
      let holds = Evaluator.compares(
        known.values[number].left[Int(bound[comparison.left.node])], comparison.sign,
        known.values[number].right[Int(bound[comparison.right.node])])
      if holds != true { return false }
    }
    for number in step.constraints.checks {
      let check = plan.checks[number]
      guard let to = check.to else { continue }
      let isThere = checks[number].isThere(bound[check.from], bound[to], fixesFirst: to == step.to)
      if isThere != check.isWanted { return false }
    }
    return true
  }

  private func release(_ step: CountingStep) { if step.isRemembered { walked.removeLast() } }

  /// - Parameter candidates: how many will be looked at.
  private func tick(_ candidates: Int) throws {
    ticks += 1 + candidates
    guard ticks >= 0xFFFF else { return }
    ticks = 0
    try Task.checkCancellation()
    try memory.allow(64 * counts.entries.count, for: "aggregation", at: plan.clause)
  }

  /// The greatest integer for all that is beyond: that may still be multiplied by none.
  private static func product(_ left: Int, _ right: Int) -> Int {
    let (product, isOver) = left.multipliedReportingOverflow(by: right)
    return isOver ? .max : product
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

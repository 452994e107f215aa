import KVGraph

/// Binds a node, or closes a circle, and what follows it.
final class CountingStep: Sendable {
  enum Kind { case start, walk, close }

  let kind: Kind
  let from, to: Int
  /// Those of the link as they are seen from the node that is bound, and from the other end; none for a start.
  let arcs, back: ArcLists
  /// The place of the edge's type in the key.
  let edge: Int?
  /// The clause within which no edge is walked twice; `nil` where any may be.
  let clause: Int?
  /// Whether its edge may have been walked before.
  let isLookedFor: Bool
  /// Whether its edge may be walked again by a step that follows.
  let isRemembered: Bool
  /// What is looked at once its node is bound.
  let constraints: CountingPlan.Constraints
  let rest: CountingRest

  fileprivate init(
    _ step: CountingOrder.Step, _ links: CountingLinks, _ plan: CountingPlan, isLookedFor: Bool,
    isRemembered: Bool,
    _ constraints: CountingPlan.Constraints, _ rest: CountingRest
  ) {
    (self.isLookedFor, self.isRemembered, self.constraints, self.rest) = (
      isLookedFor, isRemembered, constraints, rest
    )
    clause = step.link.flatMap { plan.links[$0].clause }
    switch step {
    case .start(let node):
      (kind, from, to, arcs, back, edge) = (.start, node, node, ArcLists(), ArcLists(), nil)
    case .walk(let link, let from, let to):
      let isForward = plan.links[link].from == from
      (kind, self.from, self.to, edge) = (.walk, from, to, plan.links[link].edge)
      (arcs, back) = (
        isForward ? links.forward[link] : links.backward[link],
        isForward ? links.backward[link] : links.forward[link]
      )
    case .close(let link):
      (kind, from, to) = (.close, plan.links[link].from, plan.links[link].to)
      (arcs, back, edge) = (links.forward[link], links.backward[link], plan.links[link].edge)
    }
  }
}

/// What is left of a pattern once some of its nodes are bound: its parts do not know of each other, so that the numbers of their matches multiply.
struct CountingRest: Sendable {
  /// Those that only count.
  var branches: [CountingBranch] = []
  /// What the rows' keys are of.
  var next: CountingStep?
}

/// A part of a pattern of which only the number of matches counts.
struct CountingBranch: Sendable {
  /// The beginnings of its own parts, whose numbers multiply.
  var steps: [CountingStep]
  /// Whether it counts once where it has no match.
  var isOptional: Bool
  /// The table in which its number is kept for each node by which alone it differs.
  var memo: (table: Int, node: Int?)?
}

/// The steps of an order, taken apart where what follows is of parts that do not know of each other.
struct CountingProgram {
  private(set) var root = CountingRest()
  /// How many nodes and edges it will look at, as far as sizes tell.
  private(set) var cost = 0.0
  /// How many tables of numbers by node it keeps.
  private(set) var tableCount = 0

  private let plan: CountingPlan
  private let links: CountingLinks
  private let order: [CountingOrder.Step]
  private let sizes: [Int]
  private let fans: [(forward: Double, backward: Double)]
  /// The same from nodes that may come by more than once.
  private let fansAgain: [(forward: Double, backward: Double)]
  private let mostTables: Int
  /// By step, what is looked at once its node is bound.
  private var constraints: [CountingPlan.Constraints] = []
  /// By step, all nodes that it looks at.
  private var nodes: [[Int]] = []

  /// What has been done before a step.
  private struct Before {
    var isBound: [Bool]
    var walked: [Int] = []
    /// The node with which all began, or a table's: it comes by once.
    var first: Int?
    /// The OPTIONAL MATCH that it is in.
    var optional: Int?
    /// How often a step is taken.
    var times = 1.0
  }

  init(
    _ plan: CountingPlan, _ links: CountingLinks, beginningAt first: Int, sizes: [Int],
    fans: [(forward: Double, backward: Double)], fansAgain: [(forward: Double, backward: Double)],
    mostTables: Int
  ) {
    (self.plan, self.links, self.sizes, self.mostTables) = (plan, links, sizes, mostTables)
    (self.fans, self.fansAgain) = (fans, fansAgain)
    order = CountingOrder(plan, beginningAt: first, sizes: sizes, fans: fans).steps
    var isBound = plan.nodes.map { _ in false }
    for step in order {
      if let node = step.node { isBound[node] = true }
      let constraints = step.node.map { plan.constraints(on: $0, beside: isBound) } ?? .init()
      self.constraints.append(constraints)
      nodes.append(step.ends(in: plan) + constraints.nodes(of: plan))
    }
    root = rest(Array(order.indices), Before(isBound: plan.nodes.map { _ in false }, first: first))
  }

  /// What looks at the least, wherever it begins; of a large pattern, at the node that admits the fewest.
  /// - Parameters:
  ///   - admitted: by node of the plan, which nodes are admitted; empty for all.
  ///   - mean: how many arcs are taken to be at a node that may come by more than once.
  init(
    best plan: CountingPlan, _ links: CountingLinks, _ admitted: [[Bool]], nodeCount: Int,
    by mean: FanMean = .ofNodes
  ) {
    let sizes = admitted.map { $0.isEmpty ? nodeCount : $0.lazy.filter { $0 }.count }
    func fans(_ mean: FanMean) -> [(forward: Double, backward: Double)] {
      plan.links.indices.map { number in
        let (from, to) = (admitted[plan.links[number].from], admitted[plan.links[number].to])
        return (
          forward: links.forward[number].fan(from: from, to: to, mean),
          backward: links.backward[number].fan(from: to, to: from, mean)
        )
      }
    }
    let ofNodes = fans(.ofNodes)
    let again = mean == .ofNodes ? ofNodes : fans(mean)
    func program(beginningAt node: Int) -> CountingProgram {
      CountingProgram(
        plan, links, beginningAt: node, sizes: sizes, fans: ofNodes, fansAgain: again,
        mostTables: max(1, Self.mostMemory / max(1, 8 * nodeCount)))
    }
    let starts = plan.nodes.indices.filter { plan.owners[$0] == nil }.sorted {
      (sizes[$0], $0) < (sizes[$1], $1)
    }
    var best = program(beginningAt: starts.first ?? 0)
    for node in starts.count > Self.mostStarts ? [] : starts.dropFirst() {
      let other = program(beginningAt: node)
      if other.cost < best.cost { best = other }
    }
    self = best
  }

  private static let mostStarts = 16
  /// What tables may take, in bytes.
  private static let mostMemory = 64 << 20

  private mutating func rest(_ steps: [Int], _ before: Before) -> CountingRest {
    var rest = CountingRest()
    var keyed: [Int] = []
    for part in parts(of: steps, before) {
      if part.contains(where: hasKey) { keyed += part } else { rest.branches.append(branch(part, before)) }
    }
    if !keyed.isEmpty { rest.next = step(keyed.sorted(), before) }
    return rest
  }

  private mutating func branch(_ steps: [Int], _ before: Before) -> CountingBranch {
    var before = before
    let nodes = Set(steps.flatMap { self.nodes[$0] }.filter { before.isBound[$0] })
    let knowsWalked = steps.contains { step in before.walked.contains { mayMeet(step, $0) } }
    var branch = CountingBranch(steps: [], isOptional: false, memo: nil)
    if nodes.count <= 1, !knowsWalked, before.isBound.contains(true),
      nodes.isEmpty || nodes.first != before.first, tableCount < mostTables
    {
      branch.memo = (tableCount, nodes.first)
      tableCount += 1
      before.times = min(before.times, nodes.first.map { Double(sizes[$0]) } ?? 1)
      before.first = nodes.first
    }
    let clause = optional(steps[0])
    branch.isOptional = clause != before.optional
    before.optional = clause
    for part in branch.isOptional ? parts(of: steps, before) : [steps] {
      branch.steps.append(step(part, before))
    }
    return branch
  }

  /// - Parameter steps: at least one.
  private mutating func step(_ steps: [Int], _ before: Before) -> CountingStep {
    let (step, others) = (order[steps[0]], Array(steps.dropFirst()))
    var after = before
    if let node = step.node { after.isBound[node] = true }
    if step.link != nil { after.walked.append(steps[0]) }
    switch step {
    case .start(let node):
      cost += before.times * Double(sizes[node])
      after.times *= Double(sizes[node])
    case .walk(let link, let from, _):
      let fans = (from == before.first ? fans : fansAgain)[link]
      let fan = plan.links[link].from == from ? fans.forward : fans.backward
      cost += before.times * (1 + fan)
      after.times *= fan
      after.first = nil
    case .close(let link):
      cost += before.times * (1 + min(fans[link].forward, fans[link].backward))
      after.times *= min(1, fans[link].forward / Double(max(1, sizes[plan.links[link].to])))
    }
    return CountingStep(
      step, links, plan, isLookedFor: before.walked.contains { mayMeet(steps[0], $0) },
      isRemembered: others.contains { mayMeet(steps[0], $0) }, constraints[steps[0]], rest(others, after))
  }

  /// The steps by what knows of each other: of a node that is not bound yet, of an edge that must not be walked twice, of an OPTIONAL MATCH.
  private func parts(of steps: [Int], _ before: Before) -> [[Int]] {
    var parts: [[Int]] = []
    for step in steps {
      func isJoined(_ other: Int) -> Bool {
        mayMeet(step, other)
          || optional(step) != nil && optional(step) == optional(other) && optional(step) != before.optional
          || nodes[step].contains { !before.isBound[$0] && nodes[other].contains($0) }
      }
      let joined = parts.filter { $0.contains(where: isJoined) }
      parts.removeAll { $0.contains(where: isJoined) }
      parts.append(joined.flatMap { $0 } + [step])
    }
    return parts.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  private func optional(_ step: Int) -> Int? {
    switch order[step] {
    case .start(let node): plan.owners[node]
    case .walk(let link, _, _), .close(let link): plan.links[link].optional
    }
  }

  private func hasKey(_ step: Int) -> Bool {
    order[step].link.map { plan.links[$0].edge != nil } ?? false
      || order[step].node.map { node in plan.keyNodes.contains { $0.node == node } } ?? false
  }

  /// Whether two steps may come by one edge, which is one too often.
  private func mayMeet(_ step: Int, _ other: Int) -> Bool {
    guard let link = order[step].link, let other = order[other].link else { return false }
    return plan.mayMeet(link, other)
  }
}

extension CountingOrder.Step {
  /// The node that it binds.
  fileprivate var node: Int? {
    switch self {
    case .start(let node), .walk(_, _, let node): node
    case .close: nil
    }
  }

  fileprivate var link: Int? {
    switch self {
    case .start: nil
    case .walk(let link, _, _), .close(let link): link
    }
  }

  fileprivate func ends(in plan: CountingPlan) -> [Int] {
    switch self {
    case .start(let node): [node]
    case .walk(let link, _, _), .close(let link): [plan.links[link].from, plan.links[link].to]
    }
  }
}

extension CountingPlan {
  /// By their places in the plan, what nodes that are bound ask of each other.
  struct Constraints: Sendable {
    var unequal: [Int] = []
    var comparisons: [Int] = []
    var checks: [Int] = []

    var isEmpty: Bool { unequal.isEmpty && comparisons.isEmpty && checks.isEmpty }

    fileprivate func nodes(of plan: CountingPlan) -> [Int] {
      unequal.flatMap { [plan.unequal[$0].0, plan.unequal[$0].1] }
        + comparisons.flatMap { [plan.comparisons[$0].left.node, plan.comparisons[$0].right.node] }
        + checks.flatMap { [plan.checks[$0].from] + [plan.checks[$0].to].compactMap { $0 } }
    }
  }

  /// What a node that has been bound last asks of the others that are.
  fileprivate func constraints(on node: Int, beside isBound: [Bool]) -> Constraints {
    func isNew(_ first: Int, _ second: Int) -> Bool {
      isBound[first] && isBound[second] && (first == node || second == node)
    }
    return Constraints(
      unequal: unequal.indices.filter { isNew(unequal[$0].0, unequal[$0].1) },
      comparisons: comparisons.indices.filter {
        isNew(comparisons[$0].left.node, comparisons[$0].right.node)
      },
      checks: checks.indices.filter { number in
        checks[number].to.map { isNew(checks[number].from, $0) } ?? false
      })
  }
}

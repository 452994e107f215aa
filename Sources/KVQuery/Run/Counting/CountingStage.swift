import KV
import KVGraph

/// The MATCH clauses at the beginning of a query whose matches are only counted.
final class CountingStage: Stage {
  /// Their numbers add up, and they have the same keys.
  private let plans: [CountingPlan]
  private let shop: Workshop
  private let next: any Stage
  private var hasCounted = true
  /// What finds the matches one by one, where a key or an index says at which few nodes they begin.
  private let matches: [MatchStage]

  /// - Parameters:
  ///   - plans: at least one.
  ///   - matches: at least one.
  init(_ plans: [CountingPlan], or matches: [MatchStage], _ shop: Workshop, _ next: any Stage) {
    (self.plans, self.matches, self.shop, self.next) = (plans, matches, shop, next)
  }

  func push(_ rows: [Row]) async throws -> Bool {
    guard let row = rows.first else { return true }
    for stage in matches where try await stage.match.beginsNarrow(in: shop.graph) {
      if try await beginsAtHub(row) { break }
      hasCounted = false
      return try await matches[0].push(rows)
    }
    let adjacency = try await shop.graph.adjacency()
    var arcs = TypedArcs(adjacency)
    var known: [CountingSearch.Known] = []
    do {
      for plan in plans { known.append(try await self.known(plan, row, adjacency, &arcs)) }
    } catch let error as KVError where error.code == .invalidData {
      // A condition that nodes do not go with: it may be one of those that no match comes by.
      hasCounted = false
      return try await matches[0].push(rows)
    }
    var counts = CountsByKey()
    for (plan, known) in zip(plans, known) { try count(plan, known, &arcs, in: &counts) }
    let names = adjacency.typeNames
    var batch: [Row] = []
    for entry in counts.entries where entry.count > 0 {
      batch.append(try self.row(row, entry, adjacency, names))
      if batch.count == 1000 {
        if try await !next.push(batch) { return false }
        batch = []
      }
    }
    return batch.isEmpty ? true : try await next.push(batch)
  }

  /// Whether from a node that is read by its key so many edges lead on that all of the graph are as soon read as the pairs of them gone through.
  private func beginsAtHub(_ row: Row) async throws -> Bool {
    guard plans.contains(where: { $0.links.count > 1 }) else { return false }
    let many = 1000
    for pattern in matches.flatMap(\.match.parts).flatMap(\.nodes) {
      guard let key = pattern.key(isBound: { _ in false }),
        let nodes = try await shop.matcher.nodes(of: key, [row])?.first, !nodes.isEmpty
      else { continue }
      let paths = nodes.map(\.path)
      for scope in [EdgeQuery.Scope.leaving(paths), .entering(paths)] {
        shop.graph.noteRequests()
        if try await shop.graph.graph.store.edgeCount(at: scope, upTo: many) ?? 0 >= many { return true }
      }
    }
    return false
  }

  /// Counts the matches of a plan by their keys: one by one, or as a sum of terms that cost less.
  private func count(
    _ plan: CountingPlan, _ known: CountingSearch.Known, _ arcs: inout TypedArcs, in counts: inout CountsByKey
  ) throws {
    func program(_ plan: CountingPlan, by mean: FanMean = .ofNodes) -> CountingProgram {
      let links = CountingLinks(plan.links.map { ($0.direction, $0.types) }, &arcs)
      return CountingProgram(best: plan, links, known.admitted, nodeCount: known.nodeCount, by: mean)
    }
    var terms: [CountingPlan.Term] = [(1, plan)]
    let undirected = shop.graph.undirected
    if let sum = plan.terms({ $0.isEmpty ? !undirected.isEmpty : $0.contains(where: undirected.contains) }) {
      let cost = program(plan, by: .ofArcs).cost
      if sum.reduce(0, { $0 + program($1.plan, by: .ofArcs).cost }) < cost { terms = sum }
    }
    for (sign, plan) in terms {
      let search = CountingSearch(plan, program(plan), known, memory: shop.memory)
      try search.run()
      for (key, count) in search.counts.entries {
        guard counts.add(key, sign * count) else { throw plan.tooMany }
      }
    }
  }

  private func known(_ plan: CountingPlan, _ row: Row, _ adjacency: Adjacency, _ arcs: inout TypedArcs)
    async throws
    -> CountingSearch.Known
  {
    let checks = CountingLinks(plan.checks.map { ($0.direction, $0.types) }, &arcs)
    var known = CountingSearch.Known(
      nodeCount: adjacency.nodeCount, admitted: [], values: [], checks: checks)
    for place in plan.nodes.indices {
      var admitted = try await admittedNodes(plan.nodes[place], plan.conditions[place], row, adjacency)
      for (check, arcs) in zip(plan.checks, checks.forward) where check.from == place && check.to == nil {
        try await keep(&admitted, by: check, row, adjacency, arcs)
      }
      known.admitted.append(admitted)
    }
    for comparison in plan.comparisons {
      let (left, right) = (comparison.left, comparison.right)
      known.values.append(
        (
          try await values(of: left, comparison.sign, known.admitted[left.node], adjacency),
          try await values(of: right, comparison.sign, known.admitted[right.node], adjacency)
        ))
    }
    return known
  }

  /// Leaves those nodes that have an edge, or have none.
  private func keep(
    _ admitted: inout [Bool], by check: CountingPlan.Check, _ row: Row, _ adjacency: Adjacency,
    _ arcs: ArcLists
  ) async throws {
    let ends = try await admittedNodes([check.end], [], row, adjacency)
    if admitted.isEmpty { admitted = Array(repeating: true, count: adjacency.nodeCount) }
    for node in admitted.indices where admitted[node] {
      let isThere = arcs.arcs(at: Int32(node)).contains { ends.isEmpty || ends[Int(arcs.others[$0])] }
      admitted[node] = isThere == check.isWanted
    }
  }

  /// By node, what is compared of those that are admitted.
  private func values(
    of operand: CountingPlan.Comparison.Operand, _ sign: Expression.Comparison, _ admitted: [Bool],
    _ adjacency: Adjacency
  ) async throws -> [Value] {
    let (_, property, place) = operand
    let areIDs = property == "id" && sign.isEquality
    var values = [Value](repeating: .null, count: adjacency.nodeCount)
    for start in stride(from: 0, to: adjacency.nodeCount, by: 1000) {
      try Task.checkCancellation()
      let numbers = (start..<min(start + 1000, adjacency.nodeCount)).filter {
        admitted.isEmpty || admitted[$0]
      }
      let nodes = numbers.compactMap { number in
        shop.graph.node(numbered: Int32(number)).map { (number, $0) }
      }
      try await shop.graph.load(nodes.map(\.1))
      for (number, node) in nodes {
        let id = areIDs ? try await shop.evaluator.ownID(of: .node(node), at: place) : nil
        values[number] =
          if let id { .string(id) } else {
            try await shop.evaluator.property(property, of: .node(node), at: place)
          }
      }
    }
    return values
  }

  private func row(
    _ empty: Row, _ entry: (key: CountsByKey.Key, count: Int), _ adjacency: Adjacency, _ names: [String]
  )
    throws -> Row
  {
    var row = empty
    row.times = entry.count
    let numbers: [Int32] =
      switch entry.key {
      case .none: []
      case .one(let node): [node]
      case .two(let first, let second): [first, second]
      case .many(let numbers): numbers
      }
    let plan = plans[0]
    for (number, (_, variable)) in zip(numbers, plan.keyNodes) {
      guard let node = shop.graph.node(numbered: number) else { continue }
      row[variable] = .node(node)
    }
    for (number, variable) in zip(numbers.dropFirst(plan.keyNodes.count), plan.keyEdges) {
      row[variable] = .edge(Self.edge(of: names[Int(number)]))
    }
    for variable in plan.countedEdges { row[variable] = .edge(Self.edge(of: "")) }
    return row
  }

  /// The nodes with labels: most are told by their types.
  private func admit(_ labels: [LabelExpression], among adjacency: Adjacency, _ admitted: inout [Bool])
    async throws
  {
    for (type, nodes) in adjacency.nodeTypes {
      let name = String(percentDecoding: type) ?? ""
      guard labels.allSatisfy({ $0.admits([name], hasAny: name != "Node") }) else { continue }
      for number in nodes { admitted[Int(number)] = true }
    }
    let numbers = try await shop.graph.nodesWithLabels().compactMap { adjacency.nodeNumber(path: $0.text) }
    for start in stride(from: 0, to: numbers.count, by: 1000) {
      let nodes = numbers[start..<min(start + 1000, numbers.count)].compactMap {
        shop.graph.node(numbered: $0)
      }
      try await shop.graph.load(nodes)
      for node in nodes {
        if let number = node.number { admitted[Int(number)] = labels.allSatisfy { $0.admits(node) } }
      }
    }
  }

  /// An edge of which only the type is asked for, or that it is there.
  private static func edge(of type: String) -> QueryEdge {
    let end = QueryNode(NodeReference(type: "", id: ""), path: "")
    return QueryEdge(from: end, to: end, type: type, label: "", isDirected: true)
  }

  /// By node, whether the patterns and conditions admit it; empty for all.
  private func admittedNodes(
    _ patterns: [NodePattern], _ conditions: [Expression], _ row: Row, _ adjacency: Adjacency
  ) async throws -> [Bool] {
    guard
      patterns.contains(where: { $0.labels != nil || $0.properties != nil || $0.condition != nil })
        || !conditions.isEmpty
    else { return [] }
    var admitted = [Bool](repeating: false, count: adjacency.nodeCount)
    let labels = patterns.compactMap(\.labels)
    if conditions.isEmpty, patterns.allSatisfy({ $0.properties == nil && $0.condition == nil }) {
      try await admit(labels, among: adjacency, &admitted)
      return admitted
    }
    func look(at nodes: some Sequence<QueryNode>) async throws {
      var candidates = nodes.map { Matcher.State(row: row, trail: Trail(at: $0)) }
      for pattern in patterns {
        let part = PatternPart(nodes: [pattern], edges: [], place: pattern.place)
        try await shop.matcher.admit(&candidates, at: 0, of: part)
      }
      try await shop.graph.load(nodesIn: candidates.map(\.row), for: conditions)
      for state in candidates {
        var holds = true
        for condition in conditions where holds {
          holds = try await shop.evaluator.holds(condition, state.row)
        }
        if holds, let node = state.trail?.node, let number = adjacency.nodeNumber(path: node.path) {
          admitted[Int(number)] = true
        }
      }
    }
    for pattern in patterns {
      guard let key = pattern.key(isBound: { _ in false }),
        let nodes = try await shop.matcher.nodes(of: key, [row])?.first
      else { continue }
      try await look(at: nodes)
      return admitted
    }
    for start in stride(from: 0, to: adjacency.nodeCount, by: 1000) {
      try Task.checkCancellation()
      let numbers = start..<min(start + 1000, adjacency.nodeCount)
      try await look(at: numbers.lazy.compactMap { self.shop.graph.node(numbered: Int32($0)) })
    }
    return admitted
  }

  func finish() async throws { try await hasCounted ? next.finish() : matches[0].finish() }
}

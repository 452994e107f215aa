import KVGraph

/// A MATCH at the beginning of a query whose matches are only counted.
final class CountingStage: Stage {
  private let plan: CountingPlan
  private let shop: Workshop
  private let next: any Stage
  /// What finds the matches one by one, where an index says at which few nodes they begin.
  private let matches: MatchStage

  init(_ plan: CountingPlan, or matches: MatchStage, _ shop: Workshop, _ next: any Stage) {
    (self.plan, self.matches, self.shop, self.next) = (plan, matches, shop, next)
  }

  func push(_ rows: [Row]) async throws -> Bool {
    guard let row = rows.first else { return true }
    if try await matches.match.usesIndex(in: shop.graph) { return try await matches.push(rows) }
    let adjacency = try await shop.graph.adjacency()
    var lists: [EdgePattern.Direction: ArcLists] = [:]
    for step in plan.parts.flatMap(\.steps) {
      for direction in step.isClosing ? [step.direction, step.direction.reversed] : [step.direction]
      where lists[direction] == nil {
        lists[direction] = adjacency.arcLists(direction.edgeDirection)
      }
    }
    var admitted: [[Bool]] = []
    for place in plan.nodes.indices { admitted.append(try await admittedNodes(at: place, row, adjacency)) }
    var search = CountingSearch(plan, adjacency, lists, admitted: admitted, memory: shop.memory)
    try search.run()
    let names = adjacency.typeNames
    var batch: [Row] = []
    for entry in search.counts.entries {
      batch.append(try self.row(row, entry, adjacency, names))
      if batch.count == 1000 {
        if try await !next.push(batch) { return false }
        batch = []
      }
    }
    return batch.isEmpty ? true : try await next.push(batch)
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
    for (number, (_, variable)) in zip(numbers, plan.keyNodes) {
      guard let node = shop.graph.node(path: adjacency.keyPath(of: number)) else { continue }
      row[variable] = .node(node)
    }
    for (number, variable) in zip(numbers.dropFirst(plan.keyNodes.count), plan.keyEdges) {
      // Of the edge only the type is asked for.
      let end = QueryNode(NodeReference(type: "", id: ""), path: "")
      row[variable] = .edge(
        QueryEdge(from: end, to: end, type: names[Int(number)], parallelKey: nil, isDirected: true, key: ""))
    }
    return row
  }

  /// By node, whether the pattern admits it; empty for all.
  private func admittedNodes(at place: Int, _ row: Row, _ adjacency: Adjacency) async throws -> [Bool] {
    let patterns = plan.nodes[place]
    let conditions = plan.conditions[place]
    guard
      patterns.contains(where: { $0.labels != nil || $0.properties != nil || $0.condition != nil })
        || !conditions.isEmpty
    else { return [] }
    var admitted = [Bool](repeating: false, count: adjacency.nodeCount)
    let matcher = shop.matcher
    for start in stride(from: 0, to: adjacency.nodeCount, by: 1000) {
      try Task.checkCancellation()
      let numbers = start..<min(start + 1000, adjacency.nodeCount)
      var candidates: [(Matcher.State, QueryNode)] = numbers.compactMap { number in
        shop.graph.node(path: adjacency.keyPath(of: Int32(number))).map {
          (Matcher.State(row: row, nodes: [nil], number: number), $0)
        }
      }
      for pattern in patterns {
        candidates = try await matcher.admitted(candidates, pattern, at: 0).compactMap { state in
          state.nodes[0].map { (state, $0) }
        }
      }
      try await shop.graph.load(nodesIn: candidates.map(\.0.row), for: conditions)
      for (state, _) in candidates {
        var holds = true
        for condition in conditions where holds {
          holds = try await shop.evaluator.holds(condition, state.row)
        }
        if holds { admitted[state.number] = true }
      }
    }
    return admitted
  }

  func finish() async throws { try await next.finish() }
}

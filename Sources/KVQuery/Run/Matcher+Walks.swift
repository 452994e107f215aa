import KV
import KVGraph

extension Matcher {
  /// A walk along an edge pattern of several edges.
  struct Walk {
    var state: State
    var node: QueryNode
    var edges: [QueryEdge] = []
    /// The nodes behind the first edge, the last of them `node`.
    var nodes: [QueryNode] = []
    var cost: Double?
    /// What the variables of a group stood for, time by time.
    var lists: [Variable: [Value]] = [:]

    func extended(along edge: QueryEdge, to node: QueryNode) -> Walk {
      var longer = self
      longer.node = node
      longer.edges.append(edge)
      longer.nodes.append(node)
      return longer
    }
  }

  /// Where a walk begins, and where it has to end, which is open where `end` is `nil`; `nil` where it can end nowhere.
  func ends(of step: Step, _ part: PatternPart, _ state: State) async throws -> (
    start: QueryNode, end: QueryNode?
  )? {
    guard let start = state.nodes[step.from] else { return nil }
    let pattern = part.nodes[step.to]
    switch pattern.variable.flatMap({ state.row[$0] }) {
    case nil:
      guard !isWriting, let key = Self.key(of: pattern),
        pattern.dependencies(within: part).allSatisfy(state.row.isBound)
      else { return (start, nil) }
      return try await nodes(of: key, state.row).first.map { (start, $0) }
    case .node(let end)?: return (start, end)
    default: return nil
    }
  }

  func walkMany(_ part: PatternPart, _ step: Step, _ states: [State], emit: @escaping Emit)
    async throws -> Bool
  {
    let length = part.edges[step.edge].length ?? 1...1
    let begins = states.compactMap { state in state.nodes[step.from].map { Walk(state: state, node: $0) } }
    if length.contains(0), try await !finish(begins, part, step, emit) { return false }
    return try await walkOn(begins, depth: 1, length, part, step, emit)
  }

  func walkOn(
    _ walks: [Walk], depth: Int, _ length: ClosedRange<Int>, _ part: PatternPart, _ step: Step,
    _ emit: @escaping Emit
  ) async throws -> Bool {
    if depth > length.upperBound { return true }
    let pattern = part.edges[step.edge]
    for start in stride(from: 0, to: walks.count, by: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(walks[start..<min(start + Self.batch, walks.count)])
      let next =
        pattern.group.isEmpty
        ? try await longer(batch, pattern, step, part) : try await longerByGroup(batch, pattern, step, part)
      if length.contains(depth), try await !finish(next, part, step, emit) { return false }
      if !next.isEmpty, try await !walkOn(next, depth: depth + 1, length, part, step, emit) { return false }
    }
    return true
  }

  /// Whether the mode of a part lets a walk go on along an edge.
  static func mayWalk(
    _ edge: QueryEdge, to node: QueryNode, _ state: State, _ edges: [QueryEdge], _ nodes: [QueryNode],
    _ part: PatternPart
  ) -> Bool {
    if part.mode == .walk { return true }
    if state.walked.contains(where: { $0.isSame(as: edge) }) || edges.contains(where: { $0.isSame(as: edge) })
    {
      return false
    }
    guard part.mode == .acyclic || part.mode == .simple else { return true }
    let first = state.nodes.compactMap { $0 }.first
    // Once closed, a simple path goes no further.
    if nodes.contains(where: { $0 === first }) { return false }
    let before = state.nodes.compactMap { $0 } + state.between.flatMap { $0 } + nodes
    guard before.contains(where: { $0 === node }) else { return true }
    return part.mode == .simple && part.edges.count == 1 && node === first
  }

  /// The walks, each by one edge longer in all ways.
  func longer(_ walks: [Walk], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart) async throws
    -> [Walk]
  {
    var next: [Walk] = []
    for (walk, found) in zip(walks, try await steps(from: walks.map(\.node), pattern, step, part)) {
      for (edge, node) in found where Self.mayWalk(edge, to: node, walk.state, walk.edges, walk.nodes, part) {
        guard try await admits(edge, pattern, walk.state.row) else { continue }
        next.append(walk.extended(along: edge, to: node))
      }
    }
    return next
  }

  /// The walks, each once more along a group in all ways.
  func longerByGroup(_ walks: [Walk], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart)
    async throws -> [Walk]
  {
    guard let group = pattern.group.first else { return [] }
    let start = step.isBackward ? group.edges.count : 0
    let steps =
      step.isBackward
      ? (0..<start).reversed().map { Step(edge: $0, from: $0 + 1, to: $0) }
      : group.edges.indices.map { Step(edge: $0, from: $0, to: $0 + 1) }
    let variables = pattern.groupVariables
    var next: [Walk] = []
    for walk in walks {
      var state = State(row: walk.state.row, walked: walk.state.walked + walk.edges)
      for variable in variables { state.row[variable] = nil }
      var found: [State] = []
      _ = try await begin(group, start, [state], at: walk.node) { begun in
        try await self.walk(group, steps[...], begun) { ended in
          found += ended
          return true
        }
      }
      for state in try await settled(found, group)
      where try await evaluator.holds(pattern.condition, state.row) {
        var path = Self.path(state)
        if step.isBackward { path = QueryPath(nodes: path.nodes.reversed(), edges: path.edges.reversed()) }
        let nodes = Array(path.nodes.dropFirst())
        guard Self.mayVisit(nodes, walk, part) else { continue }
        var longer = walk
        longer.node = path.nodes.last ?? walk.node
        longer.edges += path.edges
        longer.nodes += nodes
        for variable in variables { longer.lists[variable, default: []].append(state.row[variable] ?? .null) }
        next.append(longer)
      }
    }
    return next
  }

  /// Whether a mode lets a walk come by nodes that it may have come by before.
  static func mayVisit(_ nodes: [QueryNode], _ walk: Walk, _ part: PatternPart) -> Bool {
    guard part.mode == .acyclic || part.mode == .simple else { return true }
    let first = walk.state.nodes.compactMap { $0 }.first
    let before = walk.state.nodes.compactMap { $0 } + walk.state.between.flatMap { $0 } + walk.nodes
    for (place, node) in nodes.enumerated() where (before + nodes[..<place]).contains(where: { $0 === node })
    {
      let closes =
        part.mode == .simple && node === first && place == nodes.count - 1
        && !walk.nodes.contains { $0 === first }
      if !closes { return false }
    }
    return !(part.mode == .simple && walk.nodes.contains { $0 === first })
  }

  /// Binds walks that have come to their ends.
  func finish(_ walks: [Walk], _ part: PatternPart, _ step: Step, _ emit: Emit) async throws -> Bool {
    let variable = part.edges[step.edge].variable
    var candidates: [(State, QueryNode)] = []
    for walk in walks {
      var state = walk.state
      let between = Array(walk.nodes.dropLast())
      state.edges[step.edge] = step.isBackward ? walk.edges.reversed() : walk.edges
      state.between[step.edge] = step.isBackward ? between.reversed() : between
      state.walked += walk.edges
      state.cost = walk.cost
      for variable in part.edges[step.edge].groupVariables {
        let values = walk.lists[variable] ?? []
        state.row[variable] = .list(step.isBackward ? values.reversed() : values)
      }
      if let variable {
        let value = Value.list(state.edges[step.edge].map { .edge($0) })
        if let bound = state.row[variable], Value.equals(bound, value) != true { continue }
        state.row[variable] = value
      }
      candidates.append((state, walk.node))
    }
    return try await arrive(candidates, part, step, emit: emit)
  }
}

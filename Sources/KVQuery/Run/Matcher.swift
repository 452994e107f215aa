import KV
import KVGraph

/// Finds what patterns match, for many rows at a time: each step asks the store once for all of them.
final class Matcher {
  let graph: QueryGraph
  let evaluator: Evaluator
  /// The variables of edges and paths whose data something asks for.
  let used: Set<Int>
  let isWriting: Bool

  /// What has been planned, by where it stands in the query's text: a subquery comes by it again row after row.
  private var matches: [PlanKey: Clause.Match] = [:]
  private var plans: [PlanKey: [PlannedPart]] = [:]
  /// What EXISTS asks of nodes row after row, by the same.
  var reachQuestions: [PlanKey: Reach] = [:]

  struct PlanKey: Hashable {
    var line, column: Int
    /// Of all variables, whether they are known before.
    var bound: [Bool] = []
  }

  /// What is followed at once.
  static let batch = 500

  init(_ graph: QueryGraph, _ evaluator: Evaluator, used: Set<Int>, isWriting: Bool) {
    (self.graph, self.evaluator, self.used, self.isWriting) = (graph, evaluator, used, isWriting)
  }

  /// A row on its way through a pattern.
  struct State {
    var row: Row
    var trail: Trail?
    var cost: PathCost?
    /// Whether a pattern has asked for what was not bound yet.
    var isUnsettled = false
    /// The times along groups for which such a pattern is to be asked yet.
    var late: [LateTime] = []
  }

  typealias Emit = ([State]) async throws -> Bool

  /// - Parameter emit: is given rows as they are found, in an order that is always the same; returns false where no more are wanted.
  func match(_ parts: [PatternPart], _ rows: [Row], emit: @escaping ([Row]) async throws -> Bool) async throws
  {
    guard let row = rows.first, let first = parts.first else { return }
    let key = PlanKey(line: first.place.line, column: first.place.column, bound: row.bound)
    let plan: [PlannedPart]
    if let known = plans[key] {
      plan = known
    } else {
      plan = try await graph.plan(parts, isBound: row.isBound)
      plans[key] = plan
    }
    let turns = plan.map { Turn($0) }
    _ = try await follow(turns[...], rows.map { State(row: $0) }) { states in
      try await emit(states.map(\.row))
    }
  }

  /// The clause with what its WHERE asks of single nodes at these nodes.
  func planned(_ match: Clause.Match) -> Clause.Match {
    let key = PlanKey(line: match.place.line, column: match.place.column)
    if let known = matches[key] { return known }
    let planned = match.planned()
    matches[key] = planned
    return planned
  }

  private func follow(_ plan: ArraySlice<Turn>, _ states: [State], emit: @escaping Emit) async throws -> Bool
  {
    guard let turn = plan.first else { return try await emit(states) }
    return try await follow(turn, states) { found in
      try await self.follow(plan.dropFirst(), found, emit: emit)
    }
  }

  // MARK: a part

  /// A step from one node of a part to the next.
  struct Step {
    var edge: Int
    var from, to: Int
    var isBackward: Bool { to < from }
  }

  func follow(_ planned: PlannedPart, _ states: [State], emit: @escaping Emit) async throws -> Bool {
    guard let row = states.first?.row else { return true }
    let (part, start) = (planned.part, planned.start.place)
    let steps =
      (start..<part.edges.count).map { Step(edge: $0, from: $0, to: $0 + 1) }
      + (0..<start).reversed().map { Step(edge: $0, from: $0 + 1, to: $0) }
    let finish: Emit = { unsettled in
      let states = try await self.settled(unsettled, part)
      if states.isEmpty { return true }
      try await self.loadData(of: states, part)
      return try await emit(self.named(states, part))
    }
    let isBreadthFirst = part.isPlainShortest && !(part.edges[0].variable.map { row[$0] != nil } ?? false)
    if part.selector != .all, !part.edges.isEmpty, !isBreadthFirst {
      return try await begin(part, start, states) { begun in
        try await self.select(part, steps, begun, emit: finish)
      }
    }
    return try await begin(part, start, states) { begun in
      try await self.walk(part, steps[...], begun, emit: finish)
    }
  }

  /// The rows at the end of a part or a group with the path that they have come.
  func named(_ states: [State], _ part: PatternPart) -> [State] {
    guard let path = part.path else { return states }
    return states.map { state in
      var state = state
      state.row[path] = state.trail.map { .path($0.path(cost: state.cost)) }
      return state
    }
  }

  /// The rows at each node that may be where a part begins.
  func begin(_ part: PatternPart, _ start: Int, _ states: [State], emit: @escaping Emit) async throws -> Bool
  {
    guard let first = states.first?.row else { return true }
    let pattern = part.nodes[start]
    var pending: [State] = []
    func flush() async throws -> Bool {
      try await admit(&pending, at: start, of: part)
      let admitted = pending
      pending = []
      return admitted.isEmpty ? true : try await emit(admitted)
    }
    func begin(_ state: State, at nodes: some Sequence<QueryNode>) async throws -> Bool {
      for node in nodes {
        var begun = state
        begun.cost = part.selector.isByCost ? PathCost() : nil
        begun.trail = Trail(at: node, place: start, isAlone: part.isAlone, after: state.trail)
        pending.append(begun)
        if pending.count >= Self.batch, try await !flush() { return false }
      }
      return true
    }
    let isReady = pattern.dependencies(within: part).allSatisfy { first.isBound($0) }
    let isOpen = isReady && pattern.variable.map { first[$0] == nil } ?? true
    for batch in states.batches(of: Self.batch) {
      var found: [[QueryNode]]?
      if isOpen {
        if let key = pattern.key(isBound: first.isBound) {
          found = try await nodes(of: key, batch.map(\.row))
        }
        if found == nil { found = try await indexed(pattern, Array(batch)) }
        if found == nil { found = try await joined(pattern, Array(batch)) }
      }
      for (number, state) in batch.enumerated() {
        let goesOn: Bool
        if let variable = pattern.variable, let value = state.row[variable] {
          switch value {
          case .node(let node): goesOn = try await begin(state, at: [node])
          case .null: goesOn = true
          default:
            throw pattern.place.error("\(JSON(variable.name)) is \(value.kind), and here a node is meant")
          }
        } else if let found {
          goesOn = try await begin(state, at: found[number])
        } else {
          goesOn = try await begin(state, at: graph.allNodes())
        }
        if !goesOn { return false }
      }
    }
    return try await flush()
  }

  // MARK: steps

  func walk(_ part: PatternPart, _ steps: ArraySlice<Step>, _ states: [State], emit: @escaping Emit)
    async throws
    -> Bool
  {
    if states.isEmpty { return true }
    guard let step = steps.first else { return try await emit(states) }
    for batch in states.batches(of: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(batch)
      let next: Emit = { found in try await self.walk(part, steps.dropFirst(), found, emit: emit) }
      let goesOn =
        if case .shortest(let isAll) = part.selector {
          try await walkShortest(part, step, batch, isAll: isAll, emit: next)
        } else if part.edges[step.edge].length != nil {
          try await walkMany(part, step, batch, emit: next)
        } else {
          try await walkOne(part, step, batch, emit: next)
        }
      if !goesOn { return false }
    }
    return true
  }

  static func direction(_ pattern: EdgePattern, _ step: Step) -> EdgePattern.Direction {
    switch (pattern.direction, step.isBackward) {
    case (.any, _): .any
    case (.out, false), (.in, true): .out
    default: .in
    }
  }

  func steps(
    from nodes: [QueryNode], to ends: [QueryNode?] = [], _ pattern: EdgePattern, _ step: Step,
    _ part: PatternPart
  ) async throws -> [[QueryGraph.Step]] {
    try await graph.steps(
      at: nodes, Self.direction(pattern, step), types: pattern.types, withData: needsData(pattern, part),
      to: ends)
  }

  func walkOne(_ part: PatternPart, _ step: Step, _ states: [State], emit: @escaping Emit)
    async throws -> Bool
  {
    let pattern = part.edges[step.edge]
    let trails = states.compactMap(\.trail)
    let variable = part.nodes[step.to].variable
    let ends = variable.map { end in states.map { $0.row[end]?.node } } ?? []
    let found = try await steps(from: trails.map { $0.node(at: step.from) }, to: ends, pattern, step, part)
    let dependencies = pattern.dependencies(within: part)
    try await graph.load(nodesIn: states, for: [pattern.properties, pattern.condition])
    var arriving: [State] = []
    for (place, (trail, found)) in zip(trails, found).enumerated() {
      let state = states[place]
      let isReady = dependencies.allSatisfy { state.row.isBound($0) }
      let bound = pattern.variable.flatMap { state.row[$0] }
      let end = ends.isEmpty ? nil : ends[place]
      for (edge, node) in found
      where (end.map { node.isSame(as: $0) } ?? true)
        && trail.mayGoOn(along: edge, to: node, isBackward: step.isBackward, part.mode)
      {
        if isReady { guard try await admits(edge, pattern, state.row) else { continue } }
        if let bound { guard case .edge(let other) = bound, other.isSame(as: edge) else { continue } }
        var next = state
        if !isReady { next.isUnsettled = true }
        if bound == nil, let variable = pattern.variable { next.row[variable] = .edge(edge) }
        next.trail = Trail(along: edge, to: node, step, after: trail)
        arriving.append(next)
        if arriving.count >= 4 * Self.batch {
          if try await !arrive(arriving, part, step, emit: emit) { return false }
          arriving = []
        }
      }
    }
    return try await arrive(arriving, part, step, emit: emit)
  }

  /// Gives on the rows whose nodes at the end of a step are admitted.
  func arrive(_ arriving: [State], _ part: PatternPart, _ step: Step, emit: Emit) async throws -> Bool {
    var arriving = arriving
    try await admit(&arriving, at: step.to, of: part)
    return arriving.isEmpty ? true : try await emit(arriving)
  }
}

extension Array {
  /// In pieces of at most so many elements; all of it where it is no longer.
  func batches(of size: Int) -> some Sequence<ArraySlice<Element>> {
    stride(from: 0, to: count, by: size).lazy.map { self[$0..<Swift.min($0 + size, count)] }
  }
}

extension LabelExpression {
  /// Whether a node's type alone says that it is admitted.
  func isDecided(by type: String) -> Bool {
    switch self {
    case .label(let name): name.hasSameBytes(as: type)
    case .or(let parts): parts.contains { $0.isDecided(by: type) }
    case .and(let parts): parts.allSatisfy { $0.isDecided(by: type) }
    case .not, .any: false
    }
  }
}

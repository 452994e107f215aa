import KV
import KVGraph

/// Finds what patterns match, for many rows at a time: each step asks the store once for all of them.
final class Matcher {
  let graph: QueryGraph
  let evaluator: Evaluator
  /// The variables of edges and paths whose data something asks for.
  let used: Set<Int>
  /// All nodes, read once.
  var all: [QueryNode]?
  let isWriting: Bool

  /// What is followed at once.
  static let batch = 500

  init(_ graph: QueryGraph, _ evaluator: Evaluator, used: Set<Int>, isWriting: Bool) {
    (self.graph, self.evaluator, self.used, self.isWriting) = (graph, evaluator, used, isWriting)
  }

  /// A row on its way through a pattern.
  struct State {
    var row: Row
    /// No edge is walked twice within a MATCH.
    var walked: [QueryEdge] = []
    /// By the places of the part in hand.
    var nodes: [QueryNode?] = []
    var edges: [[QueryEdge]] = []
    /// Between the ends of an edge pattern of several edges.
    var between: [[QueryNode]] = []
    var cost: Double?
    /// Whether a pattern has asked for what was not bound yet.
    var isUnsettled = false
    /// Among the nodes of an adjacency.
    var number = 0
  }

  typealias Emit = ([State]) async throws -> Bool

  /// - Parameter emit: is given rows as they are found, in an order that is always the same; returns false where no more are wanted.
  func match(_ parts: [PatternPart], _ rows: [Row], emit: @escaping ([Row]) async throws -> Bool) async throws
  {
    _ = try await follow(parts[...], rows.map { State(row: $0) }) { states in
      try await emit(states.map(\.row))
    }
  }

  func follow(_ parts: ArraySlice<PatternPart>, _ states: [State], emit: @escaping Emit) async throws
    -> Bool
  {
    guard let row = states.first?.row else { return true }
    guard let next = try await graph.next(of: parts, isBound: row.isBound) else {
      return try await emit(states)
    }
    let part = parts[next]
    let rest = parts[..<next] + parts[(next + 1)...]
    return try await follow(part, states) { found in try await self.follow(rest, found, emit: emit) }
  }

  // MARK: a part

  /// A step from one node of a part to the next.
  struct Step {
    var edge: Int
    var from, to: Int
    var isBackward: Bool { to < from }
  }

  func follow(_ part: PatternPart, _ states: [State], emit: @escaping Emit) async throws -> Bool {
    guard let row = states.first?.row else { return true }
    let start = try await graph.start(of: part, isBound: row.isBound).place
    let steps =
      (start..<part.edges.count).map { Step(edge: $0, from: $0, to: $0 + 1) }
      + (0..<start).reversed().map { Step(edge: $0, from: $0 + 1, to: $0) }
    let finish: Emit = { unsettled in
      let states = try await self.settled(unsettled, part)
      if states.isEmpty { return true }
      try await self.loadData(of: states, part)
      guard let path = part.path else { return try await emit(states) }
      return try await emit(
        states.map { state in
          var state = state
          state.row[path] = .path(Self.path(state))
          return state
        })
    }
    if part.selector != .all,
      part.edges.count > 1 || part.condition != nil || part.edges.contains(where: { !$0.group.isEmpty })
    {
      return try await select(part, start, steps, states, emit: finish)
    }
    return try await begin(part, start, states) { begun in
      try await self.walk(part, steps[...], begun, emit: finish)
    }
  }

  static func path(_ state: State) -> QueryPath {
    // An edge pattern of no edges has the same node at both ends.
    var distinct: [QueryNode] = []
    for (place, node) in state.nodes.enumerated() {
      if place == 0 {
        if let node { distinct.append(node) }
        continue
      }
      if state.edges[place - 1].isEmpty { continue }
      distinct += state.between[place - 1]
      if let node { distinct.append(node) }
    }
    return QueryPath(nodes: distinct, edges: state.edges.flatMap { $0 }, cost: state.cost)
  }

  /// The type and the id of a pattern that names one node.
  static func key(of node: NodePattern) -> (type: String, id: Expression)? {
    guard case .label(let type)? = node.labels, case .map(let members)? = node.properties,
      let id = members.first(where: { $0.name == "id" })?.value
    else { return nil }
    return (type, id)
  }

  func begin(
    _ part: PatternPart, _ start: Int, _ states: [State], at fixed: QueryNode? = nil, emit: @escaping Emit
  ) async throws
    -> Bool
  {
    if states.isEmpty { return true }
    let pattern = part.nodes[start]
    var pending: [(State, QueryNode)] = []
    func flush() async throws -> Bool {
      let batch = pending
      pending = []
      return try await emit(try await admitted(batch, pattern, at: start, of: part))
    }
    func fresh(_ state: State) -> State {
      var state = state
      state.nodes = Array(repeating: nil, count: part.nodes.count)
      state.edges = Array(repeating: [], count: part.edges.count)
      state.between = state.edges.map { _ in [] }
      return state
    }
    let isReady = pattern.dependencies(within: part).allSatisfy { states[0].row.isBound($0) }
    let isOpen = fixed == nil && isReady && pattern.variable.map { states[0].row[$0] == nil } ?? true
    for first in stride(from: 0, to: states.count, by: Self.batch) {
      let states = states[first..<min(first + Self.batch, states.count)]
      var found: [[QueryNode]]?
      if isOpen, Self.key(of: pattern) == nil {
        found = try await indexed(pattern, Array(states))
        if found == nil { found = try await joined(pattern, Array(states)) }
      }
      for (number, state) in states.enumerated() {
        let candidates: [QueryNode]
        if let fixed {
          candidates = [fixed]
        } else if let variable = pattern.variable, let value = state.row[variable] {
          switch value {
          case .node(let node): candidates = [node]
          case .null: candidates = []
          default:
            throw pattern.place.error("\(JSON(variable.name)) is \(value.kind), and here a node is meant")
          }
        } else if isReady, let key = Self.key(of: pattern) {
          candidates = try await nodes(of: key, state.row)
        } else if let found {
          candidates = found[number]
        } else {
          candidates = try await allNodes()
        }
        for node in candidates {
          pending.append((fresh(state), node))
          if pending.count >= Self.batch, try await !flush() { return false }
        }
      }
    }
    return pending.isEmpty ? true : try await flush()
  }

  func nodes(of key: (type: String, id: Expression), _ row: Row) async throws -> [QueryNode] {
    let id: String
    switch try await evaluator.value(of: key.id, row) {
    case .string(let text): id = text
    case .integer(let number): id = String(number)
    default: return []
    }
    let reference = NodeReference(type: key.type, id: id)
    // What has the label as a further one, or the id as an attribute, has another key.
    guard try await graph.exists(reference) else { return isWriting ? try await allNodes() : [] }
    return [graph.node(reference)]
  }

  func allNodes() async throws -> [QueryNode] {
    if isWriting { return try await graph.allNodes() }
    if let all { return all }
    let nodes = try await graph.allNodes()
    all = nodes
    return nodes
  }

  // MARK: steps

  func walk(_ part: PatternPart, _ steps: ArraySlice<Step>, _ states: [State], emit: @escaping Emit)
    async throws
    -> Bool
  {
    if states.isEmpty { return true }
    guard let step = steps.first else { return try await emit(states) }
    for start in stride(from: 0, to: states.count, by: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(states[start..<min(start + Self.batch, states.count)])
      let next: Emit = { found in try await self.walk(part, steps.dropFirst(), found, emit: emit) }
      let goesOn =
        if part.edges.count == 1, case .shortest(let isAll) = part.selector,
          part.isFunction || (part.edges[step.edge].length?.lowerBound ?? 1) <= 1
        {
          try await walkShortest(part, step, batch, isAll: isAll, emit: next)
        } else if case .cheapest(let count) = part.selector {
          try await walkCheapest(part, step, batch, count, emit: next)
        } else if part.edges.count == 1, let (count, byGroups) = part.selector.ranks {
          try await walkRanked(part, step, batch, count, byGroups: byGroups, emit: next)
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
    from nodes: [QueryNode], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart
  ) async throws -> [[QueryGraph.Step]] {
    // Each node once, however many rows are there.
    var numbers: [ObjectIdentifier: Int] = [:]
    var distinct: [QueryNode] = []
    let places = nodes.map { node in
      if let number = numbers[ObjectIdentifier(node)] { return number }
      numbers[ObjectIdentifier(node)] = distinct.count
      distinct.append(node)
      return distinct.count - 1
    }
    let found = try await graph.steps(
      at: distinct, Self.direction(pattern, step), types: pattern.types, withData: needsData(pattern, part))
    return places.map { found[$0] }
  }

  func walkOne(_ part: PatternPart, _ step: Step, _ states: [State], emit: @escaping Emit)
    async throws -> Bool
  {
    let pattern = part.edges[step.edge]
    let found = try await steps(from: states.compactMap { $0.nodes[step.from] }, pattern, step, part)
    let dependencies = pattern.dependencies(within: part)
    var candidates: [(State, QueryNode)] = []
    for (state, found) in zip(states, found) {
      for (edge, node) in found where Self.mayWalk(edge, to: node, state, [], [], part) {
        let isReady = dependencies.allSatisfy { state.row.isBound($0) }
        if isReady { guard try await admits(edge, pattern, state.row) else { continue } }
        var next = state
        if !isReady { next.isUnsettled = true }
        if let variable = pattern.variable {
          if let bound = state.row[variable] {
            guard case .edge(let other) = bound, other.isSame(as: edge) else { continue }
          }
          next.row[variable] = .edge(edge)
        }
        next.walked.append(edge)
        next.edges[step.edge] = [edge]
        candidates.append((next, node))
      }
    }
    return try await arrive(candidates, part, step, emit: emit)
  }

  func arrive(_ candidates: [(State, QueryNode)], _ part: PatternPart, _ step: Step, emit: Emit)
    async throws -> Bool
  {
    for start in stride(from: 0, to: candidates.count, by: 4 * Self.batch) {
      let batch = Array(candidates[start..<min(start + 4 * Self.batch, candidates.count)])
      let arrived = try await admitted(batch, part.nodes[step.to], at: step.to, of: part)
      if !arrived.isEmpty, try await !emit(arrived) { return false }
    }
    return true
  }
}

extension QueryEdge {
  func isSame(as other: QueryEdge) -> Bool { self === other || key.utf8.elementsEqual(other.key.utf8) }
}

extension LabelExpression {
  /// Whether a node's type alone says that it is admitted.
  func isDecided(by type: String) -> Bool {
    switch self {
    case .label(let name): name.utf8.elementsEqual(type.utf8)
    case .or(let parts): parts.contains { $0.isDecided(by: type) }
    case .and(let parts): parts.allSatisfy { $0.isDecided(by: type) }
    case .not, .any: false
    }
  }
}

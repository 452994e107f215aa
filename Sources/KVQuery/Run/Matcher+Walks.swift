import KV
import KVGraph

extension Matcher {
  /// A walk along an edge pattern of several edges.
  struct Walk {
    /// The row, with the trail as far as it has come.
    var state: State
    var node: QueryNode
    /// How many edges it has.
    var length = 0
    /// How often it has come along the pattern.
    var times = 0
    var first: QueryEdge?
    /// How often it had come along the pattern when it first stood still.
    var firstStill: Int?
    var cost: PathCost?
    /// What the variables of a group stood for, each time that it was walked.
    var groupValues: SharedList<[Value]>?

    init(_ state: State, at node: QueryNode) { (self.state, self.node, cost) = (state, node, state.cost) }

    func extended(along edge: QueryEdge, to node: QueryNode, _ step: Step) -> Walk {
      var longer = self
      longer.extend(along: edge, to: node, step)
      return longer
    }

    mutating func extend(along edge: QueryEdge, to node: QueryNode, _ step: Step) {
      state.trail = Trail(along: edge, to: node, step, after: state.trail)
      (self.node, first, length) = (node, first ?? edge, length + 1)
    }

    func mayGoOn(along edge: QueryEdge, to node: QueryNode, _ step: Step, _ mode: PatternPart.Mode) -> Bool {
      state.trail?.mayGoOn(along: edge, to: node, isBackward: step.isBackward, mode) ?? true
    }
  }

  /// Where a part has to end.
  enum End {
    case anywhere
    case nowhere
    case one(QueryNode)

    var node: QueryNode? { if case .one(let node) = self { node } else { nil } }
    /// Whether it is one node, for which something holds.
    func isOne(_ holds: (ObjectIdentifier) -> Bool) -> Bool {
      node.map { holds(ObjectIdentifier($0)) } ?? false
    }
  }

  /// The node at a place of a part that has not been come to, as far as a row knows it.
  func end(at place: Int, _ part: PatternPart, _ state: State) async throws -> End {
    let pattern = part.nodes[place]
    switch pattern.variable.flatMap({ state.row[$0] }) {
    case nil:
      guard !isWriting, pattern.dependencies(within: part).allSatisfy(state.row.isBound),
        let key = pattern.key(isBound: state.row.isBound), !key.isList
      else { return .anywhere }
      guard let nodes = try await nodes(of: key, [state.row])?[0], nodes.count <= 1 else { return .anywhere }
      return nodes.first.map { .one($0) } ?? .nowhere
    case .node(let end)?: return .one(end)
    default: return .nowhere
    }
  }

  func walkMany(_ part: PatternPart, _ step: Step, _ states: [State], emit: @escaping Emit)
    async throws -> Bool
  {
    let length = part.edges[step.edge].length ?? 1...1
    let begins = states.compactMap { state in
      state.trail.map { Walk(state, at: $0.node(at: step.from)) }
    }
    if length.contains(0), try await !finish(begins, part, step, emit) { return false }
    let reach = EndReach(self, part, step, states)
    return try await walkOn(begins, depth: 1, length, part, step, reach, emit)
  }

  func walkOn(
    _ walks: [Walk], depth: Int, _ length: ClosedRange<Int>, _ part: PatternPart, _ step: Step,
    _ reach: EndReach,
    _ emit: @escaping Emit
  ) async throws -> Bool {
    if depth > length.upperBound { return true }
    let pattern = part.edges[step.edge]
    for batch in walks.batches(of: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(batch)
      let next = try await reach.promising(longer(batch, pattern, step, part))
      if length.contains(depth), try await !finish(next, part, step, emit) { return false }
      if !next.isEmpty, try await !walkOn(next, depth: depth + 1, length, part, step, reach, emit) {
        return false
      }
    }
    return true
  }

  /// The walks, each once more along their pattern in all ways.
  func longer(_ walks: [Walk], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart) async throws
    -> [Walk]
  {
    guard pattern.group.isEmpty else { return try await longerByGroup(walks, pattern, step, part) }
    let dependencies = pattern.dependencies(within: part)
    try await graph.load(
      nodesIn: walks.map(\.state), for: [pattern.properties, pattern.condition, pattern.cost])
    var next: [Walk] = []
    for (walk, found) in zip(walks, try await steps(from: walks.map(\.node), pattern, step, part)) {
      let isReady = dependencies.allSatisfy { walk.state.row.isBound($0) }
      let bound = pattern.variable.flatMap { walk.state.row[$0] }
      for (edge, node) in found where walk.mayGoOn(along: edge, to: node, step, part.mode) {
        if let bound, !bound.has(edge, at: walk.times, isBackward: step.isBackward) { continue }
        if isReady { guard try await admits(edge, pattern, walk.state.row) else { continue } }
        var longer = walk.extended(along: edge, to: node, step)
        if !isReady { longer.state.isUnsettled = true }
        longer.times += 1
        if let cost = walk.cost {
          var row = walk.state.row
          if pattern.isOne, let end = part.nodes[step.to].variable { row[end] = .node(node) }
          longer.cost = cost + (try await self.cost(of: edge, pattern, row))
        }
        next.append(longer)
      }
    }
    return next
  }

  private func longerByGroup(
    _ walks: [Walk], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart
  ) async throws -> [Walk] {
    guard let group = pattern.group.first else { return [] }
    let start = step.isBackward ? group.edges.count : 0
    let steps =
      step.isBackward
      ? (0..<start).reversed().map { Step(edge: $0, from: $0 + 1, to: $0) }
      : group.edges.indices.map { Step(edge: $0, from: $0, to: $0 + 1) }
    let variables = pattern.groupVariables
    // Where a group's mode is another than that of the whole, each time is a part of its own.
    let isApart = group.mode != part.mode
    var begun = walks.enumerated().map { number, walk in
      var state = walk.state
      for variable in variables { state.row[variable] = nil }
      (state.row.origin, state.late) = (number, [])
      state.cost = walk.cost.map { _ in PathCost() }
      state.trail =
        isApart
        ? Trail(at: walk.node, place: start, isAlone: true, after: state.trail)
        : Trail(groupAt: walk.node, place: start, after: state.trail)
      return state
    }
    try await admit(&begun, at: start, of: group)
    var found = walks.map { _ in [State]() }
    _ = try await walk(group, steps[...], begun) { walked in
      var ended = walked
      for place in ended.indices {
        if let cost = ended[place].cost {
          ended[place].cost = cost + (try await self.cost(of: ended[place], group))
        }
      }
      for state in try await self.settled(ended, along: pattern) { found[state.row.origin].append(state) }
      return true
    }
    var next: [Walk] = []
    for (walk, found) in zip(walks, found) {
      for state in found {
        guard let path = state.trail?.path() else { continue }
        var longer = walk
        longer.times += 1
        // Without an end it would stand still for ever: it may only as often as it has to be walked, in the order written.
        if let length = pattern.length, length.upperBound == .max {
          if path.edges.isEmpty {
            if !step.isBackward, walk.times >= length.lowerBound { continue }
            longer.firstStill = walk.firstStill ?? walk.times
          }
          if step.isBackward, let first = longer.firstStill, longer.times - first > length.lowerBound {
            continue
          }
        }
        if let cost = walk.cost {
          longer.cost = cost + (state.cost ?? PathCost())
        }
        let places = step.isBackward ? Array(path.edges.indices.reversed()) : Array(path.edges.indices)
        let mayBe = places.allSatisfy { place in
          let node = path.nodes[step.isBackward ? place : place + 1]
          if isApart, !longer.mayGoOn(along: path.edges[place], to: node, step, part.mode) { return false }
          longer.extend(along: path.edges[place], to: node, step)
          return true
        }
        guard mayBe else { continue }
        longer.state.late += state.late
        longer.groupValues = SharedList(
          variables.map { state.row[$0] ?? .null }, after: walk.groupValues)
        next.append(longer)
      }
    }
    return next
  }

  /// Binds walks that have come to their ends.
  func finish(_ walks: [Walk], _ part: PatternPart, _ step: Step, _ emit: Emit) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let groupVariables = pattern.groupVariables
    let end = part.nodes[step.to].variable
    var arriving: [State] = []
    for walk in walks {
      var state = walk.state
      // Before its edges are gathered.
      if let bound = end.flatMap({ state.row[$0]?.node }), !bound.isSame(as: walk.node) { continue }
      state.cost = walk.cost
      let times = groupVariables.isEmpty ? [] : walk.groupValues?.elements ?? []
      for (place, variable) in groupVariables.enumerated() {
        let values = times.map { $0[place] }
        state.row[variable] =
          pattern.isSingle ? values.first ?? .null : .list(step.isBackward ? values.reversed() : values)
      }
      if let variable = pattern.variable, let trail = state.trail {
        let edges = trail.edges(at: step.edge).map { Value.edge($0) }
        let value = pattern.isList ? .list(edges) : edges.first ?? .null
        if let bound = state.row[variable], Value.equals(bound, value) != true { continue }
        state.row[variable] = value
      }
      arriving.append(state)
    }
    return try await arrive(arriving, part, step, emit: emit)
  }
}

extension Value {
  /// Whether an edge, or a list of edges, has an edge where a walk has come to.
  fileprivate func has(_ edge: QueryEdge, at place: Int, isBackward: Bool) -> Bool {
    switch self {
    case .edge(let known): place == 0 && known.isSame(as: edge)
    case .list(let known):
      if place < known.count, case .edge(let other) = known[isBackward ? known.count - 1 - place : place] {
        other.isSame(as: edge)
      } else {
        false
      }
    default: false
    }
  }
}

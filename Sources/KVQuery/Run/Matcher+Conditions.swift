import KV
import KVGraph

extension Matcher {
  /// Keeps the rows whose nodes at a place of a part are admitted by the pattern there, and binds these.
  ///
  /// A pattern that asks for what is not bound yet is left for ``settled(_:_:)``.
  func admit(_ states: inout [State], at place: Int, of part: PatternPart) async throws {
    try Task.checkCancellation()
    let pattern = part.nodes[place]
    let dependencies = pattern.dependencies(within: part)
    let readsAll = pattern.properties != nil || pattern.condition != nil
    if readsAll || pattern.labels != nil {
      let unread = states.compactMap { $0.trail?.node(at: place) }.filter { node in
        !node.isRead && (readsAll || pattern.labels.map { !$0.isDecided(by: node.reference.type) } ?? false)
      }
      try await graph.load(readsAll ? unread : try await graph.mayHaveLabels(unread))
    }
    try await graph.load(nodesIn: states, for: [pattern.properties, pattern.condition])
    var kept = 0
    for number in states.indices {
      guard let node = states[number].trail?.node(at: place), !node.isDeleted else { continue }
      if let labels = pattern.labels, !labels.admits(node) { continue }
      if let variable = pattern.variable {
        if let bound = states[number].row[variable] {
          guard case .node(let other) = bound, other.isSame(as: node) else { continue }
        } else {
          states[number].row[variable] = .node(node)
        }
      }
      if !dependencies.allSatisfy({ states[number].row.isBound($0) }) {
        states[number].isUnsettled = true
      } else if readsAll {
        guard try await has(pattern.properties, .node(node), states[number].row, pattern.place),
          try await evaluator.holds(pattern.condition, states[number].row)
        else { continue }
      }
      states.swapAt(kept, number)
      kept += 1
    }
    states.removeLast(states.count - kept)
    try await keepEarly(&states, pattern)
  }

  /// Drops the rows for which WHERE cannot hold. What cannot be computed is left for WHERE to say.
  private func keepEarly(_ states: inout [State], _ pattern: NodePattern) async throws {
    if pattern.early.isEmpty || states.isEmpty { return }
    try await graph.load(nodesIn: states, for: pattern.early)
    var kept: [State] = []
    for state in states {
      var mayHold = true
      for condition in pattern.early where mayHold {
        do {
          mayHold = try await evaluator.holds(condition, state.row)
        } catch let error as KVError where error.code == .invalidData {
          continue
        }
      }
      if mayHold { kept.append(state) }
    }
    states = kept
  }

  /// Those of the rows at the end of a part for which holds what could not be asked before all was bound.
  func settled(_ states: [State], _ part: PatternPart) async throws -> [State] {
    if part.condition == nil, !states.contains(where: { $0.isUnsettled || !$0.late.isEmpty }) {
      return states
    }
    let states = part.path.map { part.asked.contains($0.slot) } ?? false ? named(states, part) : states
    let nodes = part.nodes.indices.filter { !part.nodes[$0].dependencies(within: part).isEmpty }
    let edges = part.edges.indices.filter { place in
      part.edges[place].group.isEmpty && !part.edges[place].dependencies(within: part).isEmpty
    }
    try await graph.load(nodesIn: states, for: part.conditions)
    try await loadLate(states)
    var settled: [State] = []
    for var state in states {
      guard let trail = state.trail else { continue }
      var holds = try await evaluator.holds(part.condition, state.row)
      for place in nodes where holds {
        let pattern = part.nodes[place]
        holds = try await has(pattern.properties, .node(trail.node(at: place)), state.row, pattern.place)
        if holds { holds = try await evaluator.holds(pattern.condition, state.row) }
      }
      for place in edges where holds {
        for edge in trail.edges(at: place) where holds {
          holds = try await admits(edge, part.edges[place], state.row)
        }
      }
      state.isUnsettled = false
      if holds, try await settleLate(of: &state) { settled.append(state) }
    }
    return settled
  }

  func has(_ properties: Expression?, _ owner: Value, _ row: Row, _ place: Place) async throws -> Bool {
    guard let properties else { return true }
    guard case .map(let wanted) = try await evaluator.value(of: properties, row) else {
      throw place.error("properties are a map")
    }
    var expressions: [(name: String, value: Expression)] = []
    if case .map(let items) = properties { expressions = items }
    for (name, value) in wanted {
      let expression = expressions.last { $0.name == name }?.value
      guard try await evaluator.isEqual(name, of: owner, to: value, of: expression, row, at: place) else {
        return false
      }
    }
    return true
  }

  func admits(_ edge: QueryEdge, _ pattern: EdgePattern, _ row: Row) async throws -> Bool {
    if let types = pattern.typeExpression, !types.admits([edge.type]) { return false }
    guard pattern.properties != nil || pattern.condition != nil else { return true }
    var row = row
    if let variable = pattern.variable, pattern.condition != nil { row[variable] = .edge(edge) }
    guard try await has(pattern.properties, .edge(edge), row, pattern.place) else { return false }
    return try await evaluator.holds(pattern.condition, row)
  }

  /// Whether edges are read with their data: where they are chosen by it, or one by one for whoever asks for it.
  func needsData(_ pattern: EdgePattern, _ part: PatternPart) -> Bool {
    pattern.properties != nil || pattern.condition != nil || pattern.cost != nil
      || pattern.length == nil && pattern.variable.map { used.contains($0.slot) } == true
  }

  /// Reads at once the data of edges in paths and lists that somebody asks for.
  func loadData(of states: [State], _ part: PatternPart) async throws {
    let isPathUsed = part.path.map { used.contains($0.slot) } ?? false
    let places = part.edges.indices.filter { place in
      isPathUsed || part.edges[place].variable.map { used.contains($0.slot) } ?? false
    }
    if places.isEmpty { return }
    try await graph.load(
      states.lazy.compactMap(\.trail).flatMap { trail in places.flatMap { trail.edges(at: $0) } })
  }
}

extension QueryGraph {
  /// Reads at once what the expressions will ask of the nodes and edges that rows have come by.
  func load(nodesIn states: [Matcher.State], for expressions: [Expression?]) async throws {
    let expressions = expressions.compactMap { $0 }
    if !expressions.isEmpty { try await load(nodesIn: states.map(\.row), for: expressions) }
  }
}

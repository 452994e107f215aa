import KV
import KVGraph

extension Matcher {
  /// Those of the nodes that their pattern admits, bound.
  ///
  /// A pattern that asks for what is not bound yet is left for ``settled(_:_:)``.
  func admitted(
    _ candidates: [(State, QueryNode)], _ pattern: NodePattern, at place: Int, of part: PatternPart? = nil
  ) async throws -> [State] {
    try Task.checkCancellation()
    let dependencies = part.map { pattern.dependencies(within: $0) } ?? []
    let readsAll = pattern.properties != nil || pattern.condition != nil
    let unread = candidates.lazy.map(\.1).filter { node in
      !node.isRead && (readsAll || pattern.labels.map { !$0.isDecided(by: node.reference.type) } ?? false)
    }
    try await graph.load(readsAll ? Array(unread) : try await graph.mayHaveLabels(Array(unread)))
    var states: [State] = []
    for (state, node) in candidates where !node.isDeleted {
      if let labels = pattern.labels,
        !labels.admits(node.labels + (node.reference.type == "Node" ? ["Node"] : []))
      {
        continue
      }
      var state = state
      if let variable = pattern.variable {
        if let bound = state.row[variable] {
          guard case .node(let other) = bound, other.reference == node.reference else { continue }
        }
        state.row[variable] = .node(node)
      }
      state.nodes[place] = node
      if !dependencies.allSatisfy({ state.row.isBound($0) }) {
        state.isUnsettled = true
        states.append(state)
        continue
      }
      guard try await has(pattern.properties, .node(node), state.row, pattern.place),
        try await evaluator.holds(pattern.condition, state.row)
      else { continue }
      states.append(state)
    }
    return try await early(states, pattern)
  }

  /// Without the rows for which WHERE cannot hold. What cannot be computed is left for WHERE to say.
  private func early(_ states: [State], _ pattern: NodePattern) async throws -> [State] {
    if pattern.early.isEmpty || states.isEmpty { return states }
    try await graph.load(nodesIn: states.map(\.row), for: pattern.early)
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
    return kept
  }

  /// Those of the rows at the end of a part for which holds what could not be asked before all was bound.
  func settled(_ states: [State], _ part: PatternPart) async throws -> [State] {
    let isUnsettled = states.contains(where: \.isUnsettled)
    if !isUnsettled, part.condition == nil { return states }
    let nodes = part.nodes.indices.filter { !part.nodes[$0].dependencies(within: part).isEmpty }
    let edges = part.edges.indices.filter { !part.edges[$0].dependencies(within: part).isEmpty }
    var settled: [State] = []
    for var state in states {
      var holds = try await evaluator.holds(part.condition, state.row)
      for place in nodes where holds {
        guard let node = state.nodes[place] else { continue }
        let pattern = part.nodes[place]
        holds = try await has(pattern.properties, .node(node), state.row, pattern.place)
        if holds { holds = try await evaluator.holds(pattern.condition, state.row) }
      }
      for place in edges where holds && part.edges[place].length == nil {
        for edge in state.edges[place] where holds {
          holds = try await admits(edge, part.edges[place], state.row)
        }
      }
      state.isUnsettled = false
      if holds { settled.append(state) }
    }
    return settled
  }

  func has(_ properties: Expression?, _ owner: Value, _ row: Row, _ place: Place) async throws -> Bool {
    guard let properties else { return true }
    guard case .map(let wanted) = try await evaluator.value(of: properties, row) else {
      throw place.error("properties are a map")
    }
    for (name, value) in wanted {
      let own = try await evaluator.property(name, of: owner, at: place)
      if Value.equals(own, value) != true {
        // An id is text, and may be asked for by its number.
        guard name == "id", case .string(let text) = own, case .integer(let number) = value,
          text == String(number)
        else {
          return false
        }
      }
    }
    return true
  }

  func admits(_ edge: QueryEdge, _ pattern: EdgePattern, _ row: Row) async throws -> Bool {
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
    try await graph.load(states.lazy.flatMap { state in places.flatMap { state.edges[$0] } })
  }
}

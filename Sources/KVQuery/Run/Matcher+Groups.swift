import KV

extension Matcher {
  /// Once along a group that asks for what is known only later.
  struct LateTime {
    let pattern: EdgePattern
    /// At its end.
    let state: State

    fileprivate init(_ pattern: EdgePattern, _ state: State) {
      var state = state
      // What it has to ask itself is asked by itself.
      state.late = []
      (self.pattern, self.state) = (pattern, state)
    }

    /// As it was at its end, with what a row knows since.
    fileprivate func then(_ row: Row) -> State {
      var then = state
      then.row = row
      // What it was then in the group stays.
      then.row.take(state.row)
      return then
    }
  }

  /// Those of the rows that have come once along a group for which its conditions hold. What these ask for too early goes on with the row.
  func settled(_ states: [State], along pattern: EdgePattern) async throws -> [State] {
    guard let group = pattern.group.first, let row = states.first?.row else { return states }
    if !pattern.isReady(row) {
      var waiting: [State] = []
      for var state in named(states, group) where try await settleLate(of: &state) {
        state.late.append(LateTime(pattern, state))
        waiting.append(state)
      }
      return waiting
    }
    let settled = named(try await self.settled(states, group), group)
    guard let condition = pattern.condition else { return settled }
    try await graph.load(nodesIn: settled, for: [condition])
    var kept: [State] = []
    for state in settled where try await evaluator.holds(condition, state.row) { kept.append(state) }
    return kept
  }

  /// Reads at once what groups will ask of the nodes in the rows.
  func loadLate(_ states: [State]) async throws {
    var patterns: [EdgePattern] = []
    var ready: [State] = []
    for state in states {
      for time in state.late {
        let then = time.then(state.row)
        guard time.pattern.isReady(then.row) else { continue }
        ready.append(then)
        if !patterns.contains(where: { $0.place == time.pattern.place }) { patterns.append(time.pattern) }
      }
    }
    try await graph.load(
      nodesIn: ready, for: patterns.flatMap { $0.group.flatMap(\.conditions) + [$0.condition] })
  }

  /// Whether what groups asked for too early holds for a row, as far as it is known now; what is not known yet goes on with the row.
  func settleLate(of state: inout State) async throws -> Bool {
    let late = state.late
    state.late = []
    for time in late {
      var then = time.then(state.row)
      if time.pattern.isReady(then.row) {
        then.isUnsettled = true
        if try await settled([then], along: time.pattern).isEmpty { return false }
      } else {
        state.late.append(LateTime(time.pattern, then))
      }
    }
    return true
  }
}

extension EdgePattern {
  /// Whether a row knows what a group asks for of what it stands in.
  func isReady(_ row: Row) -> Bool {
    awaited.allSatisfy(row.isBound)
  }
}

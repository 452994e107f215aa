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
    try await graph.load(nodesIn: settled.map(\.row), for: [condition])
    var kept: [State] = []
    for state in settled where try await evaluator.holds(condition, state.row) { kept.append(state) }
    return kept
  }

  /// Whether what groups asked for too early holds for a row, as far as it is known now; what is not known yet goes on with the row.
  func settleLate(of state: inout State) async throws -> Bool {
    let late = state.late
    state.late = []
    for time in late {
      var then = time.state
      // What it was then in the group stays.
      let row = then.row
      then.row = state.row
      then.row.take(row)
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
    group.allSatisfy { asked.intersection($0.outer).allSatisfy(row.isBound) }
  }
}

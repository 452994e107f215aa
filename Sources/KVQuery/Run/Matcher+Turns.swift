extension Matcher {
  /// A part of a pattern in its turn, with what it has matched where that is the same for all rows.
  final class Turn {
    let planned: PlannedPart
    fileprivate var matches = Matches.unknown
    fileprivate var hasRun = false

    fileprivate enum Matches {
      /// Nobody has come, or one row, for which alone nothing is kept.
      case unknown
      /// In the order found, of a row in which nothing is bound.
      case known([Match])
      /// More than are kept.
      case tooMany
    }

    init(_ planned: PlannedPart) { self.planned = planned }
  }

  fileprivate struct Match {
    let state: State
    /// Those that must not come twice.
    let edges: [QueryEdge]

    init(_ state: State) {
      self.state = state
      edges = state.trail.map { $0.isAlone ? [] : $0.edges } ?? []
    }
  }

  private static let mostKept = 20_000

  /// Matches a part; what does not depend on the rows is matched for the first of them and kept for the others.
  func follow(_ turn: Turn, _ states: [State], emit: @escaping Emit) async throws -> Bool {
    var states = states[...]
    let isRepeated = turn.hasRun || states.count > 1
    turn.hasRun = true
    if isRepeated, turn.planned.isIndependent, case .unknown = turn.matches, let first = states.popFirst() {
      var kept: [Match]? = []
      let empty = State(row: Row(count: first.row.count))
      let goesOn = try await follow(turn.planned, [empty]) { found in
        let matches = found.map { Match($0) }
        kept?.append(contentsOf: matches)
        if kept?.count ?? 0 > Self.mostKept { kept = nil }
        return try await emit(matches.compactMap { first.joined(with: $0) })
      }
      if !goesOn { return false }
      turn.matches = kept.map { .known($0) } ?? .tooMany
    }
    guard case .known(let matches) = turn.matches else {
      return try await follow(turn.planned, Array(states), emit: emit)
    }
    var joined: [State] = []
    for state in states {
      try Task.checkCancellation()
      for batch in matches.batches(of: Self.batch) {
        joined += batch.lazy.compactMap { state.joined(with: $0) }
        if joined.count < Self.batch { continue }
        if try await !emit(joined) { return false }
        joined = []
      }
    }
    return joined.isEmpty ? true : try await emit(joined)
  }
}

extension Matcher.State {
  /// With what a part has matched by itself; `nil` where that has an edge that must not come twice.
  fileprivate func joined(with match: Matcher.Match) -> Matcher.State? {
    if trail?.hasWalked(anyOf: match.edges) == true { return nil }
    var joined = self
    joined.row.take(match.state.row)
    joined.cost = match.state.cost
    joined.trail = match.state.trail?.following(trail) ?? trail
    return joined
  }
}

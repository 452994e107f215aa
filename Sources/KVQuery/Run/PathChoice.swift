import KV
import KVGraph

/// The paths from one row that a selector wants, found and passed on.
final class PathChoice {
  private let matcher: Matcher
  private let part: PatternPart
  private let steps: [Matcher.Step]
  private let state: Matcher.State
  private let start, end: QueryNode?
  private let emit: Matcher.Emit
  private let mayRepeat: Bool
  /// Of each end the paths that have been passed on.
  private var tally: Tally<ObjectIdentifier>
  /// The ends to which there may be more, in the order in which they were come to; `nil` for all.
  private var open: [QueryNode]?
  /// Whether more are wanted by whom they are passed to.
  private(set) var goesOn = true

  /// How many ways may wait where all that obey the mode are looked for, before more walks are.
  private static let budget = 20_000
  /// How many may wait where more walks are looked at.
  private static let walkBudget = 200_000
  /// How many times as many walks as paths are wanted are looked at.
  private static let factors = [8, 64]
  /// From how many on what is wanted may be all that there are, of which walks have no end.
  private static let many = 10_000
  /// To how many ends the paths are looked for one after another.
  private static let mostSingleEnds = 64

  init(
    _ matcher: Matcher, _ part: PatternPart, _ steps: [Matcher.Step], from state: Matcher.State,
    to end: QueryNode?, _ emit: @escaping Matcher.Emit
  ) {
    (self.matcher, self.part, self.steps, self.state) = (matcher, part, steps, state)
    (self.end, self.emit) = (end, emit)
    start = steps.first.flatMap { state.trail?.node(at: $0.from) }
    tally = Tally(part.selector)
    mayRepeat = part.mayFitInSeveralWays
  }

  func find(_ pruning: PathSearch.Pruning) async throws {
    if part.mode != .walk, isOfMany, try await findAll(budget: Self.budget) { return }
    guard pruning.isOn, try await findAmongWalks(1, pruning) else {
      try await findAll()
      return
    }
    if isDone { return }
    if try await findAll(budget: Self.budget) { return }
    for factor in Self.factors where !isDone {
      guard try await findAmongWalks(factor, pruning) else { break }
    }
    if isDone { return }
    if let open, open.count <= Self.mostSingleEnds, let last = steps.last,
      part.mayDeviate(by: last, state.row.isBound)
    {
      for node in open where goesOn && !tally.isEnough(ObjectIdentifier(node)) {
        try await findOneByOne(node, last)
      }
    } else {
      try await findAll()
    }
  }

  private var isOfMany: Bool { part.selector.ranks.map { $0.count > Self.many } ?? false }

  private var isDone: Bool { !goesOn || open?.isEmpty == true }

  /// Takes those that obey the mode of so many best walks, times the number wanted.
  /// - Returns: false where there were too many ways, and it gave up.
  private func findAmongWalks(_ factor: Int, _ pruning: PathSearch.Pruning) async throws -> Bool {
    // All walks, of which each time along a group obeys the mode.
    var relaxed = part
    relaxed.mode = .walk
    relaxed.selector = part.selector.times(factor)
    var seen = Tally<ObjectIdentifier>(relaxed.selector)
    var ends: [QueryNode] = []
    let round = Round(open, tally)
    let mayGiveUp = part.mode != .walk && part.edges.contains { !$0.group.isEmpty }
    let search = PathSearch(matcher, relaxed, steps, to: end, pruning)
    // Of lengths all walks are followed, which may be far more than what obeys the mode.
    let followsAll =
      part.mode != .walk && (isOfMany || part.selector.ranks.map { $0.byGroups && $0.count > 1 } ?? false)
    let budget = factor > 1 || followsAll ? Self.walkBudget : nil
    let hasEnded = try await search.run(from: state, mayGiveUp: mayGiveUp, budget: budget) { found in
      try await self.take(found, round) { node, path in
        func obeys() -> Bool {
          factor == 1 && pruning.followsSimplePaths && node !== self.start || path.obeys(self.part.mode)
        }
        // The best that obeys the mode is among those that were followed.
        if case .byFirstEdge = pruning { return obeys() }
        if !seen.contains(ObjectIdentifier(node)) { ends.append(node) }
        return seen.takes(ObjectIdentifier(node), length: path.length) && obeys()
      }
      return !self.isOver(round) && !(self.end.map { seen.isEnough(ObjectIdentifier($0)) } ?? false)
    }
    guard hasEnded else { return false }
    // Of others all walks are known.
    open = (open ?? ends).filter {
      !tally.isEnough(ObjectIdentifier($0)) && seen.isEnough(ObjectIdentifier($0)) && mayBeEnd($0)
    }
    return true
  }

  /// Takes the best of all that obey the mode.
  /// - Returns: false where there are more ways than the budget, and it gave up.
  @discardableResult
  private func findAll(budget: Int? = nil) async throws -> Bool {
    let round = Round(open, tally)
    let hasEnded = try await PathSearch(matcher, part, steps, to: end, .none).run(from: state, budget: budget)
    {
      try await self.take($0, round) { _, _ in true }
      return !self.isOver(round)
    }
    open = open?.filter { !tally.isEnough(ObjectIdentifier($0)) }
    return hasEnded
  }

  /// Takes the best to one end, each where it leaves those before it.
  private func findOneByOne(_ node: QueryNode, _ step: Matcher.Step) async throws {
    guard let paths = DeviatingPaths(matcher, part, step, from: state, to: node) else { return }
    let round = Round([node], tally)
    while goesOn, let path = try await paths.next(),
      !tally.isClosed(ObjectIdentifier(node), length: path.trail?.length ?? 0)
    {
      try await take([path], round) { _, _ in true }
      if part.selector.ranks?.byGroups != true, isOver(round) { return }
    }
  }

  /// Whether the node may be where a path ends that has edges, and obeys the mode.
  private func mayBeEnd(_ node: QueryNode) -> Bool {
    node !== start || part.mode != .acyclic && !part.isFunction
  }

  private func isOver(_ round: Round) -> Bool {
    !goesOn || round.closed.count == round.isWanted?.count
      || end.map { tally.isEnough(ObjectIdentifier($0)) } ?? false
  }

  /// What a search has found again of what was taken before it.
  private final class Round {
    var left: [ObjectIdentifier: Int]
    let isWanted: Set<ObjectIdentifier>?
    /// What has been found, where the same edges may fit the pattern in several ways.
    var found: Set<ValueKey> = []
    /// To which of the wanted ends there are enough.
    var closed: Set<ObjectIdentifier> = []

    init(_ open: [QueryNode]?, _ tally: Tally<ObjectIdentifier>) {
      isWanted = open.map { Set($0.map { ObjectIdentifier($0) }) }
      left = tally.counts
    }
  }

  /// Passes on what is wanted of paths that are level.
  /// - Parameter counts: whether a path obeys the mode and is among those that the search knows all of.
  private func take(
    _ found: [Matcher.State], _ round: Round, counts: (QueryNode, Trail) -> Bool
  ) async throws {
    guard let last = steps.last else { return }
    var wanted: [Matcher.State] = []
    for (node, states) in Self.byEnd(found, at: last.to) {
      let id = ObjectIdentifier(node)
      let length = states.first?.trail?.length ?? 0
      if round.isWanted?.contains(id) == false || tally.isClosed(id, length: length) { continue }
      for state in states {
        guard let trail = state.trail, counts(node, trail) else { continue }
        // shortestPath() joins different nodes.
        if part.isFunction, trail.length > 0, node === start { continue }
        if mayRepeat, !round.found.insert(trail.key).inserted { continue }
        if let left = round.left[id], left > 0 {
          round.left[id] = left - 1
        } else if tally.takes(id, length: trail.length) {
          wanted.append(state)
        }
      }
      if tally.isEnough(id) { round.closed.insert(id) }
    }
    if !wanted.isEmpty { goesOn = try await emit(wanted) }
  }

  /// The paths to each node where they end, in the order in which they come.
  private static func byEnd(_ states: [Matcher.State], at place: Int) -> [(
    node: QueryNode, states: [Matcher.State]
  )] {
    var places: [ObjectIdentifier: Int] = [:]
    var found: [(node: QueryNode, states: [Matcher.State])] = []
    for state in states {
      guard let node = state.trail?.node(at: place) else { continue }
      if let known = places[ObjectIdentifier(node)] {
        found[known].states.append(state)
      } else {
        places[ObjectIdentifier(node)] = found.count
        found.append((node, [state]))
      }
    }
    return found
  }
}

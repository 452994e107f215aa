import KV
import KVGraph

/// The paths along one edge pattern from one node to another that obey the part's mode, one after another: what costs least first, of that what
/// has the fewest edges, of that what comes first as it is written.
///
/// The next path leaves one of those before it at some node, by another edge (Yen 1971, Lawler 1972). So each is as many searches as the one
/// before it has nodes, also where there are no more, and however many ways there are.
final class DeviatingPaths {
  /// The first path that begins as another does, and then goes on by none of some edges.
  private struct Candidate {
    var state: Matcher.State
    /// How many edges it has in common with the other.
    var common: Int
    var leavingOut: [QueryEdge]
  }

  private let matcher: Matcher
  private let part: PatternPart
  private let step: Matcher.Step
  private let begun: Matcher.State
  private let start, end: QueryNode
  private var candidates: [Candidate] = []
  private var isBegun = false

  /// - Parameter begun: a row at the end of the part where the step begins, which has not walked it.
  init?(
    _ matcher: Matcher, _ part: PatternPart, _ step: Matcher.Step, from begun: Matcher.State,
    to end: QueryNode
  ) {
    guard let start = begun.trail?.node(at: step.from) else { return nil }
    (self.matcher, self.step, self.begun, self.start, self.end) = (matcher, step, begun, start, end)
    var part = part
    part.selector = part.selector.isByCost ? .cheapest(1) : .shortest(isAll: false)
    self.part = part
  }

  /// - Returns: `nil` where there are no more.
  func next() async throws -> Matcher.State? {
    if !isBegun {
      isBegun = true
      try await search(along: [], leavingOut: [], isAll: true)
    }
    let first = candidates.indices.min { candidates[$0].state.isBetter(than: candidates[$1].state) }
    guard let first else { return nil }
    let found = candidates.remove(at: first)
    let walked = found.state.trail?.steps ?? []
    for common in found.common..<walked.count {
      let others = common == found.common ? found.leavingOut : []
      try await search(along: walked.prefix(common), leavingOut: others + [walked[common].edge], isAll: false)
    }
    // It may pass where it ends, and come back.
    try await search(
      along: walked[...], leavingOut: walked.count == found.common ? found.leavingOut : [], isAll: false)
    return found.state
  }

  /// Finds the best path that begins with some steps.
  /// - Parameter isAll: whether these steps may be all of it.
  private func search(
    along steps: ArraySlice<(edge: QueryEdge, node: QueryNode)>, leavingOut edges: [QueryEdge], isAll: Bool
  ) async throws {
    var walk = Matcher.Walk(begun, at: start)
    for (edge, node) in steps {
      if let cost = walk.cost {
        walk.cost = cost + (try await matcher.cost(of: edge, part.edges[step.edge], walk.state.row))
      }
      walk.extend(along: edge, to: node, step)
      walk.times += 1
    }
    walk.first = nil
    // A trail may come back to where it leaves the other, and then go on by what it left out.
    let mayComeBack = walk.node.isSame(as: end) || part.mode == .trail && !edges.isEmpty
    let search = PathSearch(matcher, part, [step], to: end, mayComeBack ? .byFirstEdge : .byNode)
    let beginning = PathSearch.Beginning(walk: walk, leavingOut: edges, isAll: isAll)
    var best: Matcher.State?
    _ = try await search.run(from: beginning) { found in
      best = found.first
      return false
    }
    if let best { candidates.append(Candidate(state: best, common: steps.count, leavingOut: edges)) }
  }
}

extension Matcher.State {
  /// Whether its path is to come before another with the same ends.
  fileprivate func isBetter(than other: Matcher.State) -> Bool {
    let key = (cost ?? PathCost(), trail?.length ?? 0)
    let otherKey = (other.cost ?? PathCost(), other.trail?.length ?? 0)
    return key == otherKey ? precedes(other) : key < otherKey
  }
}

extension Trail {
  /// The edges of the part in hand and where they lead, in the order in which they were walked.
  fileprivate var steps: [(edge: QueryEdge, node: QueryNode)] {
    var steps: [(edge: QueryEdge, node: QueryNode)] = []
    var link = self
    while let edge = link.edge, let before = link.before {
      steps.append((edge, link.node))
      link = before
    }
    return steps.reversed()
  }
}

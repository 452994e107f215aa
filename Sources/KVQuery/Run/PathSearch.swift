import HeapModule
import KV
import KVGraph

/// The search for the paths of a part that its selector wants: what costs least first, of that what has the fewest edges, of that what comes
/// first as it is written.
///
/// It begins at one end of the part and goes along all of its edge patterns.
final class PathSearch {
  /// A way that has come so far.
  private struct Way: Comparable {
    var walk: Matcher.Walk
    var whereabouts: Whereabouts
    var number: Int

    private var key: (PathCost, Int) { (walk.cost ?? PathCost(), walk.length) }
    func isLevel(with other: Way) -> Bool { key == other.key }

    static func == (left: Way, right: Way) -> Bool { left.number == right.number }
    static func < (left: Way, right: Way) -> Bool {
      left.key == right.key ? left.number < right.number : left.key < right.key
    }
  }

  /// Where a way is: what can come of it depends on that alone, where no condition asks for what it has come by.
  private struct Whereabouts: Hashable {
    var node: ObjectIdentifier
    /// The place of the step in hand.
    var step: Int
    var times: Int
    var firstStill: Int?
    var values: ValueKey
  }

  private let matcher: Matcher
  private let part: PatternPart
  private let steps: [Matcher.Step]
  private let end: QueryNode?
  private let pruning: Pruning
  private let isInAnotherOrder: Bool
  private var heap = Heap<Way>()
  /// What goes on when the paths that are level with it have been taken.
  private var waiting: [(walks: [Matcher.Walk], step: Int)] = []
  private var number = 0

  /// Which of the ways that have come to the same place go on.
  enum Pruning {
    case none
    /// So many as the selector wants, of those that agree in some nodes and edges.
    case byPlace([PatternPart.Element])
    /// As by place, where what is best comes by no node twice, unless it leads back to its start.
    case byNode
    /// The best, and the best with another first edge: one of the two leads back to the start by an edge that it has not walked.
    case byFirstEdge

    var isOn: Bool { if case .none = self { false } else { true } }

    /// Whether the best ways come by no node twice, but for those back to the start.
    var followsSimplePaths: Bool {
      switch self {
      case .none, .byPlace: false
      case .byNode, .byFirstEdge: true
      }
    }
  }

  /// - Parameter end: where the paths end; `nil` for anywhere.
  init(
    _ matcher: Matcher, _ part: PatternPart, _ steps: [Matcher.Step], to end: QueryNode?, _ pruning: Pruning
  ) {
    (self.matcher, self.part, self.steps, self.end) = (matcher, part, steps, end)
    self.pruning = pruning
    isInAnotherOrder =
      part.selector.isByCost || steps.first.map { part.isFoundInAnotherOrder(from: $0.from) } ?? false
  }

  /// What a search begins with.
  struct Beginning {
    var walk: Matcher.Walk
    /// Those by which it does not go on from there.
    var leavingOut: [QueryEdge] = []
    /// Whether the walk may be all of a path.
    var isAll = true
  }

  /// - Parameters:
  ///   - mayGiveUp: whether it ends where there are far more ways than places, as where groups are walked in very many ways.
  ///   - budget: how many ways may wait at once, and ten times as many come at all, before it gives up.
  ///   - take: is given the paths that cost the same and are of the same length, in the written order for each end; returns false where no more are wanted.
  /// - Returns: whether it has ended, and did not give up.
  func run(
    from begun: Matcher.State, mayGiveUp: Bool = false, budget: Int? = nil,
    _ take: ([Matcher.State]) async throws -> Bool
  ) async throws -> Bool {
    guard let start = begun.trail?.node else { return true }
    let walk = Matcher.Walk(begun, at: start)
    return try await run(from: Beginning(walk: walk), mayGiveUp: mayGiveUp, budget: budget, take)
  }

  func run(
    from beginning: Beginning, mayGiveUp: Bool = false, budget: Int? = nil,
    _ take: ([Matcher.State]) async throws -> Bool
  ) async throws -> Bool {
    push(beginning.walk, at: whereabouts(of: beginning.walk, at: 0))
    var visits = Visits(part, beginning)
    var rounds = 0
    while let first = heap.min {
      try Task.checkCancellation()
      var found: [Matcher.State] = []
      repeat {
        if part.selector.isByCost, rounds % 64 == 0 { try await readAhead() }
        rounds += 1
        found += try await advance(first, &visits, beginning)
      } while heap.min.map { $0.isLevel(with: first) } ?? false
      found = try await matcher.settled(found, part)
      if isInAnotherOrder, let last = steps.last {
        found.sort {
          $0.trail.map { ObjectIdentifier($0.node(at: last.to)) }
        } by: {
          $0.precedes($1)
        }
      }
      if !found.isEmpty, try await !take(found) { return true }
      try await goOn(beginning, visits)
      if mayGiveUp, number > 2000 + 200 * visits.count { return false }
      if let budget, heap.count > budget || number > 10 * budget { return false }
      try matcher.evaluator.memory.allow(
        heap.count * Self.bytes, for: "the search for paths", at: part.place)
    }
    return true
  }

  private func push(_ walk: Matcher.Walk, at whereabouts: Whereabouts) {
    heap.insert(Way(walk: walk, whereabouts: whereabouts, number: number))
    number += 1
  }

  private func whereabouts(of walk: Matcher.Walk, at place: Int) -> Whereabouts {
    let pattern = part.edges[steps[place].edge]
    let length = pattern.length ?? 1...1
    let most = length.upperBound == .max ? length.lowerBound : length.upperBound
    var values: [Value] = []
    if case .byPlace(let remembered) = pruning { values = remembered.map(walk.value) }
    // Where the edges are known that it has to walk, each time is another.
    let isBound = pattern.variable.map { walk.state.row[$0] != nil } ?? false
    return Whereabouts(
      node: ObjectIdentifier(walk.node), step: place, times: isBound ? walk.times : min(walk.times, most),
      firstStill: walk.firstStill, values: ValueKey(values: values))
  }

  /// About how many bytes a way takes, with what it has walked.
  private static let bytes = 800

  /// Takes what has waited one edge on.
  private func goOn(_ beginning: Beginning, _ visits: Visits) async throws {
    let pending = waiting
    waiting = []
    for (walks, place) in pending {
      let (step, pattern) = (steps[place], part.edges[steps[place].edge])
      for batch in walks.batches(of: Matcher.batch) {
        for walk in try await matcher.longer(Array(batch), pattern, step, part) {
          if !beginning.leavingOut.isEmpty, walk.length == beginning.walk.length + 1,
            let edge = walk.first, beginning.leavingOut.contains(where: { $0.isSame(as: edge) })
          {
            continue
          }
          let whereabouts = whereabouts(of: walk, at: place)
          if !visits.isClosed(whereabouts, to: walk) { push(walk, at: whereabouts) }
        }
      }
    }
  }

  /// Takes all that is level with the first way to the end of the part, or leaves it waiting to go on.
  /// - Returns: what has come to the end of the part.
  private func advance(_ first: Way, _ visits: inout Visits, _ beginning: Beginning) async throws
    -> [Matcher.State]
  {
    var level = steps.map { _ in [(walk: Matcher.Walk, whereabouts: Whereabouts)]() }
    while let way = heap.min, way.isLevel(with: first) {
      heap.removeMin()
      level[way.whereabouts.step].append((way.walk, way.whereabouts))
    }
    for (place, step) in steps.enumerated() {
      let pattern = part.edges[step.edge]
      let length = pattern.length ?? 1...1
      var come = level[place]
      // Where all go on, the order counts at the end alone.
      if isInAnotherOrder, pruning.isOn {
        come.sort {
          $0.whereabouts
        } by: {
          $0.walk.state.precedes($1.walk.state)
        }
      }
      let here = come.filter { visits.take($0.whereabouts, $0.walk, pruning) }.map(\.walk)
      var arrived: [Matcher.State] = []
      let end = place + 1 == steps.count ? end : nil
      let ended = here.filter { walk in
        length.contains(walk.times) && end.map { walk.node.isSame(as: $0) } ?? true
          && (beginning.isAll || walk.length > beginning.walk.length)
      }
      _ = try await matcher.finish(ended, part, step) { states in
        arrived += states
        return true
      }
      let onward = here.filter { $0.times < length.upperBound && visits.mayGoOn($0, pruning) }
      if !onward.isEmpty { waiting.append((onward, place)) }
      // What may stand still stays level.
      if pattern.mayBeEmpty { try await goOn(beginning, visits) }
      guard place + 1 < steps.count else { return arrived }
      let next = steps[place + 1].from
      level[place + 1] += arrived.compactMap { state in
        state.trail.map { trail in
          var walk = Matcher.Walk(state, at: trail.node(at: next))
          walk.length = first.walk.length
          return (walk, whereabouts(of: walk, at: place + 1))
        }
      }
    }
    return []
  }

  /// Asks at once for the edges of what is soon in line, where ways come one by one.
  private func readAhead() async throws {
    for (place, step) in steps.enumerated() where part.edges[step.edge].group.isEmpty {
      let nodes = heap.unordered.prefix(256).filter { $0.whereabouts.step == place }.map(\.walk.node)
      if !nodes.isEmpty { _ = try await matcher.steps(from: nodes, part.edges[step.edge], step, part) }
    }
  }
}

extension PathSearch {
  /// The places that ways have come to.
  private struct Visits {
    private let start: QueryNode
    private let length: Int
    /// Whether the best way back to the start goes on from there.
    private var mayPassStart: Bool
    private let isAll: Bool
    private var tally: Tally<Whereabouts>
    private let mayRepeat: Bool
    /// What has come to each place, where the same edges may come there in several ways.
    private var walked: [Whereabouts: Set<ValueKey>] = [:]
    /// Of the best way to each place the length and the first edge, and whether others of that length begin otherwise.
    private var best: [Whereabouts: (length: Int, first: QueryEdge?, areSeveral: Bool)] = [:]
    /// The length of the best way with another first edge.
    private var second: [Whereabouts: Int] = [:]

    init(_ part: PatternPart, _ beginning: Beginning) {
      (tally, isAll) = (Tally(part.selector), part.selector.ranks?.byGroups ?? false)
      mayRepeat = part.mayFitInSeveralWays
      (start, length) = (beginning.walk.node, beginning.walk.length)
      mayPassStart = !beginning.leavingOut.isEmpty
    }

    /// How many places there are.
    var count: Int { tally.count + best.count }

    /// Whether the walk is no more wanted at the place. One that has stood still may be as long as those that have come there.
    func isClosed(_ place: Whereabouts, to walk: Matcher.Walk) -> Bool {
      tally.isClosed(place, length: walk.length)
    }

    mutating func take(_ place: Whereabouts, _ walk: Matcher.Walk, _ pruning: Pruning) -> Bool {
      switch pruning {
      case .none: return true
      case .byPlace, .byNode:
        if mayRepeat, let trail = walk.state.trail,
          !walked[place, default: []].insert(trail.key).inserted
        {
          return false
        }
        return tally.takes(place, length: walk.length)
      case .byFirstEdge: break
      }
      // Back at the start, it is the last edge that tells them apart.
      if isBack(walk) { return true }
      guard let known = best[place], let first = known.first, let other = walk.first else {
        best[place] = (walk.length, walk.first, false)
        return true
      }
      let isOther = !other.isSame(as: first)
      if isAll, walk.length == known.length {
        if isOther { best[place]?.areSeveral = true }
        return true
      }
      guard isOther, !known.areSeveral else { return false }
      if let length = second[place] { return isAll && walk.length == length }
      second[place] = walk.length
      return true
    }

    private func isBack(_ walk: Matcher.Walk) -> Bool { walk.length > length && walk.node === start }

    /// What has come back to the start is a round, and no part of another, but where some edges were left out at first.
    mutating func mayGoOn(_ walk: Matcher.Walk, _ pruning: Pruning) -> Bool {
      guard case .byFirstEdge = pruning, isBack(walk) else { return true }
      defer { mayPassStart = false }
      return mayPassStart
    }
  }
}

/// How many paths there are to each of some places, as far as a selector wants them.
struct Tally<Place: Hashable> {
  private let selector: PatternPart.Selector
  private var known: [Place: (count: Int, lengths: Int, last: Int)] = [:]

  init(_ selector: PatternPart.Selector) { self.selector = selector }

  /// How many places there are.
  var count: Int { known.count }

  /// Counts a path, which is no shorter than those before it, and says whether it is wanted.
  mutating func takes(_ place: Place, length: Int) -> Bool {
    var paths = known[place] ?? (0, 0, -1)
    if paths.last != length { (paths.lengths, paths.last) = (paths.lengths + 1, length) }
    paths.count += 1
    known[place] = paths
    return selector.wants(paths.count, ofLength: paths.lengths)
  }

  func contains(_ place: Place) -> Bool { known[place] != nil }

  /// How many there are to each place.
  var counts: [Place: Int] { known.mapValues(\.count) }

  /// Whether a path of a length that comes next is wanted no more.
  func isClosed(_ place: Place, length: Int) -> Bool {
    guard isEnough(place) else { return false }
    return selector.ranks?.byGroups != true || known[place]?.last != length
  }

  /// Whether there are as many as are wanted, when all of the last length have come.
  func isEnough(_ place: Place) -> Bool {
    guard let (count, byGroups) = selector.ranks, let paths = known[place] else { return false }
    return (byGroups ? paths.lengths : paths.count) >= count
  }
}

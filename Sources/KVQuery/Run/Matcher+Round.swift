import KV
import KVGraph

extension Matcher {
  /// The shortest ways from a node back to itself, along different edges unless the mode lets an edge come again: one of them, or all.
  ///
  /// A shortest one comes by no node twice, so it is known by its first and its last edge. From the start backwards each node learns how far
  /// the way home is, for the two best last edges; forwards each step then goes where the rest is known to fit.
  func walkRound(
    _ part: PatternPart, _ step: Step, _ state: State, from start: QueryNode, isAll: Bool,
    emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let most = pattern.length?.upperBound ?? 1
    let first = try await longer([Walk(state, at: start)], pattern, step, part)
    var home = WayHome(mayRepeat: part.mode == .walk)
    var frontier: [(node: QueryNode, last: ByteKey)] = []
    let back = Step(edge: step.edge, from: step.to, to: step.from)
    var depth = 0
    var length: Int?
    repeat {
      length = first.compactMap { walk in
        walk.node === start ? 1 : home.distance(of: walk).map { $0 + 1 }
      }.min()
      if length != nil || depth > 0 && frontier.isEmpty || depth + 1 >= most { break }
      try Task.checkCancellation()
      depth += 1
      let from = depth == 1 ? [start] : frontier.map(\.node)
      var next: [(node: QueryNode, last: ByteKey)] = []
      for (place, found) in try await steps(from: from, pattern, back, part).enumerated() {
        for (edge, node) in found
        where node !== start
          && state.trail?.mayGoOn(along: edge, to: node, isBackward: back.isBackward, part.mode) ?? true
        {
          let last = depth == 1 ? ByteKey(edge.key) : frontier[place].last
          guard home.mayLearn(node, last) else { continue }
          guard try await admits(edge, pattern, state.row) else { continue }
          home.learn(node, last, depth)
          next.append((node, last))
        }
      }
      frontier = next
    } while true
    guard let length, length <= most else { return true }
    var walks = first
    for walked in 1...length {
      walks = walks.filter { walk in
        walk.node === start
          ? walked == length : home.distance(of: walk).map { walked + $0 <= length } ?? false
      }
      if !isAll { Self.keepFirst(&walks, isBackward: step.isBackward, isAtEnd: walked == length) }
      if walked < length { walks = try await longer(walks, pattern, step, part) }
    }
    return try await finish(walks, part, step, emit)
  }

  /// Keeps the walks of which one comes to be the first as they are written: from the end, of each node the first for each last edge.
  private static func keepFirst(_ walks: inout [Walk], isBackward: Bool, isAtEnd: Bool) {
    guard isBackward else {
      walks = walks.min { $0.state.precedes($1.state) }.map { [$0] } ?? []
      return
    }
    struct Place: Hashable {
      var node: ObjectIdentifier
      var last: ByteKey?
    }
    func place(of walk: Walk) -> Place {
      Place(node: ObjectIdentifier(walk.node), last: isAtEnd ? nil : walk.first.map { ByteKey($0.key) })
    }
    walks.sort(within: place) { $0.state.precedes($1.state) }
    var seen: Set<Place> = []
    walks = walks.filter { seen.insert(place(of: $0)).inserted }
  }
}

/// How far it is from nodes back to where a round begins, by the last edges of the ways.
private struct WayHome {
  let mayRepeat: Bool
  private var ways: [ObjectIdentifier: [(last: ByteKey, distance: Int)]] = [:]

  init(mayRepeat: Bool) { self.mayRepeat = mayRepeat }

  /// How many more edges a walk needs; `nil` where that is not known.
  func distance(of walk: Matcher.Walk) -> Int? {
    guard let ways = ways[ObjectIdentifier(walk.node)], let first = walk.first else { return nil }
    if mayRepeat { return ways.first?.distance }
    let key = ByteKey(first.key)
    return ways.first { $0.last != key }?.distance
  }

  /// Whether a way by another last edge is news: two are enough, for one of them is not the first edge.
  func mayLearn(_ node: QueryNode, _ last: ByteKey) -> Bool {
    let known = ways[ObjectIdentifier(node)] ?? []
    return known.count < (mayRepeat ? 1 : 2) && !known.contains { $0.last == last }
  }

  mutating func learn(_ node: QueryNode, _ last: ByteKey, _ distance: Int) {
    ways[ObjectIdentifier(node), default: []].append((last, distance))
  }
}

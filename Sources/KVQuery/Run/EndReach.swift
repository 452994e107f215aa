import KVGraph

/// From where walks along an edge pattern can come to the nodes in which they have to end. It is found out once so many walks have come that
/// it pays: where most lead elsewhere, they are far more than those that are wanted.
final class EndReach {
  private enum Knowledge {
    /// How many walks have come.
    case none(Int)
    case nodes(Set<ObjectIdentifier>)
    /// They may end anywhere, or there are too many nodes.
    case useless
  }

  private let matcher: Matcher
  private let part: PatternPart
  private let step: Matcher.Step
  private let states: [Matcher.State]
  private var knowledge = Knowledge.none(0)

  private static let leastWalks = 2_000
  private static let mostNodes = 100_000

  /// - Parameter states: the rows from which walks begin.
  init(_ matcher: Matcher, _ part: PatternPart, _ step: Matcher.Step, _ states: [Matcher.State]) {
    (self.matcher, self.part, self.step, self.states) = (matcher, part, step, states)
  }

  /// Those of some walks that may come to an end.
  func promising(_ walks: [Matcher.Walk]) async throws -> [Matcher.Walk] {
    if case .none(let count) = knowledge {
      knowledge = .none(count + walks.count)
      if count + walks.count >= Self.leastWalks { knowledge = try await find() }
    }
    guard case .nodes(let nodes) = knowledge else { return walks }
    return walks.filter { nodes.contains(ObjectIdentifier($0.node)) }
  }

  /// Walks from the ends, against the pattern.
  private func find() async throws -> Knowledge {
    guard let edge = part.edges[step.edge].repeated else { return .useless }
    var level: [QueryNode] = []
    var found: Set<ObjectIdentifier> = []
    for state in states {
      switch try await matcher.end(at: step.to, part, state) {
      case .anywhere: return .useless
      case .nowhere: continue
      case .one(let node): if found.insert(ObjectIdentifier(node)).inserted { level.append(node) }
      }
    }
    let direction = Matcher.direction(edge, step).reversed
    while !level.isEmpty {
      try Task.checkCancellation()
      var next: [QueryNode] = []
      for batch in level.batches(of: Matcher.batch) {
        let steps = try await matcher.graph.steps(
          at: Array(batch), direction, types: edge.types, withData: false)
        for node in steps.joined().map(\.node) where found.insert(ObjectIdentifier(node)).inserted {
          next.append(node)
        }
      }
      if found.count > Self.mostNodes { return .useless }
      level = next
    }
    return .nodes(found)
  }
}

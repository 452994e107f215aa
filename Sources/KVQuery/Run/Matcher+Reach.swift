import KV
import KVGraph

/// Whether a way of a length that may vary leads from a node that the row knows to one of some nodes that are the same for all rows.
private struct ReachQuestion {
  var part: PatternPart
  /// The place of the node that the row knows, and that of the others.
  var start, end: Int
  var startVariable: Variable
  /// What is asked of the others.
  var condition: Expression?

  var edge: EdgePattern { part.edges[0] }

  /// `nil` where something else is asked.
  init?(_ query: Query, _ row: Row, _ planned: (Clause.Match) -> Clause.Match) {
    guard query.parts.count == 1, query.parts[0].count == 1,
      case .match(let clause)? = query.whetherAny.parts[0].first
    else { return nil }
    let match = planned(clause)
    guard !match.isOptional, match.parts.count == 1, let part = match.parts.first,
      part.selector == .shortest(isAll: false), part.condition == nil, part.mode != .acyclic,
      part.edges.count == 1, part.nodes.count == 2, part.edges[0].isReachable(row)
    else { return nil }
    let known = part.nodes.indices.filter { part.nodes[$0].variable.map { row[$0] != nil } ?? false }
    guard known.count == 1, let start = known.first, let variable = part.nodes[start].variable,
      part.nodes[start].labels == nil, part.nodes[start].properties == nil,
      part.nodes[start].condition == nil
    else { return nil }
    let node = part.nodes[1 - start]
    let own = Set(node.variable.map { [$0.slot] } ?? [])
    let conditions = [node.properties, node.condition, match.condition].compactMap(\.self)
    guard conditions.allSatisfy({ own.isSuperset(of: $0.variables) && !$0.asksChance }) else { return nil }
    (self.part, self.start, end, startVariable) = (part, start, 1 - start, variable)
    condition = match.condition
  }
}

extension Expression {
  /// Whether it is another each time.
  fileprivate var asksChance: Bool {
    var asks = false
    visitAll { if case .call(let call) = $0, call.function == "rand" { asks = true } }
    return asks
  }
}

extension EdgePattern {
  /// Whether nothing counts of it but where it leads, from one edge on or none.
  fileprivate func isReachable(_ row: Row) -> Bool {
    guard let length, length.lowerBound <= 1 else { return false }
    return group.isEmpty && typeExpression == nil && properties == nil && condition == nil && cost == nil
      && (variable.map { row[$0] == nil } ?? true)
  }
}

/// From which nodes a way leads to one of some ends, found by one walk from these.
private struct ReachedNodes {
  /// By node, how many edges it takes, at least one; -1 where there is no way.
  private var distance: [Int32]
  private var isEnd: [Bool]
  private let lengths: ClosedRange<Int>
  /// Whether a walk back to where it began is a trail.
  private let returnsByTrails: Bool

  /// - Parameters:
  ///   - lists: against the way.
  ///   - isWanted: by the number of a type, whether its edges count.
  init(
    _ ends: [Int32], _ lists: ArcLists, _ isWanted: [Bool], _ lengths: ClosedRange<Int>, returnsByTrails: Bool
  ) {
    let count = lists.offsets.count - 1
    (self.lengths, self.returnsByTrails) = (lengths, returnsByTrails)
    distance = Array(repeating: -1, count: count)
    isEnd = Array(repeating: false, count: count)
    for end in ends { isEnd[Int(end)] = true }
    var level = ends
    var steps: Int32 = 0
    while !level.isEmpty {
      steps += 1
      var next: [Int32] = []
      for node in level {
        for arc in lists.arcs(at: node) where isWanted[Int(lists.types[arc])] {
          let other = Int(lists.others[arc])
          guard distance[other] < 0 else { continue }
          distance[other] = steps
          // From an end it has been gone on already.
          if !isEnd[other] { next.append(Int32(other)) }
        }
      }
      level = next
    }
  }

  /// `nil` where that is not known.
  func isReached(from node: Int32) -> Bool? {
    let (steps, isEnd) = (Int(distance[Int(node)]), isEnd[Int(node)])
    if isEnd, lengths.lowerBound == 0 { return true }
    if isEnd, steps > 0, !returnsByTrails { return nil }
    return steps > 0 && steps <= lengths.upperBound
  }
}

/// What is known of a question that comes again row after row.
struct Reach {
  fileprivate var question: ReachQuestion?
  fileprivate var timesAsked = 0
  fileprivate var nodes: ReachedNodes?
}

extension Matcher {
  /// After how many rows a question is answered for all nodes at once: sooner where the whole graph is read already.
  private var fewRows: Int { graph.wholeGraph == nil ? 500 : 20 }

  /// What EXISTS says of a pattern whose one end is the row's and whose other end is the same for all rows.
  /// - Returns: `nil` where it has to be searched.
  func reaches(_ query: Query, _ row: Row) async throws -> Bool? {
    guard !isWriting, case .match(let match)? = query.parts.first?.first, let part = match.parts.first else {
      return nil
    }
    let key = PlanKey(line: part.place.line, column: part.place.column, bound: row.bound)
    var reach = reachQuestions[key] ?? Reach(question: ReachQuestion(query, row, planned))
    guard let question = reach.question else {
      reachQuestions[key] = reach
      return nil
    }
    if reach.nodes == nil {
      reach.timesAsked += 1
      do {
        if reach.timesAsked > fewRows { reach.nodes = try await reachedNodes(question, row) }
      } catch let error as KVError where error.code == .invalidData {
        // Of a node perhaps that no way leads to.
        reach.question = nil
      }
      reachQuestions[key] = reach
    }
    guard let nodes = reach.nodes, case .node(let node)? = row[question.startVariable],
      let number = try await number(of: node)
    else { return nil }
    return nodes.isReached(from: number)
  }

  private func number(of node: QueryNode) async throws -> Int32? {
    if let number = node.number { return number }
    return try await graph.adjacency().nodeNumber(node.reference)
  }

  private func reachedNodes(_ question: ReachQuestion, _ row: Row) async throws -> ReachedNodes {
    let pattern = question.part.nodes[question.end]
    let part = PatternPart(nodes: [pattern], edges: [], place: pattern.place)
    var ends: [Int32] = []
    _ = try await graph.adjacency()
    _ = try await begin(part, 0, [State(row: row)]) { states in
      let states = self.named(states, part)
      try await self.graph.load(nodesIn: states, for: [question.condition])
      for state in states {
        guard try await self.evaluator.holds(question.condition, state.row), let node = state.trail?.node,
          let number = try await self.number(of: node)
        else { continue }
        ends.append(number)
      }
      return true
    }
    let step = Step(edge: 0, from: question.end, to: question.start)
    let whole = try await graph.whole()
    let isDirected = question.edge.direction != .any && !graph.hasUndirectedTypes
    return ReachedNodes(
      ends, whole.arcs(Self.direction(question.edge, step)), whole.isOfType(question.edge.types),
      question.edge.length ?? 1...1, returnsByTrails: isDirected || question.part.mode == .walk)
  }
}

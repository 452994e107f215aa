import HeapModule
import KV
import KVGraph

/// Finds what patterns match, for many rows at a time: each step asks the store once for all of them.
final class Matcher {
  private let graph: QueryGraph
  private let evaluator: Evaluator
  /// The variables of edges and paths whose data something asks for.
  private let used: Set<Int>
  /// All nodes, read once.
  private var all: [QueryNode]?
  private let isWriting: Bool

  /// What is followed at once.
  static let batch = 500

  init(_ graph: QueryGraph, _ evaluator: Evaluator, used: Set<Int>, isWriting: Bool) {
    (self.graph, self.evaluator, self.used, self.isWriting) = (graph, evaluator, used, isWriting)
  }

  /// A row on its way through a pattern.
  private struct State {
    var row: Row
    /// No edge is walked twice within a MATCH.
    var walked: [QueryEdge] = []
    /// By the places of the part in hand.
    var nodes: [QueryNode?] = []
    var edges: [[QueryEdge]] = []
    /// Between the ends of an edge pattern of several edges.
    var between: [[QueryNode]] = []
    var cost: Double?
  }

  private typealias Emit = ([State]) async throws -> Bool

  /// - Parameter emit: is given rows as they are found, in an order that is always the same; returns false where no more are wanted.
  func match(_ parts: [PatternPart], _ rows: [Row], emit: @escaping ([Row]) async throws -> Bool) async throws
  {
    _ = try await follow(parts[...], rows.map { State(row: $0) }) { states in
      try await emit(states.map(\.row))
    }
  }

  private func follow(_ parts: ArraySlice<PatternPart>, _ states: [State], emit: @escaping Emit) async throws
    -> Bool
  {
    guard let part = parts.first else { return states.isEmpty ? true : try await emit(states) }
    let rest = parts.dropFirst()
    return try await follow(part, states) { found in try await self.follow(rest, found, emit: emit) }
  }

  // MARK: a part

  /// A step from one node of a part to the next.
  private struct Step {
    var edge: Int
    var from, to: Int
    var isBackward: Bool { to < from }
  }

  private func follow(_ part: PatternPart, _ states: [State], emit: @escaping Emit) async throws -> Bool {
    guard let first = states.first else { return true }
    let start = place(ofStartIn: part, first.row)
    let steps =
      (start..<part.edges.count).map { Step(edge: $0, from: $0, to: $0 + 1) }
      + (0..<start).reversed().map { Step(edge: $0, from: $0 + 1, to: $0) }
    let finish: Emit = { states in
      guard let path = part.path else { return try await emit(states) }
      return try await emit(
        states.map { state in
          var state = state
          state.row[path] = .path(Self.path(state))
          return state
        })
    }
    if part.selector != .all, part.edges.count > 1 || part.edges.contains(where: { !$0.group.isEmpty }) {
      return try await select(part, start, steps, states, emit: finish)
    }
    return try await begin(part, start, states) { begun in
      try await self.walk(part, steps[...], begun, emit: finish)
    }
  }

  private static func path(_ state: State) -> QueryPath {
    // An edge pattern of no edges has the same node at both ends.
    var distinct: [QueryNode] = []
    for (place, node) in state.nodes.enumerated() {
      if place == 0 {
        if let node { distinct.append(node) }
        continue
      }
      if state.edges[place - 1].isEmpty { continue }
      distinct += state.between[place - 1]
      if let node { distinct.append(node) }
    }
    return QueryPath(nodes: distinct, edges: state.edges.flatMap { $0 }, cost: state.cost)
  }

  /// Where to begin: at a node that is bound, else at one that is read by its key, else at one with a label.
  private func place(ofStartIn part: PatternPart, _ row: Row) -> Int {
    func cost(_ node: NodePattern) -> Int {
      if let variable = node.variable, row[variable] != nil { return 0 }
      if Self.key(of: node) != nil { return 1 }
      if node.labels != nil { return node.properties == nil && node.condition == nil ? 3 : 2 }
      return node.properties == nil && node.condition == nil ? 5 : 4
    }
    let costs = part.nodes.map(cost)
    return costs.indices.min { costs[$0] < costs[$1] } ?? 0
  }

  /// The type and the id of a pattern that names one node.
  private static func key(of node: NodePattern) -> (type: String, id: Expression)? {
    guard case .label(let type)? = node.labels, case .map(let members)? = node.properties,
      let id = members.first(where: { $0.name == "id" })?.value
    else { return nil }
    return (type, id)
  }

  private func begin(
    _ part: PatternPart, _ start: Int, _ states: [State], at fixed: QueryNode? = nil, emit: @escaping Emit
  ) async throws
    -> Bool
  {
    let pattern = part.nodes[start]
    var pending: [(State, QueryNode)] = []
    func flush() async throws -> Bool {
      let batch = pending
      pending = []
      return try await emit(try await admitted(batch, pattern, at: start))
    }
    func fresh(_ state: State) -> State {
      var state = state
      state.nodes = Array(repeating: nil, count: part.nodes.count)
      state.edges = Array(repeating: [], count: part.edges.count)
      state.between = state.edges.map { _ in [] }
      return state
    }
    for state in states {
      let candidates: [QueryNode]
      if let fixed {
        candidates = [fixed]
      } else if let variable = pattern.variable, let value = state.row[variable] {
        switch value {
        case .node(let node): candidates = [node]
        case .null: candidates = []
        default:
          throw pattern.place.error("\(JSON(variable.name)) is \(value.kind), and here a node is meant")
        }
      } else if let key = Self.key(of: pattern) {
        candidates = try await nodes(of: key, state.row)
      } else {
        candidates = try await allNodes()
      }
      for node in candidates {
        pending.append((fresh(state), node))
        if pending.count >= Self.batch, try await !flush() { return false }
      }
    }
    return pending.isEmpty ? true : try await flush()
  }

  private func nodes(of key: (type: String, id: Expression), _ row: Row) async throws -> [QueryNode] {
    let id: String
    switch try await evaluator.value(of: key.id, row) {
    case .string(let text): id = text
    case .integer(let number): id = String(number)
    default: return []
    }
    let reference = NodeReference(type: key.type, id: id)
    // What has the label as a further one, or the id as an attribute, has another key.
    guard try await graph.exists(reference) else { return isWriting ? try await allNodes() : [] }
    return [graph.node(reference)]
  }

  private func allNodes() async throws -> [QueryNode] {
    if isWriting { return try await graph.allNodes() }
    if let all { return all }
    let nodes = try await graph.allNodes()
    all = nodes
    return nodes
  }

  // MARK: conditions

  /// Those of the nodes that their pattern admits, bound.
  private func admitted(_ candidates: [(State, QueryNode)], _ pattern: NodePattern, at place: Int)
    async throws -> [State]
  {
    let readsAll = pattern.properties != nil || pattern.condition != nil
    let unread = candidates.lazy.map(\.1).filter { node in
      readsAll || pattern.labels.map { !$0.isDecided(by: node.reference.type) } ?? false
    }
    try await graph.load(Array(unread))
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
      guard try await has(pattern.properties, .node(node), state.row, pattern.place),
        try await evaluator.holds(pattern.condition, state.row)
      else { continue }
      states.append(state)
    }
    return states
  }

  private func has(_ properties: Expression?, _ owner: Value, _ row: Row, _ place: Place) async throws -> Bool
  {
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

  private func admits(_ edge: QueryEdge, _ pattern: EdgePattern, _ row: Row) async throws -> Bool {
    guard pattern.properties != nil || pattern.condition != nil else { return true }
    var row = row
    if let variable = pattern.variable, pattern.condition != nil { row[variable] = .edge(edge) }
    guard try await has(pattern.properties, .edge(edge), row, pattern.place) else { return false }
    return try await evaluator.holds(pattern.condition, row)
  }

  private func needsData(_ pattern: EdgePattern, _ part: PatternPart) -> Bool {
    pattern.properties != nil || pattern.condition != nil || pattern.cost != nil
      || pattern.variable.map { used.contains($0.slot) } == true
      || part.path.map { used.contains($0.slot) } == true
  }

  // MARK: steps

  private func walk(_ part: PatternPart, _ steps: ArraySlice<Step>, _ states: [State], emit: @escaping Emit)
    async throws
    -> Bool
  {
    if states.isEmpty { return true }
    guard let step = steps.first else { return try await emit(states) }
    for start in stride(from: 0, to: states.count, by: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(states[start..<min(start + Self.batch, states.count)])
      let next: Emit = { found in try await self.walk(part, steps.dropFirst(), found, emit: emit) }
      let goesOn =
        if part.edges.count == 1, case .shortest(let isAll) = part.selector,
          part.isFunction || (part.edges[step.edge].length?.lowerBound ?? 1) <= 1
        {
          try await walkShortest(part, step, batch, isAll: isAll, emit: next)
        } else if case .cheapest(let count) = part.selector {
          try await walkCheapest(part, step, batch, count, emit: next)
        } else if part.edges.count == 1, let (count, byGroups) = part.selector.ranks {
          try await walkRanked(part, step, batch, count, byGroups: byGroups, emit: next)
        } else if part.edges[step.edge].length != nil {
          try await walkMany(part, step, batch, emit: next)
        } else {
          try await walkOne(part, step, batch, emit: next)
        }
      if !goesOn { return false }
    }
    return true
  }

  private static func direction(_ pattern: EdgePattern, _ step: Step) -> EdgePattern.Direction {
    switch (pattern.direction, step.isBackward) {
    case (.any, _): .any
    case (.out, false), (.in, true): .out
    default: .in
    }
  }

  private func steps(
    from nodes: [QueryNode], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart
  ) async throws -> [[QueryGraph.Step]] {
    // Each node once, however many rows are there.
    var numbers: [ObjectIdentifier: Int] = [:]
    var distinct: [QueryNode] = []
    let places = nodes.map { node in
      if let number = numbers[ObjectIdentifier(node)] { return number }
      numbers[ObjectIdentifier(node)] = distinct.count
      distinct.append(node)
      return distinct.count - 1
    }
    let found = try await graph.steps(
      at: distinct, Self.direction(pattern, step), types: pattern.types, withData: needsData(pattern, part))
    return places.map { found[$0] }
  }

  private func walkOne(_ part: PatternPart, _ step: Step, _ states: [State], emit: @escaping Emit)
    async throws -> Bool
  {
    let pattern = part.edges[step.edge]
    let found = try await steps(from: states.compactMap { $0.nodes[step.from] }, pattern, step, part)
    var candidates: [(State, QueryNode)] = []
    for (state, found) in zip(states, found) {
      for (edge, node) in found where Self.mayWalk(edge, to: node, state, [], [], part) {
        guard try await admits(edge, pattern, state.row) else { continue }
        var next = state
        if let variable = pattern.variable {
          if let bound = state.row[variable] {
            guard case .edge(let other) = bound, other.isSame(as: edge) else { continue }
          }
          next.row[variable] = .edge(edge)
        }
        next.walked.append(edge)
        next.edges[step.edge] = [edge]
        candidates.append((next, node))
      }
    }
    return try await arrive(candidates, part, step, emit: emit)
  }

  private func arrive(_ candidates: [(State, QueryNode)], _ part: PatternPart, _ step: Step, emit: Emit)
    async throws -> Bool
  {
    for start in stride(from: 0, to: candidates.count, by: 4 * Self.batch) {
      let batch = Array(candidates[start..<min(start + 4 * Self.batch, candidates.count)])
      let arrived = try await admitted(batch, part.nodes[step.to], at: step.to)
      if !arrived.isEmpty, try await !emit(arrived) { return false }
    }
    return true
  }

  /// A walk along an edge pattern of several edges.
  private struct Walk {
    var state: State
    var node: QueryNode
    var edges: [QueryEdge] = []
    /// The nodes behind the first edge, the last of them `node`.
    var nodes: [QueryNode] = []
    var cost: Double?
    /// What the variables of a group stood for, time by time.
    var lists: [Variable: [Value]] = [:]
  }

  private func walkMany(_ part: PatternPart, _ step: Step, _ states: [State], emit: @escaping Emit)
    async throws -> Bool
  {
    let length = part.edges[step.edge].length ?? 1...1
    let begins = states.compactMap { state in state.nodes[step.from].map { Walk(state: state, node: $0) } }
    if length.contains(0), try await !finish(begins, part, step, emit) { return false }
    return try await walkOn(begins, depth: 1, length, part, step, emit)
  }

  private func walkOn(
    _ walks: [Walk], depth: Int, _ length: ClosedRange<Int>, _ part: PatternPart, _ step: Step,
    _ emit: @escaping Emit
  ) async throws -> Bool {
    if depth > length.upperBound { return true }
    let pattern = part.edges[step.edge]
    for start in stride(from: 0, to: walks.count, by: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(walks[start..<min(start + Self.batch, walks.count)])
      let next =
        pattern.group.isEmpty
        ? try await longer(batch, pattern, step, part) : try await longerByGroup(batch, pattern, step, part)
      if length.contains(depth), try await !finish(next, part, step, emit) { return false }
      if !next.isEmpty, try await !walkOn(next, depth: depth + 1, length, part, step, emit) { return false }
    }
    return true
  }

  /// Whether the mode of a part lets a walk go on along an edge.
  private static func mayWalk(
    _ edge: QueryEdge, to node: QueryNode, _ state: State, _ edges: [QueryEdge], _ nodes: [QueryNode],
    _ part: PatternPart
  ) -> Bool {
    if part.mode == .walk { return true }
    let own = state.edges.flatMap { $0 } + edges
    if (state.walked + own).contains(where: { $0.isSame(as: edge) }) { return false }
    guard part.mode == .acyclic || part.mode == .simple else { return true }
    let first = state.nodes.compactMap { $0 }.first
    // Once closed, a simple path goes no further.
    if nodes.contains(where: { $0 === first }) { return false }
    let before = state.nodes.compactMap { $0 } + state.between.flatMap { $0 } + nodes
    guard before.contains(where: { $0 === node }) else { return true }
    return part.mode == .simple && part.edges.count == 1 && node === first
  }

  /// Of a part of several edge patterns the paths that its selector wants: all are found, and by their ends the shortest taken.
  private func select(
    _ part: PatternPart, _ start: Int, _ steps: [Step], _ states: [State], emit: @escaping Emit
  ) async throws -> Bool {
    for state in states {
      var found: [State] = []
      var whole = part
      whole.selector = .all
      _ = try await begin(part, start, [state]) { begun in
        try await self.walk(whole, steps[...], begun) { ended in
          found += ended
          return true
        }
      }
      let lengths = found.map { $0.edges.reduce(0) { $0 + $1.count } }
      let order = found.indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] < lengths[$1] : $0 < $1 }
      var taken: [[ObjectIdentifier]: (count: Int, lengths: Int, last: Int)] = [:]
      var wanted: [State] = []
      for place in order {
        let ends = [found[place].nodes.first, found[place].nodes.last].compactMap { $0 }.compactMap {
          $0.map { ObjectIdentifier($0) }
        }
        var known = taken[ends] ?? (0, 0, -1)
        if lengths[place] != known.last { (known.lengths, known.last) = (known.lengths + 1, lengths[place]) }
        known.count += 1
        taken[ends] = known
        if part.selector.wants(known.count, ofLength: known.lengths) { wanted.append(found[place]) }
      }
      if !wanted.isEmpty, try await !emit(wanted) { return false }
    }
    return true
  }

  /// A walk in the order in which it is taken: what costs least first, then what has the fewest edges, then what was found first.
  private struct Priced: Comparable {
    var cost: Double
    var number: Int
    var walk: Walk

    static func == (left: Priced, right: Priced) -> Bool { left.number == right.number }
    static func < (left: Priced, right: Priced) -> Bool {
      (left.cost, left.walk.edges.count, left.number) < (right.cost, right.walk.edges.count, right.number)
    }
  }

  /// The cheapest walks to each node that may be the end (Dijkstra's algorithm, which comes by a node once where one walk is wanted).
  private func walkCheapest(
    _ part: PatternPart, _ step: Step, _ states: [State], _ count: Int, emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    for state in states {
      guard let start = state.nodes[step.from] else { continue }
      let target = part.nodes[step.to].variable.flatMap { state.row[$0] }
      var end: QueryNode?
      if case .node(let node)? = target { end = node } else if target != nil { continue }
      // Where edges lead both ways, the cheapest way back to the start may come by a node that a cheaper way has come by.
      let isRound = end == nil || end === start
      let comesOnce =
        count == 1 && length.lowerBound <= 1 && length.upperBound == .max
        && !(isRound && (pattern.direction == .any || graph.hasUndirectedTypes))
      var heap = Heap([Priced(cost: 0, number: 0, walk: Walk(state: state, node: start, cost: 0))])
      var number = 0
      var taken: [ObjectIdentifier: Int] = [:]
      var pops = 0
      while let priced = heap.popMin() {
        try Task.checkCancellation()
        let walk = priced.walk
        let key = ObjectIdentifier(walk.node)
        let isStart = walk.edges.isEmpty
        if comesOnce, !isStart, taken[key] != nil { continue }
        if length.contains(walk.edges.count), end == nil || walk.node === end, taken[key, default: 0] < count
        {
          taken[key, default: 0] += 1
          if try await !finish([walk], part, step, emit) { return false }
          if let end, taken[ObjectIdentifier(end)] == count { break }
        } else if comesOnce, !isStart {
          taken[key] = 1
        }
        if walk.edges.count >= length.upperBound || comesOnce && !isStart && walk.node === start { continue }
        // What is next in line is asked for at once.
        if pops % 64 == 0 {
          _ = try await steps(from: heap.unordered.prefix(256).map(\.walk.node), pattern, step, part)
        }
        pops += 1
        for (edge, node) in try await steps(from: [walk.node], pattern, step, part)[0]
        where Self.mayWalk(edge, to: node, walk.state, walk.edges, walk.nodes, part) {
          guard try await admits(edge, pattern, state.row) else { continue }
          number += 1
          var longer = walk
          longer.node = node
          longer.edges.append(edge)
          longer.nodes.append(node)
          let cost = priced.cost + (try await cost(of: edge, pattern, state.row))
          longer.cost = cost
          heap.insert(Priced(cost: cost, number: number, walk: longer))
        }
        if heap.count > 1_000_000 {
          throw pattern.place.error("there are more than a million paths here; give the length an end")
        }
      }
    }
    return true
  }

  private func cost(of edge: QueryEdge, _ pattern: EdgePattern, _ row: Row) async throws -> Double {
    guard let expression = pattern.cost else { return 0 }
    var row = row
    if let variable = pattern.variable { row[variable] = .edge(edge) }
    let value = try await evaluator.value(of: expression, row)
    guard let cost = value.number, cost >= 0, cost.isFinite else {
      throw pattern.place.error(
        "COST is a number of at least 0, and for \(edge.arrow) it is \(value.isNull ? "null" : "\(value)")")
    }
    return cost
  }

  /// The first walks to each node that may be the end, level by level.
  private func walkRanked(
    _ part: PatternPart, _ step: Step, _ states: [State], _ count: Int, byGroups: Bool, closed: Bool = false,
    emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    for state in states {
      guard let start = state.nodes[step.from] else { continue }
      let target = part.nodes[step.to].variable.flatMap { state.row[$0] }
      var end: QueryNode?
      if case .node(let node)? = target { end = node } else if target != nil { continue }
      if closed { end = start }
      var taken: [ObjectIdentifier: (count: Int, lengths: Int)] = [:]
      var visited: Set<ObjectIdentifier> = []
      var frontier = [Walk(state: state, node: start)]
      var depth = 0
      while !frontier.isEmpty {
        if depth >= length.lowerBound {
          var arrived: [Walk] = []
          var reached: Set<ObjectIdentifier> = []
          for walk in frontier where end == nil || walk.node === end {
            let key = ObjectIdentifier(walk.node)
            var known = taken[key] ?? (0, 0)
            if reached.insert(key).inserted { known.lengths += 1 }
            known.count += 1
            taken[key] = known
            if part.selector.wants(known.count, ofLength: known.lengths) { arrived.append(walk) }
          }
          if try await !finish(arrived, part, step, emit) { return false }
          if let end, let known = taken[ObjectIdentifier(end)],
            byGroups ? known.lengths >= count : known.count >= count
          {
            break
          }
        }
        if depth == length.upperBound { break }
        depth += 1
        var next: [Walk] = []
        for first in stride(from: 0, to: frontier.count, by: Self.batch) {
          try Task.checkCancellation()
          let batch = Array(frontier[first..<min(first + Self.batch, frontier.count)])
          for (walk, found) in zip(batch, try await steps(from: batch.map(\.node), pattern, step, part)) {
            for (edge, node) in found
            where Self.mayWalk(edge, to: node, walk.state, walk.edges, walk.nodes, part) {
              guard try await admits(edge, pattern, state.row) else { continue }
              var longer = walk
              longer.node = node
              longer.edges.append(edge)
              longer.nodes.append(node)
              next.append(longer)
            }
          }
          if next.count > 1_000_000 {
            throw pattern.place.error(
              "there are more than a million paths of \(depth) edges here; give the length an end")
          }
        }
        // The way back needs no node twice, unless edges lead both ways.
        if closed, part.edges[step.edge].direction != .any,
          next.allSatisfy({ $0.edges.last?.isDirected ?? true })
        {
          var firsts: Set<ObjectIdentifier> = []
          let kept = byGroups ? next : next.filter { firsts.insert(ObjectIdentifier($0.node)).inserted }
          frontier = kept.filter { $0.node === start || !visited.contains(ObjectIdentifier($0.node)) }
          visited.formUnion(frontier.map { ObjectIdentifier($0.node) })
          continue
        }
        frontier = next
        // Walks go round for ever; what has been reached often enough by all needs no more.
        if part.mode == .walk, end == nil,
          frontier.allSatisfy({ walk in
            taken[ObjectIdentifier(walk.node)].map { byGroups ? $0.lengths >= count : $0.count >= count }
              ?? false
          })
        {
          break
        }
      }
    }
    return true
  }

  /// The walks, each by one edge longer in all ways.
  private func longer(_ walks: [Walk], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart) async throws
    -> [Walk]
  {
    var next: [Walk] = []
    for (walk, found) in zip(walks, try await steps(from: walks.map(\.node), pattern, step, part)) {
      for (edge, node) in found where Self.mayWalk(edge, to: node, walk.state, walk.edges, walk.nodes, part) {
        guard try await admits(edge, pattern, walk.state.row) else { continue }
        var longer = walk
        longer.node = node
        longer.edges.append(edge)
        longer.nodes.append(node)
        next.append(longer)
      }
    }
    return next
  }

  /// The walks, each once more along a group in all ways.
  private func longerByGroup(_ walks: [Walk], _ pattern: EdgePattern, _ step: Step, _ part: PatternPart)
    async throws -> [Walk]
  {
    guard let group = pattern.group.first else { return [] }
    let start = step.isBackward ? group.edges.count : 0
    let steps =
      step.isBackward
      ? (0..<start).reversed().map { Step(edge: $0, from: $0 + 1, to: $0) }
      : group.edges.indices.map { Step(edge: $0, from: $0, to: $0 + 1) }
    let variables = pattern.groupVariables
    var next: [Walk] = []
    for walk in walks {
      var state = State(row: walk.state.row, walked: walk.state.walked + walk.edges)
      for variable in variables { state.row[variable] = nil }
      var found: [State] = []
      _ = try await begin(group, start, [state], at: walk.node) { begun in
        try await self.walk(group, steps[...], begun) { ended in
          found += ended
          return true
        }
      }
      for state in found where try await evaluator.holds(pattern.condition, state.row) {
        var path = Self.path(state)
        if step.isBackward { path = QueryPath(nodes: path.nodes.reversed(), edges: path.edges.reversed()) }
        let nodes = Array(path.nodes.dropFirst())
        guard Self.mayVisit(nodes, walk, part) else { continue }
        var longer = walk
        longer.node = path.nodes.last ?? walk.node
        longer.edges += path.edges
        longer.nodes += nodes
        for variable in variables { longer.lists[variable, default: []].append(state.row[variable] ?? .null) }
        next.append(longer)
      }
    }
    return next
  }

  /// Whether a mode lets a walk come by nodes that it may have come by before.
  private static func mayVisit(_ nodes: [QueryNode], _ walk: Walk, _ part: PatternPart) -> Bool {
    guard part.mode == .acyclic || part.mode == .simple else { return true }
    let first = walk.state.nodes.compactMap { $0 }.first
    let before = walk.state.nodes.compactMap { $0 } + walk.state.between.flatMap { $0 } + walk.nodes
    for (place, node) in nodes.enumerated() where (before + nodes[..<place]).contains(where: { $0 === node })
    {
      let closes =
        part.mode == .simple && node === first && place == nodes.count - 1
        && !walk.nodes.contains { $0 === first }
      if !closes { return false }
    }
    return !(part.mode == .simple && walk.nodes.contains { $0 === first })
  }

  /// Binds walks that have come to their ends.
  private func finish(_ walks: [Walk], _ part: PatternPart, _ step: Step, _ emit: Emit) async throws -> Bool {
    let variable = part.edges[step.edge].variable
    var candidates: [(State, QueryNode)] = []
    for walk in walks {
      var state = walk.state
      let between = Array(walk.nodes.dropLast())
      state.edges[step.edge] = step.isBackward ? walk.edges.reversed() : walk.edges
      state.between[step.edge] = step.isBackward ? between.reversed() : between
      state.walked += walk.edges
      state.cost = walk.cost
      for variable in part.edges[step.edge].groupVariables {
        let values = walk.lists[variable] ?? []
        state.row[variable] = .list(step.isBackward ? values.reversed() : values)
      }
      if let variable {
        let value = Value.list(state.edges[step.edge].map { .edge($0) })
        if let bound = state.row[variable], Value.equals(bound, value) != true { continue }
        state.row[variable] = value
      }
      candidates.append((state, walk.node))
    }
    return try await arrive(candidates, part, step, emit: emit)
  }

  /// The shortest walks to each node that may be the end: breadth first, level by level.
  private func walkShortest(
    _ part: PatternPart, _ step: Step, _ states: [State], isAll: Bool, emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    for state in states {
      guard let start = state.nodes[step.from] else { continue }
      let target = part.nodes[step.to].variable.flatMap { state.row[$0] }
      var ends: QueryNode?
      if case .node(let node)? = target { ends = node } else if target != nil { continue }
      let mayEndAtStart = ends == nil || ends === start
      if length.lowerBound == 0, mayEndAtStart,
        try await !finish([Walk(state: state, node: start)], part, step, emit)
      {
        return false
      }
      // Back to the start leads another way: what is shortest to any other node is no cycle, and a shorter part of one.
      let isRound = mayEndAtStart && length.lowerBound > 0 && !part.isFunction && part.mode != .acyclic
      if isRound, try await !walkRanked(part, step, [state], 1, byGroups: isAll, closed: true, emit: emit) {
        return false
      }
      if ends === start { continue }
      var seen: Set<ObjectIdentifier> = [ObjectIdentifier(start)]
      var frontier = [Walk(state: state, node: start)]
      var depth = 0
      while !frontier.isEmpty, depth < length.upperBound {
        try Task.checkCancellation()
        depth += 1
        var next: [Walk] = []
        var arrived: Set<ObjectIdentifier> = []
        for first in stride(from: 0, to: frontier.count, by: Self.batch) {
          let batch = Array(frontier[first..<min(first + Self.batch, frontier.count)])
          for (walk, found) in zip(batch, try await steps(from: batch.map(\.node), pattern, step, part)) {
            for (edge, node) in found
            where !seen.contains(ObjectIdentifier(node))
              && (isAll || !arrived.contains(ObjectIdentifier(node)))
            {
              guard try await admits(edge, pattern, state.row) else { continue }
              arrived.insert(ObjectIdentifier(node))
              var longer = walk
              longer.node = node
              longer.edges.append(edge)
              longer.nodes.append(node)
              next.append(longer)
            }
          }
        }
        seen.formUnion(arrived)
        if depth >= length.lowerBound {
          let done = ends.map { end in next.filter { $0.node === end } } ?? next
          if try await !finish(done, part, step, emit) { return false }
          if ends != nil, !done.isEmpty { break }
        }
        frontier = next
      }
    }
    return true
  }
}

extension QueryEdge {
  func isSame(as other: QueryEdge) -> Bool { self === other || key.utf8.elementsEqual(other.key.utf8) }
}

extension LabelExpression {
  /// Whether a node's type alone says that it is admitted.
  func isDecided(by type: String) -> Bool {
    switch self {
    case .label(let name): name.utf8.elementsEqual(type.utf8)
    case .or(let parts): parts.contains { $0.isDecided(by: type) }
    case .and(let parts): parts.allSatisfy { $0.isDecided(by: type) }
    case .not, .any: false
    }
  }
}

extension PatternPart.Selector {
  /// How many paths, or lengths of paths, between two nodes it wants; `nil` for all.
  var ranks: (count: Int, byGroups: Bool)? {
    switch self {
    case .all, .cheapest: nil
    case .shortest(let isAll): (1, isAll)
    case .ranked(let count, let byGroups): (count, byGroups)
    }
  }

  /// Whether it wants the path that comes as this one, counted from 1, and is of this many-th length between its ends.
  func wants(_ number: Int, ofLength length: Int) -> Bool {
    switch self {
    case .all, .cheapest: true
    case .shortest(let isAll): isAll ? length == 1 : number == 1
    case .ranked(let count, let byGroups): byGroups ? length <= count : number <= count
    }
  }
}

import KV
import KVGraph

/// Which of the paths between two nodes are taken.
extension Matcher {
  /// The paths of a part that its selector wants, from rows at one of its ends.
  ///
  /// Of the ways to a place it is enough to follow the best where nothing that comes later asks how it was come by. A mode asks that; but
  /// the best of all walks, where they obey the mode, are the best of those that do. Only to ends to which they do not more of them are
  /// looked at, or all that obey the mode, or one after another.
  func select(_ part: PatternPart, _ steps: [Step], _ states: [State], emit: @escaping Emit) async throws
    -> Bool
  {
    guard let first = steps.first, let last = steps.last else { return try await emit(states) }
    guard let row = states.first?.row else { return true }
    let pruning = pruning(of: part, from: first.from, isBound: row.isBound)
    for state in states {
      let end = try await end(at: last.to, part, state)
      if case .nowhere = end { continue }
      let choice = PathChoice(self, part, steps, from: state, to: end.node, emit)
      try await choice.find(pruning)
      if !choice.goesOn { return false }
    }
    return true
  }

  /// Which ways to a place are enough to find the best paths.
  /// - Parameter isBound: whether a variable is known before the part is walked, by its place.
  private func pruning(of part: PatternPart, from place: Int, isBound: (Int) -> Bool) -> PathSearch.Pruning {
    guard let remembered = part.remembered(from: place, isBound) else { return .none }
    if part.mode == .walk || part.selector.ranks?.count != 1 { return .byPlace(remembered) }
    // Along one edge pattern the best walk comes by no node twice, but for the way back along the first edge.
    let edgesAreKnown = part.edges.contains {
      $0.length != nil && $0.variable.map { isBound($0.slot) } ?? false
    }
    guard !edgesAreKnown, remembered.isEmpty, part.edges.count == 1, let edge = part.edges[0].repeated,
      let length = part.edges[0].length, length.lowerBound <= 1, length.upperBound == .max
    else { return .byPlace(remembered) }
    return edge.direction == .any || graph.hasUndirectedTypes ? .byFirstEdge : .byNode
  }

  /// What the edges of a part cost together whose patterns stand for one edge.
  func cost(of state: State, _ part: PatternPart) async throws -> PathCost {
    var sum = PathCost()
    for (place, pattern) in part.edges.enumerated() where pattern.length == nil && pattern.cost != nil {
      for edge in state.trail?.edges(at: place) ?? [] {
        sum = sum + (try await cost(of: edge, pattern, state.row))
      }
    }
    return sum
  }

  func cost(of edge: QueryEdge, _ pattern: EdgePattern, _ row: Row) async throws -> PathCost {
    guard let expression = pattern.cost else { return PathCost() }
    var row = row
    if let variable = pattern.variable { row[variable] = .edge(edge) }
    let value = try await evaluator.value(of: expression, row)
    if case .integer(let cost) = value, cost >= 0 { return PathCost(cost) }
    guard let cost = value.number, cost >= 0, cost.isFinite else {
      throw pattern.place.error(
        "COST is a number of at least 0, and for \(edge.arrow) it is \(value.isNull ? "null" : "\(value)")")
    }
    return PathCost(cost)
  }

  /// The shortest walks to each node that may be the end: breadth first, level by level.
  func walkShortest(
    _ part: PatternPart, _ step: Step, _ states: [State], isAll: Bool, emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    // That of `*3..1`, which is never met.
    if length.lowerBound > 1 { return true }
    for state in states {
      guard let start = state.trail?.node(at: step.from) else { continue }
      let known = try await self.end(at: step.to, part, state)
      if case .nowhere = known { continue }
      let end = known.node
      let mayEndAtStart = end == nil || end === start
      if length.lowerBound == 0, mayEndAtStart,
        try await !finish([Walk(state, at: start)], part, step, emit)
      {
        return false
      }
      // Back to the start leads another way: what is shortest to any other node is no cycle, and a shorter part of one.
      let isRound = mayEndAtStart && length.lowerBound > 0 && !part.isFunction && part.mode != .acyclic
      if isRound, try await !walkRound(part, step, state, from: start, isAll: isAll, emit: emit) {
        return false
      }
      if end === start { continue }
      if let end, isPlain(pattern, state, part) {
        if try await !finishShortest(part, step, state, to: end, isAll: isAll, emit) { return false }
        continue
      }
      var seen: Set<ObjectIdentifier> = [ObjectIdentifier(start)]
      var frontier = [Walk(state, at: start)]
      var depth = 0
      while !frontier.isEmpty, depth < length.upperBound {
        try Task.checkCancellation()
        depth += 1
        var next: [Walk] = []
        // Of each node that has been come to the place in `next`.
        var arrived: [ObjectIdentifier: Int] = [:]
        for batch in frontier.batches(of: Self.batch) {
          for (walk, found) in zip(batch, try await steps(from: batch.map(\.node), pattern, step, part)) {
            for (edge, node) in found
            where !seen.contains(ObjectIdentifier(node)) {
              let known = isAll ? nil : arrived[ObjectIdentifier(node)]
              // From the end the edge in hand is the first that is written.
              if let known,
                !step.isBackward || next[known].state.trail?.edge.map({ $0.precedes(edge, at: node) }) ?? true
              {
                continue
              }
              guard try await admits(edge, pattern, state.row) else { continue }
              let longer = walk.extended(along: edge, to: node, step)
              if let known {
                next[known] = longer
              } else {
                arrived[ObjectIdentifier(node)] = next.count
                next.append(longer)
              }
            }
          }
        }
        seen.formUnion(arrived.keys)
        if depth >= length.lowerBound {
          let done = end.map { end in next.filter { $0.node === end } } ?? next
          if try await !finish(done, part, step, emit) { return false }
          if end != nil, !done.isEmpty { break }
        }
        frontier = next
      }
    }
    return true
  }
}

extension PatternPart {
  /// Whether it asks for the shortest along one edge pattern, for which breadth first is enough.
  var isPlainShortest: Bool {
    guard case .shortest = selector, edges.count == 1, edges[0].group.isEmpty, condition == nil else {
      return false
    }
    // What asks for the edges themselves is asked of each path, before one is chosen.
    let own = [edges[0].variable, path].compactMap { $0?.slot }
    if !nodes.allSatisfy({ $0.dependencies(within: self).isDisjoint(with: own) }) { return false }
    // What asks for both ends of one edge is asked when both are known.
    if edges[0].length == nil, !edges[0].dependencies(within: self).isEmpty { return false }
    return isFunction || (edges[0].length?.lowerBound ?? 1) <= 1
  }

  /// A node or an edge of a part, by its place.
  enum Element: Equatable {
    case node(Int, Variable?)
    case edge(Int, Variable?)
  }

  /// Whether its paths can be found one after another by where they leave those before: along one pattern whose best walks come by nothing twice.
  func mayDeviate(by step: Matcher.Step, _ isBound: (Int) -> Bool) -> Bool {
    guard edges.count == 1, edges[0].group.isEmpty, let length = edges[0].length, length.lowerBound <= 1,
      length.upperBound == .max || !selector.isByCost, !isFunction, mode != .walk
    else { return false }
    return edges[0].dependencies(within: self).allSatisfy(isBound)
      && remembered(from: step.from, isBound)?.isEmpty == true
  }

  /// The nodes and edges on which it depends, besides where a way is, what can still become of it: those that conditions ask for, or whose
  /// variables stand there twice. `nil` where that are lists, or where walks within a group have no end.
  /// - Parameter isBound: whether a variable is known before the part is walked, by its place: that is the same for all ways, as is where they begin.
  func remembered(from place: Int, _ isBound: (Int) -> Bool) -> [Element]? {
    guard !hasEndlessGroup, knowsWhatIsAsked(from: place, isBound) else { return nil }
    let slots = nodes.compactMap(\.variable?.slot)
    let start = nodes[place].variable?.slot
    func isKnown(_ slot: Int) -> Bool { slot == start || isBound(slot) }
    var needed = condition?.variables ?? []
    needed.formUnion(slots.filter { slot in slots.count { $0 == slot } > 1 })
    var elements: [Element] = []
    for (place, node) in nodes.enumerated() {
      let asked = node.dependencies(within: self).filter { !isKnown($0) }
      if asked.isEmpty { continue }
      // What asks for what comes later is asked itself in the end.
      needed.formUnion(asked)
      elements.append(.node(place, node.variable))
    }
    for (place, edge) in edges.enumerated() {
      let asked = edge.asked.filter { !isKnown($0) }
      needed.formUnion(asked)
      if edge.length == nil, !asked.isDisjoint(with: self.slots) {
        elements.append(.edge(place, edge.variable))
      }
    }
    needed = needed.filter { !isKnown($0) }
    let lists = edges.flatMap { $0.length == nil ? [] : $0.variables }
    if lists.contains(where: { needed.contains($0.slot) })
      || path.map({ needed.contains($0.slot) }) ?? false
    {
      return nil
    }
    func isNeeded(_ variable: Variable?) -> Bool { variable.map { needed.contains($0.slot) } ?? false }
    let named =
      nodes.indices.filter { isNeeded(nodes[$0].variable) }.map { Element.node($0, nodes[$0].variable) }
      + edges.indices.filter { isNeeded(edges[$0].variable) }.map { .edge($0, edges[$0].variable) }
    return named + elements.filter { !named.contains($0) }
  }
}

extension Matcher.Walk {
  /// What an element of the part is, as far as the walk has come to it.
  func value(_ element: PatternPart.Element) -> Value {
    switch element {
    case .node(let place, let variable):
      variable.flatMap { state.row[$0] } ?? state.trail.map { .node($0.node(at: place)) } ?? .null
    case .edge(let place, let variable):
      variable.flatMap { state.row[$0] } ?? state.trail?.edge(at: place).map { .edge($0) } ?? .null
    }
  }
}

extension PatternPart.Selector {
  var isByCost: Bool { if case .cheapest = self { true } else { false } }

  /// How many paths, or lengths of paths, between two nodes it wants; `nil` for all.
  var ranks: (count: Int, byGroups: Bool)? {
    switch self {
    case .all: nil
    case .cheapest(let count): (count, false)
    case .shortest(let isAll): (1, isAll)
    case .ranked(let count, let byGroups): (count, byGroups)
    }
  }

  /// The same, so many times as many.
  func times(_ factor: Int) -> Self {
    func times(_ count: Int) -> Int {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: factor)
      return isTooLarge ? .max : product
    }
    switch self {
    case .all: return .all
    case .shortest where factor == 1: return self
    case .shortest(let isAll): return .ranked(factor, byGroups: isAll)
    case .ranked(let count, let byGroups): return .ranked(times(count), byGroups: byGroups)
    case .cheapest(let count): return .cheapest(times(count))
    }
  }

  /// Whether it wants the path that comes as this one, counted from 1, and is of this many-th length between its ends.
  func wants(_ number: Int, ofLength length: Int) -> Bool {
    switch self {
    case .all: true
    case .cheapest(let count): number <= count
    case .shortest(let isAll): isAll ? length == 1 : number == 1
    case .ranked(let count, let byGroups): byGroups ? length <= count : number <= count
    }
  }
}

import KV

/// A part of a pattern in its turn.
struct PlannedPart {
  var part: PatternPart
  var start: PatternStart
  /// Whether what it matches is the same for all rows that come to it.
  var isIndependent: Bool
}

extension QueryGraph {
  /// The parts in the order in which they are matched, each once all is known that it asks for. Before some of them stand single nodes and
  /// edges of theirs that have to be known first.
  /// - Parameter isBound: what the rows know that come to the first.
  func plan(_ parts: [PatternPart], isBound: (Int) -> Bool) async throws -> [PlannedPart] {
    var plan: [PlannedPart] = []
    var waiting = parts
    var matched: Set<Int> = []
    func isKnown(_ slot: Int) -> Bool { matched.contains(slot) || isBound(slot) }
    while let next = try await next(of: waiting, isKnown) {
      let part: PatternPart
      if let first = waiting.partToKnow(isKnown) ?? waiting[next].nodeToKnow(isKnown) {
        part = first
      } else {
        part = waiting.remove(at: next)
      }
      plan.append(
        PlannedPart(
          part: part, start: try await start(of: part, isBound: isKnown),
          isIndependent: part.isIndependent(isKnown)))
      matched.formUnion(part.slots)
    }
    return plan
  }

  /// The part to go on with, by its place: the first, unless it asks for what others bind, or looks at all nodes where another does not.
  private func next(of parts: [PatternPart], _ isBound: (Int) -> Bool) async throws -> Int? {
    if parts.count < 2 { return parts.indices.first }
    var first: Int?
    for place in parts.indices where parts.asked(at: place).allSatisfy(isBound) {
      let part = parts[place]
      if try await start(of: part, isBound: isBound).isNarrow { return place }
      if first == nil { first = place }
    }
    return first ?? parts.startIndex
  }
}

extension [PatternPart] {
  /// The places of the variables of others that a part asks for.
  fileprivate func asked(at place: Int) -> Set<Int> {
    let others = indices.filter { $0 != place }.reduce(into: Set<Int>()) { $0.formUnion(self[$1].slots) }
    return self[place].asked.intersection(others).subtracting(self[place].slots)
  }

  /// A node or an edge that has to be known before any of several parts, as a part of its own: they ask for each other.
  fileprivate func partToKnow(_ isBound: (Int) -> Bool) -> PatternPart? {
    let asked = indices.map { self.asked(at: $0).filter { !isBound($0) } }
    guard self.count > 1, asked.allSatisfy({ !$0.isEmpty }) else { return nil }
    let wanted = asked.reduce(Set<Int>()) { $0.union($1) }
    func isWanted(_ variable: Variable?) -> Bool { variable.map { wanted.contains($0.slot) } ?? false }
    if let node = lazy.flatMap(\.nodes).first(where: { isWanted($0.variable) }) {
      let alone = NodePattern(variable: node.variable, labels: node.labels, place: node.place)
      return PatternPart(nodes: [alone], edges: [], place: node.place)
    }
    if let edge = lazy.flatMap(\.edges).first(where: { $0.length == nil && isWanted($0.variable) }) {
      let alone = EdgePattern(
        variable: edge.variable, types: edge.types, typeExpression: edge.typeExpression, direction: .out,
        place: edge.place)
      let end = NodePattern(place: edge.place)
      return PatternPart(nodes: [end, end], edges: [alone], isRepeatable: true, place: edge.place)
    }
    return nil
  }
}

extension PatternPart {
  /// Whether it neither has nor asks for anything that is known before, nor is looked for by it.
  fileprivate func isIndependent(_ isKnown: (Int) -> Bool) -> Bool {
    let lookups = nodes.lazy.flatMap(\.allLookups).reduce(into: Set<Int>()) {
      $0.formUnion($1.operand.variables)
    }
    // Under -1 stand variables of patterns within.
    return slots.union(asked).union(lookups).allSatisfy { $0 != -1 && !isKnown($0) }
  }
}

import KV

/// Where a part of a pattern begins, and how its first nodes are found.
struct PatternStart {
  enum Access: Equatable {
    /// The row has it.
    case bound
    /// Read by its key.
    case key
    /// Found in an index.
    case index(AttributeIndex)
    /// All nodes, of which those are kept that the pattern admits; with how many have its label, where that was asked for.
    case scan(count: Int?)
  }

  var place: Int
  var access: Access

  /// Whether it looks at few nodes.
  var isNarrow: Bool { if case .scan = access { false } else { true } }
}

extension QueryGraph {
  /// The part to go on with, by its place: the first, unless it asks for what others bind, or looks at all nodes where another does not.
  func next(of parts: ArraySlice<PatternPart>, isBound: (Int) -> Bool) async throws -> Int? {
    if parts.count < 2 { return parts.indices.first }
    var first: Int?
    for place in parts.indices {
      let part = parts[place]
      let others = parts.indices.filter { $0 != place }.reduce(into: Set<Int>()) {
        $0.formUnion(parts[$1].slots)
      }
      guard part.asked.intersection(others).subtracting(part.slots).allSatisfy(isBound) else { continue }
      if try await start(of: part, isBound: isBound).isNarrow { return place }
      if first == nil { first = place }
    }
    return first ?? parts.startIndex
  }

  /// The cheapest of a part's nodes to begin at: one that is bound, else one that is read by its key, else one in an index, else one with
  /// a label; of those with labels the first, or one that has far fewer nodes.
  ///
  /// What a node asks of others in the part that are not known yet makes it the last choice.
  func start(of part: PatternPart, isBound: (Int) -> Bool) async throws -> PatternStart {
    var best: (cost: Int, start: PatternStart)?
    for (place, node) in part.nodes.enumerated() where part.mayBegin(at: place) {
      let access: PatternStart.Access
      var cost: Int
      let isReady = node.dependencies(within: part).allSatisfy(isBound)
      if let variable = node.variable, isBound(variable.slot) {
        (access, cost) = (.bound, 0)
      } else if !isReady {
        (access, cost) = (.scan(count: nil), 7)
      } else if node.key(isBound: isBound) != nil {
        (access, cost) = (.key, 1)
      } else if let (index, _) = try await index(for: node, isBound: isBound) {
        (access, cost) = (.index(index), 2)
      } else {
        let isFree = node.properties == nil && node.condition == nil
        (access, cost) = (.scan(count: nil), (node.labels == nil ? 5 : 3) + (isFree ? 1 : 0))
      }
      if cost < best?.cost ?? .max { best = (cost, PatternStart(place: place, access: access)) }
    }
    guard let best else { return PatternStart(place: 0, access: .scan(count: nil)) }
    guard best.cost == 3 || best.cost == 4 else { return best.start }
    return try await fewest(of: part, best.start, isBound)
  }

  /// Another node with a label than the one chosen, where an eighth as many nodes have that.
  private func fewest(of part: PatternPart, _ chosen: PatternStart, _ isBound: (Int) -> Bool) async throws
    -> PatternStart
  {
    let labelled = part.nodes.indices.filter { place in
      part.mayBegin(at: place) && part.nodes[place].labels?.required != nil
        && part.nodes[place].dependencies(within: part).allSatisfy(isBound)
    }
    guard labelled.count > 1, let label = part.nodes[chosen.place].labels?.required else { return chosen }
    var count = try await nodeCount(label)
    var best = PatternStart(place: chosen.place, access: .scan(count: count))
    for place in labelled where place != chosen.place {
      guard let other = part.nodes[place].labels?.required else { continue }
      let found = try await nodeCount(other)
      if found < count / 8 {
        (best, count) = (PatternStart(place: place, access: .scan(count: found)), found)
      }
    }
    return best
  }
}

extension NodePattern {
  /// The places of the part's variables, but its own, that its conditions ask for.
  func dependencies(within part: PatternPart) -> Set<Int> {
    part.slots(askedBy: [properties, condition], but: variable)
  }
}

extension EdgePattern {
  /// As of a node.
  func dependencies(within part: PatternPart) -> Set<Int> {
    part.slots(askedBy: [properties, condition], but: variable)
  }
}

extension PatternPart {
  /// What is chosen by its ends begins at one of them.
  func mayBegin(at place: Int) -> Bool { selector == .all || place == 0 || place == nodes.count - 1 }

  /// The places of its variables, but those inside of groups.
  var slots: Set<Int> { Set((nodes.compactMap(\.variable) + edges.compactMap(\.variable)).map(\.slot)) }

  fileprivate func slots(askedBy expressions: [Expression?], but own: Variable?) -> Set<Int> {
    let asked = expressions.reduce(into: Set<Int>()) { $0.formUnion($1?.variables ?? []) }
    return asked.isEmpty ? [] : asked.intersection(slots).subtracting(own.map { [$0.slot] } ?? [])
  }

  /// The places of the variables that its conditions ask for.
  var asked: Set<Int> {
    var found: Set<Int> = []
    for expression in nodes.flatMap({ [$0.properties, $0.condition] })
      + edges.flatMap({ [$0.properties, $0.condition, $0.cost] })
    {
      if let expression { found.formUnion(expression.variables) }
    }
    if let condition { found.formUnion(condition.variables) }
    return found
  }
}

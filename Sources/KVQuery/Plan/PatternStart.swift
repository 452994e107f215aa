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
  /// The cheapest of a part's nodes to begin at: one that is bound, else one that is read by its key, else one in an index, else one with
  /// a label; of those with labels the first, or one that has far fewer nodes.
  ///
  /// What a node asks of others in the part that are not known yet makes it the last choice.
  func start(of part: PatternPart, isBound: (Int) -> Bool) async throws -> PatternStart {
    var best: (cost: Int, start: PatternStart)?
    let beginnings = part.beginnings(isBound)
    for place in beginnings {
      let node = part.nodes[place]
      let access: PatternStart.Access
      var cost: Int
      let isReady = node.dependencies(within: part).allSatisfy(isBound)
      if let variable = node.variable, isBound(variable.slot) {
        (access, cost) = (.bound, 0)
      } else if !isReady {
        (access, cost) = (.scan(count: nil), 7)
      } else if let key = node.key(isBound: isBound), try await isNarrow(key) {
        (access, cost) = (.key, key.isOfAnyType ? 2 : 1)
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
    return try await fewest(of: part, best.start, beginnings, isBound)
  }

  /// Another node with a label than the one chosen, where an eighth as many nodes have that.
  private func fewest(
    of part: PatternPart, _ chosen: PatternStart, _ beginnings: [Int], _ isBound: (Int) -> Bool
  ) async throws -> PatternStart {
    let labelled = beginnings.filter { place in
      part.nodes[place].labels?.required != nil
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
  /// The places of the variables of the part and what it stands in, but its own, that its conditions ask for.
  func dependencies(within part: PatternPart) -> Set<Int> {
    part.slots(askedBy: [properties, condition], but: variable)
  }
}

extension EdgePattern {
  /// The places of the variables that it and its groups ask for, without those that they ask of themselves.
  var asked: Set<Int> {
    let asked = [properties, condition, cost].reduce(into: Set<Int>()) { $0.formUnion($1?.variables ?? []) }
    return group.reduce(into: asked) { $0.formUnion($1.asked) }.subtracting(variables.map(\.slot))
  }

  /// As of a node.
  func dependencies(within part: PatternPart) -> Set<Int> {
    part.slots(askedBy: [properties, condition], but: variable)
  }
}

extension PatternPart {
  /// The places where it may begin: what is chosen by its ends at one of them, and so that what its edge patterns ask for is known by then.
  func beginnings(_ isBound: (Int) -> Bool) -> [Int] {
    let places = possibleBeginnings
    let ready = places.filter { knowsWhatIsAsked(from: $0, isBound) }
    return ready.isEmpty ? places : ready
  }

  private var possibleBeginnings: [Int] {
    selector == .all ? Array(nodes.indices) : Array(Set([0, nodes.count - 1])).sorted()
  }

  /// The places of its variables that have to be known before an edge pattern is walked: those that are asked for by what is walked again
  /// and again, and by what an edge costs.
  private func asked(beforeEdge place: Int) -> Set<Int> {
    let edge = edges[place]
    if edge.length != nil { return edge.asked.intersection(slots) }
    let own = [edge.variable, nodes[place].variable, nodes[place + 1].variable].compactMap { $0?.slot }
    return (edge.cost?.variables ?? []).intersection(slots).subtracting(own)
  }

  /// Whether, from a place on, all is known in time that has to be known before an edge pattern is walked.
  func knowsWhatIsAsked(from place: Int, _ isBound: (Int) -> Bool) -> Bool {
    let asked = edges.indices.map { self.asked(beforeEdge: $0) }
    if asked.allSatisfy(\.isEmpty) { return true }
    var known = Set(nodes[place].variable.map { [$0.slot] } ?? [])
    let forward = (place..<edges.count).map { (edge: $0, node: $0 + 1) }
    let backward = (0..<place).reversed().map { (edge: $0, node: $0) }
    for (edge, node) in forward + backward {
      if !asked[edge].allSatisfy({ known.contains($0) || isBound($0) }) { return false }
      known.formUnion((edges[edge].variables + [nodes[node].variable].compactMap { $0 }).map(\.slot))
    }
    return true
  }

  /// A node that has to be known before the part is walked, as a part of its own: an edge pattern asks for it, and from no place on all that
  /// is asked for comes in time.
  func nodeToKnow(_ isBound: (Int) -> Bool) -> PatternPart? {
    if possibleBeginnings.contains(where: { knowsWhatIsAsked(from: $0, isBound) }) { return nil }
    // What is walked once at most may as well be asked when all is known; more times would be too many ways.
    let asking = edges.indices.filter {
      selector != .all || edges[$0].cost != nil || edges[$0].length.map { $0.upperBound > 1 } ?? false
    }
    let asked = asking.reduce(into: Set<Int>()) { $0.formUnion(self.asked(beforeEdge: $1)) }
    // Of what is chosen by its ends only these may be known before.
    let wanted = possibleBeginnings.lazy.map { nodes[$0] }.first { node in
      node.variable.map { asked.contains($0.slot) && !isBound($0.slot) } ?? false
    }
    guard let node = wanted else { return nil }
    var alone = NodePattern(variable: node.variable, labels: node.labels, place: node.place)
    func isReady(_ expression: Expression?) -> Bool {
      expression?.variables.allSatisfy { $0 == node.variable?.slot || isBound($0) } ?? true
    }
    if isReady(node.properties), isReady(node.condition) {
      (alone.properties, alone.condition) = (node.properties, node.condition)
    }
    return PatternPart(nodes: [alone], edges: [], place: place)
  }

  /// The places of its variables.
  var slots: Set<Int> { Set(variables.map(\.slot)) }

  fileprivate func slots(askedBy expressions: [Expression?], but own: Variable?) -> Set<Int> {
    let asked = expressions.reduce(into: Set<Int>()) { $0.formUnion($1?.variables ?? []) }
    return asked.isEmpty
      ? [] : asked.intersection(slots.union(outer)).subtracting(own.map { [$0.slot] } ?? [])
  }

  /// The places of the variables that its conditions ask for.
  var asked: Set<Int> {
    let expressions = nodes.flatMap { [$0.properties, $0.condition] } + [condition]
    let own = expressions.reduce(into: Set<Int>()) { $0.formUnion($1?.variables ?? []) }
    return edges.reduce(into: own) { $0.formUnion($1.asked) }
  }
}

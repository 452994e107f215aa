extension CountingPlan {
  /// A plan whose matches are added or taken away.
  typealias Term = (sign: Int, plan: CountingPlan)

  /// What must not be one.
  private enum Pair {
    case links(Int, Int)
    case nodes(Int, Int)
  }

  /// The same number as a sum, in whose terms nothing has to be another than something else: all matches, less those in which two links
  /// are of one edge, or two nodes one, that must not, and so on, by inclusion and exclusion. What follows a node then counts the same however
  /// it was come to, and at a hub the pairs of its edges are not gone through one by one.
  /// - Parameter mayBeUndirected: whether an edge of one of these types (none: of any) may lead both ways.
  /// - Returns: `nil` where there is nothing to be gained, or more than a few terms.
  func terms(_ mayBeUndirected: ([String]) -> Bool) -> [Term]? {
    let meetings = links.indices.flatMap { first in
      links.indices.filter { first < $0 && mayMeet(first, $0) }.map { (first, $0) }
    }
    let pairs = meetings.map { Pair.links($0.0, $0.1) } + unequal.map { Pair.nodes($0.0, $0.1) }
    guard (1...4).contains(pairs.count), owners.allSatisfy({ $0 == nil }),
      links.allSatisfy({ $0.optional == nil })
    else { return nil }
    for (first, second) in meetings {
      if links[first].edge != nil, links[second].edge != nil { return nil }
      for link in [links[first], links[second]]
      where link.direction != .any && mayBeUndirected(link.types) { return nil }
    }
    var free = self
    for link in links.indices { free.links[link].clause = nil }
    free.unequal = []
    let terms = free.terms(apart: pairs)
    return terms.count <= 16 ? terms : nil
  }

  private func terms(apart pairs: [Pair]) -> [Term] {
    guard let pair = pairs.first else { return [(1, self)] }
    var rest = Array(pairs.dropFirst())
    var terms = self.terms(apart: rest)
    let joined: [Term]
    switch pair {
    case .nodes(let first, let second):
      var plan = self
      plan.links.append(Link(from: first, to: second, direction: nil, types: []))
      joined = [(1, plan)]
    case .links(let first, let second):
      joined = joining(first, second)
      for (place, other) in rest.enumerated() {
        guard case .links(var one, var another) = other else { continue }
        if one == second { one = first }
        if another == second { another = first }
        // No edge is another than itself.
        if one == another { return terms }
        rest[place] = .links(one, another)
      }
    }
    for (sign, plan) in joined {
      terms += plan.terms(apart: rest).map { (-sign * $0.sign, $0.plan) }
    }
    return terms
  }

  /// The matches in which two links are of one edge.
  private func joining(_ first: Int, _ second: Int) -> [Term] {
    guard let types = links[first].types.common(with: links[second].types) else { return [] }
    var (link, other) = (links[first].forward, links[second].forward)
    if link.direction == .any { swap(&link, &other) }
    (link.types, link.edge) = (types, link.edge ?? other.edge)
    /// - Parameter nodes: those that are one each.
    func joined(_ nodes: [(Int, Int)]) -> CountingPlan {
      var plan = self
      plan.links[first] = link
      let same = nodes.filter { $0.0 != $0.1 }.map { Link(from: $0.0, to: $0.1, direction: nil, types: []) }
      plan.links[second] = same.first ?? Link(from: link.from, to: link.from, direction: nil, types: [])
      plan.links += same.dropFirst()
      return plan
    }
    let (along, against) = link.ends(ifOneEdgeWith: other)
    if other.direction != .any { return [(1, joined(along))] }
    // A loop is walked along and against at once.
    return [(1, joined(along)), (1, joined(against)), (-1, joined(along + [(link.from, link.to)]))]
  }

  /// Whether two links may come by one edge, which is one too often.
  func mayMeet(_ first: Int, _ second: Int) -> Bool {
    let (link, other) = (links[first], links[second])
    guard let clause = link.clause, clause == other.clause, link.types.common(with: other.types) != nil else {
      return false
    }
    // Of one edge they would have the same ends, which may be said to be others.
    let (along, against) = link.ends(ifOneEdgeWith: other)
    return !areUnequal(ifSame: along) || !areUnequal(ifSame: against)
  }

  /// Whether nodes would be one that must not be, if these are.
  private func areUnequal(ifSame nodes: [(Int, Int)]) -> Bool {
    var groups = nodes.map { Set([$0.0, $0.1]) }
    if groups.count == 2, !groups[0].isDisjoint(with: groups[1]) { groups = [groups[0].union(groups[1])] }
    return unequal.contains { pair in groups.contains { $0.contains(pair.0) && $0.contains(pair.1) } }
  }
}

extension CountingPlan.Link {
  /// The same link as it is seen along its edge.
  fileprivate var forward: CountingPlan.Link {
    guard direction == .in else { return self }
    var link = self
    (link.from, link.to, link.direction) = (to, from, .out)
    return link
  }

  /// Which nodes are one where both links are of one edge that they go the same way, or ways against each other.
  fileprivate func ends(ifOneEdgeWith other: CountingPlan.Link) -> (
    along: [(Int, Int)], against: [(Int, Int)]
  ) {
    ([(from, other.from), (to, other.to)], [(from, other.to), (to, other.from)])
  }
}

extension [String] {
  /// The types that are among both, where none stands for any; `nil` where there is none.
  fileprivate func common(with other: [String]) -> [String]? {
    if isEmpty || other.isEmpty { return isEmpty ? other : self }
    let common = filter(other.hasBytes)
    return common.isEmpty ? nil : common
  }
}

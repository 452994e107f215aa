import KV
import KVGraph

/// Of equal paths the one comes first whose edges come first, as they are written, at the first step where two differ, whichever end they
/// were found from: of each node's edges those that leave it before those that enter it, each in key order.
extension Trail {
  /// Whether what has been walked of the part in hand comes before what another has walked, which is as long, from the same place to the same
  /// place.
  func precedes(_ other: Trail) -> Bool {
    var (left, right) = (self, other)
    var isFirst = false
    // Where both have come by one trail, nothing differs before.
    while !left.isShared(with: right), let edge = left.edge, let otherEdge = right.edge,
      let before = left.before, let otherBefore = right.before
    {
      if !edge.isSame(as: otherEdge) {
        isFirst = edge.precedes(otherEdge, at: isBackward ? left.node : before.node)
        // The last step of a walk from the end is the first that is written.
        if isBackward { break }
      }
      (left, right) = (before, otherBefore)
    }
    return isFirst
  }
}

extension Matcher.State {
  /// Whether its trail comes before that of another.
  func precedes(_ other: Matcher.State) -> Bool {
    guard let trail, let otherTrail = other.trail else { return false }
    return trail.precedes(otherTrail)
  }
}

extension QueryEdge {
  /// Whether it comes before another edge at a node.
  func precedes(_ other: QueryEdge, at node: QueryNode) -> Bool {
    let (leaves, otherLeaves) = (from.isSame(as: node), other.from.isSame(as: node))
    return leaves == otherLeaves ? ByteKey(key) < ByteKey(other.key) : leaves
  }
}

extension PatternPart {
  /// Whether a search finds equal paths in another order than the written one: from the end, along several patterns or a group, or loops
  /// against their direction.
  func isFoundInAnotherOrder(from place: Int) -> Bool {
    place > 0 || edges.count > 1 || !edges[0].group.isEmpty || edges[0].direction == .in
  }
}

extension Array {
  /// Sorts those that compete with each other, each group within the places that it has.
  mutating func sort<Competition: Hashable>(
    within competition: (Element) -> Competition, by precedes: (Element, Element) -> Bool
  ) {
    var places: [Competition: [Int]] = [:]
    for (place, element) in enumerated() { places[competition(element), default: []].append(place) }
    for group in places.values where group.count > 1 {
      let sorted = group.map { self[$0] }.enumerated().sorted { left, right in
        if precedes(left.element, right.element) { return true }
        return !precedes(right.element, left.element) && left.offset < right.offset
      }
      for (place, element) in zip(group, sorted) { self[place] = element.element }
    }
  }
}

extension Query {
  /// The same where only counts whether it has a row: of all ways without an end one between two nodes is enough.
  var whetherAny: Query {
    guard parts.count == 1, let clauses = parts.first, clauses.count <= 2,
      case .match(var match)? = clauses.first,
      match.parts.count == 1
    else { return self }
    if clauses.count == 2 {
      guard case .return(let projection) = clauses[1], projection.skip == nil, projection.limit == nil else {
        return self
      }
    }
    guard let part = match.parts[0].leadingAnywhere(asked: match.condition?.variables ?? []) else {
      return self
    }
    match.parts[0] = part
    var query = self
    query.parts[0][0] = .match(match)
    return query
  }
}

extension PatternPart {
  /// The same where one way between its ends is enough.
  /// - Parameter asked: the places of the variables that are asked for, which may be those of its ends alone.
  /// - Returns: `nil` where all ways count.
  func leadingAnywhere(asked: Set<Int>) -> PatternPart? {
    guard selector == .all, edges.count == 1, edges[0].group.isEmpty, let length = edges[0].length,
      length.lowerBound <= 1, length.upperBound > 2, edges[0].cost == nil,
      [path, edges[0].variable].allSatisfy({ $0.map { !asked.contains($0.slot) } ?? true })
    else { return nil }
    var part = self
    part.selector = .shortest(isAll: false)
    return part
  }
}

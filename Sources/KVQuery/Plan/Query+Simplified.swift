extension Query {
  /// The same query as what it asks can be answered most simply: conditions that name an edge's type become a part of its pattern, questions for
  /// whether there is any match become bare patterns, and of ways that only lead somewhere one is enough.
  var simplified: Query {
    var query = self
    query.parts = parts.map { clauses in
      var clauses = clauses.map(\.simplified)
      for (place, clause) in clauses.enumerated().dropFirst() {
        if case .match(let match) = clauses[place - 1], let projection = clause.projection {
          clauses[place - 1] = .match(match.leadingAnywhere(for: projection))
        }
      }
      return clauses
    }
    return query
  }
}

extension Clause {
  fileprivate var simplified: Clause {
    guard case .match(var match) = self, let conditions = match.condition?.conjuncts,
      // A tree of many would be deep.
      conditions.count <= 100
    else { return self }
    let rest = conditions.filter { !match.takeType($0) }.map(\.asPattern)
    match.condition = rest.reduce(nil) { whole, part in
      whole.map { .binary(.and, $0, part, match.place) } ?? part
    }
    return .match(match)
  }
}

extension Clause.Match {
  /// - Returns: whether the condition names the types of an edge of the pattern, which then says so itself.
  fileprivate mutating func takeType(_ condition: Expression) -> Bool {
    guard let (edge, types) = condition.namedTypes else { return false }
    // Where one path of several is chosen, the condition is asked of that one.
    for part in parts.indices where parts[part].selector == .all {
      for place in parts[part].edges.indices where parts[part].edges[place].variable?.slot == edge.slot {
        let pattern = parts[part].edges[place]
        guard pattern.length == nil, pattern.types.isEmpty, pattern.typeExpression == nil else {
          return false
        }
        parts[part].edges[place].types = types
        return true
      }
    }
    return false
  }

  /// Of all ways between two nodes one, where it only counts that there is one.
  fileprivate func leadingAnywhere(for projection: Projection) -> Clause.Match {
    guard parts.count == 1, projection.ignoresRepetition else { return self }
    let asked = (projection.items.map(\.expression) + projection.order.map(\.expression))
      .reduce(into: condition?.variables ?? []) { $0.formUnion($1.variables) }
    guard let part = parts[0].leadingAnywhere(asked: asked) else { return self }
    var match = self
    match.parts[0] = part
    return match
  }
}

extension Projection {
  /// Whether a row that comes again changes nothing.
  fileprivate var ignoresRepetition: Bool {
    let expressions = items.map(\.expression) + order.map(\.expression)
    var (aggregates, all) = (false, true)
    for expression in expressions {
      expression.visitAll { part in
        guard case .call(let call) = part, call.isAggregation else { return }
        aggregates = true
        if !call.isDistinct, call.function != "min", call.function != "max" { all = false }
      }
    }
    return aggregates ? all : isDistinct
  }
}

extension Expression {
  /// The edge and its types of `type(e) = "t"` and `type(e) IN ["t", "u"]`.
  fileprivate var namedTypes: (edge: Variable, types: [String])? {
    func edge(_ expression: Expression) -> Variable? {
      guard case .call(let call) = expression, call.function == "type",
        case .variable(let edge)? = call.arguments.first
      else { return nil }
      return edge
    }
    func text(_ expression: Expression) -> String? {
      if case .literal(.string(let text)) = expression { text } else { nil }
    }
    switch self {
    case .comparison(let first, let rest, _) where rest.count == 1 && rest[0].sign == .equal:
      let other = rest[0].operand
      if let edge = edge(first), let type = text(other) { return (edge, [type]) }
      if let edge = edge(other), let type = text(first) { return (edge, [type]) }
      return nil
    case .binary(.isIn, let owner, .list(let elements), _):
      guard let edge = edge(owner), !elements.isEmpty else { return nil }
      let types = elements.compactMap(text)
      return types.count == elements.count ? (edge, types) : nil
    default: return nil
    }
  }

  /// `EXISTS { (a)-->(b) }`, `COUNT { (a)-->(b) } > 0` and what denies them as the bare pattern; all else as it is.
  fileprivate var asPattern: Expression {
    switch self {
    case .unary(.not, let inner, let place): return .unary(.not, inner.asPattern, place)
    case .subquery(.exists, let query, let place) where query.isBarePattern:
      return .subquery(.pattern, query, place)
    case .comparison(.subquery(.count, let query, let place), let rest, _)
    where query.isBarePattern && rest.count == 1:
      guard case .literal(.integer(0)) = rest[0].operand else { return self }
      switch rest[0].sign {
      case .greater, .notEqual: return .subquery(.pattern, query, place)
      case .equal: return .unary(.not, .subquery(.pattern, query, place), place)
      default: return self
      }
    default: return self
    }
  }
}

extension Query {
  /// Whether it is one pattern, and nothing else.
  fileprivate var isBarePattern: Bool {
    guard parts.count == 1, parts[0].count == 1, case .match(let match) = parts[0][0] else { return false }
    return !match.isOptional && match.condition == nil && match.parts.count == 1
  }
}

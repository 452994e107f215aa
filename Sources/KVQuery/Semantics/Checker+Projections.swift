import KV

extension Checker {
  /// - Parameter outer: what a subquery is in, which stays known in it.
  func check(_ projection: Projection, _ scope: Scope, knowing outer: Scope, _ clause: String) throws -> (
    Projection, Scope, Scope
  ) {
    var projection = projection
    if projection.isStar {
      let all = scope.variables.filter { !$0.isHidden }.sorted { $0.name < $1.name }
      if all.isEmpty, projection.items.isEmpty, clause == "RETURN" {
        throw projection.place.error("RETURN * has no variable to return")
      }
      projection.items =
        all.map { Projection.Item(expression: .variable($0), variable: $0, name: $0.name, isAliased: true) }
        + projection.items
    }
    var names: Set<ByteKey> = []
    for item in projection.items {
      if !names.insert(ByteKey(item.name)).inserted {
        throw item.variable.place.error("the column \(JSON(item.name)) stands twice")
      }
      try check(item.expression, scope, aggregates: nil)
    }
    let aggregating = projection.items.contains { $0.expression.aggregates }
    var next = clause == "WITH" ? Scope(after: scope) : Scope()
    for item in projection.items {
      var kind = Kind.value
      switch item.expression {
      case .variable(let variable): kind = scope.kind(of: variable) ?? .value
      case .literal(.null): break
      case .literal, .list, .map, .comparison, .isNull, .hasLabels: kind = .data
      default: break
      }
      if item.expression.isPattern {
        throw projection.place.error("a pattern is a condition; EXISTS { … } is true or false")
      }
      next.insert(item.variable, kind)
    }
    if aggregating { try checkGroups(projection, scope, knowing: outer) }
    // ORDER BY sees what is projected, and what was there before unless rows have become one.
    var order = next
    let before = aggregating || projection.isDistinct ? outer : scope
    for variable in before.variables where order.kind(of: variable) == nil {
      order.insert(variable, before.kind(of: variable) ?? .value)
    }
    for place in projection.order.indices {
      projection.order[place].expression = projection.byColumns(projection.order[place].expression)
    }
    var projected: [Expression] = []
    for item in projection.items {
      item.expression.visitAll { if case .call(let call) = $0, call.isAggregation { projected.append($0) } }
    }
    var unknown: FunctionCall?
    for item in projection.order {
      if !aggregating, item.expression.aggregates {
        throw projection.place.error("ORDER BY aggregates only where \(clause) does")
      }
      if aggregating || projection.isDistinct,
        projection.items.contains(where: { $0.expression.isSame(as: item.expression) })
      {
        continue
      }
      if aggregating, item.expression.aggregates {
        // Only what is projected is aggregated.
        item.expression.visitAll { part in
          guard case .call(let call) = part, call.isAggregation else { return }
          if !projected.contains(where: { $0.isSame(as: part) }) { unknown = call }
        }
        if let unknown { throw unknown.place.error("ORDER BY aggregates only what \(clause) does too") }
        var both = scope
        for variable in next.variables where both.kind(of: variable) == nil { both.insert(variable, .value) }
        try check(item.expression, both, aggregates: nil)
      } else {
        try check(item.expression, order, aggregates: nil)
      }
    }
    for (bound, name) in [(projection.skip, "SKIP"), (projection.limit, "LIMIT")] {
      guard let bound else { continue }
      try check(bound.expression, Scope(), aggregates: name)
      switch bound.expression {
      case .literal(.integer(let number)) where number >= 0: break
      case .literal: throw bound.place.error("\(name) needs an integer of at least 0")
      default: break
      }
    }
    return (projection, next, order)
  }

  /// In what is aggregated in part, the rest is what the rows of a group have in common.
  private func checkGroups(_ projection: Projection, _ scope: Scope, knowing outer: Scope) throws {
    let keys = projection.items.map(\.expression).filter { key in
      switch key {
      case .variable, .property: !key.aggregates
      default: false
      }
    }
    let names = projection.items.filter { !$0.expression.aggregates }.map(\.variable)
    func check(_ expression: Expression, _ locals: Set<Int>, isOrder: Bool) throws {
      if case .call(let call) = expression, call.isAggregation { return }
      if keys.contains(where: { $0.isSame(as: expression) }) { return }
      if case .variable(let variable) = expression, !locals.contains(variable.slot),
        !(isOrder && names.contains(variable))
      {
        throw variable.place.error(
          "\(JSON(variable.name)) stands beside an aggregation, and is not what rows are grouped by; put it into a WITH before"
        )
      }
      var locals = locals
      switch expression {
      case .listComprehension(let item, _, _, _), .quantifier(_, let item, _, _, _): locals.insert(item.slot)
      case .reduce(let accumulator, _, let item, _, _): locals.formUnion([accumulator.slot, item.slot])
      case .patternComprehension(let path, let part, _, _, _):
        let variables = part.variables + (path.map { [$0] } ?? [])
        locals.formUnion(variables.filter { scope.kind(of: $0) == nil }.map(\.slot))
        try checkKnown(variables, part.visitExpressions, locals, isOrder: isOrder)
      case .subquery(_, let query, _):
        try checkKnown(
          query.allMatchedParts.flatMap(\.variables), query.visitExpressions, locals, isOrder: isOrder)
      default: break
      }
      for child in expression.children { try check(child, locals, isOrder: isOrder) }
    }
    // What is known outside of a pattern or a subquery is asked for.
    func checkKnown(
      _ named: [Variable], _ visitExpressions: ((Expression) -> Void) -> Void, _ locals: Set<Int>,
      isOrder: Bool
    ) throws {
      var variables = named
      visitExpressions { if case .variable(let variable) = $0 { variables.append(variable) } }
      for variable in variables where scope.kind(of: variable) != nil {
        try check(.variable(variable), locals, isOrder: isOrder)
      }
    }
    let constants = Set(outer.variables.map(\.slot))
    for item in projection.items where item.expression.aggregates {
      try check(item.expression, constants, isOrder: false)
    }
    for item in projection.order where item.expression.aggregates {
      try check(item.expression, constants, isOrder: true)
    }
  }
}

extension Projection {
  /// An expression behind the projection: where rows become one, what is projected goes by its column.
  func byColumns(_ expression: Expression) -> Expression {
    guard isDistinct || items.contains(where: { $0.expression.aggregates }) else { return expression }
    let columns = items.filter { !$0.expression.aggregates }
    func substituted(_ expression: Expression) -> Expression {
      if let item = columns.first(where: { $0.expression.isSame(as: expression) }) {
        return .variable(item.variable)
      }
      if case .call(let call) = expression, call.isAggregation { return expression }
      return expression.mapChildren(substituted)
    }
    return substituted(expression)
  }
}

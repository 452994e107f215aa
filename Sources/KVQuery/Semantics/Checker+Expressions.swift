import KV

extension Checker {
  func checkCondition(_ condition: Expression, _ scope: Scope) throws {
    if case .variable(let variable) = condition, let kind = scope.kind(of: variable),
      ![.value, .data].contains(kind)
    {
      throw variable.place.error(
        "a condition is true or false, and \(JSON(variable.name)) is \(kind.rawValue)")
    }
    try check(condition, scope, aggregates: "WHERE")
  }

  /// - Parameter aggregates: the clause, where it may not aggregate.
  func check(
    _ expression: Expression, _ scope: Scope, aggregates clause: String?, inAggregation: Bool = false
  ) throws {
    func inner(_ expression: Expression?, _ scope: Scope) throws {
      if let expression { try check(expression, scope, aggregates: clause, inAggregation: inAggregation) }
    }
    func with(_ variables: Variable...) -> Scope {
      var scope = scope
      for variable in variables { scope.insert(variable, .value) }
      return scope
    }
    var isRandom = false
    switch expression {
    case .variable(let variable): try require(variable, scope)
    case .binary(let kind, let left, let right, let place) where [.and, .or, .xor].contains(kind):
      for operand in [left, right] {
        if operand.isNoCondition { throw place.error("\(kind.rawValue) needs true or false") }
        try inner(operand, scope)
      }
    case .call(let call):
      let name = call.function
      if call.isAggregation {
        if let clause { throw call.place.error("\(call.name)() aggregates, which \(clause) cannot") }
        if inAggregation { throw call.place.error("an aggregation stands inside of another") }
        for argument in call.arguments {
          argument.visitAll {
            if case .call(let inner) = $0, inner.function == "rand" { isRandom = true }
          }
        }
        if isRandom { throw call.place.error("what is aggregated is the same each time, and rand() is not") }
      }
      if !call.isStar {
        guard let arity = Functions.arities[name] ?? Functions.aggregations[name] else {
          let all = [
            Array(Functions.arities.keys), Array(Functions.aggregations.keys), Array(Functions.synonyms.keys),
          ].joined()
          let near =
            Functions.elsewhere[name] ?? namesNear(name, among: all.sorted()).first.map(Functions.spelled)
          throw call.place.error(
            "there is no function \(call.name)()\(near.map { "; did you mean \($0)()?" } ?? "")")
        }
        if !arity.contains(call.arguments.count) {
          let most = arity.upperBound == .max ? " or more" : arity.count > 1 ? " to \(arity.upperBound)" : ""
          throw call.place.error(
            "\(call.name)() takes \(arity.lowerBound)\(most) argument\(arity == 1...1 ? "" : "s"), and here \(call.arguments.count == 1 ? "is 1" : "are \(call.arguments.count)")"
          )
        }
      } else if name != "count" {
        let isNear = !namesNear(name, among: ["count"]).isEmpty && Functions.arities[name] == nil
        throw call.place.error("only count() takes *\(isNear ? "; did you mean count(*)?" : "")")
      }
      for argument in call.arguments {
        if name == "size" || name == "length", case .variable(let variable) = argument,
          let kind = scope.kind(of: variable)
        {
          let isWrong =
            name == "size" ? kind == .path || kind == .node || kind == .edge : kind == .node || kind == .edge
          if isWrong { throw call.place.error("\(call.name)() does not take \(kind.rawValue)") }
        }
        if name == "type", case .variable(let variable) = argument, let kind = scope.kind(of: variable),
          ![.edge, .value].contains(kind)
        {
          throw call.place.error("type() needs an edge, and \(JSON(variable.name)) is \(kind.rawValue)")
        }
        if name != "exists", case .subquery(.pattern, _, _) = argument {
          throw call.place.error(
            "\(call.name)() takes no pattern; COUNT { … } counts, and [p = (…) | p] is a list of paths")
        }
        try check(argument, scope, aggregates: clause, inAggregation: inAggregation || call.isAggregation)
      }
    case .listComprehension(let item, let list, let condition, let map):
      try inner(list, scope)
      for part in [condition, map] {
        if let part, part.aggregates { throw item.place.error("a list comprehension aggregates nothing") }
        try inner(part, with(item))
      }
    case .quantifier(_, let item, let list, let condition, _):
      try inner(list, scope)
      try inner(condition, with(item))
    case .reduce(let accumulator, let initial, let item, let list, let step):
      try inner(initial, scope)
      try inner(list, scope)
      try inner(step, with(accumulator, item))
    case .patternComprehension(let path, var part, let condition, let map, _):
      part.path = path
      if part.isFunction {
        for node in part.nodes {
          guard let variable = node.variable else {
            throw node.place.error("shortestPath() as a value goes between two nodes that are known; name it")
          }
          try require(variable, scope)
        }
      }
      var inside = scope
      try declare([part], &inside)
      try check([part], inside)
      try inner(condition, inside)
      try inner(map, inside)
    case .subquery(let kind, let query, let place):
      if kind == .pattern, case .match(let match)? = query.parts.first?.first {
        for variable in match.parts[0].nodes.compactMap(\.variable)
          + match.parts[0].edges.compactMap(\.variable)
        {
          try require(variable, scope)
        }
      }
      _ = try check(query, scope, isInner: true)
      if kind == .collect {
        for clauses in query.parts {
          guard case .return(let projection)? = clauses.last, projection.items.count == 1, !projection.isStar
          else { throw place.error("COLLECT { … } ends with a RETURN of one column") }
        }
      }
    case .property(let owner, _, let place):
      if case .variable(let variable) = owner, let kind = scope.kind(of: variable),
        kind == .path || kind == .edges
      {
        throw place.error("\(kind.rawValue) has no properties")
      }
      switch owner {
      case .literal(.null): break
      case .literal, .list: throw place.error("a literal has no properties")
      default: break
      }
      try inner(owner, scope)
    default:
      for child in expression.children { try inner(child, scope) }
    }
  }
}

extension Expression {
  /// Whether it is a bare pattern, or a condition made of such.
  var isPattern: Bool {
    switch self {
    case .subquery(.pattern, _, _): true
    case .unary(.not, let operand, _): operand.isPattern
    case .binary(.and, let left, let right, _), .binary(.or, let left, let right, _):
      left.isPattern || right.isPattern
    default: false
    }
  }

  /// Whether it is neither true nor false in any case.
  var isNoCondition: Bool {
    switch self {
    case .literal(.boolean), .literal(.null): false
    case .literal, .list, .map: true
    default: false
    }
  }
}

import KV

extension Expression {
  /// The expression with each of those directly inside of it replaced. Patterns and subqueries are left as they are.
  func mapChildren(_ change: (Expression) throws -> Expression) rethrows -> Expression {
    func optional(_ expression: Expression?) throws -> Expression? { try expression.map(change) }
    switch self {
    case .literal, .parameter, .variable, .subquery: return self
    case .property(let owner, let name, let place): return .property(try change(owner), name, place)
    case .subscripted(let owner, let index, let place):
      return .subscripted(try change(owner), try change(index), place)
    case .slice(let owner, let from, let to, let place):
      return .slice(try change(owner), from: try optional(from), to: try optional(to), place)
    case .list(let items): return .list(try items.map(change))
    case .map(let items): return .map(try items.map { ($0.name, try change($0.value)) })
    case .unary(let kind, let operand, let place): return .unary(kind, try change(operand), place)
    case .binary(let kind, let left, let right, let place):
      return .binary(kind, try change(left), try change(right), place)
    case .comparison(let first, let rest, let place):
      return .comparison(try change(first), try rest.map { ($0.sign, try change($0.operand)) }, place)
    case .isNull(let operand, let negated): return .isNull(try change(operand), negated: negated)
    case .hasLabels(let operand, let labels, let place): return .hasLabels(try change(operand), labels, place)
    case .call(var call):
      call.arguments = try call.arguments.map(change)
      return .call(call)
    case .cases(let subject, let branches, let otherwise):
      return .cases(
        subject: try optional(subject), try branches.map { (try change($0.when), try change($0.then)) },
        otherwise: try optional(otherwise))
    case .listComprehension(let item, let list, let condition, let map):
      return .listComprehension(
        item, in: try change(list), where: try optional(condition), map: try optional(map))
    case .quantifier(let kind, let item, let list, let condition, let place):
      return .quantifier(kind, item, in: try change(list), where: try change(condition), place)
    case .reduce(let accumulator, let initial, let item, let list, let step):
      return .reduce(
        accumulator: accumulator, initial: try change(initial), item, in: try change(list), try change(step))
    case .patternComprehension(let path, let part, let condition, let map, let place):
      return .patternComprehension(path: path, part, where: try optional(condition), try change(map), place)
    case .mapProjection(let owner, let items, let isAll, let place):
      return .mapProjection(
        try change(owner), try items.map { ($0.name, try optional($0.value)) }, all: isAll, place)
    }
  }

  /// The expressions directly inside.
  var children: [Expression] {
    var found: [Expression] = []
    _ = mapChildren { child in
      found.append(child)
      return child
    }
    return found
  }

  /// Calls `visit` with the expression and all inside of it, those of patterns and subqueries too.
  func visitAll(_ visit: (Expression) -> Void) {
    visit(self)
    for child in children { child.visitAll(visit) }
    switch self {
    case .patternComprehension(_, let part, _, _, _): part.visitExpressions(visit)
    case .subquery(_, let query, _): query.visitExpressions(visit)
    default: break
    }
  }

  /// Whether an aggregation is inside.
  var aggregates: Bool {
    if case .call(let call) = self, call.isAggregation { return true }
    return children.contains { $0.aggregates }
  }
}

extension FunctionCall {
  var isAggregation: Bool {
    isStar && function == "count" || Functions.aggregations[function] != nil
  }
}

extension PatternPart {
  /// What it asks of its nodes and edges, and of the path.
  var conditions: [Expression?] {
    nodes.flatMap { [$0.properties, $0.condition] } + edges.flatMap { [$0.properties, $0.condition] }
      + [condition]
  }

  func visitExpressions(_ visit: (Expression) -> Void) {
    for node in nodes { for inner in [node.properties, node.condition] { inner?.visitAll(visit) } }
    condition?.visitAll(visit)
    for edge in edges {
      for group in edge.group { group.visitExpressions(visit) }
      for inner in [edge.properties, edge.condition, edge.cost] { inner?.visitAll(visit) }
    }
  }
}

extension Query {
  func visitExpressions(_ visit: (Expression) -> Void) {
    for part in parts { for clause in part { clause.visitExpressions(visit) } }
  }

  /// The patterns of its MATCH clauses.
  var matchedParts: [PatternPart] {
    parts.joined().flatMap { clause -> [PatternPart] in
      if case .match(let match) = clause { match.parts } else { [] }
    }
  }

  /// The patterns of its MATCH clauses, subqueries and comprehensions, and of their groups.
  var allMatchedParts: [PatternPart] {
    var parts = matchedParts
    visitExpressions { expression in
      switch expression {
      case .patternComprehension(_, let part, _, _, _): parts.append(part)
      case .subquery(_, let query, _): parts += query.matchedParts
      default: break
      }
    }
    return parts.flatMap(\.withGroups)
  }

  /// The places of the variables of which something asks for more than that they are there, and of which kind.
  var variablesOfData: Set<Int> {
    var (all, without): ([Int: Int], [Int: Int]) = ([:], [:])
    func note(_ expression: Expression) {
      if case .variable(let variable) = expression { without[variable.slot, default: 0] += 1 }
    }
    visitExpressions { expression in
      switch expression {
      case .variable(let variable): all[variable.slot, default: 0] += 1
      case .isNull(let operand, _): note(operand)
      case .call(let call) where Functions.withoutData.contains(call.function):
        for argument in call.arguments { note(argument) }
      default: break
      }
    }
    return Set(all.filter { $0.value > without[$0.key, default: 0] }.keys)
  }
}

extension Clause {
  func visitExpressions(_ visit: (Expression) -> Void) {
    func items(_ items: [SetItem]) {
      for item in items {
        switch item {
        case .property(let owner, _, let value, _):
          owner.visitAll(visit)
          value.visitAll(visit)
        case .properties(let variable, let value, _):
          visit(.variable(variable))
          value.visitAll(visit)
        case .labels(let variable, _): visit(.variable(variable))
        }
      }
    }
    func projection(_ projection: Projection) {
      for expression in projection.items.map(\.expression) + projection.order.map(\.expression)
        + [projection.skip, projection.limit].compactMap({ $0?.expression })
      {
        expression.visitAll(visit)
      }
    }
    switch self {
    case .match(let match):
      for part in match.parts { part.visitExpressions(visit) }
      match.condition?.visitAll(visit)
    case .unwind(let list, _): list.visitAll(visit)
    case .with(let inner, let condition):
      projection(inner)
      condition?.visitAll(visit)
    case .return(let inner): projection(inner)
    case .create(let parts, _): for part in parts { part.visitExpressions(visit) }
    case .merge(let part, let onCreate, let onMatch, _):
      part.visitExpressions(visit)
      items(onCreate + onMatch)
    case .set(let changes, _): items(changes)
    case .remove(let changes, _):
      for change in changes {
        switch change {
        case .property(let owner, _, _): owner.visitAll(visit)
        case .labels(let variable, _): visit(.variable(variable))
        }
      }
    case .delete(let targets, _, _): for target in targets { target.visitAll(visit) }
    }
  }

  /// Whether it changes the graph.
  var isUpdating: Bool {
    switch self {
    case .create, .merge, .set, .remove, .delete: true
    case .match, .unwind, .with, .return: false
    }
  }
}

extension Expression {
  /// Where it stands, as far as that is kept: of a literal it is not.
  var place: Place? {
    switch self {
    case .parameter(_, let place), .property(_, _, let place), .subscripted(_, _, let place),
      .slice(_, _, _, let place), .unary(_, _, let place), .binary(_, _, _, let place),
      .comparison(_, _, let place), .hasLabels(_, _, let place), .quantifier(_, _, _, _, let place),
      .patternComprehension(_, _, _, _, let place), .subquery(_, _, let place),
      .mapProjection(_, _, _, let place):
      place
    case .variable(let variable): variable.place
    case .call(let call): call.place
    default: children.lazy.compactMap(\.place).first
    }
  }

  /// The error that something is wrong with its value.
  func error(_ message: String) -> KVError {
    place?.error(message) ?? KVError(.invalidData, "query: \(message)")
  }
}

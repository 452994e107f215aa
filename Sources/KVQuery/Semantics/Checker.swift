import KV

/// Checks a query before anything is read: that variables are known and are what they are used as, that aggregations stand where they may,
/// that functions exist, and that clauses follow each other as they have to.
struct Checker {
  /// What a variable stands for.
  enum Kind: String {
    case node = "a node"
    case edge = "an edge"
    case edges = "a list of edges"
    case path = "a path"
    case value = "a value"
    /// What is neither a node nor an edge in any case.
    case data = "data"
  }

  /// What is known where a clause stands, in the order in which it came.
  struct Scope {
    private(set) var variables: [Variable] = []
    private var kinds: [Int: Kind] = [:]

    func kind(of variable: Variable) -> Kind? { kinds[variable.slot] }

    mutating func insert(_ variable: Variable, _ kind: Kind) {
      if kinds.updateValue(kind, forKey: variable.slot) == nil { variables.append(variable) }
    }
  }

  private let isWriting: Bool

  /// - Returns: the query with all that it leaves to be said: what `*` stands for, and the numbers of aggregations.
  static func check(_ query: Query, isWriting: Bool) throws -> (query: Query, columns: [String]) {
    let (checked, columns, _) = try Checker(isWriting: isWriting).check(query, Scope(), isInner: false)
    return (checked, columns)
  }

  private func check(_ query: Query, _ outer: Scope, isInner: Bool) throws -> (Query, [String], [Variable]) {
    var query = query
    var columns: [String]?
    var last: [Variable] = []
    for place in query.parts.indices {
      let (clauses, names, variables) = try check(query.parts[place], outer, isInner: isInner, query.place)
      query.parts[place] = clauses
      if let columns, columns != names {
        throw query.place.error(
          "the parts of a UNION have the same columns, and here are \(columns.joined(separator: ", ")) and \(names.joined(separator: ", "))"
        )
      }
      (columns, last) = (names, variables)
    }
    return (query, columns ?? [], last)
  }

  private func check(_ clauses: [Clause], _ outer: Scope, isInner: Bool, _ place: Place) throws -> (
    [Clause], [String], [Variable]
  ) {
    var scope = outer
    var columns: [String] = []
    var variables: [Variable] = []
    var checked: [Clause] = []
    var hasUpdated = false
    for (index, clause) in clauses.enumerated() {
      if clause.isUpdating {
        if !isWriting {
          throw place.error("the query changes the graph, and may only read it", reason: .readOnlyQuery)
        }
        if isInner { throw place.error("a subquery changes nothing") }
        hasUpdated = true
      }
      switch clause {
      case .match(let match):
        if hasUpdated {
          throw match.place.error("between a clause that changes the graph and MATCH stands WITH")
        }
        try declare(match.parts, &scope)
        for inner in match.parts.flatMap({
          $0.nodes.map { ($0.properties, $0.place) } + $0.edges.map { ($0.properties, $0.place) }
        }) {
          if case .parameter? = inner.0 {
            throw inner.1.error("MATCH takes no parameter as a map of properties")
          }
        }
        try check(match.parts, scope)
        if let condition = match.condition { try checkCondition(condition, scope) }
        checked.append(clause)
      case .unwind(let list, let variable):
        if hasUpdated {
          throw variable.place.error("between a clause that changes the graph and UNWIND stands WITH")
        }
        try check(list, scope, aggregates: "UNWIND")
        if scope.kind(of: variable) != nil {
          throw variable.place.error("the variable \(JSON(variable.name)) is there already")
        }
        scope.insert(variable, .value)
        checked.append(clause)
      case .with(let projection, let condition):
        var (whole, next, seen) = try check(projection, scope, "WITH")
        for item in whole.items where !item.isAliased {
          throw item.variable.place.error("in WITH an expression has a name: … AS name")
        }
        if let condition {
          // As ORDER BY does, it sees what was there before.
          try checkCondition(condition, seen)
        }
        // What a subquery is in stays known.
        if isInner {
          for variable in outer.variables where next.kind(of: variable) == nil {
            next.insert(variable, outer.kind(of: variable) ?? .value)
          }
        }
        scope = next
        hasUpdated = false
        checked.append(.with(whole, where: condition))
      case .return(let projection):
        if index != clauses.count - 1 { throw projection.place.error("nothing comes after RETURN but UNION") }
        let (whole, next, _) = try check(projection, scope, "RETURN")
        columns = whole.items.map(\.name)
        variables = next.variables
        checked.append(.return(whole))
      case .create(let parts, _):
        for part in parts { try declareNew(part, &scope, "CREATE") }
        try check(parts, scope)
        checked.append(clause)
      case .merge(let part, let onCreate, let onMatch, _):
        try declareNew(part, &scope, "MERGE")
        try check([part], scope)
        for item in onCreate + onMatch { try check(item, scope) }
        checked.append(clause)
      case .set(let items, _):
        for item in items { try check(item, scope) }
        checked.append(clause)
      case .remove(let items, _):
        for item in items {
          switch item {
          case .property(let owner, _, _): try check(owner, scope, aggregates: "REMOVE")
          case .labels(let variable, _): try require(variable, scope)
          }
        }
        checked.append(clause)
      case .delete(let targets, _, let place):
        for target in targets {
          if case .hasLabels = target {
            throw place.error("DELETE takes nodes, edges and paths, and labels go by REMOVE")
          }
          switch target {
          case .literal, .binary, .list, .map, .comparison:
            throw place.error("DELETE takes nodes, edges and paths")
          default: try check(target, scope, aggregates: "DELETE")
          }
        }
        checked.append(clause)
      }
    }
    if let last = checked.last, !isInner {
      switch last {
      case .match(let match):
        throw match.place.error("the query ends with a MATCH; RETURN says what of it is wanted")
      case .with(let projection, _):
        throw projection.place.error("the query ends with a WITH; RETURN says what of it is wanted")
      case .unwind(_, let variable):
        throw variable.place.error("the query ends with an UNWIND; RETURN says what of it is wanted")
      default: break
      }
    }
    return (checked, columns, variables)
  }

  // MARK: patterns

  private func declare(_ variable: Variable?, _ kind: Kind, _ scope: inout Scope) throws {
    guard let variable else { return }
    if let known = scope.kind(of: variable), known != kind, !(known == .value && kind != .path),
      !(known == .data && kind == .edges)
    {
      throw variable.place.error(
        "the variable \(JSON(variable.name)) is \(known.rawValue), and cannot be \(kind.rawValue) too")
    }
    if scope.kind(of: variable) == nil { scope.insert(variable, kind) }
  }

  private func declare(_ parts: [PatternPart], _ scope: inout Scope) throws {
    var own: Set<Int> = []
    for part in parts {
      if let path = part.path {
        if scope.kind(of: path) != nil {
          throw path.place.error("the variable \(JSON(path.name)) is there already")
        }
      }
      for node in part.nodes { try declare(node.variable, .node, &scope) }
      for edge in part.edges {
        if let variable = edge.variable, !own.insert(variable.slot).inserted {
          throw variable.place.error("the edge \(JSON(variable.name)) stands twice in a pattern")
        }
        try declare(edge.variable, edge.length == nil ? .edge : .edges, &scope)
        for variable in edge.groupVariables {
          if scope.kind(of: variable) != nil {
            throw variable.place.error(
              "the variable \(JSON(variable.name)) is there already, and in a group stands for a list")
          }
        }
        for variable in edge.groupVariables { scope.insert(variable, .data) }
      }
      try declare(part.path, .path, &scope)
    }
  }

  private func declareNew(_ part: PatternPart, _ scope: inout Scope, _ clause: String) throws {
    if part.selector != .all { throw part.place.error("\(clause) takes plain patterns") }
    if let path = part.path, scope.kind(of: path) != nil {
      throw path.place.error("the variable \(JSON(path.name)) is there already")
    }
    for edge in part.edges {
      if edge.length != nil { throw edge.place.error("\(clause) makes one edge, and no length") }
      if edge.types.count != 1 { throw edge.place.error("\(clause) needs one edge type") }
      if clause == "CREATE", edge.direction == .any {
        throw edge.place.error("CREATE needs a direction, as in (a)-[:t]->(b)")
      }
      if let variable = edge.variable, scope.kind(of: variable) != nil {
        throw variable.place.error("the variable \(JSON(variable.name)) is there already")
      }
      if case .parameter? = edge.properties, clause == "MERGE" {
        throw edge.place.error("MERGE takes no parameter as a map of properties")
      }
    }
    for node in part.nodes {
      if let labels = node.labels, !labels.isNames {
        throw node.place.error("\(clause) takes labels by name, as in (:A:B)")
      }
      if case .parameter? = node.properties, clause == "MERGE" {
        throw node.place.error("MERGE takes no parameter as a map of properties")
      }
      if let variable = node.variable, let known = scope.kind(of: variable) {
        if known != .node && known != .value {
          throw variable.place.error("the variable \(JSON(variable.name)) is \(known.rawValue)")
        }
        if part.edges.isEmpty || node.labels != nil || node.properties != nil {
          throw variable.place.error("the variable \(JSON(variable.name)) is there already")
        }
      }
    }
    for node in part.nodes { try declare(node.variable, .node, &scope) }
    for edge in part.edges { try declare(edge.variable, .edge, &scope) }
    try declare(part.path, .path, &scope)
  }

  private func check(_ parts: [PatternPart], _ scope: Scope) throws {
    for part in parts {
      for inner in part.nodes.flatMap({ [$0.properties, $0.condition] }) {
        if let inner { try check(inner, scope, aggregates: "a pattern") }
      }
      for edge in part.edges {
        // For each of several edges by itself.
        var one = scope
        if let variable = edge.variable { one.insert(variable, .edge) }
        for group in edge.group {
          for variable in group.nodes.compactMap(\.variable) { one.insert(variable, .node) }
          for inner in group.edges {
            if let variable = inner.variable { one.insert(variable, inner.length == nil ? .edge : .edges) }
          }
          if group.edges.contains(where: { !$0.group.isEmpty }) {
            throw edge.place.error("a group in a group is not here")
          }
          try check([group], one)
        }
        for inner in [edge.properties, edge.condition, edge.cost] {
          if let inner { try check(inner, one, aggregates: "a pattern") }
        }
      }
    }
  }

  private func check(_ item: SetItem, _ scope: Scope) throws {
    switch item {
    case .property(let owner, _, let value, let place):
      if value.isPattern { throw place.error("a pattern is a condition; EXISTS { … } is true or false") }
      try check(owner, scope, aggregates: "SET")
      try check(value, scope, aggregates: "SET")
    case .properties(let variable, let value, _):
      try require(variable, scope)
      try check(value, scope, aggregates: "SET")
    case .labels(let variable, _): try require(variable, scope)
    }
  }

  private func require(_ variable: Variable, _ scope: Scope) throws {
    guard scope.kind(of: variable) == nil else { return }
    let near =
      namesNear(variable.name, among: scope.variables.map(\.name)).first.map { "; did you mean \(JSON($0))?" }
      ?? ""
    throw variable.place.error("the variable \(JSON(variable.name)) is not known here\(near)")
  }

  // MARK: projections

  private func check(_ projection: Projection, _ scope: Scope, _ clause: String) throws -> (
    Projection, Scope, Scope
  ) {
    var projection = projection
    if projection.isStar {
      if scope.variables.isEmpty, projection.items.isEmpty, clause == "RETURN" {
        throw projection.place.error("RETURN * has no variable to return")
      }
      let all = scope.variables.sorted { $0.name < $1.name }
      projection.items =
        all.map { Projection.Item(expression: .variable($0), variable: $0, name: $0.name, isAliased: true) }
        + projection.items
    }
    var names: Set<String> = []
    for item in projection.items {
      if !names.insert(item.name).inserted {
        throw item.variable.place.error("the column \(JSON(item.name)) stands twice")
      }
      try check(item.expression, scope, aggregates: nil)
    }
    let aggregating = projection.items.contains { $0.expression.aggregates }
    var next = Scope()
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
    if aggregating { try checkGroups(projection) }
    // ORDER BY sees what is projected, and what was there before unless rows have become one.
    var order = next
    if !aggregating, !projection.isDistinct {
      for variable in scope.variables where order.kind(of: variable) == nil {
        order.insert(variable, scope.kind(of: variable) ?? .value)
      }
    }
    if aggregating || projection.isDistinct {
      // What is projected goes by its column.
      let items = projection.items.filter { !$0.expression.aggregates }
      func substituted(_ expression: Expression) -> Expression {
        if let item = items.first(where: { $0.expression.isSame(as: expression) }) {
          return .variable(item.variable)
        }
        if case .call(let call) = expression, call.isAggregation { return expression }
        return expression.mapChildren(substituted)
      }
      for place in projection.order.indices {
        projection.order[place].expression = substituted(projection.order[place].expression)
      }
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
      try check(bound, Scope(), aggregates: name)
      switch bound {
      case .literal(.integer(let number)) where number >= 0: break
      case .literal: throw projection.place.error("\(name) needs an integer of at least 0")
      default: break
      }
    }
    return (projection, next, order)
  }

  /// In what is aggregated in part, the rest is what the rows of a group have in common.
  private func checkGroups(_ projection: Projection) throws {
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
      default: break
      }
      for child in expression.children { try check(child, locals, isOrder: isOrder) }
    }
    for item in projection.items where item.expression.aggregates {
      try check(item.expression, [], isOrder: false)
    }
    for item in projection.order where item.expression.aggregates {
      try check(item.expression, [], isOrder: true)
    }
  }

  // MARK: expressions

  private func checkCondition(_ condition: Expression, _ scope: Scope) throws {
    if case .variable(let variable) = condition, let kind = scope.kind(of: variable),
      ![.value, .data].contains(kind)
    {
      throw variable.place.error(
        "a condition is true or false, and \(JSON(variable.name)) is \(kind.rawValue)")
    }
    try check(condition, scope, aggregates: "WHERE")
  }

  /// - Parameter aggregates: the clause, where it may not aggregate.
  private func check(
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
      let name = call.name.lowercased()
      if call.isAggregation {
        if let clause { throw call.place.error("\(call.name)() aggregates, which \(clause) cannot") }
        if inAggregation { throw call.place.error("an aggregation stands inside of another") }
        for argument in call.arguments {
          argument.visitAll {
            if case .call(let inner) = $0, inner.name.lowercased() == "rand" { isRandom = true }
          }
        }
        if isRandom { throw call.place.error("what is aggregated is the same each time, and rand() is not") }
      }
      if !call.isStar {
        guard let arity = Functions.arities[name] ?? Functions.aggregations[name] else {
          let all = Array(Functions.arities.keys) + Array(Functions.aggregations.keys)
          let near = namesNear(name, among: all.sorted()).first.map { "; did you mean \($0)()?" } ?? ""
          throw call.place.error("there is no function \(call.name)()\(near)")
        }
        if !arity.contains(call.arguments.count) {
          throw call.place.error(
            "\(call.name)() takes \(arity.lowerBound == arity.upperBound ? "\(arity.lowerBound)" : "\(arity.lowerBound) or more") arguments, and here are \(call.arguments.count)"
          )
        }
      } else if name != "count" {
        throw call.place.error("only count() takes *")
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
        if name == "size", case .subquery(.pattern, _, _) = argument {
          throw call.place.error("size() takes no pattern; COUNT { … } counts")
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
      var inside = scope
      try declare([part], &inside)
      try check([part], inside)
      try inner(condition, inside)
      try inner(map, inside)
    case .subquery(let kind, let query, _):
      if kind == .pattern, case .match(let match)? = query.parts.first?.first {
        for variable in match.parts[0].nodes.compactMap(\.variable)
          + match.parts[0].edges.compactMap(\.variable)
        {
          try require(variable, scope)
        }
      }
      _ = try check(query, scope, isInner: true)
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

extension LabelExpression {
  /// Whether it only lists names.
  var isNames: Bool {
    switch self {
    case .label: true
    case .and(let parts): parts.allSatisfy { $0.isNames }
    case .not, .or, .any: false
    }
  }

  var names: [String] {
    switch self {
    case .label(let name): [name]
    case .and(let parts): parts.flatMap(\.names)
    case .not, .or, .any: []
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

  /// Whether both say the same of the same variables.
  func isSame(as other: Expression) -> Bool {
    switch (self, other) {
    case (.variable(let left), .variable(let right)): return left == right
    case (.property(let left, let name, _), .property(let right, let otherName, _)):
      return name == otherName && left.isSame(as: right)
    case (.literal(let left), .literal(let right)): return Value.sortOrder(left, right) == 0
    case (.parameter(let left, _), .parameter(let right, _)): return left == right
    case (.call(let left), .call(let right)):
      return left.name.lowercased() == right.name.lowercased() && left.isDistinct == right.isDistinct
        && left.isStar == right.isStar
        && left.arguments.count == right.arguments.count
        && zip(left.arguments, right.arguments).allSatisfy { $0.isSame(as: $1) }
    case (.binary(let kind, let a, let b, _), .binary(let otherKind, let c, let d, _)):
      return kind == otherKind && a.isSame(as: c) && b.isSame(as: d)
    case (.list(let left), .list(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    default: return false
    }
  }
}

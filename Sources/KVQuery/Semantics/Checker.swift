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

    /// Those that were known before a WITH that does not name them.
    private var gone: Set<Int> = []

    init() {}

    /// Without variables, behind a clause before which some were known.
    init(after before: Scope) { gone = before.gone.union(before.variables.map(\.slot)) }

    func kind(of variable: Variable) -> Kind? { kinds[variable.slot] }
    func isGone(_ variable: Variable) -> Bool { gone.contains(variable.slot) }

    mutating func insert(_ variable: Variable, _ kind: Kind) {
      if kinds.updateValue(kind, forKey: variable.slot) == nil { variables.append(variable) }
    }
  }

  let isWriting: Bool

  /// - Returns: the query with all that it leaves to be said: what `*` stands for, and the numbers of aggregations.
  static func check(_ query: Query, isWriting: Bool) throws -> (query: Query, columns: [String]) {
    let (checked, columns, _) = try Checker(isWriting: isWriting).check(query, Scope(), isInner: false)
    return (checked, columns)
  }

  func check(_ query: Query, _ outer: Scope, isInner: Bool) throws -> (Query, [String], [Variable]) {
    var query = query
    var columns: [String]?
    var last: [Variable] = []
    for place in query.parts.indices {
      let (clauses, names, variables) = try check(query.parts[place], outer, isInner: isInner, query.place)
      query.parts[place] = clauses
      if let columns, columns != names {
        var place = query.place
        if case .return(let projection)? = clauses.last { place = projection.place }
        throw place.error(
          "the parts of a UNION have the same columns, and here are \(columns.joined(separator: ", ")) and \(names.joined(separator: ", "))"
        )
      }
      (columns, last) = (names, variables)
    }
    return (query, columns ?? [], last)
  }

  func check(_ clauses: [Clause], _ outer: Scope, isInner: Bool, _ place: Place) throws -> (
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
        var (whole, next, seen) = try check(projection, scope, knowing: outer, "WITH")
        for item in whole.items where !item.isAliased {
          throw item.variable.place.error("in WITH an expression has a name: … AS name")
        }
        let condition = condition.map { whole.byColumns($0) }
        if let condition {
          // As ORDER BY does, it sees what was there before.
          try checkCondition(condition, seen)
        }
        // What a subquery is in stays known.
        for variable in outer.variables where next.kind(of: variable) == nil {
          next.insert(variable, outer.kind(of: variable) ?? .value)
        }
        scope = next
        hasUpdated = false
        checked.append(.with(whole, where: condition))
      case .return(let projection):
        if index != clauses.count - 1 { throw projection.place.error("nothing comes after RETURN but UNION") }
        let (whole, next, _) = try check(projection, scope, knowing: outer, "RETURN")
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
}

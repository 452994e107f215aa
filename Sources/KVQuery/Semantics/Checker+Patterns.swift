import KV

extension Checker {
  func declare(_ variable: Variable?, _ kind: Kind, _ scope: inout Scope) throws {
    guard let variable else { return }
    if let known = scope.kind(of: variable), known != kind, !(known == .value && kind != .path),
      !(known == .data && kind == .edges)
    {
      throw variable.place.error(
        "the variable \(JSON(variable.name)) is \(known.rawValue), and cannot be \(kind.rawValue) too")
    }
    if scope.kind(of: variable) == nil { scope.insert(variable, kind) }
  }

  func declare(_ parts: [PatternPart], _ scope: inout Scope) throws {
    var own: Set<Int> = []
    let inGroups = Set(parts.flatMap { $0.edges.flatMap(\.groupVariables) })
    for (place, part) in parts.enumerated() {
      for variable in part.nodes.compactMap(\.variable) + part.edges.compactMap(\.variable)
      where inGroups.contains(variable) {
        throw variable.place.error(
          "the variable \(JSON(variable.name)) stands within brackets and outside of them, where it is another"
        )
      }
      if part.selector != .all {
        let others = parts.indices.filter { $0 != place }.flatMap { parts[$0].variables }
        // Whether it is known before the choice would depend on the plan.
        let ends = [part.nodes.first, part.nodes.last].compactMap { $0?.variable }
        for variable in part.nodes.compactMap(\.variable)
        where !ends.contains(variable) && others.contains(variable) && scope.kind(of: variable) == nil {
          throw variable.place.error(
            "the variable \(JSON(variable.name)) stands between the ends of a path that is chosen, and in another part; a MATCH of its own says which comes first"
          )
        }
      }
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
        try declare(edge.variable, edge.isList ? .edges : .edge, &scope)
        for variable in edge.groupVariables {
          if scope.kind(of: variable) != nil {
            throw variable.place.error(
              "the variable \(JSON(variable.name)) is there already, and what stands within brackets is another"
            )
          }
        }
        edge.forEachInGroup { scope.insert($0, edge.isList ? .data : $1) }
      }
      try declare(part.path, .path, &scope)
    }
  }

  func declareNew(_ part: PatternPart, _ scope: inout Scope, _ clause: String) throws {
    let conditions = part.nodes.map(\.condition) + part.edges.map(\.condition)
    if part.selector != .all || part.condition != nil || part.ownMode != nil
      || conditions.contains(where: { $0 != nil })
    {
      throw part.place.error("\(clause) takes plain patterns")
    }
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

  func check(_ parts: [PatternPart], _ scope: Scope) throws {
    for part in parts {
      for inner in part.nodes.flatMap({ [$0.properties, $0.condition] }) {
        if let inner { try check(inner, scope, aggregates: "a pattern") }
      }
      if let condition = part.condition { try check(condition, scope, aggregates: "a pattern") }
      for edge in part.edges {
        // For each of several edges by itself.
        var one = scope
        if let variable = edge.variable { one.insert(variable, .edge) }
        edge.forEachInGroup { one.insert($0, $1) }
        try check(edge.group, one)
        for inner in [edge.properties, edge.condition, edge.cost] {
          if let inner { try check(inner, one, aggregates: "a pattern") }
        }
      }
    }
  }

  func check(_ item: SetItem, _ scope: Scope) throws {
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

  func require(_ variable: Variable, _ scope: Scope) throws {
    guard scope.kind(of: variable) == nil else { return }
    if scope.isGone(variable) {
      throw variable.place.error("the variable \(JSON(variable.name)) ends at WITH, which does not name it")
    }
    let near =
      namesNear(variable.name, among: scope.variables.filter { !$0.isHidden }.map(\.name)).first.map {
        "; did you mean \(JSON($0))?"
      }
      ?? ""
    throw variable.place.error("the variable \(JSON(variable.name)) is not known here\(near)")
  }
}

extension EdgePattern {
  /// The variables of its group, and what they are each time that it is walked.
  fileprivate func forEachInGroup(_ body: (Variable, Checker.Kind) -> Void) {
    for part in group {
      if let path = part.path { body(path, .path) }
      for variable in part.nodes.compactMap(\.variable) { body(variable, .node) }
      for edge in part.edges {
        if let variable = edge.variable { body(variable, edge.isList ? .edges : .edge) }
        edge.forEachInGroup { body($0, edge.isList ? .data : $1) }
      }
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

  /// The names of which one is wanted, where that is all that is said.
  var alternatives: [String]? {
    switch self {
    case .label(let name): [name]
    case .or(let parts) where parts.allSatisfy { $0.alternatives != nil }:
      parts.flatMap { $0.alternatives ?? [] }
    case .or, .and, .not, .any: nil
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

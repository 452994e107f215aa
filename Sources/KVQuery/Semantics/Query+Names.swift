extension Query {
  /// The labels and the edge types that it asks for, each once.
  var names: (labels: [String], edgeTypes: [String]) {
    var labels: [String] = []
    var types: [String] = []
    var nodes: Set<Int> = []
    var edges: Set<Int> = []
    func insert(_ names: [String], into list: inout [String]) {
      for name in names where !list.contains(name) { list.append(name) }
    }
    func visit(_ part: PatternPart) {
      for node in part.nodes {
        if let variable = node.variable { nodes.insert(variable.slot) }
        insert(node.labels?.mentioned ?? [], into: &labels)
      }
      for edge in part.edges {
        if let variable = edge.variable { edges.insert(variable.slot) }
        insert(edge.types + (edge.typeExpression?.mentioned ?? []), into: &types)
        for group in edge.group { visit(group) }
      }
    }
    for part in matchedParts { visit(part) }
    visitExpressions { expression in
      switch expression {
      case .patternComprehension(_, let part, _, _, _): visit(part)
      case .subquery(_, let query, _): for part in query.matchedParts { visit(part) }
      case .hasLabels(.variable(let variable), let names, _):
        if nodes.contains(variable.slot) { insert(names.mentioned, into: &labels) }
        if edges.contains(variable.slot) { insert(names.mentioned, into: &types) }
      default: break
      }
    }
    return (labels, types)
  }
}

extension Query {
  /// The attributes that it asks for, each once, but for those that it takes to be absent at times: of IS NULL, coalesce() and exists(). An id
  /// is always there.
  var attributes: [String] {
    var names: [String] = []
    var optional: Set<String> = ["id"]
    func leaveOut(_ expression: Expression?) {
      if case .property(_, let name, _)? = expression { optional.insert(name) }
    }
    func insert(_ properties: Expression?) {
      if case .map(let members)? = properties { names += members.map(\.name) }
    }
    func visit(_ part: PatternPart) {
      for node in part.nodes { insert(node.properties) }
      for edge in part.edges {
        insert(edge.properties)
        for group in edge.group { visit(group) }
      }
    }
    for part in matchedParts { visit(part) }
    visitExpressions { expression in
      switch expression {
      case .property(_, let name, _): names.append(name)
      case .mapProjection(_, let items, _, _): names += items.filter { $0.value == nil }.map(\.name)
      case .patternComprehension(_, let part, _, _, _): visit(part)
      case .subquery(_, let query, _): for part in query.matchedParts { visit(part) }
      case .isNull(let operand, _): leaveOut(operand)
      case .call(let call) where ["coalesce", "exists"].contains(call.function):
        for argument in call.arguments { leaveOut(argument) }
      default: break
      }
    }
    var seen = optional
    return names.filter { seen.insert($0).inserted }
  }
}

extension LabelExpression {
  /// All names in it but those that are not to be there.
  fileprivate var mentioned: [String] {
    switch self {
    case .label(let name): [name]
    case .and(let parts), .or(let parts): parts.flatMap(\.mentioned)
    case .not, .any: []
    }
  }
}

extension Query {
  /// The labels and the edge types that MATCH names, each once.
  var names: (labels: [String], edgeTypes: [String]) {
    var labels: [String] = []
    var types: [String] = []
    func insert(_ names: [String], into list: inout [String]) {
      for name in names where !list.contains(name) { list.append(name) }
    }
    func visit(_ part: PatternPart) {
      for node in part.nodes { insert(node.labels?.mentioned ?? [], into: &labels) }
      for edge in part.edges {
        insert(edge.types + (edge.typeExpression?.mentioned ?? []), into: &types)
        for group in edge.group { visit(group) }
      }
    }
    for clauses in parts {
      for clause in clauses { if case .match(let match) = clause { for part in match.parts { visit(part) } } }
    }
    return (labels, types)
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

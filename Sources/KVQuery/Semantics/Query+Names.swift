import KV

extension Query {
  /// The labels and the edge types that it asks for, each once.
  var names: (labels: [String], edgeTypes: [String]) {
    var labels: [String] = []
    var types: [String] = []
    var nodes: Set<Int> = []
    var edges: Set<Int> = []
    func insert(_ names: [String], into list: inout [String]) {
      for name in names where !list.hasBytes(of: name) { list.append(name) }
    }
    for part in allMatchedParts {
      for node in part.nodes {
        if let variable = node.variable { nodes.insert(variable.slot) }
        insert(node.labels?.mentioned ?? [], into: &labels)
      }
      for edge in part.edges {
        if let variable = edge.variable { edges.insert(variable.slot) }
        insert(edge.types + (edge.typeExpression?.mentioned ?? []), into: &types)
      }
    }
    visitExpressions { expression in
      guard case .hasLabels(.variable(let variable), let names, _) = expression else { return }
      if nodes.contains(variable.slot) { insert(names.mentioned, into: &labels) }
      if edges.contains(variable.slot) { insert(names.mentioned, into: &types) }
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
    for part in allMatchedParts {
      for case .map(let members)? in part.nodes.map(\.properties) + part.edges.map(\.properties) {
        names += members.map(\.name)
      }
    }
    visitExpressions { expression in
      switch expression {
      case .property(_, let name, _): names.append(name)
      case .mapProjection(_, let items, _, _): names += items.filter { $0.value == nil }.map(\.name)
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

extension Clause.Match {
  /// The clause with what is asked of the paths among which a part chooses asked of each edge, where that is the same: so few ways are followed.
  /// - Parameter conditions: those of WHERE. What they ask of the edges or the path of shortestPath() is asked before one is chosen.
  func choosing(where conditions: [Expression]) -> Clause.Match {
    var match = self
    let functions = parts.indices.filter { parts[$0].isFunction }
    for condition in conditions {
      let asked = condition.variables
      let numbers = functions.filter { number in
        !asked.isDisjoint(
          with: [parts[number].edges[0].variable, parts[number].path].compactMap { $0?.slot })
      }
      // What compares several of them is asked when all have been chosen.
      guard numbers.count == 1, let number = numbers.first else { continue }
      match.parts[number].condition = .conjunction(
        [match.parts[number].condition, condition], at: parts[number].place)
    }
    match.parts = match.parts.map { $0.askingEdges() }
    return match
  }
}

extension PatternPart {
  /// Whether it chooses among paths along one edge pattern by a condition, which may ask for the edges.
  var choosesByCondition: Bool {
    selector != .all && condition != nil && edges.count == 1 && edges[0].group.isEmpty && edges[0].isList
  }

  /// With its condition asked of each edge, as far as it is the same.
  fileprivate func askingEdges() -> PatternPart {
    guard choosesByCondition, let condition, let edge = edges[0].variable else { return self }
    var part = self
    var rest: [Expression] = []
    for condition in condition.conjuncts {
      guard let ofEach = condition.askingEach(of: edge, path) else {
        rest.append(condition)
        continue
      }
      part.edges[0].condition = .conjunction([part.edges[0].condition, ofEach.edge], at: place)
      // A path without edges has a node.
      if let node = nodes[0].variable, let ofNode = ofEach.node(node) {
        part.nodes[0].condition = .conjunction([part.nodes[0].condition, ofNode], at: place)
      }
    }
    part.condition = .conjunction(rest, at: place)
    return part
  }
}

extension Expression {
  /// `all(x IN edges WHERE …)`, or `none`, as it is asked of one edge alone, of which the list of edges stands for the list of it, and the list
  /// of nodes for that of its ends; and as it is asked of one node. `nil` where it is nothing of the kind.
  fileprivate func askingEach(of edges: Variable, _ path: Variable?) -> (
    edge: Expression, node: (Variable) -> Expression?
  )? {
    guard case .quantifier(let kind, let item, let list, let condition, let place) = self,
      kind == .all || kind == .none,
      condition.variables.isDisjoint(with: [edges.slot, path?.slot ?? -1, -1])
    else { return nil }
    func asking(_ own: [Expression]) -> Expression {
      .quantifier(kind, item, in: .list(own), where: condition, place)
    }
    switch list {
    case .variable(let variable) where variable == edges: break
    case .call(let call) where ["relationships", "edges", "nodes"].contains(call.function):
      guard case .variable(let variable)? = call.arguments.first, variable == path else { return nil }
      guard call.function == "nodes" else { break }
      let ends = ["startNode", "endNode"].map {
        Expression.call(FunctionCall(name: $0, arguments: [.variable(edges)], place: place))
      }
      return (asking(ends), { asking([.variable($0)]) })
    default: return nil
    }
    return (asking([.variable(edges)]), { _ in nil })
  }
}

import KV

/// What a pattern or its WHERE asks of an attribute of a node, so that an index can answer it: `n.x = $x`, `n.x IN […]`, `n.x >= 3`,
/// `n.x STARTS WITH "a"`.
struct AttributeLookup: Sendable {
  enum Sign: Sendable {
    case equal, isIn, startsWith
    case less, greater

    /// Those that find the fewest before others.
    static let bestFirst: [Sign] = [.equal, .isIn, .startsWith, .greater, .less]
  }

  /// `nil` for what `id(n)` gives.
  var attribute: String?
  var sign: Sign
  /// What it is compared with. It may ask for variables that are not bound yet.
  var operand: Expression

  /// The values that may hold, for the operand's; `nil` where an index does not know.
  func range(for value: Value) -> AttributeRange? {
    switch (sign, value) {
    // Nothing is equal to null, or stands before or behind it.
    case (_, .null): return .oneOf([])
    case (.equal, _): return value.indexed.map { .oneOf([$0]) }
    case (.isIn, .list(let values)):
      let known = values.compactMap(\.indexed)
      // Null is equal to nothing.
      return known.count == values.lazy.filter({ !$0.isNull }).count ? .oneOf(known) : nil
    case (.startsWith, .string(let text)):
      return .between(
        IndexedValue(text), IndexedValue(text + String(repeating: "\u{10FFFF}", count: 64)))
    case (.less, _), (.greater, _):
      guard let bound = value.indexed else { return nil }
      let isText = if case .string = value { true } else { false }
      return sign == .less
        ? .between(isText ? .leastText : .leastNumber, bound)
        : .between(bound, isText ? .greatestText : .greatestNumber)
    default: return nil
    }
  }
}

extension Value {
  /// What an index knows of it: of numbers and texts.
  var indexed: IndexedValue? {
    switch self {
    case .string(let text): IndexedValue(text)
    case .integer(let number): IndexedValue(Double(number))
    // What is no number is equal to nothing.
    case .float(let number): number.isNaN ? nil : IndexedValue(number)
    default: nil
    }
  }
}

extension Clause.Match {
  /// The clause with what its WHERE asks of single nodes at these nodes.
  func planned() -> Clause.Match {
    guard let condition else { return self }
    let match = askingEdges(condition.conjuncts)
    var lookups: [Int: [AttributeLookup]] = [:]
    for (variable, lookup) in condition.attributeLookups {
      lookups[variable.slot, default: []].append(lookup)
    }
    var early: [Int: [Expression]] = [:]
    for condition in condition.conjuncts {
      let variables = condition.variables
      if variables.count == 1, let slot = variables.first { early[slot, default: []].append(condition) }
    }
    return match.with(lookups, early)
  }

  /// What WHERE asks of the edges or the path of shortestPath() is asked of each path, before one is chosen.
  private func askingEdges(_ conditions: [Expression]) -> Clause.Match {
    var match = self
    let functions = parts.indices.filter { parts[$0].isFunction }
    for condition in conditions {
      let asked = condition.variables
      let numbers = functions.filter { number in
        !asked.isDisjoint(
          with: [parts[number].edges[0].variable, parts[number].path].compactMap { $0?.slot })
      }
      // What compares several of them is asked when all have been chosen.
      guard numbers.count == 1, let number = numbers.first, let variable = parts[number].edges[0].variable
      else {
        continue
      }
      let part = match.parts[number]
      if let ofEach = condition.askingEach(of: variable, part.path) {
        match.parts[number].edges[0].condition = .conjunction(
          [part.edges[0].condition, ofEach], at: part.place)
      } else {
        match.parts[number].condition = .conjunction([part.condition, condition], at: part.place)
      }
    }
    return match
  }

  private func with(_ lookups: [Int: [AttributeLookup]], _ early: [Int: [Expression]]) -> Clause.Match {
    if lookups.isEmpty, early.isEmpty { return self }
    var match = self
    for (number, part) in parts.enumerated() {
      // Which of several paths is taken must not depend on what is true of the nodes between its ends.
      let mayBeEarly = part.selector == .all ? Array(part.nodes.indices) : [0, part.nodes.count - 1]
      for (place, node) in part.nodes.enumerated() {
        guard let variable = node.variable else { continue }
        match.parts[number].nodes[place].lookups = lookups[variable.slot] ?? []
        if mayBeEarly.contains(place) {
          match.parts[number].nodes[place].early = early[variable.slot] ?? []
        }
      }
    }
    return match
  }
}

extension Clause.Match {
  /// Whether a key or an index answers what it asks of a node by what is known before.
  func beginsNarrow(in graph: QueryGraph) async throws -> Bool {
    for node in parts.flatMap(\.nodes) {
      if node.key(isBound: { _ in false }) != nil { return true }
      if try await graph.index(for: node, isBound: { _ in false }) != nil { return true }
    }
    return false
  }
}

extension NodePattern {
  /// What it asks of attributes.
  var allLookups: [AttributeLookup] {
    var all = lookups
    if case .map(let members)? = properties {
      all += members.map { AttributeLookup(attribute: $0.name, sign: .equal, operand: $0.value) }
    }
    if let variable {
      all += (condition?.attributeLookups ?? []).filter { $0.variable.slot == variable.slot }.map(\.lookup)
    }
    return all
  }
}

extension LabelExpression {
  /// A label that each node has that is admitted.
  var required: String? {
    switch self {
    case .label(let name): name
    case .and(let parts): parts.lazy.compactMap(\.required).first
    case .or, .not, .any: nil
    }
  }
}

extension Expression {
  /// `all(x IN edges WHERE …)`, or `none`, as it is asked of one edge alone, of which the list of edges stands for the list of it, and the list
  /// of nodes for that of its ends; `nil` where it is nothing of the kind.
  fileprivate func askingEach(of edges: Variable, _ path: Variable?) -> Expression? {
    guard case .quantifier(let kind, let item, let list, let condition, let place) = self,
      kind == .all || kind == .none
    else { return nil }
    var own = [Expression.variable(edges)]
    switch list {
    case .variable(let variable) where variable == edges: break
    case .call(let call) where ["relationships", "edges", "nodes"].contains(call.function):
      guard case .variable(let variable)? = call.arguments.first, variable == path else { return nil }
      if call.function == "nodes" {
        own = ["startNode", "endNode"].map {
          .call(FunctionCall(name: $0, arguments: [.variable(edges)], place: place))
        }
      }
    default: return nil
    }
    let isOwn = condition.variables.isDisjoint(with: [edges.slot, path?.slot ?? -1, -1])
    return isOwn ? .quantifier(kind, item, in: .list(own), where: condition, place) : nil
  }

  /// The places of all variables in it, those of patterns inside too, which may be variables that are known outside; and -1 where there
  /// are such patterns.
  var variables: Set<Int> {
    var found: Set<Int> = []
    func take(_ parts: [PatternPart]) {
      found.insert(-1)
      for part in parts { found.formUnion(part.slots) }
    }
    visitAll { expression in
      switch expression {
      case .variable(let variable): found.insert(variable.slot)
      case .subquery(_, let query, _): take(query.matchedParts)
      case .patternComprehension(_, let part, _, _, _): take([part])
      default: break
      }
    }
    return found
  }

  fileprivate var attributeLookups: [(variable: Variable, lookup: AttributeLookup)] {
    conjuncts.flatMap { expression -> [(Variable, AttributeLookup)] in
      switch expression {
      case .comparison(let first, let rest, _):
        let operands = [first] + rest.map(\.operand)
        return rest.indices.flatMap { place -> [(Variable, AttributeLookup)] in
          guard let sign = rest[place].sign.lookup else { return [] }
          let (left, right) = (operands[place], operands[place + 1])
          return Self.lookup(left, sign, right) + Self.lookup(right, sign.reversed, left)
        }
      case .binary(.isIn, let owner, let list, _): return Self.lookup(owner, .isIn, list)
      case .binary(.startsWith, let owner, let text, _): return Self.lookup(owner, .startsWith, text)
      default: return []
      }
    }
  }

  private static func lookup(_ owner: Expression, _ sign: AttributeLookup.Sign, _ operand: Expression)
    -> [(Variable, AttributeLookup)]
  {
    let (variable, attribute): (Variable, String?)
    switch owner {
    case .property(.variable(let owner), let name, _): (variable, attribute) = (owner, name)
    case .call(let call):
      guard ["id", "elementid"].contains(call.function),
        case .variable(let owner)? = call.arguments.first
      else { return [] }
      (variable, attribute) = (owner, nil)
    default: return []
    }
    if operand.variables.contains(variable.slot) || operand.variables.contains(-1) { return [] }
    return [(variable, AttributeLookup(attribute: attribute, sign: sign, operand: operand))]
  }
}

extension Expression.Comparison {
  fileprivate var lookup: AttributeLookup.Sign? {
    switch self {
    case .equal: .equal
    case .less, .lessOrEqual: .less
    case .greater, .greaterOrEqual: .greater
    case .notEqual: nil
    }
  }
}

extension AttributeLookup.Sign {
  fileprivate var reversed: AttributeLookup.Sign {
    switch self {
    case .less: .greater
    case .greater: .less
    default: self
    }
  }
}

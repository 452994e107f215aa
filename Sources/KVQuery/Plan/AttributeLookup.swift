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

  /// What the attribute may be equal to: where a node's id is asked for, also the number that it is the text of.
  func values(for value: Value) -> [Value] { operand.asksForID ? value.asIDOrNumber : [value] }

  /// The values that may hold, for the operand's; `nil` where an index does not know.
  func range(for value: Value) -> AttributeRange? {
    switch (sign, value) {
    // Nothing is equal to null, or stands before or behind it.
    case (_, .null): return .oneOf([])
    case (.equal, _):
      let known = values(for: value).compactMap(\.indexed)
      return known.isEmpty ? nil : .oneOf(known)
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
    let match = choosing(where: condition?.conjuncts ?? [])
    guard let condition else { return match }
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
      if let key = node.key(isBound: { _ in false }), try await graph.isNarrow(key) { return true }
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

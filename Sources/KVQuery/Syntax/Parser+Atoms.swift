import KV

extension Parser {
  mutating func atom() throws -> Expression {
    let token = current
    let place = token.place
    switch token.kind {
    case .integer(let text):
      advance()
      return .literal(.integer(try Self.integer(text, place)))
    case .float(let text):
      advance()
      guard let number = Double(text), number.isFinite else {
        throw place.error("the number \(text) is too large")
      }
      return .literal(.float(number))
    case .string(let text):
      advance()
      return .literal(.string(text))
    case .parameter(let name):
      advance()
      return .parameter(name, place)
    case .sign("("): return try parenthesized(place)
    case .sign("["): return try bracketed(place)
    case .sign("{"):
      advance()
      var members: [(name: String, value: Expression)] = []
      if !isSign("}") {
        repeat {
          let name = try name("a name")
          try require(":")
          members.append((name, try expression()))
        } while take(",")
      }
      try require("}")
      return .map(members)
    case .word(let text, let isQuoted): return try word(text, isQuoted: isQuoted, place)
    case .sign, .end: throw unexpected("an expression")
    }
  }

  /// An expression in brackets, or a pattern that is to be there.
  mutating func parenthesized(_ place: Place) throws -> Expression {
    let pattern = attempt(.pattern) { parser in
      let part = try parser.chain()
      return part.edges.isEmpty ? nil : part
    }
    if let pattern { return .subquery(.pattern, Self.matching(pattern, place), place) }
    advance()
    let inner = try beforeBar(false) { try $0.expression() }
    try require(")")
    return inner
  }

  static func matching(_ part: PatternPart, _ place: Place) -> Query {
    Query(
      parts: [
        [
          .match(
            Clause.Match(
              isOptional: false, parts: [part], condition: nil, place: place))
        ]
      ],
      isAll: true,
      place: place)
  }

  mutating func bracketed(_ place: Place) throws -> Expression {
    advance()
    if case .word = current.kind, isKeyword("IN", at: 1) {
      if let comprehension = listComprehension() { return comprehension }
    } else if let comprehension = try patternComprehension(place) {
      return comprehension
    }
    var items: [Expression] = []
    if !isSign("]") {
      repeat { items.append(try beforeBar(false) { try $0.expression() }) } while take(",")
    }
    try require("]")
    return .list(items)
  }

  /// `[x IN list …]`; `nil` where it is a list, as in `[x IN list, …]`.
  private mutating func listComprehension() -> Expression? {
    attempt(.comprehension) { parser in
      let item = try parser.variable()
      parser.advance()
      let (list, condition) = try parser.beforeBar { (try $0.expression(), try $0.condition()) }
      let map = parser.take("|") ? try parser.beforeBar(false) { try $0.expression() } : nil
      return parser.take("]") ? .listComprehension(item, in: list, where: condition, map: map) : nil
    }
  }

  /// `[p = (a)-->(b) WHERE … | …]`; `nil` where it is none.
  mutating func patternComprehension(_ place: Place) throws -> Expression? {
    let pattern = attempt(.comprehension) { parser -> (path: Variable?, part: PatternPart)? in
      var path: Variable?
      if case .word = parser.current.kind, parser.isSign("=", at: 1), parser.isSign("(", at: 2) {
        path = try parser.variable()
        parser.advance()
      }
      guard parser.isSign("(") else { return nil }
      let part = try parser.chain()
      return !part.edges.isEmpty && (parser.isSign("|") || parser.isKeyword("WHERE")) ? (path, part) : nil
    }
    guard let (path, part) = pattern else { return nil }
    let condition = try beforeBar { try $0.condition() }
    try require("|")
    let value = try beforeBar(false) { try $0.expression() }
    try require("]")
    return .patternComprehension(path: path, part, where: condition, value, place)
  }

  mutating func word(_ text: String, isQuoted: Bool, _ place: Place) throws -> Expression {
    if !isQuoted {
      switch text.uppercased() {
      case "NULL" where !isSign("(", at: 1):
        advance()
        return .literal(.null)
      case "TRUE":
        advance()
        return .literal(.boolean(true))
      case "FALSE":
        advance()
        return .literal(.boolean(false))
      case "CASE": return try caseExpression()
      case "EXISTS" where isSign("{", at: 1): return try subquery(.exists, place)
      case "COUNT" where isSign("{", at: 1): return try subquery(.count, place)
      case "COLLECT" where isSign("{", at: 1): return try subquery(.collect, place)
      case "ALL", "ANY", "NONE", "SINGLE":
        if isSign("(", at: 1), isKeyword("IN", at: 3),
          let kind = Expression.Quantifier(rawValue: text.lowercased())
        {
          advance()
          try require("(")
          let item = try variable()
          try require(keyword: "IN")
          let list = try expression()
          guard let condition = try beforeBar(false, { try $0.condition() }) else {
            throw unexpected("WHERE")
          }
          try require(")")
          return .quantifier(kind, item, in: list, where: condition, place)
        }
      case "REDUCE" where isSign("(", at: 1):
        advance()
        try require("(")
        let accumulator = try variable()
        try require("=")
        let initial = try expression()
        try require(",")
        let item = try variable()
        try require(keyword: "IN")
        let list = try beforeBar { try $0.expression() }
        try require("|")
        let value = try beforeBar(false) { try $0.expression() }
        try require(")")
        return .reduce(accumulator: accumulator, initial: initial, item, in: list, value)
      default:
        if let part = try shortestPathFunction() { return path(part, place) }
      }
    }
    // A function's name may have dots.
    var length = 0
    while case .word = ahead(length).kind, isSign(".", at: length + 1) { length += 2 }
    if case .word = ahead(length).kind, isSign("(", at: length + 1) {
      var name = ""
      for offset in 0...length {
        if case .word(let part, _) = ahead(offset).kind { name += (name.isEmpty ? "" : ".") + part }
      }
      for _ in 0...length { advance() }
      return .call(try arguments(of: name, place))
    }
    return .variable(try variable())
  }

  mutating func arguments(of name: String, _ place: Place) throws -> FunctionCall {
    try require("(")
    var call = FunctionCall(name: name, place: place)
    if take("*") {
      call.isStar = true
    } else if call.function == "trim", let trim = try trimmed(place) {
      call = trim
    } else if !isSign(")") {
      call.isDistinct = take(keyword: "DISTINCT")
      // The same as without it.
      if call.isAggregation, isKeyword("ALL"), beginsOperand(at: 1) { advance() }
      repeat { call.arguments.append(try beforeBar(false) { try $0.expression() }) } while take(",")
    }
    try require(")")
    return call
  }

  /// Whether a value stands there: what stands before it is then no variable.
  private func beginsOperand(at offset: Int) -> Bool {
    switch ahead(offset).kind {
    case .string, .integer, .float, .parameter: true
    case .word(let word, let isQuoted):
      isQuoted
        || !["AND", "OR", "XOR", "IS", "IN", "STARTS", "ENDS", "CONTAINS", "FROM"].contains(word.uppercased())
    case .sign, .end: false
    }
  }

  /// `BOTH "x" FROM text` and its like, as SQL and GQL write what is trimmed.
  private mutating func trimmed(_ place: Place) throws -> FunctionCall? {
    let sides = ["BOTH": "trim", "LEADING": "lTrim", "TRAILING": "rTrim"]
    guard case .word(let word, isQuoted: false) = current.kind, let name = sides[word.uppercased()],
      beginsOperand(at: 1) || isKeyword("FROM", at: 1)
    else { return nil }
    advance()
    var call = FunctionCall(name: name, place: place)
    let characters = isKeyword("FROM") ? nil : try beforeBar(false) { try $0.expression() }
    try require(keyword: "FROM")
    call.arguments = [try beforeBar(false) { try $0.expression() }] + (characters.map { [$0] } ?? [])
    return call
  }

  /// The path, or the list of all, that `shortestPath(…)` gives as a value.
  private mutating func path(_ part: PatternPart, _ place: Place) -> Expression {
    let path = hiddenVariable(at: place)
    let paths = Expression.patternComprehension(path: path, part, where: nil, .variable(path), place)
    return part.selector == .shortest(isAll: true)
      ? paths : .call(FunctionCall(name: "head", arguments: [paths], place: place))
  }

  mutating func subquery(_ kind: Expression.SubqueryKind, _ place: Place) throws -> Expression {
    advance()
    try require("{")
    return try nested { parser in
      let query: Query
      let beginsClause = ["MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CALL"].contains {
        parser.isKeyword($0) && !parser.isSign("=", at: 1)
      }
      if !beginsClause {
        let parts = try parser.matchedParts()
        let condition = try parser.beforeBar(false) { try $0.condition() }
        let match = Clause.Match(isOptional: false, parts: parts, condition: condition, place: place)
        query = Query(parts: [[.match(match)]], isAll: true, place: place)
      } else {
        query = try parser.beforeBar(false) { try $0.query() }
      }
      try parser.require("}")
      return .subquery(kind, query, place)
    }
  }

  mutating func caseExpression() throws -> Expression {
    advance()
    let place = current.place
    let subject = isKeyword("WHEN") ? nil : try expression()
    // The subject is found once, whatever is asked of it, unless that costs nothing.
    let found = subject.map { _ in Expression.variable(hiddenVariable(at: place)) }
    var branches: [(when: Expression, then: Expression)] = []
    var areValues = subject != nil
    while take(keyword: "WHEN") {
      var conditions: [Expression] = []
      repeat {
        if let found, let condition = try condition(on: found) {
          conditions.append(condition)
          areValues = false
        } else if let found {
          let place = current.place
          conditions.append(.comparison(found, [(.equal, try expression())], place))
        } else {
          conditions.append(try conditionExpression())
        }
      } while subject != nil && take(",")
      try require(keyword: "THEN")
      let result = try expression()
      branches += conditions.map { ($0, result) }
    }
    if branches.isEmpty { throw unexpected("WHEN") }
    let otherwise = take(keyword: "ELSE") ? try expression() : nil
    try require(keyword: "END")
    if areValues {
      let values = branches.map { branch in
        if case .comparison(_, let rest, _) = branch.when { (rest[0].operand, branch.then) } else { branch }
      }
      return .cases(subject: subject, values, otherwise: otherwise)
    }
    let cases = Expression.cases(subject: nil, branches, otherwise: otherwise)
    guard let subject, case .variable(let variable)? = found else { return cases }
    if subject.isFoundAgain || cases.aggregates {
      func asked(_ expression: Expression) -> Expression {
        if case .variable(variable) = expression { return subject }
        return expression.mapChildren(asked)
      }
      return .cases(subject: nil, branches.map { (asked($0.when), $0.then) }, otherwise: otherwise)
    }
    let one = Expression.listComprehension(variable, in: .list([subject]), where: nil, map: cases)
    return .call(FunctionCall(name: "head", arguments: [one], place: place))
  }

  /// What WHEN asks of the subject where it is no value: `< 6`, `IS NULL`.
  private mutating func condition(on subject: Expression) throws -> Expression? {
    let place = current.place
    if case .sign(let sign) = current.kind, let comparison = Expression.Comparison(rawValue: sign) {
      advance()
      return .comparison(subject, [(comparison, try predicate())], place)
    }
    if take(keyword: "IS", "NULL") { return .isNull(subject, negated: false) }
    return take(keyword: "IS", "NOT", "NULL") ? .isNull(subject, negated: true) : nil
  }
}

extension Expression {
  /// Whether it is the same each time, and found at once.
  fileprivate var isFoundAgain: Bool {
    switch self {
    case .variable, .parameter, .literal: true
    case .property(let owner, _, _): owner.isFoundAgain
    default: aggregates
    }
  }
}

import KV

extension Parser {
  mutating func expression() throws -> Expression {
    try nested { try $0.disjunction() }
  }

  private mutating func disjunction() throws -> Expression {
    try joined("OR", .or) { try $0.exclusive() }
  }

  private mutating func exclusive() throws -> Expression { try joined("XOR", .xor) { try $0.conjunction() } }

  private mutating func conjunction() throws -> Expression { try joined("AND", .and) { try $0.negation() } }

  /// Operands with the same word between them, of which there may be thousands: a tree that is as deep as their number has digits.
  private mutating func joined(
    _ word: String, _ kind: Expression.BinaryOperator, _ operand: (inout Parser) throws -> Expression
  ) throws -> Expression {
    var operands = [try operand(&self)]
    let place = current.place
    while take(keyword: word) { operands.append(try operand(&self)) }
    func tree(_ operands: ArraySlice<Expression>) -> Expression {
      if operands.count == 1 { return operands[operands.startIndex] }
      let middle = operands.startIndex + operands.count / 2
      return .binary(kind, tree(operands[..<middle]), tree(operands[middle...]), place)
    }
    return tree(operands[...])
  }

  /// What follows each other without end would be a tree without end.
  private func checkLength(_ count: Int, _ place: Place) throws {
    if count > 300 {
      throw place.error("there are more than 300 operators in a row; a list or a parameter holds many")
    }
  }

  private mutating func negation() throws -> Expression {
    let place = current.place
    var count = 0
    while take(keyword: "NOT") { count += 1 }
    try checkLength(count, place)
    var inner = try comparison()
    for _ in 0..<count { inner = .unary(.not, inner, place) }
    return inner
  }

  private mutating func comparison() throws -> Expression {
    let first = try predicate()
    let place = current.place
    var rest: [(sign: Expression.Comparison, operand: Expression)] = []
    while case .sign(let sign) = current.kind, let comparison = Expression.Comparison(rawValue: sign) {
      advance()
      rest.append((comparison, try predicate()))
    }
    return rest.isEmpty ? first : .comparison(first, rest, place)
  }

  /// What stands behind a value as a word: IN, CONTAINS, IS NULL and their like.
  private mutating func predicate() throws -> Expression {
    var left = try sum()
    var count = 0
    while true {
      count += 1
      try checkLength(count, current.place)
      let place = current.place
      if take(keyword: "IN") {
        left = .binary(.isIn, left, try sum(), place)
      } else if take(keyword: "STARTS", "WITH") {
        left = .binary(.startsWith, left, try sum(), place)
      } else if take(keyword: "ENDS", "WITH") {
        left = .binary(.endsWith, left, try sum(), place)
      } else if take(keyword: "CONTAINS") {
        left = .binary(.contains, left, try sum(), place)
      } else if take("=~") {
        left = .binary(.matches, left, try sum(), place)
      } else if take(keyword: "IS", "NOT", "NULL") {
        left = .isNull(left, negated: true)
      } else if take(keyword: "IS", "NULL") {
        left = .isNull(left, negated: false)
      } else {
        return left
      }
    }
  }

  private mutating func sum() throws -> Expression {
    var left = try product()
    var count = 0
    while true {
      count += 1
      try checkLength(count, current.place)
      let place = current.place
      if take("+") {
        left = .binary(.plus, left, try product(), place)
      } else if take("-") {
        left = .binary(.minus, left, try product(), place)
      } else {
        return left
      }
    }
  }

  private mutating func product() throws -> Expression {
    var left = try power()
    var count = 0
    while true {
      count += 1
      try checkLength(count, current.place)
      let place = current.place
      if take("*") {
        left = .binary(.times, left, try power(), place)
      } else if take("/") {
        left = .binary(.divided, left, try power(), place)
      } else if take("%") {
        left = .binary(.modulo, left, try power(), place)
      } else {
        return left
      }
    }
  }

  private mutating func power() throws -> Expression {
    var left = try signed()
    var count = 0
    while true {
      count += 1
      let place = current.place
      try checkLength(count, place)
      guard take("^") else { return left }
      left = .binary(.power, left, try signed(), place)
    }
  }

  private mutating func signed() throws -> Expression {
    let place = current.place
    if take("+") { return .unary(.plus, try nested { try $0.signed() }, place) }
    guard take("-") else { return try postfix() }
    // The least integer has no positive counterpart.
    if case .integer(let text) = current.kind, !isSign(".", at: 1), !isSign("[", at: 1) {
      advance()
      return .literal(.integer(try Self.integer("-" + text, place)))
    }
    return .unary(.minus, try nested { try $0.signed() }, place)
  }

  mutating func postfix() throws -> Expression {
    var value = try atom()
    var count = 0
    while true {
      count += 1
      try checkLength(count, current.place)
      let place = current.place
      if take(".") {
        value = .property(value, try name("a property"), place)
      } else if take("[") {
        if take("..") {
          let end = isSign("]") ? nil : try expression()
          try require("]")
          value = .slice(value, from: nil, to: end, place)
          continue
        }
        let index = try expression()
        if take("..") {
          let end = isSign("]") ? nil : try expression()
          try require("]")
          value = .slice(value, from: index, to: end, place)
        } else {
          try require("]")
          value = .subscripted(value, index, place)
        }
      } else if isSign(":"), case .word = ahead(1).kind {
        advance()
        value = .hasLabels(value, try labelExpression(), place)
      } else if isSign("{"), case .variable = value {
        value = try mapProjection(of: value, place)
      } else {
        return value
      }
    }
  }

  private mutating func mapProjection(of value: Expression, _ place: Place) throws -> Expression {
    try require("{")
    var items: [(name: String, value: Expression?)] = []
    var isAll = false
    if !isSign("}") {
      repeat {
        if take(".") {
          if take("*") { isAll = true } else { items.append((try name("a property"), nil)) }
        } else {
          let itemPlace = current.place
          let name = try name("a name")
          if take(":") {
            items.append((name, try expression()))
          } else {
            items.append((name, .variable(variable(named: name, at: itemPlace))))
          }
        }
      } while take(",")
    }
    try require("}")
    return .mapProjection(value, items, all: isAll, place)
  }

  static func integer(_ text: String, _ place: Place) throws -> Int {
    let isNegative = text.hasPrefix("-")
    var digits = isNegative ? String(text.dropFirst()) : text
    var radix = 10
    for (prefix, base) in [("0x", 16), ("0o", 8)] where digits.hasPrefix(prefix) {
      digits = String(digits.dropFirst(2))
      radix = base
    }
    if digits.isEmpty || !digits.allSatisfy({ $0.isHexDigit }) { throw place.error("'\(text)' is no number") }
    guard let number = Int((isNegative ? "-" : "") + digits, radix: radix) else {
      throw place.error(
        digits.allSatisfy { $0.hexDigitValue.map { $0 < radix } ?? false }
          ? "the number \(text) is too large for an integer" : "'\(text)' is no number")
    }
    return number
  }

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
  private mutating func parenthesized(_ place: Place) throws -> Expression {
    let start = mark
    if let part = try? chain(), !part.edges.isEmpty {
      return .subquery(.pattern, Self.matching(part, place), place)
    }
    goBack(to: start)
    advance()
    let inner = try expression()
    try require(")")
    return inner
  }

  private static func matching(_ part: PatternPart, _ place: Place) -> Query {
    Query(
      parts: [[.match(Clause.Match(isOptional: false, parts: [part], condition: nil, place: place))]],
      isAll: true,
      place: place)
  }

  private mutating func bracketed(_ place: Place) throws -> Expression {
    let start = mark
    advance()
    // `[x IN list …]`
    if case .word = current.kind, isKeyword("IN", at: 1) {
      let item = try variable()
      advance()
      let list = try expression()
      let condition = try condition()
      let map = take("|") ? try expression() : nil
      if take("]") { return .listComprehension(item, in: list, where: condition, map: map) }
      // `[x IN list, …]` is a list.
      goBack(to: start)
      advance()
    } else if let comprehension = try patternComprehension(place) {
      return comprehension
    } else {
      goBack(to: start)
      advance()
    }
    var items: [Expression] = []
    if !isSign("]") {
      repeat { items.append(try expression()) } while take(",")
    }
    try require("]")
    return .list(items)
  }

  /// `[p = (a)-->(b) WHERE … | …]`; `nil` where it is none.
  private mutating func patternComprehension(_ place: Place) throws -> Expression? {
    var path: Variable?
    if case .word = current.kind, isSign("=", at: 1), isSign("(", at: 2) {
      path = try variable()
      advance()
    }
    guard isSign("("), let part = try? chain(), !part.edges.isEmpty, isSign("|") || isKeyword("WHERE") else {
      return nil
    }
    let condition = try condition()
    try require("|")
    let value = try expression()
    try require("]")
    return .patternComprehension(path: path, part, where: condition, value, place)
  }

  private mutating func word(_ text: String, isQuoted: Bool, _ place: Place) throws -> Expression {
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
      case "ALL", "ANY", "NONE", "SINGLE":
        if isSign("(", at: 1), isKeyword("IN", at: 3),
          let kind = Expression.Quantifier(rawValue: text.lowercased())
        {
          advance()
          try require("(")
          let item = try variable()
          try require(keyword: "IN")
          let list = try expression()
          guard let condition = try condition() else { throw unexpected("WHERE") }
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
        let list = try expression()
        try require("|")
        let value = try expression()
        try require(")")
        return .reduce(accumulator: accumulator, initial: initial, item, in: list, value)
      case "SHORTESTPATH" where isSign("(", at: 1), "ALLSHORTESTPATHS" where isSign("(", at: 1):
        throw place.error("\(text) stands in MATCH: MATCH p = \(text)(…)")
      default: break
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

  private mutating func arguments(of name: String, _ place: Place) throws -> FunctionCall {
    try require("(")
    var call = FunctionCall(name: name, arguments: [], place: place)
    if take("*") {
      call.isStar = true
    } else if !isSign(")") {
      call.isDistinct = take(keyword: "DISTINCT")
      repeat { call.arguments.append(try expression()) } while take(",")
    }
    try require(")")
    return call
  }

  private mutating func subquery(_ kind: Expression.SubqueryKind, _ place: Place) throws -> Expression {
    advance()
    try require("{")
    return try nested { parser in
      let query: Query
      if parser.isSign("(")
        || { if case .word = parser.current.kind { parser.isSign("=", at: 1) } else { false } }()
      {
        let parts = try parser.patternParts()
        let condition = try parser.condition()
        let match = Clause.Match(isOptional: false, parts: parts, condition: condition, place: place)
        query = Query(parts: [[.match(match)]], isAll: true, place: place)
      } else {
        query = try parser.query()
      }
      try parser.require("}")
      return .subquery(kind, query, place)
    }
  }

  private mutating func caseExpression() throws -> Expression {
    advance()
    let subject = isKeyword("WHEN") ? nil : try expression()
    var branches: [(when: Expression, then: Expression)] = []
    while take(keyword: "WHEN") {
      let condition = try expression()
      try require(keyword: "THEN")
      branches.append((condition, try expression()))
    }
    if branches.isEmpty { throw unexpected("WHEN") }
    let otherwise = take(keyword: "ELSE") ? try expression() : nil
    try require(keyword: "END")
    return .cases(subject: subject, branches, otherwise: otherwise)
  }
}

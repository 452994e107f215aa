import KV

extension Parser {
  mutating func expression() throws -> Expression {
    try nested { try $0.disjunction() }
  }

  mutating func disjunction() throws -> Expression {
    try joined("OR", .or) { try $0.exclusive() }
  }

  mutating func exclusive() throws -> Expression { try joined("XOR", .xor) { try $0.conjunction() } }

  mutating func conjunction() throws -> Expression { try joined("AND", .and) { try $0.negation() } }

  /// Operands with the same word between them, of which there may be thousands: a tree that is as deep as their number has digits.
  mutating func joined(
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
  func checkLength(_ count: Int, _ place: Place) throws {
    if count > 300 {
      throw place.error("there are more than 300 operators in a row; a list or a parameter holds many")
    }
  }

  mutating func negation() throws -> Expression {
    let place = current.place
    var count = 0
    while take(keyword: "NOT") { count += 1 }
    try checkLength(count, place)
    var inner = try comparison()
    for _ in 0..<count { inner = .unary(.not, inner, place) }
    return inner
  }

  mutating func comparison() throws -> Expression {
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
  mutating func predicate() throws -> Expression {
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
      } else if let test = try gqlTest(of: left) {
        left = test
      } else if take(keyword: "IS", "NOT", "LABELED") {
        left = .unary(.not, .hasLabels(left, try testedLabels(), place), place)
      } else if take(keyword: "IS", "LABELED")
        || beginsLabels(at: 1) && !isKeyword("NOT", at: 1) && take(keyword: "IS")
      {
        left = .hasLabels(left, try testedLabels(), place)
      } else {
        return left
      }
    }
  }

  /// GQL's tests behind IS or IS NOT: TRUE, FALSE, UNKNOWN, DIRECTED, SOURCE OF an edge, DESTINATION OF one.
  private mutating func gqlTest(of value: Expression) throws -> Expression? {
    guard isKeyword("IS") else { return nil }
    let place = current.place
    let isDenied = isKeyword("NOT", at: 1)
    let offset = isDenied ? 2 : 1
    guard case .word(let word, isQuoted: false) = ahead(offset).kind else { return nil }
    let isOfEdge = isKeyword("OF", at: offset + 1)
    var test: Expression
    switch word.uppercased() {
    case "TRUE", "FALSE":
      if value.isNoCondition { throw place.error("IS \(word.uppercased()) asks what is true or false") }
      advance(by: offset + 1)
      let wanted = word.uppercased() == "TRUE" ? value : .unary(.not, value, place)
      test = .binary(.and, wanted, .isNull(value, negated: true), place)
    case "UNKNOWN":
      advance(by: offset + 1)
      test = .isNull(.unary(.not, value, place), negated: false)
    case "DIRECTED":
      advance(by: offset + 1)
      test = .isDirected(value, place)
    case "SOURCE" where isOfEdge, "DESTINATION" where isOfEdge:
      advance(by: offset + 2)
      let edge = try sum()
      let end = FunctionCall(
        name: word.uppercased() == "SOURCE" ? "startNode" : "endNode", arguments: [edge], place: place)
      test = .binary(
        .and, .isDirected(edge, place), .comparison(.call(end), [(.equal, value)], place), place)
    default: return nil
    }
    if isDenied { test = .unary(.not, test, place) }
    return test
  }

  mutating func sum() throws -> Expression {
    try chained([("+", .plus), ("-", .minus), ("||", .joined)]) { try $0.product() }
  }

  mutating func product() throws -> Expression {
    try chained([("*", .times), ("/", .divided), ("%", .modulo)]) { try $0.power() }
  }

  mutating func power() throws -> Expression { try chained([("^", .power)]) { try $0.signed() } }

  /// Operands with signs between them, of which the first is carried out first.
  private mutating func chained(
    _ signs: [(sign: String, kind: Expression.BinaryOperator)], _ operand: (inout Parser) throws -> Expression
  ) throws -> Expression {
    var left = try operand(&self)
    var count = 0
    while true {
      count += 1
      let place = current.place
      try checkLength(count, place)
      guard let kind = signs.first(where: { take($0.sign) })?.kind else { return left }
      left = .binary(kind, left, try operand(&self), place)
    }
  }

  mutating func signed() throws -> Expression {
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
      } else if isSign(":"), beginsLabels(at: 1) {
        advance()
        value = .hasLabels(value, try testedLabels(), place)
      } else if isSign("{"), case .variable = value {
        value = try mapProjection(of: value, place)
      } else {
        return value
      }
    }
  }

  /// Whether a label stands here, or an expression of labels.
  private func beginsLabels(at offset: Int) -> Bool {
    if case .word = ahead(offset).kind { return true }
    return ["!", "%", "("].contains { isSign($0, at: offset) }
  }

  mutating func mapProjection(of value: Expression, _ place: Place) throws -> Expression {
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
}

extension Expression {
  /// Whether an edge leads one way.
  static func isDirected(_ edge: Expression, _ place: Place) -> Expression {
    .call(FunctionCall(name: "isDirected", arguments: [edge], place: place))
  }
}

import KV

/// Reads a condition, by recursive descent.
struct PredicateParser {
  private enum Token: Equatable {
    case word(String)
    case name(String)
    case literal(String)
    case symbol(String)
    case end
  }

  /// By scalars: a mark that begins a string does not join its quote.
  private let text: [Unicode.Scalar]
  private var index = 0
  private var token = Token.end
  /// Where the token begins.
  private var column = 1
  private var depth = 0
  /// How many conditions were joined by `and` and `or`.
  private var joined = 0

  private let own: [PredicateExpression.OwnPart]

  /// - Parameter own: what may stand behind `@`.
  init(_ text: String, own: [PredicateExpression.OwnPart]) {
    self.text = Array(text.unicodeScalars)
    self.own = own
  }

  mutating func parse() throws -> PredicateExpression {
    try advance()
    let expression = try or()
    if token != .end { throw error("expected 'and', 'or' or the end") }
    return expression
  }

  private func error(_ reason: String, at column: Int? = nil) -> KVError {
    KVError(.usage, "the condition, column \(column ?? self.column): \(reason)")
  }

  private mutating func or() throws -> PredicateExpression {
    var left = try and()
    while token == .word("or") {
      try advance()
      try count()
      left = .or(left, try and())
    }
    return left
  }

  /// They stand in each other, one a level.
  private mutating func count() throws {
    joined += 1
    if joined > 1000 { throw error("more than 1,000 conditions") }
  }

  private mutating func and() throws -> PredicateExpression {
    var left = try not()
    while token == .word("and") {
      try advance()
      try count()
      left = .and(left, try not())
    }
    return left
  }

  private mutating func not() throws -> PredicateExpression {
    depth += 1
    defer { depth -= 1 }
    // Deeper than anybody writes, and than the stack is.
    if depth > 200 { throw error("nested deeper than 200 levels") }
    switch token {
    case .word("not"):
      try advance()
      return .not(try not())
    case .word("exists"):
      try advance()
      return .exists(try operand())
    case .symbol("("):
      try advance()
      let inner = try or()
      guard token == .symbol(")") else { throw error("expected ')'") }
      try advance()
      return inner
    default: return try comparison()
    }
  }

  private mutating func comparison() throws -> PredicateExpression {
    let left = try operand()
    guard case .symbol(let symbol) = token, let comparison = PredicateExpression.Comparison(rawValue: symbol)
    else {
      throw error("expected =, !=, <, <=, > or >=")
    }
    try advance()
    return .comparison(left, comparison, try operand())
  }

  private mutating func operand() throws -> PredicateExpression.Operand {
    switch token {
    case .word("true"), .word("false"), .word("null"):
      guard case .word(let word) = token else { break }
      try advance()
      return .literal(try JSON(parsing: word))
    case .literal(let text):
      guard let value = try? JSON(parsing: text) else { throw error("\(text) is no JSON string or number") }
      try advance()
      return .literal(value)
    case .symbol("@"): return try ownPart()
    case .word(let first), .name(let first):
      if case .word("and") = token { break }
      if case .word("or") = token { break }
      try advance()
      return .member(try path(from: first).map { $0[...] })
    default: break
    }
    throw error("expected a name, a string or a number")
  }

  /// What follows `@`.
  private mutating func ownPart() throws -> PredicateExpression.Operand {
    let start = column
    try advance()
    let names = own.map { "@\($0.rawValue)" }
    let expected = names.dropLast().joined(separator: ", ") + " or \(names.last ?? "")"
    guard case .word(let first) = token else { throw error("expected \(expected)") }
    try advance()
    let name = try path(from: first).joined(separator: ".")
    guard let part = own.first(where: { $0.rawValue == name }) else {
      throw error("expected \(expected)", at: start)
    }
    return .own(part)
  }

  private mutating func path(from first: String) throws -> [String] {
    var path = [first]
    while token == .symbol(".") {
      try advance()
      switch token {
      case .word(let name), .name(let name),
        .literal(let name) where !name.hasPrefix("\""):
        path.append(name)
      default: throw error("expected a name after '.'")
      }
      try advance()
    }
    return path
  }

  private mutating func advance() throws {
    while index < text.count, text[index].properties.isWhitespace { index += 1 }
    column = index + 1
    guard index < text.count else {
      token = .end
      return
    }
    let character = text[index]
    if character.properties.isAlphabetic || character == "_" {
      token = .word(take { $0.isInWord || $0 == "-" })
    } else if character.isNumber || character == "-" {
      // After a dot it is a position, which has no fraction.
      let isPosition = token == .symbol(".")
      token = .literal(take { $0.isNumber || (!isPosition && "+-.eE".unicodeScalars.contains($0)) })
    } else if character == "\"" {
      token = .literal(try quoted())
    } else if character == "`" {
      index += 1
      token = .name(take { $0 != "`" })
      guard index < text.count else { throw error("the name does not end: expected `") }
      index += 1
    } else {
      let two = string(index..<min(index + 2, text.count))
      let symbol = ["!=", "<=", ">="].contains(two) ? two : String(character)
      guard ["!=", "<=", ">=", "=", "<", ">", "(", ")", ".", "@"].contains(symbol) else {
        throw error("unexpected \(JSON(symbol).text)")
      }
      index += symbol.count
      token = .symbol(symbol)
    }
  }

  private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
    let start = index
    while index < text.count, isPart(text[index]) { index += 1 }
    return string(start..<index)
  }

  private func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(text[range])) }

  /// A JSON string, quotes and all.
  private mutating func quoted() throws -> String {
    let start = index
    index += 1
    while index < text.count, text[index] != "\"" { index += text[index] == "\\" ? 2 : 1 }
    guard index < text.count else { throw error("the string does not end: expected \"") }
    index += 1
    return string(start..<index)
  }
}

extension Unicode.Scalar {
  fileprivate var isNumber: Bool { properties.numericType != nil }

  /// Whether it may stand in a word behind its first letter: with the marks and joiners of scripts that need them.
  fileprivate var isInWord: Bool {
    properties.isAlphabetic || properties.isIDContinue || isNumber || properties.isJoinControl
  }
}

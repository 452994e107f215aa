import KV

extension Evaluator {
  static func compares(_ left: Value, _ kind: Expression.Comparison, _ right: Value) -> Bool? {
    if kind == .equal { return Value.equals(left, right) }
    if kind == .notEqual { return Value.equals(left, right).map { !$0 } }
    if left.isNull || right.isNull { return nil }
    guard let order = Value.compare(left, right) else {
      // No number is neither less nor more than any.
      return left.number != nil && right.number != nil ? false : nil
    }
    switch kind {
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    default: return order >= 0
    }
  }

  func unary(_ kind: Expression.UnaryOperator, _ operand: Value, _ place: Place) throws -> Value {
    switch (kind, operand) {
    case (_, .null): return .null
    case (.not, .boolean(let value)): return .boolean(!value)
    case (.not, _): throw place.error("NOT needs true or false, not \(operand.kind)")
    case (.plus, .integer), (.plus, .float): return operand
    case (.minus, .float(let number)): return .float(-number)
    case (.minus, .integer(let number)):
      let (result, isOver) = 0.subtractingReportingOverflow(number)
      if isOver { throw place.error("the result is too large for an integer") }
      return .integer(result)
    default: throw place.error("a sign needs a number, not \(operand.kind)")
    }
  }

  func binary(
    _ kind: Expression.BinaryOperator, _ left: Expression, _ right: Expression, _ row: Row,
    _ aggregates: [Value],
    _ place: Place
  ) async throws -> Value {
    let first = try await value(of: left, row, aggregates)
    switch kind {
    case .and, .or:
      let decides = kind == .or
      let known = try logical(first, kind, place)
      if known == decides { return .boolean(decides) }
      let other = try logical(try await value(of: right, row, aggregates), kind, place)
      if other == decides { return .boolean(decides) }
      return known == nil || other == nil ? .null : .boolean(!decides)
    case .xor:
      let known = try logical(first, kind, place)
      let other = try logical(try await value(of: right, row, aggregates), kind, place)
      guard let known, let other else { return .null }
      return .boolean(known != other)
    default: break
    }
    let second = try await value(of: right, row, aggregates)
    switch kind {
    case .isIn:
      let (sought, list) = try await sought(first, of: left, in: second, row, aggregates)
      return try contains(list, sought, place)
    case .contains, .startsWith, .endsWith, .matches:
      guard case .string(let text) = first, case .string(let other) = second else { return .null }
      switch kind {
      case .contains:
        return .boolean(other.isEmpty || text.utf8.count >= other.utf8.count && text.containsBytes(of: other))
      case .startsWith: return .boolean(text.utf8.starts(with: other.utf8))
      case .endsWith: return .boolean(text.utf8.reversed().starts(with: other.utf8.reversed()))
      default: return .boolean(try matches(text, other, place))
      }
    default: return try Arithmetic.apply(kind, first, second, place)
    }
  }

  func logical(_ value: Value, _ kind: Expression.BinaryOperator, _ place: Place) throws -> Bool? {
    switch value {
    case .null: return nil
    case .boolean(let value): return value
    default: throw place.error("\(kind.rawValue) needs true or false, not \(value.kind)")
    }
  }

  func contains(_ list: Value, _ wanted: Value, _ place: Place) throws -> Value {
    switch list {
    case .null: return .null
    case .list(let values):
      var isUnknown = false
      for value in values {
        switch Value.equals(value, wanted) {
        case true?: return .boolean(true)
        case nil: isUnknown = true
        case false?: break
        }
      }
      return isUnknown ? .null : .boolean(false)
    default: throw place.error("IN needs a list, not \(list.kind)")
    }
  }

  /// Of as many regular expressions is kept what was made of them; a pattern may come from the graph.
  private static let mostExpressions = 1000

  /// Whether a regular expression matches a whole text, compared by code points as all texts are.
  func matches(_ text: String, _ pattern: String, _ place: Place) throws -> Bool {
    do {
      let expression = try expressions[ByteKey(pattern)] ?? Regex(pattern).matchingSemantics(.unicodeScalar)
      if expressions.count == Self.mostExpressions { expressions = [:] }
      expressions[ByteKey(pattern)] = expression
      return try expression.wholeMatch(in: text) != nil
    } catch {
      throw place.error("\(JSON(pattern)) is no regular expression that is understood here")
    }
  }
}

extension String {
  fileprivate func containsBytes(of other: String) -> Bool {
    let (text, part) = (Array(utf8), Array(other.utf8))
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }
}

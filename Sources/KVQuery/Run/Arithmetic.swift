import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sums, products and their like, of numbers, strings and lists.
enum Arithmetic {
  static func apply(_ kind: Expression.BinaryOperator, _ left: Value, _ right: Value, _ place: Place) throws
    -> Value
  {
    if kind == .plus {
      switch (left, right) {
      case (.list(let left), .list(let right)): return .list(left + right)
      case (.list(let values), _): return .list(values + [right])
      case (_, .list(let values)): return .list([left] + values)
      case (.null, _), (_, .null): return .null
      case (.string(let left), .string(let right)): return .string(left + right)
      case (.string(let text), .integer), (.string(let text), .float):
        return .string(text + right.description)
      case (.integer, .string(let text)), (.float, .string(let text)): return .string(left.description + text)
      default: break
      }
    }
    if kind == .joined {
      switch (left, right) {
      case (.null, _), (_, .null): return .null
      case (.list(let left), .list(let right)): return .list(left + right)
      case (.string(let left), .string(let right)): return .string(left + right)
      default: throw mismatch(kind, left, right, place)
      }
    }
    switch (left, right) {
    case (.null, _), (_, .null): return .null
    case (.temporal, _), (_, .temporal), (.duration, _), (_, .duration):
      return try times(kind, left, right, place)
    case (.integer(let left), .integer(let right)): return try integers(kind, left, right, place)
    default:
      guard let first = left.number, let second = right.number else {
        throw mismatch(kind, left, right, place)
      }
      return .float(floats(kind, first, second))
    }
  }

  private static func mismatch(
    _ kind: Expression.BinaryOperator, _ left: Value, _ right: Value, _ place: Place
  ) -> KVError {
    place.error("\(kind.rawValue) does not go with \(left.kind) and \(right.kind)")
  }

  private static func times(
    _ kind: Expression.BinaryOperator, _ left: Value, _ right: Value, _ place: Place
  ) throws -> Value {
    try place.locating {
      switch (kind, left, right) {
      case (.plus, .temporal(let temporal), .duration(let duration)),
        (.plus, .duration(let duration), .temporal(let temporal)):
        return .temporal(try temporal.adding(duration))
      case (.minus, .temporal(let temporal), .duration(let duration)):
        return .temporal(try temporal.adding(-duration))
      case (.plus, .duration(let left), .duration(let right)): return .duration(try left + right)
      case (.minus, .duration(let left), .duration(let right)): return .duration(try left + -right)
      case (.times, .duration(let duration), let factor), (.times, let factor, .duration(let duration)):
        guard let number = factor.number else { throw mismatch(kind, left, right, place) }
        return .duration(try duration.scaled(by: number))
      case (.divided, .duration(let duration), let divisor):
        guard let number = divisor.number else { throw mismatch(kind, left, right, place) }
        if number == 0 { throw place.error("division by zero") }
        return .duration(try duration.divided(by: number))
      default: throw mismatch(kind, left, right, place)
      }
    }
  }

  private static func integers(_ kind: Expression.BinaryOperator, _ left: Int, _ right: Int, _ place: Place)
    throws
    -> Value
  {
    let result: (partialValue: Int, overflow: Bool)
    switch kind {
    case .plus: result = left.addingReportingOverflow(right)
    case .minus: result = left.subtractingReportingOverflow(right)
    case .times: result = left.multipliedReportingOverflow(by: right)
    case .divided, .modulo:
      if right == 0 { throw place.error("division by zero") }
      // Which has no remainder, though the quotient may be too large.
      if kind != .divided, right == -1 { return .integer(0) }
      result =
        kind == .divided
        ? left.dividedReportingOverflow(by: right) : left.remainderReportingOverflow(dividingBy: right)
    default: return .float(pow(Double(left), Double(right)))
    }
    if result.overflow { throw place.error("the result is too large for an integer") }
    return .integer(result.partialValue)
  }

  private static func floats(_ kind: Expression.BinaryOperator, _ left: Double, _ right: Double) -> Double {
    switch kind {
    case .plus: left + right
    case .minus: left - right
    case .times: left * right
    case .divided: left / right
    case .modulo: fmod(left, right)
    default: pow(left, right)
    }
  }
}

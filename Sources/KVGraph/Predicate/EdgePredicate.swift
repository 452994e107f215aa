import KV

/// A condition on edges, as people write it:
///
///     since >= "2024-01-15" and status = "active"
///     @type != "blocks" and not (address.city = "Ulm" or exists tags.0)
///
/// A name is a member of the edge's data, dots lead inside, a number is a position in an array, backquotes hold any text. `@type`,
/// `@from.type`, `@from.id`, `@to.type` and `@to.id` are the edge's own. Literals are JSON's: strings, numbers, `true`, `false`,
/// `null`. Operators: `=`, `!=`, `<`, `<=`, `>`, `>=`; `not` before `and` before `or`. What is not there is as `null`; `exists`
/// tells the difference. Values of different kinds are unequal and in no order; strings are ordered by their bytes.
public struct EdgePredicate: Sendable {
  indirect enum Expression: Sendable {
    case or(Expression, Expression)
    case and(Expression, Expression)
    case not(Expression)
    case exists(Operand)
    case comparison(Operand, Comparison, Operand)
  }

  enum Operand: Sendable {
    case member([Substring])
    case edgeType
    case node(isFrom: Bool, isType: Bool)
    case literal(JSON)
  }

  enum Comparison: String, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
  }

  private let expression: Expression

  /// Throws a usage error that names the column, from 1.
  public init(_ text: String) throws {
    var parser = PredicateParser(text)
    expression = try parser.parse()
  }

  public func admits(_ edge: Edge) -> Bool { Self.holds(expression, for: edge) }

  private static func holds(_ expression: Expression, for edge: Edge) -> Bool {
    switch expression {
    case .or(let left, let right): holds(left, for: edge) || holds(right, for: edge)
    case .and(let left, let right): holds(left, for: edge) && holds(right, for: edge)
    case .not(let inner): !holds(inner, for: edge)
    case .exists(let operand): value(of: operand, in: edge) != nil
    case .comparison(let left, let comparison, let right):
      comparison.holds(value(of: left, in: edge) ?? .null, value(of: right, in: edge) ?? .null)
    }
  }

  private static func value(of operand: Operand, in edge: Edge) -> JSON? {
    switch operand {
    case .member(let path): edge.data?.member(at: path[...])
    case .edgeType: JSON(edge.type)
    case .node(let isFrom, let isType):
      JSON(isType ? (isFrom ? edge.from.type : edge.to.type) : (isFrom ? edge.from.id : edge.to.id))
    case .literal(let value): value
    }
  }
}

extension EdgePredicate.Comparison {
  func holds(_ left: JSON, _ right: JSON) -> Bool {
    guard let order = left.order(to: right) else { return self == .unequal }
    return switch self {
    case .equal: order == 0
    case .unequal: order != 0
    case .less: order < 0
    case .atMost: order <= 0
    case .greater: order > 0
    case .atLeast: order >= 0
    }
  }
}

extension JSON {
  /// Below 0 where it comes before the other, 0 where they are equal, `nil` where they have no order.
  func order(to other: JSON) -> Int? {
    switch (kind, other.kind) {
    case (.number, .number): return numericOrder(to: other)
    case (.string, .string):
      guard let left = string, let right = other.string else { return nil }
      if left.utf8.elementsEqual(right.utf8) { return 0 }
      return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    default: return self == other ? 0 : nil
    }
  }
}

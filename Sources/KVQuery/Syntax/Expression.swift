/// A part of a query that has a value.
indirect enum Expression: Sendable {
  case literal(Value)
  case parameter(String, Place)
  case variable(Variable)
  case property(Expression, String, Place)
  case subscripted(Expression, Expression, Place)
  case slice(Expression, from: Expression?, to: Expression?, Place)
  case list([Expression])
  case map([(name: String, value: Expression)])
  case unary(UnaryOperator, Expression, Place)
  case binary(BinaryOperator, Expression, Expression, Place)
  /// `a < b <= c`: all pairs side by side.
  case comparison(Expression, [(sign: Comparison, operand: Expression)], Place)
  case isNull(Expression, negated: Bool)
  /// `n:A|B`.
  case hasLabels(Expression, LabelExpression, Place)
  case call(FunctionCall)
  case cases(subject: Expression?, [(when: Expression, then: Expression)], otherwise: Expression?)
  case listComprehension(Variable, in: Expression, where: Expression?, map: Expression?)
  case quantifier(Quantifier, Variable, in: Expression, where: Expression, Place)
  case reduce(accumulator: Variable, initial: Expression, Variable, in: Expression, Expression)
  case patternComprehension(path: Variable?, PatternPart, where: Expression?, Expression, Place)
  /// `EXISTS { … }` and a bare pattern, `COUNT { … }`, or `COLLECT { … }`.
  case subquery(SubqueryKind, Query, Place)
  case mapProjection(Expression, [(name: String, value: Expression?)], all: Bool, Place)

  enum UnaryOperator: Sendable { case not, minus, plus }
  enum BinaryOperator: String, Sendable {
    case or = "OR"
    case xor = "XOR"
    case and = "AND"
    case plus = "+"
    case minus = "-"
    /// Of strings, or of lists, and of nothing else.
    case joined = "||"
    case times = "*"
    case divided = "/"
    case modulo = "%"
    case power = "^"
    case contains = "CONTAINS"
    case startsWith = "STARTS WITH"
    case endsWith = "ENDS WITH"
    case matches = "=~"
    case isIn = "IN"
  }
  enum Comparison: String, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// Whether it asks only whether two are the same.
    var isEquality: Bool { self == .equal || self == .notEqual }
  }
  enum Quantifier: String, Sendable { case all, any, none, single }
  enum SubqueryKind: Sendable {
    case exists, count, collect
    /// A bare pattern that is to be there.
    case pattern
  }
}

/// A variable: its name, and where its value stands in a row. Names that are the same have the same place.
struct Variable: Sendable, Hashable {
  var name: String
  var slot: Int
  var place: Place

  /// What begins the names of variables that no query can name.
  static let hiddenMark: Character = "\0"
  var isHidden: Bool { name.first == Self.hiddenMark }

  static func == (left: Variable, right: Variable) -> Bool { left.slot == right.slot }
  func hash(into hasher: inout Hasher) { hasher.combine(slot) }
}

struct FunctionCall: Sendable {
  /// As it was written.
  let name: String
  /// What is called so, in small letters.
  let function: String
  var arguments: [Expression]
  var isDistinct = false
  /// `count(*)`.
  var isStar = false
  var place: Place
  /// Of an aggregation, its number among those of its projection.
  var aggregate: Int?

  init(name: String, arguments: [Expression] = [], place: Place) {
    (self.name, self.arguments, self.place) = (name, arguments, place)
    let lowercased = name.lowercased()
    function = Functions.synonyms[lowercased] ?? lowercased
  }
}

extension Expression {
  /// What holds where all of some conditions hold; `nil` for none.
  static func conjunction(_ conditions: [Expression?], at place: Place) -> Expression? {
    let conditions = conditions.compactMap { $0 }
    return conditions.dropFirst().reduce(conditions.first) { left, right in
      left.map { .binary(.and, $0, right, place) }
    }
  }

  /// Whether it is the property that nodes have of themselves.
  var asksForID: Bool { if case .property(_, "id", _) = self { true } else { false } }

  /// What has to hold together.
  var conjuncts: [Expression] {
    if case .binary(.and, let left, let right, _) = self { return left.conjuncts + right.conjuncts }
    return [self]
  }
}

/// A query: parts that UNION joins.
struct Query: Sendable {
  var parts: [[Clause]]
  /// Between the parts.
  var isAll: Bool
  var place: Place
}

enum Clause: Sendable {
  case match(Match)
  case unwind(Expression, Variable)
  case with(Projection, where: Expression?)
  case `return`(Projection)
  case create([PatternPart], Place)
  case merge(PatternPart, onCreate: [SetItem], onMatch: [SetItem], Place)
  case set([SetItem], Place)
  case remove([RemoveItem], Place)
  case delete([Expression], isDetaching: Bool, Place)

  struct Match: Sendable {
    var isOptional: Bool
    var parts: [PatternPart]
    var condition: Expression?
    var place: Place
  }
}

struct Projection: Sendable {
  var isDistinct = false
  /// `*`: all variables, before the items.
  var isStar = false
  var items: [Item] = []
  var order: [SortItem] = []
  var skip: Bound?
  var limit: Bound?
  var place: Place

  struct Item: Sendable {
    var expression: Expression
    /// Where the value goes.
    var variable: Variable
    /// What the column is called: the alias, or the expression as it was written.
    var name: String
    var isAliased: Bool
  }

  /// How many rows, and where that is said.
  struct Bound: Sendable {
    var expression: Expression
    var place: Place
  }

  struct SortItem: Sendable {
    var expression: Expression
    var isDescending: Bool
    /// Whether null comes before all else; it is the largest value where nothing is said.
    var nullsFirst: Bool
  }
}

extension Projection {
  /// Gives each aggregation its number.
  mutating func numberAggregations() {
    var count = 0
    func number(_ expression: Expression) -> Expression {
      if case .call(var call) = expression, call.isAggregation {
        call.aggregate = count
        count += 1
        return .call(call)
      }
      return expression.mapChildren(number)
    }
    for place in items.indices { items[place].expression = number(items[place].expression) }
    for place in order.indices { order[place].expression = number(order[place].expression) }
  }
}

enum SetItem: Sendable {
  case property(Expression, String, Expression, Place)
  /// `n = {…}` or `n += {…}`.
  case properties(Variable, Expression, isMerging: Bool)
  case labels(Variable, [String])
}

enum RemoveItem: Sendable {
  case property(Expression, String, Place)
  case labels(Variable, [String])
}

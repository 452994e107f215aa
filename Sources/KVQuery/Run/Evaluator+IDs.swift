/// A node's id is text, and may be asked for by its number, as in `n.id = 3` and `n.id IN [3, 4]`. That goes for the id alone: an attribute of
/// that name is one like any other, unless it says the same.
extension Evaluator {
  typealias Operand = (expression: Expression, value: Value)

  /// Two values that are compared for being equal, a number as text where the other is a node's id.
  func equated(_ left: Operand, _ right: Operand, _ row: Row, _ aggregates: [Value]) async throws
    -> (Value, Value)
  {
    guard left.value.isInteger || right.value.isInteger else { return (left.value, right.value) }
    let ids = (
      try await ownID(left.expression, row, aggregates), try await ownID(right.expression, row, aggregates)
    )
    if left.expression.asksForID, right.expression.asksForID {
      return (ids.0.map { .string($0) } ?? left.value, ids.1.map { .string($0) } ?? right.value)
    }
    return Self.equated((left.value, ids.0), (right.value, ids.1))
  }

  /// - Parameters: values, and the nodes' ids that they are.
  private static func equated(_ left: (value: Value, id: String?), _ right: (value: Value, id: String?)) -> (
    Value, Value
  ) {
    if left.id == nil, right.id == nil { return (left.value, right.value) }
    return (left.value.asID, right.value.asID)
  }

  /// A value that is looked for in a list, with numbers as text where it is a node's id.
  func sought(
    _ value: Value, of expression: Expression, in list: Value, _ row: Row, _ aggregates: [Value]
  ) async throws -> (Value, Value) {
    guard case .list(let values) = list, value.isInteger || values.contains(where: \.isInteger),
      let id = try await ownID(expression, row, aggregates)
    else { return (value, list) }
    return (.string(id), .list(values.map(\.asID)))
  }

  private func ownID(_ expression: Expression, _ row: Row, _ aggregates: [Value]) async throws -> String? {
    guard case .property(let owner, "id", let place) = expression else { return nil }
    return try await ownID(of: try await value(of: owner, row, aggregates), at: place)
  }

  /// A node's id; `nil` where the property `id` is an attribute that says something else, or the owner is no node.
  func ownID(of owner: Value, at place: Place) async throws -> String? {
    guard case .node(let node) = owner,
      case .string(let text) = try await property("id", of: owner, at: place).asID,
      text.hasSameBytes(as: node.reference.id)
    else { return nil }
    return text
  }

  /// Whether a property of an element is equal to a value.
  /// - Parameter expression: what the value was computed of, where that is known.
  func isEqual(
    _ name: String, of owner: Value, to value: Value, of expression: Expression?, _ row: Row, at place: Place
  ) async throws -> Bool {
    let own = try await property(name, of: owner, at: place)
    guard own.isInteger || value.isInteger else { return Value.equals(own, value) == true }
    let id = name == "id" ? try await ownID(of: owner, at: place) : nil
    var other: String?
    if let expression { other = try await ownID(expression, row, []) }
    let (left, right) = Self.equated((own, id), (value, other))
    return Value.equals(left, right) == true
  }
}

extension Value {
  fileprivate var isInteger: Bool { if case .integer = self { true } else { false } }

  /// As an id is asked for: an integer as the text that it is written as, any other value as it is.
  var asID: Value { if case .integer(let number) = self { .string(String(number)) } else { self } }

  /// What may be equal to it where it is an id: itself, and the number that it is the text of, or the text of the number.
  var asIDOrNumber: [Value] {
    switch self {
    case .integer: [self, asID]
    case .string(let text): [self] + (Int(text).flatMap { String($0) == text ? [.integer($0)] : nil } ?? [])
    default: [self]
    }
  }
}

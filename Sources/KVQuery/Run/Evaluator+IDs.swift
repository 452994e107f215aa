/// A node's id is text, and may be asked for by its number, as in `n.id = 3` and `n.id IN [3, 4]`.
extension Evaluator {
  typealias Operand = (expression: Expression, value: Value)

  /// Two values that are compared for being equal, a number as text where the other is a node's id. What indexes compare is taken as it is: one
  /// attribute with another.
  func equated(_ left: Operand, _ right: Operand, _ row: Row, _ aggregates: [Value]) async throws
    -> (Value, Value)
  {
    func asked(_ number: Operand, of id: Operand) async throws -> Value {
      guard case (.string, .integer) = (id.value, number.value),
        try await isNodeID(id.expression, row, aggregates),
        try await !isAttribute(number.expression, row, aggregates)
      else { return number.value }
      return number.value.asID
    }
    return (try await asked(left, of: right), try await asked(right, of: left))
  }

  /// The list in which a value is looked for, with its numbers as text where the value is a node's id.
  func list(_ list: Value, of value: Value, by expression: Expression, _ row: Row, _ aggregates: [Value])
    async throws -> Value
  {
    guard case (.string, .list(let values)) = (value, list),
      values.contains(where: { if case .integer = $0 { true } else { false } }),
      try await isNodeID(expression, row, aggregates)
    else { return list }
    return .list(values.map(\.asID))
  }

  private func isNodeID(_ expression: Expression, _ row: Row, _ aggregates: [Value]) async throws -> Bool {
    guard case .property(let owner, "id", _) = expression,
      case .node = try await value(of: owner, row, aggregates)
    else { return false }
    return true
  }

  /// Whether it is an attribute of a node or a member of an edge's data.
  private func isAttribute(_ expression: Expression, _ row: Row, _ aggregates: [Value]) async throws -> Bool {
    guard case .property(let owner, _, _) = expression else { return false }
    switch try await value(of: owner, row, aggregates) {
    case .node, .edge: return true
    default: return false
    }
  }
}

extension Value {
  /// As an id is asked for: an integer as the text that it is written as, any other value as it is.
  var asID: Value { if case .integer(let number) = self { .string(String(number)) } else { self } }
}

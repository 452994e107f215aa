import KV

/// The `where` clause of a selection, with its parameters.
struct SQLFilter {
  private var conditions: [String] = []
  private(set) var parameters: [SQLValue] = []

  init(_ selection: Selection) {
    let (from, to) = selection.bounds
    if !from.isEmpty { add("key >= ", .text(from)) }
    if let to { add("key < ", .text(to)) }
    if case .type(let type) = selection { add("type = ", .text(type)) }
  }

  mutating func bind(_ value: SQLValue) -> String {
    parameters.append(value)
    return "?\(parameters.count)"
  }

  mutating func add(_ comparison: String, _ value: SQLValue) {
    conditions.append(comparison + bind(value))
  }

  var clause: String { conditions.isEmpty ? "" : " where " + conditions.joined(separator: " and ") }
}

/// The values of a query's variables, by their places; `nil` for what is not bound.
struct Row: Sendable {
  private var values: [Value?]
  /// How many rows it stands for, all alike in what is asked for; more than one only before an aggregation.
  var times = 1
  /// Which of several rows it comes from, while all of them are on their way through an OPTIONAL MATCH or once along a group.
  var origin = 0

  init(count: Int) { values = Array(repeating: nil, count: count) }

  subscript(variable: Variable) -> Value? {
    get { values[variable.slot] }
    set { values[variable.slot] = newValue }
  }

  var count: Int { values.count }

  func isBound(_ slot: Int) -> Bool { values.indices.contains(slot) && values[slot] != nil }

  /// Of all places, whether they are bound.
  var bound: [Bool] { values.map { $0 != nil } }

  /// About how many bytes it takes.
  var size: Int { values.reduce(48) { $0 + ($1?.size ?? 16) } }

  /// Takes what is bound in another.
  mutating func take(_ other: Row) {
    for (slot, value) in other.values.enumerated() where value != nil { values[slot] = value }
  }

  /// Without all but some.
  func keeping(_ variables: [Variable]) -> Row {
    var row = Row(count: values.count)
    for variable in variables { row[variable] = self[variable] }
    return row
  }
}

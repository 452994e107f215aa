import KV

/// WITH and RETURN.
final class ProjectionStage: Stage {
  private let projection: Projection
  private let condition: Expression?
  private let kept: [Variable]
  private let shop: Workshop
  private let next: any Stage
  private let isAggregating: Bool
  private let aggregations: [FunctionCall]
  private var groups: [ValueKey: Int] = [:]
  private var states: [(row: Row, aggregates: [Aggregate])] = []
  private var seen: Set<ValueKey> = []
  /// Of what is sorted by, the columns that are the same.
  private let sortedColumns: [Variable?]
  private var sorted: [(keys: [Value], row: Row)] = []
  private var skip = 0
  private var left = Int.max
  private var isPrepared = false
  /// How much of the query's memory is taken.
  private var held = 0

  /// What the query or the subquery began with, which stays known although it is not projected.
  private let start: Row

  init(
    _ projection: Projection, where condition: Expression?, from start: Row, _ shop: Workshop,
    _ next: any Stage
  ) {
    (self.projection, self.condition, self.shop, self.next) = (projection, condition, shop, next)
    self.start = start
    kept = projection.items.map(\.variable) + start.variables
    sortedColumns = projection.order.map { item in
      projection.items.first { $0.expression.isSame(as: item.expression) }?.variable
    }
    isAggregating = projection.items.contains { $0.expression.aggregates }
    var found: [FunctionCall] = []
    for expression in projection.items.map(\.expression) + projection.order.map(\.expression) {
      expression.visitAll { if case .call(let call) = $0, call.aggregate != nil { found.append(call) } }
    }
    aggregations = found.sorted { ($0.aggregate ?? 0) < ($1.aggregate ?? 0) }
  }

  private func prepare() async throws {
    if isPrepared { return }
    isPrepared = true
    func number(_ bound: Projection.Bound?, _ name: String) async throws -> Int? {
      guard let bound else { return nil }
      guard
        case .integer(let number) = try await shop.evaluator.value(
          of: bound.expression, Row(count: shop.slotCount)),
        number >= 0
      else {
        throw bound.place.error("\(name) needs an integer of at least 0")
      }
      return number
    }
    skip = try await number(projection.skip, "SKIP") ?? 0
    left = try await number(projection.limit, "LIMIT") ?? .max
  }

  private var expressions: [Expression] {
    projection.items.map(\.expression) + projection.order.map(\.expression)
  }

  func push(_ rows: [Row]) async throws -> Bool {
    try Task.checkCancellation()
    try await prepare()
    try await shop.graph.load(nodesIn: rows, for: expressions)
    if isAggregating {
      for row in rows { try await gather(row) }
      return true
    }
    if left == 0, projection.order.isEmpty { return false }
    var projected: [Row] = []
    for row in rows {
      let values = try await project(row, [])
      if try isRepeated(values) { continue }
      projected.append(values)
    }
    return try await order(projected, aggregates: projected.map { _ in [] })
  }

  /// Counts what is kept until later rows have come.
  private func hold(_ bytes: Int, for clause: String) throws {
    held += bytes
    try shop.memory.take(bytes, for: clause, at: projection.place)
  }

  /// Whether DISTINCT drops the row.
  private func isRepeated(_ row: Row) throws -> Bool {
    guard projection.isDistinct else { return false }
    let values = projection.items.map { row[$0.variable] ?? .null }
    if !seen.insert(ValueKey(values: values)).inserted { return true }
    try hold(values.size, for: "DISTINCT")
    return false
  }

  private func project(_ row: Row, _ aggregates: [Value]) async throws -> Row {
    var result = row
    for item in projection.items {
      result[item.variable] = try await shop.evaluator.value(of: item.expression, row, aggregates)
    }
    // Of rows that have become one, the first has nothing that the others have not.
    return isAggregating || projection.isDistinct && !projection.isStar ? result.keeping(kept) : result
  }

  private func gather(_ row: Row) async throws {
    var key: [Value] = []
    for item in projection.items where !item.expression.aggregates {
      key.append(try await shop.evaluator.value(of: item.expression, row))
    }
    let group = ValueKey(values: key)
    let place: Int
    if let known = groups[group] {
      place = known
    } else {
      place = states.count
      groups[group] = place
      var first = row
      first.times = 1
      try hold(row.size + key.size + 200 * aggregations.count, for: "aggregation")
      states.append((first, aggregations.map { Aggregate($0) }))
    }
    for number in aggregations.indices {
      let call = aggregations[number]
      var values: [Value] = []
      for argument in call.arguments { values.append(try await shop.evaluator.value(of: argument, row)) }
      try states[place].aggregates[number].add(values, times: row.times) { bytes in
        try hold(bytes, for: "\(call.name)()")
      }
    }
  }

  /// Sorts, or gives on as it comes.
  private func order(_ rows: [Row], aggregates: [[Value]]) async throws -> Bool {
    if projection.order.isEmpty {
      var passed: [Row] = []
      for row in rows {
        if skip > 0 {
          skip -= 1
          continue
        }
        if left == 0 { break }
        left -= 1
        passed.append(row)
      }
      let goesOn = try await give(passed)
      return goesOn && left > 0
    }
    for (place, row) in rows.enumerated() {
      var keys: [Value] = []
      for (item, column) in zip(projection.order, sortedColumns) {
        if let column {
          keys.append(row[column] ?? .null)
        } else {
          keys.append(try await shop.evaluator.value(of: item.expression, row, aggregates[place]))
        }
      }
      sorted.append((keys, row))
      try hold(keys.size + row.size, for: "ORDER BY")
    }
    // Of many rows only those that can still be among the first are kept.
    let (wanted, areAll) = skip.addingReportingOverflow(left)
    if !areAll, wanted < Int.max / 8, sorted.count > 4 * wanted + 1000 {
      sort()
      let dropped = sorted[wanted...].reduce(0) { $0 + $1.keys.size + $1.row.size }
      held -= dropped
      shop.memory.giveBack(dropped)
      sorted.removeLast(sorted.count - wanted)
    }
    return true
  }

  private func sort() {
    let order = projection.order
    let indices = sorted.indices.sorted { left, right in
      for (place, item) in order.enumerated() {
        let (one, other) = (sorted[left].keys[place], sorted[right].keys[place])
        if one.isNull != other.isNull { return one.isNull == item.nullsFirst }
        let comparison = Value.sortOrder(one, other)
        if comparison != 0 { return (comparison < 0) != item.isDescending }
      }
      return left < right
    }
    sorted = indices.map { sorted[$0] }
  }

  private func give(_ rows: [Row]) async throws -> Bool {
    var passed: [Row] = []
    for row in rows {
      guard try await shop.evaluator.holds(condition, row) else { continue }
      passed.append(projection.isStar ? row : row.keeping(kept))
    }
    return passed.isEmpty ? true : try await next.push(passed)
  }

  func finish() async throws {
    try await prepare()
    if isAggregating {
      // Without groups there is one in any case.
      if states.isEmpty, projection.items.allSatisfy({ $0.expression.aggregates }) {
        states.append((start, aggregations.map { Aggregate($0) }))
      }
      for start in stride(from: 0, to: states.count, by: 1000) {
        var rows: [Row] = []
        var all: [[Value]] = []
        for state in states[start..<min(start + 1000, states.count)] {
          let values = try state.aggregates.map { try $0.result }
          let row = try await project(state.row, values)
          if try isRepeated(row) { continue }
          rows.append(row)
          all.append(values)
        }
        if try await !order(rows, aggregates: all) { break }
      }
      states = []
    }
    if !projection.order.isEmpty {
      sort()
      let rows = sorted.dropFirst(skip).prefix(left).map(\.row)
      sorted = []
      for start in stride(from: 0, to: rows.count, by: 1000) {
        if try await !give(Array(rows[start..<min(start + 1000, rows.count)])) { break }
      }
    }
    try await next.finish()
    shop.memory.giveBack(held)
    held = 0
  }
}

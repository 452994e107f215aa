import KV

/// What an aggregation has seen of a group.
struct Aggregate {
  private let call: FunctionCall
  private var seen: Set<ValueKey> = []
  /// Of rows, each of which may stand for as many as an integer can count.
  private var count: Int128 = 0
  private var integers: Int128 = 0
  private var floats = 0.0
  /// The same 2⁶⁴ times as small, for a mean of what adds up to more than a number can be.
  private var scaled = 0.0
  private var isFloat = false
  private var duration: CalendarDuration?
  private var least: Value = .null
  private var values: [Value] = []
  private var percentile: Double?

  init(_ call: FunctionCall) { self.call = call }

  /// - Parameters:
  ///   - times: how many rows have these arguments.
  ///   - hold: told about how many bytes more it will hold, before it does.
  mutating func add(_ arguments: [Value], times: Int, hold: (Int) throws -> Void) throws {
    guard let value = arguments.first else {
      count += Int128(times)
      return
    }
    if value.isNull { return }
    if call.isDistinct {
      guard seen.insert(ValueKey(values: [value])).inserted else { return }
      try hold(value.size)
    }
    let times = call.isDistinct ? 1 : times
    count += Int128(times)
    func keep() throws {
      // More than any memory, and less than sums of it overflow by.
      let (bytes, isOver) = value.size.multipliedReportingOverflow(by: times)
      try hold(min(isOver ? .max : bytes, 1 << 60))
      values += repeatElement(value, count: times)
    }
    switch call.function {
    case "count": break
    case "collect": try keep()
    case "min": if least.isNull || Value.sortOrder(value, least) < 0 { least = value }
    case "max": if least.isNull || Value.sortOrder(value, least) > 0 { least = value }
    case "sum", "avg": try sum(value, times)
    default:
      if value.number == nil { throw call.place.error("\(call.name)() needs numbers, not \(value.kind)") }
      try keep()
      if call.function.hasPrefix("percentile") {
        guard let part = arguments[1].number, (0...1).contains(part) else {
          throw call.place.error("\(call.name)() needs a number from 0 to 1")
        }
        percentile = part
      }
    }
  }

  private mutating func sum(_ value: Value, _ times: Int) throws {
    // Those before it, which are of one kind.
    let isFirst = count == Int128(times)
    switch value {
    case .integer(let integer) where duration == nil: integers += Int128(integer) * Int128(times)
    case .float(let number) where duration == nil:
      isFloat = true
      floats += number * Double(times)
      scaled += number * 0x1p-64 * Double(times)
    case .duration(let length) where isFirst || duration != nil:
      duration = try call.place.locating {
        try (duration ?? .zero) + length.scaled(by: times)
      }
    case .duration, .integer, .float:
      throw call.place.error("\(call.name)() needs numbers or durations, not both")
    default: throw call.place.error("\(call.name)() needs numbers or durations, not \(value.kind)")
    }
  }

  var result: Value {
    get throws {
      switch call.function {
      case "count":
        guard let count = Int(exactly: count) else {
          throw call.place.error("there are more rows than an integer can count")
        }
        return .integer(count)
      case "collect": return .list(values)
      case "min", "max": return least
      case "sum":
        if let duration { return .duration(duration) }
        if isFloat { return .float(Double(integers) + floats) }
        guard let sum = Int(exactly: integers) else {
          throw call.place.error("the sum is too large for an integer")
        }
        return .integer(sum)
      case "avg":
        if let duration {
          return .duration(try call.place.locating { try duration.divided(by: Double(count)) })
        }
        let sum = Double(integers) + floats
        if sum.isInfinite, scaled.isFinite {
          return .float((scaled + Double(integers) * 0x1p-64) / Double(count) * 0x1p64)
        }
        return count == 0 ? .null : .float(sum / Double(count))
      case "stdev", "stdevp":
        let numbers = values.compactMap(\.number)
        guard numbers.count > 1 else { return .float(0) }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return .float((squares / Double(numbers.count - (call.function == "stdev" ? 1 : 0))).squareRoot())
      default:
        guard let percentile, !values.isEmpty else { return .null }
        let sorted = values.sorted { Value.sortOrder($0, $1) < 0 }
        if call.function == "percentiledisc" {
          return sorted[max(Int((percentile * Double(sorted.count)).rounded(.up)) - 1, 0)]
        }
        let numbers = sorted.compactMap(\.number)
        let place = percentile * Double(numbers.count - 1)
        let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
        return .float(numbers[low] + (numbers[high] - numbers[low]) * (place - Double(low)))
      }
    }
  }
}

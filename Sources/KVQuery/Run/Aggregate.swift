import KV

/// What an aggregation has seen of a group.
struct Aggregate {
  private let name: String
  private let call: FunctionCall
  private var seen: Set<ValueKey> = []
  private var count = 0
  private var integers = 0
  private var floats = 0.0
  private var isFloat = false
  private var least: Value = .null
  private var values: [Value] = []
  private var percentile: Double?

  init(_ call: FunctionCall) { (name, self.call) = (call.name.lowercased(), call) }

  /// - Parameter times: how many rows have these arguments.
  /// - Returns: about how many bytes more it holds.
  mutating func add(_ arguments: [Value], times: Int) throws -> Int {
    let before = (seen.count, values.count)
    try take(arguments, times: times)
    let kept = seen.count - before.0 + values.count - before.1
    return kept == 0 ? 0 : kept * (arguments.first?.size ?? 0)
  }

  private mutating func take(_ arguments: [Value], times: Int) throws {
    guard let value = arguments.first else {
      count += times
      return
    }
    if value.isNull { return }
    if call.isDistinct, !seen.insert(ValueKey(values: [value])).inserted { return }
    let times = call.isDistinct ? 1 : times
    count += times
    switch name {
    case "count": break
    case "collect": values += repeatElement(value, count: times)
    case "min": if least.isNull || Value.sortOrder(value, least) < 0 { least = value }
    case "max": if least.isNull || Value.sortOrder(value, least) > 0 { least = value }
    default:
      guard let number = value.number else {
        throw call.place.error("\(call.name)() needs numbers, not \(value.kind)")
      }
      if case .integer(let integer) = value, !isFloat {
        let (product, isLarge) = integer.multipliedReportingOverflow(by: times)
        let (sum, isOver) = integers.addingReportingOverflow(product)
        if isOver || isLarge, name == "sum" {
          throw call.place.error("the sum is too large for an integer")
        }
        integers = sum
      } else {
        isFloat = true
      }
      floats += number * Double(times)
      if name != "sum", name != "avg" { values += repeatElement(value, count: times) }
      if name.hasPrefix("percentile") {
        guard let part = arguments[1].number, (0...1).contains(part) else {
          throw call.place.error("\(call.name)() needs a number from 0 to 1")
        }
        percentile = part
      }
    }
  }

  var result: Value {
    get throws {
      switch name {
      case "count": return .integer(count)
      case "collect": return .list(values)
      case "min", "max": return least
      case "sum": return isFloat ? .float(floats) : .integer(integers)
      case "avg": return count == 0 ? .null : .float(floats / Double(count))
      case "stdev", "stdevp":
        let numbers = values.compactMap(\.number)
        guard numbers.count > 1 else { return .float(0) }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return .float((squares / Double(numbers.count - (name == "stdev" ? 1 : 0))).squareRoot())
      default:
        guard let percentile, !values.isEmpty else { return .null }
        let sorted = values.sorted { Value.sortOrder($0, $1) < 0 }
        if name == "percentiledisc" {
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

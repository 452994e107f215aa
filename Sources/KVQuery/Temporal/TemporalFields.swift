import KV

/// The parts of which a date, a time or a duration is made: `{year: 2026, week: 48}`.
struct TemporalFields {
  private let values: Value.Members
  /// In seconds since 1970, for what is not said.
  let now: Int

  private static let dateNames = [
    "year", "month", "day", "week", "dayOfWeek", "ordinalDay", "quarter", "dayOfQuarter",
  ]
  private static let timeNames = ["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"]

  init(_ values: Value.Members, for kind: Temporal.Kind, now: Int) throws {
    (self.values, self.now) = (values.withoutNulls, now)
    var known: [String] = []
    if kind != .time, kind != .localTime { known += Self.dateNames + ["date"] }
    if kind != .date { known += Self.timeNames + ["time"] }
    if kind == .time || kind == .dateTime { known.append("timezone") }
    known.append("datetime")
    if let wrong = self.values.names.first(where: { !known.contains($0) }) {
      throw TemporalError(
        "a \(kind.rawValue) has no \(JSON(wrong))"
          + (namesNear(wrong, among: known).first.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  private func integer(_ name: String) throws -> Int? {
    switch values[name] {
    case nil: return nil
    case .integer(let number)?: return number
    case let other?: throw TemporalError("\(name) is an integer, not \(other.kind)")
    }
  }

  private func has(_ names: [String]) -> Bool { names.contains { values[$0] != nil } }

  /// A value from which parts are taken that are not said.
  private func base(_ names: String...) throws -> Temporal? {
    for name in names {
      switch values[name] {
      case nil: continue
      case .temporal(let temporal)?: return temporal
      case let other?: throw TemporalError("\(name) is a date or a time, not \(other.kind)")
      }
    }
    return nil
  }

  func value(_ kind: Temporal.Kind) throws -> Temporal {
    let dated = try base("date", "datetime")
    let timed = try base("time", "datetime")
    if let dated, dated.date == nil { throw TemporalError("a \(dated.kind.rawValue) has no date") }
    if let timed, timed.time == nil { throw TemporalError("a \(timed.kind.rawValue) has no time") }
    let zone = try zone()
    switch kind {
    case .date: return Temporal(date: try date(from: dated?.date))
    case .localTime: return Temporal(time: try time(from: timed?.time))
    case .localDateTime:
      return try Temporal(
        date: try date(from: dated?.date), time: try time(from: timed?.time, isOptional: true))
    case .time:
      let own = Temporal(
        time: try time(from: timed?.time), zone: timed?.zone.map { _ in .offset(timed?.offset ?? 0) })
      return try own.converted(to: zone ?? own.zone ?? .utc, now: now)
    case .dateTime:
      let own = try Temporal(
        date: try date(from: dated?.date), time: try time(from: timed?.time, isOptional: true),
        zone: timed?.zone, preferring: timed?.offset)
      return try own.converted(to: zone ?? own.zone ?? .utc, now: now)
    }
  }

  /// What is left of a value when its small parts are cut off, with the fields that replace them.
  func value(_ kind: Temporal.Kind, replacingIn cut: Temporal) throws -> Temporal {
    let zone = try zone() ?? cut.zone ?? .utc
    func time() throws -> ClockTime { try self.time(from: cut.time ?? .midnight, adding: true) }
    switch kind {
    case .date: return Temporal(date: try date(from: cut.date))
    case .localTime: return Temporal(time: try time())
    case .time: return Temporal(time: try time(), zone: zone, now: now)
    case .localDateTime: return try Temporal(date: try date(from: cut.date), time: try time())
    case .dateTime:
      return try Temporal(
        date: try date(from: cut.date), time: try time(), zone: zone, preferring: cut.offset)
    }
  }

  private func zone() throws -> Zone? {
    switch values["timezone"] {
    case nil: return nil
    case .string(let text)?: return try Zone(text)
    case let other?: throw TemporalError("timezone is a string, not \(other.kind)")
    }
  }

  private func date(from base: CalendarDate?) throws -> CalendarDate {
    let groups = [["week", "dayOfWeek"], ["ordinalDay"], ["quarter", "dayOfQuarter"], ["month", "day"]]
    if groups.filter(has).count > 1 { throw TemporalError("the date is given in two ways") }
    guard let year = try integer("year") ?? (has(groups[0]) ? base?.weekYear : base?.year) else {
      throw TemporalError("a date needs a year")
    }
    if has(groups[0]) {
      guard let week = try integer("week") ?? base?.week else {
        throw TemporalError("dayOfWeek needs a week")
      }
      return try CalendarDate(
        weekYear: year, week: week, dayOfWeek: try integer("dayOfWeek") ?? base?.dayOfWeek ?? 1)
    }
    if let day = try integer("ordinalDay") { return try CalendarDate(year: year, ordinalDay: day) }
    if has(groups[2]) {
      guard let quarter = try integer("quarter") ?? base?.quarter else {
        throw TemporalError("dayOfQuarter needs a quarter")
      }
      return try CalendarDate(
        year: year, quarter: quarter,
        dayOfQuarter: try integer("dayOfQuarter") ?? base?.dayOfQuarter ?? 1)
    }
    let month = try integer("month") ?? base?.month
    if month == nil, has(["day"]) { throw TemporalError("day needs a month") }
    return try CalendarDate(year: year, month: month ?? 1, day: try integer("day") ?? base?.day ?? 1)
  }

  /// - Parameters:
  ///   - isOptional: whether no field at all is midnight.
  ///   - adding: whether parts of a second add to those that there are.
  private func time(from base: ClockTime?, isOptional: Bool = false, adding: Bool = false) throws -> ClockTime
  {
    let names = ["hour", "minute", "second"]
    let isBroken = has(Array(Self.timeNames.dropFirst(3)))
    var parts: [Int] = []
    for (name, own) in zip(names, [base?.hour, base?.minute, base?.second]) {
      let index = Self.timeNames.firstIndex(of: name) ?? 0
      if base == nil, values[name] == nil, has(Array(Self.timeNames.dropFirst(index + 1))) {
        throw TemporalError("the time needs the \(name)")
      }
      parts.append(try integer(name) ?? own ?? 0)
    }
    if base == nil, !isOptional, !has(["hour"]) { throw TemporalError("a time needs an hour") }
    let nanosecond =
      isBroken ? try self.nanosecond() + (adding ? base?.nanosecond ?? 0 : 0) : base?.nanosecond ?? 0
    return try ClockTime(hour: parts[0], minute: parts[1], second: parts[2], nanosecond: nanosecond)
  }

  private func nanosecond() throws -> Int {
    var (sum, below) = (0, ClockTime.perSecond)
    for (name, unit) in [("millisecond", 1_000_000), ("microsecond", 1000), ("nanosecond", 1)] {
      guard let count = try integer(name) else { continue }
      guard (0..<below / unit).contains(count) else {
        throw TemporalError("\(name) is from 0 to \(below / unit - 1) here")
      }
      sum += count * unit
      below = unit
    }
    return sum
  }

  // MARK: durations

  static func duration(_ values: Value.Members) throws -> CalendarDuration {
    var (months, days, seconds) = (
      CalendarDuration.Amount(0), CalendarDuration.Amount(0), CalendarDuration.Amount(0)
    )
    let known = [
      "years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds",
      "microseconds", "nanoseconds",
    ]
    for (name, value) in values where !value.isNull {
      let amount: CalendarDuration.Amount
      switch value {
      case .integer(let number): amount = CalendarDuration.Amount(number)
      case .float(let number): amount = try CalendarDuration.Amount(number)
      default: throw TemporalError("\(name) is a number, not \(value.kind)")
      }
      switch name {
      case "years": months = try months + amount.times(12)
      case "quarters": months = try months + amount.times(3)
      case "months": months = try months + amount
      case "weeks": days = try days + amount.times(7)
      case "days": days = try days + amount
      case "hours": seconds = try seconds + amount.times(3600)
      case "minutes": seconds = try seconds + amount.times(60)
      case "seconds": seconds = try seconds + amount
      case "milliseconds": seconds = try seconds + part(amount, 1000)
      case "microseconds": seconds = try seconds + part(amount, 1_000_000)
      case "nanoseconds": seconds = try seconds + part(amount, ClockTime.perSecond)
      default:
        throw TemporalError(
          "a duration has no \(JSON(name))"
            + (namesNear(name, among: known).first.map { "; did you mean \($0)?" } ?? ""))
      }
    }
    return try CalendarDuration(months: months, days: days, seconds: seconds)
  }

  /// So many parts of a second.
  private static func part(_ amount: CalendarDuration.Amount, _ unit: Int) -> CalendarDuration.Amount {
    var seconds = CalendarDuration.Amount(amount.whole / unit)
    seconds.fraction = (Double(amount.whole % unit) + amount.fraction) / Double(unit)
    return seconds
  }
}

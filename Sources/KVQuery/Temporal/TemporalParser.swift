/// Reads dates, times and durations as ISO 8601 writes them, with and without separators.
struct TemporalParser {
  private let text: String
  private var rest: ArraySlice<UInt8>

  private init(_ text: String) { (self.text, rest) = (text, Array(text.utf8)[...]) }

  private func wrong(_ kind: String) -> TemporalError {
    TemporalError("\"\(text.prefix(60))\" is no \(kind)")
  }

  // MARK: signs

  private mutating func take(_ sign: Character) -> Bool {
    guard let byte = sign.asciiValue, rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }

  private func digits(_ limit: Int = 20) -> ArraySlice<UInt8> {
    rest.prefix(limit).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// So many digits.
  private mutating func number(_ width: Int) -> Int? {
    let digits = digits(width)
    guard digits.count == width else { return nil }
    rest = rest.dropFirst(width)
    return Int(String(decoding: digits, as: UTF8.self))
  }

  // MARK: dates

  private mutating func date() throws -> CalendarDate? {
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") {
      // Behind a sign the year may be long, and then has to be set apart.
      rest = rest.dropFirst()
      let digits = digits(9)
      guard digits.count >= 4, let year = number(digits.count) else { return nil }
      return try date(in: isNegative ? -year : year, isExtended: take("-"))
    }
    guard let year = number(4) else { return nil }
    return try date(in: year, isExtended: take("-"))
  }

  private mutating func date(in year: Int, isExtended: Bool) throws -> CalendarDate? {
    if take("W") {
      guard let week = number(2) else { return nil }
      let day: Int?
      if isExtended ? take("-") : !digits().isEmpty { day = number(1) } else { day = 1 }
      return try day.map { try CalendarDate(weekYear: year, week: week, dayOfWeek: $0) }
    }
    if take("Q") {
      guard let quarter = number(1) else { return nil }
      let day: Int?
      if isExtended ? take("-") : !digits().isEmpty { day = number(2) } else { day = 1 }
      return try day.map { try CalendarDate(year: year, quarter: quarter, dayOfQuarter: $0) }
    }
    switch (digits().count, isExtended) {
    case (0, false): return try CalendarDate(year: year, month: 1, day: 1)
    case (3, _):
      guard let day = number(3) else { return nil }
      return try CalendarDate(year: year, ordinalDay: day)
    case (2, _):
      guard let month = number(2) else { return nil }
      guard isExtended, take("-") else { return try CalendarDate(year: year, month: month, day: 1) }
      return try number(2).map { try CalendarDate(year: year, month: month, day: $0) }
    case (4, false):
      guard let month = number(2), let day = number(2) else { return nil }
      return try CalendarDate(year: year, month: month, day: day)
    default: return nil
    }
  }

  // MARK: times

  private mutating func time() throws -> ClockTime? {
    guard let hour = number(2) else { return nil }
    var parts = [0, 0]
    var nanosecond = 0
    let isExtended = rest.first == UInt8(ascii: ":")
    for place in 0..<2 {
      if isExtended ? !take(":") : digits().isEmpty { break }
      guard let part = number(2) else { return nil }
      parts[place] = part
      if place == 1, take(".") || take(",") {
        guard let fraction = fraction() else { return nil }
        nanosecond = fraction
      }
    }
    return try ClockTime(hour: hour, minute: parts[0], second: parts[1], nanosecond: nanosecond)
  }

  /// Digits behind a point, as nanoseconds; those beyond are dropped.
  private mutating func fraction() -> Int? {
    let digits = digits(40)
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    var text = String(decoding: digits.prefix(9), as: UTF8.self)
    text += String(repeating: "0", count: 9 - text.utf8.count)
    return Int(text)
  }

  private mutating func offset() throws -> Int? {
    if take("Z") || take("z") { return 0 }
    let isNegative = rest.first == UInt8(ascii: "-")
    guard isNegative || rest.first == UInt8(ascii: "+") else { return nil }
    rest = rest.dropFirst()
    guard let hours = number(2) else { return nil }
    var parts = [0, 0]
    let isExtended = rest.first == UInt8(ascii: ":")
    for place in 0..<2 {
      if isExtended ? !take(":") : digits().isEmpty { break }
      guard let part = number(2) else { return nil }
      parts[place] = part
    }
    let seconds = hours * 3600 + parts[0] * 60 + parts[1]
    guard parts.allSatisfy({ $0 < 60 }), seconds <= 18 * 3600 else {
      throw TemporalError("an offset from UTC is at most 18 hours")
    }
    return isNegative ? -seconds : seconds
  }

  /// The offset that a whole text is; `nil` where it is none.
  static func offset(_ text: String) throws -> Int? {
    var parser = TemporalParser(text)
    let offset = try parser.offset()
    return parser.rest.isEmpty ? offset : nil
  }

  /// `[Europe/Stockholm]`; `nil` where there is none.
  private mutating func zone() throws -> Zone? {
    guard take("[") else { return nil }
    guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { throw wrong("time zone") }
    let name = String(decoding: rest[..<end], as: UTF8.self)
    rest = rest[(end + 1)...]
    return try Zone(name)
  }

  // MARK: whole values

  /// - Throws: where the text is no such value, or there is no such date or time.
  static func parse(_ text: String, as kind: Temporal.Kind, now: Int = 0) throws -> Temporal {
    var parser = TemporalParser(text)
    guard let value = try parser.value(kind, now: now), parser.rest.isEmpty else {
      throw parser.wrong(kind.rawValue)
    }
    return value
  }

  private mutating func value(_ kind: Temporal.Kind, now: Int) throws -> Temporal? {
    switch kind {
    case .date: return try date().map { Temporal(date: $0) }
    case .localTime: return try time().map { Temporal(time: $0) }
    case .time:
      guard let time = try time() else { return nil }
      let offset = try offset()
      return Temporal(time: time, zone: try zone() ?? .offset(offset ?? 0), now: now)
    case .localDateTime, .dateTime:
      guard let date = try date() else { return nil }
      let time = take("T") || take("t") ? try time() : .midnight
      guard let time else { return nil }
      guard kind == .dateTime else { return try Temporal(date: date, time: time) }
      let offset = try offset()
      let zone = try zone() ?? .offset(offset ?? 0)
      let moment = try Temporal(date: date, time: time, zone: zone, preferring: offset)
      if let offset, moment.offset != offset {
        throw TemporalError(
          "clocks there do not show \"\(text.prefix(60))\": they are \(Zone.text(ofOffset: moment.offset)) then"
        )
      }
      return moment
    }
  }

  /// `P1Y2M3W4DT5H6M7.8S`, or `P` and a date and a time.
  static func duration(_ text: String) throws -> CalendarDuration {
    var parser = TemporalParser(text)
    let isNegative = parser.take("-")
    guard parser.take("P"), let duration = try parser.duration(), parser.rest.isEmpty else {
      throw parser.wrong("duration")
    }
    return isNegative ? -duration : duration
  }

  private mutating func duration() throws -> CalendarDuration? {
    let start = rest
    if let date = try duration(byUnits: ()) { return date }
    rest = start
    // As a date and a time.
    guard let years = number(4), take("-"), let months = number(2), take("-"), let days = number(2) else {
      return nil
    }
    var clock = ClockTime.midnight
    if take("T") {
      guard let time = try time() else { return nil }
      clock = time
    }
    return try CalendarDuration(
      months: years * 12 + months, days: days, seconds: clock.secondOfDay, nanoseconds: clock.nanosecond)
  }

  private mutating func duration(byUnits: Void) throws -> CalendarDuration? {
    var (months, days, seconds) = (
      CalendarDuration.Amount(0), CalendarDuration.Amount(0), CalendarDuration.Amount(0)
    )
    var nanoseconds = 0
    var left: [Character] = ["Y", "M", "W", "D"]
    var isTime = false
    var count = 0
    while !rest.isEmpty {
      if !isTime, take("T") {
        (isTime, left) = (true, ["H", "M", "S"])
        continue
      }
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      let digits = digits()
      guard !digits.isEmpty, let whole = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      rest = rest.dropFirst(digits.count)
      var broken = 0
      if take(".") || take(",") {
        guard let fraction = fraction() else { return nil }
        broken = fraction
      }
      guard let unit = left.first(where: { rest.first == $0.asciiValue }) else { return nil }
      _ = take(unit)
      left = Array(left.drop { $0 != unit }.dropFirst())
      count += 1
      var amount = CalendarDuration.Amount(isNegative ? -whole : whole)
      if isTime, unit == "S" {
        nanoseconds = isNegative ? -broken : broken
      } else {
        amount.fraction = Double(isNegative ? -broken : broken) / Double(ClockTime.perSecond)
      }
      switch (isTime, unit) {
      case (false, "Y"): months = try months + amount.times(12)
      case (false, "M"): months = try months + amount
      case (false, "W"): days = try days + amount.times(7)
      case (false, _): days = try days + amount
      case (true, "H"): seconds = try seconds + amount.times(3600)
      case (true, "M"): seconds = try seconds + amount.times(60)
      case (true, _): seconds = try seconds + amount
      }
    }
    guard count > 0 else { return nil }
    return try CalendarDuration(months: months, days: days, seconds: seconds, nanoseconds: nanoseconds)
  }
}

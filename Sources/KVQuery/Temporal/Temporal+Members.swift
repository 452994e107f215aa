extension Temporal {
  /// A part by its name; `nil` where there is none.
  func member(_ name: String) throws -> Value? {
    if let date, let number = Self.member(name, of: date) { return .integer(number) }
    if let time, let number = Self.member(name, of: time) { return .integer(number) }
    guard let zone else { return nil }
    switch name {
    case "timezone":
      if case .named(let named) = zone { return .string(named.name) }
      return .string(Zone.text(ofOffset: offset))
    case "offset": return .string(Zone.text(ofOffset: offset))
    case "offsetMinutes": return .integer(offset / 60)
    case "offsetSeconds": return .integer(offset)
    case "epochSeconds" where date != nil: return .integer(instant)
    case "epochMillis" where date != nil:
      guard let milliseconds = Int(exactly: Int128(instant) * 1000 + Int128(nanosecond / 1_000_000)) else {
        throw TemporalError("the milliseconds since 1970 are too many for an integer")
      }
      return .integer(milliseconds)
    default: return nil
    }
  }

  private static func member(_ name: String, of date: CalendarDate) -> Int? {
    switch name {
    case "year": date.year
    case "quarter": date.quarter
    case "month": date.month
    case "week": date.week
    case "weekYear": date.weekYear
    case "day": date.day
    case "ordinalDay": date.ordinalDay
    case "weekDay", "dayOfWeek": date.dayOfWeek
    case "dayOfQuarter": date.dayOfQuarter
    default: nil
    }
  }

  private static func member(_ name: String, of time: ClockTime) -> Int? {
    switch name {
    case "hour": time.hour
    case "minute": time.minute
    case "second": time.second
    case "millisecond": time.nanosecond / 1_000_000
    case "microsecond": time.nanosecond / 1000
    case "nanosecond": time.nanosecond
    default: nil
    }
  }
}

extension CalendarDuration {
  /// A part by its name: all of the duration's months, days or seconds in that unit, or what is left of the next larger one.
  func member(_ name: String) throws -> Value? {
    func scaled(_ factor: Int) throws -> Int {
      let (product, isOver) = seconds.multipliedReportingOverflow(by: factor)
      if isOver { throw Self.isTooLong }
      return product + nanoseconds / (ClockTime.perSecond / factor)
    }
    switch name {
    case "years": return .integer(months / 12)
    case "quarters": return .integer(months / 3)
    case "months": return .integer(months)
    case "weeks": return .integer(days / 7)
    case "days": return .integer(days)
    case "hours": return .integer(seconds / 3600)
    case "minutes": return .integer(seconds / 60)
    case "seconds": return .integer(seconds)
    case "milliseconds": return .integer(try scaled(1000))
    case "microseconds": return .integer(try scaled(1_000_000))
    case "nanoseconds": return .integer(try scaled(ClockTime.perSecond))
    case "quartersOfYear": return .integer(months / 3 % 4)
    case "monthsOfYear": return .integer(months % 12)
    case "monthsOfQuarter": return .integer(months % 3)
    case "daysOfWeek": return .integer(days % 7)
    case "minutesOfHour": return .integer(seconds / 60 % 60)
    case "secondsOfMinute": return .integer(seconds % 60)
    case "millisecondsOfSecond": return .integer(nanoseconds / 1_000_000)
    case "microsecondsOfSecond": return .integer(nanoseconds / 1000)
    case "nanosecondsOfSecond": return .integer(nanoseconds)
    default: return nil
    }
  }
}

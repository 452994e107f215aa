extension Temporal {
  private static let units = [
    "millennium", "century", "decade", "year", "weekyear", "quarter", "month", "week", "day", "hour",
    "minute", "second", "millisecond", "microsecond",
  ]

  /// With all that is smaller than a unit cut off.
  func truncated(to unit: String) throws -> Temporal {
    let name = unit.lowercased()
    guard let place = Self.units.firstIndex(of: name) else {
      throw TemporalError("there is no unit \"\(unit)\"; the units are \(Self.units.joined(separator: ", "))")
    }
    let day = Self.units.firstIndex(of: "day") ?? 0
    let cutTime = place <= day ? ClockTime.midnight : try time.map { try Self.truncate($0, name) }
    guard let date else {
      guard place >= day else { throw TemporalError("a \(kind.rawValue) has no \(name)") }
      return Temporal(time: cutTime ?? .midnight, zone: zone)
    }
    guard place <= day || time != nil else { throw TemporalError("a date has no \(name)") }
    let cutDate = try Self.truncate(date, name)
    // Of two that a clock shows when it is put back, the same.
    return try Temporal(date: cutDate, time: cutTime ?? .midnight, zone: zone, preferring: offset)
  }

  private static func truncate(_ date: CalendarDate, _ unit: String) throws -> CalendarDate {
    func firstOfYear(_ length: Int) throws -> CalendarDate {
      try CalendarDate(year: date.year.dividedDown(by: length) * length, month: 1, day: 1)
    }
    switch unit {
    case "millennium": return try firstOfYear(1000)
    case "century": return try firstOfYear(100)
    case "decade": return try firstOfYear(10)
    case "year": return try firstOfYear(1)
    case "weekyear": return try CalendarDate(weekYear: date.weekYear, week: 1, dayOfWeek: 1)
    case "quarter": return try CalendarDate(year: date.year, month: date.quarter * 3 - 2, day: 1)
    case "month": return try CalendarDate(year: date.year, month: date.month, day: 1)
    case "week": return try date.adding(days: 1 - date.dayOfWeek)
    default: return date
    }
  }

  private static func truncate(_ time: ClockTime, _ unit: String) throws -> ClockTime {
    let length: Int
    switch unit {
    case "hour": length = 3600 * ClockTime.perSecond
    case "minute": length = 60 * ClockTime.perSecond
    case "second": length = ClockTime.perSecond
    case "millisecond": length = 1_000_000
    default: length = 1000
    }
    return ClockTime(wrapping: time.nanoseconds / length * length)
  }
}

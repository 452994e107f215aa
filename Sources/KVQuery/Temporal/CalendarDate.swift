/// A day of the Gregorian calendar, reckoned back before it was in use.
struct CalendarDate: Sendable, Hashable {
  /// From 1970-01-01.
  let dayNumber: Int

  static let years = -999_999_999...999_999_999

  init(dayNumber: Int) throws {
    self.dayNumber = dayNumber
    guard Self.dayNumbers.contains(dayNumber) else { throw TemporalError("the date is out of range") }
  }

  private static let dayNumbers = number(years.lowerBound, 1, 1)...number(years.upperBound, 12, 31)

  /// - Throws: where there is no such day.
  init(year: Int, month: Int, day: Int) throws {
    guard Self.years.contains(year) else { throw TemporalError("there is no year \(year)") }
    guard (1...12).contains(month) else { throw TemporalError("there is no month \(month)") }
    guard (1...Self.length(ofMonth: month, year)).contains(day) else {
      throw TemporalError("there is no day \(day) in the month \(month) of \(year)")
    }
    dayNumber = Self.number(year, month, day)
  }

  /// By ISO 8601: week 1 holds the year's first Thursday, and weeks begin on Monday.
  init(weekYear: Int, week: Int, dayOfWeek: Int) throws {
    let first = try Self.firstMonday(of: weekYear)
    let next = try Self.firstMonday(of: weekYear + 1)
    guard (1...(next - first) / 7).contains(week) else {
      throw TemporalError("there is no week \(week) in \(weekYear)")
    }
    guard (1...7).contains(dayOfWeek) else { throw TemporalError("a week has no day \(dayOfWeek)") }
    try self.init(dayNumber: first + (week - 1) * 7 + dayOfWeek - 1)
  }

  init(year: Int, ordinalDay: Int) throws {
    let first = try CalendarDate(year: year, month: 1, day: 1)
    guard (1...(Self.isLeap(year) ? 366 : 365)).contains(ordinalDay) else {
      throw TemporalError("there is no day \(ordinalDay) in \(year)")
    }
    dayNumber = first.dayNumber + ordinalDay - 1
  }

  init(year: Int, quarter: Int, dayOfQuarter: Int) throws {
    guard (1...4).contains(quarter) else { throw TemporalError("there is no quarter \(quarter)") }
    let first = try CalendarDate(year: year, month: quarter * 3 - 2, day: 1)
    let months = (quarter * 3 - 2)...(quarter * 3)
    guard (1...months.reduce(0) { $0 + Self.length(ofMonth: $1, year) }).contains(dayOfQuarter) else {
      throw TemporalError("there is no day \(dayOfQuarter) in the quarter \(quarter) of \(year)")
    }
    dayNumber = first.dayNumber + dayOfQuarter - 1
  }

  private static func firstMonday(of weekYear: Int) throws -> Int {
    let fourth = try CalendarDate(year: weekYear, month: 1, day: 4)
    return fourth.dayNumber - fourth.dayOfWeek + 1
  }

  // The year is taken to begin in March, so that the odd day is the last.
  private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year.dividedDown(by: 400)
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private var parts: (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = shifted.dividedDown(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }

  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func length(ofMonth month: Int, _ year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  var year: Int { parts.year }
  var month: Int { parts.month }
  var day: Int { parts.day }
  var quarter: Int { (month + 2) / 3 }
  /// From Monday, 1, to Sunday, 7.
  var dayOfWeek: Int { dayNumber + 3 - (dayNumber + 3).dividedDown(by: 7) * 7 + 1 }
  var ordinalDay: Int { dayNumber - Self.number(year, 1, 1) + 1 }
  var dayOfQuarter: Int { dayNumber - Self.number(year, quarter * 3 - 2, 1) + 1 }

  private var thursday: (year: Int, ordinalDay: Int) {
    let number = dayNumber + 4 - dayOfWeek
    guard let date = try? CalendarDate(dayNumber: number) else { return (year, ordinalDay) }
    return (date.year, date.ordinalDay)
  }
  var weekYear: Int { thursday.year }
  var week: Int { (thursday.ordinalDay - 1) / 7 + 1 }

  /// Where the month has no such day, its last.
  func adding(months: Int) throws -> CalendarDate {
    let (year, month, day) = parts
    let (total, isOver) = (year * 12 + month - 1).addingReportingOverflow(months)
    if isOver { throw TemporalError("the date is out of range") }
    let newYear = total.dividedDown(by: 12)
    guard Self.years.contains(newYear) else { throw TemporalError("the date is out of range") }
    let newMonth = total - newYear * 12 + 1
    return try CalendarDate(
      year: newYear, month: newMonth, day: min(day, Self.length(ofMonth: newMonth, newYear)))
  }

  func adding(days: Int) throws -> CalendarDate {
    let (total, isOver) = dayNumber.addingReportingOverflow(days)
    if isOver { throw TemporalError("the date is out of range") }
    return try CalendarDate(dayNumber: total)
  }

  /// Whole months, towards zero.
  func months(until other: CalendarDate) -> Int {
    let (from, to) = (parts, other.parts)
    return (((to.year * 12 + to.month) * 32 + to.day) - ((from.year * 12 + from.month) * 32 + from.day)) / 32
  }
}

extension CalendarDate: CustomStringConvertible {
  var description: String {
    let (year, month, day) = parts
    let sign = year < 0 ? "-" : year > 9999 ? "+" : ""
    return "\(sign)\(year.magnitude.padded(4))-\(month.padded(2))-\(day.padded(2))"
  }
}

extension BinaryInteger {
  /// Rounded down, also below zero.
  func dividedDown(by divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }

  /// With leading zeros.
  func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
  }
}

/// What is wrong with a date, a time or a duration.
struct TemporalError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Dates, times and durations.
@Suite struct TemporalTests {
  private func answer(_ expression: String, parameters: Value.Members = [:]) async throws -> String {
    let graph = Graph(try await TestBackend.sqlite.store())
    let rows = Collected()
    try await graph.query(
      "RETURN \(expression) AS x", parameters: parameters,
      row: { values in
        rows.lines.append("\(values[0])")
        return true
      })
    return rows.lines.joined(separator: "\n")
  }

  /// Day by day over four centuries, counted as people count.
  @Test func calendarIsTheOneOnTheWall() throws {
    var (year, month, day, weekday, ordinal) = (1899, 12, 31, 7, 365)
    let first = try CalendarDate(year: year, month: month, day: day)
    for number in first.dayNumber..<first.dayNumber + 146_200 {
      let date = try CalendarDate(dayNumber: number)
      #expect(date.year == year && date.month == month && date.day == day && date.dayOfWeek == weekday)
      #expect(date.ordinalDay == ordinal)
      #expect(date == (try CalendarDate(year: year, month: month, day: day)))
      #expect(date == (try CalendarDate(year: year, ordinalDay: ordinal)))
      #expect(
        date
          == (try CalendarDate(weekYear: date.weekYear, week: date.week, dayOfWeek: date.dayOfWeek)))
      #expect(
        date
          == (try CalendarDate(year: year, quarter: date.quarter, dayOfQuarter: date.dayOfQuarter)))
      let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      (day, ordinal, weekday) = (day + 1, ordinal + 1, weekday % 7 + 1)
      if day > lengths[month - 1] { (day, month) = (1, month + 1) }
      if month > 12 { (month, year, ordinal) = (1, year + 1, 1) }
    }
  }

  @Test func whatIsPrintedIsReadAgain() throws {
    var random = SeededRandom()
    let zones = [
      "Z", "+05:45", "-18:00", "+00:53:28", "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe",
    ]
    for _ in 0..<2000 {
      let date = try CalendarDate(dayNumber: Int.random(in: -800_000...800_000, using: &random))
      let unit =
        [1, 1000, 1_000_000, ClockTime.perSecond, 60 * ClockTime.perSecond].randomElement(using: &random) ?? 1
      let time = ClockTime(
        wrapping: Int.random(in: 0..<ClockTime.perDay, using: &random) / unit * unit)
      let zone = try Zone(zones.randomElement(using: &random) ?? "Z")
      for value in [
        Temporal(date: date), Temporal(time: time), try Temporal(date: date, time: time),
        Temporal(time: time, zone: zone), try Temporal(date: date, time: time, zone: zone),
      ] {
        #expect(
          try TemporalParser.parse("\(value)", as: value.kind) == value, "\(value), seed \(random.seed)")
        guard case .temporal(let again) = Value(Value.temporal(value).json) else {
          Issue.record("\(value) is no time any more")
          continue
        }
        #expect(again == value)
      }
      let duration = try CalendarDuration(
        months: Int.random(in: -500...500, using: &random), days: Int.random(in: -500...500, using: &random),
        seconds: Int.random(in: -100_000...100_000, using: &random),
        nanoseconds: Int.random(in: 0..<ClockTime.perSecond, using: &random) / unit * unit)
      #expect(try TemporalParser.duration("\(duration)") == duration, "\(duration), seed \(random.seed)")
      let none = try duration + -duration
      #expect(none == .zero)
    }
  }

  /// What is between two moments leads from one to the other.
  @Test func durationBetweenLeadsFromOneToTheOther() throws {
    var random = SeededRandom()
    for _ in 0..<2000 {
      func moment() throws -> Temporal {
        try Temporal(
          instant: Int.random(in: 0...2_000_000_000, using: &random),
          nanosecond: Int.random(in: 0..<ClockTime.perSecond, using: &random),
          zone: Zone(["Europe/Berlin", "Z", "America/New_York"].randomElement(using: &random) ?? "Z"))
      }
      let (from, to) = (try moment(), try moment())
      for unit in [Temporal.Unit.any, .seconds] {
        let there = try from.adding(try from.duration(until: to, in: unit))
        #expect(
          there.instant == to.instant && there.nanosecond == to.nanosecond,
          "\(from) \(to) \(unit), seed \(random.seed)")
      }
    }
  }

  @Test(arguments: [
    ("datetime('2050-07-01T12:00[Europe/Berlin]')", "2050-07-01T12:00+02:00[Europe/Berlin]"),
    ("datetime('2050-01-01T12:00[Australia/Sydney]')", "2050-01-01T12:00+11:00[Australia/Sydney]"),
    ("datetime('2024-03-31T02:30[Europe/Berlin]')", "2024-03-31T03:30+02:00[Europe/Berlin]"),
    ("datetime('2024-10-27T02:30[Europe/Berlin]')", "2024-10-27T02:30+02:00[Europe/Berlin]"),
    ("datetime('2024-10-27T02:30+01:00[Europe/Berlin]')", "2024-10-27T02:30+01:00[Europe/Berlin]"),
    ("datetime({epochSeconds: 0, timezone: '+05:30'})", "1970-01-01T05:30+05:30"),
    ("datetime({epochSeconds: 1, nanosecond: 5})", "1970-01-01T00:00:01.000000005Z"),
    ("datetime({epochMillis: -1})", "1969-12-31T23:59:59.999Z"),
    ("date('2024-02-29') + duration({years: 1})", "2025-02-28"),
    ("date('2024-01-31') + duration('P1M')", "2024-02-29"),
    ("duration.between(date('2024-01-31'), date('2024-02-29'))", "P29D"),
    ("date('2024-01-01') < datetime('2024-01-01')", "null"),
    ("datetime('2024-01-01T12:00+01:00') < datetime('2024-01-01T11:30Z')", "true"),
    ("$when.date", "2024-05-05"), ("$when.month", "5"), ("$when.nothing", "null"),
    ("toString(duration({hours: 1.5}) * 3)", "PT4H30M"),
    ("duration('P49M') / 49", "P1M"), ("duration('P98D') / 98", "P1D"), ("duration('PT1S') / 8", "PT0.125S"),
    ("duration('PT1.5S') / 2", "PT0.75S"),
    (
      "datetime.truncate('minute', datetime('2017-10-29T02:30:15+01:00[Europe/Stockholm]'))",
      "2017-10-29T02:30+01:00[Europe/Stockholm]"
    ),
    ("localdatetime.truncate('day', datetime('2017-10-15T12:00[America/Sao_Paulo]'))", "2017-10-15T00:00"),
    ("localtime.truncate('hour', datetime('2017-10-15T12:34[America/Sao_Paulo]'))", "12:00"),
    ("datetime.truncate('day', date('2020-01-01'))", "2020-01-01T00:00Z"),
    // Months, and then days, by the clock there.
    (
      "datetime('2017-03-25T02:30[Europe/Stockholm]') + duration('P7M4D')",
      "2017-10-29T02:30+02:00[Europe/Stockholm]"
    ),
    (
      "duration.between(datetime('2017-03-25T02:30[Europe/Stockholm]'), datetime('2017-10-29T02:30[Europe/Stockholm]'))",
      "P7M4D"
    ),
  ])
  func answers(_ expression: String, _ expected: String) async throws {
    let when = Value(parameter: try JSON(parsing: #"{"date":"2024-05-05"}"#))
    #expect(try await answer(expression, parameters: ["when": when]) == expected)
  }

  @Test func durationsAreInOrderToTheNanosecond() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let rows = Collected()
    let texts = "'PT1.25S', 'PT1S', 'PT-1.5S', 'PT-2S', 'PT0.000000001S', 'P1M', 'PT0S'"
    try await graph.query(
      "UNWIND [\(texts)] AS t WITH duration(t) AS d ORDER BY d RETURN collect(toString(d)), min(d), max(d)"
    ) { values in
      rows.lines.append("\(values[0]) \(values[1]) \(values[2])")
      return true
    }
    #expect(
      rows.lines == [
        #"["PT-2S", "PT-1.5S", "PT0S", "PT0.000000001S", "PT1S", "PT1.25S", "P1M"] PT-2S P1M"#
      ])
    #expect(try await answer("[avg(duration('P1M')), avg(duration('PT3S'))]") == "[P1M, PT3S]")
  }

  @Test(arguments: [
    ("date('2024-02-30')", "there is no day 30 in the month 2 of 2024"),
    ("date({year: 2024, mnth: 2})", "a date has no \"mnth\"; did you mean month?"),
    ("date({year: 9223372036854775807, week: 1})", "there is no year"),
    ("date({year: 2024, week: 54})", "there is no week 54 in 2024"),
    ("date({year: 2024, month: 1, week: 1})", "given in two ways"),
    ("date('2024-01-01') + duration({months: 9223372036854775807})", "too long"),
    ("date('2024-01-01') + duration({days: 2000000000000000000})", "out of range"),
    ("duration('P1D') * 1e308 * 10", "too long"), ("duration('P1D') / 0", "division by zero"),
    ("duration('P') ", "is no duration"), ("duration('P1H')", "is no duration"),
    ("datetime.fromepoch(9223372036854775807)", "out of range"),
    ("datetime('2024-01-01T00:00[../../../etc/passwd]')", "there is no time zone"),
    ("datetime('2024-01-01T00:00+19:00')", "at most 18 hours"),
    ("datetime('2026-10-25T02:30+05:00[Europe/Stockholm]')", "clocks there do not show"),
    ("datetime({epochSeconds: 1, year: 2})", "goes with nanosecond and timezone"),
    ("time('25:00')", "there is no hour 25"),
    ("date.truncate('fortnight', date())", "there is no unit"),
    ("localtime.truncate('year', localtime())", "a localtime has no year"),
    ("time({minute: 1})", "needs the hour"), ("date('2024-01-01') * 2", "does not go with"),
  ])
  func wrongTimeIsAnErrorWithItsPlace(_ expression: String, _ message: String) async throws {
    await #expect {
      _ = try await answer(expression)
    } throws: { error in
      guard let error = error as? KVError, error.code == .invalidData else { return false }
      return error.message.contains("line 1, column") && error.message.contains(message)
    }
  }

  @Test func textsOfAnyKindNeverTrap() throws {
    var random = SeededRandom()
    let signs = Array("0123456789-+:.TZWQPYMDHS[]/ é")
    for _ in 0..<20_000 {
      let text = String(
        (0..<Int.random(in: 0...24, using: &random)).map { _ in signs.randomElement(using: &random) ?? "0" })
      for kind in Temporal.Kind.allCases { _ = try? TemporalParser.parse(text, as: kind) }
      _ = try? TemporalParser.duration("P" + text)
    }
  }
}

/// When clocks change, year by year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
  private var standard = 0
  private var summer: (offset: Int, begin: Change, end: Change)?

  private struct Change {
    enum Day {
      /// The day of a year from 1, 29 February never counted; or from 0 and counted.
      case ordinal(Int, countsLeapDay: Bool)
      /// A week's day, from Sunday, in a week of a month; in the fifth, the last.
      case weekday(month: Int, week: Int, day: Int)
    }
    var day: Day
    /// By the clocks before the change.
    var second = 7200
  }

  /// `nil` where the text is no rule.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard Self.skipName(&rest), let standard = Self.time(&rest) else { return nil }
    self.standard = -standard
    if rest.isEmpty { return }
    guard Self.skipName(&rest) else { return nil }
    var offset = self.standard + 3600
    if rest.first != UInt8(ascii: ",") {
      guard let time = Self.time(&rest) else { return nil }
      offset = -time
    }
    guard let begin = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else { return nil }
    summer = (offset, begin, end)
  }

  private static func skipName(_ rest: inout ArraySlice<UInt8>) -> Bool {
    let start = rest.startIndex
    if rest.first == UInt8(ascii: "<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(end + 1)...]
    } else {
      rest = rest.drop { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0 & 0xDF) }
    }
    return rest.startIndex > start
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
    let digits = rest.prefix(9).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private static func take(_ sign: Character, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == sign.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Hours, and minutes and seconds where they are there.
  private static func time(_ rest: inout ArraySlice<UInt8>) -> Int? {
    let isNegative = take("-", &rest)
    if !isNegative { _ = take("+", &rest) }
    guard var seconds = number(&rest).map({ $0 * 3600 }) else { return nil }
    for unit in [60, 1] where take(":", &rest) {
      guard let count = number(&rest) else { return nil }
      seconds += count * unit
    }
    return isNegative ? -seconds : seconds
  }

  private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
    guard take(",", &rest) else { return nil }
    var change: Change
    if take("M", &rest) {
      guard let month = number(&rest), take(".", &rest), let week = number(&rest), take(".", &rest),
        let day = number(&rest), (1...12).contains(month), (1...5).contains(week), (0...6).contains(day)
      else { return nil }
      change = Change(day: .weekday(month: month, week: week, day: day))
    } else {
      let countsLeapDay = !take("J", &rest)
      guard let day = number(&rest), day <= 366 else { return nil }
      change = Change(day: .ordinal(day, countsLeapDay: countsLeapDay))
    }
    if take("/", &rest) {
      guard let second = time(&rest) else { return nil }
      change.second = second
    }
    return change
  }

  /// In seconds since 1970, by the clocks before the change.
  private static func local(_ change: Change, _ year: Int) -> Int? {
    guard let first = try? CalendarDate(year: year, month: 1, day: 1) else { return nil }
    let day: Int
    switch change.day {
    case .ordinal(let ordinal, true): day = first.dayNumber + ordinal
    case .ordinal(let ordinal, false):
      day = first.dayNumber + ordinal - (CalendarDate.isLeap(year) && ordinal >= 60 ? 0 : 1)
    case .weekday(let month, let week, let weekday):
      guard let begin = try? CalendarDate(year: year, month: month, day: 1) else { return nil }
      let ahead = (weekday - begin.dayOfWeek % 7 + 7) % 7 + (week - 1) * 7
      let isInMonth = ahead < CalendarDate.length(ofMonth: month, year)
      day = begin.dayNumber + (isInMonth ? ahead : ahead - 7)
    }
    return day * 86_400 + change.second
  }

  func offset(at instant: Int) -> Int {
    guard let summer,
      let year = try? CalendarDate(dayNumber: (instant + standard).dividedDown(by: 86_400)).year,
      let begin = Self.local(summer.begin, year), let end = Self.local(summer.end, year)
    else { return standard }
    let (begins, ends) = (begin - standard, end - summer.offset)
    let isSummer =
      begins < ends ? instant >= begins && instant < ends : instant >= begins || instant < ends
    return isSummer ? summer.offset : standard
  }
}

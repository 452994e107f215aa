/// A length of time by the calendar: months and days are of no fixed length, and stand beside the seconds.
public struct CalendarDuration: Sendable, Hashable {
  let months, days, seconds: Int
  /// From 0 to 999,999,999, added to the seconds also where those are negative.
  let nanoseconds: Int

  static let zero = CalendarDuration(normalizing: 0, 0, 0, 0)

  /// - Parameter nanoseconds: any, within ten seconds.
  private init(normalizing months: Int, _ days: Int, _ seconds: Int, _ nanoseconds: Int) {
    let carried = nanoseconds.dividedDown(by: ClockTime.perSecond)
    (self.months, self.days) = (months, days)
    (self.seconds, self.nanoseconds) = (seconds + carried, nanoseconds - carried * ClockTime.perSecond)
  }

  init(months: Int = 0, days: Int = 0, seconds: Int = 0, nanoseconds: Int = 0) throws {
    // Half of what an Int holds, so that signs and sums of two need no check.
    for part in [months, days, seconds] where part.magnitude > Int.max / 4 { throw Self.isTooLong }
    let carried = nanoseconds.dividedDown(by: ClockTime.perSecond)
    self.init(normalizing: months, days, seconds + carried, nanoseconds - carried * ClockTime.perSecond)
  }

  static let isTooLong = TemporalError("the duration is too long")

  /// So many of a unit, of which a part may be broken.
  struct Amount {
    var whole: Int
    var fraction = 0.0

    init(_ whole: Int) { self.whole = whole }

    init(_ number: Double) throws {
      guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw CalendarDuration.isTooLong }
      (self.whole, fraction) = (whole, number - number.rounded(.towardZero))
    }

    func times(_ factor: Int) throws -> Amount {
      let (product, isOver) = whole.multipliedReportingOverflow(by: factor)
      if isOver { throw CalendarDuration.isTooLong }
      var result = try Amount(fraction * Double(factor))
      result.whole = try CalendarDuration.sum(product, result.whole)
      return result
    }

    static func + (left: Amount, right: Amount) throws -> Amount {
      var sum = try Amount(left.fraction + right.fraction)
      sum.whole = try CalendarDuration.sum(sum.whole, try CalendarDuration.sum(left.whole, right.whole))
      return sum
    }
  }

  fileprivate static func sum(_ left: Int, _ right: Int) throws -> Int {
    let (sum, isOver) = left.addingReportingOverflow(right)
    if isOver { throw isTooLong }
    return sum
  }

  private static let secondsPerMonth = 2_629_746

  /// What is broken of a month or a day goes on to days and seconds, a month taken for 30.436875 days.
  init(months: Amount, days: Amount, seconds: Amount, nanoseconds: Int = 0) throws {
    let ofMonths = months.fraction * Double(Self.secondsPerMonth)
    let moreDays = (ofMonths / 86_400).rounded(.towardZero)
    let days = try days + Amount(moreDays)
    let seconds =
      try seconds + Amount(ofMonths - moreDays * 86_400) + Amount(days.fraction * 86_400)
    try self.init(
      months: months.whole, days: days.whole, seconds: seconds.whole,
      nanoseconds: Int((seconds.fraction * Double(ClockTime.perSecond)).rounded()) + nanoseconds)
  }

  static prefix func - (duration: CalendarDuration) -> CalendarDuration {
    CalendarDuration(
      normalizing: -duration.months, -duration.days, -duration.seconds, -duration.nanoseconds)
  }

  static func + (left: CalendarDuration, right: CalendarDuration) throws -> CalendarDuration {
    try CalendarDuration(
      months: left.months + right.months, days: left.days + right.days,
      seconds: left.seconds + right.seconds, nanoseconds: left.nanoseconds + right.nanoseconds)
  }

  /// So many times as long, to the nanosecond.
  func scaled(by factor: Int) throws -> CalendarDuration {
    let perSecond = Int128(ClockTime.perSecond)
    let (all, isOver) = (Int128(seconds) * perSecond + Int128(nanoseconds))
      .multipliedReportingOverflow(by: Int128(factor))
    guard !isOver, let whole = Int(exactly: all / perSecond) else { throw Self.isTooLong }
    return try CalendarDuration(
      months: Amount(months).times(factor).whole, days: Amount(days).times(factor).whole, seconds: whole,
      nanoseconds: Int(all % perSecond))
  }

  /// So many times as long; what is less than a nanosecond is dropped.
  func scaled(by factor: Double) throws -> CalendarDuration {
    if let whole = Int(exactly: factor) { return try scaled(by: whole) }
    return try scaled { $0 * factor }
  }

  /// A part of it; what is less than a nanosecond is dropped.
  func divided(by divisor: Double) throws -> CalendarDuration { try scaled { $0 / divisor } }

  private func scaled(_ scale: (Double) -> Double) throws -> CalendarDuration {
    guard scale(1).isFinite else { throw Self.isTooLong }
    let seconds = scale(Double(seconds))
    let fraction = seconds - seconds.rounded(.towardZero)
    let nanoseconds = fraction * Double(ClockTime.perSecond) + scale(Double(nanoseconds))
    // A number that is meant to be whole may miss it by a little.
    let near = nanoseconds + (nanoseconds < 0 ? -1e-3 : 1e-3)
    guard let whole = Int(exactly: near.rounded(.towardZero)) else { throw Self.isTooLong }
    return try CalendarDuration(
      months: Amount(scale(Double(months))), days: Amount(scale(Double(days))),
      seconds: Amount(seconds.rounded(.towardZero)), nanoseconds: whole)
  }

  /// About how many nanoseconds it is, for an order of all.
  var span: Int128 {
    let seconds = Int128(months) * Int128(Self.secondsPerMonth) + Int128(days) * 86_400 + Int128(seconds)
    return seconds * Int128(ClockTime.perSecond) + Int128(nanoseconds)
  }
}

extension CalendarDuration: CustomStringConvertible {
  /// By ISO 8601: `P1Y2M3DT4H5M6.7S`.
  public var description: String {
    func part(_ count: Int, _ unit: String) -> String { count == 0 ? "" : "\(count)\(unit)" }
    // Seconds towards zero, so that both parts have the same sign.
    let isBelow = seconds < 0 && nanoseconds > 0
    let whole = isBelow ? seconds + 1 : seconds
    let fraction = isBelow ? ClockTime.perSecond - nanoseconds : nanoseconds
    var time = part(whole / 3600, "H") + part(whole / 60 % 60, "M")
    let rest = whole % 60
    if rest != 0 || fraction != 0 {
      time += (isBelow || rest < 0 ? "-" : "") + "\(rest.magnitude)\(fraction.asFraction)S"
    }
    let text = part(months / 12, "Y") + part(months % 12, "M") + part(days, "D")
    return text.isEmpty && time.isEmpty ? "PT0S" : "P" + text + (time.isEmpty ? "" : "T" + time)
  }
}

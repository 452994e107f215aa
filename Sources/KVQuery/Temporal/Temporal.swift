/// A date, a time of day, or both, with or without a time zone: as much as is known of a moment.
public struct Temporal: Sendable {
  let date: CalendarDate?
  let time: ClockTime?
  let zone: Zone?
  /// In seconds to the east of UTC; 0 where there is no zone.
  let offset: Int

  /// What is known of a moment.
  enum Kind: String, CaseIterable {
    case date, time
    case localTime = "localtime"
    case localDateTime = "localdatetime"
    case dateTime = "datetime"
  }

  init(date: CalendarDate) { (self.date, time, zone, offset) = (date, nil, nil, 0) }

  /// - Parameter zone: of a time without a date, the offset that it has at `now`.
  init(time: ClockTime, zone: Zone? = nil, now: Int = 0) {
    let offset = zone?.offset(at: now) ?? 0
    (date, self.time, self.zone, self.offset) = (nil, time, zone == nil ? nil : .offset(offset), offset)
  }

  /// - Parameter preferred: the offset, where a time comes twice because clocks are put back.
  init(date: CalendarDate, time: ClockTime, zone: Zone? = nil, preferring preferred: Int? = nil) throws {
    self.zone = zone
    guard let zone else {
      (self.date, self.time, offset) = (date, time, 0)
      return
    }
    let (offset, shift) = zone.resolve(
      date.dayNumber * 86_400 + time.secondOfDay, preferring: preferred)
    let (shifted, days) = time.adding(seconds: shift, nanoseconds: 0)
    (self.date, self.time, self.offset) = (try date.adding(days: days), shifted, offset)
  }

  /// - Parameter instant: in seconds since 1970 in UTC.
  init(instant: Int, nanosecond: Int, zone: Zone) throws {
    guard instant.magnitude < 40_000_000_000_000_000 else { throw TemporalError("the time is out of range") }
    offset = zone.offset(at: instant)
    let (time, days) = ClockTime.midnight.adding(seconds: instant, nanoseconds: nanosecond)
    let (local, more) = time.adding(seconds: offset, nanoseconds: 0)
    (date, self.time, self.zone) = (try CalendarDate(dayNumber: days + more), local, zone)
  }

  var kind: Kind {
    switch (date != nil, time != nil, zone != nil) {
    case (true, false, _): .date
    case (false, _, false): .localTime
    case (false, _, true): .time
    case (true, true, false): .localDateTime
    case (true, true, true): .dateTime
    }
  }

  /// In seconds since 1970: in UTC where there is a zone, else by the local clocks.
  var instant: Int { (date?.dayNumber ?? 0) * 86_400 + (time?.secondOfDay ?? 0) - offset }
  var nanosecond: Int { time?.nanosecond ?? 0 }

  /// The same moment by other clocks; of what has no zone, the same time there.
  func converted(to zone: Zone, now: Int) throws -> Temporal {
    guard let time else { return self }
    guard self.zone != nil else {
      if let date { return try Temporal(date: date, time: time, zone: zone) }
      return Temporal(time: time, zone: zone, now: now)
    }
    if date != nil { return try Temporal(instant: instant, nanosecond: nanosecond, zone: zone) }
    let moved = time.adding(seconds: zone.offset(at: now) - offset, nanoseconds: 0).time
    return Temporal(time: moved, zone: zone, now: now)
  }

  /// As another kind of value has it; what is not known is midnight and UTC.
  func projected(to kind: Kind) throws -> Temporal {
    func missing(_ what: String) -> TemporalError {
      TemporalError("a \(self.kind.rawValue) has no \(what)")
    }
    switch kind {
    case .date:
      guard let date else { throw missing("date") }
      return Temporal(date: date)
    case .localTime, .time:
      guard let time else { throw missing("time") }
      return Temporal(time: time, zone: kind == .time ? .offset(offset) : nil)
    case .localDateTime, .dateTime:
      guard let date else { throw missing("date") }
      return try Temporal(
        date: date, time: time ?? .midnight, zone: kind == .dateTime ? zone ?? .utc : nil, preferring: offset)
    }
  }
}

extension Temporal: CustomStringConvertible {
  /// By ISO 8601, with a zone's name in brackets behind.
  public var description: String {
    var text = date.map { "\($0)" } ?? ""
    if let time { text += (date == nil ? "" : "T") + "\(time)" }
    if let zone {
      text += Zone.text(ofOffset: offset)
      if case .named(let named) = zone { text += "[\(named.name)]" }
    }
    return text
  }
}

extension Temporal: Comparable, Hashable {
  public static func == (left: Temporal, right: Temporal) -> Bool {
    left.kind == right.kind && left.instant == right.instant && left.nanosecond == right.nanosecond
      && left.offset == right.offset && left.zone == right.zone
  }

  /// Kind by kind; within one by the moment, then by the zone.
  public static func < (left: Temporal, right: Temporal) -> Bool {
    if left.kind != right.kind { return left.rank < right.rank }
    for (left, right) in [
      (left.instant, right.instant), (left.nanosecond, right.nanosecond), (left.offset, right.offset),
    ] where left != right {
      return left < right
    }
    return left.zoneName < right.zoneName
  }

  private var zoneName: String { if case .named(let zone)? = zone { zone.name } else { "" } }

  private var rank: Int {
    switch kind {
    case .dateTime: 0
    case .localDateTime: 1
    case .date: 2
    case .time: 3
    case .localTime: 4
    }
  }

  /// By what makes two equal.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(instant)
    hasher.combine(nanosecond)
  }
}

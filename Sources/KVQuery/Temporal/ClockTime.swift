/// A time of day.
struct ClockTime: Sendable, Hashable {
  /// From midnight; below 86,400 seconds.
  let nanoseconds: Int

  static let midnight = ClockTime(wrapping: 0)
  static let perSecond = 1_000_000_000
  static let perDay = 86_400 * perSecond

  /// Of more than a day, what is beyond whole days.
  init(wrapping nanoseconds: Int) {
    self.nanoseconds = nanoseconds - nanoseconds.dividedDown(by: Self.perDay) * Self.perDay
  }

  init(hour: Int, minute: Int = 0, second: Int = 0, nanosecond: Int = 0) throws {
    guard (0..<24).contains(hour) else { throw TemporalError("there is no hour \(hour)") }
    guard (0..<60).contains(minute) else { throw TemporalError("there is no minute \(minute)") }
    guard (0..<60).contains(second) else { throw TemporalError("there is no second \(second)") }
    guard (0..<Self.perSecond).contains(nanosecond) else {
      throw TemporalError("a second has no nanosecond \(nanosecond)")
    }
    nanoseconds = ((hour * 60 + minute) * 60 + second) * Self.perSecond + nanosecond
  }

  var secondOfDay: Int { nanoseconds / Self.perSecond }
  var hour: Int { secondOfDay / 3600 }
  var minute: Int { secondOfDay / 60 % 60 }
  var second: Int { secondOfDay % 60 }
  var nanosecond: Int { nanoseconds % Self.perSecond }

  /// Adds seconds and nanoseconds.
  /// - Returns: the time, and how many days it has gone on.
  func adding(seconds: Int, nanoseconds: Int) -> (time: ClockTime, days: Int) {
    let days = seconds.dividedDown(by: 86_400)
    let sum = self.nanoseconds + (seconds - days * 86_400) * Self.perSecond + nanoseconds
    return (ClockTime(wrapping: sum), days + sum.dividedDown(by: Self.perDay))
  }
}

extension ClockTime: CustomStringConvertible {
  /// Without seconds where there are none.
  var description: String {
    var text = "\(hour.padded(2)):\(minute.padded(2))"
    if second != 0 || nanosecond != 0 { text += ":" + second.padded(2) }
    return text + nanosecond.asFraction
  }
}

extension Int {
  /// Nanoseconds as digits behind a point; nothing for 0.
  var asFraction: String {
    if self == 0 { return "" }
    var digits = padded(9)[...]
    while digits.last == "0" { digits.removeLast() }
    return "." + digits
  }
}

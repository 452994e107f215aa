#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A point in time, to the nanosecond, in UTC.
///
/// It is written `2026-01-02T03:04:05.000000000Z`, so that text order is time order.
public struct Timestamp: Sendable, Hashable {
  /// Since 1970-01-01T00:00:00Z.
  public var seconds: Int
  /// 0 up to 999,999,999.
  public var nanoseconds: Int

  /// A point in time of these parts, which are not checked.
  public init(seconds: Int, nanoseconds: Int = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The time by this machine's clock.
  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
  }

  /// Reads RFC 3339 with any zone, to the ninth digit of a second, and SQLite's `2026-01-02 03:04:05`, which is UTC.
  /// `nil` for anything else, a day that the month has not included, and a year that is not one of 0 to 9999 in UTC.
  public init?(_ text: String) {
    var reader = TimestampReader(bytes: Array(text.utf8)[...])
    guard let timestamp = reader.read(), reader.bytes.isEmpty else { return nil }
    self = timestamp
  }
}

extension Timestamp {
  /// The time so much later, to the nanosecond; the last or the first that there is, where it would be beyond.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    let perSecond = Int128(1_000_000_000)
    let sum =
      (Int128(time.seconds) + Int128(seconds)) * perSecond + Int128(time.nanoseconds)
      + Int128(attoseconds / 1_000_000_000)
    let rest = (sum % perSecond + perSecond) % perSecond
    return Timestamp(seconds: Int(clamping: (sum - rest) / perSecond), nanoseconds: Int(rest))
  }

  /// Whether ``description`` is what ``init(_:)`` reads.
  package var isWritable: Bool {
    TimestampReader.yearsOfFourDigits.contains(seconds) && (0..<1_000_000_000).contains(nanoseconds)
  }
}

extension Timestamp: Comparable {
  /// Whether the left time is earlier.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The time in UTC with nine digits of a second: `2026-01-02T03:04:05.000000000Z`.
  public var description: String {
    var clock = time_t(seconds)
    var utc = tm()
    gmtime_r(&clock, &utc)
    var text: [UInt8] = []
    text.reserveCapacity(30)
    // Digit by digit: each write of a record has a timestamp, and strings that are joined cost four times as much.
    func append(_ number: Int, from place: UInt, then mark: Unicode.Scalar) {
      if number < 0 { text.append(UInt8(ascii: "-")) }
      var place = place
      while number.magnitude / place >= 10 { place *= 10 }
      while place > 0 {
        text.append(UInt8(ascii: "0") + UInt8(number.magnitude / place % 10))
        place /= 10
      }
      text.append(UInt8(ascii: mark))
    }
    append(Int(utc.tm_year) + 1900, from: 1000, then: "-")
    append(Int(utc.tm_mon) + 1, from: 10, then: "-")
    append(Int(utc.tm_mday), from: 10, then: "T")
    append(Int(utc.tm_hour), from: 10, then: ":")
    append(Int(utc.tm_min), from: 10, then: ":")
    append(Int(utc.tm_sec), from: 10, then: ".")
    append(nanoseconds, from: 100_000_000, then: "Z")
    return String(decoding: text, as: UTF8.self)
  }
}

private struct TimestampReader {
  /// Another zone may bring the first and the last hours of them into a year that is written in another way.
  static let yearsOfFourDigits = -62_167_219_200...253_402_300_799

  var bytes: ArraySlice<UInt8>

  mutating func read() -> Timestamp? {
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      case let isSQLite = take(" "), isSQLite || take("T") || take("t"),
      let hour = number(2), take(":"), let minute = number(2), take(":"), let second = number(2),
      (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60,
      second <= 60, let nanoseconds = fraction(), let offset = isSQLite && bytes.isEmpty ? 0 : zone()
    else { return nil }
    var fields = tm()
    (fields.tm_year, fields.tm_mon, fields.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    (fields.tm_hour, fields.tm_min, fields.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
    let seconds = Int(timegm(&fields)) - offset
    return Self.yearsOfFourDigits.contains(seconds)
      ? Timestamp(seconds: seconds, nanoseconds: nanoseconds) : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = bytes.first, Unicode.Scalar(byte) == character else { return false }
    bytes.removeFirst()
    return true
  }

  private mutating func digits() -> ArraySlice<UInt8> {
    let digits = bytes.prefix { (0x30...0x39).contains($0) }
    bytes = bytes.dropFirst(digits.count)
    return digits
  }

  private mutating func number(_ width: Int) -> Int? {
    let digits = bytes.prefix(width)
    guard digits.count == width, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    bytes = bytes.dropFirst(width)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private mutating func fraction() -> Int? {
    guard take(".") else { return 0 }
    let digits = digits()
    guard !digits.isEmpty else { return nil }
    let padded = Array(digits.prefix(9)) + [UInt8](repeating: 0x30, count: max(9 - digits.count, 0))
    return padded.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// The zone's distance from UTC in seconds.
  private mutating func zone() -> Int? {
    if take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
    else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Points in time as the store writes them: `2026-01-02T03:04:05.000000000Z`, so that text order is time order.
public enum Timestamp {
  public static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return format(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
  }

  static func format(seconds: Int, nanoseconds: Int) -> String {
    var clock = time_t(seconds)
    var utc = tm()
    gmtime_r(&clock, &utc)
    func digits(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    let date = [(Int(utc.tm_year) + 1900, 4), (Int(utc.tm_mon) + 1, 2), (Int(utc.tm_mday), 2)]
    let time = [(Int(utc.tm_hour), 2), (Int(utc.tm_min), 2), (Int(utc.tm_sec), 2)]
    return date.map(digits).joined(separator: "-") + "T" + time.map(digits).joined(separator: ":")
      + "." + digits(nanoseconds, 9) + "Z"
  }
}

import KV
import TestSupport
import Testing

@Suite("Timestamps")
struct TimestampTests {
  /// The first second of year 0, and the last of year 9999.
  private static let writable = -62_167_219_200...253_402_300_799

  @Test(
    "are written with four digits of a year and nine of a second",
    arguments: [
      (0, 0, "1970-01-01T00:00:00.000000000Z"),
      (1_767_323_045, 6, "2026-01-02T03:04:05.000000006Z"),
      (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
      (951_782_400, 120_000_000, "2000-02-29T00:00:00.120000000Z"),
      (writable.lowerBound, 0, "0000-01-01T00:00:00.000000000Z"),
      (writable.upperBound, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
    ])
  func writes(_ seconds: Int, _ nanoseconds: Int, _ text: String) {
    let timestamp = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    #expect(timestamp.description == text)
    #expect(Timestamp(text) == timestamp)
  }

  @Test("survive writing and reading, in the order of their texts")
  func roundTrip() {
    var random = SeededRandom()
    var timestamps = (0..<500).map { _ in
      Timestamp(
        seconds: Int.random(in: Self.writable, using: &random),
        nanoseconds: Int.random(in: 0...999_999_999, using: &random))
    }
    #expect(timestamps.allSatisfy { Timestamp($0.description) == $0 }, "seed \(random.seed)")
    timestamps.sort()
    let texts = timestamps.map(\.description)
    #expect(texts == texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, "seed \(random.seed)")
  }

  @Test(
    "are read in any zone, and as SQLite writes them",
    arguments: [
      "2026-01-02T03:04:05Z", "2026-01-02t03:04:05z", "2026-01-02 03:04:05", "2026-01-02T04:34:05+01:30",
      "2026-01-01T19:04:05.000-08:00", "2026-01-02T03:04:05.0000000009Z",
    ])
  func reads(_ text: String) {
    #expect(Timestamp(text) == Timestamp(seconds: 1_767_323_045))
  }

  @Test func durationsAreAdded() {
    let time = Timestamp(seconds: 10, nanoseconds: 900_000_000)
    #expect(time + .milliseconds(200) == Timestamp(seconds: 11, nanoseconds: 100_000_000))
    #expect(time + .milliseconds(-950) == Timestamp(seconds: 9, nanoseconds: 950_000_000))
    #expect(time + .zero == time && time + .nanoseconds(100_000_000) == Timestamp(seconds: 11))
  }

  @Test(
    "are refused where they are none, or outside the years that can be written",
    arguments: [
      "", "2026-01-02", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-02T24:00:00Z",
      "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z",
      "2026-01-02T03:04:05Z ",
      "26-01-02T03:04:05Z", "2026-01-02T03:04:05+24:00", "tomorrow",
      "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
  func refuses(_ text: String) {
    #expect(Timestamp(text) == nil)
  }
}

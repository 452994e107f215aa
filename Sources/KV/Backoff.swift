/// A waiting time that doubles up to a cap, and begins again on news.
public struct Backoff: Sendable, Equatable {
  public var first: Duration
  public var cap: Duration
  private var upcoming: Duration

  public init(first: Duration = .milliseconds(100), cap: Duration = .seconds(5)) {
    self.first = first
    self.cap = cap
    upcoming = min(first, cap)
  }

  /// How long to wait this time.
  public mutating func next() -> Duration {
    defer { upcoming = min(upcoming * 2, cap) }
    return upcoming
  }

  public mutating func reset() { upcoming = min(first, cap) }
}

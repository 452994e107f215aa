/// A wait that doubles from ``first`` up to ``cap``, and begins again at ``first`` after `reset()`.
public struct Backoff: Sendable, Equatable {
  /// The first wait, at most ``cap``. A new value takes effect at `reset()`.
  public var first: Duration
  /// The longest wait.
  public var cap: Duration
  private var upcoming: Duration

  /// A backoff that begins at `first`, or at `cap` where that is shorter.
  public init(first: Duration = .milliseconds(100), cap: Duration = .seconds(5)) {
    self.first = first
    self.cap = cap
    upcoming = min(first, cap)
  }

  /// The time to wait now; the next one is twice as long, up to ``cap``.
  public mutating func next() -> Duration {
    defer { upcoming = min(upcoming * 2, cap) }
    return upcoming
  }
}

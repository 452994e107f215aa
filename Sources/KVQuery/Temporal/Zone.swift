/// How far clocks are from UTC: always the same, or by a place's rules.
enum Zone: Sendable, Hashable {
  /// In seconds to the east.
  case offset(Int)
  case named(NamedZone)

  static let utc = Zone.offset(0)

  /// `Z`, `+01:00` or a name such as `Europe/Stockholm`.
  init(_ text: String) throws {
    if let offset = try TemporalParser.offset(text) {
      self = .offset(offset)
    } else if text.uppercased() == "UTC" || text.uppercased() == "GMT" {
      self = .utc
    } else {
      self = .named(try NamedZone.named(text))
    }
  }

  /// - Parameter instant: in seconds since 1970 in UTC.
  func offset(at instant: Int) -> Int {
    switch self {
    case .offset(let offset): offset
    case .named(let zone): zone.offset(at: instant)
    }
  }

  /// The offset of a local time, and how far the clocks have been put forward where there is no such time.
  ///
  /// Where a time comes twice it is the earlier, unless another is preferred and possible.
  /// - Parameter local: in seconds since 1970 by the local clocks.
  func resolve(_ local: Int, preferring preferred: Int?) -> (offset: Int, shift: Int) {
    if case .offset(let offset) = self { return (offset, 0) }
    let (before, after) = (offset(at: local - 86_400), offset(at: local + 86_400))
    for candidate in [preferred, before, after] {
      if let candidate, offset(at: local - candidate) == candidate { return (candidate, 0) }
    }
    return (after, after - before)
  }

  /// As offsets are written: `Z`, `+01:00`, `+00:53:28`.
  static func text(ofOffset offset: Int) -> String {
    if offset == 0 { return "Z" }
    let seconds = offset.magnitude
    let text = "\(offset < 0 ? "-" : "+")\((seconds / 3600).padded(2)):\((seconds / 60 % 60).padded(2))"
    return seconds % 60 == 0 ? text : text + ":" + (seconds % 60).padded(2)
  }
}

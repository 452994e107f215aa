import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The rules of a place, from the system's files of time zones (RFC 9636).
final class NamedZone: Sendable, Hashable {
  let name: String
  /// When clocks change, in seconds since 1970 in UTC, and the offset from then on.
  private let transitions: [(instant: Int, offset: Int)]
  private let firstOffset: Int
  /// What holds behind the last of them.
  private let rule: ZoneRule?

  private static let known = Mutex<[String: NamedZone]>([:])

  static func named(_ name: String) throws -> NamedZone {
    if let zone = known.withLock({ $0[name] }) { return zone }
    let zone = try NamedZone(name)
    known.withLock { $0[name] = zone }
    return zone
  }

  static func == (left: NamedZone, right: NamedZone) -> Bool { left.name == right.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  private init(_ name: String) throws {
    // A name is a path below the folder and never leaves it.
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isName = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.count < 64
        && part.utf8.allSatisfy {
          $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0 & 0xDF)
        }
    }
    guard isName, let bytes = Self.file(name), let data = ZoneData(bytes) else {
      throw TemporalError("there is no time zone \"\(name)\"")
    }
    self.name = name
    (transitions, firstOffset, rule) = (data.transitions, data.firstOffset, data.rule)
  }

  private static func file(_ name: String) -> [UInt8]? {
    guard let file = fopen("/usr/share/zoneinfo/" + name, "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }

  func offset(at instant: Int) -> Int {
    guard let last = transitions.last else { return rule?.offset(at: instant) ?? firstOffset }
    if instant >= last.instant, let rule { return rule.offset(at: instant) }
    var (low, high) = (0, transitions.count)
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].instant <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : transitions[low - 1].offset
  }
}

/// What a file of a time zone holds.
private struct ZoneData {
  var transitions: [(instant: Int, offset: Int)] = []
  var firstOffset = 0
  var rule: ZoneRule?

  /// `nil` where the bytes are no such file.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: "TZif".utf8), bytes.count > 44 else { return nil }
    func integer(_ start: Int, _ width: Int) -> Int? {
      guard start >= 0, start + width <= bytes.count else { return nil }
      let value = bytes[start..<start + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return width == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(Int64(bitPattern: value))
    }
    func counts(_ start: Int) -> [Int]? {
      let counts = (0..<6).compactMap { integer(start + 20 + 4 * $0, 4) }
      return counts.count == 6 && counts.allSatisfy { $0 >= 0 } ? counts : nil
    }
    guard let first = counts(0) else { return nil }
    var start = 44
    var (width, used) = (4, first)
    if bytes[4] >= UInt8(ascii: "2") {
      // The second part says the same in 64 bits.
      let second = 44 + first[3] * 5 + first[4] * 6 + first[5] + first[2] * 8 + first[1] + first[0]
      guard let counts = counts(second) else { return nil }
      (start, width, used) = (second + 44, 8, counts)
    }
    let (times, types) = (used[3], used[4])
    let kinds = start + times * width
    let offsets = (0..<types).compactMap { integer(kinds + times + 6 * $0, 4) }
    guard types > 0, offsets.count == types, kinds + times <= bytes.count else { return nil }
    firstOffset = offsets[0]
    for number in 0..<times {
      guard let instant = integer(start + number * width, width),
        offsets.indices.contains(Int(bytes[kinds + number]))
      else { return nil }
      transitions.append((instant, offsets[Int(bytes[kinds + number])]))
    }
    if width == 8 {
      let end = kinds + times + types * 6 + used[5] + used[2] * 12 + used[1] + used[0]
      guard end < bytes.count else { return }
      let footer = bytes[(end + 1)...].prefix { $0 != UInt8(ascii: "\n") }
      rule = ZoneRule(String(decoding: footer, as: UTF8.self))
    }
  }
}

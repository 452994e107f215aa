#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The names of a format, found by their bytes without a string for each.
struct XMLNames {
  /// A name of at most sixteen bytes in two words; ``none`` is no name's.
  private struct Packed: Equatable {
    var low: UInt64 = 0
    var high: UInt64 = 0

    init(_ bytes: some Sequence<UInt8>) {
      for (index, byte) in bytes.enumerated() {
        if index < 8 {
          low |= UInt64(byte) << UInt64(index * 8)
        } else {
          high |= UInt64(byte) << UInt64(index * 8 - 64)
        }
      }
    }

    var slot: Int { Int(truncatingIfNeeded: ((low ^ (high &* 31)) &* 0x9E37_79B9_7F4A_7C15) >> 55) }
  }

  private static let slots = 512
  private static let longest = 16
  private var packed: [Packed]
  private var numbers: [Int]

  /// - Parameter names: a few dozen of at most sixteen bytes.
  init(_ names: [String]) {
    packed = Array(repeating: Packed([]), count: Self.slots)
    numbers = Array(repeating: -1, count: Self.slots)
    for (number, name) in names.enumerated() {
      let key = Packed(name.utf8)
      var slot = key.slot
      while numbers[slot] >= 0 { slot = (slot + 1) % Self.slots }
      (packed[slot], numbers[slot]) = (key, number)
    }
  }

  /// The name's place among those given, or -1, and how many bytes it has, a prefix included.
  func number(of name: UnsafePointer<CChar>, skippingPrefix: Bool) -> (number: Int, count: Int) {
    let count = strlen(name)
    let bytes = UnsafeRawBufferPointer(start: name, count: count)
    let start = skippingPrefix ? bytes.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? 0 : 0
    guard count - start <= Self.longest else { return (-1, count) }
    let key = Packed(bytes[start...])
    var slot = key.slot
    while numbers[slot] >= 0 {
      if packed[slot] == key { return (numbers[slot], count) }
      slot = (slot + 1) % Self.slots
    }
    return (-1, count)
  }
}

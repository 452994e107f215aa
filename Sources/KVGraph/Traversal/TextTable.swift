#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Texts, each once, numbered in the order in which they came: the nodes and edge types of a search.
struct TextTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// The numbers by hash, -1 where a slot is free; at most half are taken.
  private var slots = [Int32](repeating: -1, count: 64)

  var count: Int { ends.count }

  private static let seed = UInt64.random(in: 1 ... .max)

  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(text)
    var hash = seed &+ UInt64(text.count)
    var index = 0
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    while index + 8 <= text.count {
      mix(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    while index < text.count {
      tail = tail << 8 | UInt64(text[index])
      index += 1
    }
    mix(tail)
    return hash
  }

  /// The number of a text, a new one where it has none.
  mutating func number(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    let slot = slot(of: text)
    if slots[slot] >= 0 { return slots[slot] }
    let number = Int32(ends.count)
    slots[slot] = number
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    if ends.count * 2 > slots.count { grow() }
    return number
  }

  mutating func number(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { number(of: $0) }
  }

  func find(_ text: String) -> Int32? {
    var text = text
    return text.withUTF8 { find($0) }
  }

  func find(_ text: UnsafeBufferPointer<UInt8>) -> Int32? {
    let number = slots[slot(of: text)]
    return number >= 0 ? number : nil
  }

  func withBytes<T>(of number: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range(of: Int(number))])) }
  }

  subscript(number: Int32) -> String {
    String(decoding: bytes[range(of: Int(number))], as: UTF8.self)
  }

  /// All numbers, in the order of their texts' bytes.
  func sortedNumbers() -> [Int32] {
    // By the first eight bytes where those differ.
    var keys = ends.indices.map { number -> (prefix: UInt64, number: Int32) in
      let text = bytes[range(of: number)]
      return (
        text.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * max(8 - text.count, 0)), Int32(number)
      )
    }
    bytes.withUnsafeBufferPointer { bytes in
      keys.sort { left, right in
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return bytes[range(of: Int(left.number))].lexicographicallyPrecedes(
          bytes[range(of: Int(right.number))])
      }
    }
    return keys.map(\.number)
  }

  private func range(of number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  /// Where the text is, or would be.
  private func slot(of text: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(text)) & mask
    while slots[slot] >= 0 {
      let isSame = withBytes(of: slots[slot]) { known in
        guard known.count == text.count, let left = known.baseAddress, let right = text.baseAddress else {
          return known.count == text.count
        }
        return memcmp(left, right, text.count) == 0
      }
      if isSame { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for number in ends.indices {
      var slot = Int(truncatingIfNeeded: withBytes(of: Int32(number), Self.hash)) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number)
    }
  }
}

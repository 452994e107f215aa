/// The member names of one object seen so far, as places in the text: compared one by one while there are few, by a
/// dictionary beyond.
struct MemberNames {
  /// In place: most objects are small, and need no memory of their own for their names.
  private var few: InlineArray<16, Range<Int>> = .init(repeating: 0..<0)
  private var more: [Range<Int>] = []
  private var count = 0
  /// A bit for each length and last letter seen: a name whose bit is not set is new, and need not be compared.
  private var seen: UInt64 = 0
  private var hasEscapes = false
  private var index: [ByteKey: Int] = [:]

  /// Notes a member by the place of its name, quotes included.
  /// - Returns: the place of the earlier member of that name, up to the member after it.
  mutating func insert(
    _ place: Range<Int>, hasEscapes nameHasEscapes: Bool, of bytes: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    if nameHasEscapes { hasEscapes = true }
    let bit: UInt64 = 1 << ((UInt64(bytes[place.upperBound - 2]) &* 7 &+ UInt64(place.count)) % 64)
    let mayBeKnown = seen & bit != 0 || hasEscapes
    seen |= bit
    count += 1
    if count <= few.count {
      few[count - 1] = place
      if !mayBeKnown { return nil }
    } else {
      more.append(place)
    }
    return earlier(of: bytes).map { self.place($0).lowerBound..<self.place($0 + 1).lowerBound }
  }

  private func place(_ position: Int) -> Range<Int> {
    position < few.count ? few[position] : more[position - few.count]
  }

  /// The position of the earlier member with the name that came last.
  private mutating func earlier(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let last = count - 1
    if last < few.count { return (0..<last).last { isSame(few[$0], few[last], of: bytes) } }
    if index.isEmpty { for position in 0..<last { index[name(place(position), of: bytes)] = position } }
    return index.updateValue(last, forKey: name(place(last), of: bytes))
  }

  private func isSame(_ left: Range<Int>, _ right: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if hasEscapes { return name(left, of: bytes) == name(right, of: bytes) }
    return left.count == right.count && bytes[left].elementsEqual(bytes[right])
  }

  private func name(_ place: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>) -> ByteKey {
    let raw = Array(bytes[place])
    return ByteKey(hasEscapes ? unescape(raw[...]) : raw)
  }
}

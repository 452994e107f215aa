/// Turns UTF-16 with a byte order mark, as Excel and Windows write it, into UTF-8, piece by piece.
struct UTF16Text {
  private let isBigEndian: Bool
  /// Half of a unit.
  private var half: UInt8?
  /// The first of a surrogate pair.
  private var lead: UInt16?

  /// `nil` where the text has no such mark.
  init?(mark start: some Collection<UInt8>) {
    switch Array(start.prefix(2)) {
    case [0xFF, 0xFE]: isBigEndian = false
    case [0xFE, 0xFF]: isBigEndian = true
    default: return nil
    }
  }

  /// The next piece, of text without its mark; an empty one is the end. What is no UTF-16 becomes what is no UTF-8, so that it is found.
  mutating func utf8(of piece: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    for byte in piece {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let (high, low) = isBigEndian ? (first, byte) : (byte, first)
      append(UInt16(high) << 8 | UInt16(low), to: &text)
    }
    if piece.isEmpty, half != nil || lead != nil {
      text.append(0xFF)
      (half, lead) = (nil, nil)
    }
    return text
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    if let lead, UTF16.isTrailSurrogate(unit) {
      self.lead = nil
      let value = 0x10000 + (UInt32(lead) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
      if let scalar = Unicode.Scalar(value) { text += UTF8.encode(scalar).map { Array($0) } ?? [] }
      return
    }
    if lead != nil { text.append(0xFF) }
    lead = UTF16.isLeadSurrogate(unit) ? unit : nil
    if lead != nil { return }
    text += Unicode.Scalar(unit).flatMap { UTF8.encode($0) }.map { Array($0) } ?? [0xFF]
  }
}

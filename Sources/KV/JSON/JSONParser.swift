/// One pass over the bytes that checks them and finds what is to be left out: whitespace and duplicate members. Text that
/// has neither, such as what is stored, is copied once and as a whole.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// Whitespace, and members that a later one of the same name has replaced. They may overlap.
  private var dropped: [Range<Int>] = []

  private let maximumDepth: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = JSON.maximumDepth) {
    (self.bytes, self.maximumDepth) = (bytes, maximumDepth)
  }

  mutating func parseDocument() throws(JSONError) -> String {
    skipWhitespace()
    guard position < bytes.count else { throw error("no JSON value") }
    try parseValue(depth: 0)
    skipWhitespace()
    guard position == bytes.count else { throw error("text after the JSON value") }
    return dropped.isEmpty ? String(decoding: bytes, as: UTF8.self) : String(decoding: kept, as: UTF8.self)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  @inline(__always)
  private mutating func skipWhitespace() {
    if position < bytes.count, bytes[position] <= 0x20 { dropWhitespace() }
  }

  private mutating func dropWhitespace() {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      position += 1
    }
    if position > start { dropped.append(start..<position) }
  }

  private mutating func parseValue(depth: Int) throws(JSONError) {
    switch current {
    case UInt8(ascii: "{"): try parseObject(depth: depth + 1)
    case UInt8(ascii: "["): try parseArray(depth: depth + 1)
    case UInt8(ascii: "\""): _ = try parseString()
    case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: try parseNumber()
    case UInt8(ascii: "t"): try parseWord("true")
    case UInt8(ascii: "f"): try parseWord("false")
    case UInt8(ascii: "n"): try parseWord("null")
    case nil: throw error("the text ends where a value should be")
    default: throw error("expected a value")
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONError) {
    try enter(depth)
    if finish(with: UInt8(ascii: "]")) { return }
    while true {
      try parseValue(depth: depth)
      if try !separator(or: UInt8(ascii: "]"), in: "array") { return }
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) {
    try enter(depth)
    if finish(with: UInt8(ascii: "}")) { return }
    var members = MemberNames()
    while true {
      let start = position
      guard current == UInt8(ascii: "\"") else { throw error("expected a member name in quotes") }
      let hasEscapes = try parseString()
      if let earlier = members.insert(start..<position, hasEscapes: hasEscapes, of: bytes) {
        dropped.append(earlier)
      }
      skipWhitespace()
      guard current == UInt8(ascii: ":") else { throw error("expected ':' after the member name") }
      take()
      skipWhitespace()
      try parseValue(depth: depth)
      if try !separator(or: UInt8(ascii: "}"), in: "object") { return }
    }
  }

  private mutating func enter(_ depth: Int) throws(JSONError) {
    guard depth <= maximumDepth else { throw error("nested deeper than \(maximumDepth) levels") }
    take()
    skipWhitespace()
  }

  private mutating func finish(with close: UInt8) -> Bool {
    guard current == close else { return false }
    take()
    return true
  }

  /// After an element: true where a comma says that another follows.
  @inline(__always)
  private mutating func separator(or close: UInt8, in what: String) throws(JSONError) -> Bool {
    skipWhitespace()
    guard current == UInt8(ascii: ",") else {
      if finish(with: close) { return false }
      throw error(
        current == nil ? "the text ends inside an \(what)" : "expected ',' or the end of the \(what)")
    }
    take()
    skipWhitespace()
    return true
  }

  private mutating func take() { position += 1 }

  private mutating func parseWord(_ word: StaticString) throws(JSONError) {
    for index in 0..<word.utf8CodeUnitCount {
      guard current == word.utf8Start[index] else { throw error("expected '\(word)'") }
      take()
    }
  }

  private mutating func parseNumber() throws(JSONError) {
    if current == UInt8(ascii: "-") { take() }
    if current == UInt8(ascii: "0") {
      take()
      if let byte = current, isDigit(byte) { throw error("a number may not begin with 0") }
    } else {
      try parseDigits()
    }
    if current == UInt8(ascii: ".") {
      take()
      try parseDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      take()
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { take() }
      try parseDigits()
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func parseDigits() throws(JSONError) {
    guard let byte = current, isDigit(byte) else { throw error("expected a digit") }
    while let byte = current, isDigit(byte) { take() }
  }

  /// - Returns: whether there are escapes in it.
  private mutating func parseString() throws(JSONError) -> Bool {
    var hasEscapes = false
    take()
    while true {
      skipPlain()
      guard position < bytes.count else { throw error("the text ends inside a string") }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try parseEscape()
      case 0..<0x20:
        throw error("a control character inside a string must be escaped")
      default:
        try skipMultibyteScalar()
      }
    }
  }

  /// Passes over ASCII that stands for itself inside a string, eight bytes at a time.
  @inline(__always)
  private mutating func skipPlain() {
    guard let start = UnsafeRawPointer(bytes.baseAddress) else { return }
    while position + 8 <= bytes.count {
      let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      // Bit 7 of each byte that ends the run; bytes after the first may be marked wrongly.
      let marks = Self.marks(word)
      if marks != 0 {
        position += marks.trailingZeroBitCount / 8
        return
      }
      position += 8
    }
    while position < bytes.count, Self.marks(UInt64(bytes[position]) | 0x2020_2020_2020_2000) == 0 {
      position += 1
    }
  }

  /// Which bytes are control characters, quotes, backslashes or no ASCII ("Determine if a word has a byte less than n",
  /// graphics.stanford.edu/~seander/bithacks.html).
  @inline(__always)
  private static func marks(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let found = (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones) | word
    return found & (ones &* 0x80)
  }

  private mutating func parseEscape() throws(JSONError) {
    take()
    switch current {
    case UInt8(ascii: "u"):
      take()
      let unit = try parseHex()
      if unit & 0xFC00 == 0xDC00 { throw error("a low surrogate without a high one") }
      guard unit & 0xFC00 == 0xD800 else { return }
      guard current == UInt8(ascii: "\\"), position + 1 < bytes.count,
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw error("a high surrogate without a low one") }
      take()
      take()
      guard try parseHex() & 0xFC00 == 0xDC00 else { throw error("a high surrogate without a low one") }
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      take()
    default:
      throw error("unknown escape in a string")
    }
  }

  private mutating func parseHex() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = hexDigit(byte) else {
        throw error("expected four hexadecimal digits after \\u")
      }
      unit = unit << 4 | UInt16(digit)
      take()
    }
    return unit
  }

  /// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629, section 4).
  private mutating func skipMultibyteScalar() throws(JSONError) {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch bytes[position] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw error("invalid UTF-8")
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]),
      bytes[position + 2..<position + length].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { throw error("invalid UTF-8") }
    position += length
  }

  /// The bytes without what is to be left out.
  private var kept: [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var next = 0
    for range in dropped.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { kept.append(contentsOf: bytes[next..<range.lowerBound]) }
      next = max(next, range.upperBound)
    }
    kept.append(contentsOf: bytes[next...])
    return kept
  }

  private func error(_ reason: String) -> JSONError {
    var line = 1
    var lineStart = 0
    for index in 0..<min(position, bytes.count) where bytes[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    return JSONError(reason: reason, line: line, column: position - lineStart + 1)
  }
}

func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

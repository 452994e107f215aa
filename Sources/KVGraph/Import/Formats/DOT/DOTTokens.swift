/// The tokens of a DOT text, as far as ``DOTBounds`` needs them.
struct DOTTokens {
  enum Token {
    case text([UInt8])
    case edge
    case mark(UInt8)
  }

  private let text: [UInt8]
  private var position = 0
  private(set) var line = 1
  /// Where quoted texts stand that are longer than one of ``DOTPieces``.
  private(set) var longTexts: [Range<Int>] = []

  init(_ text: [UInt8]) { self.text = text }

  mutating func next() -> Token? {
    skip()
    guard position < text.count else { return nil }
    let start = position
    switch text[position] {
    case UInt8(ascii: "\""): return quoted()
    case UInt8(ascii: "<"): return html()
    case UInt8(ascii: "-") where isAt("--") || isAt("->"):
      position += 2
      return .edge
    case let byte where Self.isOfWord(byte) || byte == UInt8(ascii: "-"):
      repeat { position += 1 } while position < text.count && Self.isOfWord(text[position])
      return .text(Array(text[start..<position]))
    case let byte:
      position += 1
      return .mark(byte)
    }
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }

  private func isAt(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { text[position...].starts(with: $0) }
  }

  private mutating func advance() {
    if text[position] == 0x0A { line += 1 }
    position += 1
  }

  /// Over whitespace and comments.
  private mutating func skip() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x09, 0x0A, 0x0D: advance()
      case UInt8(ascii: "#") where position == 0 || text[position - 1] == 0x0A: skipLine()
      case UInt8(ascii: "/") where isAt("//"): skipLine()
      case UInt8(ascii: "/") where isAt("/*"): skip(to: "*/")
      default: return
      }
    }
  }

  private mutating func skipLine() {
    while position < text.count, text[position] != 0x0A { position += 1 }
  }

  private mutating func skip(to end: StaticString) {
    position += 2
    while position < text.count, !isAt(end) { advance() }
    position = min(position + end.utf8CodeUnitCount, text.count)
  }

  private mutating func quoted() -> Token {
    let start = position
    position += 1
    var bytes: [UInt8] = []
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      if text[position] == UInt8(ascii: "\\"), position + 1 < text.count {
        bytes.append(text[position])
        position += 1
      }
      bytes.append(text[position])
      advance()
    }
    position += 1
    if bytes.count > DOTPieces.most, position <= text.count { longTexts.append(start..<position) }
    return .text(bytes)
  }

  private mutating func html() -> Token {
    var depth = 0
    let start = position
    repeat {
      if isAt("<!--") {
        skip(to: "-->")
        continue
      }
      if text[position] == UInt8(ascii: "<") { depth += 1 }
      if text[position] == UInt8(ascii: ">") { depth -= 1 }
      advance()
    } while position < text.count && depth > 0
    return .text(Array(text[start..<position]))
  }
}

extension [UInt8] {
  /// Words of the language are the same in any letter case.
  func isWord(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount && word.withUTF8Buffer { elementsEqual($0) { ($0 | 0x20) == $1 } }
  }
}

import KV

/// The words, texts and brackets of a GML text; `#` begins a comment.
struct GMLTokenizer {
  enum Token {
    case word([UInt8])
    /// What stands between two quotes.
    case text([UInt8])
    case open
    case close
  }

  private var input: ByteInput
  /// The line on which the last token began.
  private(set) var line = 1
  /// Whether a text was no UTF-8.
  private(set) var hasLatin1 = false

  init(_ read: @escaping () throws -> [UInt8]) { input = ByteInput(read) }

  mutating func next() throws -> Token? {
    try skipBlanksAndComments()
    line = input.line
    guard let byte = try input.take() else { return nil }
    switch byte {
    case UInt8(ascii: "["): return .open
    case UInt8(ascii: "]"): return .close
    case UInt8(ascii: "\""): return .text(try restOfText())
    default:
      var word = [byte]
      while let byte = try input.peek(), !Self.endsWord(byte) {
        word.append(byte)
        _ = try input.take()
      }
      return .word(word)
    }
  }

  private mutating func skipBlanksAndComments() throws {
    while let byte = try input.peek() {
      if byte == UInt8(ascii: "#") {
        while let byte = try input.peek(), byte != 0x0A { _ = try input.take() }
      } else if byte > 0x20 {
        return
      } else {
        _ = try input.take()
      }
    }
  }

  private mutating func restOfText() throws -> [UInt8] {
    var text: [UInt8] = []
    var isASCII = true
    while let byte = try input.take() {
      if byte == UInt8(ascii: "\"") {
        if !isASCII, String(validating: text, as: UTF8.self) == nil { hasLatin1 = true }
        return text
      }
      isASCII = isASCII && byte < 0x80
      text.append(byte)
    }
    throw JSONError(reason: "the file ends inside a text in quotes", line: line, column: 1)
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "\"")
  }
}

/// What GML's words and texts stand for.
enum GMLText {
  /// GML is ASCII or ISO 8859-1 by its definition, and UTF-8 by habit.
  static func decoded(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(Unicode.Scalar(byte)) }
    return String(text)
  }

  /// The number that a word is, or else the word: `+INF`, `NAN`.
  static func value(ofWord word: [UInt8]) -> JSON { ImportedNumber.json(word[...]) ?? JSON(decoded(word)) }
}

import KV

/// A Mermaid text by the statement: they end with a line or a `;`, but not inside of quotes, brackets or
/// bars.
struct MermaidStatements {
  enum Statement {
    case comment([UInt8])
    case code([UInt8])
  }

  private static let largestStatement = 1 << 20

  private var input: ByteInput
  /// The line that the last statement began on.
  private(set) var line = 1

  init(_ read: @escaping () throws -> [UInt8]) { input = ByteInput(read) }

  /// The rest of the line that follows, or of the last statement's.
  mutating func takeLine() throws -> [UInt8]? {
    var bytes: [UInt8] = []
    guard try input.peek() != nil else { return nil }
    while let byte = try input.take(), byte != 0x0A { bytes.append(byte) }
    return bytes
  }

  mutating func skipWhitespace() throws { try input.skipWhitespace() }
  var currentLine: Int { input.line }
  mutating func isAtDash() throws -> Bool { try input.peek() == UInt8(ascii: "-") }

  mutating func next() throws -> Statement? {
    while let byte = try input.peek(), byte == UInt8(ascii: ";") || byte <= 0x20 { _ = try input.take() }
    line = input.line
    guard let first = try input.peek() else { return nil }
    if first == UInt8(ascii: "%") {
      _ = try input.take()
      if try input.peek() == UInt8(ascii: "%") { return .comment(try comment()) }
      return .code(try code(beginning: [first]))
    }
    return .code(try code(beginning: []))
  }

  /// After its first `%`. A directive `%%{…}%%` may go over several lines.
  private mutating func comment() throws -> [UInt8] {
    _ = try input.take()
    guard try input.peek() == UInt8(ascii: "{") else { return try takeLine() ?? [] }
    var last: [UInt8] = []
    while let byte = try input.take() {
      last = last.suffix(2) + [byte]
      if last.elementsEqual("}%%".utf8) { return [] }
    }
    throw end(inside: "a directive")
  }

  private func end(inside what: String) -> JSONError {
    JSONError(reason: "the file ends inside \(what)", line: line, column: 1)
  }

  private mutating func code(beginning: [UInt8]) throws -> [UInt8] {
    var bytes = beginning
    var isInQuotes = false
    var isInBars = false
    var depth = 0
    while let byte = try input.peek() {
      if !isInQuotes {
        let isInside = isInBars || depth > 0
        switch byte {
        case 0x0A where !isInside: return bytes
        case UInt8(ascii: ";") where !isInside && !bytes.endsWithEntity: return bytes
        // A comment after a statement.
        case UInt8(ascii: "%") where !isInside && bytes.count > 1 && bytes.suffix(2).elementsEqual(" %".utf8):
          bytes.removeLast(2)
          _ = try takeLine()
          return bytes
        case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        case UInt8(ascii: "|") where depth == 0: isInBars.toggle()
        default: break
        }
      }
      if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
      bytes.append(byte)
      _ = try input.take()
      if bytes.count > Self.largestStatement {
        throw JSONError(reason: "a statement of more than 1 MiB", line: line, column: 1)
      }
    }
    if isInQuotes { throw end(inside: "quotes") }
    if depth > 0 { throw end(inside: "brackets") }
    if isInBars { throw end(inside: "the text of a link") }
    return bytes
  }
}

extension [UInt8] {
  /// `#quot` before a semicolon.
  fileprivate var endsWithEntity: Bool {
    guard let place = suffix(12).lastIndex(of: UInt8(ascii: "#")), place + 1 < count else { return false }
    return self[(place + 1)...].allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
  }
}

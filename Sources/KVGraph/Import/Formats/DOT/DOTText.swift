import KV

/// Text in Graphviz's language (graphviz.org/doc/info/lang.html), as libcgraph reads it.
///
/// Of a quoted text its lexer undoes `\"` only and keeps `\\` as it is, so there is no way to write a text in
/// which an odd number of backslashes stands before a quote, a line's end or the end; and it loses a line's
/// end between two quotes. Labels are read a second time, for the escapes of
/// graphviz.org/docs/attr-types/escString. What cannot be held is written as JSON, with each backslash twice.
enum DOTText {
  private static let prefix = "@json."
  private static let backslash = UInt8(ascii: "\\")
  private static let ampersand = UInt8(ascii: "&")
  private static let quote = UInt8(ascii: "\"")

  /// Whether Graphviz reads the attribute a second time: people write line breaks into these.
  static func isLabel(_ name: String) -> Bool { labels.contains(name) }
  private static let labels: Set = [
    "label", "xlabel", "headlabel", "taillabel", "tooltip", "edgetooltip", "headtooltip", "labeltooltip",
    "tailtooltip",
  ]

  /// Whether an attribute's value is JSON, written by ``quoted(json:)``.
  static func isJSON(_ name: String) -> Bool {
    name.utf8.starts(with: prefix.utf8) || name.hasSameBytes(as: "@attributes")
  }

  /// `nil` where a quoted text cannot hold it, or should not: control characters are for JSON.
  static func quoted(_ text: String) -> String? {
    var bytes = [quote]
    var isAfterOddBackslash = false
    /// Since the last quote or backslash. Of a line's end that stands there alone the lexer makes nothing.
    var length = 0
    var isLineEnd = false
    for byte in text.utf8 {
      if byte < 0x20, byte != 0x0A, byte != 0x09 { return nil }
      if isAfterOddBackslash, byte == quote || byte == 0x0A { return nil }
      let isMark = byte == quote || byte == backslash
      if isMark, isLineEnd { return nil }
      length = isMark ? 0 : length + 1
      isLineEnd = byte == 0x0A && length == 1
      if byte == quote { bytes.append(backslash) }
      bytes.append(byte)
      isAfterOddBackslash = byte == backslash && !isAfterOddBackslash
    }
    return isAfterOddBackslash || isLineEnd
      ? nil : DOTPieces.joined(String(decoding: bytes + [quote], as: UTF8.self))
  }

  static func quoted(json text: String) -> String {
    var bytes = [quote]
    for byte in text.utf8 {
      if byte == backslash || byte == quote { bytes.append(backslash) }
      bytes.append(byte)
    }
    return DOTPieces.joined(String(decoding: bytes + [quote], as: UTF8.self))
  }

  /// What ``quoted(json:)`` was given, of what the lexer makes of it.
  static func json(_ text: String) -> String {
    var bytes: [UInt8] = []
    var isAfterBackslash = false
    for byte in text.utf8 {
      if byte == backslash, isAfterBackslash {
        isAfterBackslash = false
        continue
      }
      isAfterBackslash = byte == backslash
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `nil` where a label cannot hold it.
  static func quoted(label text: String) -> String? {
    var bytes: [UInt8] = []
    let all = Array(text.utf8)
    for (place, byte) in all.enumerated() {
      switch byte {
      case backslash: bytes += [backslash, backslash]
      case 0x0A: bytes += [backslash, UInt8(ascii: "n")]
      case ampersand where HTMLEntity.text(at: all[place...], marker: ampersand) != nil:
        bytes += "&amp;".utf8
      default: bytes.append(byte)
      }
    }
    return quoted(String(decoding: bytes, as: UTF8.self))
  }

  /// - Parameter names: what stands for `\N`, `\G`, `\E`, `\T` and `\H`.
  static func label(_ text: String, names: [UInt8: String]) -> String {
    guard text.utf8.contains(where: { $0 == backslash || $0 == ampersand }) else { return text }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == ampersand, let entity = HTMLEntity.text(at: [byte] + rest.prefix(16), marker: ampersand) {
        bytes += entity.text.utf8
        rest = rest.dropFirst(entity.count - 1)
        continue
      }
      guard byte == backslash, let escape = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch escape {
      case UInt8(ascii: "n"): bytes.append(0x0A)
      // They end a line, and one that ends the text starts no other.
      case UInt8(ascii: "l"), UInt8(ascii: "r"): if !rest.isEmpty { bytes.append(0x0A) }
      case backslash, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "<"),
        UInt8(ascii: ">"), UInt8(ascii: " "):
        bytes.append(escape)
      default: bytes += names[escape].map { Array($0.utf8) } ?? [backslash, escape]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A node's name. cgraph takes one that begins with `%` for one of its own, and forgets it.
  static func quoted(name: String) -> String {
    let isPlain =
      !name.utf8.starts(with: prefix.utf8) && name.utf8.first != UInt8(ascii: "%") && !name.isEmpty
    return (isPlain ? quoted(name) : nil) ?? quoted(json: prefix + JSON(name).text)
  }

  static func name(_ text: String) -> String {
    guard text.utf8.starts(with: prefix.utf8) else { return text }
    let rest = String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    return (try? JSON(parsing: json(rest)))?.string ?? text
  }
}

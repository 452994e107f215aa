/// The text of a node inside the brackets of its shape, which says nothing else.
enum MermaidShape {
  /// What opens a shape, and what closes it; the longer first.
  private static let shapes: [(open: StaticString, close: StaticString)] = [
    ("(((", ")))"), ("((", "))"), ("([", "])"), ("(", ")"), ("[[", "]]"), ("[(", ")]"), ("[/", "/]"),
    ("[/", "\\]"),
    ("[\\", "\\]"), ("[\\", "/]"), ("[", "]"), ("{{", "}}"), ("{", "}"), (">", "]"),
  ]

  /// `nil` where there is no shape.
  static func takeLabel(from rest: inout ArraySlice<UInt8>) throws(MermaidFault) -> String? {
    guard let first = rest.first, "([{>".utf8.contains(first) else { return nil }
    let start = rest
    for (open, close) in shapes where open.withUTF8Buffer({ start.starts(with: $0) }) {
      rest = start.dropFirst(open.utf8CodeUnitCount)
      if let label = try takeText(before: close, from: &rest) { return label }
    }
    rest = start
    throw MermaidFault("no text in brackets at", start)
  }

  /// Up to the first bracket of that kind outside of quotes, if it is what closes the shape.
  private static func takeText(before close: StaticString, from rest: inout ArraySlice<UInt8>)
    throws(MermaidFault)
    -> String?
  {
    let closing = close.withUTF8Buffer { Array($0) }
    let start = rest
    if rest.trimmedStart.first == UInt8(ascii: "\"") {
      rest = rest.trimmedStart
      let text = try takeQuoted(from: &rest)
      rest = rest.trimmedStart
      guard rest.starts(with: closing) else { return nil }
      rest = rest.dropFirst(closing.count)
      return text
    }
    guard let bracket = closing.last,
      let end = rest.firstIndex(of: bracket == UInt8(ascii: ">") ? 0 : bracket)
    else { return nil }
    // The slash or the other bracket before it belongs to it.
    let isSame = closing.allSatisfy { $0 == bracket }
    let place = isSame ? end : end - closing.count + 1
    guard place >= start.startIndex, rest[place...].starts(with: closing) else { return nil }
    rest = rest[(place + closing.count)...]
    return label(start[..<place])
  }

  /// `"text"`, or a Markdown text, "`text`".
  static func takeQuoted(from rest: inout ArraySlice<UInt8>) throws(MermaidFault) -> String {
    let inside = rest.dropFirst()
    guard let end = inside.firstIndex(of: UInt8(ascii: "\"")) else { throw MermaidFault("no end of", rest) }
    rest = inside[(end + 1)...]
    let text = inside[..<end]
    let trimmed = text.trimmed
    guard trimmed.count >= 2, trimmed.first == UInt8(ascii: "`"), trimmed.last == UInt8(ascii: "`") else {
      return String(mermaidLabel: text)
    }
    let lines = trimmed.dropFirst().dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.map { String(mermaidLabel: $0.trimmed) }.joined(separator: "\n")
  }

  /// After a `|`: the text up to the next; `nil` where there is none.
  static func takeBarred(from rest: inout ArraySlice<UInt8>) throws(MermaidFault) -> String? {
    let trimmed = rest.trimmedStart
    if trimmed.first == UInt8(ascii: "\"") {
      rest = trimmed
      let text = try takeQuoted(from: &rest)
      rest = rest.trimmedStart
      guard rest.first == UInt8(ascii: "|") else { return nil }
      rest = rest.dropFirst()
      return text
    }
    guard let end = rest.firstIndex(of: UInt8(ascii: "|")) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return label(rest[..<end])
  }

  /// A text that may stand in quotes.
  static func label(_ text: ArraySlice<UInt8>) -> String {
    let text = text.trimmed
    var rest = text
    if text.first == UInt8(ascii: "\""), let label = try? takeQuoted(from: &rest), rest.isEmpty {
      return label
    }
    return String(mermaidLabel: text)
  }
}

extension ArraySlice<UInt8> {
  var trimmedStart: Self { drop { $0 <= 0x20 } }
}

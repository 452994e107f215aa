import KV

/// A line of a list taken apart.
struct ListLine {
  enum Separator {
    case tab, comma
    /// One blank or tab, or several.
    case blanks
  }

  var fields: [String] = []
  /// After two fields, what stands in braces up to the end of the line.
  var data: String?
  /// What makes the line useless.
  var problem: String?

  init(_ bytes: ArraySlice<UInt8>, separatedBy separator: Separator) {
    var rest = bytes.trimmed
    // An empty field before the end of the line is one; the last is none.
    while !rest.isEmpty, problem == nil {
      if fields.count == 2, rest.first == UInt8(ascii: "{"), rest.last == UInt8(ascii: "}") {
        data = text(rest)
        return
      }
      switch separator {
      case .blanks:
        let word = rest.prefix { !$0.isBlank }
        // The rest is a comment.
        if !fields.isEmpty, word.elementsEqual("#".utf8) { return }
        append(word)
        rest = rest.dropFirst(word.count)
      case .tab:
        let field = rest.prefix { $0 != UInt8(ascii: "\t") }
        append(field.trimmed)
        rest = rest.dropFirst(field.count + 1)
      case .comma: takeCell(from: &rest)
      }
      rest = rest.drop { separator == .tab ? $0 == UInt8(ascii: " ") : $0.isBlank }
    }
  }

  private mutating func takeCell(from rest: inout ArraySlice<UInt8>) {
    let comma = UInt8(ascii: ",")
    let quote = UInt8(ascii: "\"")
    guard rest.first == quote else {
      let cell = rest.prefix { $0 != comma }
      append(cell.trimmed)
      rest = rest.dropFirst(cell.count + 1)
      return
    }
    var cell: [UInt8] = []
    rest.removeFirst()
    while let byte = rest.popFirst() {
      if byte != quote {
        cell.append(byte)
      } else if rest.first == quote {
        cell.append(byte)
        rest.removeFirst()
      } else {
        append(cell[...])
        rest = rest.trimmed
        if let next = rest.popFirst(), next != comma { problem = "a field goes on after its closing quote" }
        return
      }
    }
    problem = "a quoted field does not end"
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    if let text = text(bytes) { fields.append(text) }
  }

  private mutating func text(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = String(validating: bytes, as: UTF8.self)
    if text == nil { problem = "invalid UTF-8" }
    return text
  }
}

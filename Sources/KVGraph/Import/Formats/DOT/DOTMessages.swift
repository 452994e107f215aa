import KV

/// What libcgraph says on a text that it does not read: `syntax error in line 2 near '}'`.
enum DOTMessages {
  /// The first error, or a warning that the text is read as something else than it seems to be.
  static func error(in messages: String) -> JSONError? {
    guard !messages.isEmpty else { return nil }
    var message = messages[...]
    for prefix in ["Error: ", "Warning: "] where message.hasPrefix(prefix) {
      message = message.dropFirst(prefix.count)
    }
    let line = message.prefix { !$0.isNewline }
    var words = line.split(separator: " ", omittingEmptySubsequences: false)
    var number = 1
    for index in words.indices.dropLast() where words[index] == "line" {
      guard let parsed = Int(words[index + 1]) else { continue }
      number = max(parsed, 1)
      let start = index > 0 && words[index - 1] == "in" ? index - 1 : index
      words.removeSubrange(start...(index + 1))
      if words[start...].starts(with: ["of", "input"]) { words.removeSubrange(start..<(start + 2)) }
      break
    }
    return JSONError(reason: reason(words.joined(separator: " ")), line: number, column: 1)
  }

  private static func reason(_ text: String) -> String {
    switch text {
    case "syntax error": return "as DOT: the file ends inside a graph"
    case let text where text.contains("scanning a quoted string"):
      return "as DOT: the file ends inside a quoted text"
    case let text where text.contains("scanning a HTML string"):
      return "as DOT: an HTML label has no end, or is longer than the 16,384 bytes that Graphviz reads"
    case let text where text.contains("scanning a /*"): return "as DOT: the file ends inside a comment"
    default:
      // The token may be of any length, and hold anything.
      let shown = JSON(text.count > 100 ? text.prefix(100) + "…" : text).text
      return "as DOT: " + shown.dropFirst().dropLast().replacing("\\\"", with: "\"")
    }
  }
}

/// What the parser has against a command line, as one line.
enum UsageMessage {
  /// The parser gives a list an item a line, each behind a hyphen, and ends some sentences.
  static func line(_ message: String) -> String {
    var text = ""
    for line in message.split(whereSeparator: \.isNewline).map({ $0.drop { $0 == " " } }) {
      let isItem = line.hasPrefix("- ")
      text += text.isEmpty ? "" : isItem && !text.hasSuffix(":") ? ", " : " "
      text += isItem ? line.dropFirst(2) : line
    }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

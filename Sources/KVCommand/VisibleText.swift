extension String {
  /// On one line, with an escape in the place of each character that would act on a terminal or on the reader's eye: control
  /// characters (those after ASCII too), line ends, and what turns the direction of writing.
  var onOneLine: String { escaped { $0.isControl || $0.leavesTheLine } }

  /// As it is, but for control characters other than tabs and line feeds, and for what acts on the reader's eye.
  var withoutControls: String { escaped { $0.isControl && $0 != "\n" && $0 != "\t" || $0.leavesTheLine } }

  private func escaped(where isEscaped: (Unicode.Scalar) -> Bool) -> String {
    // Most texts have none, and are ASCII.
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard isEscaped(scalar) else {
        text.append(scalar)
        continue
      }
      switch scalar {
      case "\n": text.append(contentsOf: "\\n".unicodeScalars)
      case "\r": text.append(contentsOf: "\\r".unicodeScalars)
      case "\t": text.append(contentsOf: "\\t".unicodeScalars)
      default:
        let digits = String(scalar.value, radix: 16)
        text.append(contentsOf: "\\u".unicodeScalars)
        text.append(
          contentsOf: (String(repeating: "0", count: 4 - digits.utf8.count) + digits).unicodeScalars)
      }
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

  /// Line and paragraph separators, and marks of direction.
  fileprivate var leavesTheLine: Bool {
    (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }
}

import KV

extension StringProtocol {
  /// At most so many characters, the last one an ellipsis where some were cut off.
  func cut(to length: Int) -> String {
    if utf8.count <= length { return String(self) }
    let start = prefix(length)
    // One character may hold any number of combining marks.
    let scalars = start.unicodeScalars.prefix(length * 8)
    if scalars.endIndex < start.endIndex { return String(String.UnicodeScalarView(scalars)) + "…" }
    return start.endIndex < endIndex ? String(start.dropLast()) + "…" : String(start)
  }

  /// As a label in some lines: broken behind spaces and signs, and where it is long without its middle, for names often differ at their
  /// ends.
  var wrapped: String {
    let (width, most) = (26, 78)
    let lines = split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.count > 5 {
      return (lines.prefix(2).map(\.wrapped) + ["…"] + lines.suffix(2).map(\.wrapped)).joined(separator: "\n")
    }
    if lines.count > 1 { return lines.map(\.wrapped).joined(separator: "\n") }
    if utf8.count <= width { return String(self) }
    guard count > width + 4 else { return cut(to: width + 4) }
    let whole =
      count > most
      ? prefix(most / 2).cut(to: most / 2) + "…" + suffix(most / 2 - 1).cut(to: most / 2) : cut(to: most)
    var rest = whole[...]
    var broken: [Substring] = []
    while rest.count > width + 4 {
      let line = rest.prefix(width)
      // Not so early that the line is short.
      let end =
        line.dropFirst(width / 2).lastIndex { " /._-:@#,;|\\…".contains($0) }.map(line.index(after:))
        ?? line.endIndex
      broken.append(rest[..<end])
      rest = rest[end...]
    }
    return (broken + [rest]).joined(separator: "\n")
  }

  /// As an address on the web that may stand in a picture: of the schemes that only show something, and with nothing in it that could end
  /// what it stands in. `nil` for any other.
  var webAddress: String? {
    let isKnown = ["https://", "http://", "mailto:"].contains { lowercased().hasPrefix($0) }
    guard isKnown, utf8.count <= 2000 else { return nil }
    let plain = Set("-._~:/?#@!*+,;=%&()[]".utf8)
    return utf8.reduce(into: "") { address, byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: address.unicodeScalars.append(Unicode.Scalar(byte))
      case let byte where plain.contains(byte): address.unicodeScalars.append(Unicode.Scalar(byte))
      default: address += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  /// With line feeds in the place of all line ends, and U+FFFD for what no picture can show: control characters but tabs, and
  /// noncharacters.
  var visible: String {
    if unicodeScalars.allSatisfy(\.isVisible) { return String(self) }
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars {
      if scalar == "\r" {
        text.append("\n")
      } else if scalar != "\n" || previous != "\r" {
        text.append(scalar.isVisible ? scalar : "\u{FFFD}")
      }
      previous = scalar
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  fileprivate var isVisible: Bool {
    self == "\n" || self == "\t"
      || (properties.generalCategory != .control && !properties.isNoncharacterCodePoint)
  }
}

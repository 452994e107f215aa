/// What Mermaid draws at most unless it is configured otherwise.
package enum MermaidLimit {
  package static let edges = 500
  /// In UTF-16 code units.
  package static let text = 50_000
}

/// Text inside quotes in Mermaid's flowcharts
/// (mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
extension String {
  private static let zeroWidthSpace = "#8203;"

  /// As a label, without its quotes.
  ///
  /// Mermaid looks for some of its words in whole lines before it reads them, quotes or not: `direction TB`,
  /// directives (`%%{`), formulas (`$$`), a colon and a `#` after `style`. And it makes a line break of `\n`.
  package var mermaidLabel: String {
    let lowercased = lowercased()
    let hasStyle = lowercased.contains("style") || lowercased.contains("classdef")
    let hasDirection = Array(utf8).contains(Array("direction".utf8))
    var label = ""
    var previous: Unicode.Scalar?
    let scalars = Array(unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      // Formulas and line breaks it finds even after decoding: a space of no width keeps their signs apart.
      if scalar == "$" && previous == "$" || scalar == "n" && previous == "\\" {
        label += Self.zeroWidthSpace
      }
      // `fa:fa-car` would be an icon.
      if previous == ":", scalars[index...].starts(with: "fa-".unicodeScalars) {
        label += Self.zeroWidthSpace
      }
      previous = scalar
      switch scalar {
      case "#", "|", "`", "$", "%", "\\": label += "#\(scalar.value);"
      case ":" where hasStyle, "d" where hasDirection: label += "#\(scalar.value);"
      case "\"": label += "#quot;"
      case "<": label += "#lt;"
      case ">": label += "#gt;"
      case "&": label += "#amp;"
      case "\n": label += "<br/>"
      case "\0"..<" ", "\u{7F}", "\u{85}", "\u{2028}", "\u{2029}": label += "#\(scalar.value);"
      default: label.unicodeScalars.append(scalar)
      }
    }
    // An empty label is an error.
    return label.isEmpty ? " " : label
  }

  /// What a label says: of entities, `<br/>` and `\n`, and without the spaces that ``mermaidLabel`` puts in.
  package init(mermaidLabel label: String) {
    self.init(mermaidLabel: Array(label.utf8)[...])
  }

  init(mermaidLabel label: ArraySlice<UInt8>) {
    guard label.contains(where: { "#&<\\".utf8.contains($0) }) else {
      self.init(decoding: label, as: UTF8.self)
      return
    }
    var text: [UInt8] = []
    var rest = label
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "#"), UInt8(ascii: "&"):
        if let (character, count) = HTMLEntity.text(at: rest, marker: byte) {
          let entity = rest.prefix(count)
          rest = rest.dropFirst(count)
          if !entity.elementsEqual(Self.zeroWidthSpace.utf8) { text += Array(character.utf8) }
          continue
        }
      case UInt8(ascii: "<"):
        if let count = rest.lineBreakCount {
          rest = rest.dropFirst(count)
          text.append(0x0A)
          continue
        }
      case UInt8(ascii: "\\"):
        if rest.dropFirst().first == UInt8(ascii: "n") {
          rest = rest.dropFirst(2)
          text.append(0x0A)
          continue
        }
      default: break
      }
      text.append(byte)
      rest = rest.dropFirst()
    }
    self.init(decoding: text, as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// Of `<br>`, `<br/>` or `<br />` at the beginning.
  fileprivate var lineBreakCount: Int? {
    var rest = self
    guard rest.prefix(3).elementsEqual("<br".utf8, by: { $0 | 0x20 == $1 | 0x20 }) else { return nil }
    rest = rest.dropFirst(3)
    while rest.first == 0x20 { rest = rest.dropFirst() }
    if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
    return rest.first == UInt8(ascii: ">") ? rest.startIndex + 1 - startIndex : nil
  }
}

/// The text of Graphviz's HTML-like labels (graphviz.org/doc/info/shapes.html#html): a `<br/>` and a table's
/// row end a line, a cell ends with a space, any other tag is nothing.
enum DOTHTMLText {
  static func text(_ html: String) -> String {
    var lines: [[UInt8]] = [[]]
    var rest = Array(html.utf8)[...]
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "<"):
        if rest.starts(with: "<!--".utf8) {
          rest = rest.dropFirst(4)
          while !rest.isEmpty, !rest.starts(with: "-->".utf8) { rest.removeFirst() }
          rest = rest.dropFirst(3)
          continue
        }
        let tag = rest.prefix { $0 != UInt8(ascii: ">") }
        rest = rest.dropFirst(tag.count + 1)
        switch name(of: tag) {
        case "br", "/tr", "/table": lines.append([])
        case "/td": append(0x20)
        default: break
        }
      case UInt8(ascii: "&"):
        let (text, count) = HTMLEntity.text(at: rest, marker: UInt8(ascii: "&")) ?? ("&", 1)
        lines[lines.count - 1] += Array(text.utf8)
        rest = rest.dropFirst(count)
      case 0x20, 0x09, 0x0A, 0x0D:
        append(0x20)
        rest = rest.dropFirst()
      default:
        lines[lines.count - 1].append(byte)
        rest = rest.dropFirst()
      }
    }
    return lines.map { line in
      String(decoding: line.last == 0x20 ? line.dropLast() : line[...], as: UTF8.self)
    }.filter { !$0.isEmpty }.joined(separator: "\n")

    /// Whitespace is one space, and none where a line begins.
    func append(_ space: UInt8) {
      if let last = lines[lines.count - 1].last, last != space { lines[lines.count - 1].append(space) }
    }
  }

  private static func name(of tag: ArraySlice<UInt8>) -> String {
    var name = tag.dropFirst()
    if name.last == UInt8(ascii: "/") { name = name.dropLast() }
    let end = name.firstIndex { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } ?? name.endIndex
    return String(decoding: name[..<end], as: UTF8.self).lowercased()
  }
}

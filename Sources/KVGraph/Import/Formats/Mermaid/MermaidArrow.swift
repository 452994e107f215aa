/// The line of a link in Mermaid: `-->`, `---`, `-.->`, `==>`, `~~~`, `o--o` and longer ones, and `--`, `-.`,
/// `==` which begin a text.
struct MermaidArrow {
  private enum Stroke { case normal, thick, dotted, invisible }

  private(set) var count = 0
  private(set) var hasStart = false
  private(set) var hasEnd = false
  /// Whether a text follows, and then the rest of the link.
  private(set) var isOpen = false
  private var stroke = Stroke.normal
  var isInvisible: Bool { stroke == .invisible }

  init?(at bytes: ArraySlice<UInt8>) {
    var rest = bytes
    if let byte = rest.first, "xo<".utf8.contains(byte) {
      hasStart = true
      rest = rest.dropFirst()
    }
    guard let byte = rest.first else { return nil }
    switch byte {
    case UInt8(ascii: "~"):
      stroke = .invisible
      let line = rest.prefix { $0 == byte }
      guard line.count >= 3, !hasStart else { return nil }
      rest = rest.dropFirst(line.count)
    case UInt8(ascii: "="):
      guard readLine(of: byte, &rest) else { return nil }
      stroke = .thick
    case UInt8(ascii: "-") where rest.dropFirst().first == byte:
      guard readLine(of: byte, &rest) else { return nil }
    case UInt8(ascii: "-"), UInt8(ascii: "."):
      guard readDots(&rest) else { return nil }
      stroke = .dotted
    default: return nil
    }
    count = rest.startIndex - bytes.startIndex
  }

  /// `--`, and then a head or more of the line.
  private mutating func readLine(of byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
    let line = rest.prefix { $0 == byte }
    guard line.count >= 2 else { return false }
    rest = rest.dropFirst(line.count)
    if let head = rest.first, "xo>".utf8.contains(head) {
      hasEnd = true
      rest = rest.dropFirst()
    } else {
      isOpen = line.count == 2
    }
    return true
  }

  /// `-.->`, or `-.`
  private mutating func readDots(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let dots = rest.prefix { $0 == UInt8(ascii: ".") }
    guard !dots.isEmpty else { return false }
    rest = rest.dropFirst(dots.count)
    guard rest.first == UInt8(ascii: "-") else {
      isOpen = true
      return dots.count == 1
    }
    rest = rest.dropFirst()
    if let head = rest.first, "xo>".utf8.contains(head) {
      hasEnd = true
      rest = rest.dropFirst()
    }
    return true
  }

  /// The end of a link with a text, and where it begins. A letter before it belongs to the text.
  static func end(of start: MermaidArrow, in bytes: ArraySlice<UInt8>) -> (MermaidArrow, Int)? {
    var rest = bytes
    // What stands between quotes is text, whatever it looks like.
    let text = bytes.drop { $0 == 0x20 }
    if text.first == UInt8(ascii: "\""), let quote = text.dropFirst().firstIndex(of: UInt8(ascii: "\"")) {
      rest = bytes[(quote + 1)...]
    }
    while let byte = rest.first {
      guard "-=.".utf8.contains(byte) else {
        rest = rest.dropFirst()
        continue
      }
      if let arrow = MermaidArrow(at: rest), !arrow.isOpen, arrow.stroke == start.stroke {
        return (arrow, rest.startIndex)
      }
      rest = rest.drop { $0 == byte }
    }
    return nil
  }
}

import KV

/// The nodes and links of one statement of a flowchart: `A[text] & B -->|text| C:::class`. The grammar is
/// that of mermaid.js.org/syntax/flowchart.html.
struct MermaidStatement {
  struct Node {
    var id: String
    /// `nil` where the statement gives none.
    var label: String?
  }

  struct Link {
    var id: String?
    var text: String?
    var hasHead = (start: false, end: false)
    var isInvisible = false
  }

  /// Groups of nodes, with a link between each and the next.
  private(set) var groups: [[Node]] = []
  private(set) var links: [Link] = []
  /// `e1@{ animate: true }` says how a link looks.
  private(set) var isProperties = false

  private var rest: ArraySlice<UInt8>

  /// - Parameter isLink: whether an id is that of a link.
  init(_ bytes: [UInt8], isLink: (String) -> Bool) throws(MermaidFault) {
    rest = bytes[...]
    try readGroup(isLink)
    if isProperties { return }
    while true {
      skipBlanks()
      if rest.isEmpty { return }
      links.append(try takeLink())
      try readGroup { _ in false }
    }
  }

  private mutating func skipBlanks() {
    while let byte = rest.first, byte <= 0x20 { rest.removeFirst() }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    guard text.withUTF8Buffer({ rest.starts(with: $0) }) else { return false }
    rest = rest.dropFirst(text.utf8CodeUnitCount)
    return true
  }

  private mutating func readGroup(_ isLink: (String) -> Bool) throws(MermaidFault) {
    var nodes: [Node] = []
    repeat {
      skipBlanks()
      var node = Node(id: takeID())
      if node.id.isEmpty {
        throw rest.isEmpty ? MermaidFault("a link without an end") : MermaidFault("no node at", rest)
      }
      if take("@{") {
        let label = try takeProperties()
        if nodes.isEmpty, isLink(node.id) {
          isProperties = true
          return
        }
        node.label = label
      } else {
        node.label = try MermaidShape.takeLabel(from: &rest)
      }
      if take(":::") { _ = takeID() }
      nodes.append(node)
      skipBlanks()
    } while take("&")
    groups.append(nodes)
  }

  private mutating func takeID() -> String {
    let start = rest
    while let byte = rest.first {
      let next = rest.dropFirst().first
      switch byte {
      case UInt8(ascii: "-"):
        if next == nil || [UInt8(ascii: ">"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(next) {
          return text(from: start)
        }
      case UInt8(ascii: "="): if next == UInt8(ascii: "=") { return text(from: start) }
      case UInt8(ascii: ":"): if rest.starts(with: ":::".utf8) { return text(from: start) }
      case UInt8(ascii: "&"): if rest.startIndex == start.startIndex { return "" }
      case UInt8(ascii: "@"): if next == UInt8(ascii: "{") { return text(from: start) }
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80..., UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "'"),
        UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
        UInt8(ascii: "`"), UInt8(ascii: ","):
        break
      default: return text(from: start)
      }
      rest.removeFirst()
    }
    return text(from: start)
  }

  private func text(from start: ArraySlice<UInt8>) -> String {
    String(decoding: start[..<rest.startIndex], as: UTF8.self)
  }

  /// Of `@{ shape: rect, label: "text" }` the label.
  private mutating func takeProperties() throws(MermaidFault) -> String? {
    var label: String?
    while true {
      while let byte = rest.first, byte <= 0x20 || byte == UInt8(ascii: ",") { rest.removeFirst() }
      if take("}") { return label }
      let key = rest.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "}") }
      rest = rest.dropFirst(key.count)
      guard take(":") else { throw MermaidFault("no value in", key) }
      skipBlanks()
      let value: String
      if rest.first == UInt8(ascii: "\"") {
        value = try MermaidShape.takeQuoted(from: &rest)
      } else {
        let raw = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") && $0 != 0x0A }
        rest = rest.dropFirst(raw.count)
        value = MermaidShape.label(raw)
      }
      if key.trimmed.elementsEqual("label".utf8) { label = value }
    }
  }

  private mutating func takeLink() throws(MermaidFault) -> Link {
    var link = Link()
    let start = rest
    if MermaidArrow(at: rest) == nil {
      let id = rest.prefix { $0 != UInt8(ascii: "@") && $0 > 0x20 }
      rest = rest.dropFirst(id.count)
      if take("@"), !id.isEmpty { link.id = String(decoding: id, as: UTF8.self) }
    }
    guard let arrow = MermaidArrow(at: rest) else { throw MermaidFault("no link at", start) }
    rest = rest.dropFirst(arrow.count)
    link.isInvisible = arrow.isInvisible
    link.hasHead = (arrow.hasStart, arrow.hasEnd)
    if arrow.isOpen {
      guard let (end, place) = MermaidArrow.end(of: arrow, in: rest) else {
        throw MermaidFault("no end of the link at", start)
      }
      link.text = MermaidShape.label(rest[..<place])
      link.hasHead.end = end.hasEnd
      rest = rest[(place + end.count)...]
    }
    skipBlanks()
    if take("|") {
      guard let text = try MermaidShape.takeBarred(from: &rest) else {
        throw MermaidFault("no | after", start)
      }
      link.text = text
    }
    if link.text?.isEmpty == true { link.text = nil }
    return link
  }
}

/// What is wrong with a statement.
struct MermaidFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  init(_ reason: String, _ text: ArraySlice<UInt8>) {
    let shown = String(decoding: text.prefix(240), as: UTF8.self)
    self.reason = reason + " \(JSON(shown.count > 60 ? shown.prefix(60) + "…" : shown))"
  }
}

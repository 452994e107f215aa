extension JSON {
  /// The value over several lines: two-space indent, members sorted by the bytes of their names, every number and
  /// string as it was written. Cost: linear in the text and the indents.
  public var pretty: String { pretty(inside: 0) }

  /// The value as it stands inside so many arrays and objects of a longer ``pretty`` text, from its first character on.
  package func pretty(inside levels: Int) -> String {
    withBytes { bytes in
      var printer = PrettyPrinter(bytes)
      printer.write(0, indent: levels)
      return String(decoding: printer.output, as: UTF8.self)
    }
  }
}

private struct PrettyPrinter {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let outline: JSONOutline
  private(set) var output: [UInt8] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    outline = JSONOutline(bytes)
    output.reserveCapacity(bytes.count * 2)
  }

  mutating func write(_ node: Int, indent: Int) {
    let range = outline.nodes[node].range
    let children = outline.children(of: node)
    if children.isEmpty { return output.append(contentsOf: bytes[range]) }
    output.append(bytes[range.lowerBound])
    if bytes[range.lowerBound] == UInt8(ascii: "[") {
      for (index, element) in children.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        newLine(indent + 1)
        write(element, indent: indent + 1)
      }
    } else {
      let members = stride(from: 0, to: children.count, by: 2)
        .map { (name: Array(JSON.unquoted(bytes[outline.nodes[children[$0]].range]).utf8), place: $0) }
        .sorted { $0.name.lexicographicallyPrecedes($1.name) }
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        newLine(indent + 1)
        output.append(contentsOf: bytes[outline.nodes[children[member.place]].range])
        output.append(contentsOf: ": ".utf8)
        write(children[member.place + 1], indent: indent + 1)
      }
    }
    newLine(indent)
    output.append(bytes[range.upperBound - 1])
  }

  private mutating func newLine(_ level: Int) {
    output.append(0x0A)
    output.append(contentsOf: repeatElement(0x20, count: level * 2))
  }
}

extension JSON {
  /// The value over several lines: two-space indent, members sorted by the bytes of their names, every number and
  /// string as it was written.
  public var pretty: String { pretty(inside: 0) }

  /// The value as it stands inside so many arrays and objects of a longer ``pretty`` text, from its first character on.
  package func pretty(inside levels: Int) -> String {
    withBytes { bytes in
      var output: [UInt8] = []
      output.reserveCapacity(bytes.count * 2)
      JSON.writePretty(bytes, to: &output, indent: levels)
      return String(decoding: output, as: UTF8.self)
    }
  }

  private static func writePretty(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8], indent: Int
  ) {
    func newLine(_ level: Int) {
      output.append(0x0A)
      output.append(contentsOf: repeatElement(0x20, count: level * 2))
    }
    func child(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: bytes[range])
    }
    guard bytes.count > 2, let open = bytes.first, let close = bytes.last,
      open == UInt8(ascii: "{") || open == UInt8(ascii: "[")
    else { return output.append(contentsOf: bytes) }
    let children = children(of: bytes)
    output.append(open)
    if open == UInt8(ascii: "[") {
      for (index, element) in children.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        newLine(indent + 1)
        writePretty(child(element), to: &output, indent: indent + 1)
      }
    } else {
      let names = stride(from: 0, to: children.count, by: 2)
        .map { (name: Array(unquoted(bytes[children[$0]]).utf8), index: $0) }
        .sorted { $0.name.lexicographicallyPrecedes($1.name) }
      for (position, (_, index)) in names.enumerated() {
        if position > 0 { output.append(UInt8(ascii: ",")) }
        newLine(indent + 1)
        output.append(contentsOf: child(children[index]))
        output.append(contentsOf: ": ".utf8)
        writePretty(child(children[index + 1]), to: &output, indent: indent + 1)
      }
    }
    newLine(indent)
    output.append(close)
  }
}

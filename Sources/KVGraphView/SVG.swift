/// Graphviz's SVG, made smaller and sufficient to itself.
enum SVG {
  /// Without `<!DOCTYPE …>` and comments, which name the file's definition on the web and repeat each name, and with the
  /// tooltips as titles, which every browser shows, in the place of the names that Graphviz gives as titles.
  static func tidied(_ svg: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(svg.count)
    var rest = svg[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      kept += rest[..<start]
      rest = rest[start...]
      if rest.starts(with: "<!--".utf8) {
        rest.removeThrough("-->")
        if rest.first == 0x0A { rest.removeFirst() }
      } else if rest.starts(with: "<!DOCTYPE".utf8) {
        rest.removeThrough(">")
        if rest.first == 0x0A { rest.removeFirst() }
      } else if rest.starts(with: "<title>".utf8) {
        rest.removeThrough("</title>")
        if rest.first == 0x0A { rest.removeFirst() }
      } else if rest.starts(with: tooltip) {
        rest.removeFirst(tooltip.count)
        kept += Array("<a><title>".utf8)
        kept += rest.prefix { $0 != UInt8(ascii: "\"") }
        kept += Array("</title>".utf8)
        rest.removeThrough(">")
      } else if rest.starts(with: address),
        let end = rest.dropFirst(address.count).firstIndex(of: UInt8(ascii: "\""))
      {
        let link = rest[...end]
        rest = rest[(end + 1)...]
        kept += link
        guard rest.starts(with: title) else { continue }
        rest.removeFirst(title.count)
        let words = rest.prefix { $0 != UInt8(ascii: "\"") }
        rest = rest[words.endIndex...].dropFirst()
        let tag = rest.prefix { $0 != UInt8(ascii: ">") }
        rest = rest[tag.endIndex...].dropFirst()
        kept += tag + Array("><title>".utf8) + words + Array("</title>".utf8)
      } else {
        kept.append(rest.removeFirst())
      }
    }
    return kept + rest
  }

  /// What the picture takes, in points; `nil` where it does not say so.
  static func size(of svg: [UInt8]) -> (width: Double, height: Double)? {
    let head = String(decoding: svg.prefix(2000), as: UTF8.self)
    guard let box = head.ranges(of: " viewBox=\"").first,
      let end = head[box.upperBound...].firstIndex(of: "\"")
    else { return nil }
    let numbers = head[box.upperBound..<end].split(separator: " ").compactMap { Double($0) }
    return numbers.count == 4 ? (numbers[2], numbers[3]) : nil
  }

  private static let address = Array("<a xlink:href=\"".utf8)
  private static let title = Array(" xlink:title=\"".utf8)
  private static let tooltip = Array("<a xlink:title=\"".utf8)
}

extension ArraySlice<UInt8> {
  fileprivate mutating func removeThrough(_ end: StaticString) {
    let end = Array("\(end)".utf8)
    while !isEmpty, !starts(with: end) { removeFirst() }
    removeFirst(Swift.min(end.count, count))
  }
}

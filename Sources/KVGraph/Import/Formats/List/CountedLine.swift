/// A line of NetworkX's multiline adjacency list: a node and how many neighbors follow, or a neighbor and its edge's data.
struct CountedLine {
  let name: String
  /// What stands after the name.
  let rest: String?

  /// `nil` where the line is no UTF-8.
  init?(_ bytes: ArraySlice<UInt8>) {
    let name = bytes.prefix { !$0.isBlank }
    let rest = bytes.dropFirst(name.count).trimmed
    guard let name = String(validating: name, as: UTF8.self),
      let text = String(validating: rest, as: UTF8.self)
    else { return nil }
    self.name = name
    self.rest = text.isEmpty ? nil : text
  }

  var count: Int? {
    guard let rest, rest.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int(rest)
  }

  var isData: Bool { rest.map { $0.hasPrefix("{") && $0.hasSuffix("}") } ?? false }
}

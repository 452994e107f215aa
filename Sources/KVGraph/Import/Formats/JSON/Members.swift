import KV

extension Members {
  subscript(name: String) -> JSON? { first { $0.name.hasSameBytes(as: name) }?.value }

  func without(_ names: String...) -> Members { filter { !names.contains($0.name) } }

  /// Takes out `labels`: one as a text, several as an array; ":A:B" is two.
  mutating func takeLabels(isNeo4j: Bool) -> JSON? {
    var labels = self["labels"]?.elements?.compactMap(\.string).filter { !$0.isEmpty } ?? []
    if let text = self["labels"]?.string, text.hasPrefix(":") {
      labels = text.split(separator: ":").map(String.init)
    }
    guard !labels.isEmpty || isNeo4j && self["labels"] != nil else { return nil }
    _ = take("labels")
    return labels.count > 1 ? JSON(elements: labels.map { JSON($0) }) : labels.first.map { JSON($0) }
  }

  /// Takes out a member that is an object.
  mutating func takeMembers(_ name: String) -> Members? {
    guard let members = self[name]?.members else { return nil }
    _ = take(name)
    return members
  }

  /// What stands inside first, and then what stands beside it and is not called the same.
  func merged(under inner: Members) -> Members { self.filter { inner[$0.name] == nil } + inner }
}

extension JSON {
  /// What serves as an id: a text, and anything else as it is written. `nil` for nothing, and for a text or a list that is empty.
  var idText: String? {
    switch kind {
    case .string: string.flatMap { $0.isEmpty ? nil : $0 }
    case .number, .boolean: text
    case .array: elements?.isEmpty == false ? text : nil
    case .object, .null: nil
    }
  }

  /// For messages: its text, cut where it is long.
  var shown: String { text.count > 60 ? String(text.prefix(59)) + "…" : text }
}

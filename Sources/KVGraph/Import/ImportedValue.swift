import KV

/// What a cell, an attribute or a label of a format without types of its own stands for.
enum ImportedValue {
  /// A number or a boolean where JSON would write it just so, and else the text.
  /// - Parameter isText: whether nothing but text is wanted.
  static func of(_ text: String, isText: Bool = false) -> JSON {
    guard !isText, let first = text.utf8.first, Self.mayBegin(first), let json = try? JSON(parsing: text),
      json.kind == .number || json.kind == .boolean, json.text.hasSameBytes(as: text)
    else { return JSON(text) }
    return json
  }

  private static func mayBegin(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "t"), UInt8(ascii: "f"): true
    default: false
    }
  }
}

/// An attribute in a format that knows nothing but text: what would come back as something else is written as JSON, under
/// a name that says so.
enum TextAttribute {
  private static let prefix = "@json."

  static func written(_ name: String, _ value: JSON) -> (name: String, text: String) {
    // By bytes: what follows may begin with a mark that combines with the prefix.
    if !name.utf8.starts(with: prefix.utf8) {
      switch value.kind {
      case .number, .boolean: return (name, value.text)
      case .string:
        if let text = value.string, !text.isEmpty, ImportedValue.of(text) == value { return (name, text) }
      case .null, .array, .object: break
      }
    }
    return (prefix + name, value.text)
  }

  /// - Parameter isText: whether what is not JSON stays text.
  static func read(_ name: String, _ text: String, isText: Bool = false) -> (name: String, value: JSON) {
    if name.utf8.starts(with: prefix.utf8), let value = try? JSON(parsing: text) {
      return (String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self), value)
    }
    return (name, ImportedValue.of(text, isText: isText))
  }
}

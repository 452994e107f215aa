import KV

/// What GraphML and GEXF say of an attribute's values.
struct DeclaredType {
  private enum Kind { case number, boolean, string, json, list, array, unknown }

  private let kind: Kind
  /// In the file's own word.
  let name: String
  private let element: String

  /// JSON in a string, as kv writes it in GraphML.
  static let json = DeclaredType("json", kind: .json)
  /// For attributes that a file does not declare, and for those that it gives no type.
  static let unknown = DeclaredType("text", kind: .unknown)
  /// An array as JSON, as Neo4j writes it in GraphML.
  static let array = DeclaredType("array", kind: .array)

  private init(_ name: String, kind: Kind, element: String = "") {
    (self.name, self.kind, self.element) = (name, kind, element)
  }

  init(_ name: String) {
    self =
      switch name.lowercased() {
      case "int", "integer", "long", "short", "byte", "float", "double", "decimal", "bigdecimal",
        "biginteger":
        Self(name, kind: .number)
      case "boolean": Self(name, kind: .boolean)
      case let list where list.hasPrefix("list"):
        Self(name, kind: .list, element: String(list.dropFirst(list.hasPrefix("list-") ? 5 : 4)))
      default: Self(name, kind: .string)
      }
  }

  var isString: Bool { kind == .string }

  /// `nil` where the text is nothing of this type.
  func value(of text: ArraySlice<UInt8>, isText: Bool) -> JSON? {
    switch kind {
    case .string: return JSON(String(decoding: text, as: UTF8.self))
    case .number:
      if let json = Self.parsed(text), json != .null { return json.kind == .number ? json : nil }
      if let number = ImportedNumber.json(text.trimmingWhitespace) { return number }
      // Not all numbers are numbers in JSON: NaN, INF.
      let word = String(decoding: text.trimmingWhitespace, as: UTF8.self)
      // Gephi's word for no value.
      if word == "null" { return .null }
      return Double(word) == nil ? nil : JSON(word)
    case .boolean:
      switch String(decoding: text.trimmingWhitespace, as: UTF8.self).lowercased() {
      case "true", "1": return JSON(true)
      case "false", "0": return JSON(false)
      default: return nil
      }
    case .json: return Self.parsed(text)
    case .array:
      if let json = Self.parsed(text), json.kind == .array { return json }
      return JSON(String(decoding: text, as: UTF8.self))
    case .list: return list(text)
    case .unknown: return ImportedValue.of(String(decoding: text, as: UTF8.self), isText: isText)
    }
  }

  /// The elements stand between brackets or not, with the first of these that there is between them.
  private func list(_ text: ArraySlice<UInt8>) -> JSON? {
    var text = text.trimmingWhitespace
    if text.first == UInt8(ascii: "[") {
      if element == "string", let json = Self.parsed(text) { return json }
      guard text.last == UInt8(ascii: "]"), text.count > 1 else { return nil }
      text = text.dropFirst().dropLast()
    }
    if text.trimmingWhitespace.isEmpty { return JSON(elements: []) }
    let separators = [UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: ",")]
    let separator = separators.first { text.contains($0) } ?? 0
    let type = DeclaredType(element)
    var elements: [JSON] = []
    for part in text.split(separator: separator, omittingEmptySubsequences: false) {
      guard let value = type.value(of: part.trimmingWhitespace, isText: false) else { return nil }
      elements.append(value)
    }
    return JSON(elements: elements)
  }

  private static func parsed(_ text: ArraySlice<UInt8>) -> JSON? {
    text.withUnsafeBufferPointer { try? JSON(parsing: $0) }
  }

  /// What is wrong with a text that is nothing of this type.
  func refusal(of text: ArraySlice<UInt8>, of attribute: String) -> String {
    let text = String(decoding: text, as: UTF8.self)
    return "\(text.shownInReason) is no \(name), which \(attribute.shownInReason) is"
  }
}

extension ArraySlice<UInt8> {
  var trimmingWhitespace: Self {
    var rest = self
    while let byte = rest.first, byte.isXMLWhitespace { rest.removeFirst() }
    while let byte = rest.last, byte.isXMLWhitespace { rest.removeLast() }
    return rest
  }

  var isWhitespace: Bool { allSatisfy(\.isXMLWhitespace) }
}

extension UInt8 {
  fileprivate var isXMLWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

import KV

/// The attributes of a graph, which GraphML and GEXF name, type and number before it begins.
struct GraphMLKeys {
  enum Domain: String { case node, edge }
  enum Kind {
    case number, boolean, string, json
    /// Text, and beside it JSON that says so.
    case mixed
  }

  struct Key {
    var domain: Domain
    var name: String
    var kind: Kind
    /// Whether all its numbers are whole ones of 64 bits.
    var isLong: Bool

    /// In the words of both formats.
    var type: String {
      switch kind {
      case .number: isLong ? "long" : "double"
      case .boolean: "boolean"
      case .string, .json, .mixed: "string"
      }
    }
  }

  private struct Identity: Hashable {
    var domain: Domain
    var name: [UInt8]
    /// `nil` where values of all kinds share a key.
    var kind: Kind?
  }

  private(set) var inOrder: [Key] = []
  private var numbers: [Identity: Int] = [:]
  private let format: String
  private let hasOneKeyPerName: Bool

  /// Whether the file's edges are directed: one that differs has an attribute that says so.
  let isDirected: Bool

  /// - Parameters:
  ///   - format: for what is said about the graph.
  ///   - hasOneKeyPerName: whether values of all kinds share a key, for igraph reads no GraphML with two of a name; otherwise each kind has its own.
  init(format: String, hasOneKeyPerName: Bool, isDirected: Bool) {
    (self.format, self.hasOneKeyPerName, self.isDirected) = (format, hasOneKeyPerName, isDirected)
  }

  /// Throws where XML cannot hold a name.
  mutating func note(_ node: ExportedNode) throws {
    try check("\(node.reference)")
    try note(node.attributes, of: .node)
  }

  mutating func note(_ edge: ExportedEdge) throws {
    for name in ["\(edge.edge.from)", "\(edge.edge.to)", edge.edge.type] { try check(name) }
    try note(edge.mark(unless: isDirected) + edge.attributes, of: .edge)
  }

  private mutating func note(_ attributes: [(name: String, value: JSON)], of domain: Domain) throws {
    for (name, value) in attributes {
      let (identity, kind) = (identity(name, value, domain), Self.kind(of: value))
      let isLong = kind == .number && Int(value.text) != nil
      if let number = numbers[identity] {
        if !isLong { inOrder[number].isLong = false }
        if inOrder[number].kind != kind { inOrder[number].kind = .mixed }
        continue
      }
      try check(name)
      numbers[identity] = inOrder.count
      inOrder.append(Key(domain: domain, name: name, kind: kind, isLong: isLong))
    }
  }

  private func check(_ text: String) throws {
    guard text.unicodeScalars.allSatisfy(\.isInXML) else {
      throw KVError(
        .invalidData, "\(format) cannot hold the control character in \(JSON(text)); export it as json")
    }
  }

  func number(of name: String, _ value: JSON, in domain: Domain) throws -> Int {
    guard let number = numbers[identity(name, value, domain)] else {
      throw KVError(.failed, "the graph was changed while it was being exported; try again")
    }
    return number
  }

  private func identity(_ name: String, _ value: JSON, _ domain: Domain) -> Identity {
    Identity(domain: domain, name: Array(name.utf8), kind: hasOneKeyPerName ? nil : Self.kind(of: value))
  }

  static func kind(of value: JSON) -> Kind {
    switch value.kind {
    case .number: .number
    case .boolean: .boolean
    case .string: isPlain(value) ? .string : .json
    case .object, .array, .null: .json
    }
  }

  /// Whether XML can hold the text, and JSON would write it so again.
  private static func isPlain(_ value: JSON) -> Bool {
    guard let text = value.string, text.unicodeScalars.allSatisfy(\.isInXML) else { return false }
    return !value.text.utf8.contains(UInt8(ascii: "\\")) || JSON(text) == value
  }

  /// A value as text between tags or in an attribute of one.
  static func escaped(_ value: JSON, asJSON: Bool = false) -> String {
    if !asJSON, kind(of: value) == .string { return (value.string ?? "").xmlEscaped }
    // With escapes for what only JSON can hold.
    return value.text.unicodeScalars.map { $0.isInXML ? String($0) : "\\u" + String($0.value, radix: 16) }
      .joined().xmlEscaped
  }
}

extension Unicode.Scalar {
  /// Char of the XML 1.0 recommendation, section 2.2.
  fileprivate var isInXML: Bool {
    switch value {
    case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...: true
    default: false
    }
  }
}

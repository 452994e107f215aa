import KV

/// The attributes of a graph, which GraphML names and numbers before it begins.
struct GraphMLKeys {
  enum Domain: String { case node, edge }

  struct Key: Hashable {
    var domain: Domain
    var name: [UInt8]
    var type: String
  }

  private(set) var inOrder: [Key] = []
  private var numbers: [Key: Int] = [:]

  /// Throws where XML cannot hold a name.
  mutating func note(_ node: NodeReference, _ attributes: [(name: String, value: JSON)]) throws {
    try check("\(node)")
    try note(attributes, of: .node)
  }

  mutating func note(_ edge: Edge) throws {
    try check(edge.type)
    try note(GraphMLWriter.attributes(of: edge), of: .edge)
  }

  private mutating func note(_ attributes: [(name: String, value: JSON)], of domain: Domain) throws {
    for (name, value) in attributes {
      let key = Key(domain: domain, name: Array(name.utf8), type: GraphMLWriter.type(of: value))
      if numbers[key] != nil { continue }
      try check(name)
      numbers[key] = inOrder.count
      inOrder.append(key)
    }
  }

  private func check(_ text: String) throws {
    guard text.unicodeScalars.allSatisfy(\.isInXML) else {
      throw KVError(
        .invalidData, "GraphML cannot hold the control character in \(JSON(text)); export it as json")
    }
  }

  func number(of name: String, _ value: JSON, in domain: Domain) throws -> Int {
    let key = Key(domain: domain, name: Array(name.utf8), type: GraphMLWriter.type(of: value))
    guard let number = numbers[key] else {
      throw KVError(.failed, "the graph was changed while it was being exported; try again")
    }
    return number
  }
}

/// GraphML (graphml.graphdrawing.org). A value that GraphML has no type for is JSON in a string, whose key says `kv.type`.
/// U+FFFE and U+FFFF, which XML cannot hold, come back as escapes.
struct GraphMLWriter: GraphWriter {
  let nodes = WrittenNodes.all
  let middle: [String] = []
  let end = ["  </graph>", "</graphml>"]
  private let keys: GraphMLKeys

  init(_ keys: GraphMLKeys) { self.keys = keys }

  var start: [String] {
    [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#,
      #"  <key id="nt" for="node" attr.name="type" attr.type="string"/>"#,
      #"  <key id="et" for="edge" attr.name="type" attr.type="string"/>"#,
    ]
      + keys.inOrder.enumerated().map { number, key in
        let name = String(decoding: key.name, as: UTF8.self).xmlEscaped
        let type = key.type == "json" ? #"string" kv.type="json"# : key.type
        return
          #"  <key id="d\#(number)" for="\#(key.domain.rawValue)" attr.name="\#(name)" attr.type="\#(type)"/>"#
      }
      + [#"  <graph edgedefault="directed">"#]
  }

  func line(for node: NodeReference, _ attributes: [(name: String, value: JSON)]) throws -> String {
    #"    <node id="\#("\(node)".xmlEscaped)"><data key="nt">\#(node.type.xmlEscaped)</data>"#
      + (try data(attributes, of: .node)) + "</node>"
  }

  func line(for edge: Edge) throws -> String {
    let ends = #"source="\#("\(edge.from)".xmlEscaped)" target="\#("\(edge.to)".xmlEscaped)""#
    return #"    <edge \#(ends)><data key="et">\#(edge.type.xmlEscaped)</data>"#
      + (try data(Self.attributes(of: edge), of: .edge)) + "</edge>"
  }

  static func attributes(of edge: Edge) -> [(name: String, value: JSON)] {
    EdgeAttributes.of(edge.data, reserved: ["key", "source", "target", "type"])
  }

  /// GraphML's name for a value's type.
  static func type(of value: JSON) -> String {
    switch value.kind {
    case .number: Int(value.text) != nil ? "long" : "double"
    case .boolean: "boolean"
    case .string: value.string?.unicodeScalars.allSatisfy(\.isInXML) == true ? "string" : "json"
    case .object, .array, .null: "json"
    }
  }

  private func data(_ attributes: [(name: String, value: JSON)], of domain: GraphMLKeys.Domain) throws
    -> String
  {
    try attributes.map { name, value in
      let text = Self.type(of: value) == "string" ? value.string ?? "" : Self.inXML(value.text)
      return #"<data key="d\#(try keys.number(of: name, value, in: domain))">\#(text.xmlEscaped)</data>"#
    }.joined()
  }

  /// The JSON text with escapes for what only JSON can hold.
  private static func inXML(_ json: String) -> String {
    json.unicodeScalars.map { $0.isInXML ? String($0) : "\\u" + String($0.value, radix: 16) }.joined()
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

import CExpat
import DequeModule
import KV

/// Reads GraphML (graphml.graphdrawing.org) with libexpat, a chunk at a time.
///
/// A `data` of a key becomes an attribute of its name, of its type, or of the key's default. A node's type is its attribute
/// `type` or its first of `labels`, an edge's `type` or `label`. Ports and hyperedges are passed over.
struct GraphMLElementReader: ElementReader {
  private let read: () throws -> [UInt8]
  private let parser: XMLParser
  private var isAtEnd = false

  init(_ read: @escaping () throws -> [UInt8]) throws {
    self.read = read
    parser = try XMLParser()
  }

  mutating func next() throws -> ImportElement? {
    while parser.document.elements.isEmpty, !isAtEnd {
      let chunk = try read()
      isAtEnd = chunk.isEmpty
      try parser.parse(chunk, isLast: isAtEnd)
    }
    return parser.document.elements.popFirst()
  }
}

/// libexpat's parser, and what it has read.
private final class XMLParser {
  private let parser: CExpat.XML_Parser
  private var hasExternalSubset = false
  /// Those of XML itself, and those that the document defines.
  private var entities: Set = ["amp", "lt", "gt", "quot", "apos"]
  var document = GraphMLDocument()

  init() throws {
    if let reason = kv_expat_missing() {
      throw KVError(.failed, "GraphML needs libexpat: \(String(cString: reason))")
    }
    guard let parser = XML_ParserCreate(nil) else { throw KVError(.failed, "libexpat does not start") }
    self.parser = parser
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let data, let name else { return }
        let reader = Unmanaged<XMLParser>.fromOpaque(data).takeUnretainedValue()
        var named: [String: String] = [:]
        var next = attributes
        while let attribute = next, let name = attribute.pointee, let value = attribute[1] {
          named[String(cString: name)] = String(cString: value)
          next = attribute + 2
        }
        let line = Int(XML_GetCurrentLineNumber(reader.parser))
        if reader.hasExternalSubset { reader.checkEntitiesOfTag() }
        reader.document.begin(String(cString: name), named, line: line)
      },
      { data, name in
        guard let data, let name else { return }
        Unmanaged<XMLParser>.fromOpaque(data).takeUnretainedValue().document.end(String(cString: name))
      })
    kv_expat_limit_expansion(parser, 10, 1 << 20)
    XML_SetStartDoctypeDeclHandler(parser) { data, _, system, _, _ in
      guard let data else { return }
      Unmanaged<XMLParser>.fromOpaque(data).takeUnretainedValue().hasExternalSubset = system != nil
    }
    XML_SetEntityDeclHandler(parser) { data, name, _, _, _, _, _, _, _ in
      guard let data, let name else { return }
      Unmanaged<XMLParser>.fromOpaque(data).takeUnretainedValue().entities.insert(String(cString: name))
    }
    XML_SetSkippedEntityHandler(parser) { data, name, _ in
      guard let data, let name else { return }
      Unmanaged<XMLParser>.fromOpaque(data).takeUnretainedValue().refuse(entity: String(cString: name))
    }
    // Nothing outside of the file is read, and leaving it out would be another text.
    XML_SetExternalEntityRefHandler(parser) { _, _, _, _, _ in 0 }
    XML_SetCharacterDataHandler(parser) { data, text, count in
      guard let data, let text else { return }
      let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
      Unmanaged<XMLParser>.fromOpaque(data).takeUnretainedValue().document.text += String(
        decoding: bytes, as: UTF8.self)
    }
  }

  deinit { XML_ParserFree(parser) }

  private func refuse(entity name: String) {
    document.refuse("the entity &\(name); is defined nowhere", line: Int(XML_GetCurrentLineNumber(parser)))
  }

  /// Where a definition may stand elsewhere, which is not read, libexpat leaves unknown entities out of attributes, and tells
  /// nobody.
  private func checkEntitiesOfTag() {
    var (offset, size): (Int32, Int32) = (0, 0)
    guard let context = XML_GetInputContext(parser, &offset, &size) else { return }
    let count = min(XML_GetCurrentByteCount(parser), size - offset)
    let tag = String(
      decoding: UnsafeRawBufferPointer(start: context + Int(offset), count: Int(max(count, 0))), as: UTF8.self
    )
    for reference in tag.split(separator: "&").dropFirst() {
      let name = String(reference.prefix { $0 != ";" })
      if !name.hasPrefix("#"), !entities.contains(name) { refuse(entity: name) }
    }
  }

  /// libexpat counts in 32 bits.
  private static let largestPiece = 1 << 24

  func parse(_ chunk: [UInt8], isLast: Bool) throws {
    var rest = chunk[...]
    repeat {
      let piece = rest.prefix(Self.largestPiece)
      rest = rest.dropFirst(piece.count)
      try parse(piece, isLast: isLast && rest.isEmpty)
    } while !rest.isEmpty
  }

  private func parse(_ chunk: ArraySlice<UInt8>, isLast: Bool) throws {
    let status = chunk.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        XML_Parse(parser, $0.baseAddress, Int32($0.count), isLast ? 1 : 0)
      }
    }
    document.bytesRead += chunk.count
    if let problem = document.problem { throw problem }
    guard status == XML_STATUS_OK else {
      let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "an error"
      throw JSONError(
        reason: "as GraphML: \(reason)", line: Int(XML_GetCurrentLineNumber(parser)), column: 1)
    }
  }
}

/// What the tags of a GraphML document add up to.
private struct GraphMLDocument {
  private struct Key {
    var domain: String
    /// `nil` for what is of no use to anybody but the program that wrote it.
    var name: String?
    var type: String
    var hasDefault = false
  }

  /// A node or an edge whose end has not come.
  private struct Open {
    var section: ImportElement.Section
    var attributes: [String: String]
    var data: [(key: String, text: String)] = []
    var line: Int
  }

  var elements: Deque<ImportElement> = []
  var bytesRead = 0
  /// The text since the last tag.
  var text = ""
  private var keys: [String: Key] = [:]
  private struct Default {
    var id: String
    var name: String
    /// `nil` where the text is nothing of the key's type.
    var value: JSON?
    /// About what it adds to an element.
    var size: Int
  }

  /// In the order of the document, for nodes and for edges.
  private var defaults: (node: [Default], edge: [Default]) = ([], [])
  /// How many bytes defaults have added to the elements: a short file may stand for any number of them.
  private var defaultBytes = 0
  private static let maximumDefaultBytes = 32 << 20
  /// The key that the text belongs to.
  private var key: String?
  private var open: [Open] = []
  /// The tags that data may belong to, the innermost last.
  private var owners: [Substring] = []
  private static let owning: Set<Substring> = [
    "graphml", "graph", "node", "edge", "port", "hyperedge", "endpoint",
  ]
  /// What makes the file useless.
  private(set) var problem: JSONError?

  mutating func refuse(_ reason: String, line: Int) {
    problem = problem ?? JSONError(reason: reason, line: line, column: 1)
  }

  mutating func begin(_ tag: String, _ attributes: [String: String], line: Int) {
    text = ""
    if owners.isEmpty, tag.localName != "graphml" {
      refuse("the document is no graphml but \(JSON(tag))", line: line)
    }
    if Self.owning.contains(tag.localName) { owners.append(tag.localName) }
    switch tag.localName {
    case "key":
      guard let id = attributes["id"] else { break }
      keys[id] = Key(
        domain: attributes["for"] ?? "all", name: attributes["attr.name"],
        type: attributes["kv.type"] ?? attributes["attr.type"] ?? "string")
      key = id
    case "node": open.append(Open(section: .nodes, attributes: attributes, line: line))
    case "edge": open.append(Open(section: .edges, attributes: attributes, line: line))
    case "data": key = attributes["key"]
    default: break
    }
  }

  mutating func end(_ tag: String) {
    switch tag.localName {
    case "default": if let key { setDefault(of: key) }
    case "data":
      if let key, !open.isEmpty, owners.last == "node" || owners.last == "edge" {
        open[open.count - 1].data.append((key, text))
      }
      key = nil
    case "node", "edge": if let element = open.popLast() { elements.append(finish(element)) }
    default: break
    }
    if Self.owning.contains(tag.localName) { _ = owners.popLast() }
    text = ""
  }

  private mutating func setDefault(of id: String) {
    guard let key = keys[id], let name = key.name, !key.hasDefault else { return }
    keys[id]?.hasDefault = true
    let value = Default(
      id: id, name: name, value: Self.value(text, key.type), size: name.utf8.count + text.utf8.count + 16)
    if ["node", "all"].contains(key.domain) { defaults.node.append(value) }
    if ["edge", "all"].contains(key.domain) { defaults.edge.append(value) }
  }

  private mutating func finish(_ element: Open) -> ImportElement {
    var attributes: [(name: String, value: JSON)] = []
    /// Where an attribute stands, by its name's bytes.
    var places: [[UInt8]: Int] = [:]
    var content: ImportElement.Content?
    func add(_ id: String, _ value: JSON?, _ text: String) {
      guard let key = keys[id], let name = key.name else { return }
      guard let value else {
        content = .invalid("\(JSON(text)) is no \(key.type), which \(JSON(name)) is")
        return
      }
      let bytes = Array(name.utf8)
      if let place = places[bytes] {
        attributes[place].value = value
      } else {
        places[bytes] = attributes.count
        attributes.append((name, value))
      }
    }
    for (id, text) in element.data { add(id, keys[id].flatMap { Self.value(text, $0.type) }, text) }
    for fallback in element.section == .nodes ? defaults.node : defaults.edge
    where places[Array(fallback.name.utf8)] == nil {
      defaultBytes += fallback.size
      add(fallback.id, fallback.value, "the default")
    }
    if defaultBytes > max(Self.maximumDefaultBytes, 10 * bytesRead) {
      refuse(
        "the defaults of the file's keys come to more than \(defaultBytes >> 20) MiB in its nodes and edges",
        line: element.line)
    }
    return ImportElement(
      section: element.section, form: .nodeLink, content: content ?? .object(members(element, attributes)),
      line: element.line)
  }

  private func members(_ element: Open, _ attributes: [(name: String, value: JSON)]) -> [(
    name: String, value: JSON
  )] {
    let (ends, label) = element.section == .nodes ? (["id"], "labels") : (["source", "target"], "label")
    var members = ends.compactMap { name in element.attributes[name].map { (name: name, value: JSON($0)) } }
    var rest = attributes
    if !attributes.contains(where: { $0.name == "type" }), let text = element.attributes[label] {
      // Neo4j writes a node's labels as ":First:Second", and writes them twice.
      let first = element.section == .nodes ? text.split(separator: ":").first.map(String.init) : text
      if let first { members.append(("type", JSON(first))) }
      rest.removeAll { $0.name == label && $0.value.string == text }
    }
    return members + rest
  }

  /// `nil` where the text is nothing of that type.
  private static func value(_ text: String, _ type: String) -> JSON? {
    let word = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    switch type {
    case "boolean":
      return ["true": true, "1": true, "false": false, "0": false][word.lowercased()].map { JSON($0) }
    case "int", "long", "float", "double":
      // Not all numbers are numbers in JSON: NaN, INF, +1.
      return (try? JSON(parsing: word)).flatMap { $0.kind == .number ? $0 : nil }
        ?? (word.isEmpty ? nil : JSON(word))
    case "json": return try? JSON(parsing: text)
    default: return JSON(text)
    }
  }
}

extension String {
  /// Without a namespace's prefix.
  fileprivate var localName: Substring { split(separator: ":").last ?? self[...] }
}

import KV

/// Reads the elements of a JSON document of any size one after another, holding one element at a time.
///
/// An array's elements; those of the arrays `nodes`, `edges` and `links` of an object, or of an object in it called
/// `elements` (Cytoscape.js) or `graph` (JSON Graph Format); or values one after another (JSON Lines, pretty-printed or not).
struct JSONElementReader: ElementReader {
  private enum Container {
    /// A document of which nothing has shown yet that it is one: it may be an element of its own.
    case undecided
    /// Its own form, where its place shows one.
    case document(ImportForm?)
    case documents
    case array(ImportElement.Section, ImportForm?)
    /// Nodes by their ids.
    case map(ImportForm?)
  }

  private var input: ByteInput
  private let givenForm: ImportForm?
  /// As given, or as the document shows.
  private var form: ImportForm?
  /// Whether each line is a value of its own.
  private var isLines: Bool
  private let skipsInvalid: Bool
  private var containers: [Container] = []
  private var isFirst = true
  /// Whether the text was one array or document, after which nothing may come.
  private var isComplete = false
  /// A line of several values, or of a part of one, which is not read as one value again.
  private var brokenLine = 0
  /// What an undecided document has shown so far.
  private var buffer: [UInt8] = []
  private var bufferLine = 1

  init(
    _ read: @escaping () throws -> [UInt8], form: ImportForm?, isLines: Bool, skipsInvalid: Bool
  ) {
    input = ByteInput(read)
    (givenForm, self.form) = (form, form)
    self.isLines = isLines
    self.skipsInvalid = skipsInvalid
  }

  mutating func next() throws -> ImportElement? {
    while true {
      try input.skipWhitespace()
      guard let container = containers.last else {
        guard let byte = try input.peek() else { return nil }
        if isComplete { throw error("text after the end of the JSON document") }
        if let element = try begin(byte) { return element }
        continue
      }
      switch container {
      case .undecided:
        if let element = try readUndecided() { return element }
      case .document:
        try readMember()
      case .array(let section, let form):
        if let element = try readElement(of: section, form) { return element }
      case .documents:
        if try more(until: "]", of: "an array") { try enterDocument() }
      case .map(let form):
        if let element = try readNamedNode(form) { return element }
      }
    }
  }

  /// A value at the top: an array, a line, or the beginning of what is not yet known.
  private mutating func begin(_ byte: UInt8) throws -> ImportElement? {
    switch byte {
    case UInt8(ascii: "["):
      _ = try input.take()
      push(.array(.edges, form))
    case UInt8(ascii: "{"):
      if let element = try readLine() { return element }
      (buffer, bufferLine) = ([byte], input.line)
      _ = try input.take()
      push(.undecided)
    default:
      if isLines, skipsInvalid, let element = try readLine() { return element }
      throw error("expected an edge, an array of edges, or an object with nodes and edges")
    }
    return nil
  }

  /// An object that is a line of its own and no document: what JSON Lines are made of.
  private mutating func readLine() throws -> ImportElement? {
    if input.line == brokenLine { return nil }
    guard let line = try input.restOfLine(readingOn: isLines) else { return nil }
    do {
      guard let members = try line.withUnsafeBufferPointer({ try JSON(parsing: $0) }).members else {
        throw JSONError(reason: "expected an edge, an object", line: 1, column: 1)
      }
      if !isLines, !members.contains(where: { Self.isEnd($0.name) }),
        members.contains(where: { Self.isDocument($0.name, $0.value.kind) })
      {
        return nil
      }
      defer { input.skip(line.count) }
      isLines = true
      return ImportElement(section: .edges, form: form, content: .object(members), line: input.line)
    } catch let error as JSONError where isLines && skipsInvalid {
      // An object over several lines is none that ends too early.
      let next = try input.byte(afterLineOf: line.count)
      if line.first == UInt8(ascii: "{"), let next, next != UInt8(ascii: "{") {
        brokenLine = input.line
        return nil
      }
      defer { input.skip(line.count) }
      return ImportElement(
        section: .edges, form: form, content: .invalid("not JSON: \(error.reason)"), line: input.line)
    } catch is JSONError {
      brokenLine = input.line
      return nil
    }
  }

  /// Whether a member shows that its object is an edge, whatever else is in it.
  private static func isEnd(_ name: String) -> Bool { ["from", "to", "source", "target"].contains(name) }

  /// Whether a member shows that its object is a document and no edge.
  private static func isDocument(_ name: String, _ kind: JSON.Kind) -> Bool {
    guard kind == .array || kind == .object else { return false }
    return switch (name, kind) {
    case ("nodes", .array), ("nodes", .object), ("edges", .array), ("links", .array), ("elements", .array),
      ("elements", .object), ("graph", .object), ("graphs", .array):
      true
    default: false
    }
  }

  private mutating func push(_ container: Container) {
    containers.append(container)
    isFirst = true
  }

  private mutating func pop() {
    containers.removeLast()
    isFirst = false
    if containers.isEmpty { isComplete = true }
  }

  /// Whether another element or member follows; at the end of the container it is left.
  private mutating func more(until close: Unicode.Scalar, of what: String) throws -> Bool {
    switch try input.peek() {
    case nil: throw error("the file ends inside \(what)")
    case UInt8(ascii: close):
      _ = try input.take()
      pop()
      return false
    case UInt8(ascii: ","):
      if isFirst { throw error("expected a value before ','") }
      _ = try input.take()
      try input.skipWhitespace()
    default:
      if !isFirst { throw error("expected ',' or '\(close)' after an element") }
    }
    isFirst = false
    return true
  }

  private mutating func readElement(
    of section: ImportElement.Section, _ form: ImportForm?
  ) throws -> ImportElement? {
    guard try more(until: "]", of: "an array") else { return nil }
    let line = input.line
    var bytes: [UInt8] = []
    try input.takeValue(into: &bytes)
    let value: JSON
    do {
      value = try parse(bytes, line: line)
    } catch let error as JSONError where skipsInvalid && !bytes.isEmpty {
      return ImportElement(
        section: section, form: form, content: .invalid("not JSON: \(error.reason)"), line: error.line)
    }
    return ImportElement(
      section: section, form: form, content: value.members.map { .object($0) } ?? .value(value), line: line)
  }

  private mutating func readNamedNode(_ form: ImportForm?) throws -> ImportElement? {
    guard try more(until: "}", of: "an object") else { return nil }
    let line = input.line
    let id = try readName()
    let value = try readValue()
    return ImportElement(
      section: .nodes, form: form, content: .object([("id", JSON(id))] + (value.members ?? [])), line: line)
  }

  private mutating func readMember() throws {
    guard try more(until: "}", of: "an object") else { return }
    let name = try readName()
    if try !enter(name) { try note(name, readValue()) }
  }

  private mutating func enterDocument() throws {
    guard try input.take() == UInt8(ascii: "{") else { throw error("expected a graph, an object") }
    push(.document(givenForm ?? .jgf))
  }

  /// Goes on in an object until it ends, a value of its own, or shows that it is a document.
  private mutating func readUndecided() throws -> ImportElement? {
    var isEdge = false
    while true {
      try input.takeWhitespace(into: &buffer)
      guard let byte = try input.peek() else { throw error("the file ends inside an object") }
      switch byte {
      case UInt8(ascii: "}"):
        buffer.append(byte)
        _ = try input.take()
        let value = try parse(buffer, line: bufferLine)
        containers.removeLast()
        return ImportElement(
          section: .edges, form: form, content: .object(value.members ?? []), line: bufferLine)
      case UInt8(ascii: "\""):
        let start = buffer.count
        try input.takeString(into: &buffer)
        let line = input.line
        let name = try parse(Array(buffer[start...]), line: line).string ?? ""
        try input.takeWhitespace(into: &buffer)
        guard try input.peek() == UInt8(ascii: ":") else { throw error("expected ':' after the member name") }
        buffer.append(UInt8(ascii: ":"))
        _ = try input.take()
        try input.takeWhitespace(into: &buffer)
        isEdge = isEdge || Self.isEnd(name)
        if try !isEdge && enter(name) {
          _ = try parse(buffer + Array("0}".utf8), line: bufferLine)
          containers.remove(at: containers.count - 2)
          containers.insert(.document(nil), at: containers.count - 1)
          return nil
        }
        let value = buffer.count
        try input.takeValue(into: &buffer)
        if let value = try? JSON(parsing: Array(buffer[value...])) { note(name, value) }
      default:
        buffer.append(byte)
        _ = try input.take()
        // Nothing but a comma may stand between members: whatever else it is, the parser finds it.
        if byte != UInt8(ascii: ",") { _ = try parse(buffer, line: bufferLine) }
      }
    }
  }

  /// Steps into a member's value where that holds elements.
  private mutating func enter(_ name: String) throws -> Bool {
    let isArray = try input.peek() == UInt8(ascii: "[")
    guard try isArray || input.peek() == UInt8(ascii: "{") else { return false }
    // A graph of node-link JSON holds attributes.
    if ["graph", "graphs"].contains(name), form == .nodeLink { return false }
    guard Self.isDocument(name, isArray ? .array : .object) else { return false }
    _ = try input.take()
    var form = form
    if case .document(let own?) = containers.last { form = own }
    switch name {
    case "nodes": push(isArray ? .array(.nodes, form) : .map(form))
    case "edges", "links": push(.array(.edges, form))
    case "elements":
      form = givenForm ?? .cytoscape
      push(isArray ? .array(.edges, form) : .document(form))
    default: push(isArray ? .documents : .document(givenForm ?? .jgf))
    }
    return true
  }

  /// What a document says of itself before its elements come.
  private mutating func note(_ name: String, _ value: JSON) {
    if name == "directed" || name == "multigraph", value.kind == .boolean { form = form ?? .nodeLink }
  }

  private mutating func readName() throws -> String {
    guard try input.peek() == UInt8(ascii: "\"") else { throw error("expected a member name in quotes") }
    var bytes: [UInt8] = []
    try input.takeString(into: &bytes)
    let name = try parse(bytes, line: input.line).string ?? ""
    try input.skipWhitespace()
    guard try input.take() == UInt8(ascii: ":") else { throw error("expected ':' after the member name") }
    try input.skipWhitespace()
    return name
  }

  private mutating func readValue() throws -> JSON {
    let line = input.line
    var bytes: [UInt8] = []
    try input.takeValue(into: &bytes)
    return try parse(bytes, line: line)
  }

  private func parse(_ bytes: [UInt8], line: Int) throws -> JSON {
    do {
      return try JSON(parsing: bytes)
    } catch var error as JSONError {
      error.line += line - 1
      throw error
    }
  }

  private func error(_ reason: String) -> JSONError {
    JSONError(reason: reason, line: input.line, column: 1)
  }
}

import KV

/// Reads the elements of a JSON document of any size one after another, holding one element at a time.
///
/// An array's elements; those of the arrays or objects `nodes`, `edges` and their like of an object, or of an object in it called
/// `elements` (Cytoscape.js) or `graph` (JSON Graph Format); or values one after another (JSON Lines, pretty-printed or not).
/// What an element is, ``JSONElement`` tells; documents of other shapes are read as a whole, by ``JSONDocument``.
struct JSONReader: GraphReader {
  enum Section: Equatable {
    case nodes, edges, hyperedges
    /// Edges and nodes, which only their members tell apart.
    case elements
    /// Of each node, in their order, the neighbors: NetworkX's.
    case adjacency
  }

  private enum Container {
    /// A document of which nothing has shown yet that it is one: it may be an element of its own.
    case undecided
    /// Its own form, where its place shows one.
    case document(JSONForm?)
    case documents
    case array(Section, JSONForm?)
    /// Elements by their ids.
    case map(Section, JSONForm?)
  }

  private var input: ByteInput
  private let givenForm: JSONForm?
  /// As given, or as the document shows.
  private var form: JSONForm?
  /// Whether each line is a value of its own.
  private var isLines: Bool
  private var decoder: JSONElement.Decoder
  private var containers: [Container] = []
  private var isFirst = true
  /// Whether the text was one array or document, after which nothing may come.
  private var isComplete = false
  /// A line of several values, or of a part of one, which is not read as one value again.
  private var brokenLine = 0
  /// What an undecided document has shown so far.
  private var buffer: [UInt8] = []
  private var bufferLine = 1
  private var ready = ItemQueue()

  init(
    _ read: @escaping () throws -> [UInt8], form: JSONForm?, isLines: Bool, _ options: ImportOptions
  ) {
    input = ByteInput(read)
    (givenForm, self.form) = (form, form)
    self.isLines = isLines
    decoder = JSONElement.Decoder(options)
  }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    while true {
      if let item = ready.next() { return item }
      do {
        guard try readOn() else { return nil }
      } catch let error as JSONError {
        throw JSONError(reason: "not JSON: \(error.reason)", line: error.line, column: error.column)
      } catch let error as JSONShapeError {
        throw JSONError(reason: error.reason, line: input.line, column: 1)
      }
    }
  }

  /// Reads a little further; `false` at the end.
  private mutating func readOn() throws -> Bool {
    try input.skipWhitespace()
    guard let container = containers.last else {
      guard let byte = try input.peek() else { return false }
      if isComplete { throw error("text after the end of the JSON document") }
      try begin(byte)
      return true
    }
    switch container {
    case .undecided: try readUndecided()
    case .document: try readMember()
    case .array(let section, let form): try readElement(of: section, form)
    case .documents: if try more(until: "]", of: "an array") { try enterDocument() }
    case .map(let section, let form): try readNamedElement(section, form)
    }
    return true
  }

  private mutating func emit(_ element: JSONElement) {
    decoder.decode(element) { ready.append($0, line: element.line) }
  }

  private mutating func emitInvalid(_ error: JSONError, line: Int) {
    ready.append(.invalid("not JSON: \(error.reason)"), line: line)
  }

  /// A value at the top: an array, a line, or the beginning of what is not yet known.
  private mutating func begin(_ byte: UInt8) throws {
    switch byte {
    case UInt8(ascii: "["):
      _ = try input.take()
      push(.array(.elements, form))
    case UInt8(ascii: "{"):
      if try readLine() { return }
      (buffer, bufferLine) = ([byte], input.line)
      _ = try input.take()
      push(.undecided)
    default:
      if isLines, decoder.options.skipsInvalid, try readLine() { return }
      throw error("expected an edge, an array of edges, or an object with nodes and edges")
    }
  }

  /// An object that is a line of its own and no document: what JSON Lines are made of.
  private mutating func readLine() throws -> Bool {
    if input.line == brokenLine { return false }
    guard let line = try input.restOfLine(readingOn: isLines) else { return false }
    do {
      let value = try line.withUnsafeBufferPointer { try decoder.parse($0) }
      guard let members = value.members else {
        throw JSONError(reason: "expected an edge, an object", line: 1, column: 1)
      }
      if !isLines, !members.contains(where: { JSONElement.isEnd($0.name) }),
        members.contains(where: { Self.isDocument($0.name, $0.value.kind) })
      {
        return false
      }
      emit(JSONElement(section: .elements, form: form, members: members, line: input.line))
      input.skip(line.count)
      isLines = true
      return true
    } catch let error as JSONError where isLines && decoder.options.skipsInvalid {
      // An object over several lines is none that ends too early.
      let next = try input.byte(afterLineOf: line.count)
      if line.first == UInt8(ascii: "{"), let next, next != UInt8(ascii: "{") {
        brokenLine = input.line
        return false
      }
      emitInvalid(error, line: input.line)
      input.skip(line.count)
      return true
    } catch is JSONError {
      brokenLine = input.line
      return false
    }
  }

  private mutating func push(_ container: Container) {
    containers.append(container)
    isFirst = true
  }

  private mutating func pop() {
    containers.removeLast()
    isFirst = false
    if containers.isEmpty {
      isComplete = true
      decoder.end { ready.append($0, line: input.line) }
    }
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

  private mutating func readElement(of section: Section, _ form: JSONForm?) throws {
    guard try more(until: "]", of: "an array") else { return }
    let line = input.line
    var bytes: [UInt8] = []
    try input.takeValue(into: &bytes)
    do {
      let value = try parse(bytes, line: line)
      emit(JSONElement(section: section, form: form, value: value, line: line))
    } catch let error as JSONError where !bytes.isEmpty {
      emitInvalid(error, line: error.line)
    }
  }

  private mutating func readNamedElement(_ section: Section, _ form: JSONForm?) throws {
    guard try more(until: "}", of: "an object") else { return }
    let line = input.line
    let id = try readName()
    let members = try readValue().members ?? []
    // An id of its own counts before the one that it stands under.
    let name = members.contains { $0.name == "id" } ? [] : [(name: "id", value: JSON(id))]
    emit(JSONElement(section: section, form: form, members: name + members, line: line))
  }

  private mutating func readMember() throws {
    guard try more(until: "}", of: "an object") else { return }
    let name = try readName()
    if try !enter(name) {
      let line = input.line
      let value = try readValue()
      note(name, value, line)
    }
  }

  private mutating func enterDocument() throws {
    guard try input.take() == UInt8(ascii: "{") else { throw error("expected a graph, an object") }
    push(.document(givenForm ?? .jgf))
    decoder.beginGraph()
    ready.append(.graph(isDirected: true), line: input.line)
  }

  /// Goes on in an object until it ends, a value of its own, or shows that it is a document.
  private mutating func readUndecided() throws {
    var isElement = false
    // Its members say nothing of a document where it is none.
    let before = (form, decoder)
    while true {
      try input.takeWhitespace(into: &buffer)
      guard let byte = try input.peek() else { throw error("the file ends inside an object") }
      switch byte {
      case UInt8(ascii: "}"):
        buffer.append(byte)
        _ = try input.take()
        (form, decoder) = before
        ready = ItemQueue()
        let value = try parse(buffer, line: bufferLine)
        containers.removeLast()
        emit(JSONElement(section: .elements, form: form, value: value, line: bufferLine))
        return
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
        isElement = isElement || JSONElement.isEnd(name)
        if !isElement, JSONDocument.isShown(by: name, try input.peek()) { return try readDocument() }
        if try !isElement && enter(name) {
          _ = try parse(buffer + Array("0}".utf8), line: bufferLine)
          containers.remove(at: containers.count - 2)
          containers.insert(.document(nil), at: containers.count - 1)
          return
        }
        let value = buffer.count
        try input.takeValue(into: &buffer)
        if let value = try? decoder.parse(Array(buffer[value...])) { note(name, value, line) }
      default:
        buffer.append(byte)
        _ = try input.take()
        // Nothing but a comma may stand between members: whatever else it is, the parser finds it.
        if byte != UInt8(ascii: ",") { _ = try parse(buffer, line: bufferLine) }
      }
    }
  }

  /// The rest of a document that has to be known as a whole.
  private mutating func readDocument() throws {
    try input.takeRest(into: &buffer)
    let value = try parse(buffer, line: bufferLine)
    containers.removeLast()
    isComplete = true
    // The members before this one are read again, with the rest.
    ready = ItemQueue()
    for item in try JSONDocument.items(of: value) { ready.append(item, line: bufferLine) }
  }

  /// Steps into a member's value where that holds elements.
  private mutating func enter(_ name: String) throws -> Bool {
    let isArray = try input.peek() == UInt8(ascii: "[")
    guard try isArray || input.peek() == UInt8(ascii: "{") else { return false }
    // A graph of node-link JSON holds attributes.
    if ["graph", "graphs"].contains(name), form == .nodeLink { return false }
    guard Self.isDocument(name, isArray ? .array : .object) else { return false }
    // No graph stands in a graph.
    if Self.section(name) == nil, containers.count > 1 || !["elements", "graph", "graphs"].contains(name) {
      return false
    }
    _ = try input.take()
    var form = form
    if case .document(let own?) = containers.last { form = own }
    if let section = Self.section(name) {
      push(isArray ? .array(section, form) : .map(section, form))
      decoder.begin(section)
    } else if name == "elements" {
      form = givenForm ?? .cytoscape
      push(isArray ? .array(.elements, form) : .document(form))
    } else if isArray {
      push(.documents)
    } else {
      push(.document(givenForm ?? .jgf))
      decoder.beginGraph()
    }
    return true
  }

  /// What a document says of itself.
  private mutating func note(_ name: String, _ value: JSON, _ line: Int) {
    if name == "directed" || name == "multigraph", value.kind == .boolean { form = form ?? .nodeLink }
    decoder.decode(member: name, value) { ready.append($0, line: line) }
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

  private mutating func parse(_ bytes: [UInt8], line: Int) throws -> JSON {
    do {
      return try decoder.parse(bytes)
    } catch var error as JSONError {
      error.line += line - 1
      throw error
    }
  }

  private func error(_ reason: String) -> JSONError {
    JSONError(reason: reason, line: input.line, column: 1)
  }
}

import KV

/// Reads the elements of a JSON document of any size one after another, holding one element at a time.
///
/// An array's elements, the elements of the arrays `nodes`, `edges` and `links` of an object, or values one after
/// another (JSON Lines, pretty-printed or not).
struct JSONElementReader {
  enum Section: Sendable {
    case nodes, edges
  }

  struct Element {
    var section: Section
    var value: JSON
    /// Where it begins, from 1.
    var line: Int
  }

  private enum State {
    case top
    case array(Section, isFirst: Bool, inDocument: Bool)
    case document
  }

  private var input: ByteInput
  private var state = State.top
  /// Whether the text was one array or document, after which nothing may come.
  private var isComplete = false
  /// What an object that may turn out to be a document has shown so far.
  private var buffer: [UInt8] = []
  private var bufferLine = 1

  init(_ read: @escaping () throws -> [UInt8]) { input = ByteInput(read) }

  mutating func next() throws -> Element? {
    while true {
      try input.skipWhitespace()
      switch state {
      case .top:
        guard let byte = try input.peek() else { return nil }
        if isComplete { throw error("text after the end of the JSON document") }
        if byte == UInt8(ascii: "[") {
          _ = try input.take()
          state = .array(.edges, isFirst: true, inDocument: false)
        } else if byte == UInt8(ascii: "{") {
          if let element = try readLine() { return element }
          (buffer, bufferLine) = ([], input.line)
          if let element = try readObjectOrEnterDocument() { return element }
        } else {
          throw error("expected an edge, an array of edges, or an object with nodes and edges")
        }
      case .array(let section, let isFirst, let inDocument):
        if let element = try readElement(of: section, isFirst: isFirst, inDocument: inDocument) {
          return element
        }
      case .document:
        if let element = try readObjectOrEnterDocument() { return element }
      }
    }
  }

  /// An object that is a line of its own and no document: what JSON Lines are made of.
  private mutating func readLine() throws -> Element? {
    guard let line = input.restOfLine, let value = try? JSON(parsing: Array(line)),
      let members = value.members,
      !members.contains(where: { $0.value.kind == .array && Self.section(named: $0.name) != nil })
    else { return nil }
    defer { input.skip(line.count) }
    return Element(section: .edges, value: value, line: input.line)
  }

  private mutating func readElement(of section: Section, isFirst: Bool, inDocument: Bool) throws -> Element? {
    switch try input.peek() {
    case nil: throw error("the file ends inside an array")
    case UInt8(ascii: "]"):
      _ = try input.take()
      if inDocument {
        // What follows is checked as the rest of an object.
        buffer = Array(#"{"":0"#.utf8)
        bufferLine = input.line
        state = .document
      } else {
        isComplete = true
        state = .top
      }
      return nil
    case UInt8(ascii: ","):
      if isFirst { throw error("expected a value before ','") }
      _ = try input.take()
      try input.skipWhitespace()
    default:
      if !isFirst { throw error("expected ',' or ']' after an element") }
    }
    state = .array(section, isFirst: false, inDocument: inDocument)
    let line = input.line
    var bytes: [UInt8] = []
    try input.takeValue(into: &bytes)
    return Element(section: section, value: try parse(bytes, line: line), line: line)
  }

  /// Goes on in an object until it ends (a value of its own) or shows an array of nodes or edges.
  private mutating func readObjectOrEnterDocument() throws -> Element? {
    var depth = buffer.isEmpty ? 0 : 1
    var name: [UInt8] = []
    while let byte = try input.peek() {
      switch byte {
      case UInt8(ascii: "\""):
        let start = buffer.count
        try input.takeString(into: &buffer)
        if depth == 1 { name = Array(buffer[start...]) }
        continue
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "["):
        if depth == 1, let section = Self.section(named: (try? JSON(parsing: name))?.string ?? ""),
          buffer.last(where: { $0 > 0x20 }) == UInt8(ascii: ":")
        {
          _ = try input.take()
          _ = try parse(buffer + Array("0}".utf8), line: bufferLine)
          state = .array(section, isFirst: true, inDocument: true)
          return nil
        }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      buffer.append(byte)
      _ = try input.take()
      if depth <= 0 {
        let value = try parse(buffer, line: bufferLine)
        if case .document = state {
          isComplete = true
          state = .top
          return nil
        }
        return Element(section: .edges, value: value, line: bufferLine)
      }
    }
    throw error("the file ends inside an object")
  }

  private static func section(named name: String) -> Section? {
    switch name {
    case "nodes": .nodes
    case "edges", "links": .edges
    default: nil
    }
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

/// Bytes by the chunk, with the line they are on.
private struct ByteInput {
  private let read: () throws -> [UInt8]
  private var chunk: [UInt8] = []
  private var position = 0
  private(set) var line = 1

  init(_ read: @escaping () throws -> [UInt8]) { self.read = read }

  mutating func peek() throws -> UInt8? {
    if position == chunk.count {
      chunk = try read()
      position = 0
    }
    return position < chunk.count ? chunk[position] : nil
  }

  mutating func take() throws -> UInt8? {
    guard let byte = try peek() else { return nil }
    position += 1
    if byte == 0x0A { line += 1 }
    return byte
  }

  mutating func skipWhitespace() throws {
    while let byte = try peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      _ = try take()
    }
  }

  /// What is left of the line that the input stands on, if its end has been read already.
  var restOfLine: ArraySlice<UInt8>? {
    chunk[position...].firstIndex(of: 0x0A).map { chunk[position..<$0] }
  }

  /// Passes over bytes of ``restOfLine``.
  mutating func skip(_ count: Int) { position += count }

  /// From a quote to the one that closes it.
  mutating func takeString(into bytes: inout [UInt8]) throws {
    var isEscaped = false
    var isInside = false
    while let byte = try take() {
      bytes.append(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        if isInside { return }
        isInside = true
      }
    }
  }

  /// One value, as far as brackets and quotes tell; the parser judges it.
  mutating func takeValue(into bytes: inout [UInt8]) throws {
    var depth = 0
    while let byte = try peek() {
      switch byte {
      case UInt8(ascii: "\""):
        try takeString(into: &bytes)
        if depth == 0 { return }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return }
      default: break
      }
      bytes.append(byte)
      _ = try take()
      if depth == 0, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return }
    }
  }
}

import KV
import KVGraph

/// A change, as a line of a transaction says it.
struct TransactionLine {
  let line: Int
  /// The command's.
  let name: String
  private let change: Change

  private enum Change {
    case mutation(Mutation, subject: String)
    case addNode(Node, replacing: Bool)
    case addEdge(Edge, replacing: Bool)
    case removeEdge(Edge)
  }

  /// Whether it is one of nodes or edges, which looks at what the database holds before.
  var isOfGraph: Bool { if case .mutation = change { false } else { true } }

  /// What is changed.
  var subject: String {
    switch change {
    case .mutation(_, let subject): subject
    case .addNode(let node, _): "\(node.reference)"
    case .addEdge(let edge, _), .removeEdge(let edge): "\(edge)"
    }
  }

  /// The changes of all lines; blank ones are passed over.
  static func read(_ bytes: [UInt8], named name: String) throws -> [TransactionLine] {
    var changes: [TransactionLine] = []
    let lines = bytes.withoutByteOrderMark
    for (index, bytes) in lines.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) {
      do {
        let json = try JSON(parsing: Array(bytes), around: 2)
        // Of members of one name JSON keeps the last; of a change's own it would be one that nobody made.
        guard bytes.lettersOfJSON == Array(json.text.utf8)[...].lettersOfJSON else {
          throw KVError(.invalidData, "a member stands there twice")
        }
        changes.append(try TransactionLine(json, line: index + 1))
      } catch let error as JSONError {
        throw KVError(.invalidData, "\(name), line \(index + 1): not JSON: \(error.reason)")
      } catch var error as KVError {
        error.message = "\(name), line \(index + 1): \(error.message)"
        error.code = .invalidData
        throw error
      }
    }
    if changes.isEmpty { throw KVError(.invalidData, "\(name) holds no change") }
    return changes
  }

  /// What is written, by what the graph holds now.
  func mutations(in graph: Graph, named file: String) async throws -> [Mutation] {
    do {
      switch change {
      case .mutation(let mutation, _): return [mutation]
      case .addNode(let node, let replacing):
        return [try await graph.mutation(adding: node, replacing: replacing)]
      case .addEdge(let edge, let replacing):
        return try await graph.mutations(adding: edge, replacing: replacing).1
      case .removeEdge(let edge): return try await graph.mutations(removing: edge)
      }
    } catch var error as KVError {
      error.message = "\(file), line \(line): \(error.message)"
      throw error
    }
  }

  private init(_ json: JSON, line: Int) throws {
    guard let members = json.members, let (name, value) = members.first, members.count == 1 else {
      throw KVError(.invalidData, "expected an object of one member, the name of a change")
    }
    var fields = try Fields(value)
    (self.line, self.name) = (line, name)
    switch name {
    case "put":
      let key = try fields.key()
      change = .mutation(
        .put(
          key: key, value: try fields.required("value"), type: try fields.recordType(),
          expecting: try fields.expectation() ?? .any), subject: key)
    case "patch":
      let key = try fields.key()
      change = .mutation(
        .patch(
          key: key, with: try fields.required("value"), type: try fields.recordType(),
          expecting: try fields.expectation() ?? .any), subject: key)
    case "expect":
      let key = try fields.key()
      guard let expectation = try fields.expectation() else {
        throw KVError(.invalidData, "the version is missing")
      }
      change = .mutation(.expect(key: key, expectation), subject: key)
    case "delete":
      let key = try fields.key()
      change = .mutation(.delete(key: key), subject: key)
    case "delete-prefix":
      let prefix = try fields.text("prefix")
      if prefix.utf8.contains(0) { throw KVError(.invalidData, "the prefix contains a NUL character") }
      if prefix.isEmpty { throw KVError(.invalidData, "the prefix is empty; * means every key") }
      change = .mutation(.deleteSelection(prefix == "*" ? .all : .prefix(prefix)), subject: prefix)
    case "add-node":
      let node = NodeReference(type: try fields.text("type"), id: try fields.text("id"))
      try node.validate()
      try validate(key: node.entityKey)
      let attributes = fields.take("attributes")
      if let attributes, attributes.kind != .object {
        throw KVError(.invalidData, "the attributes are no object")
      }
      change = .addNode(Node(node, value: attributes), replacing: try fields.flag("replace"))
    case "add-edge":
      var edge = try fields.edge()
      edge.data = fields.take("data")
      change = .addEdge(edge, replacing: try fields.flag("replace"))
    case "remove-edge": change = .removeEdge(try fields.edge())
    default:
      throw KVError(
        .invalidData,
        "\(JSON(name)) is no change; there are put, patch, delete, delete-prefix, add-node, add-edge, remove-edge and expect"
      )
    }
    try fields.checkIsEmpty()
  }

  /// The members of a change, each taken once.
  private struct Fields {
    private var members: [(name: String, value: JSON)]

    init(_ json: JSON) throws {
      guard let members = json.members else { throw KVError(.invalidData, "what is changed is no object") }
      self.members = members
    }

    mutating func take(_ name: String) -> JSON? {
      members.firstIndex { $0.name == name }.map { members.remove(at: $0).value }
    }

    mutating func required(_ name: String) throws -> JSON {
      guard let value = take(name) else { throw KVError(.invalidData, "the \(name) is missing") }
      try validate(value: value)
      return value
    }

    mutating func text(_ name: String) throws -> String {
      guard let text = try required(name).string else {
        throw KVError(.invalidData, "the \(name) is no text")
      }
      return text
    }

    mutating func key() throws -> String {
      let key = try text("key")
      try validate(key: key)
      return key
    }

    mutating func recordType() throws -> String {
      let type = try optionalText("type") ?? "json"
      try validate(type: type)
      return type
    }

    mutating func optionalText(_ name: String) throws -> String? {
      guard let value = take(name) else { return nil }
      guard let text = value.string else { throw KVError(.invalidData, "the \(name) is no text") }
      return text
    }

    mutating func flag(_ name: String) throws -> Bool {
      guard let value = take(name) else { return false }
      guard let flag = value.boolean else { throw KVError(.invalidData, "\(name) is neither true nor false") }
      return flag
    }

    mutating func expectation() throws -> Expectation? {
      guard let value = take("version") else { return nil }
      guard let version = value.integer else { throw KVError(.invalidData, "the version is no whole number") }
      return try Expectation(version: version)
    }

    mutating func node(_ name: String) throws -> NodeReference {
      let value = try required(name)
      if let text = value.string, let node = NodeReference(text) { return node }
      guard let type = value["type"]?.string, let id = value["id"]?.string else {
        throw KVError(.invalidData, "\(name) is no node: expected {\"type\",\"id\"} or \"Type:id\"")
      }
      return NodeReference(type: type, id: id)
    }

    mutating func edge() throws -> Edge {
      let edge = Edge(
        from: try node("from"), to: try node("to"), type: try text("type"),
        parallelKey: try optionalText("key"))
      try edge.validate()
      return edge
    }

    func checkIsEmpty() throws {
      if let (name, _) = members.first {
        throw KVError(.invalidData, "there is no \(JSON(name)) in such a change")
      }
    }
  }
}

extension ArraySlice<UInt8> {
  /// How many bytes of JSON there are in an object and its members' objects, without the blanks between their parts, and without what stands
  /// deeper.
  fileprivate var lettersOfJSON: Int {
    var count = 0
    var depth = 0
    var (isInside, isEscaped) = (false, false)
    for byte in self {
      if !isInside, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
      if depth <= 2, isInside || ![0x20, 0x09, 0x0A, 0x0D].contains(byte) { count += 1 }
      if !isInside, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "\""), !isEscaped { isInside.toggle() }
      isEscaped = isInside && byte == UInt8(ascii: "\\") && !isEscaped
    }
    return count
  }
}

import KV

/// The name of a node: a type and an id, both compared byte by byte. Printed `Type:id`; a `:` or `%` inside the type is percent-escaped
/// there, so that `a:b` + `c` and `a` + `b:c` look different.
public struct NodeReference: Sendable {
  /// The node's type, such as `User`. To be stored it must not be empty, not `*`, and not one of `json`, `Edge` and `EdgeRef`.
  public var type: String
  /// The node's id, unique among the nodes of its type. To be stored it must not be empty, and not `*`.
  public var id: String

  /// A reference of these parts, which are not checked; see ``validate()``.
  public init(type: String, id: String) {
    self.type = type
    self.id = id
  }

  /// Reads `Type:id`, split at the first colon. `nil` where there is no colon, a part is empty, or the type has an invalid escape.
  public init?(_ description: String) {
    let bytes = description.utf8
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let type = String(percentDecoding: String(description[..<colon]))
    else { return nil }
    self.init(type: type, id: String(description[bytes.index(after: colon)...]))
    if self.type.isEmpty || id.isEmpty { return nil }
  }

  /// The form inside keys, `<Type>/<ID>` with both percent-escaped: ASCII, so that text order is byte order.
  public var path: String { KeyPart.escape(type) + "/" + KeyPart.escape(id) }

  /// The key of the record that describes the node: `<type lowercased>/<id>`.
  public var entityKey: String { type.lowercased() + "/" + id }

  /// Reads ``path``. `nil` where the text is not exactly what escaping gives.
  public init?(path: some StringProtocol) {
    // What is escaped holds no other slash.
    let bytes = path.utf8
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
      let type = KeyPart.unescapeCanonical(String(path[..<slash])),
      let id = KeyPart.unescapeCanonical(String(path[bytes.index(after: slash)...]))
    else { return nil }
    self.init(type: type, id: id)
  }
}

extension NodeReference {
  /// Whether records of a type are something else than nodes.
  static func isReserved(type: String) -> Bool {
    type == "json" || type == Edge.recordType || type == IndexRecord.type
  }

  /// Whether its record would stand among edges, or among the positions of consumers.
  var hasReservedKey: Bool {
    Self.reservedFolders.contains { entityKey.utf8.starts(with: $0.utf8) }
  }

  private static let reservedFolders = ["graph/", ConsumerPosition.key(of: "")]

  /// Checks that there can be such a node. Throws usage where a part is empty or `*`, and invalid data for a type of other records.
  public func validate() throws {
    for (part, name) in [(type, "type"), (id, "id")] {
      if part.isEmpty { throw KVError(.usage, "the \(name) of a node is empty") }
      if part == "*" { throw KVError(.usage, "the \(name) of a node is *, which stands for any in queries") }
    }
    if Self.isReserved(type: type) {
      throw KVError(.invalidData, "\(type) is no type of nodes: records of that type are something else")
    }
  }

  /// Whether its record can stand where it would.
  package var mayHaveRecord: Bool { !hasReservedKey }

  /// Checks that its record can stand where it would.
  package func validateKey() throws {
    if hasReservedKey {
      throw KVError(
        .invalidData,
        "the record of \(self) would stand at \(JSON(entityKey)), which is kept for other records")
    }
  }

  /// Checks that a record of this type may stand under a key: a node's may not among edges and positions of consumers.
  package static func validateRecord(key: String, type: String) throws {
    let folder = type.lowercased() + "/"
    guard !isReserved(type: type), key.utf8.starts(with: folder.utf8) else { return }
    let id = String(decoding: key.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
    try NodeReference(type: type, id: id).validateKey()
  }

  /// The node that a record is of by its own type: a record of type `User` under `user/…`.
  public init?(_ record: Record) { self.init(key: record.key, type: record.type) }

  /// The node of a type whose record stands under a key, whatever the record's own type; `nil` where none can.
  package init?(type: String, at key: String) {
    let folder = type.lowercased() + "/"
    guard key.utf8.count > folder.utf8.count, key.utf8.starts(with: folder.utf8) else { return nil }
    self.init(type: type, id: String(decoding: key.utf8.dropFirst(folder.utf8.count), as: UTF8.self))
    if hasReservedKey { return nil }
  }

  /// The node of a record with this key and type.
  package init?(key: String, type: String) {
    if Self.isReserved(type: type) { return nil }
    self.init(type: type, at: key)
  }
}

extension NodeReference: Hashable {
  // By bytes: canonically equivalent texts are different nodes.
  /// Whether both have the same type and the same id, byte by byte.
  public static func == (left: NodeReference, right: NodeReference) -> Bool {
    left.type.hasSameBytes(as: right.type) && left.id.hasSameBytes(as: right.id)
  }

  /// Hashes the bytes of the type and the id.
  public func hash(into hasher: inout Hasher) {
    for var part in [type, id] {
      part.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      hasher.combine(0xFF as UInt8)
    }
  }
}

extension NodeReference: CustomStringConvertible {
  /// `Type:id`, with `:` and `%` inside the type as `%3A` and `%25`.
  public var description: String {
    let escaped = type.utf8.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "%") }
    guard escaped else { return type + ":" + id }
    var text = ""
    for scalar in type.unicodeScalars {
      switch scalar {
      case ":": text += "%3A"
      case "%": text += "%25"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + ":" + id
  }
}

extension NodeReference {
  /// `{"id":…,"type":…}`
  func appendJSON(to bytes: inout [UInt8]) {
    bytes += idStart
    bytes.appendJSONString(id)
    bytes += typeStart
    bytes.appendJSONString(type)
    bytes.append(UInt8(ascii: "}"))
  }

  func appendPath(to bytes: inout [UInt8]) {
    KeyPart.appendEscaped(type, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    KeyPart.appendEscaped(id, to: &bytes)
  }
}

private let idStart = Array(#"{"id":"#.utf8)
private let typeStart = Array(#","type":"#.utf8)

extension JSON {
  /// `{"id":…,"type":…}`.
  public init(_ node: NodeReference) {
    var bytes: [UInt8] = []
    node.appendJSON(to: &bytes)
    self.init(trusted: bytes)
  }
}

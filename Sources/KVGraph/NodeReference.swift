import KV

/// A node: a type and an id. Printed `Type:id`; a `:` or `%` inside the type is percent-escaped there, so that
/// `a:b` + `c` and `a` + `b:c` look different.
public struct NodeReference: Sendable {
  public var type: String
  public var id: String

  public init(type: String, id: String) {
    self.type = type
    self.id = id
  }

  /// Reads `Type:id`, split at the first colon.
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

  /// The key of the entity, the record that describes the node: `<type lowercased>/<id>`.
  public var entityKey: String { type.lowercased() + "/" + id }

  /// Reads ``path``. `nil` where the text is not exactly what escaping gives.
  public init?(path: some StringProtocol) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let type = KeyPart.unescapeCanonical(String(parts[0])),
      let id = KeyPart.unescapeCanonical(String(parts[1]))
    else { return nil }
    self.init(type: type, id: id)
  }
}

extension NodeReference: Hashable {
  // By bytes: canonically equivalent texts are different nodes.
  public static func == (left: NodeReference, right: NodeReference) -> Bool {
    left.type.utf8.elementsEqual(right.type.utf8) && left.id.utf8.elementsEqual(right.id.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for var part in [type, id] {
      part.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      hasher.combine(0xFF as UInt8)
    }
  }
}

extension NodeReference: CustomStringConvertible {
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
  public init(_ node: NodeReference) {
    var bytes: [UInt8] = []
    node.appendJSON(to: &bytes)
    self.init(trusted: bytes)
  }
}

import KV

/// A directed, typed connection of two nodes, with any JSON as its data.
public struct Edge: Sendable, Equatable {
  public var from: NodeReference
  public var to: NodeReference
  public var type: String
  public var data: JSON?

  public init(from: NodeReference, to: NodeReference, type: String, data: JSON? = nil) {
    self.from = from
    self.to = to
    self.type = type
    self.data = data
  }

  public static func == (left: Edge, right: Edge) -> Bool {
    left.key == right.key && left.data == right.data
  }

  /// The record's key: `graph/edge/<FromType>/<FromID>/<EdgeType>/<ToType>/<ToID>`.
  public var key: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    bytes += keyStart
    from.appendPath(to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    KeyPart.appendEscaped(type, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    to.appendPath(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads a stored edge. The key says what the edge is; the value is asked for the data alone.
  public init(_ record: Record) throws {
    guard let key = EdgeKey(record.key), var edge = Edge(key) else {
      throw KVError(.invalidData, "\(JSON(record.key)) is not the key of an edge")
    }
    edge.data = record.value["data"]
    self = edge
  }

  init?(_ key: EdgeKey) {
    guard let from = NodeReference(path: key.from), let to = NodeReference(path: key.to),
      let type = KeyPart.unescapeCanonical(key.type)
    else { return nil }
    self.init(from: from, to: to, type: type)
  }

  /// The value of the edge's record.
  public var json: JSON {
    // Put together by hand: an import makes one for each edge.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 + (data?.text.utf8.count ?? 0))
    bytes.append(UInt8(ascii: "{"))
    if let data {
      bytes += dataStart
      bytes += data.text.utf8
      bytes.append(UInt8(ascii: ","))
    }
    bytes += fromStart
    from.appendJSON(to: &bytes)
    bytes += toStart
    to.appendJSON(to: &bytes)
    bytes += typeStart
    bytes.appendJSONString(type)
    bytes.append(UInt8(ascii: "}"))
    return JSON(trusted: bytes)
  }

  /// Checks that the edge can be stored.
  public func validate() throws {
    for (part, name) in [
      (from.type, "from type"), (from.id, "from id"), (to.type, "to type"), (to.id, "to id"),
      (type, "edge type"),
    ] {
      if part.isEmpty { throw KVError(.usage, "the \(name) of the edge is empty") }
      if part == "*" {
        throw KVError(.usage, "the \(name) of the edge is *, which stands for any in queries")
      }
    }
  }
}

private let keyStart = Array(EdgeKey.prefix.utf8)
private let dataStart = Array(#""data":"#.utf8)
private let fromStart = Array(#""from":"#.utf8)
private let toStart = Array(#","to":"#.utf8)
private let typeStart = Array(#","type":"#.utf8)

extension Edge: CustomStringConvertible {
  public var description: String { "\(from) -[\(type)]-> \(to)" }
}

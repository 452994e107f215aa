import KV

/// A typed connection of two nodes, with any JSON as its data.
public struct Edge: Sendable, Equatable {
  /// The node that the edge leaves. Of an undirected edge, as it is stored, the one whose ``NodeReference/path`` comes first.
  public var from: NodeReference
  /// The node that the edge enters.
  public var to: NodeReference
  /// The name of the edge's type, such as `follows`. To be stored it must not be empty, and not `*`.
  public var type: String
  /// What tells the edge from parallel edges: others of its type from and to the same nodes. `nil` for none, which one of them may have.
  public var parallelKey: String?
  /// Any JSON; `nil` where there is none, which is not the same as `null`.
  public var data: JSON?
  /// Whether the edge leads one way only: `false` where the graph says so of its type. Neither stored with the edge nor compared by `==`.
  public var isDirected = true

  /// A directed edge of these parts, which are not checked; see ``validate()``.
  public init(
    from: NodeReference, to: NodeReference, type: String, parallelKey: String? = nil, data: JSON? = nil
  ) {
    self.from = from
    self.to = to
    self.type = type
    self.parallelKey = parallelKey
    self.data = data
  }

  /// Whether both have the same ``key`` and the same ``data``.
  public static func == (left: Edge, right: Edge) -> Bool {
    left.key == right.key && left.data == right.data
  }

  /// The record's key: `graph/edge/<FromType>/<FromID>/<EdgeType>/<ToType>/<ToID>`, and `/<Key>` for an edge with a
  /// ``parallelKey``.
  public var key: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    bytes += keyStart
    from.appendPath(to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    KeyPart.appendEscaped(type, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    to.appendPath(to: &bytes)
    if let parallelKey {
      bytes.append(UInt8(ascii: "/"))
      KeyPart.appendEscaped(parallelKey, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads a stored edge: its nodes, type and parallel key from the record's key, its data from the value. Throws invalid data where
  /// the key is not that of an edge.
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
    self.init(from: from, to: to, type: type, parallelKey: key.key.flatMap { KeyPart.unescapeCanonical($0) })
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
    if let parallelKey {
      bytes += parallelKeyStart
      bytes.appendJSONString(parallelKey)
    }
    bytes += toStart
    to.appendJSON(to: &bytes)
    bytes += typeStart
    bytes.appendJSONString(type)
    bytes.append(UInt8(ascii: "}"))
    return JSON(trusted: bytes)
  }

  /// Checks that the edge can be stored. Throws usage where a type, an id or the parallel key is empty, or a type or an id is `*`, and
  /// invalid data where a node has a type that no node may have.
  public func validate() throws {
    try from.validate()
    try to.validate()
    if parallelKey?.isEmpty == true { throw KVError(.usage, "the key of the edge is empty") }
    if type.isEmpty { throw KVError(.usage, "the type of the edge is empty") }
    if type == "*" { throw KVError(.usage, "the type of the edge is *, which stands for any in queries") }
  }
}

private let keyStart = Array(EdgeKey.prefix.utf8)
private let dataStart = Array(#""data":"#.utf8)
private let fromStart = Array(#""from":"#.utf8)
private let parallelKeyStart = Array(#","key":"#.utf8)
private let toStart = Array(#","to":"#.utf8)
private let typeStart = Array(#","type":"#.utf8)

extension Edge {
  /// The type of the records of edges.
  static let recordType = "Edge"

  /// The edge as it is stored where its type is undirected: from the node whose name in keys comes first.
  var undirected: Edge {
    var edge = self
    edge.isDirected = false
    if to.path < from.path { (edge.from, edge.to) = (to, from) }
    return edge
  }
}

extension Edge: CustomStringConvertible {
  /// `User:a -[follows]-> User:b`, `A:1 -[t#2]-> B:1` with a ``Edge/parallelKey``, `A:1 -[t]- B:1` without a direction.
  public var description: String { "\(from) -[\(label)]-\(isDirected ? ">" : "") \(to)" }

  /// Its type, and its key, as in keys: `t/2`.
  package var keyLabel: String {
    KeyPart.escape(type) + (parallelKey.map { "/" + KeyPart.escape($0) } ?? "")
  }

  /// Its type, and its key: `t#2`.
  package var label: String { parallelKey.map { "\(type)#\($0)" } ?? type }
}

import KV
import KVGraph
import Synchronization

/// A value of a query.
public enum Value: Sendable {
  /// Nothing, or nothing known.
  case null
  /// True or false.
  case boolean(Bool)
  /// A whole number of 64 bits.
  case integer(Int)
  /// Also infinite, and no number.
  case float(Double)
  /// Text.
  case string(String)
  /// Values in an order.
  case list([Value])
  /// Values by names.
  case map(Members)
  /// A node of the graph.
  case node(QueryNode)
  /// An edge of the graph.
  case edge(QueryEdge)
  /// A way along edges.
  indirect case path(QueryPath)
  /// A date, a time, or both.
  indirect case temporal(Temporal)
  /// A length of time by the calendar.
  indirect case duration(CalendarDuration)
}

extension Value {
  /// Refuses a node or an edge that the query has deleted.
  func checkIsThere(_ place: Place) throws {
    switch self {
    case .node(let node) where node.isDeleted: throw place.error("the node \(node.reference) is deleted")
    case .edge(let edge) where edge.isDeleted: throw place.error("the edge \(edge.arrow) is deleted")
    default: break
    }
  }
}

/// A node that a query has come by; the same node is the same object throughout a query.
///
/// Only the query's own task changes it, and after it has given a row with the node it does so no more; what readers of rows make at their
/// first look is behind a lock.
public final class QueryNode: @unchecked Sendable {
  /// The node's type and id.
  public let reference: NodeReference
  /// Whether its record has been read.
  private(set) var isRead = false
  /// Its record's value, as it was read.
  private(set) var record: JSON?
  private let members = Mutex<Value.Members?>(nil)
  /// Further labels, those of `@labels`; read with the record.
  var furtherLabels: [String] = []
  /// The version of its record; `nil` where there is none, or it has not been read.
  var version: Int?
  /// Whether that record says by its type that the node is there; another, as `kv put` writes it, describes a node that edges touch.
  private(set) var isDeclared = false
  /// Whose the record under its key is, where that is another node's: one whose type differs in case only.
  private(set) var recordOwner: NodeReference?
  /// Among the nodes of the whole graph, where the query has read that.
  var number: Int32?
  var isNew = false
  /// Among the nodes that the query has made.
  var order = 0
  /// Where the query has deleted it.
  var deletedAt: Place?
  var isDeleted: Bool { deletedAt != nil }
  /// Whether the record is to be written.
  var isChanged = false

  /// As in keys.
  let path: String

  init(_ reference: NodeReference, path: String) { (self.reference, self.path) = (reference, path) }

  /// Whether both are the same node of the graph.
  func isSame(as other: QueryNode) -> Bool {
    self === other || (number == nil || other.number == nil) && reference == other.reference
  }

  /// Its attributes, those of the answer's nodes; none where its record has not been read.
  public internal(set) var properties: Value.Members {
    get {
      members.withLock { members in
        if let members { return members }
        let read = record.map(Value.members) ?? [:]
        members = read
        return read
      }
    }
    set {
      isRead = true
      members.withLock { $0 = newValue }
    }
  }

  /// An attribute; most nodes are asked for one, and no more.
  func property(_ name: String) -> Value? {
    if let members = members.withLock({ $0 }) { return members[name] }
    guard let record, record.kind == .object else { return properties[name] }
    return record.members?.last { $0.name.hasSameBytes(as: name) }.map { Value($0.value) }.flatMap {
      $0.isNull ? nil : $0
    }
  }

  /// Takes the record under its key, unless that is another node's.
  func read(_ record: Record) {
    let owner = NodeReference(record)
    if let owner, owner != reference {
      recordOwner = owner
      return
    }
    if owner == nil, !reference.mayHaveRecord { return }
    (version, isDeclared) = (record.version, owner != nil)
    read(record.value)
  }

  /// Takes what was read; `nil` where there is no record.
  func read(_ value: JSON?) {
    (isRead, record) = (true, value)
    // Most have none, and are decoded no further. A name may be written with escapes.
    guard let value, value.text.utf8.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "\\") })
    else { return }
    furtherLabels = value["@labels"]?.elements?.compactMap(\.string) ?? []
  }

  /// The labels, the type first; none for a node of no type.
  public var labels: [String] {
    (reference.type == "Node" ? [] : [reference.type])
      + furtherLabels.filter { !$0.hasSameBytes(as: reference.type) }
  }
}

/// An edge that a query has come by.
///
/// Shared as ``QueryNode`` is.
public final class QueryEdge: @unchecked Sendable {
  /// The ends, as the edge is stored.
  public let from, to: QueryNode
  /// Its type.
  public let type: String
  /// Its type, and its parallel key behind a slash where it has one, as in keys.
  let label: String
  let isDirected: Bool
  /// The members of its data; `nil` where they have not been read, as those of the answer's edges are.
  public internal(set) var properties: Value.Members?
  /// Its data, as it was read.
  private(set) var data: JSON?
  private(set) var isRead = false
  var isNew = false
  var isDeleted = false
  var isChanged = false

  init(from: QueryNode, to: QueryNode, type: String, label: String, isDirected: Bool) {
    (self.from, self.to, self.type, self.label, self.isDirected) = (from, to, type, label, isDirected)
  }

  /// The key of its record. Made anew at each call.
  var key: String { EdgeKey(from: from.path, label: label, to: to.path).text }

  /// What tells it from parallel ones.
  public var parallelKey: String? {
    let bytes = label.utf8
    return bytes.firstIndex(of: UInt8(ascii: "/")).flatMap {
      String(percentDecoding: String(label[bytes.index(after: $0)...]))
    }
  }

  /// Whether both are the same edge of the graph, read once or twice.
  func isSame(as other: QueryEdge) -> Bool {
    self === other
      || from === other.from && to === other.to && label.hasSameBytes(as: other.label)
  }

  /// What ``isSame(as:)`` goes by.
  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(from))
    hasher.combine(ObjectIdentifier(to))
    hasher.combine(ByteKey(label))
  }

  /// Takes what was read; `nil` where there is none.
  func read(_ data: JSON?) {
    (self.data, isRead) = (data, true)
    properties = data.map(Value.members) ?? [:]
  }

  func other(than node: QueryNode) -> QueryNode { node === from ? to : from }

  /// As the graph has it, with the data that was read.
  var stored: Edge {
    var stored = Edge(from: from.reference, to: to.reference, type: type)
    stored.parallelKey = parallelKey
    stored.isDirected = isDirected
    if let properties, !properties.isEmpty {
      stored.data = JSON(
        members: properties.compactMap { name, value in
          value.plainJSON.map { (name, $0) }
        })
    }
    return stored
  }
}

/// A way that a query has found: nodes, and the edges between them.
public struct QueryPath: Sendable {
  /// One more than there are edges.
  public var nodes: [QueryNode]
  /// In the order walked, in whichever direction they lead.
  public var edges: [QueryEdge]
  /// What its edges cost together, where it was chosen by that.
  public var cost: Weight?
  /// Whether one of them costs a float, so that together they do.
  var costIsFloat = false
}

extension Value {
  /// The attributes that data stands for: what is no object is the attribute `value`.
  static func members(_ data: JSON) -> Members {
    guard let members = data.members else { return data.kind == .null ? [:] : ["value": Value(data)] }
    return Members(members.lazy.filter { $0.name != "@labels" }.map { ($0.name, Value($0.value)) })
      .withoutNulls
  }

  /// The value of a JSON text: whole numbers that fit become integers.
  init(_ json: JSON) {
    switch json.kind {
    case .null: self = .null
    case .boolean: self = .boolean(json.text == "true")
    case .number:
      if let integer = Int(json.text) {
        self = .integer(integer)
      } else {
        self = .float(Double(json.text) ?? .nan)
      }
    case .string: self = .string(json.string ?? "")
    case .array: self = .list((json.elements ?? []).map { Value($0) })
    case .object:
      let members = json.members ?? []
      if members.count == 1, let text = members[0].value.string,
        let value = Value(temporal: members[0].name, text, isAsPrinted: true)
      {
        self = value
        return
      }
      self = .map(Members(members.lazy.map { ($0.name, Value($0.value)) }))
    }
  }

  /// Calls one of the closures with each node and edge that is in the value, however deep.
  func visit(node visitNode: (QueryNode) -> Void, edge visitEdge: (QueryEdge) -> Void) {
    switch self {
    case .node(let node): visitNode(node)
    case .edge(let edge): visitEdge(edge)
    case .path(let path):
      for node in path.nodes { visitNode(node) }
      for edge in path.edges { visitEdge(edge) }
    case .list(let values): for value in values { value.visit(node: visitNode, edge: visitEdge) }
    case .map(let members): for (_, value) in members { value.visit(node: visitNode, edge: visitEdge) }
    case .null, .boolean, .integer, .float, .string, .temporal, .duration: break
    }
  }

  /// Whether lists and maps stand more than so many levels in each other. Cost: a walk through all, no deeper than that.
  func isDeeper(than levels: Int) -> Bool {
    switch self {
    case .list(let values): levels == 0 || values.contains { $0.isDeeper(than: levels - 1) }
    case .map(let members): levels == 0 || members.contains { $0.value.isDeeper(than: levels - 1) }
    default: false
    }
  }

  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .float: "a float"
    case .string: "a string"
    case .list: "a list"
    case .map: "a map"
    case .node: "a node"
    case .edge: "an edge"
    case .path: "a path"
    case .temporal(let temporal): "a \(temporal.kind.rawValue)"
    case .duration: "a duration"
    }
  }

  /// Whether it is ``null``.
  public var isNull: Bool { if case .null = self { true } else { false } }
  var node: QueryNode? { if case .node(let node) = self { node } else { nil } }

  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }
}

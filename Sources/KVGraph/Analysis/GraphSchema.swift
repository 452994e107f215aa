import KV

/// What kinds of nodes and edges a graph holds.
public struct GraphSchema: Sendable {
  /// The types of nodes, the most frequent first, equally frequent ones by name.
  public var nodeTypes: [NodeType] = []
  /// The types of edges, the most frequent first, equally frequent ones by name.
  public var edgeTypes: [EdgeType] = []
  /// Folders of records of type `json` under keys `<folder>/<id>` that belong to no node, each with the number of its records: the
  /// largest first, equally large ones by name.
  public var undeclared: [(folder: String, count: Int)] = []

  /// The nodes of one type.
  public struct NodeType: Sendable {
    /// The name of the type.
    public var type: String
    /// How many nodes of the type there are, with and without a record.
    public var count: Int
    /// How many of them a record describes.
    public var records: Int
    /// The attributes in their records, in the order in which they first come; of more than 200 the first 200.
    public var attributes: [Attribute]
  }

  /// The edges of one type.
  public struct EdgeType: Sendable {
    /// The name of the type.
    public var type: String
    /// How many edges of the type there are.
    public var count: Int
    /// Whether the edges lead one way only: `false` for an undirected type.
    public var isDirected: Bool
    /// How many edges lead from which type of nodes to which, as they are stored: the most frequent first, equally frequent ones by
    /// name.
    public var ends: [(from: String, to: String, count: Int)]
    /// The attributes in their data, in the order in which they first come; of more than 200 the first 200.
    public var attributes: [Attribute]
  }

  /// A member of the records of nodes, or of the data of edges, of one type.
  public struct Attribute: Sendable {
    /// The member's name; empty for the whole value of a record, or of data, that is no object.
    public var name: String
    /// How many of the nodes or edges have it.
    public var count: Int
    /// The kinds of its values, as `JSON.Kind` names them (`string`, `number` and so on), the most frequent first.
    public var kinds: [String]
    /// The first different values, at most three, each of at most 60 bytes.
    public var examples: [JSON]
  }
}

extension Graph {
  /// The types of nodes and edges and their attributes. Cost: a read of the whole graph, and of the keys of all records of type `json`;
  /// memory: as ``Adjacency``.
  public func schema() async throws -> GraphSchema {
    let undirected = try await undirectedTypes
    let adjacency = try await Adjacency(of: self)
    var nodes: [ByteKey: (type: String, count: Int, records: Int, attributes: AttributeTally)] = [:]
    let all = adjacency.nodes
    for start in stride(from: 0, to: all.count, by: pageSize) {
      let page = all[start..<min(start + pageSize, all.count)]
      for (node, value) in zip(page, try await values(of: page)) {
        let key = ByteKey(node.type)
        nodes[key, default: (node.type, 0, 0, AttributeTally())].count += 1
        guard let value else { continue }
        nodes[key]?.records += 1
        nodes[key]?.attributes.add(value)
      }
    }
    var edges: [ByteKey: (type: String, count: Int, ends: [[ByteKey]: Int], attributes: AttributeTally)] = [:]
    for try await edge in self.edges() {
      let key = ByteKey(edge.type)
      edges[key, default: (edge.type, 0, [:], AttributeTally())].count += 1
      edges[key]?.ends[[ByteKey(edge.from.type), ByteKey(edge.to.type)], default: 0] += 1
      if let data = edge.data { edges[key]?.attributes.add(data) }
    }
    var schema = GraphSchema()
    schema.nodeTypes = nodes.values.map {
      GraphSchema.NodeType(
        type: $0.type, count: $0.count, records: $0.records, attributes: $0.attributes.attributes)
    }.sorted { ($1.count, $0.type) < ($0.count, $1.type) }
    schema.edgeTypes = edges.values.map { edge in
      GraphSchema.EdgeType(
        type: edge.type, count: edge.count, isDirected: !undirected.contains(edge.type),
        ends: edge.ends.map { ends, count in
          (ends[0].text, ends[1].text, count)
        }.sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }, attributes: edge.attributes.attributes)
    }.sorted { ($1.count, $0.type) < ($0.count, $1.type) }
    schema.undeclared = try await undeclaredFolders(all)
    return schema
  }

  /// The folders of records of type `json` under keys `<folder>/<id>`, which `kv put user/alice` makes, that belong to no node.
  func undeclaredFolders(_ nodes: [NodeReference]) async throws -> [(folder: String, count: Int)] {
    let known = Set(nodes.map { ByteKey($0.entityKey) })
    var counts: [ByteKey: Int] = [:]
    var after: String?
    while true {
      let keys = try await store.keys(.type("json"), after: after, limit: 20_000)
      for key in keys {
        let bytes = Array(key.key.utf8)
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), slash > 0, slash + 1 < bytes.count,
          !known.contains(ByteKey(bytes)), !key.key.hasPrefix("graph/"),
          !key.key.hasPrefix(ConsumerPosition.key(of: ""))
        else { continue }
        counts[ByteKey(bytes[..<slash]), default: 0] += 1
      }
      guard let last = keys.last else { break }
      after = last.key
    }
    return counts.map { ($0.text, $1) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}

/// The attributes of many values.
private struct AttributeTally {
  private var names: [String] = []
  private var tallies: [ByteKey: (count: Int, kinds: [JSON.Kind: Int], examples: [JSON])] = [:]
  /// More names than this are those of a map, and no attributes.
  private static let mostNames = 200
  private static let examples = 3

  mutating func add(_ value: JSON) {
    for (name, value) in value.members ?? [("", value)] {
      let key = ByteKey(name)
      if tallies[key] == nil {
        guard names.count < Self.mostNames else { continue }
        names.append(name)
        tallies[key] = (0, [:], [])
      }
      tallies[key]?.count += 1
      tallies[key]?.kinds[value.kind, default: 0] += 1
      if let examples = tallies[key]?.examples, examples.count < Self.examples, !examples.contains(value),
        value.text.utf8.count <= 60
      {
        tallies[key]?.examples.append(value)
      }
    }
  }

  var attributes: [GraphSchema.Attribute] {
    names.compactMap { name in
      guard let tally = tallies[ByteKey(name)] else { return nil }
      let kinds = tally.kinds.sorted { ($1.value, "\($0.key)") < ($0.value, "\($1.key)") }.map { "\($0.key)" }
      return GraphSchema.Attribute(name: name, count: tally.count, kinds: kinds, examples: tally.examples)
    }
  }
}

extension JSON {
  /// `{"edgeTypes":[…],"nodeTypes":[…],"undeclared":[…]}`.
  public init(_ schema: GraphSchema) {
    func list(_ attributes: [GraphSchema.Attribute]) -> JSON {
      JSON(
        elements: attributes.map {
          JSON(members: [
            ("count", JSON($0.count)), ("examples", JSON(elements: $0.examples)),
            ("kinds", JSON(elements: $0.kinds.map { JSON($0) })), ("name", JSON($0.name)),
          ])
        })
    }
    self = JSON(members: [
      (
        "edgeTypes",
        JSON(
          elements: schema.edgeTypes.map { type in
            JSON(members: [
              ("attributes", list(type.attributes)), ("count", JSON(type.count)),
              ("directed", JSON(type.isDirected)),
              (
                "ends",
                JSON(
                  elements: type.ends.map {
                    JSON(members: [("count", JSON($0.count)), ("from", JSON($0.from)), ("to", JSON($0.to))])
                  })
              ), ("type", JSON(type.type)),
            ])
          })
      ),
      (
        "nodeTypes",
        JSON(
          elements: schema.nodeTypes.map { type in
            JSON(members: [
              ("attributes", list(type.attributes)), ("count", JSON(type.count)),
              ("records", JSON(type.records)),
              ("type", JSON(type.type)),
            ])
          })
      ),
      (
        "undeclared",
        JSON(
          elements: schema.undeclared.map {
            JSON(members: [("count", JSON($0.count)), ("folder", JSON($0.folder))])
          })
      ),
    ])
  }
}

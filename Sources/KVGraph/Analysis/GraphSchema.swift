import KV

/// What kinds of nodes and edges a graph holds.
public struct GraphSchema: Sendable {
  public var nodeTypes: [NodeType] = []
  public var edgeTypes: [EdgeType] = []
  /// Folders of records that look like nodes which nobody has declared, with their counts.
  public var undeclared: [(folder: String, count: Int)] = []

  public struct NodeType: Sendable {
    public var type: String
    public var count: Int
    /// How many have a record.
    public var records: Int
    public var attributes: [Attribute]
  }

  public struct EdgeType: Sendable {
    public var type: String
    public var count: Int
    public var isDirected: Bool
    /// From which type of nodes to which, and how often.
    public var ends: [(from: String, to: String, count: Int)]
    public var attributes: [Attribute]
  }

  public struct Attribute: Sendable {
    public var name: String
    /// How many of the nodes or edges have it.
    public var count: Int
    /// `string`, `number` and so on, the most frequent first.
    public var kinds: [String]
    /// The first few different values.
    public var examples: [JSON]
  }
}

extension Graph {
  /// Reads the whole graph, and says what there is: types by their counts, the most frequent first; attributes in the order in which they
  /// first come. Memory: the keys of all edges.
  public func schema() async throws -> GraphSchema {
    let undirected = try await undirectedTypes
    let adjacency = try await Adjacency(of: self)
    var nodes: [[UInt8]: (type: String, count: Int, records: Int, attributes: AttributeTally)] = [:]
    let all = adjacency.nodes
    for start in stride(from: 0, to: all.count, by: pageSize) {
      let page = all[start..<min(start + pageSize, all.count)]
      for (node, value) in zip(page, try await values(of: page)) {
        let key = Array(node.type.utf8)
        nodes[key, default: (node.type, 0, 0, AttributeTally())].count += 1
        guard let value else { continue }
        nodes[key]?.records += 1
        nodes[key]?.attributes.add(value)
      }
    }
    var edges: [[UInt8]: (type: String, count: Int, ends: [[[UInt8]]: Int], attributes: AttributeTally)] = [:]
    for try await edge in self.edges() {
      let key = Array(edge.type.utf8)
      edges[key, default: (edge.type, 0, [:], AttributeTally())].count += 1
      edges[key]?.ends[[Array(edge.from.type.utf8), Array(edge.to.type.utf8)], default: 0] += 1
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
          (String(decoding: ends[0], as: UTF8.self), String(decoding: ends[1], as: UTF8.self), count)
        }.sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }, attributes: edge.attributes.attributes)
    }.sorted { ($1.count, $0.type) < ($0.count, $1.type) }
    schema.undeclared = try await undeclaredFolders(all)
    return schema
  }

  /// The folders of plain records `<folder>/<id>`, which `kv put user/alice` makes, that are no node's.
  func undeclaredFolders(_ nodes: [NodeReference]) async throws -> [(folder: String, count: Int)] {
    let known = Set(nodes.map { Array($0.entityKey.utf8) })
    var counts: [[UInt8]: Int] = [:]
    var after: String?
    while true {
      let keys = try await store.keys(.type("json"), after: after, limit: 20_000)
      for key in keys {
        let bytes = Array(key.key.utf8)
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), slash > 0, slash + 1 < bytes.count,
          !known.contains(bytes), !key.key.hasPrefix("graph/"),
          !key.key.hasPrefix(ConsumerPosition.key(of: ""))
        else { continue }
        counts[Array(bytes[..<slash]), default: 0] += 1
      }
      guard let last = keys.last else { break }
      after = last.key
    }
    return counts.map { (String(decoding: $0, as: UTF8.self), $1) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}

/// The attributes of many values.
private struct AttributeTally {
  private var names: [String] = []
  private var tallies: [[UInt8]: (count: Int, kinds: [JSON.Kind: Int], examples: [JSON])] = [:]
  /// More names than this are those of a map, and no attributes.
  private static let mostNames = 200
  private static let examples = 3

  mutating func add(_ value: JSON) {
    for (name, value) in value.members ?? [("", value)] {
      let key = Array(name.utf8)
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
      guard let tally = tallies[Array(name.utf8)] else { return nil }
      let kinds = tally.kinds.sorted { ($1.value, "\($0.key)") < ($0.value, "\($1.key)") }.map { "\($0.key)" }
      return GraphSchema.Attribute(name: name, count: tally.count, kinds: kinds, examples: tally.examples)
    }
  }
}

extension JSON {
  /// `{"nodeTypes":[…],"edgeTypes":[…],"undeclared":[…]}`.
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

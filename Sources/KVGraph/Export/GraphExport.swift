import KV

/// How a graph is written to a file; ``Graph/load(_:options:skipped:progress:)`` reads them all.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// `{"nodes":[…],"edges":[…]}`, nodes where an entity gives them attributes.
  case json
  /// An edge a line.
  case jsonl
  /// An edge a line: `from_type,from_id,to_type,to_id,edge_type,data`.
  case csv
  /// NetworkX's.
  case nodeLink = "node-link"
  case cytoscape
  case jgf
  case graphML = "graphml"
  case apoc
}

/// Writes a graph line by line. Where a format has one name for a node, it is `Type:id`.
protocol GraphWriter {
  var nodes: WrittenNodes { get }
  /// Before the first node, between nodes and edges, and after the last edge.
  var start: [String] { get }
  var middle: [String] { get }
  var end: [String] { get }
  mutating func line(for node: NodeReference, _ attributes: [(name: String, value: JSON)]) throws -> String
  mutating func line(for edge: Edge) throws -> String
}

enum WrittenNodes { case none, attributed, all }

extension Graph {
  /// Writes the nodes and then the edges, both in key order.
  ///
  /// A node's attributes are those of its entity, the record at `<type lowercased>/<id>`. Attributes named `id` and `type` are
  /// left out, for these are the node's own, and so are entities that are no objects. Memory: a page of edges, and
  /// the nodes where they are written. For GraphML all is read twice: it begins with the names of all attributes.
  /// - Parameters:
  ///   - options: which edges are written; with them go the nodes at their ends.
  ///   - escapingFormulas: whether cells of CSV that a spreadsheet would carry out begin with an apostrophe.
  ///   - writeLine: takes the text line by line.
  public func export(
    as format: ExportFormat, options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    escapingFormulas: Bool = false, isolation: isolated (any Actor)? = #isolation,
    writeLine: (String) throws -> Void
  ) async throws {
    var writer: any GraphWriter
    switch format {
    case .json: writer = JSONDocumentWriter(.own)
    case .nodeLink: writer = JSONDocumentWriter(.nodeLink)
    case .cytoscape: writer = JSONDocumentWriter(.cytoscape)
    case .jgf: writer = JSONDocumentWriter(.jgf)
    case .jsonl: writer = JSONLinesWriter()
    case .apoc: writer = APOCWriter()
    case .csv: writer = CSVWriter(escapesFormulas: escapingFormulas)
    case .graphML:
      var keys = GraphMLKeys()
      try await forEachNode(.all, options) { try keys.note($0, $1) }
      try await forEachEdge(options) { try keys.note($0) }
      writer = GraphMLWriter(keys)
    }
    try writer.start.forEach(writeLine)
    try await forEachNode(writer.nodes, options) { try writeLine(writer.line(for: $0, $1)) }
    try writer.middle.forEach(writeLine)
    try await forEachEdge(options) { try writeLine(writer.line(for: $0)) }
    try writer.end.forEach(writeLine)
  }

  private func forEachEdge(
    _ options: TraversalOptions, isolation: isolated (any Actor)? = #isolation, _ body: (Edge) throws -> Void
  ) async throws {
    for try await edge in edges()
    where options.admits(type: KeyPart.escape(edge.type)) && options.admits(edge) {
      try body(edge)
    }
  }

  /// The nodes at the ends of the edges, with their attributes.
  private func forEachNode(
    _ which: WrittenNodes, _ options: TraversalOptions, isolation: isolated (any Actor)? = #isolation,
    _ body: (NodeReference, [(name: String, value: JSON)]) throws -> Void
  ) async throws {
    if which == .none { return }
    let nodes = try await Adjacency(of: self, options: options).nodes
    // Types that differ in case only share their entities, which are written once.
    var written: Set<[UInt8]> = []
    for start in stride(from: 0, to: nodes.count, by: pageSize) {
      let page = nodes[start..<min(start + pageSize, nodes.count)]
      for (node, entity) in zip(page, try await entities(of: page)) {
        var attributes = (entity?.members ?? []).filter { $0.name != "id" && $0.name != "type" }
        if !attributes.isEmpty, !written.insert(Array(node.entityKey.utf8)).inserted { attributes = [] }
        if which == .all || !attributes.isEmpty { try body(node, attributes) }
      }
    }
  }

  /// The records that describe the nodes, node by node. Cost: one request for each thousand.
  public func entities(of nodes: some Collection<NodeReference>) async throws -> [JSON?] {
    var values: [[UInt8]: JSON] = [:]
    var keys = nodes.map(\.entityKey)[...]
    while !keys.isEmpty {
      for record in try await store.get(Array(keys.prefix(pageSize))) {
        values[Array(record.key.utf8)] = record.value
      }
      keys = keys.dropFirst(pageSize)
    }
    return nodes.map { values[Array($0.entityKey.utf8)] }
  }
}

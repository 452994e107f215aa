import KV

extension Graph {
  /// Writes the nodes and then the edges, both in key order.
  ///
  /// Memory: the keys of all edges, as ``Adjacency``, and a page of records. For GraphML and GEXF all is read twice: they begin with
  /// the names of all attributes.
  /// - Parameters:
  ///   - isolation: the actor to run on, by default the caller's.
  ///   - format: any but ``ExportFormat/neo4jCSV``, which is two texts; see `exportForNeo4j(options:escapingFormulas:isolation:writeLine:)`.
  ///   - options: which edges are written; where not all are, only the nodes at their ends go with them.
  ///   - escapingFormulas: whether cells of CSV that a spreadsheet would carry out begin with an apostrophe.
  ///   - writeLine: takes the text line by line.
  /// - Returns: what the format has no place for, such as "the attributes of nodes".
  @discardableResult
  public func export(
    as format: ExportFormat, options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    escapingFormulas: Bool = false, isolation: isolated (any Actor)? = #isolation,
    writeLine: (String) throws -> Void
  ) async throws -> [String] {
    let source = try await ExportSource(self, options)
    let isDirected = source.isDirected
    var writer: any GraphWriter
    switch format {
    case .json: writer = OwnJSONWriter(source.undirectedTypes)
    case .jsonl: writer = JSONLinesWriter(source.undirectedTypes)
    case .nodeLink: writer = NodeLinkWriter(isDirected: isDirected)
    case .cytoscape:
      writer = CytoscapeWriter(isDirected: isDirected, hasParallelEdges: source.hasParallelEdges)
    case .jgf: writer = JGFWriter(isDirected: isDirected)
    case .apoc: writer = APOCWriter()
    case .csv: writer = CSVWriter(separator: ",", escapesFormulas: escapingFormulas)
    case .tsv: writer = CSVWriter(separator: "\t", escapesFormulas: escapingFormulas)
    case .dot: writer = DOTWriter(isDirected: isDirected)
    case .mermaid: writer = MermaidWriter()
    case .gml: writer = GMLWriter(isDirected: isDirected, hasParallelEdges: source.hasParallelEdges)
    case .pajek: writer = PajekWriter(nodeCount: source.nodeCount)
    case .graphML:
      writer = GraphMLWriter(
        try await source.keys(for: "GraphML", hasOneKeyPerName: true, reserved: GraphMLWriter.reservedNames))
    case .gexf:
      writer = GEXFWriter(
        try await source.keys(for: "GEXF", hasOneKeyPerName: false, reserved: GEXFWriter.reservedNames))
    case .neo4jCSV: throw KVError(.usage, "neo4j-csv is two tables, and needs a folder")
    }
    try await source.write(with: &writer, writeLine)
    return writer.losses
  }

  /// Writes the two tables that neo4j-admin imports, nodes and relationships. All is read twice: a table begins with its columns.
  /// - Parameters: as of ``export(as:options:escapingFormulas:isolation:writeLine:)``.
  public func exportForNeo4j(
    options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    isolation: isolated (any Actor)? = #isolation, writeNode: (String) throws -> Void,
    writeRelationship: (String) throws -> Void
  ) async throws {
    let source = try await ExportSource(self, options)
    var nodes = Neo4jColumns(whole: ExportedAttributes.whole)
    var edges = Neo4jColumns(whole: ExportedAttributes.data)
    try await source.forEachNode(reserved: [], all: true) { nodes.note($0.attributes) }
    try await source.forEachEdge(reserved: []) { edges.note(Neo4jTable.attributes(of: $0)) }
    try writeNode(nodes.header(["id:ID", ":LABEL"]))
    try await source.forEachNode(reserved: [], all: true) { try writeNode(Neo4jTable.row($0, nodes)) }
    try writeRelationship(edges.header([":START_ID", ":END_ID", ":TYPE"]))
    try await source.forEachEdge(reserved: []) { try writeRelationship(Neo4jTable.row($0, edges)) }
  }
}

/// The nodes and edges that are to be written, which may be read more than once.
struct ExportSource {
  private let graph: Graph
  private let options: TraversalOptions
  private let adjacency: Adjacency
  private let hasEdges: [Bool]
  /// Those of the edges there are.
  let undirectedTypes: [String]
  /// Whether a file as a whole is of directed edges: `false` where all edges are undirected.
  let isDirected: Bool

  init(_ graph: Graph, _ options: TraversalOptions) async throws {
    self.graph = graph
    self.options = options
    adjacency = try await Adjacency(of: graph, options: options)
    hasEdges = adjacency.degrees.map { $0 > 0 }
    let types = try await graph.undirectedTypeNames
    undirectedTypes = types
    isDirected = !adjacency.isUndirected
  }

  var nodeCount: Int { adjacency.nodeCount }
  var hasParallelEdges: Bool { adjacency.hasParallelEdges }

  /// The attributes that GraphML and GEXF name before they begin.
  func keys(
    for format: String, hasOneKeyPerName: Bool, reserved: (node: Set<String>, edge: Set<String>),
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> GraphMLKeys {
    var keys = GraphMLKeys(format: format, hasOneKeyPerName: hasOneKeyPerName, isDirected: isDirected)
    try await forEachNode(reserved: reserved.node, all: true) { try keys.note($0) }
    try await forEachEdge(reserved: reserved.edge) { try keys.note($0) }
    return keys
  }

  /// Writes the graph, node by node and edge by edge.
  func write(
    with writer: inout any GraphWriter, isolation: isolated (any Actor)? = #isolation,
    _ writeLine: (String) throws -> Void
  ) async throws {
    try writer.start.forEach(writeLine)
    let keepsOrder = writer.keepsOrder
    try await forEachNode(
      reserved: writer.reservedNames.node, keepsOrder: keepsOrder, all: writer.writesAllNodes
    ) {
      if let line = try writer.line(for: $0) { try writeLine(line) }
    }
    try writer.middle.forEach(writeLine)
    try await forEachEdge(reserved: writer.reservedNames.edge, keepsOrder: keepsOrder) {
      if let line = try writer.line(for: $0) { try writeLine(line) }
    }
    try writer.end.forEach(writeLine)
  }

  func forEachNode(
    reserved: Set<String>, keepsOrder: Bool = true, all: Bool, isolation: isolated (any Actor)? = #isolation,
    _ body: (ExportedNode) throws -> Void
  ) async throws {
    for start in stride(from: 0, to: adjacency.nodeCount, by: pageSize) {
      let numbers = Int32(start)..<Int32(min(start + pageSize, adjacency.nodeCount))
      let nodes = numbers.map { adjacency.node($0) }
      for (number, (node, value)) in zip(numbers, zip(nodes, try await graph.values(of: nodes))) {
        if value == nil, !all { continue }
        let attributes = ExportedAttributes.of(
          node: value, hasEdges: hasEdges[Int(number)], reserved: reserved, keepsOrder: keepsOrder)
        try body(ExportedNode(reference: node, attributes: attributes))
      }
    }
  }

  func forEachEdge(
    reserved: Set<String>, keepsOrder: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: (ExportedEdge) throws -> Void
  ) async throws {
    for try await edge in graph.edges(undirected: try await graph.undirectedTypes)
    where options.covers(edge) {
      try body(
        ExportedEdge(
          edge: edge, attributes: ExportedAttributes.of(edge, reserved: reserved, keepsOrder: keepsOrder)))
    }
  }
}

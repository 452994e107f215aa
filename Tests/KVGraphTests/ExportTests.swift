import KV
import TestSupport
import Testing

@testable import KVGraph

@Suite struct ExportTests {
  func export(_ graph: Graph, _ format: ExportFormat) async throws -> String {
    var text = ""
    try await graph.export(as: format) { text += $0 + "\n" }
    return text
  }

  func source(_ text: String) -> ImportSource { ImportSource(name: "exported", text: text) }

  /// Hostile names and data of every kind; nodes without edges, loops, parallel edges and undirected ones. For XML without control
  /// characters in names, which it cannot hold, and without U+FFFE, which comes back as an escape.
  func graph(_ backend: TestBackend, forXML: Bool, _ random: inout SeededRandom) async throws -> Graph {
    let graph = Graph(try await backend.store())
    // Scalar by scalar: one that a joiner follows is another character to `replacing`.
    func text(without isUnfit: (Unicode.Scalar) -> Bool) -> String {
      String(String.UnicodeScalarView(random.text(upTo: 6).unicodeScalars.map { isUnfit($0) ? "x" : $0 }))
    }
    func isNoXML(_ scalar: Unicode.Scalar) -> Bool { forXML && (0xFFFE...0xFFFF).contains(scalar.value) }
    func name() -> String {
      text { $0 == "\0" || $0 == "*" || isNoXML($0) || (forXML && $0.value < 0x20) }
    }
    func value() -> JSON {
      let text = JSON(text { $0 == "\0" || isNoXML($0) })
      return [text, JSON(-7), .null, JSON(true), JSON(elements: [text]), JSON(members: [("data", text)])]
        .randomElement(using: &random) ?? text
    }
    func members() -> JSON {
      let special = ["id", "type", "label", "data", "key", "@x", "source", "weight", ""]
      let names = (0..<3).map { _ in
        Bool.random(using: &random) ? name() : special.randomElement(using: &random) ?? ""
      }
      return JSON(members: Dictionary(names.map { ($0, value()) }) { $1 }.map { ($0.key, $0.value) })
    }
    func data() -> JSON? {
      [nil, value(), members(), JSON(members: [])].randomElement(using: &random) ?? nil
    }
    let undirected = "u" + name()
    _ = try await graph.setDirected(false, edgeType: undirected)
    let types = ["T0", "T1", name() + "2"]
    func node() -> NodeReference {
      NodeReference(
        type: types.randomElement(using: &random) ?? "T", id: Bool.random(using: &random) ? name() : "a")
    }
    for number in 0..<60 {
      let (from, to) = (node(), number % 9 == 0 ? nil : node())
      let type = number % 5 == 0 ? undirected : ["t", name()].randomElement(using: &random) ?? "t"
      var edge = Edge(from: from, to: to ?? from, type: type, data: data())
      edge.parallelKey = number % 3 == 0 ? name() : nil
      try await graph.add(edge, replacing: true)
      if number % 4 == 0 {
        let described = NodeReference(type: node().type, id: "\(number)" + name())
        try await graph.add(Node(described, value: number % 8 == 0 ? members() : JSON(members: [])))
        if number % 12 == 0 { try await graph.add(Node(from, value: data()), replacing: true) }
      }
    }
    return graph
  }

  /// What a format without a place for the rest keeps.
  func outline(_ graph: Graph) async throws -> [String] {
    var lines = try await Adjacency(of: graph).nodes.map(\.path)
    for try await edge in graph.edges(undirected: try await graph.undirectedTypes) {
      lines.append("\(edge.from.path) \(edge.to.path) \(KeyPart.escape(edge.type)) \(edge.isDirected)")
    }
    return lines.sorted()
  }

  @Test("what was exported is imported as the same records, whatever they hold", arguments: TestBackend.all)
  func roundTrip(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    for format in ExportFormat.allCases where format != .neo4jCSV {
      let graph = try await graph(backend, forXML: format == .graphML || format == .gexf, &random)
      var text = ""
      let losses = try await graph.export(as: format) { text += $0 + "\n" }
      let copy = Graph(try await backend.store())
      _ = try await copy.load(source(text))
      #expect(losses.isEmpty == (format != .mermaid && format != .pajek), "\(format): \(losses)")
      #expect(try await outline(copy) == outline(graph), "\(format), seed \(random.seed)")
      if losses.isEmpty { try await expectSameRecords(copy, graph, "\(format), seed \(random.seed)") }
    }
  }

  @Test(
    "a record that is a text comes back from DOT as that text, JSON or not",
    arguments: ["\n", "\n\"", "[1]", "null", "7", "{}", "", "\"", "\\", "plain"])
  func textRecord(_ text: String) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(Node(NodeReference(type: "T", id: "a"), value: JSON(text)))
    let copy = Graph(try await TestBackend.sqlite.store())
    _ = try await copy.load(source(try await export(graph, .dot)))
    try await expectSameRecords(copy, graph, "\(JSON(text))")
  }

  @Test("a node whose id looks like the rest of an address keeps its type", arguments: ExportFormat.allCases)
  func addressLikeId(_ format: ExportFormat) async throws {
    guard format != .neo4jCSV else { return }
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(
      Edge(
        from: NodeReference(type: "https", id: "//example.org"), to: NodeReference(type: "T", id: "//"),
        type: "t"))
    let copy = Graph(try await TestBackend.sqlite.store())
    _ = try await copy.load(source(try await export(graph, format)))
    #expect(try await outline(copy) == outline(graph))
  }

  /// igraph reads no two keys of one name, and a weight counts for others only where it stands by itself.
  @Test func othersFindAttributesByTheirNames() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let text = #"""
      {"nodes":[{"type":"N","id":"a","v":1},{"type":"N","id":"b","v":"x"},{"type":"N","id":"c","v":[true]},{"type":"N","id":"d","v":"1"}],
       "edges":[{"from":"N:a","to":"N:b","type":"t","data":{"a":1,"id":"e0","key":"k","weight":3}},
         {"from":"N:b","to":"N:c","type":"t","data":{"id":"e1","weight":3,"key":"k"}}]}
      """#
    _ = try await graph.load(source(text))
    let graphML = try await export(graph, .graphML)
    #expect(graphML.ranges(of: #"attr.name="v""#).count == 1)
    #expect(
      graphML.contains(#"<data key="d0" kv.type="json">[true]</data>"#) && graphML.contains(">x</data>"))
    #expect(
      try await export(graph, .nodeLink).contains(
        #""type":"t","a":1,"@data":{"id":"e0","key":"k"},"weight":3}"#))
    // What does not stand side by side does so for others, and as a whole for us.
    #expect(
      try await export(graph, .nodeLink).contains(
        #""type":"t","weight":3,"@data":{"id":"e1","weight":3,"key":"k"}}"#))
    #expect(try await export(graph, .dot).contains(#"weight="3", "@json.@data"="#))
    #expect(try await export(graph, .gexf).contains(#" weight="3">"#))
    #expect(try await !export(graph, .gexf).contains(#"title="key""#))
    for format in [ExportFormat.graphML, .nodeLink, .cytoscape, .gexf, .dot, .gml] {
      let copy = Graph(try await TestBackend.sqlite.store())
      _ = try await copy.load(source(try await export(graph, format)))
      try await expectSameRecords(copy, graph, "\(format)")
    }
  }

  @Test("the tables of neo4j-admin come back as the same records", arguments: TestBackend.all)
  func neo4jTables(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    let graph = try await graph(backend, forXML: true, &random)
    var (nodes, relationships) = ("", "")
    do {
      try await graph.exportForNeo4j(
        writeNode: { nodes += $0 + "\n" }, writeRelationship: { relationships += $0 + "\n" })
    } catch let error as KVError where error.code == .invalidData {
      return #expect(error.message.contains("cannot hold the type"))
    }
    let copy = Graph(try await backend.store())
    try await copy.load([source(relationships), source(nodes)]) { _, _ in }
    try await expectSameRecords(copy, graph, "seed \(random.seed)")
  }

  func expectSameRecords(_ copy: Graph, _ graph: Graph, _ what: String) async throws {
    let (original, imported) = (
      try await graph.store.records(.all, page: .all), try await copy.store.records(.all, page: .all)
    )
    #expect(original.map(\.key) == imported.map(\.key), "\(what)")
    for (original, imported) in zip(original, imported) {
      #expect(
        original.type == imported.type && original.value == imported.value,
        "\(what): \(original.key): \(original.value) became \(imported.value)")
    }
  }

  @Test("cells that a spreadsheet would carry out are defused where that is asked for")
  func formulas() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(
      Edge(from: NodeReference(type: "=1+1", id: "@x"), to: NodeReference(type: "T", id: "-2"), type: "+t"))
    var lines: [String] = []
    try await graph.export(as: .csv, escapingFormulas: true) { lines.append($0) }
    #expect(lines.last == "'=1+1,'@x,T,'-2,'+t,,,")
    #expect(try await export(graph, .csv).hasSuffix("=1+1,@x,T,-2,+t,,,\n"))
  }

  @Test("a graph without edges is exported as one")
  func empty() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    #expect(try await export(graph, .json) == "{\"nodes\":[\n],\"edges\":[\n]}\n")
    #expect(try await export(graph, .jsonl).isEmpty)
    #expect(try await graph.load(source(export(graph, .json))) == ImportSummary())
  }

  @Test("a control character in a name, which XML cannot hold, is refused before anything is written")
  func controlCharacters() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let node = NodeReference(type: "T", id: "a\u{1}")
    try await graph.add(Edge(from: node, to: node, type: "t"))
    var lines = 0
    let error = await #expect(throws: KVError.self) {
      try await graph.export(as: .graphML) { _ in lines += 1 }
    }
    #expect(error?.code == .invalidData && lines == 0)
  }
}

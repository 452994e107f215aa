import KV
import TestSupport
import Testing

@testable import KVGraph

@Suite struct XMLWriterTests {
  typealias Attributes = [(name: String, value: JSON)]

  static func written(_ isGEXF: Bool, _ nodes: [ExportedNode], _ edges: [ExportedEdge], isDirected: Bool)
    throws -> String
  {
    var keys = GraphMLKeys(
      format: isGEXF ? "GEXF" : "GraphML", hasOneKeyPerName: !isGEXF, isDirected: isDirected)
    for node in nodes { try keys.note(node) }
    for edge in edges { try keys.note(edge) }
    var writer: any GraphWriter =
      isGEXF ? GEXFWriter(keys) : GraphMLWriter(keys)
    var lines = writer.start
    for node in nodes { if let line = try writer.line(for: node) { lines.append(line) } }
    lines += writer.middle
    for edge in edges { if let line = try writer.line(for: edge) { lines.append(line) } }
    return (lines + writer.end).joined(separator: "\n")
  }

  static let nodes = [
    ExportedNode(
      reference: NodeReference(type: "U", id: "a"),
      attributes: [("label", JSON("A")), ("n", JSON(1)), ("tags", JSON(elements: [JSON("x")]))]),
    ExportedNode(
      reference: NodeReference(type: "U", id: "b<"),
      attributes: [("n", JSON(trusted: "1.50")), ("ok", JSON(true)), ("label", JSON("B"))]),
  ]
  static let edges = [
    ExportedEdge(
      edge: Edge(from: nodes[0].reference, to: nodes[1].reference, type: "t"), isDirected: true,
      attributes: [("weight", JSON(2))]),
    ExportedEdge(
      edge: Edge(from: nodes[1].reference, to: nodes[0].reference, type: "t"), isDirected: false,
      attributes: []),
  ]

  @Test func graphML() throws {
    #expect(
      try Self.written(false, Self.nodes, Self.edges, isDirected: true) == #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
          <key id="nt" for="node" attr.name="type" attr.type="string"/>
          <key id="et" for="edge" attr.name="type" attr.type="string"/>
          <key id="d0" for="node" attr.name="label" attr.type="string"/>
          <key id="d1" for="node" attr.name="n" attr.type="double"/>
          <key id="d2" for="node" attr.name="tags" attr.type="string" kv.type="json"/>
          <key id="d3" for="node" attr.name="ok" attr.type="boolean"/>
          <key id="d4" for="edge" attr.name="weight" attr.type="long"/>
          <key id="d5" for="edge" attr.name="@undirected" attr.type="boolean"/>
          <graph edgedefault="directed">
            <node id="U:a"><data key="nt">U</data><data key="d0">A</data><data key="d1">1</data><data key="d2">[&quot;x&quot;]</data></node>
            <node id="U:b&lt;"><data key="nt">U</data><data key="d1">1.50</data><data key="d3">true</data><data key="d0">B</data></node>
            <edge source="U:a" target="U:b&lt;"><data key="et">t</data><data key="d4">2</data></edge>
            <edge source="U:b&lt;" target="U:a"><data key="et">t</data><data key="d5">true</data></edge>
          </graph>
        </graphml>
        """#)
  }

  @Test func gexf() throws {
    #expect(
      try Self.written(true, Self.nodes, Self.edges, isDirected: false) == #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <gexf xmlns="http://gexf.net/1.3" version="1.3">
          <graph defaultedgetype="undirected">
            <attributes class="node">
              <attribute id="type" title="type" type="string"/>
              <attribute id="0" title="label" type="string"/>
              <attribute id="1" title="n" type="double"/>
              <attribute id="2" title="@json.tags" type="string"/>
              <attribute id="3" title="ok" type="boolean"/>
            </attributes>
            <attributes class="edge">
              <attribute id="type" title="type" type="string"/>
              <attribute id="4" title="@undirected" type="boolean"/>
              <attribute id="5" title="weight" type="long"/>
            </attributes>
            <nodes>
              <node id="U:a" label="A"><attvalues><attvalue for="type" value="U"/><attvalue for="1" value="1"/><attvalue for="2" value="[&quot;x&quot;]"/></attvalues></node>
              <node id="U:b&lt;" label="B"><attvalues><attvalue for="type" value="U"/><attvalue for="1" value="1.50"/><attvalue for="3" value="true"/><attvalue for="0" value="B"/></attvalues></node>
            </nodes>
            <edges>
              <edge id="graph/edge/U/a/t/U/b%3C" source="U:a" target="U:b&lt;" kind="t" weight="2"><attvalues><attvalue for="type" value="t"/><attvalue for="4" value="false"/><attvalue for="5" value="2"/></attvalues></edge>
              <edge id="graph/edge/U/b%3C/t/U/a" source="U:b&lt;" target="U:a" kind="t"><attvalues><attvalue for="type" value="t"/></attvalues></edge>
            </edges>
          </graph>
        </gexf>
        """#)
  }

  @Test(
    "a control character in a name, which XML cannot hold, is refused before anything is written",
    arguments: [false, true])
  func controlCharacters(_ isGEXF: Bool) {
    let good = NodeReference(type: "T", id: "a")
    let bad = NodeReference(type: "T", id: "a\u{1}")
    let format = isGEXF ? "GEXF" : "GraphML"
    func message(_ nodes: [ExportedNode], _ edges: [ExportedEdge]) -> String? {
      let error = #expect(throws: KVError.self) {
        _ = try Self.written(isGEXF, nodes, edges, isDirected: true)
      }
      #expect(error?.code == .invalidData)
      return error?.message
    }
    #expect(
      message([ExportedNode(reference: bad, attributes: [])], [])
        == #"\#(format) cannot hold the control character in "T:a\u0001"; export it as json"#)
    #expect(
      message([ExportedNode(reference: good, attributes: [("n\u{0}", JSON(1))])], [])
        == #"\#(format) cannot hold the control character in "n\u0000"; export it as json"#)
    let edge = Edge(from: good, to: good, type: "\u{2}")
    #expect(message([], [ExportedEdge(edge: edge, isDirected: true, attributes: [])]) != nil)
  }

  @Test("what was written is read as the same, whatever it holds", arguments: [false, true])
  func roundTrip(_ isGEXF: Bool) throws {
    for _ in 0..<300 {
      var random = SeededRandom()
      let seed = random.seed
      let nodes = (0..<8).map { _ in
        ExportedNode(reference: reference(&random), attributes: attributes(&random))
      }
      let edges = (0..<8).map { _ in
        ExportedEdge(
          edge: Edge(from: reference(&random), to: reference(&random), type: name(&random)),
          isDirected: Bool.random(using: &random), attributes: attributes(&random))
      }
      let isDirected = Bool.random(using: &random)
      let text = try Self.written(isGEXF, nodes, edges, isDirected: isDirected)
      let size = Int.random(in: 1...2000, using: &random)
      let read = described {
        isGEXF
          ? try AnyReader(GEXFReader(chunks(text, of: size), isText: false))
          : try AnyReader(GraphMLReader(chunks(text, of: size), isText: true))
      }
      var expected: [ImportedItem] = [.directed(isDirected)]
      for node in nodes {
        expected.append(
          .node(
            ImportedNode(
              name: .id("\(node.reference)"), type: node.reference.type, attributes: node.attributes)))
      }
      for edge in edges {
        expected.append(
          .edge(
            ImportedEdge(
              from: .id("\(edge.edge.from)"), to: .id("\(edge.edge.to)"), type: edge.edge.type,
              attributes: edge.mark(unless: isDirected) + edge.attributes))
        )
      }
      let withoutLines = read.map { $0.utf8.drop { $0 != UInt8(ascii: " ") }.dropFirst() }
      for (line, item) in zip(withoutLines, expected) {
        #expect(line.elementsEqual(item.described.utf8), "seed \(seed)")
      }
      #expect(read.count == expected.count, "seed \(seed)")
    }
  }

  /// Without what XML cannot hold in names, and what comes back as an escape.
  private func name(_ random: inout SeededRandom, keepsControls: Bool = false) -> String {
    func isFit(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0xFFFE, 0xFFFF: false
      case 0x9, 0xA, 0xD: true
      default: keepsControls || scalar.value >= 0x20
      }
    }
    return String(String.UnicodeScalarView(random.text(upTo: 6).unicodeScalars.map { isFit($0) ? $0 : "x" }))
  }

  private func reference(_ random: inout SeededRandom) -> NodeReference {
    NodeReference(type: name(&random), id: name(&random))
  }

  private func attributes(_ random: inout SeededRandom) -> Attributes {
    let known = [
      "label", "id", "source", "target", "key", "weight", "parent", "labels", "labelV", "labelE", "relation",
      "kind",
      "start", "@key", "@labels", "@json.x", "n", "é", "e\u{301}", "",
    ]
    var attributes: Attributes = []
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let name = Bool.random(using: &random) ? known.randomElement(using: &random) ?? "n" : name(&random)
      if name == "type" || attributes.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) { continue }
      attributes.append((name, value(&random)))
    }
    return attributes
  }

  private func value(_ random: inout SeededRandom) -> JSON {
    let text = JSON(name(&random, keepsControls: true))
    let fixed = [
      "null", "true", "false", "0", "-0", "1.0", "1e400", "12345678901234567890", "-7", "\"\"", "\"007\"",
      "\" \"",
      "\"true\"", "\"null\"", "\"1.50\"", "[]", "{}", "{\"a\":[null,\"<&>\\n\"]}", "\":A:B\"", "\"\\u0041\"",
    ]
    return [text, text, JSON(elements: [text]), JSON(members: [("data", text)])].randomElement(using: &random)
      .flatMap {
        Bool.random(using: &random) ? $0 : fixed.randomElement(using: &random).map { JSON(trusted: $0) }
      }
      ?? text
  }
}

private struct AnyReader: GraphReader {
  var reader: any GraphReader
  init(_ reader: any GraphReader) { self.reader = reader }
  mutating func next() throws -> (item: ImportedItem, line: Int)? { try reader.next() }
}

import CExpat
import CGraphviz
import Foundation
import KV
import KVGraph
import TestSupport
import Testing

@testable import KVGraphView

@Suite(.serialized) struct DrawingTests {
  let social = Drawing(
    edges: [
      Edge(
        from: NodeReference(type: "User", id: "alice"), to: NodeReference(type: "User", id: "bob"),
        type: "follows", data: JSON("it's \"so\""))
    ], showsData: true)

  /// Whatever is marked, and however long its names are: Mermaid refuses a larger text as a whole.
  @Test(arguments: zip([1, 40], [2, 5000]))
  func mermaidFitsItsLimits(length: Int, limit: Int) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let name = String(repeating: "long ", count: length)
    func node(_ number: Int) -> NodeReference { NodeReference(type: "N", id: "\(name)\(number)") }
    let edges = (0..<510).map { Edge(from: node($0), to: node($0 + 1), type: "t") }
    let lines = edges.map { #"{"from":"\#($0.from)","to":"\#($0.to)","type":"t"}"# }
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: lines.joined(separator: "\n")))
    let excerpt = try await graph.excerpt(limit: limit)
    for highlights in [
      Highlights(), Highlights(nodes: Set((0..<510).map(node)), edges: []),
      Highlights(nodes: [], edges: Set(edges.map(\.key))),
    ] {
      let drawing = try await Drawing(
        fittingMermaid: excerpt, of: graph, limit: limit, highlights: highlights)
      #expect(drawing.edges.count <= Drawing.mermaidEdgeLimit)
      #expect(drawing.mermaid.utf16.count <= Drawing.mermaidTextLimit && !drawing.nodes.isEmpty)
    }
  }

  @Test func dotHasTheSeedsShape() {
    #expect(
      social.dot == #"""
        digraph G {
          rankdir=LR;
          node [shape=box, style=rounded];

          "User:alice";
          "User:bob";

          "User:alice" -> "User:bob" [label="follows\n\"it's \\\"so\\\"\""];
        }

        """#)
  }

  @Test("a layout that takes positions gets them, with and without a style", arguments: [nil, Style()])
  func placedNodes(_ style: Style?) throws {
    let drawing = Drawing(edges: social.edges, style: style)
    let dot = Drawing.Plan(drawing, by: .force).dot
    #expect(dot.matches(of: /pos="-?[0-9.]+,-?[0-9.]+"/).count == 2, "\(dot)")
    #expect(Drawing(edges: social.edges, style: style).dot.contains("pos=") == false)
  }

  @Test func mermaidEscapes() {
    #expect(
      social.mermaid == ##"""
        flowchart LR
          %% kv view
          n1["User:alice"]
          n2["User:bob"]
          n1 -->|"follows<br/>#quot;it's #92;#quot;so#92;#quot;#quot;"| n2

        """##)
    #expect("#<>&|`\u{0}\\".visible.mermaidLabel == "#35;#lt;#gt;#amp;#124;#96;\u{FFFD}#92;")
    #expect("a direction TB $%".visible.mermaidLabel == "a #100;irection TB #36;#37;")
    #expect("style x:#a".visible.mermaidLabel == "style x#58;#35;a")
  }

  static func style(_ random: inout SeededRandom) throws -> Style {
    var style = Style()
    style.theme = Style.Theme.allCases.randomElement(using: &random) ?? .light
    style.title = random.text(upTo: 10)
    style.clusters = Bool.random(using: &random)
    style.merges = Bool.random(using: &random)
    style.width = Bool.random(using: &random) ? "n" : nil
    style.edgeLabel =
      [
        nil, .type, .data, .hidden, .template(try Template("{type}\\n{n} {data}")),
      ].randomElement(using: &random) ?? nil
    style.nodeLabel = Bool.random(using: &random) ? try Template("{id}\\n{name}") : nil
    style.direction = [nil, .topToBottom, .rightToLeft].randomElement(using: &random) ?? nil
    style.showsLegend = Bool.random(using: &random)
    style.link = Bool.random(using: &random) ? "home" : nil
    return style
  }

  /// A drawing of hostile text with whatever a drawing may have.
  static func hostileDrawing(_ random: inout SeededRandom, style: Style?, count: ClosedRange<Int> = 1...6)
    -> Drawing
  {
    let edges = HostileGraph.edges(&random, count: count)
    var style = style
    let nodes = edges.flatMap { [$0.from, $0.to] }
    for node in nodes where Bool.random(using: &random) {
      style?.shapes[node.type] = NodeShape.allCases.randomElement(using: &random)
    }
    let home = ["https://ex.org/", "javascript:", "mailto:a@b?", "https://\"><script>alert(1)</script>"]
    let attributes = JSON(members: [
      ("name", JSON(random.text(upTo: 40))),
      ("home", JSON((home.randomElement(using: &random) ?? "") + random.text(upTo: 9))),
    ])
    return Drawing(
      edges: edges, types: Bool.random(using: &random) ? nodes.map(\.type) : [], notice: random.text(upTo: 5),
      style: style, showsData: Bool.random(using: &random), attributes: [nodes[0]: attributes],
      hidden: [nodes[0]: Int.random(in: 0...3, using: &random)])
  }

  @Test("what is read after a drawing has its attributes in the order of the file all the same")
  func attributesAfterDrawing() async throws {
    _ = try Graphviz.render(dot: "digraph { a }", format: .svg, layout: .dot)
    for (text, attributes) in [
      ("digraph { a [id=1, label=2] }", #"{"id":1,"label":2}"#),
      ("digraph { a [label=2, id=1] }", #"{"label":2,"id":1}"#),
      ("digraph { label=g a -> b [label=e]\n a [id=1]\n a [label=2] }", #"{"id":1,"label":2}"#),
      ("graph { edge [label=e] node [id=1] a [size=3, label=2] }", #"{"id":1,"size":3,"label":2}"#),
    ] {
      let graph = Graph(try await TestBackend.sqlite.store())
      _ = try await graph.load(ImportSource(name: "a.dot", text: text))
      let record = try await graph.store.records(.prefix("node/"), page: .all).first
      #expect(record?.value.text == attributes, "\(text)")
    }
  }

  @Test("whatever the text, libcgraph reads the same nodes, edges and labels")
  func dotParsesBack() throws {
    var random = SeededRandom()
    for number in 0..<2000 {
      let drawing = Self.hostileDrawing(
        &random, style: number % 2 == 0 ? nil : try Self.style(&random))
      let read = try #require(Parsed(dot: drawing.dot), "seed \(random.seed)")
      #expect(read.nodes.sorted() == drawing.nodes.map(\.label.visible).sorted(), "seed \(random.seed)")
      let expected = drawing.links.map { link in
        [drawing.nodes[link.from].label.visible, drawing.nodes[link.to].label.visible, link.label.visible]
      }
      #expect(Set(read.edges) == Set(expected) && read.edges.count == expected.count, "seed \(random.seed)")
    }
  }

  /// Graphviz reads labels twice, and tooltips once more.
  @Test(arguments: [Graphviz.Layout.dot, .force, .neato])
  func backslashesAreDrawnAsTheyAre(_ layout: Graphviz.Layout) throws {
    let texts = [#"C:\New\games\Lib\"#, #"\\server\T"#, #"a\Eb\Hc\Gd\\N&e"#, #"\"#]
    for text in texts {
      let edge = Edge(
        from: NodeReference(type: "N", id: text), to: NodeReference(type: "N", id: "b"), type: text)
      var style = Style()
      style.title = text
      let other = Edge(from: edge.to, to: edge.from, type: "t")
      let drawing = Drawing(edges: [edge, other], style: style)
      let svg = try Graphviz.render(dot: Drawing.Plan(drawing, by: layout).dot, format: .svg, layout: layout)
      func texts(of tag: String) -> [String] {
        String(decoding: svg, as: UTF8.self).components(separatedBy: "<\(tag)").dropFirst().map {
          String($0.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }).replacing("&#45;", with: "-")
            .replacing("&gt;", with: ">").replacing(
              "&#160;", with: " "
            )
            .replacing("&amp;", with: "&")
        }
      }
      // The title, the nodes, and the edge's type; their tooltips.
      #expect(texts(of: "text").count { $0 == text } == 3, "\(texts(of: "text"))")
      #expect(Set(texts(of: "title")).isSuperset(of: ["N:\(text)", "\(edge)"]), "\(texts(of: "title"))")
    }
  }

  /// As those of a cycle, of which only the nodes are known.
  @Test func edgesBetweenMarkedNodesDoNotFade() throws {
    let nodes = ["a", "b", "c"].map { NodeReference(type: "N", id: $0) }
    let edges = [(0, 1), (1, 2)].map { Edge(from: nodes[$0.0], to: nodes[$0.1], type: "t") }
    let style = Style()
    let faded = "color=\"\(Palette(style.theme).faded)\""
    for (marked, count) in [
      (Highlights(nodes: [nodes[0], nodes[1]], edges: []), 1),
      (Highlights(nodes: Set(nodes), edges: [edges[0].key]), 1),
    ] {
      let drawing = Drawing(edges: edges, style: style, highlights: marked)
      let lines = Drawing.Plan(drawing, by: .dot).dot.split(separator: "\n").filter { $0.contains("->") }
      #expect(lines.count == 2 && lines.count { $0.contains(faded) } == count, "\(lines)")
      #expect(!lines[0].contains(faded))
    }
  }

  /// Graphviz's lexer holds 16,384 bytes of one text.
  @Test func textsOfAnyLengthAreDrawn() throws {
    let long = String(repeating: "k\\\"", count: 10_000)
    let edge = Edge(
      from: NodeReference(type: "N", id: long), to: NodeReference(type: "N", id: "b"), type: long,
      data: JSON(long))
    let drawing = Drawing(edges: [edge], showsData: true)
    for dot in [drawing.dot, Drawing.Plan(drawing, by: .dot).dot] {
      #expect(try !Graphviz.render(dot: dot, format: .svg, layout: .dot).isEmpty)
    }
  }

  @Test("an SVG of hostile text is well-formed, and names and runs nothing")
  func svgIsHarmless() throws {
    var random = SeededRandom()
    for _ in 0..<2000 {
      let drawing = Self.hostileDrawing(&random, style: try Self.style(&random), count: 1...3)
      let layout: Graphviz.Layout = Int.random(in: 0..<4, using: &random) == 0 ? .force : .dot
      var plan = Drawing.Plan(drawing, by: layout)
      plan.hasHeader = Bool.random(using: &random)
      let svg = try Graphviz.render(dot: plan.dot, format: .svg, layout: layout)
      let tags = try SVGTags(svg)
      #expect(
        tags.names.isSubset(of: ["svg", "g", "a", "title", "text", "polygon", "polyline", "path", "ellipse"]),
        "\(tags.names), seed \(random.seed)")
      #expect(
        tags.attributes.allSatisfy {
          !$0.hasPrefix("on") && (drawing.style?.link != nil || !$0.hasSuffix("href"))
        },
        "seed \(random.seed)")
      let text = String(decoding: svg, as: UTF8.self)
      for link in text.components(separatedBy: "href=\"").dropFirst() {
        #expect(
          ["https://", "mailto:a@b?"].contains { link.hasPrefix($0) },
          "\(link.prefix(40)), seed \(random.seed)")
      }
      // By their bytes: what follows may be a mark that is one character with what stands before it.
      #expect(!svg.contains("<!".utf8) && svg.contains("<title>".utf8), "seed \(random.seed)")
    }
  }

  @Test("a page of hostile text holds it as data, and no other script than its own")
  func pageIsHarmless() throws {
    var random = SeededRandom()
    for _ in 0..<2000 {
      var style = Style()
      style.title = "</title><script>alert(1)</script>" + random.text(upTo: 5)
      let drawing = Drawing(edges: HostileGraph.edges(&random), style: style)
      let page = String(decoding: drawing.page(around: Array("<svg></svg>".utf8)), as: UTF8.self)
      #expect(page.components(separatedBy: "<script").count == 3, "seed \(random.seed)")
      let start = try #require(page.range(of: "id=\"graph\">"))
      let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
      let data = try JSON(parsing: String(page[start.upperBound..<end.lowerBound]))
      let names = data["nodes"]?.elements?.compactMap { $0["name"]?.string } ?? []
      #expect(names == drawing.nodes.map { "\($0.reference)".visible }, "seed \(random.seed)")
      let values = data["edges"]?.elements?.compactMap { $0["edges"]?.elements?.first?["data"]?.string } ?? []
      #expect(values == drawing.edges.compactMap { $0.data?.pretty }, "seed \(random.seed)")
      #expect(page.utf8.count < 30_000 + data.text.utf8.count * 6)
    }
  }

  @Test("pictures of hostile text are drawn, and are what they say")
  func renders() throws {
    var random = SeededRandom()
    let edges = (0..<5).map { number in
      Edge(
        from: NodeReference(type: "T", id: random.text(upTo: 12)),
        to: NodeReference(type: "T", id: "\(number)"), type: "t", data: JSON(random.text(upTo: 12)))
    }
    let dot = Drawing(edges: edges.sorted { $0.key < $1.key }).dot
    let png = try Graphviz.render(dot: dot, format: .png, layout: .dot)
    #expect(png.starts(with: [0x89] + "PNG".utf8), "seed \(random.seed)")
    let pdf = try Graphviz.render(dot: dot, format: .pdf, layout: .sfdp)
    #expect(pdf.starts(with: "%PDF".utf8), "seed \(random.seed)")
    // Whenever it is drawn.
    #expect(pdf.firstRange(of: Array("/CreationDate (D:19700101000000Z)".utf8)) != nil)
    let svg = try Graphviz.render(dot: dot, format: .svg, layout: .dot)
    #expect(String(decoding: svg, as: UTF8.self).contains("</svg>"), "seed \(random.seed)")
    #expect(throws: KVError.self) { try Graphviz.render(dot: "digraph {", format: .svg, layout: .dot) }
  }

  @Test func numbersOfAnySizeGiveWidthsAndSizes() throws {
    let texts = ["1e400", "-1e400", "1e308", "-1e308", "0", "\"no number\""]
    let edges = try texts.enumerated().map { number, text in
      Edge(
        from: NodeReference(type: "A", id: "\(number)"), to: NodeReference(type: "A", id: "x"), type: "t",
        data: try JSON(parsing: "{\"w\":\(text)}"))
    }
    var style = Style()
    style.width = "w"
    let scores = texts.enumerated().map { "{\"node\":\"A:\($0)\",\"score\":\($1)}" }.dropLast().joined(
      separator: ",")
    let drawing = Drawing(
      edges: edges, style: style, highlights: try Highlights(JSON(parsing: "[\(scores)]")))
    #expect(drawing.links.map(\.width) == [1, 0, 1, 0, 0.5, 0])
    #expect(drawing.nodes.compactMap(\.size).map { ($0 * 10).rounded() } == [10, 2, 10, 2, 6, 0, 0])
    // One alone stands out, and where all have the same none does.
    let one = try Highlights(JSON(parsing: #"[{"node":"A:0","score":5}]"#))
    #expect(
      Drawing(edges: edges, style: style, highlights: one).nodes.compactMap(\.size).filter { $0 > 0 } == [1])
    let same = (["x"] + texts.indices.map { "\($0)" }).map { "{\"node\":\"A:\($0)\",\"score\":5}" }
    let all = try Highlights(JSON(parsing: "[\(same.joined(separator: ","))]"))
    #expect(Drawing(edges: edges, style: style, highlights: all).nodes.allSatisfy { $0.size == nil })
    #expect(Parsed(dot: drawing.dot) != nil)
  }

  @Test func longDataIsCutAndKeptInTheTooltip() {
    let long = String(repeating: "👩‍👩‍👧", count: 100)
    let edge = Edge(
      from: NodeReference(type: "A", id: "1"), to: NodeReference(type: "A", id: "2"), type: "t",
      data: JSON(long))
    let drawing = Drawing(edges: [edge], showsData: true)
    let data = drawing.links[0].label.split(separator: "\n")[1]
    #expect(data.count == 60 && data.hasSuffix("👩‍👩‍👧…"))
    #expect(drawing.dot.contains("tooltip=\"\\\"" + long))
    #expect(Drawing(edges: [edge]).links[0].label == "t")
    #expect(("e" + String(repeating: "\u{301}", count: 100_000)).cut(to: 60).unicodeScalars.count < 500)
  }

}

/// What libcgraph understands of a DOT text, labels read as Graphviz reads them.
private struct Parsed {
  var nodes: [String] = []
  var edges: [[String]] = []

  init?(dot: String) {
    // Other tests read and draw at the same time.
    guard let parsed = GraphvizLock.mutex.withLock({ _ in Parsed(reading: dot) }) else { return nil }
    self = parsed
  }

  private init?(reading dot: String) {
    guard let graph = agmemread(dot) else { return nil }
    defer { agclose(graph) }
    var names: [OpaquePointer: String] = [:]
    var node = agfstnode(graph)
    while let current = node {
      let name = String(cString: agnameof(current))
      let label = Self.attribute("label", of: current)
      let text = Self.text(label == "\\N" || label.isEmpty ? name : label)
      names[OpaquePointer(current)] = text
      nodes.append(text)
      node = agnxtnode(graph, current)
    }
    node = agfstnode(graph)
    while let current = node {
      var edge = agfstout(graph, current)
      while let out = edge {
        let head = out.pointee.node.map { names[OpaquePointer($0)] ?? "" } ?? ""
        edges.append([names[OpaquePointer(current)] ?? "", head, Self.text(Self.attribute("label", of: out))])
        edge = agnxtout(graph, out)
      }
      node = agnxtnode(graph, current)
    }
  }

  private static func attribute(_ name: String, of object: UnsafeMutableRawPointer) -> String {
    name.withCString { agget(object, UnsafeMutablePointer(mutating: $0)) }.map { String(cString: $0) } ?? ""
  }

  /// escString and entities, undone.
  private static func text(_ label: String) -> String {
    var result = ""
    var rest = Substring(label)
    while let character = rest.unicodeScalars.popFirst() {
      if character == "\\", let next = rest.unicodeScalars.popFirst() {
        result.unicodeScalars.append(next == "n" ? "\n" : next)
      } else if character == "&", rest.unicodeScalars.starts(with: "amp;".unicodeScalars) {
        rest.unicodeScalars.removeFirst(4)
        result += "&"
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

/// The elements and attributes of an XML text; throws where it is not well-formed.
private final class SVGTags {
  var names: Set<String> = []
  var attributes: Set<String> = []

  init(_ xml: [UInt8]) throws {
    let parser = try #require(XML_ParserCreate(nil))
    defer { XML_ParserFree(parser) }
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let data, let name else { return }
        let tags = Unmanaged<SVGTags>.fromOpaque(data).takeUnretainedValue()
        tags.names.insert(String(cString: name))
        var next = attributes
        while let attribute = next, let name = attribute.pointee {
          tags.attributes.insert(String(cString: name))
          next = attribute + 2
        }
      }, { _, _ in })
    let status = xml.withUnsafeBytes {
      XML_Parse(parser, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), 1)
    }
    let line = Int(XML_GetCurrentLineNumber(parser))
    let text = String(decoding: xml, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    try #require(status == XML_STATUS_OK, "\(text[max(0, line - 1)])")
  }
}

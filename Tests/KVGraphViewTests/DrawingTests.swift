import CGraphviz
import KV
import KVGraph
import TestSupport
import Testing

@testable import KVGraphView

@Suite(.serialized) struct DrawingTests {
  let social = Drawing(edges: [
    Edge(
      from: NodeReference(type: "User", id: "alice"), to: NodeReference(type: "User", id: "bob"),
      type: "follows", data: JSON("it's \"so\""))
  ])

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

  @Test func mermaidEscapes() {
    #expect(
      social.mermaid == ##"""
        flowchart LR
          n1["User:alice"]
          n2["User:bob"]
          n1 -->|"follows<br/>#quot;it's \#quot;so\#quot;#quot;"| n2

        """##)
    #expect(Drawing.mermaidLabel("#<>&|`\u{0}") == "#35;#lt;#gt;#amp;#124;#96;\u{FFFD}")
  }

  @Test("whatever the text, libcgraph reads the same nodes, edges and labels")
  func dotParsesBack() throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      var edges: [String: Edge] = [:]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let texts = (0..<6).map { _ in random.text(upTo: 10) }
        let edge = Edge(
          from: NodeReference(type: texts[0], id: texts[1]), to: NodeReference(type: texts[2], id: texts[3]),
          type: texts[4], data: Bool.random(using: &random) ? JSON(texts[5]) : nil)
        edges[edge.key] = edge
      }
      let drawing = Drawing(edges: edges.values.sorted { $0.key < $1.key }, notice: random.text(upTo: 5))
      let read = try #require(Parsed(dot: drawing.dot), "seed \(random.seed)")
      #expect(read.nodes == drawing.nodes.map { "\($0)".visible }, "seed \(random.seed)")
      let expected = drawing.edges.map { edge in
        ["\(edge.from)".visible, "\(edge.to)".visible, edge.labelLines().joined(separator: "\n").visible]
      }
      #expect(Set(read.edges) == Set(expected) && read.edges.count == expected.count, "seed \(random.seed)")
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
    let svg = try Graphviz.render(dot: dot, format: .svg, layout: .dot)
    #expect(String(decoding: svg, as: UTF8.self).contains("</svg>"), "seed \(random.seed)")
    #expect(throws: KVError.self) { try Graphviz.render(dot: "digraph {", format: .svg, layout: .dot) }
  }

  @Test func longDataIsCutAndKeptInTheTooltip() {
    let long = String(repeating: "👩‍👩‍👧", count: 100)
    let edge = Edge(
      from: NodeReference(type: "A", id: "1"), to: NodeReference(type: "A", id: "2"), type: "t",
      data: JSON(long))
    #expect(edge.labelLines()[1].count == 60)
    #expect(edge.labelLines()[1].hasSuffix("👩‍👩‍👧…"))
    #expect(Drawing(edges: [edge]).dot.contains("tooltip=\"\\\"" + long))
  }
}

/// What libcgraph understands of a DOT text, labels read as Graphviz reads them.
private struct Parsed {
  var nodes: [String] = []
  var edges: [[String]] = []

  init?(dot: String) {
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

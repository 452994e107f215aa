import KV
import TestSupport
import Testing

@testable import KVGraph

private func read(_ text: String, chunk: Int = .max, isText: Bool = false) throws -> [String] {
  try lines(of: { try DOTReader($0, isText: isText) }, Array(text.utf8), chunk: chunk).map {
    String($0.dropFirst(2))
  }
}

private func failure(_ bytes: [UInt8]) -> String {
  do {
    return try "\(lines(of: { try DOTReader($0, isText: false) }, bytes, chunk: .max))"
  } catch {
    return "\(error)"
  }
}

@Suite struct DOTReaderTests {
  static let samples: [(text: String, items: [String])] = [
    ("digraph { a -> b -> c }", ["directed", "node a", "node b", "node c", "edge a -> b", "edge b -> c"]),
    (
      "strict graph G { z -- y; y -- z; a }",
      ["undirected", "node z", "node y", "node a", "edge z -- y"].map {
        $0.replacing("z -- y", with: "z -> y")
      }
    ),
    (
      "digraph { node [color=red]; a; b [color=blue size=5 label=\"\\N\"]; edge [weight=2]; a -> b [weight=1.5 zip=\"01\"]; b -> a }",
      [
        "directed", "node a {color=\"red\"}", "node b {color=\"blue\" size=5}",
        "edge a -> b {weight=1.5 zip=\"01\"}", "edge b -> a {weight=2}",
      ]
    ),
    (
      "digraph { a [label=<x &amp; <b>y</b><br/>z>]; a:p:n -> b:q [key=k1 type=calls label=calls]; b -> a [key=k2, label=x, relation=r] }",
      [
        "directed", #"node a {label="x & y\nz"}"#, "node b", "ignored port", "ignored port",
        #"edge a -> b :calls id k1 {key="k1"}"#, #"edge b -> a :r id k2 {label="x" key="k2"}"#,
      ]
    ),
    (
      "digraph { rankdir=LR; owner=me; subgraph cluster_x { label=X; team=t; a; { b } subgraph y { c } } d }",
      [
        "directed", "ignored attribute owner of the graph", "ignored attribute team of a subgraph",
        #"ignored attribute team of a subgraph"#, #"ignored attribute team of a subgraph"#,
        "ignored the subgraph around another", #"node a {cluster="X"}"#, #"node b {cluster="X"}"#,
        #"node c {cluster="X"}"#, "node d",
      ]
    ),
    (
      "digraph { subgraph cluster_1 { label=B; subgraph cluster_2 { label=<<b>D</b>B>; c } d } subgraph same { rank=same; c; a } subgraph cluster_3 { label=B; e } label=All; subgraph cluster_4 { f } subgraph { a } }",
      [
        "directed", "ignored attribute label of the graph", "ignored the subgraph around another",
        #"node c {cluster="DB"}"#, #"node d {cluster="cluster_1"}"#, #"node a {cluster="same"}"#,
        #"node e {cluster="cluster_3"}"#, #"node f {cluster="cluster_4"}"#,
      ]
    ),
    (
      "digraph { a [x=1] } graph { a [y=2]; a -- b } digraph { b -> c }",
      [
        "directed", "node a {x=1 y=2}", "undirected", "node b", "edge a -> b", "directed", "node c",
        "edge b -> c",
      ]
    ),
    (
      #"digraph { a [type=User, age=5]; b [type=5]; c [type="" id="x"]; a -> b [id=7] }"#,
      [
        "directed", "node a :User {age=5}", "node b {type=5}", #"node c {id="x"}"#, "edge a -> b id 7 {id=7}",
      ]
    ),
    // terraform graph
    (
      "digraph {\n\tcompound = \"true\"\n\tnewrank = \"true\"\n\tsubgraph \"root\" {\n\t\t\"[root] aws_vpc.a (expand)\" [label = \"aws_vpc.a\", shape = \"box\"]\n\t\t\"[root] provider[\\\"registry.terraform.io/hashicorp/aws\\\"]\" [shape = \"diamond\"]\n\t\t\"[root] aws_vpc.a (expand)\" -> \"[root] provider[\\\"registry.terraform.io/hashicorp/aws\\\"]\"\n\t}\n}\n",
      [
        "directed", #"node [root] aws_vpc.a (expand) {label="aws_vpc.a" shape="box" cluster="root"}"#,
        #"node [root] provider["registry.terraform.io/hashicorp/aws"] {shape="diamond" cluster="root"}"#,
        #"edge [root] aws_vpc.a (expand) -> [root] provider["registry.terraform.io/hashicorp/aws"]"#,
      ]
    ),
    // bazel query --output graph
    (
      "digraph mygraph {\n  node [shape=box];\n  \"//a:b\\n//c:d\"\n  \"//a:b\\n//c:d\" -> \"//e:f\"\n  \"//e:f\"\n}\n",
      [
        "directed", #"node //a:b\n//c:d {shape="box"}"#, #"node //e:f {shape="box"}"#,
        #"edge //a:b\n//c:d -> //e:f"#,
      ]
    ),
    // doxygen
    (
      "digraph \"a.cpp\"\n{\n // LATEX_PDF_SIZE\n  bgcolor=\"transparent\";\n  edge [fontname=Helvetica,fontsize=10,labelfontname=Helvetica,labelfontsize=10];\n  node [shape=box,height=0.2];\n  Node1 [label=\"a.cpp\",tooltip=\" \"];\n  Node1 -> Node2 [id=\"edge1\",dir=\"back\"];\n  Node2 [label=\"ns::\\lfoo\\l\",URL=\"$a.html#x\"];\n}\n",
      [
        "directed", #"node Node1 {shape="box" height=0.2 label="a.cpp" tooltip=" "}"#,
        #"node Node2 {shape="box" height=0.2 label="ns::\nfoo" URL="$a.html#x"}"#,
        #"edge Node1 -> Node2 id edge1 {fontname="Helvetica" fontsize=10 labelfontname="Helvetica" labelfontsize=10 id="edge1" dir="back"}"#,
      ]
    ),
    // LLVM
    (
      "digraph \"CFG for 'main' function\" {\n\tlabel=\"CFG for 'main' function\";\n\n\tNode0x55 [shape=record,color=\"#b70d28ff\",label=\"{entry:\\l  %x = icmp slt i32 %a, 1\\l|{<s0>T|<s1>F}}\"];\n\tNode0x55:s0 -> Node0x66;\n}\n",
      [
        "directed", "ignored attribute label of the graph",
        ##"node Node0x55 {shape="record" color="#b70d28ff" label="{entry:\n  %x = icmp slt i32 %a, 1\n|{<s0>T|<s1>F}}"}"##,
        "node Node0x66", "ignored port", "edge Node0x55 -> Node0x66",
      ]
    ),
    // NetworkX and pydot
    (
      "strict digraph  {\n1;\n2 [color=blue];\n1 -> 2  [key=0, weight=\"0.5\"];\n}\n",
      ["directed", "node 1", #"node 2 {color="blue"}"#, "edge 1 -> 2 id 0 {weight=0.5}"]
    ),
    // pydeps
    (
      "digraph G {\n    concentrate = true;\n    rankdir = TB;\n    node [style=filled,fillcolor=\"#ffffff\",fontcolor=\"#000000\",fontname=Helvetica,fontsize=10];\n    a_b [fillcolor=\"#a65959\",fontcolor=\"#ffffff\",label=\"a\\.b\"];\n    a_b -> c [fillcolor=\"#a65959\",minlen=\"2\"];\n}\n",
      [
        "directed",
        ##"node a_b {style="filled" fillcolor="#a65959" fontcolor="#ffffff" fontname="Helvetica" fontsize=10 label="a\\.b"}"##,
        ##"node c {style="filled" fillcolor="#ffffff" fontcolor="#000000" fontname="Helvetica" fontsize=10}"##,
        ##"edge a_b -> c {fillcolor="#a65959" minlen=2}"##,
      ]
    ),
  ]

  @Test(arguments: samples.indices, [1, 7, .max]) func readsWhatProgramsWrite(_ index: Int, chunk: Int) throws
  {
    let items = try read(Self.samples[index].text, chunk: chunk)
    #expect(items == Self.samples[index].items)
  }

  @Test func textStaysTextOnDemand() throws {
    #expect(try read("digraph{a[n=5]}", isText: true) == ["directed", #"node a {n="5"}"#])
  }

  /// Graphviz's own lexer holds 16,384 bytes of one.
  @Test func textsMayBeOfAnyLength() throws {
    for unit in ["k", "é\\\"", "a\\\\\\\\", "\n.", "x\ty"] {
      let text = String(repeating: unit, count: 40_000 / unit.utf8.count)
      let items = try read("digraph{/* \"k \" */ a [n=\"\(text)\"]; \"\(text)\" -> a}")
      let plain = text.replacing("\\\"", with: "\"")
      #expect(items.count == 4 && items[1].utf8.count == JSON(plain).text.utf8.count + 11, "\(unit)")
      #expect(items[3].hasPrefix("edge \(plain.prefix(100))"), "\(unit)")
    }
  }

  @Test func readsLatin1ThatSaysSo() throws {
    let bytes = Array("digraph { charset=latin1; caf".utf8) + [0xE9] + Array(" }".utf8)
    #expect(failure(bytes) == #"["1 directed", "1 node café"]"#)
  }

  @Test func anUnquotedNameMayBeUTF8() throws { #expect(try read("graph{é--ü}").last == "edge é -> ü") }

  static let bad: [(text: String, error: String)] = [
    ("digraph {\n a -> }", "line 2, column 1: as DOT: syntax error near '}'"),
    ("digraph {\n a -- b }", "line 2, column 1: as DOT: syntax error near '--'"),
    ("digraph {\n a -> b", "line 2, column 1: as DOT: the file ends inside a graph"),
    ("digraph { a [x=\"abc", "line 1, column 1: as DOT: the file ends inside a quoted text"),
    (
      "digraph { a [x=<abc",
      "line 1, column 1: as DOT: an HTML label has no end, or is longer than the 16,384 bytes that Graphviz reads"
    ),
    ("digraph { /* abc", "line 1, column 1: as DOT: the file ends inside a comment"),
    ("", "line 1, column 1: as DOT: the file holds no graph"),
    ("// none\n", "line 1, column 1: as DOT: the file holds no graph"),
    ("hello", "line 1, column 1: as DOT: syntax error near 'hello'"),
    ("digraph { a } @ digraph { b }", "line 1, column 1: as DOT: syntax error near '@'"),
    (
      "digraph {\n 12ab -> c }",
      "line 2, column 1: as DOT: syntax ambiguity - badly delimited number '12a' splits into two tokens"
    ),
    ("digraph { a\n\u{0} }", "line 2, column 1: a NUL character, which DOT cannot hold"),
  ]

  @Test(arguments: bad.indices) func saysWhatIsWrong(_ index: Int) {
    #expect(failure(Array(Self.bad[index].text.utf8)) == Self.bad[index].error)
    // What the scanner had left over is gone.
    #expect(failure(Array("digraph{x}".utf8)) == #"["1 directed", "1 node x"]"#)
  }

  @Test func refusesTextThatIsNoUTF8() {
    #expect(
      failure(Array("digraph {\ncaf".utf8) + [0xE9] + Array("}".utf8))
        == "line 2, column 1: as DOT: text that is not UTF-8, and no charset=latin1")
  }

  @Test func noHalfFileDoesHarm() {
    for (text, _) in Self.samples {
      let bytes = Array(text.utf8)
      for count in bytes.indices { _ = failure(Array(bytes[..<count])) }
    }
    #expect(failure(Array("digraph{x}".utf8)) == #"["1 directed", "1 node x"]"#)
  }

  static let bombs: [(String, String)] = [
    (String(repeating: "{", count: 1_000_000), "a chain of edges is longer"),
    ((0..<100_000).map { "a\($0)" }.joined(separator: " -> "), "a chain of edges is longer"),
    (String(repeating: "{a->", count: 100_000), "a chain of edges is longer"),
    (
      "{" + (0..<10_000).map { "a\($0) " }.joined() + "} -> {" + (0..<10_000).map { "b\($0) " }.joined()
        + "}",
      "edges between groups of nodes come to more than 5000000"
    ),
    (
      "subgraph A {" + (0..<3000).map { "a\($0) " }.joined() + "} subgraph A -> subgraph A -> subgraph A",
      "edges between groups of nodes come to more than 5000000"
    ),
    (
      (0..<3000).map { "a\($0)" }.joined(separator: ",") + " -> "
        + (0..<3000).map { "b\($0)" }.joined(separator: ","),
      "edges between groups of nodes come to more than 5000000"
    ),
    (
      String(repeating: "{", count: 1000) + (0..<100_000).map { "a\($0);" }.joined()
        + String(repeating: "}", count: 1000),
      "subgraphs inside of one another"
    ),
    ((0..<50_000).map { "n\($0)[a\($0)=1]" }.joined(separator: ";"), "different attributes are too many"),
    (String(repeating: "{}", count: 1_000_000), "more than 625000 subgraphs"),
  ]

  @Test(arguments: bombs.indices) func refusesWhatWouldTakeTooMuchMemory(_ index: Int) {
    #expect(failure(Array("digraph {\(Self.bombs[index].0)}".utf8)).contains(Self.bombs[index].1))
  }

  @Test func readsWhatGraphvizReads() throws {
    let chain = (0..<2300).map { "a\($0)" }.joined(separator: " -> ")
    #expect(try read("digraph { \(chain) }").count == 1 + 2300 + 2299)
    let deep = String(repeating: "{", count: 2300) + "a" + String(repeating: "}", count: 2300)
    #expect(try read("digraph { \(deep) }") == ["directed", "node a"])
    #expect(try read("digraph { {a b} -> {c d e} }").count == 1 + 5 + 6)
  }
}

@Suite struct DOTWriterTests {
  @Test func writesForPeople() throws {
    var writer = DOTWriter(isDirected: true)
    let (alice, bob) = (NodeReference(type: "User", id: "alice"), NodeReference(type: "User", id: "b\"\\"))
    var edge = Edge(from: alice, to: bob, type: "follows")
    var text = writer.start
    text += [
      try writer.line(
        for: ExportedNode(reference: alice, attributes: [("age", JSON(5)), ("a b", JSON("x\"y"))])) ?? "",
      try writer.line(for: ExportedNode(reference: bob, attributes: [("a b", JSON("z")), ("age", JSON(6))]))
        ?? "",
      try writer.line(for: ExportedEdge(edge: edge, attributes: [("since", JSON("2020"))])) ?? "",
    ]
    edge.isDirected = false
    text.append(
      try writer.line(for: ExportedEdge(edge: edge, attributes: [("label", JSON("follows"))])) ?? "")
    text += writer.end
    #expect(
      text == [
        "digraph {",
        #"  "User:alice" [type="User", age="5", "a b"="x\"y"];"#,
        #"  "@json.\"User:b\\\"\\\\\"" [type="User", "a b"="z", age="6", "@attributes"="{\"a b\":\"z\",\"age\":6}"];"#,
        #"  "User:alice" -> "@json.\"User:b\\\"\\\\\"" [type="follows", label="follows", "@json.since"="\"2020\""];"#,
        #"  "User:alice" -> "@json.\"User:b\\\"\\\\\"" [type="follows", label="follows", "@undirected"="true", "@json.label"="\"follows\""];"#,
        "}",
      ])
  }

  @Test(arguments: [true, false]) func whatItWritesComesBack(_ isDirected: Bool) throws {
    let random = SeededRandom()
    var elements = HostileElements(random: random, reserved: ["type", "key", "headport", "tailport"])
    for _ in 0..<40 {
      var writer = DOTWriter(isDirected: isDirected)
      var text = writer.start
      var expected = [isDirected ? "directed" : "undirected"]
      var nodes: [NodeReference] = []
      for _ in 0..<12 {
        let node = elements.reference()
        if nodes.contains(node) { continue }
        nodes.append(node)
        let attributes = elements.attributes(upTo: 6)
        text.append(try writer.line(for: ExportedNode(reference: node, attributes: attributes)) ?? "")
        expected.append(
          describe(.node(ImportedNode(name: .id("\(node)"), type: node.type, attributes: attributes))))
      }
      for _ in 0..<12 {
        guard let from = nodes.randomElement(using: &elements.random),
          let to = nodes.randomElement(using: &elements.random)
        else { continue }
        var edge = Edge(
          from: from, to: to, type: Bool.random(using: &elements.random) ? "e" : elements.random.text(upTo: 6)
        )
        edge.isDirected = isDirected
        var attributes = elements.attributes(upTo: 6)
        attributes.removeAll { $0.name == "id" }
        text.append(try writer.line(for: ExportedEdge(edge: edge, attributes: attributes)) ?? "")
        expected.append(
          describe(
            .edge(
              ImportedEdge(from: .id("\(from)"), to: .id("\(to)"), type: edge.type, attributes: attributes))))
      }
      text += writer.end
      let bytes = Array(text.joined(separator: "\n").utf8)
      var rest = bytes[...]
      var reader = try DOTReader(
        {
          defer { rest = [] }
          return Array(rest)
        }, isText: false)
      var found: [String] = []
      while let (item, _) = try reader.next() { found.append(describe(expanded(item))) }
      #expect(found.count == expected.count, "seed \(random.seed)")
      for (found, expected) in zip(found, expected) where !found.utf8.elementsEqual(expected.utf8) {
        Issue.record("seed \(random.seed):\n\(found.debugDescription)\n\(expected.debugDescription)")
      }
    }
  }

  /// What becomes of `@attributes` later.
  private func expanded(_ item: ImportedItem) -> ImportedItem {
    func expand(_ attributes: [(name: String, value: JSON)]) -> [(name: String, value: JSON)] {
      guard let whole = attributes.first(where: { $0.name == "@attributes" })?.value else {
        return attributes
      }
      // What other programs read stands there too.
      let parts = attributes.filter { !$0.name.hasPrefix("@") }
      #expect(ExportedAttributes.isWhole(whole, of: parts))
      return attributes.filter { $0.name.hasPrefix("@") }
        .flatMap { $0.name == "@attributes" ? whole.members ?? [] : [$0] }
    }
    switch item {
    case .node(var node):
      node.attributes = expand(node.attributes)
      return .node(node)
    case .edge(var edge):
      edge.attributes = expand(edge.attributes)
      return .edge(edge)
    default: return item
    }
  }

  @Test func manyNamesStayReadable() throws {
    var writer = DOTWriter(isDirected: true)
    var text = writer.start
    for number in 0..<20_000 {
      let node = NodeReference(type: "N", id: "\(number)")
      text.append(
        try writer.line(for: ExportedNode(reference: node, attributes: [("a\(number)", JSON(1))])) ?? "")
    }
    text += writer.end
    #expect(try read(text.joined(separator: "\n")).count == 20_001)
  }
}

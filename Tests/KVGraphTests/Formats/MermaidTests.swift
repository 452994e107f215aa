import KV
import TestSupport
import Testing

@testable import KVGraph

private func read(_ text: String, chunk: Int = .max) throws -> [String] {
  try lines(of: { try MermaidReader($0, isText: false) }, Array(text.utf8), chunk: chunk)
}

private func failure(_ text: String) -> String {
  do { return try "\(read(text))" } catch { return "\(error)" }
}

@Suite struct MermaidReaderTests {
  /// A statement after `flowchart LR`, and what it says, without lines.
  static let statements: [(text: String, items: [String])] = [
    ("A --> B --> C", ["edge A => B", "edge B => C", "node A", "node B", "node C"]),
    ("A-->B;B-->C;", ["edge A => B", "edge B => C", "node A", "node B", "node C"]),
    (
      "A & B --> C & D",
      ["edge A => C", "edge A => D", "edge B => C", "edge B => D", "node A", "node B", "node C", "node D"]
    ),
    ("A[text] --> B", ["edge A => B", #"node A {label="text"}"#, "node B"]),
    ("A[A]", ["node A"]),
    ("A(a b)", [#"node A {label="a b"}"#]),
    ("A([x])", [#"node A {label="x"}"#]),
    ("A[[x]]", [#"node A {label="x"}"#]),
    ("A[(x)]", [#"node A {label="x"}"#]),
    ("A((x))", [#"node A {label="x"}"#]),
    ("A(((x)))", [#"node A {label="x"}"#]),
    ("A>x]", [#"node A {label="x"}"#]),
    ("A{x}", [#"node A {label="x"}"#]),
    ("A{{x}}", [#"node A {label="x"}"#]),
    ("A[/x/]", [#"node A {label="x"}"#]),
    (#"A[\x\]"#, [#"node A {label="x"}"#]),
    (#"A[/x\]"#, [#"node A {label="x"}"#]),
    (#"A[\x/]"#, [#"node A {label="x"}"#]),
    ("A[/etc/x]", [#"node A {label="/etc/x"}"#]),
    (#"A@{ shape: rect, label: "x, } y" }"#, [#"node A {label="x, } y"}"#]),
    (#"A@{ shape: rect }"#, ["node A"]),
    (#"A["x ] ; --> y"]"#, [#"node A {label="x ] ; --> y"}"#]),
    (
      #"A["x #quot;#35;#9829;#amp; &lt; #unknown;<br/>y<BR>z"]"#,
      [##"node A {label="x \"#♥& < #unknown;\ny\nz"}"##]
    ),
    ("A[\"`**x**\n  y`\"] --> B", ["edge A => B", #"node A {label="**x**\ny"}"#, "node B"]),
    ("A---B", ["edge A -- B", "node A", "node B"]),
    ("A -.-> B", ["edge A => B", "node A", "node B"]),
    ("A -.- B", ["edge A -- B", "node A", "node B"]),
    ("A -...-> B", ["edge A => B", "node A", "node B"]),
    ("A ==> B", ["edge A => B", "node A", "node B"]),
    ("A === B", ["edge A -- B", "node A", "node B"]),
    ("A ~~~ B & C", ["ignored ~~~", "node A", "node B", "node C"]),
    ("A --o B --x C", ["edge A => B", "edge B => C", "node A", "node B", "node C"]),
    (
      "A <--> B o--o C x--x D",
      ["edge A -- B", "edge B -- C", "edge C -- D", "node A", "node B", "node C", "node D"]
    ),
    ("A <--- B", ["edge B => A", "node A", "node B"]),
    ("A -----> B ====> C", ["edge A => B", "edge B => C", "node A", "node B", "node C"]),
    ("A -- a text --> B", [#"edge A => B {label="a text"}"#, "node A", "node B"]),
    ("A -- foo-bar --> B", [#"edge A => B {label="foo-bar"}"#, "node A", "node B"]),
    ("A-- text ---B", [#"edge A -- B {label="text"}"#, "node A", "node B"]),
    ("A -. text .-> B", [#"edge A => B {label="text"}"#, "node A", "node B"]),
    ("A == text ==> B", [#"edge A => B {label="text"}"#, "node A", "node B"]),
    ("A <-- text --> B", [#"edge A -- B {label="text"}"#, "node A", "node B"]),
    ("A -->|text| B", [#"edge A => B {label="text"}"#, "node A", "node B"]),
    (#"A -->|"x | y"| B"#, [#"edge A => B {label="x | y"}"#, "node A", "node B"]),
    ("A ---|text|B", [#"edge A -- B {label="text"}"#, "node A", "node B"]),
    (
      "A e1@--> B\ne1@{ animate: true }\nA e2@-->|x| B",
      ["edge A => B id e1 {id=\"e1\"}", "edge A => B id e2 {id=\"e2\" label=\"x\"}", "node A", "node B"]
    ),
    ("A:::red --> B[x]:::blue", ["edge A => B", "node A", #"node B {label="x"}"#]),
    (
      "a-b --> c.d --> é_1 --> x=y",
      [
        "edge a-b => c.d", "edge c.d => é_1", "edge é_1 => x=y", "node a-b", "node c.d", "node é_1",
        "node x=y",
      ]
    ),
    (
      "subgraph one [The One]\n A\n subgraph two\n direction TB\n B --> A\n end\nend\nC --> B",
      [
        "ignored the subgraph around another", "edge B => A", "edge C => B", #"node A {cluster="two"}"#,
        #"node B {cluster="two"}"#, "node C",
      ]
    ),
    (
      "A --> one\nsubgraph one[\"The One\"]\nB\nend\nsubgraph a b\nC\nend",
      [
        "edge A => one", "node A", #"node one {label="The One"}"#, #"node B {cluster="The One"}"#,
        #"node C {cluster="a b"}"#,
      ]
    ),
    (
      "A\nstyle A fill:#f9f,stroke:#333;\nclassDef x fill:#f96\nclass A x\nlinkStyle 0 stroke:red", ["node A"]
    ),
    (
      "A\nclick A \"https://x/?a=b\" _blank\nclick A href \"https://y\" \"tip\"\nclick A call f(\"x\")",
      ["ignored tooltip", "ignored click", #"node A {click="https://y"}"#]
    ),
    (
      "%% a --> b\nA --> B %% c --> d\n%%{init: {\n\"x\": 1}}%%\nC",
      ["edge A => B", "node A", "node B", "node C"]
    ),
    ("A --> \nB", ["invalid a link without an end", "node B"]),
    ("A[x\n --> B]", [#"node A {label="x\n --> B"}"#]),
    ("A B", [#"invalid no link at "B""#]),
    ("end\nA", ["invalid end without a subgraph", "node A"]),
    ("A -- x\nB", [#"invalid no end of the link at "-- x""#, "node B"]),
    ("A[x)]y", [#"invalid no link at "y""#]),
  ]

  @Test(arguments: statements.indices, [1, 7, .max]) func readsEachStatement(_ index: Int, chunk: Int) throws
  {
    let found = try read("flowchart LR\n  \(Self.statements[index].text)\n", chunk: chunk)
    #expect(
      found.map { String($0.drop { $0 != " " }.dropFirst()) } == ["directed"] + Self.statements[index].items)
  }

  @Test func namesTheLineOfEachItem() throws {
    let text = "---\ntitle: x\n---\n%%{init: {}}%%\n\ngraph TD;\nA-->B; B-->C\r\nD[\"x\ny\"]\n\nD --> A\n"
    #expect(
      try read(text) == [
        "6 directed", "7 edge A => B", "7 edge B => C", "11 edge D => A", "7 node A", "7 node B",
        "7 node C", #"8 node D {label="x\ny"}"#,
      ])
  }

  @Test func takesNamesAndTypesOfItsOwnFiles() throws {
    let text = """
      flowchart LR
      %% kv
        notice["cut"]
        subgraph g1["Users"]
          n1["User:a#quot;"]
        end
        n2["User:b"]
        n1 -->|"follows"| n2
        n1 --- n2
      """
    #expect(
      try read(text) == [
        "1 directed", #"8 edge User:a" => User:b :follows"#, #"9 edge User:a" -- User:b"#, "3 ignored notice",
        #"5 node User:a""#, "7 node User:b",
      ])
    #expect(
      try read("graph LR\n%% kv\nn1 --> n2\nn1[\"x\"]").contains {
        $0.contains(#"4 invalid an edge stands before the name of "n1""#)
      })
  }

  static let bad: [(text: String, error: String)] = [
    ("", "line 1, column 1: the file holds no flowchart"),
    ("%% only\n", "line 1, column 1: the file holds no flowchart"),
    (
      "sequenceDiagram\nA->>B: x",
      "line 1, column 1: this is sequenceDiagram, and only a flowchart is a graph"
    ),
    (
      "\nstateDiagram-v2\n",
      "line 2, column 1: this is stateDiagram-v2, and only a flowchart is a graph"
    ),
    ("hello world", #"line 1, column 1: neither graph nor flowchart but "hello""#),
    ("graph XY\nA", #"line 1, column 1: no direction is "XY""#),
    ("---\ntitle: x\n", "line 1, column 1: the file ends inside the front matter"),
    ("graph LR\n\nA[x\ny", "line 3, column 1: the file ends inside brackets"),
    ("graph LR\nA[\"x\ny", "line 2, column 1: the file ends inside quotes"),
    ("graph LR\nA -->|x\ny", "line 2, column 1: the file ends inside the text of a link"),
    ("graph LR\nsubgraph x\ny", "line 3, column 1: the file ends inside the subgraph \"x\""),
    ("graph LR\n%%{init: {}", "line 2, column 1: the file ends inside a directive"),
  ]

  @Test(arguments: bad.indices) func saysWhatIsWrong(_ index: Int) {
    #expect(failure(Self.bad[index].text) == Self.bad[index].error)
  }

  @Test func noHalfFileDoesHarm() {
    for (text, _) in Self.statements {
      let bytes = Array("graph LR\n\(text)".utf8)
      for count in bytes.indices {
        _ = try? lines(of: { try MermaidReader($0, isText: false) }, Array(bytes[..<count]), chunk: .max)
      }
    }
  }

  @Test func noiseDoesNoHarm() {
    var random = SeededRandom()
    let pieces = [
      "A", "-->", "--", "|", "\"", "[", "]", "(", ")", "{", "}", "&", "@", "@{", ":", ":::", ";", "\n", " ",
      "%%", "~~~", "<", "-.", "==", "o", "x", "subgraph ", "end", "click ", "`", "#quot;", "/", "\\", ">",
      "é", "\u{0}", ".", "=",
    ]
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      _ = try? read("graph LR\n" + text)
    }
  }

  @Test func longStatementsTakeTimeByTheirLength() throws {
    let length = 100_000
    for (piece, tail) in [
      ("A-->", "B"), ("A & ", "B"), ("A -. ", ""), ("A[/x] ", ""), ("-", ""), ("A -- .", ""), (".", ""),
    ] {
      _ = try? read("graph LR\n" + String(repeating: piece, count: length) + tail)
      _ = try? read("graph LR\nA -. " + String(repeating: piece, count: length) + tail)
    }
    #expect(
      try read(
        "graph LR\n" + String(repeating: "subgraph x\n", count: length)
          + String(repeating: "end\n", count: length)
      ).filter { !$0.hasSuffix("ignored the subgraph around another") } == ["1 directed"])
    let many = (0..<3000).map { "a\($0)" }.joined(separator: " & ")
    #expect(
      try read("graph LR\n\(many) --> \(many)").contains("2 invalid more than 5000000 edges in one statement")
    )
  }
}

@Suite struct MermaidWriterTests {
  @Test func writesNodesAndEdges() throws {
    var writer = MermaidWriter()
    let (alice, bob) = (NodeReference(type: "User", id: "alice"), NodeReference(type: "User", id: "bob"))
    var edge = Edge(from: alice, to: bob, type: "follows")
    var text = writer.start
    text.append(try writer.line(for: ExportedNode(reference: alice, attributes: [])) ?? "")
    text.append(try writer.line(for: ExportedNode(reference: bob, attributes: [])) ?? "")
    #expect(writer.losses == [])
    text.append(try writer.line(for: ExportedEdge(edge: edge, attributes: [("@key", JSON("2"))])) ?? "")
    edge.isDirected = false
    text.append(try writer.line(for: ExportedEdge(edge: edge, attributes: [("x", .null)])) ?? "")
    #expect(
      text == [
        "flowchart LR", "%% kv", #"  n1["User:alice"]"#, #"  n2["User:bob"]"#, #"  n1 -->|"follows"| n2"#,
        #"  n1 ---|"follows"| n2"#,
      ])
    #expect(writer.losses == ["the data of edges", "the keys of parallel edges"])
    _ = try writer.line(for: ExportedNode(reference: alice, attributes: [("x", .null)]))
    #expect(writer.losses.first == "the attributes of nodes")
    for _ in 0..<499 { _ = try writer.line(for: ExportedEdge(edge: edge, attributes: [])) }
    #expect(writer.losses.last == "more than 500 edges, unless its maxEdges is raised")
    edge.type = String(repeating: "t", count: 50_000)
    _ = try writer.line(for: ExportedEdge(edge: edge, attributes: []))
    #expect(writer.losses.last == "more than 50000 characters, unless its maxTextSize is raised")
  }

  @Test func whatItWritesComesBack() throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      var writer = MermaidWriter()
      var text = writer.start
      var nodes: [NodeReference] = []
      var (expectedNodes, expectedEdges): ([String], [String]) = ([], [])
      for _ in 0..<6 {
        let node = NodeReference(type: random.text(upTo: 4), id: hostile(&random))
        if nodes.contains(node) { continue }
        nodes.append(node)
        text.append(try writer.line(for: ExportedNode(reference: node, attributes: [])) ?? "")
        expectedNodes.append("node \(node)")
      }
      for _ in 0..<6 {
        guard let from = nodes.randomElement(using: &random), let to = nodes.randomElement(using: &random)
        else { continue }
        var edge = Edge(from: from, to: to, type: hostile(&random))
        edge.isDirected = Bool.random(using: &random)
        text.append(try writer.line(for: ExportedEdge(edge: edge, attributes: [])) ?? "")
        expectedEdges.append("edge \(from) \(edge.isDirected ? "=>" : "--") \(to) :\(edge.type)")
      }
      let found = try read(text.joined(separator: "\n")).map { String($0.drop { $0 != " " }.dropFirst()) }
      let expected = ["directed"] + expectedEdges + expectedNodes
      #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "seed \(random.seed)")
    }
  }

  private func hostile(_ random: inout SeededRandom) -> String {
    let texts = [
      "end", " ", "$$x$$", "\\n", "\\", ":fa-x", "`x`", "style: #x;", "direction TB", "%%{x}%%", "\u{200B}",
      "#8203;", "<br/>", "&amp;#quot;", "a\r\nb", "\u{2028}", "|", "x\u{301}",
    ]
    return Bool.random(using: &random) ? texts.randomElement(using: &random) ?? "x" : random.text(upTo: 8)
  }
}

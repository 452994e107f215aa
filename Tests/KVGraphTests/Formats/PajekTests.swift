import KV
import TestSupport
import Testing

@testable import KVGraph

struct PajekTests {
  private static func read(_ text: String, chunk: Int = 1 << 20, isText: Bool = false) throws -> [String] {
    try Reading.lines(Reading.all(PajekReader(Reading.chunks(Array(text.utf8), of: chunk), isText: isText)))
  }

  private static let networkX = """
    *vertices 2
    1 "a b" 1 2 box col "red x" n q
    2 é 0.0 0.0 ellipse
    *edges
    1 2 2 lab "hi there" z 1
    1 2 1.0

    """

  private static let files: [(text: String, items: [String])] = [
    (
      networkX,
      [
        #"2 a b {"x":1,"y":2,"shape":"box","col":"red x","n":"q"}"#,
        #"3 é {"x":0.0,"y":0.0,"shape":"ellipse"}"#,
        "4 undirected", #"5 a b > é {"weight":2,"lab":"hi there","z":1}"#, #"6 a b > é {"weight":1.0}"#,
      ]
    ),
    (
      "*Vertices 3\r\n1 \"A b\" 0.1 0.1 \"box\" ic \"red\"\r\n2 \"q&#34;x\" ic \"5\"\r\n3 \"C:\\\"\r\n*Arcs\r\n1 2 1\r\n2 3\r\n",
      [
        #"2 A b {"x":0.1,"y":0.1,"shape":"box","ic":"red"}"#, #"3 q"x {"ic":"5"}"#, #"4 C:\"#, "5 directed",
        #"6 A b > q"x {"weight":1}"#, #"7 q"x > C:\"#,
      ]
    ),
    (
      "*Vertices 4\n*Edges\n1 2\n*arcslist\n1 2 3\n*EDGESLIST\n4 1 2\n",
      [
        "1 1", "1 2", "1 3", "1 4", "2 undirected", "3 1 > 2", "4 directed", "5 1 > 2", "5 1 > 3",
        "6 undirected",
        "7 4 > 1", "7 4 > 2",
      ]
    ),
    (
      """
      % a comment
      *Network some
      *Vertices 3 2
      1 "a" 0.1 0.2 0.5 ellipse x_fact 2 ic Red
      3 "a" [1-3]
      *Arcs :1 "likes"
      1 2 -2 l "x y"
      *Edges :2
      2 3 1
      *Arcs :1
      3 1
      2: 1 3 0.5 [2]
      *Partition p
      *Vertices 3
      1
      2
      *Vector v
      *Vertices 3
      0.5
      *Network other
      *Vertices 1
      *Arcs
      1 1
      """,
      [
        "2 ignored name of the network", "3 ignored second number of *Vertices",
        #"4 1 {"label":"a","x":0.1,"y":0.2,"z":0.5,"shape":"ellipse","x_fact":2,"ic":"Red"}"#, "3 2",
        #"5 3 {"label":"a","interval":"[1-3]"}"#, "6 directed", #"7 1 > 2 (likes) {"weight":-2,"l":"x y"}"#,
        "8 undirected", #"9 2 > 3 (2) {"weight":1}"#, "10 directed", "11 3 > 1 (likes)",
        #"12 1 > 3 (2) {"weight":0.5,"interval":"[2]"}"#, "13 ignored *Partition", "17 ignored *Vector",
        "20 ignored further network",
      ]
    ),
    (
      "*Vertices 2\n1 a\n2 b\n*Matrix\n0 1.5\n1\n0\n",
      ["2 a", "3 b", "4 directed", #"5 a > b {"weight":1.5}"#, #"6 b > a {"weight":1}"#]
    ),
    (
      "*Vertices 3 1\n*Matrix\n0 7\n",
      ["1 ignored second number of *Vertices", "1 1", "1 2", "1 3", "2 directed", #"3 1 > 3 {"weight":7}"#]
    ),
    (
      "*Vertices 2\n1 a\n1 b\n9 c\nx\n2 \"b\n2 b q\n*Arcs\n1 3\n1\n1 2 1 l\n*Edges\n1 2 3 type T id 5\n",
      [
        "3 invalid the vertex 1 is listed twice", #"4 invalid the vertex is "9", not a number from 1 to 2"#,
        #"5 invalid the vertex is "x", not a number from 1 to 2"#, "6 invalid a text in quotes does not end",
        "2 a",
        #"7 b {"shape":"q"}"#, "8 directed", #"9 invalid the vertex "3" is not a number from 1 to 2"#,
        "10 invalid the line names one vertex where two are wanted",
        #"11 invalid the attribute "l" has no value"#,
        "12 undirected", #"13 a > b (T) #5 {"weight":3,"id":5}"#,
      ]
    ),
  ]

  @Test func filesOfOtherProgramsAreReadWhole() throws {
    for file in Self.files {
      for chunk in Reading.chunkSizes { try Reading.expect(Self.read(file.text, chunk: chunk), file.items) }
    }
  }

  @Test func textStaysTextWhereItIsWanted() throws {
    try Reading.expect(
      Self.read("*Vertices 1\n1 a 0.5 1\n*Arcs\n1 1 2\n", isText: true),
      [#"2 a {"x":"0.5","y":"1"}"#, "3 directed", #"4 a > a {"weight":"2"}"#])
  }

  @Test(arguments: [
    ("", "the file has no *Vertices"), ("*Vertices", "*Vertices does not say how many"),
    ("*Vertices 99999999999", "*Vertices does not say how many"),
    ("*Arcs\n1 2", "*Arcs stands before *Vertices"),
  ])
  func brokenFilesAreRefused(text: String, reason: String) {
    #expect { try Self.read(text) } throws: { ($0 as? JSONError)?.reason == reason }
  }

  @Test func halvesOfFilesDoNotCrash() {
    for file in Self.files {
      let bytes = Array(file.text.utf8)
      for count in 0..<bytes.count {
        _ = try? Reading.all(PajekReader(Reading.chunks(Array(bytes.prefix(count)), of: 64), isText: false))
      }
    }
  }

  @Test func randomWordsDoNotCrash() {
    var random = SeededRandom()
    let words = [
      "*Vertices 3", "*Arcs", "*Edges :1 \"x", "*Matrix", "*Arcslist", "\n", "1 ", "2 ", "\"", "&#1;", "-1 ",
      "[", "%", ":",
      "*Network", "99999999999999999999 ", "\\",
    ]
    for _ in 0..<2000 {
      let text = "*Vertices 2\n" + (0..<30).map { _ in words.randomElement(using: &random) ?? "" }.joined()
      _ = try? Self.read(text)
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      let numbers = ["0", "-1.5", "1e400", "12345678901234567890"].compactMap { try? JSON(parsing: $0) }
      let nodes = (0..<3).map { number in
        var node = ExportedNode(reference: random.reference(), attributes: [])
        node.reference.id += "\(number)"
        if Bool.random(using: &random) {
          node.attributes = ["x", "y"].map { ($0, numbers.randomElement(using: &random) ?? .null) }
        }
        return node
      }
      let edges = (0..<5).map { _ in
        let ends = (0..<2).map { _ in nodes.randomElement(using: &random)?.reference ?? nodes[0].reference }
        let type = ["likes", "edge", random.text(upTo: 6)].randomElement(using: &random) ?? "e"
        return ExportedEdge(
          edge: Edge(from: ends[0], to: ends[1], type: type), isDirected: Bool.random(using: &random),
          attributes: Bool.random(using: &random)
            ? [("weight", numbers.randomElement(using: &random) ?? .null)] : [])
      }
      var writer = PajekWriter(nodeCount: nodes.count)
      let text = try writer.file(nodes, edges)
      #expect(writer.losses.isEmpty)
      var isDirected: Bool?
      var expected = nodes.map {
        Reading.text(
          .node(
            ImportedNode(name: .id("\($0.reference)"), type: $0.reference.type, attributes: $0.attributes)))
      }
      for exported in edges {
        if isDirected != exported.isDirected {
          expected.append(exported.isDirected ? "directed" : "undirected")
        }
        isDirected = exported.isDirected
        let edge = exported.edge
        var imported = ImportedEdge(from: .id("\(edge.from)"), to: .id("\(edge.to)"))
        (imported.type, imported.attributes) = (edge.type == "edge" ? nil : edge.type, exported.attributes)
        expected.append(Reading.text(.edge(imported)))
      }
      let items = try Reading.all(PajekReader(Reading.chunks(Array(text.utf8), of: 97), isText: false))
      let difference = zip(items.map { Reading.text($0.item) }, expected).first {
        !$0.utf8.elementsEqual($1.utf8)
      }
      try #require(
        items.count == expected.count && difference == nil,
        "seed \(random.seed): \(String(describing: difference))")
    }
  }

  @Test func whatHasNoPlaceIsALoss() throws {
    let a = NodeReference(type: "T", id: "a")
    var writer = PajekWriter(nodeCount: 1)
    let edge = Edge(from: a, to: a, type: "likes")
    let text = try writer.file(
      [ExportedNode(reference: a, attributes: [("x", JSON(1)), ("y", JSON("2"))])],
      [
        ExportedEdge(edge: edge, isDirected: true, attributes: [("@key", JSON("k")), ("weight", JSON("2"))]),
        ExportedEdge(edge: edge, isDirected: true, attributes: [("weight", JSON(2))]),
        ExportedEdge(edge: edge, isDirected: false, attributes: []),
      ])
    #expect(
      text == """
        % kv
        *Vertices 1
        1 "T:a"
        *Arcs
        1 1 type "likes"
        1 1 2 type "likes"
        *Edges
        1 1 type "likes"

        """)
    #expect(
      writer.losses == ["attributes of nodes", "data of edges other than weight", "keys of parallel edges"])
  }
}

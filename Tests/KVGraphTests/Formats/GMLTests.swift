import KV
import TestSupport
import Testing

@testable import KVGraph

struct GMLTests {
  private static func read(_ text: String, chunk: Int = 1 << 20) throws -> [String] {
    try Reading.lines(Reading.all(GMLReader(Reading.chunks(Array(text.utf8), of: chunk), isText: false)))
  }

  private static let networkX = """
    graph [
      directed 1
      name "gn"
      node [
        id 0
        label "a"
        lst 1
        lst 2
        one "_networkx_list_start"
        one 5
        none "[]"
        tup "()"
        d [
          k 1
          k [
            z "&#233;&#10;&#38;quot;"
          ]
        ]
        big "1099511627776"
        fl 1.E+30
        inf +INF
        nan NAN
        ni -INF
        e ""
      ]
      node [
        id 1
        label "&eacute;&unknown;&#xE9;&Omega;"
        type "T"
      ]
      edge [
        source 0
        target 1
        relation "x"
        weight 2.50
      ]
    ]
    """

  private static let files: [(text: String, items: [String])] = [
    (
      networkX,
      [
        "1 graph --", "2 directed", "3 ignored attribute name of the graph",
        #"4 0 {"label":"a","lst":[1,2],"one":[5],"none":[],"tup":[],"d":{"k":[1,{"z":"é\n&quot;"}]},"#
          + #""big":"1099511627776","fl":1.0E+30,"inf":"+INF","nan":"NAN","ni":"-INF","e":""}"#,
        #"26 1 (T) {"label":"é&unknown;éΩ"}"#, #"31 0 > 1 (x) {"weight":2.50}"#,
      ]
    ),
    (
      "graph [ multigraph 1 node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 key 0 ]"
        + #" edge [ source 0 target 1 key 1 ] edge [ source 0 target 1 key "k" ] edge [ source 0 target 1 key 99 ] ]"#,
      [
        "1 graph --", "1 0", "1 1", "1 0 > 1 #0", "1 0 > 1 #1", #"1 0 > 1 #k {"key":"k"}"#,
        #"1 0 > 1 #99 {"key":99}"#,
      ]
    ),
    (
      "Creator \"igraph version 1.0.0\"\r\nVersion 1\r\ngraph\r\n[\r\n  directed 0\r\n  node\r\n  [\r\n    id 7\r\n"
        + "    name \"ü\"\r\n  ]\r\n  edge\r\n  [\r\n    source 7\r\n    target 7\r\n    id 3\r\n    w Inf\r\n  ]\r\n]\r\n",
      ["3 graph --", "5 undirected", #"6 7 {"name":"ü"}"#, #"11 7 > 7 #3 {"id":3,"w":"Inf"}"#]
    ),
    (
      "# a comment\ngraph[node[id 1 graphics[x 1 Line[point[x .5 y -.5]point[x 007 y +1]]]]edge[source 1 target 2]directed 1]",
      [
        "2 graph --", #"2 1 {"graphics":{"x":1,"Line":{"point":[{"x":0.5,"y":-0.5},{"x":7,"y":1}]}}}"#,
        "2 1 > 2",
        "2 directed",
      ]
    ),
    (
      #"graph [ node [ label "x" ] node 5 node [ id [ a 1 ] ] edge [ source 1 ] hierarchic 1 directed "x" ] graph [ node [ id 1 ] ]"#,
      [
        "1 graph --", "1 invalid the node has no id", #"1 invalid node is "5" and no list"#,
        #"1 invalid the node's id is "{\"a\":1}""#, "1 invalid the edge has no target",
        "1 ignored attribute hierarchic of the graph", #"1 invalid directed is "x", neither 0 nor 1"#,
        "1 ignored further graph",
      ]
    ),
    (
      #"Creator "kv" graph [ directed 1 multigraph 1 node [ id 0 label "U:a" type "U" b 1 "#
        + #"kvattribute [ name "type" json "&quot;x&quot;" ] z 2 kvattribute [ name "b" json "true" ] ] "#
        + #"edge [ source 0 target 0 key 5 type "e" kvattribute [ name "@key" json "7" ] ] edge [ source 0 target 9 ] ]"#,
      [
        "1 graph --", "1 directed", #"1 U:a (U) {"b":true,"type":"x","z":2}"#, #"1 U:a > U:a (e) {"@key":7}"#,
        #"1 invalid target is "9", which no node has"#,
      ]
    ),
  ]

  @Test func filesOfOtherProgramsAreReadWhole() throws {
    for file in Self.files {
      for chunk in Reading.chunkSizes { try Reading.expect(Self.read(file.text, chunk: chunk), file.items) }
    }
  }

  @Test func latin1IsRead() throws {
    let bytes = Array(#"graph [ node [ id 1 l ""#.utf8) + [0xE9] + Array(#"" ] ]"#.utf8)
    let items = try Reading.lines(Reading.all(GMLReader(Reading.chunks(bytes, of: 3), isText: false)))
    #expect(
      items == ["1 graph --", #"1 1 {"l":"é"}"#, "1 note texts that are no UTF-8 are read as ISO 8859-1"])
  }

  @Test(arguments: [
    ("", "the file has no graph [ … ]"), ("graph", "graph is not followed by [ … ]"),
    ("graph [", "the file ends inside graph [ … ]"), ("graph [ node [ id", "the file ends inside node [ … ]"),
    (#"graph [ node [ id "1"#, "the file ends inside a text in quotes"),
    ("graph [ ] ]", "a name was expected where ] stands"),
    ("graph [ node [ id ] ]", #""id" has no value"#), ("[", "a name was expected where [ stands"),
    (
      "graph [ node [ id 1 " + String(repeating: "a [ ", count: 1000),
      #"lists are nested deeper than 100 in "a""#
    ),
  ])
  func brokenFilesAreRefused(text: String, reason: String) {
    #expect { try Self.read(text) } throws: { ($0 as? JSONError)?.reason == reason }
  }

  @Test func noHalfOfAFileIsTakenForAWhole() throws {
    let bytes = Array(Self.networkX.utf8)
    for count in 0..<bytes.count {
      let half = Reading.chunks(Array(bytes.prefix(count)), of: 64)
      #expect(throws: JSONError.self) { try Reading.all(GMLReader(half, isText: false)) }
    }
  }

  @Test func randomBytesDoNotCrash() {
    var random = SeededRandom()
    let words = [
      "graph ", "[ ", "] ", "node ", "edge ", "id 1 ", "\"", "&#1;", "source 1 ", "1.", "-",
      "Creator \"kv\" ", "#", "\n",
    ]
    for _ in 0..<2000 {
      let text = (0..<30).map { _ in words.randomElement(using: &random) ?? "" }.joined()
      _ = try? Self.read(text)
    }
  }

  @Test(arguments: [(false, false), (true, false), (true, true)])
  func whatIsWrittenIsReadAgain(isDirected: Bool, hasParallelEdges: Bool) throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      let nodes = (0..<3).map { number in
        var reference = random.reference()
        reference.id += "\(number)"
        return ExportedNode(reference: reference, attributes: random.attributes())
      }
      let edges = (0..<4).map { _ in
        let ends = (0..<2).map { _ in nodes.randomElement(using: &random)?.reference ?? nodes[0].reference }
        let type = ["likes", "[]", "_networkx_list_start", random.text(upTo: 4)].randomElement(using: &random)
        return ExportedEdge(
          edge: Edge(from: ends[0], to: ends[1], type: type ?? "e"), isDirected: isDirected,
          attributes: random.attributes())
      }
      var writer = GMLWriter(isDirected: isDirected, hasParallelEdges: hasParallelEdges)
      let text = try writer.file(nodes, edges)
      #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
      let expected =
        ["graph --", "\(isDirected ? "directed" : "undirected")"]
        + nodes.map {
          Reading.text(
            .node(
              ImportedNode(name: .id("\($0.reference)"), type: $0.reference.type, attributes: $0.attributes)))
        }
        + edges.map { exported in
          let edge = exported.edge
          var imported = ImportedEdge(from: .id("\(edge.from)"), to: .id("\(edge.to)"), type: edge.type)
          imported.attributes = exported.attributes
          imported.id = exported.attributes.text(of: "id")
          return Reading.text(.edge(imported))
        }
      let items = try Reading.all(GMLReader(Reading.chunks(Array(text.utf8), of: 97), isText: false))
      let difference = zip(items.map { Reading.text($0.item) }, expected).first {
        !$0.utf8.elementsEqual($1.utf8)
      }
      try #require(
        items.count == expected.count && difference == nil,
        "seed \(random.seed): \(String(describing: difference))")
    }
  }

  @Test func anEdgeThatDiffersFromTheFileSaysSo() throws {
    var writer = GMLWriter(isDirected: true, hasParallelEdges: false)
    let a = NodeReference(type: "T", id: "a")
    let text = try writer.file(
      [ExportedNode(reference: a, attributes: [])],
      [ExportedEdge(edge: Edge(from: a, to: a, type: "e"), isDirected: false, attributes: [("w", JSON(1))])])
    #expect(try Self.read(text).last?.hasSuffix(#"T:a > T:a (e) {"@undirected":true,"w":1}"#) == true)
  }
}

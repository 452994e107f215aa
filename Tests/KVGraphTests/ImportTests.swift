import KV
import KVSQLite
import Synchronization
import TestSupport
import Testing

@testable import KVGraph

@Suite struct ImportTests {
  /// A source that hands out a few bytes at a time, so that every boundary falls everywhere.
  func source(_ text: String, chunk: Int = 3) -> ImportSource {
    ImportSource(name: "f.json") {
      var rest = Array(text.utf8)[...]
      return {
        defer { rest = rest.dropFirst(chunk) }
        return Array(rest.prefix(chunk))
      }
    }
  }

  func load(_ text: String, _ options: ImportOptions = ImportOptions()) async throws -> (Graph, ImportSummary)
  {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    return (graph, try await graph.load(source(text), options: options))
  }

  static let edges = #"{"from":"U:a","to":{"type":"U","id":"b,]}\"["},"type":"t","data":{"n":[1.0,"]"]}}"#

  @Test(
    "every form gives the same edge",
    arguments: [
      "[\(edges)]", " [ \(edges) ] ", edges, edges + "\n", "\n\n" + edges + "\n\n",
      #"{"nodes":[],"edges":[\#(edges)]}"#,
      #"{"directed":true,"graph":{"edges":[1]},"edges":[\#(edges)],"nodes":["U:a"]}"#,
      #"{"links":[{"source":{"type":"U","id":"a"},"target":{"type":"U","id":"b,]}\"["},"type":"t","n":[1.0,"]"]}]}"#,
    ])
  func forms(_ text: String) async throws {
    for chunk in [1, 7, 100_000] {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      let summary = try await graph.load(source(text, chunk: chunk))
      #expect(summary.edges == BulkCounts(added: 1))
      let records = try await graph.store.list()
      #expect(records.map(\.key) == ["graph/edge/U/a/t/U/b%2C%5D%7D%22%5B"])
      #expect(records[0].value["data"]?.text == #"{"n":[1.0,"]"]}"#)
    }
  }

  @Test func nodeAttributesBecomeRecords() async throws {
    let (graph, summary) = try await load(
      #"{"nodes":[{"type":"User","id":"a","name":"Ann","age":1.0},{"type":"User","id":"b"},"User:c"],"edges":[{"from":"User:b","to":"User:d","type":"t"}]}"#
    )
    #expect(summary.nodes.added == 2)
    #expect(try await graph.store.get("user/a")?.value.text == #"{"name":"Ann","age":1.0}"#)
    #expect(
      try await graph.store.list().map { "\($0.key) \($0.type)" } == [
        "graph/edge/User/b/t/User/d Edge", "user/a User", "user/c User",
      ])
  }

  @Test func nodeLinkTakesTypesFromOptionsAndNodes() async throws {
    let text =
      #"{"directed":true,"nodes":[{"id":1,"type":"A"},{"id":"x:y"}],"links":[{"source":1,"target":"x:y","weight":2.50}]}"#
    let (graph, _) = try await load(text, ImportOptions(nodeType: "N", edgeType: "e"))
    #expect(try await graph.store.list().map(\.key) == ["graph/edge/A/1/e/N/x:y"])
    #expect(try await graph.store.list()[0].value["data"]?.text == #"{"weight":2.50}"#)
  }

  @Test(
    "a bad file says where, and leaves nothing",
    arguments: [
      ("", 0, ""), ("[1]", 1, "expected an edge"), ("nonsense", 1, "no graph: it begins with \"nonsense\""),
      ("one,two,three,four\n1,2,3,4\n", 1, "its columns \"one\", \"two\", \"three\", \"four\" name no graph"),
      (#"{"lockfileVersion":3,"packages":{"a":5}}"#, 1, "the package \"a\" is 5"),
      ("from,to\na,b\na\u{0},b\n", 3, "U+0000"),
      (
        #"{"name":"x","version":"1"}"#, 1,
        #"neither an edge nor a node: its members are "name", "version"; an edge has from and to (or source and target), a node an id"#
      ),
      (#"{"graph":{"edges":[{"source":[],"target":"a"}]}}"#, 1, "'source' is []"),
      ("source,name\na,b\nc,d\n", 1, #"its columns "source", "name" name no graph"#),
      (":ID,age:int,:LABEL\n1,1.5,User\n", 2, #""age" is "1.5", which is no whole number"#),
      ("// " + String(repeating: "x", count: 1 << 23), 1, "bytes are comments"),
      ("[\(edges)", 1, "ends inside an array"),
      ("\(edges)\n{\"from\":", 2, "ends inside an object"),
      ("\(edges)\n{\"from\":\"U:a\",\"type\":\"t\"}\n", 2, "no 'to'"),
      ("[\(edges),\n{\"to\":\"U:a\",\"type\":\"t\"}]", 2, "no 'from'"),
      ("[\(edges)\n\(edges)]", 2, "expected ','"),
      ("[\(edges),\n]", 2, "no JSON value"), ("[\(edges)] x", 1, "after the end"),
      ("{\"edges\":[\(edges)],\n\"nodes\":[}", 2, "value"),
      ("{\"edges\":[\(edges)]", 1, "ends inside an object"),
      ("{\"x\" 1,\"edges\":[\(edges)]}", 1, "expected ':'"),
      ("[\(edges),\n{\"from\":\"json:a\",\"to\":\"U:a\"}]", 2, "no type of nodes"),
      ("\(edges)\n{\"from\":\"U:a\",\"to\":\"*:b\",\"type\":\"t\"}", 2, "*"),
    ])
  func badFiles(_ text: String, _ line: Int, _ reason: String) async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    if line == 0 { return #expect(try await graph.load(source(text)) == ImportSummary()) }
    let error = await #expect(throws: KVError.self) { _ = try await graph.load(source(text)) }
    #expect(error?.message.hasPrefix("f.json:\(line): ") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(try await graph.store.count(.all) == 0)
  }

  @Test("edges that name nodes by their places may come before them")
  func placesBeforeNodes() async throws {
    let edges = #""links":[{"source":0,"target":1},{"source":1,"target":2}]"#
    let nodes = #""nodes":[{"type":"User","name":"a"},{"type":"Post","name":"b"},{"name":"c"}]"#
    for text in ["{\(edges),\(nodes)}", "{\(nodes),\(edges)}"] {
      let (graph, _) = try await load(text)
      #expect(
        try await graph.store.records(.prefix("graph/"), page: Page()).map(\.key) == [
          "graph/edge/Post/1/edge/Node/2", "graph/edge/User/0/edge/Post/1",
        ])
    }
  }

  @Test("a line that is an edge says nothing of a document, and no graph stands in a graph")
  func loneObjects() async throws {
    let edge =
      "{\n\"directed\":true,\"w\":{\"x\":1},\"graph\":\"g\",\"from\":\"A:a\",\"to\":\"A:b\",\"type\":\"t\"}"
    let (graph, summary) = try await load("\(edge)\n\(edge.replacing("A:b", with: "A:c"))")
    #expect(summary.notes == [])
    #expect(
      try await graph.store.list().map(\.value["data"]?.text) == [
        #"{"directed":true,"w":{"x":1},"graph":"g"}"#, #"{"directed":true,"w":{"x":1},"graph":"g"}"#,
      ])
    #expect(
      try await load(#"{"graph":{"graph":{"a":1}}}"#).1.notes == [
        .notTakenIn(["attribute \"a\" of the graph"])
      ])
  }

  @Test("a file may begin with more comments than are looked at first")
  func longComments() async throws {
    let comments = String(repeating: "# a comment\n", count: 10_000)
    let (graph, _) = try await load(comments + "a b\nb c\n")
    #expect(try await graph.store.count(.all) == 2)
    #expect(try await load(comments).1 == ImportSummary())
  }

  @Test func conflictPolicies() async throws {
    let (graph, _) = try await load(Self.edges)
    let skip = try await graph.load(source(Self.edges), options: ImportOptions(onConflict: .skip))
    #expect(skip.edges == BulkCounts(skipped: 1))
    let replace = try await graph.load(source(Self.edges), options: ImportOptions(onConflict: .replace))
    #expect(replace.edges == BulkCounts(replaced: 1))
    let error = await #expect(throws: KVError.self) { _ = try await graph.load(source(Self.edges)) }
    #expect(error?.code == .conflict)
  }
}

/// What other programs write.
@Suite struct ForeignFormatTests {
  func load(_ text: String, _ options: ImportOptions = ImportOptions()) async throws -> [String] {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    _ = try await graph.load(ImportSource(name: "f", text: text), options: options)
    return try await graph.store.list().map {
      $0.key + " " + ($0.type == "Edge" ? $0.value["data"]?.text ?? "" : $0.value.text)
    }
  }

  @Test func cytoscape() async throws {
    let nodes = #"{"data":{"id":"a","type":"U","age":3},"position":{"x":1}},{"data":{"id":"b","type":"U"}}"#
    let edge = #"{"data":{"id":"e","source":"a","target":"b","interaction":"knows","w":1.0}}"#
    let expected = [#"graph/edge/U/a/knows/U/b {"id":"e","w":1.0}"#, #"u/a {"age":3,"position":{"x":1}}"#]
    for text in [
      #"{"data":[],"directed":true,"elements":{"nodes":[\#(nodes)],"edges":[\#(edge)]},"style":[{"selector":"node"}]}"#,
      #"{"format_version":"1.0","elements":[\#(nodes),\#(edge)]}"#, "[\(nodes),\(edge)]",
    ] { #expect(try await load(text) == expected, "\(text)") }
  }

  /// What kv draws into Markdown comes back.
  @Test func mermaidInAFence() async throws {
    let text =
      "```mermaid\nflowchart LR\n  %% kv view\n  n1[\"P:a\"]\n  n2[\"P:b\"]\n  n1 -->|\"k\"| n2\n```\n"
    #expect(
      try await load(text) == load(text.replacing("```mermaid\n", with: "").replacing("```\n", with: "")))
    #expect(try await load(text).count == 1)
  }

  @Test func entitiesInLabels() async throws {
    #expect(
      try await load(
        #"digraph { a [label="R&amp;D &#x263A; &nothing; \"q\"" x="&amp;"]; a -> b [label="&lt;"] }"#) == [
          ##"graph/edge/Node/a/edge/Node/b {"label":"<"}"##,
          ##"node/a {"label":"R&D ☺ &nothing; \"q\"","x":"&amp;"}"##,
        ])
  }

  /// Nothing that a stored file says is lost with an edge that is not stored.
  @Test func nodesWhoseEdgesDoNotComeAreKept() async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    let nodes = ImportSource(
      name: "n.json",
      text:
        #"{"nodes":[{"id":"a","labels":["User"]},{"id":"c","labels":["User"]}],"links":[{"source":"c","target":"c"}]}"#
    )
    await #expect(throws: KVError.self) {
      try await graph.load([nodes, ImportSource(name: "e.csv", text: "source,target\na,b\nx\n")]) { _, _ in }
    }
    #expect(try await graph.store.list().map(\.key) == ["graph/edge/User/c/edge/User/c", "user/a"])
    let other = Graph(try await SQLiteStore(sqlite: ":memory:"))
    let bad =
      #"{"nodes":[{"id":"a"},{"id":"b"},{"id":"c"}],"links":[{"source":"a","target":"b","type":"*"},{"source":"c","target":"c"}]}"#
    let summary = try await other.load(ImportSource(name: "b.json", text: bad), skipped: { _ in })
    #expect(summary.invalid == 1)
    #expect(
      try await other.store.list().map(\.key) == ["graph/edge/Node/c/edge/Node/c", "node/a", "node/b"])
  }

  /// What has its own id, as in React Flow, is no element of Cytoscape, in a document or line by line.
  @Test func dataBesideAnID() async throws {
    let lines = [
      #"{"id":"a","type":"U","data":{"n":1}}"#, #"{"id":"U:b","data":{"n":2}}"#,
      #"{"from":"U:a","to":"U:b","type":"k","data":{"w":3}}"#,
    ]
    let expected = ["graph/edge/U/a/k/U/b {\"w\":3}", #"u/a {"data":{"n":1}}"#, #"u/b {"data":{"n":2}}"#]
    #expect(try await load(lines.joined(separator: "\n")) == expected)
    #expect(try await load("[\(lines.joined(separator: ","))]") == expected)
  }

  /// A graph of a file that does not say how its edges lead is directed, whatever another of them says.
  @Test func eachGraphOfAFileHasItsDirection() async throws {
    for (first, second, note) in [
      (#""directed":false,"#, "", true), ("", #""directed":false,"#, true), (#""directed":true,"#, "", false),
    ] {
      let text =
        #"{"graphs":[{\#(first)"edges":[{"source":"a","target":"b","relation":"k"}]},{\#(second)"edges":[{"source":"c","target":"d","relation":"k"}]}]}"#
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      var notes: [String] = []
      for note in try await graph.load(ImportSource(name: "f", text: text)).notes { notes.append("\(note)") }
      #expect(try await graph.undirectedTypes.contains("k") == false, "\(text)")
      #expect(notes.contains { $0.contains("others not") } == note, "\(text): \(notes)")
    }
  }

  /// What a file has stored as directed stays so, whatever a file behind it in the same command says.
  @Test func filesOfOneCommandAgreeOnDirections() async throws {
    let directed = ImportSource(name: "d", text: "Source,Target,Type\n9,8,Directed\n")
    let undirected = ImportSource(name: "u", text: "Source,Target,Type\n5,4,Undirected\n")
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    try await graph.load([directed, undirected]) { _, _ in }
    #expect(
      try await graph.store.list().map(\.key)
        == ["graph/edge/Node/5/edge/Node/4", "graph/edge/Node/9/edge/Node/8"])
    let other = Graph(try await SQLiteStore(sqlite: ":memory:"))
    try await other.load([undirected, directed]) { _, _ in }
    #expect(
      try await other.store.list().map(\.key)
        == ["graph/edge/Node/4/edge/Node/5", "graph/edge/Node/8/edge/Node/9", "graph/type/edge"])
    for graph in [graph, other] { #expect(try await graph.verify { _ in }.faults == 0) }
  }

  /// GML may say at its end that it is directed, and is undirected where it says nothing.
  @Test func directionBehindTheEdges() async throws {
    for (says, isUndirected) in [("directed 1", false), ("directed 0", true), ("", true)] {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      _ = try await graph.load(
        ImportSource(
          name: "f", text: "graph [ edge [ source 1 target 2 ] edge [ source 2 target 3 ] \(says) ]"))
      #expect(try await graph.undirectedTypes.contains("edge") == isUndirected, "\(says)")
    }
  }

  /// Tables of Neo4j whose labels stand on its command line.
  @Test func spacesOfIDsNameTypes() async throws {
    let person = ImportSource(name: "p", text: "personId:ID(Person),name\n1,Ann\n")
    let film = ImportSource(name: "m", text: "id:ID(Movie){label:Film},title\n1,Matrix\n")
    let acted = ImportSource(name: "r", text: ":START_ID(Person),:END_ID(Movie),:TYPE\n1,1,ACTED_IN\n")
    func keys(_ sources: [ImportSource]..., options: ImportOptions = ImportOptions()) async throws -> [String]
    {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      for sources in sources { try await graph.load(sources, options: options) { _, _ in } }
      return try await graph.store.list().map(\.key)
    }
    let all = ["film/1", "graph/edge/Person/1/ACTED_IN/Film/1", "person/1"]
    #expect(try await keys([person, film, acted]) == all)
    #expect(try await keys([acted, film, person]) == all)
    #expect(try await keys([acted]) == ["graph/edge/Person/1/ACTED_IN/Movie/1"])
    // One space is a type of the database, and so the other is a type, too.
    #expect(try await keys([person], [acted]) == ["graph/edge/Person/1/ACTED_IN/Movie/1", "person/1"])
    let other = ImportSource(name: "m", text: "id:ID(Movie),title\n1,Matrix\n")
    #expect(
      try await keys([person, other], [acted]) == [
        "graph/edge/Person/1/ACTED_IN/Movie/1", "movie/1", "person/1",
      ])
    // A node of another type may have the space's type as a further label.
    let labelled = ImportSource(name: "l", text: ":ID(Person),:LABEL\n1,Actor;Person\n2,Person;Actor\n")
    let knows = ImportSource(
      name: "k", text: ":START_ID(Person),:END_ID(Person),:TYPE\n1,2,knows\n1,3,knows\n")
    for sources in [[[labelled], [knows]], [[labelled, knows]]] {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      for sources in sources { try await graph.load(sources) { _, _ in } }
      #expect(
        try await graph.store.list().map(\.key) == [
          "actor/1", "graph/edge/Actor/1/knows/Person/2", "graph/edge/Actor/1/knows/Person/3", "person/2",
        ])
    }
    // A space that is no type may be any, but for those that other spaces are.
    let watched = ImportSource(name: "w", text: ":START_ID(Person),:END_ID(Film-ID),:TYPE\n1,1,WATCHED\n")
    let onlyFilm = ImportSource(name: "m", text: "id:ID(Film-ID),:LABEL\n1,Film\n")
    #expect(
      try await keys([person, onlyFilm], [watched]) == [
        "film/1", "graph/edge/Person/1/WATCHED/Film/1", "person/1",
      ])
    let liked = ImportSource(name: "r", text: ":START_ID(Fan),:END_ID(Person),:TYPE\n1,2,LIKES\n2,1,LIKES\n")
    #expect(
      try await keys([person], [liked])
        == ["graph/edge/Fan/1/LIKES/Person/2", "graph/edge/Fan/2/LIKES/Person/1", "person/1"])
    #expect(try await keys([person], options: ImportOptions(nodeType: "Z")) == ["z/1"])
    // An id without a space is the one node that has it in any.
    let bare = ImportSource(name: "b", text: "source,target\n1,x\n")
    let bareKeys = ["graph/edge/Person/1/edge/Node/x", "person/1"]
    #expect(try await keys([person, bare]) == bareKeys)
    #expect(try await keys([bare, person]) == bareKeys)
    await #expect(throws: KVError.self) { try await keys([person, film, bare]) }
  }

  /// As Excel writes text and Windows everything.
  @Test(arguments: [true, false]) func utf16IsRead(isBigEndian: Bool) async throws {
    func bytes(_ units: some Sequence<UInt16>) -> [UInt8] {
      ([0xFEFF] + units).flatMap { unit in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
        return isBigEndian ? [high, low] : [low, high]
      }
    }
    func load(_ bytes: [UInt8], piece: Int) async throws -> [String] {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      _ = try await graph.load(ImportSource(name: "f") { Reading.chunks(bytes, of: piece) })
      return try await graph.store.list().map(\.key)
    }
    for text in [
      "from\tto\r\nü\t😀\r\n", #"{"from":"ü","to":"😀"}"#,
      #"<?xml version="1.0" encoding="UTF-16"?><graphml><graph edgedefault="directed"><edge source="ü" target="😀"/></graph></graphml>"#,
    ] {
      for piece in [1, 3, 1000] {
        #expect(
          try await load(bytes(text.utf16), piece: piece) == [
            "graph/edge/Node/%C3%BC/edge/Node/%F0%9F%98%80"
          ],
          "\(text), \(piece)")
      }
    }
    // Half a pair, and half a unit.
    let error = await #expect(throws: KVError.self) {
      _ = try await load(bytes(Array("from,to\na,".utf16) + [0xD83D, 0x61, 0x0A]), piece: 2)
    }
    #expect(error?.message == "f:2: invalid UTF-8")
    await #expect(throws: KVError.self) { _ = try await load(bytes("from,to\na,b".utf16) + [0], piece: 2) }
  }

  @Test func placesBeyondTheLastNode() async throws {
    for place in ["2", "-1"] {
      let error = await #expect(throws: KVError.self) {
        _ = try await load(
          #"{"nodes":[{"name":"a"},{"name":"b"}],"links":[{"source":0,"target":\#(place)}]}"#)
      }
      #expect(
        error?.message.hasSuffix(
          "the edge names the node at place \(place), and the last of the file is at 1")
          == true)
    }
  }

  @Test func tablesThatSpeakOfGraphs() async throws {
    #expect(
      try await load("from\tto\tnote\na\tb\tthe graph [x]\n") == [
        #"graph/edge/Node/a/edge/Node/b {"note":"the graph [x]"}"#
      ])
  }

  /// APOC writes no labels and no properties where a node has none.
  @Test func apocNodesWithoutAnything() async throws {
    let lines = [
      #"{"type":"node","id":"0","labels":["User"],"properties":{"name":"Ann"}}"#,
      #"{"type":"node","id":"1"}"#,
      #"{"id":"0","type":"relationship","label":"KNOWS","start":{"id":"0","labels":["User"]},"end":{"id":"1"}}"#,
    ]
    #expect(
      try await load(lines.joined(separator: "\n"))
        == [#"graph/edge/User/0/KNOWS/Node/1 {"id":"0"}"#, #"user/0 {"name":"Ann"}"#])
  }

  /// Of several nodes of the database with an id, the one of the type that is asked for.
  @Test func nodeTypeDecidesBetweenStoredNodes() async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    _ = try await graph.load(ImportSource(name: "f", text: "type,id,x\nUser,1,1\nPost,1,1\nPost,2,1\n"))
    let edges = ImportSource(name: "e", text: "from,to\n1,2\n3,2\n")
    await expectError(.invalidData) { _ = try await graph.load(edges) }
    _ = try await graph.load(edges, options: ImportOptions(nodeType: "User"))
    #expect(
      try await graph.store.getPrefix("graph/edge/").map(\.key)
        == ["graph/edge/User/1/edge/Post/2", "graph/edge/User/3/edge/Post/2"])
  }

  @Test func jsonGraphFormat() async throws {
    let edge = #"{"source":"a","target":"b","relation":"knows","directed":true,"metadata":{"w":1}}"#
    for text in [
      #"{"graph":{"directed":true,"nodes":{"a":{"label":"Ann","metadata":{"type":"U","age":3}},"b":{"metadata":{"type":"U"}}},"edges":[\#(edge)]}}"#,
      #"{"graph":{"nodes":[{"id":"a","label":"Ann","metadata":{"type":"U","age":3}},{"id":"b","metadata":{"type":"U"}}],"edges":[\#(edge)]}}"#,
      #"{"graphs":[{"nodes":{"a":{"label":"Ann","metadata":{"type":"U","age":3}}}},{"nodes":{"b":{"metadata":{"type":"U"}}},"edges":[\#(edge)]}]}"#,
    ] {
      #expect(
        try await load(text) == ["graph/edge/U/a/knows/U/b {\"w\":1}", #"u/a {"label":"Ann","age":3}"#],
        "\(text)")
    }
  }

  @Test func neo4j() async throws {
    let text = #"""
      {"type":"node","id":"0","labels":["User","Admin"],"properties":{"name":"Adam","age":42}}
      {"type":"node","id":"1","labels":["User"]}
      {"id":"0","type":"relationship","label":"KNOWS","properties":{"since":1993},"start":{"id":"0","labels":["User"]},"end":{"id":"1","labels":["User"]}}
      """#
    #expect(
      try await load(text)
        == [
          #"graph/edge/User/0/KNOWS/User/1 {"since":1993,"id":"0"}"#,
          #"user/0 {"@labels":["User","Admin"],"name":"Adam","age":42}"#,
        ])
  }

  @Test func graphML() async throws {
    let text = GraphMLReaderTests.wholeDocument
    #expect(
      try await load(text) == [
        #"graph/edge/U/a%20&%20b/KNOWS/V/c {"id":"e0","weight":1.50,"seen":false}"#,
        ##"u/a & b {"fill":"#FFF"}"##, #"v/c {"d9":"unknown"}"#,
      ])
    let error = await #expect(throws: KVError.self) { _ = try await load("<graphml>\n<graph></graphml>") }
    #expect(error?.message == "f:2: as GraphML: mismatched tag")
  }

  @Test(
    "CSV of edges and of nodes",
    arguments: [
      (
        "from_type,from_id,to_type,to_id,edge_type,data\r\nU,\"a,\"\"b\",U,c,t,\"{\"\"n\"\":[1,2]}\"\r\n",
        #"graph/edge/U/a%2C%22b/t/U/c {"n":[1,2]}"#
      ),
      ("source;target;type;weight;note\na;b;t;1.50;\n\n", #"graph/edge/Node/a/t/Node/b {"weight":1.50}"#),
      (
        "  source   target km note\n\na   b 5  \"x y\" \n",
        #"graph/edge/Node/a/edge/Node/b {"km":5,"note":"x y"}"#
      ),
      ("Source,Target,Type,Weight\na,b,directed,2\n", #"graph/edge/Node/a/edge/Node/b {"Weight":2}"#),
      ("source|target|km\na|b|5\n", #"graph/edge/Node/a/edge/Node/b {"km":5}"#),
      ("\u{FEFF}from\tto\tedge_type\nU:a\tU:b\tt", "graph/edge/Node/U:a/t/Node/U:b "),
      ("id,type,name,zip\na,U,Ann,007\n", #"u/a {"name":"Ann","zip":"007"}"#),
      ("from,to,type,note\na,b,t,\"two\nlines\"\n", #"graph/edge/Node/a/t/Node/b {"note":"two\nlines"}"#),
      ("from,to,type\ra,b,t\r", "graph/edge/Node/a/t/Node/b "),
      ("from,to,type,source\na,b,t,wiki\n", #"graph/edge/Node/a/t/Node/b {"source":"wiki"}"#),
      ("From , TO,Kind\na, b ,x\n", #"graph/edge/Node/a/edge/Node/b {"Kind":"x"}"#),
      ("from,to,a,b\nx,y\n,,,\n", "graph/edge/Node/x/edge/Node/y "),
      ("from_type,from,to_type,to,type\nU,a,U,b,t\n", "graph/edge/U/a/t/U/b "),
      ("#source\ttarget\tw\na\tb\t1\n", #"graph/edge/Node/a/edge/Node/b {"w":1}"#),
      (
        "# of roads, \"2026\"\n\n# in km\nsource;target;km\na;b;1\n",
        #"graph/edge/Node/a/edge/Node/b {"km":1}"#
      ),
      ("#,source,target\n1,a,b\n", ##"graph/edge/Node/a/edge/Node/b {"#":1}"##),
      ("# FromNodeId\tToNodeId\n0\t1\n", "graph/edge/Node/0/edge/Node/1 "),
      ("# a,b\n0,1\n", "graph/edge/Node/0/edge/Node/1 "),
    ])
  func csv(_ text: String, _ expected: String) async throws {
    #expect(try await load(text) == [expected])
  }

  @Test(
    "a bad CSV says where",
    arguments: [
      ("from,to\na,b,c", "f:2: 3 cells where the header has 2"),
      ("from,to\na", "f:2: the edge has no \"to\""),
      (":START_ID,:END_ID,age:int\na,b,old", #"f:2: "age" is "old", which is no whole number"#),
      ("from,to,to\n", "f:1: the header names \"to\" twice"),
      ("from,to,type\nU:a,U:b,\"t", "f:2: the quoted cell does not end"),
      ("from,to,data,x\n", "f:1: the header names both data and \"x\"; data holds all there is"),
      (
        "from,to,type,data\nU:a,U:b,t,{",
        "f:2: \"data\" is not JSON: line 1, column 2: expected a member name in quotes"
      ),
      ("from,to,type\n,U:b,t", "f:2: the edge has no \"from\""),
    ])
  func badCSV(_ text: String, _ message: String) async throws {
    let error = await #expect(throws: KVError.self) { _ = try await load(text) }
    #expect(error?.message == message)
  }

  @Test("what is ambiguous keeps its meaning, and what would be lost is refused")
  func traps() async throws {
    let types = ImportOptions(nodeType: "Z")
    #expect(
      try await load(
        #"{"directed":true,"nodes":[{"id":"U:a","type":"U","n":1}],"links":[{"source":"U:a","target":"U:a","type":"t"}]}"#,
        types)
        == ["graph/edge/U/a/t/U/a ", #"u/a {"n":1}"#])
    #expect(
      try await load(
        #"{"elements":{"nodes":[{"data":{"id":"a","type":"U","source":"x","target":"y"}}],"edges":[]}}"#)
        == [#"u/a {"source":"x","target":"y"}"#])
    #expect(
      try await load(
        #"{"graph":{"name":"g"},"nodes":[{"id":"U:a","n":1}],"links":[{"source":"U:a","target":"U:b","type":"t"}]}"#
      )
        == ["graph/edge/Node/U:a/t/Node/U:b ", #"node/U:a {"n":1}"#])
    #expect(
      try await load(
        #"{"version":"2","graph":{"nodes":{},"edges":[{"source":"U:a","target":"U:b","relation":"t"}]}}"#)
        == ["graph/edge/Node/U:a/t/Node/U:b "])
    #expect(
      try await load(#"{"from":"U:a","to":"U:b","type":"t","since":3,"graph":{"edges":[]}}"#)
        == [#"graph/edge/U/a/t/U/b {"since":3,"graph":{"edges":[]}}"#])
    #expect(
      try await load(
        #"<graphml><key id="k" attr.name="b" attr.type="boolean"/><graph><node id="U:a"><port name="p"><data key="k">x</data></port><data key="k">True</data></node></graph></graphml>"#
      ) == [#"node/U:a {"b":true}"#])
    for (text, reason) in [
      (#"{"from":"U:a","to":"U:b","type":"t","data":1,"since":3}"#, "which belongs into it"),
      (#"{"nodes":[{"type":"Graph","id":"edge/A/1/x/B/2","n":1}]}"#, "kept for other records"),
      (#"{"nodes":[{"type":"U","id":"a\u0000","n":1}]}"#, "U+0000"),
      ("<html></html>", "no graphml"),
      (#"<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><graphml>&x;</graphml>"#, "external"),
    ] {
      let error = await #expect(throws: KVError.self) { _ = try await load(text, types) }
      #expect(
        error?.message.contains(reason) == true && error?.code == .invalidData,
        "\(text): \(error?.message ?? "")")
    }
    let latin = await #expect(throws: KVError.self) {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      _ = try await graph.load(
        ImportSource(name: "f") {
          var bytes = Array("from,to,type\nU:M".utf8) + [0xFC] + Array("ller,U:b,t\n".utf8)
          return {
            defer { bytes = [] }
            return bytes
          }
        })
    }
    #expect(latin?.message == "f:2: invalid UTF-8")
  }

}

@Suite struct ImportChoiceTests {
  static let lines = """
    {"from":"U:a","to":"U:b","type":"t"}
    {"from":"U:a","to":
    {"from":"U:a","type":"t"}
    {"from":"U:b","to":"U:c","type":"t"}
    """

  @Test func whatIsInvalidIsLeftOutAndNamed() async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    let named = Mutex<[String]>([])
    let source = ImportSource(name: "f", text: Self.lines)
    let summary = try await graph.load(source, skipped: { what in named.withLock { $0.append(what) } })
    #expect(summary.edges.added == 2 && summary.invalid == 2)
    #expect(
      named.withLock { $0 } == [
        "f:2: not JSON: the text ends where a value should be",
        "f:3: the edge has no 'to'",
      ])
  }

  @Test("leaving out what is invalid changes nothing of what is valid")
  func validStaysValid() async throws {
    let edge = #"{"from":"U:a","to":"U:b","type":"t"}"#
    for (text, invalid) in [
      (edge + "\n{\n\"from\":\"U:a\",\n\"to\":\"U:c\",\"type\":\"t\"}\n", 0),
      ("[\(edge),\n{\"from\":},\n{\"from\":\"U:a\",\"to\":\"U:c\",\"type\":\"t\"}]", 1),
      ("from,to,type\nU:a,U:b,t\n\"U:a\"z,U:b,y\nU:a,U:c,t\n", 1),
    ] {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      let summary = try await graph.load(ImportSource(name: "f", text: text), skipped: { _ in })
      #expect(summary.edges.added == 2 && summary.invalid == invalid, "\(text)")
    }
  }

  @Test("a dry run counts what an import would do, and writes nothing", arguments: TestBackend.all)
  func dryRun(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let edge = #"{"from":"U:a","to":"U:b","type":"t"}"#
    _ = try await graph.load(ImportSource(name: "f", text: edge))
    let sequence = try await graph.store.streamSequence()
    let text = edge + "\n" + #"{"from":"U:b","to":"U:c","type":"t"}"#
    for policy in [ConflictPolicy.skip, .replace] {
      var options = ImportOptions(onConflict: policy)
      options.dryRun = DryRun(graph.store)
      let rehearsed = try await graph.load(ImportSource(name: "f", text: text), options: options)
      #expect(rehearsed.edges.added == 1 && rehearsed.edges.skipped + rehearsed.edges.replaced == 1)
    }
    var options = ImportOptions()
    options.dryRun = DryRun(graph.store)
    let error = await #expect(throws: KVError.self) {
      _ = try await graph.load(ImportSource(name: "f", text: text), options: options)
    }
    #expect(error?.message.hasPrefix("f:1: the edge U:a -[t]-> U:b exists already") == true)
    #expect(try await graph.store.streamSequence() == sequence)
  }

  @Test("a dry run fails where the import would, with the line of the file", arguments: TestBackend.all)
  func dryRunConflicts(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    try await graph.add(Node(NodeReference(type: "User", id: "a"), value: ["n": 1]))
    let edges = #"{"from":"U:x","to":"U:y","type":"t"}"# + "\n" + #"{"from":"U:y","to":"U:x","type":"t"}"#
    let other = #"{"type":"Z","id":"z","n":1}"# + "\n" + #"{"type":"user","id":"a","n":2}"#
    let sources = [ImportSource(name: "e", text: edges), ImportSource(name: "n", text: other)]
    for policy in ConflictPolicy.allCases {
      var messages: [String] = []
      for isDry in [true, false] {
        var options = ImportOptions(onConflict: policy)
        if isDry { options.dryRun = DryRun(graph.store) }
        let error = await #expect(throws: KVError.self) {
          try await graph.load(sources, options: options) { _, _ in }
        }
        messages.append(error?.message ?? "")
        if !isDry { try await graph.store.deletePrefix("graph/") }
      }
      // rqlite says besides what it has kept.
      #expect(
        messages[1].hasPrefix(messages[0]) && messages[0].hasPrefix("n:2: "), "\(policy): \(messages)")
    }
  }

  @Test("named columns are those of the files that have them")
  func namedColumns() async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    var options = ImportOptions(nodeType: "C", edgeType: "road")
    options.columns = ImportOptions.Columns(from: "a", to: "b")
    let nodes = ImportSource(name: "nodes.csv", text: "id,name\n1,Oslo\n2,Bergen\n")
    let edges = ImportSource(name: "edges.csv", text: "a,b,km\n1,2,463\n")
    try await graph.load([nodes, edges], options: options) { _, _ in }
    #expect(try await graph.store.list().map(\.key) == ["c/1", "c/2", "graph/edge/C/1/road/C/2"])
    // A slip of the pen is none of a file of nodes.
    for (from, text) in [("x", "id,a,b\n1,2,3\n"), ("x", "p,q\n2,3\n"), ("x", "id,b\n2,3\n")] {
      options.columns = ImportOptions.Columns(from: from, to: "b")
      await expectError(.usage) {
        try await graph.load(ImportSource(name: "f", text: text), options: options)
      }
    }
  }
}

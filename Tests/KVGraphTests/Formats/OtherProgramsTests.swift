import KV
import TestSupport
import Testing

@testable import KVGraph

/// Files as other programs have written them, which are like others that mean something else.
@Suite struct OtherProgramsTests {
  private struct File: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var edges: [String]
    var note: String?

    var testDescription: String { name }

    init(_ name: String, _ text: String, _ edges: [String], note: String? = nil) {
      (self.name, self.text, self.edges, self.note) = (name, text, edges, note)
    }
  }

  private static let files: [File] = [
    File(
      "older Pajek, by place.net",
      "*Vertices 2\n1 \"a\"\n2 \"b\"\n*Arcs\n1 2 1 0 -1 1 Sepia Solid A 2 0 1 0 1\n2 1 2.5 w 3 c Blue\n",
      [#"Node:a edge Node:b {"weight":1}"#, #"Node:b edge Node:a {"weight":2.5,"w":3,"c":"Blue"}"#],
      note: "attributes without names"),
    File(
      "negative.net", "*Vertices 3\n1 \"a\"\n2 \"b\"\n3 \"c\"\n*Arcslist\n-1 2 3\n2 -3\n",
      [
        #"Node:a edge Node:b {"weight":-1}"#, #"Node:a edge Node:c {"weight":-1}"#,
        #"Node:b edge Node:c {"weight":-1}"#,
      ]),
    File(
      "without zeros.net", "*Vertices 2\n1 \"a\"\n2 \"b\"\n*Arcs\n1 2 .5\n2 1 +3\n",
      [#"Node:a edge Node:b {"weight":0.5}"#, #"Node:b edge Node:a {"weight":3}"#]),
    File(
      "without zeros.txt", "a b .5\nb c +2.\n",
      [#"Node:a edge Node:b {"weight":0.5}"#, #"Node:b edge Node:c {"weight":2.0}"#]),
    File("old Mac.txt", "a b\rc d\r", ["Node:a edge Node:b", "Node:c edge Node:d"]),
    File("old Mac.net", "*Vertices 2\r1 \"a\"\r2 \"b\"\r*Edges\r1 2\r", ["Node:a edge Node:b"]),
    File("old Mac.csv", "from,to,w\ra,b,1\r", [#"Node:a edge Node:b {"w":1}"#]),
    File(
      "write_adjlist.txt", "#-c\n# GMT Sun Nov 29 10:00:00 2026\n# \n0 1 2\n1 2\n2 0\n",
      ["Node:0 edge Node:1", "Node:0 edge Node:2", "Node:1 edge Node:2", "Node:2 edge Node:0"]),
    File("several.sif", "A\tpp\tB\tC\nE\n", ["Node:A pp Node:B", "Node:A pp Node:C"]),
    File(
      "LDBC.csv", "Person.id|Person.id|creationDate\n933|4139|2010-03-13\n",
      [#"Person:933 edge Person:4139 {"creationDate":"2010-03-13"}"#]),
    File("two types of LDBC.csv", "Forum.id|Tag.id\n1|1\n", ["Forum:1 edge Tag:1"]),
    File("one name twice.csv", "name,name,since\na,b,1\n", [#"Node:a edge Node:b {"since":1}"#]),
    File(
      "Neo4j.csv", ":START_ID,:END_ID,:TYPE,w:double,n:int\na,b,t,.5,+7\n",
      [#"Node:a t Node:b {"w":0.5,"n":7}"#]),
    File(
      "graphology.json",
      #"{"options":{"type":"mixed"},"nodes":[{"key":"a"},{"key":"b"}],"edges":[{"source":"b","target":"a","undirected":true}]}"#,
      ["Node:a edge Node:b"], note: "undirected"),
    File(
      "declared.gexf",
      #"<gexf><graph><attributes class="edge"><attribute id="0" title="w" type="float"/></attributes><edges><edge source="a" target="b" weight=".25"><attvalues><attvalue for="0" value=".5"/></attvalues></edge></edges></graph></gexf>"#,
      [#"Node:a edge Node:b {"weight":0.25,"w":0.5}"#]),
    File(
      "links with quotes.mmd", "flowchart LR\n A -- \"x --> y\" --> B\n B == \"a\" ==> C\n",
      [#"Node:A edge Node:B {"label":"x --> y"}"#, #"Node:B edge Node:C {"label":"a"}"#]),
    File(
      "edges of kv.csv", "from,type,to,key,data\nU:a,t,P:b:c,2,\"{\"\"w\"\":1}\"\nU:a,t,P:d,,\n",
      [#"U:a t P:b:c {"w":1}"#, "U:a t P:d"]),
    File("Excel.csv", "sep=;\r\nfrom;to;w\r\na;b;1,5\r\n", [#"Node:a edge Node:b {"w":"1,5"}"#]),
    File(
      "vis.js.json", #"{"nodes":[{"id":1}],"edges":[{"from":1,"to":1,"id":"q","data":{"x":1}}]}"#,
      [#"Node:1 edge Node:1 {"id":"q","x":1}"#]),
    File(
      "relationships of SPDX.jsonl",
      #"{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"}"#,
      ["Node:SPDXRef-a DEPENDS_ON Node:SPDXRef-b"]),
    File("SNAP's header.txt", "FromNodeId ToNodeId\n1 2\n", ["Node:1 edge Node:2"]),
    File("Source Node.csv", "Source Node,Target Node\nann,bob\n", ["Node:ann edge Node:bob"]),
    File(
      "decimal commas.txt", "1 2 1,5\n2 3 0,25\n",
      [#"Node:1 edge Node:2 {"weight":1.5}"#, #"Node:2 edge Node:3 {"weight":0.25}"#]),
    File(
      "decimal commas.tsv", "a\tb\t1,5\nb\tc\t2\n",
      [
        #"Node:a edge Node:b {"weight":1.5}"#, #"Node:b edge Node:c {"weight":2}"#,
      ]),
    File("blanks and tabs.txt", "1 2\n3\t4\n", ["Node:1 edge Node:2", "Node:3 edge Node:4"]),
    File(
      "a comma in a name.txt", "a b 1\nb x,y 3\n",
      [#"Node:a edge Node:b {"weight":1}"#, #"Node:b edge Node:x,y {"weight":3}"#]),
    File(
      "HTTP of Neo4j.json",
      #"{"nodes":[{"id":"1"}],"relationships":[{"id":"7","type":"K","startNode":"1","endNode":"1","properties":{"w":1}}]}"#,
      [#"Node:1 K Node:1 {"w":1,"id":"7"}"#]),
    File(
      "Gremlin.jsonl", #"{"id":"7","label":"knows","outV":"a","inV":"b"}"#,
      [#"Node:a knows Node:b {"id":"7"}"#]),
    File(
      "ArangoDB.jsonl", #"{"_from":"u/1","_to":"u/2","since":3}"#, [#"Node:u/1 edge Node:u/2 {"since":3}"#]),
    File(
      "ids of ends.json", #"{"edges":[{"source_id":1,"target_id":2,"type":"t"}]}"#, ["Node:1 t Node:2"]),
  ]

  @Test(arguments: files.indices)
  func comeInAsTheyAreMeant(place: Int) async throws {
    let file = Self.files[place]
    let graph = Graph(try await TestBackend.sqlite.store())
    let result = try await graph.load(ImportSource(name: file.name, text: file.text))
    var edges: [String] = []
    for try await edge in graph.edges() {
      edges.append("\(edge.from) \(edge.type) \(edge.to)\(edge.data.map { " \($0.text)" } ?? "")")
    }
    #expect(edges == file.edges, "\(file.name)")
    if let note = file.note { #expect("\(result)".contains(note), "\(result)") }
  }

  @Test func nodesOfGraphalyticsStandByThemselves() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.load(ImportSource(name: "g.v", text: "1\n2\n10\n"))
    _ = try await graph.load(ImportSource(name: "g.e", text: "1 2 0.5\n"))
    #expect(try await Adjacency(of: graph).nodes.map(\.id) == ["1", "10", "2"])
    // Without its name it may be anything.
    await #expect(throws: KVError.self) {
      try await graph.load(ImportSource(name: "g", text: "1\n2\n10\n"))
    }
  }

  @Test(arguments: [
    "4\n1 2 3\n2 3 1\n3 4 2\n", "3\n2\n0 1\n1 2\n", "*Vertices 3\n1 \"a\"\n2 \"b\"\n3 \"c\"\n*Matrix\n1 0\n",
    "from,to,x,x\na,b,1,2\n", "a,a,a\n1,2,3\n", "protein1 protein2 combined_score\nA B 173\nB C 154\n",
    "<http://a> <http://p> <http://b> .\n", "@prefix ex: <http://a/> .\nex:a ex:p ex:b .\n",
    #"{"spdxVersion":"SPDX-2.3","packages":[{"name":"a"}]}"#,
    "0 1 1.5\n1 2 NA\n2 3 4\n", "person,relation,other\nann,knows,bob\n", "name,team\nsvc,core\n",
    #"{"nodes":[{"id":"x"}],"links":[{"id":"x"}]}"#, #"{"edges":[{"id":"1","a":"x","b":"y"}]}"#,
  ])
  func whatIsNotMeantSoIsRefused(text: String) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let error = await #expect(throws: KVError.self) {
      try await graph.load(ImportSource(name: "file", text: text))
    }
    #expect(error?.code == .invalidData, "\(error?.message ?? "")")
    #expect(try await graph.edgeCount == 0)
  }
}

import KV
import TestSupport
import Testing

@testable import KVGraph

func node(_ text: String) throws -> NodeReference { try #require(NodeReference(text)) }

func edge(_ from: String, _ type: String, _ to: String, _ data: String? = nil) throws -> Edge {
  Edge(from: try node(from), to: try node(to), type: type, data: try data.map { try JSON(parsing: $0) })
}

@Suite struct GraphTests {
  func graph(_ backend: TestBackend, _ edges: [Edge] = []) async throws -> Graph {
    let graph = Graph(try await backend.store())
    for edge in edges { try await graph.add(edge) }
    return graph
  }

  @Test(arguments: TestBackend.all) func anEdgeIsOneRecord(_ backend: TestBackend) async throws {
    let graph = try await graph(backend, [edge("User:a/b", "likes it", "Post:1", #"{"w": 1.0}"#)])
    let record = try #require(try await graph.store.list().first)
    #expect(record.key == "graph/edge/User/a%2Fb/likes%20it/Post/1")
    #expect(record.type == "Edge")
    #expect(
      try record.value.pretty
        == JSON(
          parsing:
            #"{"data":{"w":1.0},"from":{"id":"a/b","type":"User"},"to":{"id":"1","type":"Post"},"type":"likes it"}"#
        ).pretty
    )
    #expect(try await graph.store.count(.all) == 1)
  }

  @Test(arguments: TestBackend.all) func addingAgainIsAConflictUnlessReplacing(_ backend: TestBackend)
    async throws
  {
    let graph = try await graph(backend, [edge("U:a", "t", "U:b")])
    let again = try edge("U:a", "t", "U:b", "1")
    let error = await #expect(throws: KVError.self) { try await graph.add(again) }
    #expect(error?.code == .conflict)
    try await graph.add(again, replacing: true)
    #expect(try await graph.edge(from: again.from, to: again.to, type: "t") == again)
    try await graph.remove(again)
    let gone = await #expect(throws: KVError.self) { try await graph.remove(again) }
    #expect(gone?.code == .notFound)
  }

  @Test(arguments: TestBackend.all) func emptyPartsAndStarsAreUsageErrors(_ backend: TestBackend) async throws
  {
    let graph = try await graph(backend)
    for (type, id, edgeType) in [
      ("", "x", "t"), ("x", "", "t"), ("x", "x", ""), ("*", "x", "t"), ("x", "*", "t"), ("x", "x", "*"),
    ] {
      let bad = Edge(from: NodeReference(type: type, id: id), to: try node("A:b"), type: edgeType)
      let error = await #expect(throws: KVError.self) { try await graph.add(bad) }
      #expect(error?.code == .usage)
    }
  }

  @Test("(a:b, c) and (a, b:c) are different nodes and print differently")
  func nodesAreNotConfused() throws {
    let left = NodeReference(type: "a:b", id: "c")
    let right = NodeReference(type: "a", id: "b:c")
    #expect(left != right && left.path != right.path && "\(left)" != "\(right)")
    #expect(NodeReference("\(left)") == left && NodeReference("\(right)") == right)
  }

  @Test("any types, ids and data go through keys and back", arguments: TestBackend.all)
  func anyTextSurvives(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    let graph = try await graph(backend)
    for _ in 0..<200 {
      let texts = (0..<5).map { _ in random.text(upTo: 8).replacing("*", with: "+") }
      let edge = Edge(
        from: NodeReference(type: texts[0], id: texts[1]), to: NodeReference(type: texts[2], id: texts[3]),
        type: texts[4])
      guard texts.allSatisfy({ !$0.utf8.contains(0) }) else { continue }
      #expect(EdgeKey(edge.key).flatMap(Edge.init) == edge, "seed \(random.seed)")
      try await graph.add(edge, replacing: true)
      for try await found in try await graph.incoming(of: edge.to, type: edge.type)
      where found.from == edge.from {
        #expect(found == edge, "seed \(random.seed)")
      }
    }
  }

  @Test(
    "keys that only look like edges are none",
    arguments: [
      "graph/edge/a/b/c/d", "graph/edge/a/b/c/d/e/f/g", "graph/edge/a/b//d/e", "graph/edge/a/b/c/d/",
      "graph/edge/a b/b/c/d/e",
      "graph/edge/%61/b/c/d/e", "graph/edge/a/%2f/c/d/e", "graph/edge/a/%/c/d/e", "graph/edge/a/%FF/c/d/e",
      "graph/edges",
    ])
  func lookalikes(_ key: String) { #expect(EdgeKey(key) == nil) }

  @Test(arguments: TestBackend.all) func outgoingAndIncomingComeInKeyOrder(_ backend: TestBackend)
    async throws
  {
    let graph = try await graph(
      backend,
      [
        edge("U:a", "t", "U:c"), edge("U:a", "s", "U:b"), edge("U:a", "t", "U:b"), edge("U:ab", "t", "U:b"),
        edge("U:b", "t", "U:b"),
      ])
    func list(_ edges: EdgeSequence) async throws -> [String] {
      var texts: [String] = []
      for try await edge in edges { texts.append("\(edge)") }
      return texts
    }
    let (a, b) = (try node("U:a"), try node("U:b"))
    #expect(try await list(graph.outgoing(of: a)) == ["U:a -[s]-> U:b", "U:a -[t]-> U:b", "U:a -[t]-> U:c"])
    #expect(try await list(graph.outgoing(of: a, type: "t")).count == 2)
    #expect(
      try await list(graph.incoming(of: b)) == [
        "U:a -[s]-> U:b", "U:a -[t]-> U:b", "U:ab -[t]-> U:b", "U:b -[t]-> U:b",
      ])
    #expect(try await list(graph.incoming(of: b, type: "s")).count == 1)
    #expect(try await graph.neighborhood(of: b, depth: 1).count == 4)
  }

  @Test("index records are kept where a-h/kv made the tables, and nowhere else", arguments: TestBackend.all)
  func indexRecords(_ backend: TestBackend) async throws {
    let own = try await graph(backend)
    try await own.store.put("graph/node/U/x/outgoing/t/U/y", .null, type: "EdgeRef")
    try await own.add(edge("U:a", "t", "U:b"))
    #expect(try await own.store.count(.prefix("graph/node/")) == 1)
    let graph = Graph(try await backend.database().keepingIndexRecords())
    let added = try edge("U:a b", "t", "P:1")
    try await graph.add(added)
    let record = try #require(try await graph.store.get("graph/node/P/1/incoming/t/U/a%20b"))
    #expect(record.type == "EdgeRef")
    #expect(
      try record.value.pretty == JSON(parsing: #"{"edgeType":"t","node":{"id":"a b","type":"U"}}"#).pretty)
    #expect(try await graph.store.get("graph/node/U/a%20b/outgoing/t/P/1") != nil)
    var parallel = added
    parallel.parallelKey = "2"
    try await graph.add(parallel)
    try await graph.remove(added)
    #expect(try await graph.store.count(.prefix("graph/node/")) == 2, "a parallel edge is left")
    try await graph.remove(parallel)
    #expect(try await graph.store.count(.prefix("graph/node/")) == 0)
  }

  @Test("neighbors, degrees and mutual neighbors, in each direction", arguments: TestBackend.all)
  func neighborhoods(_ backend: TestBackend) async throws {
    let graph = try await graph(
      backend,
      [
        edge("U:a", "t", "U:b"), edge("U:a", "s", "U:b"), edge("U:a", "t", "U:a"), edge("U:b", "t", "U:c"),
        edge("U:d", "t", "U:a"), edge("U:d", "s", "U:c"),
      ])
    func neighbors(_ direction: EdgeDirection, _ depth: Int? = nil, _ types: [String] = []) async throws
      -> [String]
    {
      try await graph.neighbors(
        of: node("U:a"),
        options: TraversalOptions(direction: direction, maxDepth: depth ?? 1, edgeTypes: types)
      ).map(\.description)
    }
    #expect(try await neighbors(.out) == ["U:b"])
    #expect(try await neighbors(.in) == ["U:d"])
    #expect(try await neighbors(.any) == ["U:b", "U:d"])
    #expect(try await neighbors(.any, 0) == [])
    #expect(try await neighbors(.out, 2) == ["U:b", "U:c"])
    #expect(try await neighbors(.any, 9, ["s"]) == ["U:b"])
    #expect(try await graph.degree(of: node("U:a")) == Degree(outgoing: 3, incoming: 2))
    #expect(
      try await graph.degree(of: node("U:a"), options: TraversalOptions(edgeTypes: ["s"]))
        == Degree(outgoing: 1, incoming: 0))
    #expect(try await graph.degree(of: node("U:nobody")) == Degree(outgoing: 0, incoming: 0))
    #expect(try await graph.mutualNeighbors(of: node("U:b"), and: node("U:d")) == [node("U:c")])
    #expect(
      try await graph.mutualNeighbors(
        of: node("U:b"), and: node("U:d"), options: TraversalOptions(direction: .any))
        == [node("U:a"), node("U:c")])
  }
}

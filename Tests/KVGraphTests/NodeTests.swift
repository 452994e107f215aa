import KV
import TestSupport
import Testing

@testable import KVGraph

/// Nodes with and without records, on every backend.
@Suite struct NodeTests {
  func graph(_ backend: TestBackend, _ edges: [Edge] = []) async throws -> Graph {
    let graph = Graph(try await backend.store())
    for edge in edges { try await graph.add(edge) }
    return graph
  }

  func names(_ graph: Graph, _ selection: NodeSelection = NodeSelection()) async throws -> [String] {
    var names: [String] = []
    try await graph.forEachNode(selection) {
      names.append("\($0.reference)")
      return true
    }
    return names
  }

  @Test(
    "a node is there by an edge, or by a record of its type, and not by a plain one",
    arguments: TestBackend.all)
  func existence(_ backend: TestBackend) async throws {
    let graph = try await graph(backend, [edge("User:a", "t", "User:b")])
    try await graph.store.put("user/plain", JSON(members: []))
    try await graph.store.put("user/b", JSON(parsing: #"{"n":1}"#))
    try await graph.store.put("user/typed", JSON(members: []), type: "User")
    try await graph.store.put("graph/x", JSON(1), type: "Graph")
    try await graph.add(Node(node("Post:1/2")))
    #expect(try await names(graph) == ["Post:1/2", "User:a", "User:b", "User:typed"])
    #expect(try await graph.node(node("User:b"))?.value?.text == #"{"n":1}"#)
    #expect(try await graph.node(node("User:plain")) == nil)
    #expect(try await graph.node(node("user:typed")) == nil)
    let statistics = try await Adjacency(of: graph).statistics
    #expect(statistics.nodes == 4 && statistics.isolated == 2 && statistics.components == 3)
    var selection = NodeSelection()
    selection.isIsolated = true
    #expect(try await names(graph, selection) == ["Post:1/2", "User:typed"])
    (selection.isIsolated, selection.lacksRecord) = (false, true)
    #expect(try await names(graph, selection) == ["User:a"])
    #expect(
      try await names(graph, NodeSelection(type: "User", predicate: NodePredicate("n = 1"))) == ["User:b"])
    #expect(try await graph.schema().undeclared.map(\.folder) == ["user"])
    #expect(try await graph.adopt("User", rehearsing: true) == 2)
    #expect(try await graph.adopt("User") == 2)
    #expect(try await names(graph).contains("User:plain"))
  }

  @Test(
    "types that share keys are in conflict, and reserved types and keys are refused",
    arguments: TestBackend.all)
  func conflicts(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    try await graph.add(Node(node("User:a"), value: JSON(1)))
    try await graph.add(Node(NodeReference(type: "a", id: "b/c")))
    for other in [NodeReference(type: "user", id: "a"), NodeReference(type: "a/b", id: "c")] {
      for replacing in [false, true] {
        await expectError(.conflict) { try await graph.add(Node(other), replacing: replacing) }
      }
      for policy in ConflictPolicy.allCases {
        let file = #"{"nodes":[{"type":"\#(other.type)","id":"\#(other.id)","n":1}]}"#
        let source = ImportSource(name: "f", text: file)
        let error = await expectError(.conflict) {
          try await graph.load(source, options: ImportOptions(onConflict: policy))
        }
        #expect(error?.message.hasPrefix("f:1: ") == true, "\(policy): \(error?.message ?? "")")
      }
    }
    #expect(try await graph.store.get("user/a")?.value == JSON(1))
    await expectError(.conflict) { try await graph.add(Node(node("User:a"))) }
    try await graph.add(Node(node("User:a"), value: JSON(2)), replacing: true)
    #expect(try await graph.store.get("user/a")?.version == 2)
    for type in ["json", "Edge", "EdgeRef"] {
      await expectError(.invalidData) { try await graph.add(Node(NodeReference(type: type, id: "x"))) }
      await expectError(.invalidData) { try await graph.add(edge("\(type):x", "t", "User:a")) }
    }
    for node in [
      NodeReference(type: "Graph", id: "x"), NodeReference(type: "github.com", id: "a-h/kv/stream/x"),
    ] {
      await expectError(.invalidData) { try await graph.add(Node(node)) }
    }
  }

  @Test("a node goes, or gets another name, with its record and all its edges", arguments: TestBackend.all)
  func renaming(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.database().keepingIndexRecords())
    _ = try await graph.setDirected(false, edgeType: "u")
    for edge in try [
      edge("N:b", "t", "N:b", "1"), edge("N:a", "t", "N:b", "2"), edge("N:b", "u", "N:c", "3"),
      edge("N:a", "u", "N:b", "4"), edge("N:c", "t", "N:d", "5"),
    ] {
      try await graph.add(edge)
    }
    var parallel = try edge("N:b", "t", "N:b", "6")
    parallel.parallelKey = "k"
    try await graph.add(parallel)
    try await graph.add(Node(node("N:b"), value: JSON(7)))
    await expectError(.conflict) { try await graph.rename(node("N:b"), to: node("N:d")) }
    #expect(try await graph.rename(node("N:b"), to: node("Z:z")) == 5)
    var found: [String] = []
    for try await edge in graph.edges(undirected: try await graph.undirectedTypes) {
      found.append("\(edge) \(edge.data?.text ?? "")")
    }
    #expect(
      found == [
        "N:a -[t]-> Z:z 2", "N:a -[u]- Z:z 4", "N:c -[t]-> N:d 5", "N:c -[u]- Z:z 3", "Z:z -[t]-> Z:z 1",
        "Z:z -[t#k]-> Z:z 6",
      ])
    #expect(try await graph.store.get("z/z")?.value == JSON(7))
    #expect(try await graph.node(node("N:b")) == nil)
    #expect(try await graph.verify { Issue.record("\($0)") }.faults == 0)
    #expect(try await graph.remove(node("Z:z"), rehearsing: true).edges == 5)
    let (edges, hadRecord) = try await graph.remove(node("Z:z"))
    #expect(edges == 5 && hadRecord)
    #expect(try await graph.edgeCount == 1)
    #expect(try await graph.store.get("z/z") == nil)
    #expect(try await graph.verify { Issue.record("\($0)") }.faults == 0)
    await expectError(.notFound) { try await graph.remove(node("Z:z")) }
  }

  @Test(
    "the types of nodes are found whether a record or either end of an edge has them",
    arguments: TestBackend.all)
  func types(_ backend: TestBackend) async throws {
    let graph = try await graph(
      backend,
      [
        edge("From:a", "t", "To:b"), edge("From:a", "t", "from:b"), edge("Z/ä:1", "t", "To:c"),
        edge("A:x", "t", "\u{1F600}:y"), edge("From.x:a", "t", "To2:b"),
      ])
    try await graph.add(Node(node("Alone:1")))
    try await graph.store.put("plain/1", JSON(members: []))
    let types = ["A", "Alone", "From", "From.x", "To", "To2", "Z/ä", "from", "\u{1F600}"]
    #expect(try await graph.nodeTypes() == types)
    #expect(try await graph.nodeTypes(limit: 1).contains("Alone"))
  }

  @Test("who misspells a node is told of those that are nearly called so")
  func suggestions() async throws {
    let graph = try await graph(
      .sqlite, [edge("User:alice", "t", "Post:10"), edge("Team:alice", "t", "Post:2")])
    for (wrong, advice) in [
      ("user:alice", "; did you mean User:alice or Team:alice?"),
      ("User:alise", "; did you mean User:alice?"),
      ("Post:3", ""), ("Post:100", "; did you mean Post:10?"), ("X:y", ""),
    ] {
      let error = await expectError(.notFound) { try await graph.require(node(wrong)) }
      #expect(error?.message == "no node \(wrong)\(advice)")
    }
  }

  @Test(
    "parallel edges are told by keys, and each search takes the one that serves it",
    arguments: TestBackend.all)
  func parallelEdges(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    for (key, weight) in [(nil, 5), ("x", 1), ("/ %", 3)] as [(String?, Int)] {
      var edge = try edge("N:a", "t", "N:b", #"{"w":\#(weight)}"#)
      edge.parallelKey = key
      try await graph.add(edge)
      await expectError(.conflict) { try await graph.add(edge) }
    }
    #expect(
      try await graph.parallelEdges(from: node("N:a"), to: node("N:b"), type: "t").map(\.parallelKey) == [
        nil, "/ %", "x",
      ])
    #expect(try await graph.store.get("graph/edge/N/a/t/N/b/%2F%20%25")?.value["key"] == JSON("/ %"))
    #expect(try await graph.degree(of: node("N:b")) == Degree(outgoing: 0, incoming: 3))
    let path = try #require(
      try await graph.shortestWeightedPath(
        from: node("N:a"), to: node("N:b"), weight: EdgeWeight("w")
      ).path)
    #expect("\(path)" == "N:a -[t#x]-> N:b" && path.weight == Weight(1))
    #expect(try await graph.shortestPaths(9, from: node("N:a"), to: node("N:b")).paths.count == 3)
    #expect(try await Adjacency(of: graph).statistics.edges == 3)
    let found = try await Adjacency(of: graph).shortestPath(from: node("N:a"), to: node("N:b"))
    let first = try Path(nodes: [node("N:a"), node("N:b")], edges: [edge("N:a", "t", "N:b")])
    #expect(found.paths == [first])
    let edge = try #require(
      try await graph.edge(from: node("N:a"), to: node("N:b"), type: "t", parallelKey: "x"))
    try await graph.remove(edge)
    #expect(try await graph.edgeCount == 2)
    #expect(try await graph.verify { Issue.record("\($0)") }.faults == 0)
  }

  @Test("edges of an undirected type lead both ways, and are one from either end", arguments: TestBackend.all)
  func undirected(_ backend: TestBackend) async throws {
    let graph = try await graph(backend, [edge("N:b", "u", "N:a", "1"), edge("N:b", "t", "N:c")])
    #expect(try await graph.setDirected(false, edgeType: "u").turned == 1)
    await expectError(.conflict) { try await graph.add(edge("N:b", "u", "N:a")) }
    await expectError(.conflict) { try await graph.add(edge("N:a", "u", "N:b")) }
    #expect(try await graph.edge(from: node("N:b"), to: node("N:a"), type: "u")?.data == JSON(1))
    for direction in EdgeDirection.allCases {
      for (from, to) in [("N:a", "N:b"), ("N:b", "N:a")] {
        let options = TraversalOptions(direction: direction, edgeTypes: ["u"])
        for result in try await [
          graph.shortestPath(from: node(from), to: node(to), options: options),
          Adjacency(of: graph).shortestPath(from: node(from), to: node(to), options: options),
        ] {
          #expect(result.path.map { "\($0)" } == "\(from) -[u]- \(to)", "\(direction)")
        }
      }
    }
    #expect(try await graph.neighbors(of: node("N:a")) == [node("N:b")])
    #expect(try await graph.degree(of: node("N:a")) == Degree(outgoing: 1, incoming: 1))
    #expect(try await Adjacency(of: graph).components(strong: true).map(\.count) == [2, 1])
    #expect(try await Adjacency(of: graph).cycle() == nil, "there and back is no cycle")
    try await graph.add(edge("N:c", "u", "N:a"))
    #expect(try await Adjacency(of: graph).cycle()?.count == 3)
    #expect(try await Adjacency(of: graph).topologicalOrder() == nil)
    // Those that are left out stand in no way.
    try await graph.add(edge("N:c", "d", "N:a"))
    for options in [
      TraversalOptions(edgeTypes: ["d"]), TraversalOptions(predicate: try EdgePredicate("@type = \"d\"")),
    ] {
      let directed = try await Adjacency(of: graph, options: options)
      #expect(try directed.topologicalOrder() == [node("N:c"), node("N:a")] && directed.cycle() == nil)
      #expect(directed.firstUndirectedEdge == nil)
    }
    // Another program may have written it from its other end.
    let turned = try edge("N:z", "u", "N:y", "9")
    try await graph.store.put(turned.key, turned.json, type: "Edge")
    #expect(try await graph.edge(from: node("N:y"), to: node("N:z"), type: "u")?.data == JSON(9))
    await expectError(.conflict) { try await graph.add(edge("N:y", "u", "N:z")) }
    var faults: [GraphFault.Kind] = []
    _ = try await graph.verify(repairing: true) { faults.append($0.kind) }
    #expect(faults == [.direction])
    #expect(try await graph.store.get("graph/edge/N/y/u/N/z") != nil)
    #expect(try await graph.verify { _ in }.faults == 0)
    try await graph.remove(turned)
    // Whose data differ cannot become one.
    try await graph.add(edge("N:x", "v", "N:y", "1"))
    try await graph.add(edge("N:y", "v", "N:x", "2"))
    await expectError(.conflict) { try await graph.setDirected(false, edgeType: "v") }
  }
}

import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// How queries run: as sequences, within their memory, and what is said of it.
@Suite struct QueryRunTests {
  private struct User: Decodable, Equatable {
    var id: String
    var age: Int?
    var friends: [String]
  }

  private func graph(_ backend: TestBackend = .sqlite) async throws -> Graph {
    let graph = Graph(try await backend.store())
    let text = #"""
      {"nodes":[{"type":"User","id":"alice","age":31},{"type":"User","id":"bob"}],
       "edges":[{"from":"User:alice","to":"User:bob","type":"follows"},{"from":"User:bob","to":"User:carol","type":"follows"}]}
      """#
    _ = try await graph.load(ImportSource(name: "g.json", text: text))
    return graph
  }

  /// No record is read for ids where none says another, and all are where one does.
  @Test(arguments: TestBackend.all)
  func idsOfManyNodesAreKnownWithoutTheirRecords(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let lines = (0..<1200).map {
      #"{"from":"A:\#($0)","to":"A:\#(($0 + 1) % 1200)","type":"t","data":{"id":"e\#($0)"}}"#
    }
    let nodes = (0..<1200).map { #"{"type":"A","id":"\#($0)","name":"n\#($0)"}"# }
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: (lines + nodes).joined(separator: "\n")))
    func answer() async throws -> (ids: Set<String>, edges: Set<String>, requests: Int) {
      var (ids, edges): (Set<String>, Set<String>) = ([], [])
      let summary = try await graph.query(
        "MATCH (a)-[e]->(b) RETURN b.id AS id, count(*), min(e.id) AS edge", isProfiled: true
      ) { values in
        ids.insert("\(values[0])")
        edges.insert("\(values[2])")
        return true
      }
      return (ids, edges, summary.profile.reduce(0) { $0 + ($1.requests ?? 0) })
    }
    let known = try await answer()
    let own = Set((0..<1200).map { "\($0)" })
    #expect(known.ids == own && known.edges.count == 1200)
    try await graph.add(
      Node(NodeReference(type: "A", id: "7"), value: JSON(parsing: #"{"id":"seven"}"#)), replacing: true)
    let read = try await answer()
    #expect(read.ids == own.subtracting(["7"]).union(["seven"]) && read.edges.count == 1200)
    #expect(known.requests < read.requests)
  }

  @Test(arguments: TestBackend.all)
  func rowsAreASequenceAndDecodable(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    var users: [User] = []
    let query =
      "MATCH (u:User) OPTIONAL MATCH (u)-->(v) RETURN u.id AS id, u.age AS age, collect(v) AS nodes, collect(v.id) AS friends"
    for try await row in graph.query(query) {
      users.append(try row.decoded())
      #expect(row.columns == ["id", "age", "nodes", "friends"] && row["nothing"] == nil)
      guard case .string(let id)? = row["id"] else {
        Issue.record("no id")
        continue
      }
      #expect(id == users.last?.id)
    }
    #expect(
      users == [
        User(id: "alice", age: 31, friends: ["bob"]), User(id: "bob", age: nil, friends: ["carol"]),
        User(id: "carol", age: nil, friends: []),
      ])
  }

  @Test func sequenceEndsWhereItsReaderDoes() async throws {
    let graph = try await graph()
    var seen = 0
    // Far more rows than anybody would wait for.
    let endless = "UNWIND range(1, 9000000) AS x UNWIND range(1, 9000000) AS y RETURN x"
    for try await _ in graph.query(endless) {
      seen += 1
      if seen == 1000 { break }
    }
    #expect(seen == 1000)
    let reader = Task {
      for try await _ in graph.query(endless) { withUnsafeCurrentTask { $0?.cancel() } }
    }
    await #expect(throws: (any Error).self) { try await reader.value }
  }

  @Test func sequenceThrowsWhatTheQueryDoes() async throws {
    let graph = try await graph()
    var seen = 0
    await #expect(throws: KVError.self) {
      for try await _ in graph.query("UNWIND [1, 2, 0] AS x RETURN 1 / x") { seen += 1 }
    }
    await #expect(throws: KVError.self) { for try await _ in graph.query("MATCH (n") {} }
    await #expect(throws: KVError.self) { for try await _ in graph.query("CREATE (:X)") {} }
  }

  @Test(arguments: [
    ("UNWIND range(1, 20000) AS x RETURN x ORDER BY x", "ORDER BY"),
    ("UNWIND range(1, 20000) AS x RETURN collect(toString(x) + 'abcdefgh')", "collect()"),
    ("UNWIND range(1, 20000) AS x RETURN x, count(*)", "aggregation"),
    ("UNWIND range(1, 20000) AS x RETURN DISTINCT x", "DISTINCT"),
    ("UNWIND range(1, 20000) AS x RETURN count(DISTINCT toString(x) + 'abcdefgh')", "count()"),
    ("UNWIND range(1, 20000) AS x RETURN x UNION UNWIND range(1, 20000) AS x RETURN x", "UNION"),
    ("RETURN size(reduce(s = [], x IN range(1, 40) | s + s + [x]))", "reduce()"),
    ("RETURN size(reduce(s = 'a', x IN range(1, 60) | s + s))", "reduce()"),
    ("RETURN size(range(1, 100000))", "range()"),
    ("UNWIND range(1, 20000) AS x CREATE (n:N {id: toString(x)}) RETURN n.id", "RETURN"),
  ])
  func whatNeedsTooMuchMemoryEndsWithTheClause(_ query: String, _ clause: String) async throws {
    let graph = try await graph()
    await #expect {
      try await graph.query(query, isWriting: true, memoryLimit: 1_000_000, row: { _ in true })
    } throws: { error in
      guard let error = error as? KVError else { return false }
      return error.code == .failed && error.message.contains(": \(clause) needs more memory")
    }
    #expect(try await graph.query("MATCH (n:N) RETURN n", row: { _ in true }).rows == 0)
  }

  @Test func firstFewOfManyNeedLittleMemory() async throws {
    let graph = try await graph()
    let summary = try await graph.query(
      "UNWIND range(1, 20000) AS x RETURN x ORDER BY -x LIMIT 3", memoryLimit: 1_000_000, row: { _ in true })
    #expect(summary.rows == 3)
  }

  @Test(arguments: ["[x IN range(1, 20000) | range(1, 2000)]", "[(a)-->(b) | range(1, 2000000)]"])
  func listsKeepToTheMemory(_ list: String) async throws {
    let error = await #expect(throws: KVError.self) {
      try await graph().query("MATCH (a) WITH a LIMIT 1 RETURN size(\(list))", memoryLimit: 2_097_152) { _ in
        true
      }
    }
    #expect(error?.message.contains("needs more memory than the limit of 2 MiB") == true)
  }

  @Test(arguments: ["replace(t, 'a', 'bbbbbbbbbb')", "split(t, 'a')"])
  func longTextsKeepToTheMemory(_ call: String) async throws {
    let graph = try await graph()
    let text = String(repeating: "a", count: 1000)
    let query = "WITH replace($s, 'a', $s) AS t RETURN size(\(call))"
    func ask(_ memoryLimit: Int) async throws {
      try await graph.query(
        query, parameters: ["s": .string(text)], memoryLimit: memoryLimit, row: { _ in true })
    }
    try await ask(100_000_000)
    let error = await #expect(throws: KVError.self) { try await ask(5_000_000) }
    #expect(error?.message.contains("() needs more memory than the limit") == true)
  }

  /// As in find-path.
  @Test func costsAreExactWholeNumbers() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.query(
      """
      CREATE (a:P {id: 'a'}), (b:P {id: 'b'}), (c:P {id: 'c'})
      CREATE (a)-[:r {w: 9007199254740993}]->(b), (a)-[:r {w: 9007199254740992}]->(b), (b)-[:r {w: 1}]->(c)
      """, isWriting: true, row: { _ in true })
    var found: [String] = []
    for end in ["b", "c"] {
      let query =
        "MATCH p = ANY CHEAPEST (:P {id: 'a'})-[e:r COST e.w]->+(:P {id: '\(end)'}) RETURN [x IN e | x.w], cost(p)"
      try await graph.query(query) { row in
        found.append("\(row)")
        return true
      }
    }
    #expect(
      found == [
        "[[9007199254740992], 9007199254740992]", "[[9007199254740992, 1], 9007199254740993]",
      ])
  }

  @Test func memoryIsFreeAgainBehindASubquery() async throws {
    let graph = try await graph()
    let summary = try await graph.query(
      "UNWIND range(1, 200) AS x RETURN COUNT { UNWIND range(1, 300) AS y WITH DISTINCT y ORDER BY y RETURN y } AS n",
      memoryLimit: 1_000_000, row: { _ in true })
    #expect(summary.rows == 200)
  }

  @Test func allNodesAreMadeAsTheyAreComeTo() async throws {
    let store = try await TestBackend.sqlite.store()
    try await store.load { load in
      _ = try await load.put(
        (0..<2000).map {
          NewRecord(key: "graph/edge/A/\($0)/t/B/\($0)", value: JSON(members: []), type: "Edge")
        },
        onConflict: .error)
    }
    let graph = try await QueryGraph(Graph(store), isWriting: false)
    #expect(Array(try await graph.allNodes().prefix(3)).map(\.path) == ["A/0", "A/1", "A/10"])
    #expect(graph.nodes.count < 10)
    #expect(Array(try await graph.allNodes()).count == 4000)
  }

  @Test func planSaysWhereItBegins() async throws {
    let graph = try await graph()
    let steps = try await graph.explain(
      "MATCH (b)<-[:follows]-(a:User {id: 'alice'}) WITH b MATCH (b)-->(c:User) RETURN c.id, count(*)")
    #expect(
      steps.map { "\($0.clause): \($0.action) \($0.estimate.map(String.init) ?? "-")" } == [
        "MATCH: (a:User) by its key, -[:follows]-> (b) 1", "WITH: b -",
        "MATCH: (b) as it is, --> (c:User) -", "RETURN: count(*) for each c.id -",
      ])
    let counted = try await graph.explain("MATCH (a:User)-->(b) RETURN count(*)")
    #expect(counted.first?.action == "count in flat arrays: (a:User)-->(b)")
    await #expect(throws: KVError.self) { _ = try await graph.explain("MATCH (a) CREATE (:X)") }
  }

  @Test(arguments: TestBackend.all)
  func profileCountsRowsAndRequests(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    let summary = try await graph.query(
      "MATCH (a:User {id: 'alice'})-[:follows*1..2]->(b) UNWIND [1, 2] AS x RETURN DISTINCT b.id",
      isProfiled: true,
      row: { _ in true })
    #expect(summary.profile.map(\.rows) == [2, 4, 2])
    #expect(summary.profile.map(\.clause) == ["MATCH", "UNWIND", "RETURN"])
    #expect(summary.profile.allSatisfy { ($0.seconds ?? -1) >= 0 })
    #expect((summary.profile[0].requests ?? 0) >= 3)
    #expect(summary.profile[1].requests == 0)
  }

  @Test func whatGoesRoundInAnExpressionCanBeEnded() async throws {
    let graph = try await graph()
    let work = Task {
      try await graph.query(
        "RETURN any(x IN range(1, 9000000) WHERE any(y IN range(1, 9000000) WHERE y < 0)) AS x",
        row: { _ in true })
    }
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
  }
}

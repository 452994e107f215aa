import CPostgres
import KV
import KVGraph
import KVPostgres
import TestSupport
import Testing

/// Numbers of the stream are given before transactions commit, and these may commit in another order (SPEC 7).
@Suite(
  .enabled(if: PostgresTestServer.connection != nil, "KV_TEST_POSTGRES is not set"), .timeLimit(.minutes(60)))
struct StreamOrderTests {
  @Test("a reader never passes a change whose transaction is still open")
  func slowTransactions() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    func keys() async throws -> [String] {
      try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key)
    }
    try await store.put("before", .null)
    let slow = try ForeignWriter(name)
    try slow.run("begin isolation level repeatable read")
    try slow.insert("slow")
    try await store.put("fast", .null)
    #expect(try await keys() == ["before"])
    #expect(try await store.streamSequence() == 1)
    try slow.run("commit")
    #expect(try await keys() == ["before", "slow", "fast"])
    #expect(try await store.streamSequence() == 3)
  }

  @Test("a snapshot of the graph is not used where changes were made that no trigger told of")
  func snapshotsBesideReplicas() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let graph = Graph(try await PostgresStore(postgres: PostgresTestServer.connection(to: name)))
    let nodes = (0..<3).map { NodeReference(type: "N", id: "\($0)") }
    for node in nodes.dropFirst() { try await graph.add(Edge(from: nodes[0], to: node, type: "t")) }
    let folder = TemporaryFolder()
    var snapshot = GraphSnapshot(path: "\(folder.path)/graph")
    snapshot.leastEdges = 0
    #expect(try await snapshot.read(graph).adjacency.edgeCount == 2)
    try PostgresTestServer.query(
      name, "set session_replication_role = replica; delete from kv where key like '%/N/1'")
    #expect(try await snapshot.read(graph).adjacency.edgeCount == 1)
    try PostgresTestServer.query(name, "alter table kv disable trigger kv_stream_delete")
    try PostgresTestServer.query(name, "delete from kv where key like '%/N/2'")
    #expect(try await snapshot.read(graph).adjacency.edgeCount == 0)
  }

  @Test("a snapshot of the graph has what is stored behind a transaction that is still open")
  func snapshotsBehindOpenTransactions() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let graph = Graph(try await PostgresStore(postgres: PostgresTestServer.connection(to: name)))
    let folder = TemporaryFolder()
    func node(_ id: String) -> NodeReference { NodeReference(type: "N", id: id) }
    func snapshot(_ file: String = "graph") -> GraphSnapshot {
      var snapshot = GraphSnapshot(path: "\(folder.path)/\(file)")
      snapshot.leastEdges = 0
      return snapshot
    }
    func expect(_ changes: Int, _ snapshot: GraphSnapshot, _ comment: Comment) async throws {
      let reading = try await snapshot.read(graph)
      let fresh = try await Adjacency(of: graph)
      #expect(reading.origin == .snapshot(changes: changes), comment)
      #expect(
        reading.adjacency.nodes == fresh.nodes && reading.adjacency.edgeCount == fresh.edgeCount, comment)
    }
    for id in 0..<5 { try await graph.add(Edge(from: node("\(id)"), to: node("\(id + 1)"), type: "t")) }
    let kept = snapshot()
    _ = try await kept.read(graph)
    let slow = try ForeignWriter(name)
    try slow.run("begin")
    try slow.insert("graph/edge/N/slow/t/N/1")
    try await graph.add(Edge(from: node("1"), to: node("new"), type: "t"))
    try await graph.remove(Edge(from: node("0"), to: node("1"), type: "t"))
    try await expect(2, kept, "open")
    try await expect(2, snapshot(), "open, from the file")
    // None is made that would miss what is to come.
    #expect(try await snapshot("other").read(graph).sequence == nil)
    try slow.run("commit")
    try await expect(3, kept, "ended")
    try await expect(3, snapshot(), "ended, from the file")
    // Numbers that were given and not used.
    try slow.run("begin")
    try slow.insert("undone")
    try slow.run("rollback")
    try await expect(3, snapshot(), "undone")
    #expect(try await snapshot().read(graph, renewing: true).sequence != nil)
    try await expect(0, snapshot(), "made anew")
    try await graph.add(Edge(from: node("1"), to: node("last"), type: "t"))
    try await expect(1, snapshot(), "behind a gap")
  }

  @Test("savepoints that are given up leave the mark of those that are not")
  func savepoints() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    let slow = try ForeignWriter(name)
    try slow.run("begin; savepoint a")
    try slow.insert("undone")
    try slow.run("rollback to a")
    try await store.put("between", .null)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key) == ["between"])
    try slow.insert("kept")
    try await store.put("after", .null)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key) == ["between"])
    try slow.run("commit")
    #expect(
      try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key) == [
        "between", "kept", "after",
      ])
  }

  @Test("of many transactions that commit at random, each change is read once and in order")
  func randomCommits() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    var random = SeededRandom()
    let writers = try (0..<8).map { _ in try ForeignWriter(name) }
    var isOpen = writers.map { _ in false }
    var kept = 0
    var open = writers.map { _ in 0 }
    var seen: [Int] = []
    for step in 0..<400 {
      let writer = Int.random(in: writers.indices, using: &random)
      if !isOpen[writer] { try writers[writer].run("begin") }
      isOpen[writer] = true
      try writers[writer].insert("k\(step)")
      open[writer] += 1
      if Int.random(in: 0..<3, using: &random) == 0 {
        let isKept = Bool.random(using: &random)
        try writers[writer].run(isKept ? "commit" : "rollback")
        kept += isKept ? open[writer] : 0
        (open[writer], isOpen[writer]) = (0, false)
      }
      let next = (seen.last ?? 0) + 1
      seen += try await store.stream(from: next, limit: nil, type: nil).map(\.sequence)
    }
    for writer in writers.indices where isOpen[writer] {
      try writers[writer].run("commit")
      kept += open[writer]
    }
    seen += try await store.stream(from: (seen.last ?? 0) + 1, limit: nil, type: nil).map(\.sequence)
    let all = try await store.stream(from: 0, limit: nil, type: nil).map(\.sequence)
    #expect(seen == all, "seed \(random.seed)")
    #expect(all.count == kept, "seed \(random.seed)")
  }
}

/// Another program that writes the tables, such as a-h/kv.
private final class ForeignWriter {
  private let handle: OpaquePointer?

  init(_ database: String) throws { handle = PQconnectdb(try PostgresTestServer.connection(to: database)) }

  deinit { PQfinish(handle) }

  func run(_ sql: String) throws {
    let result = PQexec(handle, sql)
    defer { PQclear(result) }
    if PQresultStatus(result) == PGRES_FATAL_ERROR {
      throw KVError(.failed, "\(sql): \(String(cString: PQerrorMessage(handle)))")
    }
  }

  func insert(_ key: String) throws {
    try run("insert into kv (key, version, value, type, created) values ('\(key)', 1, '1', 'json', now())")
  }
}

import Foundation
import KV
import KVPostgres
import KVSQLite
import TestSupport
import Testing

@testable import KVGraph

/// A graph kept in a file, which is never wrong.
@Suite final class SnapshotTests: Sendable {
  private let folder = FileManager.default.temporaryDirectory.path + "/kv-snapshot-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func snapshot(_ name: String = "graph") -> GraphSnapshot {
    var snapshot = GraphSnapshot(path: "\(folder)/\(name)")
    snapshot.leastEdges = 0
    return snapshot
  }

  private func node(_ number: Int) -> NodeReference {
    NodeReference(type: ["A", "B", "a"][number % 3], id: "\(number / 3)")
  }

  /// Reads with the file and without, and compares.
  private func expectSame(_ graph: Graph, _ snapshot: GraphSnapshot, _ comment: Comment) async throws
    -> GraphSnapshot.Origin
  {
    let reading = try await snapshot.read(graph)
    let fresh = try await Adjacency(reading: graph)
    #expect(reading.adjacency.isSame(as: fresh), comment)
    #expect(reading.adjacency.nodes == fresh.nodes, comment)
    #expect(reading.adjacency.edgeCount == fresh.edgeCount, comment)
    #expect(reading.adjacency.components() == fresh.components(), comment)
    return reading.origin
  }

  /// One random change of a database.
  private func change(_ graph: Graph, _ random: inout SeededRandom) async throws {
    let (one, other) = (Int.random(in: 0..<12, using: &random), Int.random(in: 0..<12, using: &random))
    var edge = Edge(
      from: node(one), to: node(other), type: ["s", "t", "u"].randomElement(using: &random) ?? "s")
    if Bool.random(using: &random) { edge.parallelKey = "\(Int.random(in: 0..<3, using: &random))" }
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<8: _ = try? await graph.add(edge, replacing: Bool.random(using: &random))
    case 8..<11: _ = try? await graph.remove(edge)
    case 11..<13:
      try? await graph.add(Node(node(one), value: JSON(members: [("n", JSON(other))])), replacing: true)
    case 13: _ = try await graph.store.mutate([.delete(key: node(one).entityKey)])
    case 14: _ = try? await graph.remove(node(one))
    case 15: _ = try? await graph.rename(node(one), to: NodeReference(type: "B", id: "x\(other)"))
    // As another program does it, and things that only look like the graph's.
    case 16: _ = try await graph.store.mutate([.put(key: edge.key, value: edge.json, type: "Edge")])
    case 17: _ = try await graph.store.mutate([.put(key: "graph/edge/odd", value: .null)])
    case 18:
      _ = try await graph.store.mutate([
        .put(
          key: node(one).entityKey, value: JSON(members: []),
          type: ["A", "a", "json"].randomElement(using: &random) ?? "a")
      ])
    default: _ = try await graph.setDirected(Bool.random(using: &random), edgeType: "u")
    }
  }

  @Test(arguments: TestBackend.all)
  func answersAreThoseOfTheDatabase(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    var fromFile = 0
    for round in 0..<12 {
      let graph = Graph(try await backend.store())
      // One process that goes on with what it has read, and others that read the file.
      let kept = snapshot("\(round)")
      for step in 0..<25 {
        let snapshot = step % 3 == 0 ? kept : snapshot("\(round)")
        for _ in 0..<Int.random(in: 0...4, using: &random) { try await change(graph, &random) }
        let comment: Comment = "round \(round), step \(step), seed \(random.seed)"
        if case .snapshot = try await expectSame(graph, snapshot, comment) { fromFile += 1 }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: _ = try await graph.store.trimStream(through: nil)
        case 1:
          let last = try await graph.store.streamSequence()
          if last > 0 {
            _ = try await graph.store.trimStream(through: Int.random(in: 1...last, using: &random))
          }
        case 2: _ = try await snapshot.read(graph, renewing: true)
        case 3: try damage(snapshot, &random)
        default: break
        }
      }
    }
    // Most answers did not need the database.
    #expect(fromFile > 80, "seed \(random.seed)")
  }

  /// Cuts the file, or turns one bit of it.
  private func damage(_ snapshot: GraphSnapshot, _ random: inout SeededRandom) throws {
    guard var bytes = FileManager.default.contents(atPath: snapshot.path), !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    if Bool.random(using: &random) {
      bytes = bytes.prefix(place)
    } else {
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
    try bytes.write(to: URL(fileURLWithPath: snapshot.path))
  }

  @Test func everyCutAndEveryTurnedBitIsSeen() async throws {
    var random = SeededRandom()
    let graph = Graph(try await TestBackend.sqlite.store())
    for _ in 0..<30 { try await change(graph, &random) }
    let snapshot = snapshot()
    _ = try await snapshot.read(graph, renewing: true)
    let whole = Array(try #require(FileManager.default.contents(atPath: snapshot.path)))
    #expect(decode(whole) != nil)
    #expect(decode(whole + [0]) == nil)
    for place in whole.indices {
      #expect(decode(Array(whole.prefix(place))) == nil, "cut at \(place)")
      var turned = whole
      turned[place] ^= 1 << UInt8(place % 8)
      #expect(decode(turned) == nil, "bit turned at \(place), seed \(random.seed)")
    }
  }

  private func decode(_ bytes: [UInt8]) -> SnapshotContents? {
    var rest = bytes[...]
    return SnapshotCoding.decode(size: bytes.count) { memory in
      guard rest.count >= memory.count else { return false }
      memory.copyBytes(from: rest.prefix(memory.count))
      rest = rest.dropFirst(memory.count)
      return true
    }
  }

  @Test(arguments: TestBackend.all)
  func filesThatChangePlacesAreNotTaken(_ backend: TestBackend) async throws {
    var graphs: [Graph] = []
    for number in 0..<2 {
      let graph = Graph(try await backend.store())
      // The same last change at the same place of the stream, and another before it.
      try await graph.add(Edge(from: node(number), to: node(5), type: "t"))
      try await graph.add(Edge(from: node(7), to: node(8), type: "t"))
      _ = try await snapshot("\(number)").read(graph)
      graphs.append(graph)
    }
    #expect(try await expectSame(graphs[0], snapshot("0"), "own") == .snapshot(changes: 0))
    #expect(try await expectSame(graphs[0], snapshot("1"), "other's") == .database)
    #expect(try await expectSame(graphs[1], snapshot("0"), "other's") == .database)
  }

  /// Also where all that is left of the stream is the same in both.
  @Test(arguments: [0, 1, 300], [true, false])
  func restoredBackupIsTold(_ updates: Int, _ isTrimmed: Bool) async throws {
    let path = TemporaryFolder().database
    let store = try await SQLiteStore(sqlite: path)
    let graph = Graph(store)
    try await store.put("heartbeat", "ok")
    for number in 0..<5 { try await graph.add(Edge(from: node(number), to: node(number + 1), type: "t")) }
    let (backup, file) = (TemporaryFolder().database, snapshot())
    _ = try await file.read(graph)
    _ = try await store.driver.backUp(to: Array(backup.utf8))
    for (number, path) in [path, backup].enumerated() {
      let graph = Graph(try await SQLiteStore(sqlite: path))
      try await graph.add(Edge(from: node(1), to: NodeReference(type: "X", id: "\(number)"), type: "t"))
      _ = try await graph.store.mutate((0..<updates).map { _ in .put(key: "heartbeat", value: "ok") })
      let last = try await graph.store.streamSequence()
      if isTrimmed { _ = try await graph.store.trimStream(through: last - 1) }
      // Each goes on from the file of the time when both were one, or makes it anew.
      _ = try await snapshot().read(graph, renewing: number == 0)
      #expect(try await expectSame(graph, snapshot(), "\(number)") == .snapshot(changes: 0))
    }
  }

  /// What is made anew by another program has no triggers, and told no change.
  @Test(arguments: TestBackend.all)
  func tablesMadeAnewAreSeen(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let graph = Graph(try await database.open())
    for number in 0..<5 { try await graph.add(Edge(from: node(number), to: node(number + 1), type: "t")) }
    _ = try await snapshot().read(graph)
    for sql in [
      "create table other as select * from kv where key not like '%A/1%'", "drop table kv",
      "alter table other rename to kv",
    ] { _ = try await database.query(sql) }
    #expect(try await expectSame(graph, snapshot(), "without triggers") == .database)
    let again = Graph(try await database.open())
    #expect(try await expectSame(again, snapshot(), "opened again") == .database)
    try await again.add(Edge(from: node(7), to: node(8), type: "t"))
    #expect(try await expectSame(again, snapshot(), "with triggers") == .snapshot(changes: 1))
  }

  /// The last change marks the copy where it made a record, which no other history did at that time.
  @Test func whoMayNotWriteMakesOneBehindACreation() async throws {
    let path = TemporaryFolder().database
    let graph = Graph(try await SQLiteStore(sqlite: path))
    for number in 0..<5 { try await graph.add(Edge(from: node(number), to: node(number + 1), type: "t")) }
    _ = try await graph.store.databaseID(creating: true)
    let reader = Graph(try await SQLiteStore(sqlite: "file:\(path)?mode=ro"))
    #expect(try await snapshot().read(reader).sequence == 5)
    #expect(try await expectSame(reader, snapshot(), "reader") == .snapshot(changes: 0))
    for _ in 0..<2 { try await graph.store.put("heartbeat", "ok") }
    #expect(try await expectSame(reader, snapshot(), "behind") == .snapshot(changes: 2))
    #expect(try await snapshot("other").read(reader).sequence == nil)
    _ = try await graph.store.trimStream(through: 5)
    #expect(try await expectSame(reader, snapshot(), "forgotten") == .database)
  }

  /// With loops at a node of many edges, between whose keys others come and go.
  @Test func changesAtAHubAreSeen() async throws {
    var random = SeededRandom()
    let graph = Graph(try await TestBackend.sqlite.store())
    let (hub, file) = (NodeReference(type: "N", id: "hub"), snapshot())
    func edge() -> Edge {
      var edge = Edge(
        from: hub,
        to: NodeReference(
          type: ["N", "M"].randomElement(using: &random) ?? "N",
          id: "\(Int.random(in: 0..<150, using: &random))"),
        type: ["s", "t"].randomElement(using: &random) ?? "s")
      if Bool.random(using: &random) { edge.parallelKey = "\(Int.random(in: 0..<3, using: &random))" }
      return edge
    }
    let edges = Dictionary((0..<300).map { _ in edge() }.map { ($0.key, $0) }) { first, _ in first }.values
    _ = try await graph.load(
      ImportSource(name: "g.jsonl", text: edges.map { $0.json.text }.joined(separator: "\n")))
    _ = try await file.read(graph)
    for step in 0..<20 {
      for _ in 0..<3 { try await graph.add(edge(), replacing: true) }
      for _ in 0..<3 { _ = try? await graph.remove(edge()) }
      _ = try await expectSame(graph, snapshot(), "step \(step), seed \(random.seed)")
    }
  }

  /// What types and conditions on keys leave of a snapshot is what they leave of the database.
  @Test func partsOfASnapshotAreThoseOfTheDatabase() async throws {
    var random = SeededRandom()
    for round in 0..<4 {
      let graph = Graph(try await TestBackend.sqlite.store())
      for _ in 0..<60 { try await change(graph, &random) }
      let snapshot = snapshot("\(round)")
      _ = try await snapshot.read(graph, renewing: true)
      let whole = Graph(graph.store, snapshot: snapshot)
      for (types, condition) in [
        (["t"], nil), (["u", "none"], nil), ([], "@type != \"u\""),
        (["s", "t"], "@from.type = \"A\" or @to.id < \"2\""),
        ([], "not (@type = \"s\" and @from.id = @to.id)"), ([], "n = 1"),
      ] as [([String], String?)] {
        let options = TraversalOptions(
          edgeTypes: types, nodeBudget: .max, predicate: try condition.map { try EdgePredicate($0) })
        for start in [nil, node(1), NodeReference(type: "no", id: "such")] {
          let (kept, fresh) = (
            try await Adjacency(of: whole, including: start, options: options),
            try await Adjacency(of: graph, including: start, options: options)
          )
          let comment: Comment = "round \(round), \(types) \(condition ?? ""), seed \(random.seed)"
          #expect(kept.isSame(as: fresh), comment)
          #expect(kept.components() == fresh.components() && kept.cycle() == fresh.cycle(), comment)
        }
      }
    }
  }

  /// A value that cannot be read is not the graph's.
  @Test func damagedValuesOfOthersDoNoHarm() async throws {
    let database = try await TestBackend.sqlite.database()
    let graph = Graph(try await database.open())
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    for _ in 0..<2 {
      _ = try await database.query(
        "insert into kv (key, version, value, type, created) values ('notes/1', 'x', '[1', 'json', '2026-01-01T00:00:00Z')"
      )
      _ = try await database.query("delete from kv where key = 'notes/1'")
      _ = try await expectSame(graph, snapshot(), "damaged")
    }
    #expect(try await expectSame(graph, snapshot(), "damaged") == .snapshot(changes: 2))
  }

  /// The stream tells only the new key.
  @Test(
    arguments: TestBackend.all,
    [
      "update kv set key = 'archive/x' where key = 'graph/edge/N/0/t/N/1'",
      "update kv set key = 'old/iso' where key = 'u/iso'",
      "update or replace kv set key = 'graph/edge/N/0/t/N/1' where key = 'graph/edge/N/1/t/N/2'",
      "update or replace kv set key = 'u/iso' where key = 'u/iso2'",
      "update kv set key = 'zzz' where key like 'graph/type/%'",
      "update kv set key = 'github.com/a-h/kv/stream/zz' where key = 'graph/edge/N/0/t/N/1'", "truncate kv",
    ])
  func changedKeysAreSeen(_ backend: TestBackend, _ sql: String) async throws {
    // Each has statements that the other has not.
    let isPostgres = backend.description.hasPrefix("PostgreSQL")
    if sql.contains(isPostgres ? "or replace" : "truncate") { return }
    let database = try await backend.database()
    let graph = Graph(try await database.open())
    func add(_ from: Int, _ to: Int) async throws {
      try await graph.add(
        Edge(
          from: NodeReference(type: "N", id: "\(from)"), to: NodeReference(type: "N", id: "\(to)"), type: "t")
      )
    }
    for number in 0..<5 { try await add(number, number + 1) }
    for id in ["iso", "iso2"] { try await graph.store.put("u/\(id)", JSON(members: []), type: "U") }
    _ = try await graph.setDirected(false, edgeType: "t")
    let snapshot = snapshot()
    _ = try await snapshot.read(graph)
    _ = try await database.query(sql)
    #expect(try await expectSame(graph, snapshot, "\(sql)") == .database)
  }

  /// PostgreSQL's numbers have gaps of their own: there it cannot be told.
  @Test(arguments: TestBackend.all.filter { !$0.description.hasPrefix("PostgreSQL") }, [false, true])
  func entriesTakenOutOfTheStreamAreMissed(_ backend: TestBackend, _ goesOn: Bool) async throws {
    let database = try await backend.database()
    let graph = Graph(try await database.open())
    for number in 0..<3 { try await graph.add(Edge(from: node(number), to: node(number + 1), type: "t")) }
    let snapshot = snapshot()
    _ = try await snapshot.read(graph)
    let key = Edge(from: node(1), to: node(2), type: "t").key
    for table in ["kv", "stream"] {
      _ = try await database.query("delete from \(table) where key = '\(key)'")
    }
    if goesOn { try await graph.add(Edge(from: node(7), to: node(8), type: "t")) }
    #expect(try await expectSame(graph, snapshot, "taken out") == .database)
    #expect(try await expectSame(graph, snapshot, "read anew") == .snapshot(changes: 0))
  }

  @Test(arguments: ["a database of its own", ""])
  func whatIsNoSnapshotStays(_ text: String) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    var snapshot = snapshot()
    let failures = Failures()
    snapshot.onFailure = { failures.add($0) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: snapshot.path))
    if text.isEmpty {
      // Nothing is lost.
      #expect(try await snapshot.read(graph).sequence != nil && failures.all.isEmpty)
      return
    }
    #expect(try await snapshot.read(graph).sequence == nil)
    #expect(failures.all.count == 1 && failures.all[0].contains("something else is there"))
    await #expect(throws: KVError.self) { try await snapshot.check(graph) }
    #expect(throws: KVError.self) { try snapshot.drop() }
    #expect(FileManager.default.contents(atPath: snapshot.path) == Data(text.utf8))
  }

  @Test func pipeIsNotWaitedFor() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    let snapshot = snapshot()
    #expect(mkfifo(snapshot.path, 0o600) == 0)
    #expect(try await expectSame(graph, snapshot, "a pipe") == .database)
  }

  @Test func fileThatCannotBeWrittenIsSaidAndNotNeeded() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    var snapshot = GraphSnapshot(path: folder + "/nowhere/graph")
    snapshot.leastEdges = 0
    let failures = Failures()
    snapshot.onFailure = { failures.add($0) }
    let reading = try await snapshot.read(graph)
    #expect(reading.adjacency.edgeCount == 1 && reading.sequence == nil)
    #expect(failures.all.count == 1 && failures.all[0].contains("cannot write"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    await #expect(throws: KVError.self) { try await snapshot.check(graph) }
    #expect(try !snapshot.drop())
  }

  @Test(.enabled(if: PostgresTestServer.connection != nil))
  func whoMayOnlyReadTheGraphReadsIt() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name)
    let graph = Graph(try await PostgresStore(postgres: url))
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    var snapshot = snapshot()
    snapshot.leastEdges = 0
    _ = try await snapshot.read(graph)
    let role = "\(name)_reader"
    try PostgresTestServer.query(
      name,
      "create role \(role) login; grant usage on schema public to \(role); grant select on all tables in schema public to \(role)"
    )
    var reader = try #require(URLComponents(string: url))
    reader.user = nil
    reader.queryItems =
      (reader.queryItems ?? []).filter { $0.name != "user" } + [
        URLQueryItem(name: "user", value: role)
      ]
    let store = try await PostgresStore(postgres: try #require(reader.string), creating: false)
    let failures = Failures()
    snapshot.onFailure = { failures.add($0) }
    let other = GraphSnapshot(path: snapshot.path)
    let reading = try await snapshot.read(Graph(store))
    #expect(reading.adjacency.edgeCount == 1 && reading.origin == .database && failures.all.count == 1)
    #expect(try await other.current(Graph(store)) == nil)
    try PostgresTestServer.query(name, "drop owned by \(role); drop role \(role)")
  }

  @Test func manyChangesMakeTheFileAnew() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let snapshot = snapshot()
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    let first = try await snapshot.read(graph)
    func write(_ range: Range<Int>) async throws {
      _ = try await graph.store.mutate(
        range.map { number in
          let edge = Edge(from: NodeReference(type: "N", id: "\(number)"), to: node(1), type: "t")
          return .put(key: edge.key, value: edge.json, type: "Edge")
        })
    }
    try await write(0..<1600)
    let second = try await snapshot.read(graph)
    #expect(second.origin == .snapshot(changes: 1600) && second.sequence == first.sequence.map { $0 + 1600 })
    #expect(try await snapshot.read(graph).origin == .snapshot(changes: 0))
    try await write(2000..<8000)
    #expect(try await expectSame(graph, snapshot, "anew") == .database)
    #expect(try await snapshot.read(graph).origin == .snapshot(changes: 0))
    try await snapshot.check(graph)
  }

  /// A walk that has come far goes on in the snapshot, where it was, and a search for a path there gives the same path.
  @Test(arguments: [EdgeDirection.out, .in, .any])
  func aLongWalkGoesOnInTheSnapshot(_ direction: EdgeDirection) async throws {
    var random = SeededRandom()
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    var edges: [Edge] = []
    for number in 0..<9000 {
      let types = ["t", "s", "u"]
      var edge = Edge(
        from: NodeReference(type: "N", id: "\(Int.random(in: 0..<3000, using: &random))"),
        to: NodeReference(type: "N", id: "\(Int.random(in: 0..<3000, using: &random))"),
        type: types[number % 3])
      edge.parallelKey = "\(number)"
      edges.append(edge)
    }
    let text = edges.map { $0.json.text }.joined(separator: "\n")
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: text))
    let snapshot = snapshot()
    _ = try await snapshot.read(graph)
    let whole = Graph(graph.store, snapshot: snapshot)
    for types in [[], ["t", "u"]] {
      for depth in [nil, 4, 6] {
        let options = TraversalOptions(direction: direction, maxDepth: depth, edgeTypes: types)
        for start in edges.prefix(3).map(\.from) {
          var (expected, found): ([Visit], [Visit]) = ([], [])
          for try await visit in graph.breadthFirst(from: start, options: options) { expected.append(visit) }
          for try await visit in whole.breadthFirst(from: start, options: options) { found.append(visit) }
          #expect(found == expected, "\(start), \(types), \(String(describing: depth)), seed \(random.seed)")
        }
        for (start, goal) in [(0, 1), (2, 3), (4, 5)] {
          let (start, goal) = (edges[start].from, edges[goal].to)
          let expected = try await graph.shortestPath(from: start, to: goal, options: options)
          let found = try await whole.shortestPath(from: start, to: goal, options: options)
          #expect(
            found.paths == expected.paths && found.absence == expected.absence,
            "\(start), \(goal), \(types), \(String(describing: depth)), seed \(random.seed)")
        }
      }
    }
  }

  /// What a process has left that was killed while it wrote is taken away; what one writes that is there is not.
  @Test func leftoversOfTheDeadAreTakenAway() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let snapshot = snapshot()
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    let manager = FileManager.default
    // No process has such a number.
    let dead = "\(snapshot.path).kv-part.2147483647.5"
    let others = [
      "\(snapshot.path).kv-part.\(getpid()).7", "\(snapshot.path).kv-part.x.5",
      "\(snapshot.path).kv-part.2147483647.5.6", "\(snapshot.path)x.kv-part.2147483647.5",
      "\(snapshot.path).2147483647.5",
    ]
    for path in [dead] + others { try Data("half".utf8).write(to: URL(fileURLWithPath: path)) }
    _ = try await snapshot.read(graph)
    #expect(!manager.fileExists(atPath: dead) && others.allSatisfy { manager.fileExists(atPath: $0) })
    try await snapshot.check(graph)
  }

  @Test func writersMeanwhileDoNoHarm() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let snapshot = snapshot()
    try await graph.add(Edge(from: node(1), to: node(2), type: "t"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<60 {
          try await graph.add(
            Edge(from: NodeReference(type: "N", id: "\(number)"), to: self.node(number % 9), type: "t"))
        }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<30 {
            // Edges are only added, so there are never fewer.
            let before = try await graph.edgeCount
            let reading = try await snapshot.read(graph)
            let after = try await graph.edgeCount
            #expect((before...after).contains(reading.adjacency.edgeCount))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await expectSame(graph, snapshot, "in the end") != .snapshot(changes: 1000))
  }
}

private final class Failures: @unchecked Sendable {
  // Each test has its own, and reads it when what adds has ended.
  private(set) var all: [String] = []
  func add(_ message: String) { all.append(message) }
}

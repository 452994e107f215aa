import KV
import KVGraph
import KVSQLite
import TestSupport
import Testing

@Suite struct StoreTests {
  let folder = TemporaryFolder()

  func store() async throws -> SQLiteStore { try await SQLiteStore(sqlite: folder.database) }

  @Test("incoming edges are right whoever wrote them")
  func foreignWritersAreIndexed() async throws {
    let store = try await store()
    let graph = Graph(store)
    try await store.put("graph/edge/A/1/t/B/2", JSON(parsing: "{}"))
    _ = try sqliteQuery(
      folder.database, "insert into kv values ('graph/edge/A/%2F/t/B/2', 1, '{}', 'Edge', '')")
    _ = try sqliteQuery(folder.database, "insert into kv values ('graph/edge/odd\"key', 1, '{}', 'x', '')")
    let b = NodeReference(type: "B", id: "2")
    func sources() async throws -> [String] {
      var ids: [String] = []
      for try await edge in try await graph.incoming(of: b) { ids.append(edge.from.id) }
      return ids
    }
    #expect(try await sources() == ["/", "1"])
    _ = try sqliteQuery(
      folder.database, "update kv set key = 'graph/edge/A/9/t/B/2' where key = 'graph/edge/A/1/t/B/2'")
    #expect(try await sources() == ["/", "9"])
    try await store.delete(["graph/edge/A/9/t/B/2", "graph/edge/A/%2F/t/B/2"])
    #expect(try await sources() == [])
  }

  @Test(
    "a load runs another program's triggers, and leaves all in their places",
    arguments: [nil, "mine", "kv_stream_mine"])
  func triggersOfOthers(name: String?) async throws {
    let store = try await store()
    if let name {
      _ = try sqliteQuery(folder.database, "create table log (key text)")
      _ = try sqliteQuery(
        folder.database,
        "create trigger \(name) after insert on kv begin insert into log values (new.key); end")
    }
    let triggers = "select sql from sqlite_master where type = 'trigger' order by name"
    let before = try sqliteQuery(folder.database, triggers)
    let keys = (1...120).map { "graph/edge/A/\($0)/t/B/2" }
    let records = keys.map { NewRecord(key: $0, value: JSON(members: []), type: "Edge") }
    _ = try await store.load { try await $0.put(records, onConflict: .error) }
    _ = try await store.load { try await $0.put(Array(records[..<2]), onConflict: .replace) }
    #expect(try sqliteQuery(folder.database, triggers) == before)
    #expect(try sqliteQuery(folder.database, "select count(*) from stream") == ["122"])
    #expect(try sqliteQuery(folder.database, "select key from kv_edge_incoming order by 1") == keys.sorted())
    if name != nil {
      #expect(try sqliteQuery(folder.database, "select key from log order by 1") == keys.sorted())
    }
    try await store.put("graph/edge/A/0/t/B/2", JSON(members: []))
    #expect(try sqliteQuery(folder.database, "select count(*) from kv_edge_incoming") == ["121"])
  }

  @Test(
    "triggers run again on the one connection of a database in memory, after a load and after a failed one")
  func triggersInMemory() async throws {
    let store = try await SQLiteStore(sqlite: ":memory:")
    let record = NewRecord(key: "a", value: .null, type: "json")
    _ = try await store.load { try await $0.put([record], onConflict: .error) }
    await #expect(throws: KVError.self) {
      _ = try await store.load { try await $0.put([record], onConflict: .error) }
    }
    try await store.put("b", .null)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key) == ["a", "b"])
  }

  @Test("sixteen stores open a new file at once")
  func concurrentMigration() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<16 {
        group.addTask { try await SQLiteStore(sqlite: folder.database).put("k\(number)", .null) }
      }
      try await group.waitForAll()
    }
    #expect(try await store().count(.all) == 16)
    #expect(
      try sqliteQuery(folder.database, "select version from migration_version order by 1") == [
        "1", "2", "3", "4",
      ])
  }

  @Test func readOnlyReadsAndRefusesToWrite() async throws {
    try await store().put("k", JSON(1))
    let readOnly = try await SQLiteStore(sqlite: "file:\(folder.database)?mode=ro")
    #expect(try await readOnly.get("k")?.value.text == "1")
    let error = await #expect(throws: KVError.self) { try await readOnly.put("k", .null) }
    #expect(error?.message.contains("read-only") == true)
  }

  @Test func refusesWhatIsNoDatabaseOfOurs() async throws {
    _ = try sqliteQuery(folder.database, "create table other (x)")
    let foreign = await #expect(throws: KVError.self) { _ = try await store() }
    #expect(foreign?.message.contains("another program") == true)
    #expect(try sqliteQuery(folder.database, "select name from sqlite_master") == ["other"])
    let directory = await #expect(throws: KVError.self) { _ = try await SQLiteStore(sqlite: folder.path) }
    #expect(directory?.code == .unavailable)
    let missing = await #expect(throws: KVError.self) {
      _ = try await SQLiteStore(sqlite: folder.path + "/none.db", creating: false)
    }
    #expect(missing?.code == .unavailable)
    for connection in ["", "file:x?mode=rx", "file:x?synchronous=off", "file:x?busy_timeout=-1"] {
      let usage = await #expect(throws: KVError.self) { _ = try await SQLiteStore(sqlite: connection) }
      #expect(usage?.code == .usage)
    }
  }

  @Test(
    "a key that another program has written out of its order ends a walk by pages",
    arguments: ["cast('user/x' as blob)", "'user/a' || char(0) || 'x'"])
  func keysOutOfOrder(_ key: String) async throws {
    let graph = Graph(try await store())
    try await graph.add(
      Edge(from: NodeReference(type: "A", id: "1"), to: NodeReference(type: "A", id: "2"), type: "t"))
    _ = try sqliteQuery(
      folder.database,
      "insert into kv (key, version, value, type, created) values (\(key), 1, '{}', 'User', '2026-01-01T00:00:00Z')"
    )
    for walk in [
      { _ = try await Adjacency(of: graph) },
      { for try await _ in graph.store.sequence(of: .type("User"), pageSize: 1) {} },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: KVError.self) { try await walk() }
      #expect(error?.code == .invalidData && error?.message.contains("user/") == true)
    }
  }

  @Test("a damaged value is an error that names its key")
  func damagedValues() async throws {
    let store = try await store()
    try await store.put("k", .null)
    for damage in ["'{'", "x'ff'", "x'cc'", "x''", "x'4b31'", "x'0000'"] {
      _ = try sqliteQuery(folder.database, "update kv set value = \(damage)")
      let error = await #expect(throws: KVError.self) { _ = try await store.get("k") }
      #expect(error?.code == .invalidData && error?.message.contains("\"k\"") == true)
    }
  }
}

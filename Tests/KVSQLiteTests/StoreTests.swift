import CSQLite
import KV
import KVGraph
import KVSQLite
import Testing

@Suite struct StoreTests {
  let folder = TemporaryFolder()

  func store() async throws -> SQLiteStore { try await SQLiteStore(sqlite: folder.database) }

  @Test(
    "values come back to the letter",
    arguments: [
      "12345678901234567890", "1.0", "1e400", "-0", "0.10", "[]", "null", "true", "\"1.0\"", "\"\"", "{}",
      "1E5",
      "{\"b\":1.50,\"a\":\"\\u00e9\u{E9}\"}", "[1e5,{\"x\":[null]}]", "\"'\"",
    ])
  func valuesAreExact(_ text: String) async throws {
    let store = try await store()
    try await store.put("k", JSON(parsing: text))
    #expect(try await store.get("k")?.value.text == text)
    let again = try await SQLiteStore(sqlite: folder.database)
    #expect(try await again.get("k")?.value.text == text)
  }

  @Test("patches of many writers at once are all there in the end")
  func patchesAtOnce() async throws {
    let store = try await store()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask { try await store.patch("k", with: JSON(members: [("m\(number)", JSON(number))])) }
      }
      try await group.waitForAll()
    }
    let record = try #require(try await store.get("k"))
    #expect(record.version == 20 && record.value.members?.count == 20)
  }

  @Test("a value of ten megabytes and keys of any text survive")
  func largeValuesAndOddKeys() async throws {
    let store = try await store()
    let large = JSON(String(repeating: "x", count: 10_000_000))
    try await store.put("large", large)
    #expect(try await store.get("large")?.value == large)
    for key in ["%", "_", " ", "👋🏽", "'", "a\nb", "e\u{301}", "\u{E9}", "-1"] {
      try await store.put(key, JSON(key))
      #expect(try await store.get(key)?.value == JSON(key))
    }
    #expect(try await store.count(.all) == 10)
  }

  @Test func versionsAreChecked() async throws {
    let store = try await store()
    await conflict { try await store.put("k", .null, expecting: .version(5)) }
    #expect(try await store.get("k") == nil)
    #expect(try await store.put("k", .null, expecting: .absent) == 1)
    await conflict { try await store.put("k", .null, expecting: .absent) }
    #expect(try await store.put("k", JSON(true), expecting: .version(1)) == 2)
    await conflict { try await store.put("k", .null, expecting: .version(1)) }
    #expect(try await store.put("k", JSON(false)) == 3)
    #expect(try await store.get("k")?.version == 3)
  }

  private func conflict(_ body: () async throws -> Int) async {
    let error = await #expect(throws: KVError.self) { _ = try await body() }
    #expect(error?.code == .conflict)
  }

  @Test("mutate is all or nothing, and names the mutation that failed")
  func mutateIsAtomic() async throws {
    let store = try await store()
    try await store.put("b", .null)
    let error = await #expect(throws: KVError.self) {
      _ = try await store.mutate([
        .put(key: "a", value: .null), .delete(key: "b"), .put(key: "c", value: .null, expecting: .version(9)),
      ])
    }
    #expect(error?.code == .conflict && error?.mutationIndex == 2)
    #expect(try await store.list().map(\.key) == ["b"])
    let results = try await store.mutate([
      .put(key: "a", value: .null), .delete(key: "b"), .delete(key: "none"), .put(key: "a", value: JSON(1)),
    ])
    #expect(results == [.put(version: 1), .deleted(count: 1), .deleted(count: 0), .put(version: 2)])
  }

  @Test("a prefix is bytes: %, _, case and backslash mean nothing")
  func prefixesAreBytes() async throws {
    let store = try await store()
    for key in ["USER/a", "a%b", "a\\b", "a_b", "axb", "user/a", "user/b", "user0"] {
      try await store.put(key, .null)
    }
    #expect(try await store.getPrefix("a_").map(\.key) == ["a_b"])
    #expect(try await store.getPrefix("a%").map(\.key) == ["a%b"])
    #expect(try await store.getPrefix("a\\").map(\.key) == ["a\\b"])
    #expect(try await store.getPrefix("user/").map(\.key) == ["user/a", "user/b"])
    #expect(try await store.count(.prefix("USER/")) == 1)
    #expect(try await store.getRange(from: "a_b", to: "user/b").map(\.key) == ["a_b", "axb", "user/a"])
    #expect(
      try await store.list(page: Page(offset: 1, limit: 2)).map(\.key) == ["a%b", "a\\b"].sorted { $0 < $1 })
    #expect(try await store.list(page: Page(after: "axb")).map(\.key) == ["user/a", "user/b", "user0"])
  }

  @Test func refusesKeysAndValuesThatNotEveryDatabaseHolds() async throws {
    let store = try await store()
    for (key, value, code) in [
      ("", "1", KVError.Code.usage), ("a\u{0}b", "1", .usage), ("k", #""\u0000""#, .invalidData),
    ] {
      let error = await #expect(throws: KVError.self) { try await store.put(key, JSON(parsing: value)) }
      #expect(error?.code == code)
    }
    #expect(try await store.count(.all) == 0)
  }

  @Test("a load that throws leaves nothing, one that returns leaves stream and index right")
  func loadIsOneTransaction() async throws {
    let store = try await store()
    struct Stop: Error {}
    let records = (0..<10).map { NewRecord(key: "graph/edge/A/\($0)/t/B/x", value: JSON($0), type: "Edge") }
    await #expect(throws: Stop.self) {
      _ = try await store.load { load in
        _ = try await load.put(records, onConflict: .error)
        throw Stop()
      }
    }
    #expect(try await store.count(.all) == 0)
    // Twice: into an empty store and into a filled one, which are written in different ways.
    for (policy, expected) in [
      (ConflictPolicy.error, BulkCounts(added: 10)), (.skip, BulkCounts(skipped: 10)),
      (.replace, BulkCounts(replaced: 10)),
    ] {
      #expect(try await store.load { try await $0.put(records, onConflict: policy) } == expected)
      #expect(try await store.incomingEdgeKeys(of: ["B/x"]).count == 10)
    }
    let more = records.map { NewRecord(key: $0.key + "y", value: $0.value, type: $0.type) }
    let counts = try await store.load { try await $0.put(more + more, onConflict: .replace) }
    #expect(counts == BulkCounts(added: 10, replaced: 10))
    #expect(try await store.incomingEdgeKeys(of: ["B/xy"]).map(\.key) == more.map(\.key))
    try await store.put("after", .null)
    let stream = try query(folder.database, "select action || version from stream order by seq")
    #expect(
      stream == Array(repeating: "create1", count: 10) + Array(repeating: "update2", count: 10)
        + Array(repeating: "create1", count: 10) + Array(repeating: "update2", count: 10) + ["create1"])
  }

  @Test("incoming edges are right whoever wrote them")
  func foreignWritersAreIndexed() async throws {
    let store = try await store()
    let graph = Graph(store)
    try await store.put("graph/edge/A/1/t/B/2", JSON(parsing: "{}"))
    _ = try query(folder.database, "insert into kv values ('graph/edge/A/%2F/t/B/2', 1, '{}', 'Edge', '')")
    _ = try query(folder.database, "insert into kv values ('graph/edge/odd\"key', 1, '{}', 'x', '')")
    let b = NodeReference(type: "B", id: "2")
    func sources() async throws -> [String] {
      var ids: [String] = []
      for try await edge in graph.incoming(of: b) { ids.append(edge.from.id) }
      return ids
    }
    #expect(try await sources() == ["/", "1"])
    _ = try query(
      folder.database, "update kv set key = 'graph/edge/A/9/t/B/2' where key = 'graph/edge/A/1/t/B/2'")
    #expect(try await sources() == ["/", "9"])
    try await store.delete(["graph/edge/A/9/t/B/2", "graph/edge/A/%2F/t/B/2"])
    #expect(try await sources() == [])
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
      try query(folder.database, "select version from migration_version order by 1") == ["1", "2", "3", "4"])
  }

  @Test func readOnlyReadsAndRefusesToWrite() async throws {
    try await store().put("k", JSON(1))
    let readOnly = try await SQLiteStore(sqlite: "file:\(folder.database)?mode=ro")
    #expect(try await readOnly.get("k")?.value.text == "1")
    let error = await #expect(throws: KVError.self) { try await readOnly.put("k", .null) }
    #expect(error?.message.contains("read-only") == true)
  }

  @Test func refusesWhatIsNoDatabaseOfOurs() async throws {
    _ = try query(folder.database, "create table other (x)")
    let foreign = await #expect(throws: KVError.self) { _ = try await store() }
    #expect(foreign?.message.contains("another program") == true)
    #expect(try query(folder.database, "select name from sqlite_master") == ["other"])
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

  @Test("a damaged value is an error that names its key")
  func damagedValues() async throws {
    let store = try await store()
    try await store.put("k", .null)
    for damage in ["'{'", "x'ff'", "x'cc'", "x''", "x'4b31'", "x'0000'"] {
      _ = try query(folder.database, "update kv set value = \(damage)")
      let error = await #expect(throws: KVError.self) { _ = try await store.get("k") }
      #expect(error?.code == .invalidData && error?.message.contains("\"k\"") == true)
    }
  }
}

/// Runs SQL as another program would, and gives the first column.
func query(_ path: String, _ sql: String) throws -> [String] {
  var database: OpaquePointer?
  defer { sqlite3_close(database) }
  try #require(sqlite3_open(path, &database) == SQLITE_OK)
  sqlite3_busy_timeout(database, 10_000)
  var statement: OpaquePointer?
  defer { sqlite3_finalize(statement) }
  try #require(sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK)
  var rows: [String] = []
  while sqlite3_step(statement) == SQLITE_ROW {
    rows.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
  }
  return rows
}

import Foundation
import KV
import KVGraph
import KVSQL
import Synchronization
import TestSupport
import Testing

@testable import KVPostgres

@Suite(
  .enabled(if: PostgresTestServer.connection != nil, "KV_TEST_POSTGRES is not set"), .timeLimit(.minutes(60)))
struct DriverTests {
  func store(locale: String = "C") async throws -> (name: String, store: PostgresStore) {
    let name = try PostgresTestServer.makeDatabase(locale: locale)
    return (name, try await PostgresStore(postgres: PostgresTestServer.connection(to: name)))
  }

  @Test("tables of a-h/kv, whose keys are ordered as the locale does, are read in byte order")
  func tablesOfTheModel() async throws {
    let name = try PostgresTestServer.makeDatabase(locale: "en_US.UTF-8")
    try PostgresTestServer.query(
      name,
      """
      create table kv (key text primary key, version integer not null, value jsonb not null, type text not null,
        created timestamptz not null);
      insert into kv select key, 1, '{}', 'json', now() from unnest(array['a','B','_','b','A','é','z']) as key
      """)
    let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    #expect(try await store.list().map(\.key) == ["A", "B", "_", "a", "b", "z", "é"])
    #expect(try await store.getRange(from: "B", to: "b").map(\.key) == ["B", "_", "a"])
    #expect(
      try await store.records(.type("json"), page: Page(after: "a", limit: 2)).map(\.key) == ["b", "z"])
    let versions = try PostgresTestServer.query(name, "select max(version) from migration_version")
    #expect(versions == ["4"])
  }

  @Test("ten that open an empty database at once make its tables together")
  func concurrentMigrations() async throws {
    let name = try PostgresTestServer.makeDatabase()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<10 {
        group.addTask {
          let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
          try await store.put("k\(writer)", .null)
        }
      }
      try await group.waitForAll()
    }
    #expect(
      try PostgresTestServer.query(
        name, "select count(*) from kv union all select count(*) from kv_extension_version") == ["10", "1"])
  }

  @Test("a lock that another session holds is waited for as long as is said, and by itself for 10 s")
  func lockTimeout() async throws {
    let (name, store) = try await store()
    try await store.put("k", .null)
    let address = try PostgresTestServer.connection(to: name)
    let holder = try PostgresConnection(PostgresLocation(address))
    let waits = try holder.run([SQLStatement("select current_setting('lock_timeout')")])
    #expect(try waits[0].rows { $0.text(0) } == ["10s"])
    let options = (address.contains("?") ? "&" : "?") + "options=-c%20lock_timeout%3D50ms"
    let impatient = try await PostgresStore(postgres: address + options)
    try holder.execute("begin; lock table kv in access exclusive mode")
    for _ in 0..<2 {
      let error = await expectError(.unavailable) { try await impatient.put("k", 1) }
      #expect(error?.message.contains("another session of PostgreSQL holds a lock") == true)
      await expectError(.unavailable) { _ = try await impatient.get("k") }
    }
    try holder.execute("rollback")
    try await impatient.put("k", 1)
  }

  @Test("a change that nobody can read yet, behind one that is being committed, is not trimmed")
  func trimmingBehindAWriter() async throws {
    let (name, store) = try await store()
    let writer = try PostgresConnection(PostgresLocation(try PostgresTestServer.connection(to: name)))
    try writer.execute("begin; insert into kv values ('slow', 1, '1', 'json', now())")
    try await store.put("quick", 1)
    #expect(try await store.trimStream(through: nil) == 0)
    #expect(try await store.trimStream(through: 99) == 0)
    try writer.execute("commit")
    #expect(try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key) == ["slow", "quick"])
  }

  @Test("a connection that the server ends is replaced")
  func lostConnections() async throws {
    let (name, store) = try await store()
    try await store.put("k", .null)
    for _ in 0..<3 {
      try Self.endConnections(to: name)
      #expect(try await store.get("k") != nil)
      try await store.put("k", .null)
    }
    #expect(try await store.get("k")?.version == 4)
  }

  @Test(
    "a transaction ends with its connection, and nothing of it goes on in another",
    arguments: ConflictPolicy.allCases)
  func lostTransactions(policy: ConflictPolicy) async throws {
    let (name, store) = try await store()
    try await store.put("k", .null)
    let records = (0..<10).map { NewRecord(key: "r\($0)", value: .null, type: "json") }
    for batches in 1...2 {
      await expectError(.unavailable) {
        try await store.load { load in
          for batch in 0..<batches {
            if batch == 1 { try Self.endConnections(to: name) }
            _ = try await load.put(
              records.map { NewRecord(key: "\($0.key)/\(batch)", value: .null, type: "json") },
              onConflict: policy)
          }
          if batches == 1 { try Self.endConnections(to: name) }
        }
      }
      #expect(try await store.count(.all) == 1)
    }
  }

  @Test("an archive is of one moment, and restored as a whole, or its connection's end ends it")
  func lostArchives() async throws {
    let (name, store) = try await store()
    try await store.load { load in
      let records = (0..<5000).map { NewRecord(key: "k\($0)", value: .null, type: "json") }
      _ = try await load.put(records, onConflict: .error)
    }
    await expectError(.unavailable) {
      try await store.archive(stream: true) { _ in try Self.endConnections(to: name) }
    }
    let items = Mutex<[ArchiveItem]>([])
    try await store.archive(stream: false) { part in items.withLock { $0 += part } }
    let (other, copy) = try await self.store()
    await expectError(.unavailable) {
      try await copy.restore { archive in
        for item in items.withLock({ $0 }) {
          if case .record(let record) = item, record.key == "k3000" { try Self.endConnections(to: other) }
          try await archive.write([item])
        }
      }
    }
    #expect(try await copy.count(.all) == 0)
  }

  private static func endConnections(to name: String) throws {
    try PostgresTestServer.query(
      name,
      "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'kv' and datname = '\(name)'"
    )
  }

  @Test("a query whose task is cancelled ends on the server, and its connection is used no more")
  func cancellation() async throws {
    let (name, store) = try await store()
    let query = Task {
      try await store.driver.read(SQLStatement("select 1 from pg_sleep(600)")) { _ in () }
    }
    func running() throws -> Bool {
      try PostgresTestServer.query(
        name,
        "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' and pid <> pg_backend_pid()"
      ) == ["1"]
    }
    try await waitUntil { try running() }
    query.cancel()
    await #expect(throws: CancellationError.self) { _ = try await query.value }
    try await waitUntil { try !running() }
    #expect(try await store.get("k") == nil)
  }

  @Test("transactions that lock each other out are repeated, and nothing is lost or doubled")
  func deadlocks() async throws {
    let name = try PostgresTestServer.makeDatabase()
    try PostgresTestServer.query(name, "alter database \(name) set deadlock_timeout = '10ms'")
    let first = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    let second = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    let keys = (0..<20).map { "k\($0)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (store, keys) in [(first, keys), (second, keys.reversed())] {
        group.addTask {
          for _ in 0..<50 {
            _ = try await store.mutate(
              keys.map { .put(key: $0, value: .null, type: "json", expecting: .any) })
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await first.list().map(\.version) == keys.map { _ in 100 })
  }

  @Test("a new task or change wakes who waits for it")
  func news() async throws {
    let (name, store) = try await store()
    let other = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    for table in SQLChannel.allCases {
      let start = try await store.driver.waitForNotification(of: table, since: .start, atMost: .seconds(60))
      // What comes before the wait counts as well as what comes during it.
      try await write(table, to: other)
      let cursor = try await store.driver.waitForNotification(of: table, since: start, atMost: .seconds(60))
      async let waited = store.driver.waitForNotification(of: table, since: cursor, atMost: .seconds(60))
      try await write(table, to: other)
      #expect(try await waited != cursor)
    }
  }

  private func write(_ table: SQLChannel, to store: PostgresStore) async throws {
    switch table {
    case .stream: try await store.put("k", .null)
    case .tasks: _ = try await store.schedule(NewTask("t"))
    }
  }

  @Test("sixteen clients run each of many tasks once")
  func manyClaims() async throws {
    let (name, store) = try await store()
    let count = 1000
    try PostgresTestServer.query(
      name,
      """
      insert into tasks (id, name, payload, created, scheduled_for)
      select 'task-' || n, 't', '', now(), now() from generate_series(1, \(count)) as n
      """)
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<16 {
        group.addTask {
          let connection = try PostgresTestServer.connection(to: name)
          var runner = TaskRunner(try await PostgresStore(postgres: connection), id: "client-\(client)")
          runner.handlers["t"] = { task in await tally.add(task.id) }
          try await runner.runDue()
        }
      }
      try await group.waitForAll()
    }
    let runs = await tally.runs
    #expect(runs.count == count && runs.values.allSatisfy { $0 == 1 })
    #expect(
      try await store.tasks(status: .completed, name: nil, offset: 0, limit: nil).count == count)
  }
}

private actor Tally {
  private(set) var runs: [String: Int] = [:]

  func add(_ task: String) { runs[task, default: 0] += 1 }
}

/// What people give for a connection.
@Suite struct LocationTests {
  @Test(
    "a connection that cannot be read is a usage error, and no part of it is shown",
    arguments: [
      "postgres://u:secret%zz@h/d", "host=x password='secret", "postgres://u:sec@ret@host/d", "secret=1",
      "postgres://u:se/cret@host/d", "postgres://u:se%2Fcret/x@host", "postgres://u:12/cret@host/d",
      "host=h port=secret",
      "POSTGRES://u:se/cret@host:5432/d",
    ])
  func unreadable(_ connection: String) async {
    let error = await expectError(.usage) { try PostgresLocation(connection) }
    #expect(error?.message.contains("sec") == false && error?.message.contains("ret") == false)
  }

  @Test(
    "what is written as it is to be is taken",
    arguments: [
      "postgres://u:se%2Fcr%40et@h:5432/d", "PostgreSQL://u@h,i:5432,5433/my%2Fbase", "postgres://h/d",
      "postgres:///d?host=/run",
      "host=h port=5432,5433 dbname=a@b", "mail@home", "",
    ])
  func readable(_ connection: String) throws { _ = try PostgresLocation(connection) }

  @Test("a server that cannot be reached is unavailable, and the password is not shown")
  func unreachable() async {
    for connection in [
      "postgres://u:secret@localhost:1/d", "host=/nowhere password=secret",
      "postgres://u:secret@no.invalid/d",
    ] {
      let error = await expectError(.unavailable) { try await PostgresStore(postgres: connection) }
      #expect(error?.message.contains("secret") == false && error?.message.contains("\n") == false)
    }
  }
}

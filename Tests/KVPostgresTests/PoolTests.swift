import KV
import KVPostgres
import KVSQL
import TestSupport
import Testing

/// A pool that gives each transaction another of the server's sessions (PgBouncer's pool_mode=transaction).
@Suite(.enabled(if: PostgresTestServer.pool != nil), .timeLimit(.minutes(60))) struct PoolTests {
  @Test("clients that share two sessions run their own statements: nothing is deleted that was read")
  func statementsAreTheirOwn() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name, isPooled: true)
    let first = try await PostgresStore(postgres: url)
    let keys = (0..<50).map { "k/\($0)" }
    _ = try await first.mutate(keys.map { .put(key: $0, value: .null) })
    // Each client prepares its statements in an order of its own.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<16 {
        group.addTask {
          let store = try await PostgresStore(postgres: url)
          for round in 0..<20 {
            let key = keys[(client * 7 + round) % keys.count]
            switch (client + round) % 4 {
            case 0: #expect(try await store.get(key) != nil)
            case 1:
              try await store.put("own/\(client)", JSON(round))
              #expect(try await store.get("own/\(client)")?.value == JSON(round))
            case 2: #expect(try await store.delete(["own/\(client)"]) <= 1)
            default: #expect(try await store.getPrefix("k/").count == keys.count)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await first.count(.prefix("k/")) == keys.count)
  }

  @Test("nothing is left in a shared session: no setting, no name, nobody who listens")
  func nothingLeaks() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name, isPooled: true)
    let store = try await PostgresStore(postgres: url)
    try await store.put("k", .null)
    #expect(try await store.get("k") != nil)
    #expect(try await store.waitForChanges(since: .start, atMost: .milliseconds(1)) == .start)
    // The pool has one or two sessions for this database, and these are asked.
    for _ in 0..<8 {
      let state = try await store.driver.read(
        SQLStatement(
          "select (select count(*) from pg_prepared_statements) + (select count(*) from pg_listening_channels())"
        )
      ) { try $0.integer(0) }
      #expect(state == [0])
    }
  }

  @Test("a session that has lost its prepared statements runs them without names")
  func lostNames() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    try await store.put("k", .null)
    #expect(try await store.get("k") != nil)
    // What a pool does that does not show itself: the statements are gone, or others have made theirs.
    for words in ["deallocate all", "select 1"] {
      _ = try await store.driver.read(SQLStatement(words)) { $0.text(0) }
    }
    #expect(try await store.get("k") != nil)
    #expect(try await store.put("k", .null) == 2)
  }
}

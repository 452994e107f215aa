import KV
import KVSQL
import TestSupport
import Testing

@testable import KVSQLite

@Suite struct DurabilityTests {
  @Test("a commit that fails is a failure, and nothing of it is there")
  func failedCommitsAreFailures() async throws {
    let folder = TemporaryFolder()
    let store = try await SQLiteStore(sqlite: folder.database)
    try await store.put("before", .null)
    let connection = try SQLiteConnection(SQLiteLocation(folder.database))
    // A deferred foreign key is checked by the commit itself.
    try connection.execute(
      "create table fails (parent text references kv (key) deferrable initially deferred); pragma foreign_keys = on"
    )
    #expect(throws: SQLRefusal.self) {
      try connection.transaction {
        try connection.execute("delete from kv where key = 'before'; insert into fails values ('nobody')")
      }
    }
    #expect(try await store.get("before") != nil)
    #expect(try sqliteQuery(folder.database, "select count(*) from fails") == ["0"])
    // The connection is as good as before.
    try connection.transaction { try connection.execute("delete from kv where key = 'before'") }
    #expect(try await store.get("before") == nil)
  }
}

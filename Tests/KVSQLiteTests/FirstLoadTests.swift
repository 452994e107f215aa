import KV
import KVSQL
import TestSupport
import Testing

@testable import KVSQLite

/// A load into an empty database that may keep others out is written without the log, and leaves the database with one.
@Suite struct FirstLoadTests {
  private func store(_ folder: TemporaryFolder) async throws -> SQLiteStore {
    var location = try SQLiteLocation(folder.database)
    location.keepsOthersOutOfFirstLoad = true
    return try await SQLiteStore(location)
  }

  private func mode(_ folder: TemporaryFolder) throws -> [String] {
    try SQLiteConnection(SQLiteLocation(folder.database)).texts(SQLStatement("pragma journal_mode"))
  }

  private func records(_ prefix: String, count: Int = 100) -> [NewRecord] {
    (0..<count).map { NewRecord(key: "\(prefix)\($0)", value: JSON($0), type: "json") }
  }

  @Test func theLogIsLeftForTheFirstLoadOnly() async throws {
    let folder = TemporaryFolder()
    let store = try await store(folder)
    for (prefix, during) in [("a", "delete"), ("b", "wal")] {
      try await store.load { load in
        #expect(try self.mode(folder) == [during])
        _ = try await load.put(self.records(prefix), onConflict: .error)
      }
      #expect(try mode(folder) == ["wal"])
    }
    #expect(try await store.count(.all) == 200)
    #expect(try await store.streamSequence() == 200)
    // The same as by the log, and open to others.
    try await SQLiteStore(sqlite: folder.database).put("c", 1)
    #expect(try await store.get("c")?.value == 1)
  }

  @Test func whoHasTheDatabaseOpenIsNotKeptOut() async throws {
    let folder = TemporaryFolder()
    let store = try await store(folder)
    let other = try SQLiteConnection(SQLiteLocation(folder.database))
    #expect(try other.texts(SQLStatement("select count(*) from kv")) == ["0"])
    try await store.load { load in
      _ = try await load.put(self.records("a"), onConflict: .error)
      #expect(try self.mode(folder) == ["wal"])
    }
    #expect(try other.texts(SQLStatement("select count(*) from kv")) == ["100"])
  }

  @Test func nothingIsLeftOfALoadThatFails() async throws {
    let folder = TemporaryFolder()
    let store = try await store(folder)
    await expectError(.conflict) {
      // More than the cache holds, so that the file itself is written.
      try await store.load { load in
        let long = JSON(String(repeating: "x", count: 5000))
        for piece in 0..<8 {
          _ = try await load.put(
            (0..<1000).map { NewRecord(key: "\(piece)/\($0)", value: long, type: "json") }, onConflict: .error
          )
        }
        _ = try await load.put(self.records("0/", count: 1), onConflict: .error)
      }
    }
    #expect(try await store.count(.all) == 0)
    #expect(try await store.streamSequence() == 0)
    #expect(try mode(folder) == ["wal"])
  }
}

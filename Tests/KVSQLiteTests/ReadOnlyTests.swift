import Foundation
import KV
import KVSQLite
import TestSupport
import Testing

/// Files that may only be read. A superuser may write anything, so that what is asked is asked of an immutable copy, too.
@Suite struct ReadOnlyTests {
  @Test("an empty file is not written by whoever reads it")
  func emptyFiles() async throws {
    let path = TemporaryFolder().database
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let error = await expectError(.unavailable) { try await SQLiteStore(sqlite: path, creating: false) }
    #expect(error?.reason == .noTables)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == 0)
    _ = try await SQLiteStore(sqlite: path)
    #expect(try await SQLiteStore(sqlite: path, creating: false).count(.all) == 0)
  }

  @Test("a database in a folder that may not be written is read, without a log of its own")
  func readOnlyFolders() async throws {
    let folder = TemporaryFolder()
    do {
      let store = try await SQLiteStore(sqlite: folder.database)
      try await store.put("k", JSON(1))
    }
    // What the last of its users leaves: no log.
    try sqliteQuery(folder.database, "pragma wal_checkpoint(truncate)")
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.database + suffix) }
    chmod(folder.database, 0o444)
    chmod(folder.path, 0o555)
    defer { chmod(folder.path, 0o755) }
    let store = try await SQLiteStore(sqlite: folder.database, creating: false)
    #expect(try await store.get("k")?.value == JSON(1))
    if geteuid() == 0 { return }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    let error = await expectError(.failed) { try await SQLiteStore(sqlite: folder.database).put("k", .null) }
    #expect(error?.message.contains("may not be written by this user") == true)
  }
}

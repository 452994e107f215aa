import CSQLite
import KV
import KVSQLite

extension TestBackend {
  public static let sqlite = TestBackend(description: "SQLite") { SQLiteTestDatabase() }
}

private final class SQLiteTestDatabase: TestDatabase {
  let folder = TemporaryFolder()
  let leaseExpiry = "expires_at"

  func open() async throws -> any Database { try await SQLiteStore(sqlite: folder.database) }

  func openOnlyToRead() async throws -> any Database {
    var location = try SQLiteLocation(folder.database)
    location.refusesWrites = true
    return try await SQLiteStore(location, creating: false)
  }

  func query(_ sql: String) async throws -> [String] { try sqliteQuery(folder.database, sql) }
}

/// Runs SQL on a file as another program would, and gives one column as text.
@discardableResult
public func sqliteQuery(_ path: String, _ sql: String, column: Int32 = 0) throws -> [String] {
  var database: OpaquePointer?
  defer { sqlite3_close(database) }
  var statement: OpaquePointer?
  defer { sqlite3_finalize(statement) }
  guard sqlite3_open(path, &database) == SQLITE_OK, sqlite3_busy_timeout(database, 10_000) == SQLITE_OK,
    sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK
  else { throw KVError(.failed, "\(sql): \(String(cString: sqlite3_errmsg(database)))") }
  var rows: [String] = []
  while true {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: rows.append(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
    case SQLITE_DONE: return rows
    default: throw KVError(.failed, "\(sql): \(String(cString: sqlite3_errmsg(database)))")
    }
  }
}

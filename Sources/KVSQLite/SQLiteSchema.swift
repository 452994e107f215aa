import KV
import KVSQL

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes a file's tables those of ``SQLiteTables``.
enum SQLiteSchema {
  /// Checks what the file holds and migrates it where that is needed and allowed.
  /// - Parameter creating: whether a database without tables is given them.
  /// - Returns: the table expression for ``SQLDialect/incomingEdges``.
  static func prepare(_ connection: SQLiteConnection, creating: Bool) throws -> String {
    if try isCurrent(connection) { return SQLiteTables.incoming }
    guard connection.location.mode != .readOnly else { return try readOnlyFallback(connection) }
    if !creating, try connection.texts(SQLiteTables.names).isEmpty {
      throw KVError(.unavailable, "no kv tables in \(connection.location.path)", reason: .noTables)
    }
    do {
      try connection.allowingWrites {
        try useWriteAheadLog(connection)
        try connection.transaction {
          // Asked again under the lock: another process may have been faster.
          if try !isCurrent(connection) { try migrate(connection) }
        }
      }
    } catch let error as KVError where error.message.contains("is read-only") {
      return try readOnlyFallback(connection)
    }
    return SQLiteTables.incoming
  }

  /// As ``SQLiteTables/areCurrent``.
  static func isCurrent(_ connection: SQLiteConnection) throws -> Bool {
    try SQLiteTables.areCurrent(
      in: connection.location.path, names: Set(connection.texts(SQLiteTables.names)),
      columns: { try connection.texts(SQLiteTables.columns) },
      knownVersion: { try connection.texts(SQLiteTables.knownVersion).first.flatMap { Int($0) } ?? 0 })
  }

  /// A file that may not be changed, such as one of a-h/kv's on a read-only disk, is read without the index.
  private static func readOnlyFallback(_ connection: SQLiteConnection) throws -> String {
    guard try !connection.texts(SQLStatement("select name from sqlite_master where name = 'kv'")).isEmpty
    else {
      throw KVError(.failed, "\(connection.location.path) is read-only and holds no kv tables")
    }
    return "(select \(SQLiteTables.target("key")) as target, key from kv where \(SQLiteTables.isEdge("key")))"
  }

  /// Readers go on while somebody writes.
  static func useWriteAheadLog(_ connection: SQLiteConnection) throws {
    // Changing the mode does not wait for locks by itself.
    var waited: Int32 = 0
    while true {
      do {
        // Of a file that is new. Twice SQLite's own: an import is a sixth faster, and a put takes as long.
        try connection.execute("pragma page_size = 8192")
        _ = try connection.texts(SQLStatement("pragma journal_mode = wal"))
        return
      } catch let error as KVError
        where error.code == .unavailable && waited < connection.location.busyTimeout
      {
        usleep(5_000)
        waited += 5
      }
    }
  }

  private static func migrate(_ connection: SQLiteConnection) throws {
    for statement in SQLiteTables.migration(now: "'now'") { try connection.execute(statement) }
  }
}

import CSQLite
import KV
import KVSQL

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private let transientDestructor = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

private let isPartCharacter = (0...255).map { SQLiteTables.partCharacters.utf8.contains($0) }

/// `kv_edge_target(key)`: the last two parts of a key, `null` where they hold a character that a key of an edge has not.
/// What ``SQLiteSchema`` does with SQLite's own functions for every writer, several times faster for an import.
private func edgeTarget(
  context: OpaquePointer?, count: Int32, arguments: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let argument = arguments?[0], let bytes = sqlite3_value_text(argument) else {
    return sqlite3_result_null(context)
  }
  let end = Int(sqlite3_value_bytes(argument))
  var start = end
  var slashes = 0
  while start > 0 {
    let byte = bytes[start - 1]
    if byte == UInt8(ascii: "/") { slashes += 1 }
    if slashes == 2 { break }
    guard byte == UInt8(ascii: "/") || isPartCharacter[Int(byte)] else { return sqlite3_result_null(context) }
    start -= 1
  }
  guard slashes == 2 else { return sqlite3_result_null(context) }
  bytes.withMemoryRebound(to: CChar.self, capacity: end) { text in
    sqlite3_result_text(context, text + start, Int32(end - start), transientDestructor)
  }
}

/// How long a connection waits for somebody else's lock.
private final class BusyPatience {
  let milliseconds: Int32
  var began = ContinuousClock.now

  init(milliseconds: Int32) { self.milliseconds = milliseconds }
}

/// SQLite's own handler sleeps up to 100 ms, so that one of several busy writers may starve. This one asks again after
/// about a transaction's time, at random, so that each gets its turn.
private func waitWhileBusy(context: UnsafeMutableRawPointer?, count: Int32) -> Int32 {
  guard let context else { return 0 }
  let patience = Unmanaged<BusyPatience>.fromOpaque(context).takeUnretainedValue()
  if count == 0 { patience.began = .now }
  if ContinuousClock.now - patience.began >= .milliseconds(patience.milliseconds) { return 0 }
  usleep(UInt32.random(in: 100...UInt32(min(500 + count * 100, 5_000))))
  return 1
}

/// One connection. Not `Sendable`: the actor that owns it uses it on one thread at a time.
final class SQLiteConnection {
  let location: SQLiteLocation
  private let handle: OpaquePointer
  private let patience: BusyPatience
  /// Prepared statements, kept for the life of the connection, those asked for last in front: the store has some twenty
  /// texts, and most work is one of them or three in turn.
  private var statements: [(sql: String, prepared: OpaquePointer)] = []

  private static let configureOnce: Void = kv_sqlite3_disable_memory_statistics()

  init(_ location: SQLiteLocation) throws {
    self.location = location
    if location.isDirectory { throw KVError(.unavailable, "\(location.path) is a directory, not a database") }
    Self.configureOnce
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(location.name, &opened, location.openFlags, nil)
    guard status == SQLITE_OK, let opened else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw KVError(.unavailable, "cannot open the database \(location.path): \(reason)")
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    patience = BusyPatience(milliseconds: location.busyTimeout)
    sqlite3_busy_handler(handle, waitWhileBusy, Unmanaged.passUnretained(patience).toOpaque())
    try execute("pragma synchronous = \(location.synchronous)")
    // At most 32 MiB, and no more than is read: a search comes back to the same pages.
    try execute("pragma cache_size = -32768")
    // The statement journals of triggers otherwise go through files.
    try execute("pragma temp_store = memory")
    let registered = sqlite3_create_function_v2(
      handle, "kv_edge_target", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil, edgeTarget, nil, nil, nil)
    if registered != SQLITE_OK { throw failure(registered) }
  }

  deinit {
    for statement in statements { sqlite3_finalize(statement.prepared) }
    sqlite3_close_v2(handle)
  }

  /// Runs text that needs no parameters and gives no rows; several statements are allowed.
  func execute(_ sql: String) throws {
    let status = sqlite3_exec(handle, sql, nil, nil, nil)
    if status != SQLITE_OK { throw failure(status) }
  }

  /// Runs one statement, and `row` for each row.
  func run(_ statement: SQLStatement, row: (SQLiteRow) throws -> Void) throws {
    try withBound(statement) { prepared in
      while try step(prepared) { try row(SQLiteRow(statement: prepared)) }
    }
  }

  /// Runs a query up to its first row, if there is one, and `row` for that.
  func runToFirst(_ statement: SQLStatement, row: (SQLiteRow) throws -> Void) throws {
    try withBound(statement) { prepared in
      if try step(prepared) { try row(SQLiteRow(statement: prepared)) }
    }
  }

  private func withBound(_ statement: SQLStatement, _ body: (OpaquePointer) throws -> Void) throws {
    let prepared = try prepare(statement.sql)
    defer {
      sqlite3_reset(prepared)
      sqlite3_clear_bindings(prepared)
    }
    for (index, value) in statement.parameters.enumerated() {
      try bind(value, to: Int32(index + 1), of: prepared)
    }
    try body(prepared)
  }

  /// - Returns: whether there is a row.
  private func step(_ prepared: OpaquePointer) throws -> Bool {
    let status = sqlite3_step(prepared)
    if status == SQLITE_ROW { return true }
    if status == SQLITE_DONE { return false }
    throw failure(status)
  }

  func run(_ statement: SQLStatement) throws -> SQLOutcome {
    var returned: SQLValue?
    let before = sqlite3_total_changes64(handle)
    try run(statement) { row in returned = returned ?? row.value(0) }
    // `changes` counts the statement's own rows, not its triggers', but keeps the last count where there were none.
    let changes = sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    return SQLOutcome(changes: changes, returned: returned)
  }

  /// Runs the statements inside the open transaction; a refused one is named.
  func run(batch statements: [SQLStatement]) throws -> [SQLOutcome] {
    var outcomes: [SQLOutcome] = []
    outcomes.reserveCapacity(statements.count)
    for statement in statements {
      do {
        outcomes.append(try run(statement))
      } catch let refusal as SQLRefusal {
        throw SQLRefusal(statement: outcomes.count, reason: refusal.reason)
      }
    }
    return outcomes
  }

  /// Runs `body` between `begin immediate` and `commit`, or undoes it.
  func transaction<T>(_ body: () throws -> T) throws -> T {
    try run(SQLStatement("begin immediate")) { _ in }
    do {
      let result = try body()
      try run(SQLStatement("commit")) { _ in }
      return result
    } catch {
      rollback()
      throw error
    }
  }

  func rollback() {
    // SQLite has already rolled back after some errors (a full disk); then there is nothing to do.
    if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "rollback", nil, nil, nil) }
  }

  /// Whether this connection runs triggers.
  func enableTriggers(_ enabled: Bool) { kv_sqlite3_enable_triggers(handle, enabled ? 1 : 0) }

  var lastInsertedRow: Int { Int(sqlite3_last_insert_rowid(handle)) }

  func texts(_ statement: SQLStatement) throws -> [String] {
    var texts: [String] = []
    try run(statement) { texts.append($0.text(0)) }
    return texts
  }

  private func prepare(_ sql: String) throws -> OpaquePointer {
    if let known = statements.firstIndex(where: { $0.sql == sql }) {
      if known > 0 { statements.swapAt(known, 0) }
      return statements[0].prepared
    }
    var prepared: OpaquePointer?
    let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard status == SQLITE_OK, let prepared else { throw failure(status) }
    statements.append((sql, prepared))
    return prepared
  }

  private func bind(_ value: SQLValue, to index: Int32, of statement: OpaquePointer) throws {
    let status =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .integer(let integer): sqlite3_bind_int64(statement, index, Int64(integer))
      case .real(let real): sqlite3_bind_double(statement, index, real)
      case .text(let text):
        // A string that is passed as an argument is first copied into an array.
        text.withCString {
          sqlite3_bind_text64(
            statement, index, $0, UInt64(text.utf8.count), transientDestructor, UInt8(SQLITE_UTF8))
        }
      case .blob(let bytes):
        sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), transientDestructor)
      }
    if status != SQLITE_OK { throw failure(status) }
  }

  func failure(_ status: Int32) -> any Error {
    let reason = String(cString: sqlite3_errmsg(handle))
    return switch status & 0xFF {
    case SQLITE_CONSTRAINT: SQLRefusal(statement: 0)
    case SQLITE_BUSY, SQLITE_LOCKED:
      KVError(
        .unavailable,
        "the database \(location.path) is locked by another process; waited \(location.busyTimeout) ms")
    case SQLITE_CANTOPEN:
      KVError(.unavailable, "cannot open the database \(location.path): \(reason)")
    case SQLITE_NOTADB: KVError(.failed, "\(location.path) is not a SQLite database")
    case SQLITE_READONLY: KVError(.failed, "the database \(location.path) is read-only; nothing was changed")
    case SQLITE_FULL: KVError(.failed, "no space left for the database \(location.path); nothing was changed")
    case SQLITE_TOOBIG:
      SQLRefusal(
        statement: 0, reason: .error(KVError(.invalidData, "a value is larger than SQLite can hold")))
    default: KVError(.failed, "SQLite: \(reason) (\(location.path))")
    }
  }
}

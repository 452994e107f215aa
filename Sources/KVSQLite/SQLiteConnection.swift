import CSQLite
import KV
import KVSQL

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private let transientDestructor = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// `kv_edge_target(key)`: the node that an edge enters, as in its key; `null` where it is no key of an edge. What
/// ``SQLiteTables`` does with SQLite's own functions for every writer, several times faster for an import.
private func edgeTarget(
  context: OpaquePointer?, count: Int32, arguments: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let argument = arguments?[0], let text = sqlite3_value_text(argument) else {
    return sqlite3_result_null(context)
  }
  let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_value_bytes(argument)))
  guard let target = EdgeKeyParts(bytes)?.to else { return sqlite3_result_null(context) }
  text.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
    sqlite3_result_text(context, text + target.lowerBound, Int32(target.count), transientDestructor)
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
  if Task.isCancelled { return 0 }
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
    let status = location.withName { sqlite3_open_v2($0, &opened, $1, nil) }
    guard status == SQLITE_OK, let opened else {
      let reason = location.obstacle ?? opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw KVError(.unavailable, "cannot open the database \(location.path): \(reason)")
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    patience = BusyPatience(milliseconds: location.busyTimeout)
    sqlite3_busy_handler(handle, waitWhileBusy, Unmanaged.passUnretained(patience).toOpaque())
    // Unlike an interruption from another thread, it ends what its own task does and nothing that comes after.
    sqlite3_progress_handler(handle, 10_000, { _ in Task.isCancelled ? 1 : 0 }, nil)
    try execute("pragma synchronous = \(location.synchronous)")
    // At most 32 MiB, and no more than is read: a search comes back to the same pages.
    try execute("pragma cache_size = -32768")
    // The statement journals of triggers otherwise go through files.
    try execute("pragma temp_store = memory")
    if location.refusesWrites { try refuseWrites(true) }
    let registered = sqlite3_create_function_v2(
      handle, "kv_edge_target", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil, edgeTarget, nil, nil, nil)
    if registered != SQLITE_OK { throw failure(registered) }
  }

  private func refuseWrites(_ refuses: Bool) throws { try execute("pragma query_only = \(refuses ? 1 : 0)") }

  /// Runs `body`, which may write even where the location refuses that.
  func allowingWrites(_ body: () throws -> Void) throws {
    guard location.refusesWrites else { return try body() }
    try refuseWrites(false)
    let result = Result(catching: body)
    try refuseWrites(true)
    try result.get()
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

  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Runs `body` between `begin immediate` and `commit`, or undoes it.
  func transaction<T>(_ body: () throws -> T) throws -> T {
    try run(SQLStatement("begin immediate")) { _ in }
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      rollback()
      throw error
    }
  }

  /// - Throws: that it may have happened, where the disk failed on the way: what has reached the log is found there when the
  ///   database is opened next.
  func commit() throws {
    let prepared = try prepare("commit")
    defer { sqlite3_reset(prepared) }
    let status = sqlite3_step(prepared)
    if status == SQLITE_DONE { return }
    guard status & 0xFF == SQLITE_IOERR else { throw failure(status) }
    throw KVError(
      .unavailable,
      "\(location.path): \(diskReason) while the change was committed: it may have happened or not, so look before you repeat it"
    )
  }

  func rollback() {
    // SQLite has already rolled back after some errors (a full disk); then there is nothing to do.
    if isInTransaction { sqlite3_exec(handle, "rollback", nil, nil, nil) }
  }

  /// Copies the database into a file. Inside a transaction it is what that reads.
  func backUp(to path: [UInt8], progress: (Int, Int) -> Void) throws -> Int {
    var opened: OpaquePointer?
    let status = (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
      sqlite3_open_v2($0.baseAddress, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    }
    defer { sqlite3_close_v2(opened) }
    let name = String(decoding: path, as: UTF8.self)
    func failure() -> KVError {
      KVError(
        .failed,
        "cannot write \(name): \(opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory")")
    }
    guard status == SQLITE_OK, let opened, let backup = sqlite3_backup_init(opened, "main", handle, "main")
    else {
      throw failure()
    }
    var pages = 0
    var step = SQLITE_OK
    while step == SQLITE_OK || step == SQLITE_BUSY || step == SQLITE_LOCKED, !Task.isCancelled {
      step = sqlite3_backup_step(backup, 4096)
      pages = Int(sqlite3_backup_pagecount(backup))
      progress(pages - Int(sqlite3_backup_remaining(backup)), pages)
      if step == SQLITE_BUSY || step == SQLITE_LOCKED { usleep(5_000) }
    }
    let end = sqlite3_backup_finish(backup)
    try Task.checkCancellation()
    guard step == SQLITE_DONE, end == SQLITE_OK else { throw failure() }
    return pages
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
    let path = location.path
    switch status & 0xFF {
    case SQLITE_CONSTRAINT:
      let error = KVError(
        .failed, "the database \(path) refused the change: \(reason) (\(Self.name(ofConstraint: status)))")
      return SQLRefusal(statement: 0, reason: SQLRefusal.Reason(sqliteConstraint: reason) ?? .error(error))
    case SQLITE_BUSY, SQLITE_LOCKED:
      if Task.isCancelled { return CancellationError() }
      return KVError(
        .unavailable, "the database \(path) is locked by another process; waited \(location.busyTimeout) ms")
    case SQLITE_INTERRUPT: return CancellationError()
    case SQLITE_CANTOPEN:
      let obstacle = location.obstacle ?? reason
      return KVError(.unavailable, "cannot open the database \(path): \(obstacle)")
    case SQLITE_NOTADB: return KVError(.failed, "\(path) is not a SQLite database")
    case SQLITE_READONLY:
      let obstacle = location.obstacle.map { ": \($0)" } ?? ""
      return KVError(.failed, "the database \(path) is read-only\(obstacle); nothing was changed")
    case SQLITE_FULL:
      let what =
        isAtLastSequence
        ? "the stream of \(path) has come to its last number, \(Int.max)"
        : "no space left for the database \(path)"
      return KVError(.failed, "\(what); nothing was changed")
    case SQLITE_IOERR where sqlite3_system_errno(handle) == ENOSPC:
      return KVError(.failed, "no space left for the database \(path); nothing was changed")
    case SQLITE_IOERR: return KVError(.failed, "\(path): \(diskReason)")
    case SQLITE_NOMEM: return KVError(.failed, "\(path): out of memory")
    case SQLITE_TOOBIG:
      return SQLRefusal(
        statement: 0, reason: .error(KVError(.invalidData, "a value is larger than SQLite can hold")))
    default: return KVError(.failed, "SQLite: \(reason) (\(path))")
    }
  }

  /// What the system said when the disk failed.
  private var diskReason: String {
    let code = sqlite3_system_errno(handle)
    return code == 0 ? "the disk failed" : "the disk failed (\(String(cString: strerror(code))))"
  }

  /// SQLite calls that a full disk.
  private var isAtLastSequence: Bool {
    let last = try? texts(SQLStatement("select max(seq) from sqlite_sequence where name = 'stream'"))
    return last?.first == String(Int.max)
  }

  private static func name(ofConstraint status: Int32) -> String {
    switch status {
    case kv_sqlite3_constraint_check: "SQLITE_CONSTRAINT_CHECK"
    case kv_sqlite3_constraint_foreign_key: "SQLITE_CONSTRAINT_FOREIGNKEY"
    case kv_sqlite3_constraint_not_null: "SQLITE_CONSTRAINT_NOTNULL"
    case kv_sqlite3_constraint_trigger: "SQLITE_CONSTRAINT_TRIGGER"
    case kv_sqlite3_constraint_unique: "SQLITE_CONSTRAINT_UNIQUE"
    default: "SQLITE_CONSTRAINT, code \(status)"
    }
  }
}

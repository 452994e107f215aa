import CPostgres
import KV
import KVSQL

/// A connection with its prepared statements. Its calls block.
///
/// Behind a pool such as PgBouncer in transaction pooling each transaction may run in another of the server's sessions, which
/// other clients use in between. There statements have no names, and nothing is set that outlives a transaction.
final class PostgresConnection {
  let handle: OpaquePointer
  /// Whether the server's sessions are shared with other clients.
  private(set) var isPooled: Bool
  private let refusesWrites: Bool
  /// The texts that are prepared here, each under the name that it makes.
  private var prepared: Set<String> = []

  init(_ location: PostgresLocation) throws {
    let handle = location.connect()
    guard let handle, PQstatus(handle) == CONNECTION_OK else {
      defer { PQfinish(handle) }
      throw PostgresFailure(connection: handle)
    }
    self.handle = handle
    isPooled = true
    refusesWrites = location.refusesWrites
    // Notices are for people at a terminal of psql's.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    // A pool tells its clients process numbers of its own. Where there is none, just-in-time compilation is switched off for the
    // session: our statements are short, and without statistics the planner takes them for long ones.
    let settings = try run([
      SQLStatement(
        "select \(settings(isLocal: false)) where pg_backend_pid() = ?1::integer",
        [.integer(Int(PQbackendPID(handle)))])
    ])
    isPooled = settings[0].isEmpty
  }

  deinit { PQfinish(handle) }

  /// - Parameter isLocal: whether for a transaction, and not for the session.
  private func settings(isLocal: Bool) -> String {
    // As long as SQLite waits, where nobody has said how long.
    let settings = """
      set_config('jit', 'off', \(isLocal)), set_config('lock_timeout', coalesce(nullif(current_setting('lock_timeout'), '0'), '10s'), \(isLocal))
      """
    guard refusesWrites else { return settings }
    return "\(settings), set_config('\(isLocal ? "" : "default_")transaction_read_only', 'on', \(isLocal))"
  }

  /// Whether the server has not closed it while it was idle. Cost: two calls of the system, none of the server.
  var isAlive: Bool {
    // A last message of the server may stand before the end.
    for _ in 0..<2 where PQconsumeInput(handle) == 0 { return false }
    return PQstatus(handle) == CONNECTION_OK
  }

  /// Runs SQL without parameters, perhaps several statements.
  func execute(_ sql: String) throws {
    let result = PQexec(handle, sql)
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK else {
      throw failure(result)
    }
  }

  /// Runs the statements in one round trip. Outside a transaction that `execute` began they are one: all, or none.
  /// - Parameter inTransaction: whether they are part of one, which a statement that is refused for its name would end.
  /// - Throws: ``PostgresFailure``.
  func run(_ statements: [SQLStatement], inTransaction: Bool = false) throws -> [PostgresResult] {
    if inTransaction {
      do {
        return try runNameless(statements)
      } catch var failure as PostgresFailure {
        // Nothing was committed.
        failure.outcomeIsUnknown = false
        throw failure
      }
    }
    if isPooled { return try runNameless(statements) }
    do {
      return try runNamed(statements)
    } catch let failure as PostgresFailure where failure.isOfPreparedName {
      // A pool after all. Nothing has happened: the whole pipeline was undone.
      isPooled = true
      return try runNameless(statements)
    }
  }

  private enum Step {
    /// What is not asked for: its result is passed over.
    case preparation(of: String, Int)
    case setting
    case execution(Int)
  }

  private func runNamed(_ statements: [SQLStatement]) throws -> [PostgresResult] {
    try pipeline(count: statements.count) { steps in
      var new: Set<String> = []
      for (index, statement) in statements.enumerated() {
        let name = Self.name(of: statement.sql)
        if !prepared.contains(statement.sql), new.insert(statement.sql).inserted {
          steps.append(.preparation(of: statement.sql, index))
          try check(PQsendPrepare(handle, name, numbered(statement.sql), 0, nil))
        }
        steps.append(.execution(index))
        let texts = try statement.parameters.map(Self.text)
        try check(
          withCStrings(texts) { PQsendQueryPrepared(handle, name, Int32(texts.count), $0, nil, nil, 0) })
      }
    }
  }

  private func runNameless(_ statements: [SQLStatement]) throws -> [PostgresResult] {
    try pipeline(count: statements.count) { steps in
      if isPooled {
        steps.append(.setting)
        try send(SQLStatement("select \(settings(isLocal: true))"))
      }
      for (index, statement) in statements.enumerated() {
        steps.append(.execution(index))
        try send(statement)
      }
    }
  }

  private func send(_ statement: SQLStatement) throws {
    let texts = try statement.parameters.map(Self.text)
    try check(
      withCStrings(texts) {
        PQsendQueryParams(handle, numbered(statement.sql), Int32(texts.count), nil, $0, nil, nil, 0)
      })
  }

  private func check(_ isSent: Int32) throws {
    if isSent != 1 { throw PostgresFailure(connection: handle) }
  }

  private func pipeline(count: Int, _ send: (inout [Step]) throws -> Void) throws -> [PostgresResult] {
    try check(PQenterPipelineMode(handle))
    defer { PQexitPipelineMode(handle) }
    var steps: [Step] = []
    try send(&steps)
    try check(PQpipelineSync(handle))
    return try results(steps, count: count)
  }

  /// A name that only this text has, so that whoever finds it prepared in a session that others have used gets the same
  /// statement: two hashes of 64 bits (FNV-1a, from two starts).
  private static func name(of sql: String) -> String {
    func hash(_ start: UInt64) -> String {
      String(sql.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
    return "kv_\(hash(0xCBF2_9CE4_8422_2325))_\(hash(0x9E37_79B9_7F4A_7C15))"
  }

  private static func text(_ value: SQLValue) throws -> String? {
    switch value {
    case .null: return nil
    case .integer(let integer): return String(integer)
    case .real(let real): return String(real)
    case .blob(let bytes):
      return "\\x" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    case .text(let text):
      if text.utf8.contains(0) { throw PostgresFailure(state: "22021", "a text contains a NUL character") }
      return text
    }
  }

  private func results(_ steps: [Step], count: Int) throws -> [PostgresResult] {
    var results: [PostgresResult] = []
    var failure: PostgresFailure?
    for step in steps {
      // A null pointer stands between the results of two commands.
      guard let result = PQgetResult(handle) else { break }
      let status = PQresultStatus(result)
      switch (status, step) {
      case (PGRES_COMMAND_OK, .preparation(let sql, _)):
        prepared.insert(sql)
        PQclear(result)
      case (PGRES_TUPLES_OK, .setting): PQclear(result)
      case (PGRES_COMMAND_OK, .execution), (PGRES_TUPLES_OK, .execution):
        results.append(PostgresResult(result))
      case (PGRES_PIPELINE_ABORTED, _): PQclear(result)
      case (_, .preparation(_, let index)), (_, .execution(let index)):
        failure = failure ?? PostgresFailure(result, statement: index)
        PQclear(result)
      case (_, .setting):
        failure = failure ?? PostgresFailure(result)
        PQclear(result)
      }
      if PQstatus(handle) != CONNECTION_OK { break }
      while let more = PQgetResult(handle) { PQclear(more) }
    }
    var isCommitted = false
    while let result = PQgetResult(handle) {
      if PQresultStatus(result) == PGRES_PIPELINE_SYNC { isCommitted = failure == nil }
      if PQresultStatus(result) == PGRES_FATAL_ERROR { failure = failure ?? PostgresFailure(result) }
      PQclear(result)
    }
    if isCommitted, results.count == count { return results }
    var reason = failure ?? PostgresFailure(connection: handle)
    reason.outcomeIsUnknown = reason.isLostConnection
    throw reason
  }

  private func failure(_ result: OpaquePointer?) -> PostgresFailure {
    PQstatus(handle) == CONNECTION_OK ? PostgresFailure(result) : PostgresFailure(connection: handle)
  }

  private static let copyPiece = 1 << 20

  /// Sends rows in the text form of COPY to where `sql` says.
  func copy(_ rows: [UInt8], _ sql: String) throws {
    let begun = PQexec(handle, sql)
    defer { PQclear(begun) }
    guard PQresultStatus(begun) == PGRES_COPY_IN else { throw failure(begun) }
    // In pieces: their lengths are 32 bits wide, and libpq keeps what it cannot send at once.
    for start in stride(from: 0, to: rows.count, by: Self.copyPiece) {
      let piece = rows[start..<min(start + Self.copyPiece, rows.count)]
      try check(
        piece.withUnsafeBytes { bytes in
          PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        })
    }
    try check(PQputCopyEnd(handle, nil))
    var refusal: PostgresFailure?
    while let result = PQgetResult(handle) {
      if PQresultStatus(result) != PGRES_COMMAND_OK { refusal = failure(result) }
      PQclear(result)
    }
    if let refusal { throw refusal }
  }

  /// The texts of notifications that have come in.
  func channels() -> [String] {
    var channels: [String] = []
    while let notification = PQnotifies(handle) {
      channels.append(String(cString: notification.pointee.relname))
      PQfreemem(notification)
    }
    return channels
  }
}

/// Parameters as PostgreSQL writes them: `$1` for `?1`.
private func numbered(_ sql: String) -> String {
  sql.replacing("?", with: "$")
}

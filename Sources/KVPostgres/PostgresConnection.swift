import CPostgres
import KV
import KVSQL

/// A connection with its prepared statements. Its calls block.
final class PostgresConnection {
  let handle: OpaquePointer
  /// The names of prepared statements, by their SQL.
  private var prepared: [String: String] = [:]

  init(_ location: PostgresLocation) throws {
    let handle = location.connect()
    guard let handle, PQstatus(handle) == CONNECTION_OK else {
      defer { PQfinish(handle) }
      throw PostgresFailure(connection: handle)
    }
    self.handle = handle
    // Notices are for people at a terminal of psql's.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    // Our statements are short, and without statistics the planner takes them for long ones, worth compiling.
    try execute("set jit = off")
  }

  deinit { PQfinish(handle) }

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
  /// - Throws: ``PostgresFailure``.
  func run(_ statements: [SQLStatement]) throws -> [PostgresResult] {
    guard PQenterPipelineMode(handle) == 1 else { throw PostgresFailure(connection: handle) }
    defer { PQexitPipelineMode(handle) }
    var expected: [Expected] = []
    // Named before they are known to be prepared: a text may stand in the batch twice.
    var new: [String: String] = [:]
    for (index, statement) in statements.enumerated() {
      var name = prepared[statement.sql] ?? new[statement.sql]
      if name == nil {
        name = "kv\(prepared.count + new.count)"
        new[statement.sql] = name
        expected.append(.preparation(of: statement.sql, index))
        guard PQsendPrepare(handle, name, numbered(statement.sql), 0, nil) == 1 else {
          throw PostgresFailure(connection: handle)
        }
      }
      expected.append(.execution(index))
      try send(statement.parameters, to: name ?? "")
    }
    guard PQpipelineSync(handle) == 1 else { throw PostgresFailure(connection: handle) }
    return try results(expected, new, count: statements.count)
  }

  private enum Expected {
    case preparation(of: String, Int)
    case execution(Int)
  }

  private func send(_ parameters: [SQLValue], to name: String) throws {
    let texts = try parameters.map(Self.text)
    let isSent = withCStrings(texts) {
      PQsendQueryPrepared(handle, name, Int32(texts.count), $0, nil, nil, 0) == 1
    }
    guard isSent else { throw PostgresFailure(connection: handle) }
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

  private func results(_ expected: [Expected], _ new: [String: String], count: Int) throws
    -> [PostgresResult]
  {
    var results: [PostgresResult] = []
    var failure: PostgresFailure?
    for step in expected {
      // A null pointer stands between the results of two commands.
      guard let result = PQgetResult(handle) else { break }
      let status = PQresultStatus(result)
      switch (status, step) {
      case (PGRES_COMMAND_OK, .preparation(let sql, _)):
        prepared[sql] = new[sql]
        PQclear(result)
      case (PGRES_COMMAND_OK, .execution), (PGRES_TUPLES_OK, .execution):
        results.append(PostgresResult(result))
      case (PGRES_PIPELINE_ABORTED, _): PQclear(result)
      case (_, .preparation(_, let index)), (_, .execution(let index)):
        failure = failure ?? PostgresFailure(result, statement: index)
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

  /// Sends rows in the text form of COPY to where `sql` says.
  func copy(_ rows: [UInt8], _ sql: String) throws {
    let begun = PQexec(handle, sql)
    defer { PQclear(begun) }
    guard PQresultStatus(begun) == PGRES_COPY_IN else { throw failure(begun) }
    let isSent = rows.withUnsafeBytes { bytes in
      PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
    }
    guard isSent, PQputCopyEnd(handle, nil) == 1 else { throw PostgresFailure(connection: handle) }
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

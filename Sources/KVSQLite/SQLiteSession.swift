import KV
import KVSQL

/// A connection and the thread that it is used on.
actor SQLiteSession {
  private let executor = SQLiteExecutor()
  private let location: SQLiteLocation
  private var opened: SQLiteConnection?

  init(_ location: SQLiteLocation) { self.location = location }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Opened at first use, on the session's own thread.
  private var connection: SQLiteConnection {
    get throws {
      if let opened { return opened }
      let connection = try SQLiteConnection(location)
      opened = connection
      return connection
    }
  }

  func with<T: Sendable>(_ body: @Sendable (SQLiteConnection) throws -> T) throws -> T {
    try body(connection)
  }

  func read<T: Sendable>(
    _ statement: SQLStatement, decode: @Sendable (any SQLRow) throws -> T
  ) throws -> [T] {
    var rows: [T] = []
    try connection.run(statement) { rows.append(try decode($0)) }
    return rows
  }
}

/// A session in the middle of one long transaction.
extension SQLiteSession: SQLLoad {
  func begin() throws { try connection.execute("begin immediate") }
  func write(_ statements: [SQLStatement]) throws -> [SQLOutcome] { try connection.run(batch: statements) }
  func commit() throws { try connection.execute("commit") }
  func rollback() { opened?.rollback() }
}

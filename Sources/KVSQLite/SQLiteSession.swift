import KV
import KVSQL

/// A connection and the thread that it is used on.
actor SQLiteSession {
  private let executor = BlockingExecutor(label: "kv.sqlite")
  private let location: SQLiteLocation
  private(set) var opened: SQLiteConnection?
  var load = SQLiteLoadState()

  init(_ location: SQLiteLocation) { self.location = location }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Opened at first use, on the session's own thread.
  var connection: SQLiteConnection {
    get throws {
      if let opened { return opened }
      let connection = try SQLiteConnection(location)
      opened = connection
      return connection
    }
  }

  func close() { opened = nil }

  /// From here on the session reads what the database holds now.
  func beginReading() throws {
    try connection.execute("begin")
    // The first read is what chooses the moment.
    _ = try connection.texts(SQLStatement("select count(*) from kv_extension_version"))
  }

  func endReading() throws { try connection.execute("commit") }

  func with<T: Sendable>(_ body: @Sendable (SQLiteConnection) throws -> T) throws -> T {
    try body(connection)
  }

  func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @Sendable (inout Result, any SQLRow) throws -> Void
  ) throws -> Result {
    var result = initial
    try connection.run(statement) { try body(&result, $0) }
    return result
  }
}

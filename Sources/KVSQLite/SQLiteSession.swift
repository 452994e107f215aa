import KV
import KVSQL

/// A connection and the thread that it is used on.
actor SQLiteSession {
  private let executor = SQLiteExecutor()
  private let location: SQLiteLocation
  private var opened: SQLiteConnection?
  /// The texts of the triggers that a load has taken off.
  private var suspendedTriggers: [String] = []
  private var loadsEmptyStore = false

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
///
/// A trigger for each row costs more than the row. So the triggers that this project knows are taken off inside the
/// transaction, what they do is done for a batch at a time, and they are put on again before the commit. Nobody else
/// ever sees the database without them.
extension SQLiteSession: SQLLoad {
  func begin() throws {
    let connection = try connection
    // The pages that a long transaction changes: with the default 2 MB they are written out again and again.
    try connection.execute("pragma cache_size = -98304")
    try connection.execute("begin immediate")
    do {
      suspendedTriggers = try connection.texts(SQLiteSchema.loadTriggers)
      for trigger in SQLiteSchema.loadTriggerNames {
        try connection.execute("drop trigger if exists \(trigger)")
      }
      loadsEmptyStore = try connection.texts("select 1 from kv limit 1").isEmpty
      if loadsEmptyStore { try connection.execute(SQLiteSchema.dropTypeIndex) }
    } catch {
      connection.rollback()
      throw error
    }
  }

  func write(_ statements: [SQLStatement], keys: [String]) throws -> [SQLOutcome] {
    // In key order, so that neighbours in the tables are written together.
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    var outcomes = statements.map { _ in SQLOutcome(changes: 0) }
    for index in order {
      do {
        outcomes[index] = try connection.run(statements[index])
      } catch is SQLConstraintFailure {
        throw SQLConstraintFailure(statement: index)
      }
    }
    let changed = zip(keys, outcomes).filter { $1.changes > 0 }.map { JSON($0.0) }
    let list = SQLValue.text(JSON(elements: changed).text)
    _ = try connection.run(SQLStatement(SQLiteSchema.streamBatch, [list]))
    if !loadsEmptyStore { _ = try connection.run(SQLStatement(SQLiteSchema.incomingBatch, [list])) }
    return outcomes
  }

  func commit() throws {
    if loadsEmptyStore {
      // Sorted once and appended, instead of inserted here and there for each batch.
      try connection.execute(SQLiteSchema.typeIndex)
      try connection.execute(SQLiteSchema.fillIncoming)
    }
    for trigger in suspendedTriggers { try connection.execute(trigger) }
    try connection.execute("commit")
  }

  func rollback() { opened?.rollback() }
}

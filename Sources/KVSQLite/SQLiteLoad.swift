import KV
import KVSQL

/// What a load has to remember until its commit.
struct SQLiteLoadState {
  /// The texts of the triggers that the load has taken off: none where it could switch off all.
  var suspendedTriggers: [String] = []
  /// Whether there are attribute indexes whose triggers do not run.
  var marksRecords = false
  /// Whether statements were run that write records by themselves.
  var isVerbatim = false
  /// Whether the database is without its write-ahead log meanwhile.
  var isUnlogged = false
  /// The rows of the stream that stand for records not yet in kv, as runs of sequence numbers.
  var staged: [ClosedRange<Int>] = []

  mutating func stage(_ sequences: ClosedRange<Int>) {
    if let last = staged.last, last.upperBound + 1 == sequences.lowerBound {
      staged[staged.count - 1] = last.lowerBound...sequences.upperBound
    } else {
      staged.append(sequences)
    }
  }

  /// The runs as a JSON array of pairs, for ``SQLiteLoadStatements/fillRecords`` and its like.
  var stagedRuns: SQLValue {
    .text(JSON(elements: staged.map { JSON(elements: [JSON($0.lowerBound), JSON($0.upperBound)]) }).text)
  }

  /// How many records were staged before this row of the stream.
  func position(of sequence: Int) -> Int {
    staged.prefix { $0.lowerBound <= sequence }.reduce(-1) {
      $0 + min($1.upperBound, sequence) - $1.lowerBound + 1
    }
  }
}

/// A session in the middle of one long transaction.
///
/// A trigger for each row costs more than the row. So the load's connection runs none, and what they do is done for many rows
/// at a time. Where another program has triggers of its own, which have to run, only those that this project knows are
/// taken off inside the transaction, and put on again before the commit: nobody else ever sees the database without them.
/// It takes longer, for pages of the schema that are written twice make SQLite write the heads of all frames after them anew.
///
/// An empty database that nobody else has open may be written without its write-ahead log, from which all would be copied into the file
/// when it is done. A rollback journal holds the few pages that there were, so that nothing is left of a load that does not end.
///
/// New records go into the stream first, which grows at its end, and from there at the commit into kv and the index
/// of incoming edges, sorted: a table filled in its own order is several times faster than one filled here and there.
extension SQLiteSession: SQLLoad {
  func begin() throws {
    let connection = try connection
    // The sorts of the commit go through files once they are larger than the cache.
    try connection.execute("pragma temp_store = file; pragma cache_size = -30720; pragma threads = 2")
    load = SQLiteLoadState()
    load.isUnlogged = try connection.location.keepsOthersOutOfFirstLoad && leaveLog(connection)
    do {
      try connection.execute("begin immediate")
      if try connection.texts(SQLiteLoadStatements.foreignTriggers).isEmpty {
        connection.enableTriggers(false)
        load.marksRecords = try !connection.texts(SQLStatement(SQLAttributeTables.sqlite.existing)).isEmpty
      } else {
        load.suspendedTriggers = try connection.texts(SQLiteLoadStatements.loadTriggers)
        for trigger in SQLiteLoadStatements.loadTriggerNames {
          try connection.execute("drop trigger if exists \(trigger)")
        }
      }
    } catch {
      _ = rollback()
      throw error
    }
  }

  /// - Returns: whether the database is empty and nobody else has it open, so that it is without its log now.
  private func leaveLog(_ connection: SQLiteConnection) throws -> Bool {
    let holdsAnything = "select 1 where exists (select 1 from kv) or exists (select 1 from stream)"
    guard try connection.texts(SQLStatement(holdsAnything)).isEmpty else { return false }
    // It is refused where somebody else has the database open.
    let mode = try? connection.texts(SQLStatement("pragma journal_mode = delete"))
    return mode == ["delete"]
  }

  /// The load is done, or undone, whether or not others let the log be made again at once: the next load does then.
  private func useLogAgain(_ connection: SQLiteConnection) {
    if load.isUnlogged { try? SQLiteSchema.useWriteAheadLog(connection) }
    load.isUnlogged = false
  }

  func add(_ records: [SQLNewRecord], created: String) throws {
    let connection = try connection
    if records.isEmpty { return }
    // Many rows a statement: beginning and ending one costs more than a row.
    let width = SQLiteLoadStatements.stagedAtOnce
    for start in stride(from: 0, to: records.count, by: width) {
      let rows = records[start..<min(start + width, records.count)]
      let sql = rows.count == width ? SQLiteLoadStatements.stageMany : SQLiteLoadStatements.stage(rows.count)
      let values = rows.flatMap { [.text($0.key), $0.value, .text($0.type), .text(created)] }
      try connection.run(SQLStatement(sql, values)) { _ in }
    }
    // Nobody else writes, so the sequence has no gaps.
    let last = connection.lastInsertedRow
    load.stage(last - records.count + 1...last)
  }

  func write(_ statements: [SQLStatement], keys: [String]) throws -> [SQLOutcome] {
    // In key order, so that neighbors in the tables are written together.
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    var outcomes = statements.map { _ in SQLOutcome(changes: 0) }
    let connection = try connection
    for index in order {
      do {
        outcomes[index] = try connection.run(statements[index])
      } catch let refusal as SQLRefusal {
        throw SQLRefusal(statement: index, reason: refusal.reason)
      }
    }
    let changed = zip(keys, outcomes).filter { $1.changes > 0 }.map { JSON($0.0) }
    let list = SQLValue.text(JSON(elements: changed).text)
    _ = try connection.run(SQLStatement(SQLiteLoadStatements.streamBatch, [list]))
    _ = try connection.run(SQLStatement(SQLiteLoadStatements.incomingBatch, [list]))
    if load.marksRecords { _ = try connection.run(SQLStatement(SQLiteLoadStatements.markBatch, [list])) }
    return outcomes
  }

  func write(verbatim statements: [SQLStatement]) throws {
    _ = try connection.run(batch: statements)
    load.isVerbatim = true
  }

  func commit() throws {
    let connection = try connection
    if !load.staged.isEmpty {
      do {
        _ = try connection.run(SQLStatement(SQLiteLoadStatements.fillRecords, [load.stagedRuns]))
      } catch let refusal as SQLRefusal {
        if case .keyExists = refusal.reason, let duplicate = try duplicate() { throw duplicate }
        throw try firstRefused() ?? refusal
      }
      _ = try connection.run(SQLStatement(SQLiteLoadStatements.fillIncoming, [load.stagedRuns]))
      if load.marksRecords {
        _ = try connection.run(SQLStatement(SQLiteLoadStatements.markStaged, [load.stagedRuns]))
      }
    }
    if load.marksRecords, load.isVerbatim {
      _ = try connection.run(SQLStatement(SQLiteLoadStatements.markAll))
    }
    for trigger in load.suspendedTriggers { try connection.execute(trigger) }
    try connection.commit()
    connection.enableTriggers(true)
    useLogAgain(connection)
  }

  func rollback() -> Int {
    guard let connection = opened else { return 0 }
    connection.rollback()
    connection.enableTriggers(true)
    useLogAgain(connection)
    return 0
  }

  /// The refusal of the first staged record that the database refuses by itself, such as for another program's trigger.
  private func firstRefused() throws -> (any Error)? {
    let connection = try connection
    for run in load.staged where connection.isInTransaction {
      for sequence in run {
        do {
          let row = SQLValue.text("[[\(sequence),\(sequence)]]")
          _ = try connection.run(SQLStatement(SQLiteLoadStatements.fillRecords, [row]))
        } catch let refusal as SQLRefusal {
          let key = try connection.texts(
            SQLStatement("select key from stream where seq = ?1", [.integer(sequence)])
          ).first
          return refusal.error(key: key, at: load.position(of: sequence))
        }
      }
    }
    return nil
  }

  /// The first staged record whose key was there before it.
  private func duplicate() throws -> (any Error)? {
    var duplicate: SQLDuplicateKey?
    try connection.run(SQLStatement(SQLiteLoadStatements.findDuplicate, [load.stagedRuns])) { row in
      duplicate = SQLDuplicateKey(key: row.text(1), position: load.position(of: try row.integer(0)))
    }
    return duplicate
  }
}

import KV
import KVSQL

/// Upserts that follow each other, written as one statement: PostgreSQL's cost is the statement more than the row.
struct MergedUpserts {
  private(set) var statements: [SQLStatement] = []
  /// How many of the original statements each one stands for.
  private var counts: [Int] = []

  /// `nil` where nothing can be merged.
  init?(_ originals: [SQLStatement]) {
    var rest = originals[...]
    while let first = rest.first {
      // A statement may not write a row twice.
      var keys: Set<ByteKey> = []
      let run = rest.prefix { statement in
        guard Self.merged[first.sql] != nil, statement.sql == first.sql,
          case .text(let key)? = statement.parameters.first
        else {
          return false
        }
        return keys.insert(ByteKey(key)).inserted
      }
      statements.append(run.count > 1 ? Self.merge(run) : first)
      counts.append(max(run.count, 1))
      rest = rest.dropFirst(max(run.count, 1))
    }
    if statements.count == originals.count { return nil }
  }

  private static func merge(_ run: ArraySlice<SQLStatement>) -> SQLStatement {
    SQLStatement(
      merged[run[run.startIndex].sql] ?? "",
      (0..<4).map { column in .text(array(run.map { $0.parameters[column] })) })
  }

  /// By what is merged.
  private static let merged = [
    SQLStatement.upsert: SQLStatement.upsert(rows), SQLStatement.replace: SQLStatement.replace(rows),
  ]
  private static let rows = """
    select key, 1, value, type, created
    from unnest(?1::text[], ?2::jsonb[], ?3::text[], ?4::timestamptz[]) as new (key, value, type, created)
    """

  /// An array as PostgreSQL reads one.
  private static func array(_ values: [SQLValue]) -> String {
    var bytes: [UInt8] = [0x7B]
    for value in values {
      guard case .text(let text) = value else { continue }
      if bytes.count > 1 { bytes.append(0x2C) }
      bytes.append(0x22)
      for byte in text.utf8 {
        if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
        bytes.append(byte)
      }
      bytes.append(0x22)
    }
    bytes.append(0x7D)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The outcome of each original statement.
  func outcomes(_ results: [PostgresResult]) throws -> [SQLOutcome] {
    try zip(results, counts).flatMap { result, count in
      count == 1
        ? [result.outcome]
        : try result.rows { SQLOutcome(changes: 1, returned: .integer(try $0.integer(0))) }
    }
  }
}

extension PostgresSession {
  /// Writes the statements, merged where that can be. A refusal need not name the right one.
  /// - Parameter inTransaction: whether they are part of one that has begun.
  func writeMerged(_ statements: [SQLStatement], inTransaction: Bool = false) throws -> [SQLOutcome] {
    guard let merged = MergedUpserts(statements) else {
      return try write(statements, inTransaction: inTransaction)
    }
    return try with { try merged.outcomes($0.run(merged.statements, inTransaction: inTransaction)) }
  }

  /// Writes the statements in one transaction, merged where that can be; a refusal names the right one.
  func write(merging statements: [SQLStatement]) throws -> [SQLOutcome] {
    do {
      return try writeMerged(statements)
    } catch let failure as PostgresFailure
      where failure.statement != nil && !failure.isLostConnection && !failure.isLockTimeout
    {
      // All was undone; which of the statements it was is told by running them one by one.
      return try write(statements)
    }
  }
}

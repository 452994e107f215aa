import KV
import Synchronization

final class SQLBulkLoad: BulkLoad {
  private let transaction: any SQLLoad
  private let dialect: SQLDialect
  private let hasEnded = Atomic(false)

  init(transaction: any SQLLoad, dialect: SQLDialect) {
    (self.transaction, self.dialect) = (transaction, dialect)
  }

  /// What comes now would be in no transaction.
  func end() { hasEnded.store(true, ordering: .sequentiallyConsistent) }

  func put(_ records: [NewRecord], onConflict policy: ConflictPolicy) async throws -> [BulkOutcome] {
    if hasEnded.load(ordering: .sequentiallyConsistent) {
      throw KVError(.usage, "the load has ended, and writes no more records")
    }
    let now = "\(Timestamp.now())"
    for record in records { try record.validate() }
    if policy == .error {
      let rows = records.map {
        SQLNewRecord(key: $0.key, value: dialect.bind($0.value), type: $0.type)
      }
      try await transaction.add(rows, created: now)
      return Array(repeating: .added, count: records.count)
    }
    var outcomes: [BulkOutcome] = []
    let sql = policy == .skip ? SQLStatement.insertOrSkip : SQLStatement.replace
    for batch in records.runsOfDifferentKeys {
      let statements = batch.map { record in
        SQLStatement(sql, [.text(record.key), dialect.bind(record.value), .text(record.type), .text(now)])
      }
      do {
        for outcome in try await transaction.write(statements, keys: batch.map(\.key)) {
          switch policy {
          case .replace where outcome.integer != 1: outcomes.append(.replaced)
          case .skip where outcome.changes == 0: outcomes.append(.skipped)
          default: outcomes.append(.added)
          }
        }
      } catch let refusal as SQLRefusal {
        let index = min(batch.startIndex + refusal.statement, records.count - 1)
        throw refusal.error(key: records[index].key, at: index)
      }
    }
    return outcomes
  }
}

extension [NewRecord] {
  /// The records in order, in as few runs as can be that hold no key twice.
  fileprivate var runsOfDifferentKeys: [ArraySlice<NewRecord>] {
    var runs: [ArraySlice<NewRecord>] = []
    // By bytes: canonically equivalent texts are different keys.
    var keys: Set<ByteKey> = []
    var start = startIndex
    for (index, record) in enumerated() where !keys.insert(ByteKey(record.key)).inserted {
      runs.append(self[start..<index])
      start = index
      keys = [ByteKey(record.key)]
    }
    return start < endIndex ? runs + [self[start...]] : runs
  }
}

import KV

struct SQLBulkLoad: BulkLoad {
  let transaction: any SQLLoad
  let dialect: SQLDialect

  func put(_ records: [NewRecord], onConflict policy: ConflictPolicy) async throws -> BulkCounts {
    let sql =
      switch policy {
      case .error: MutationBatch.insert
      case .skip: MutationBatch.insert + " on conflict (key) do nothing"
      case .replace: MutationBatch.upsert
      }
    let now = SQLValue.text(Timestamp.now())
    let statements = try records.map { record in
      try validate(key: record.key)
      try validate(value: record.value)
      return SQLStatement(sql, [.text(record.key), dialect.bind(record.value), .text(record.type), now])
    }
    do {
      var counts = BulkCounts()
      for outcome in try await transaction.write(statements) {
        switch policy {
        case .replace where outcome.returned != 1: counts.replaced += 1
        case .skip where outcome.changes == 0: counts.skipped += 1
        default: counts.added += 1
        }
      }
      return counts
    } catch let failure as SQLConstraintFailure {
      throw KVError(
        .conflict, "key \(quoted(records[failure.statement].key)) exists already", mutationIndex: failure.statement)
    }
  }
}

import KV

struct SQLBulkLoad: BulkLoad {
  let transaction: any SQLLoad
  let dialect: SQLDialect

  func put(_ records: [NewRecord], onConflict policy: ConflictPolicy) async throws -> [BulkOutcome] {
    let now = "\(Timestamp.now())"
    if policy == .error {
      let records = try records.map { record in
        try validate(key: record.key)
        try validate(value: record.value)
        return SQLNewRecord(key: record.key, value: dialect.bind(record.value), type: record.type)
      }
      try await transaction.add(records, created: now)
      return Array(repeating: .added, count: records.count)
    }
    var outcomes: [BulkOutcome] = []
    let sql = policy == .skip ? MutationBatch.insert + " on conflict (key) do nothing" : SQLStatement.upsert
    for batch in records.runsOfDifferentKeys {
      let statements = try batch.map { record in
        try validate(key: record.key)
        try validate(value: record.value)
        return SQLStatement(
          sql, [.text(record.key), dialect.bind(record.value), .text(record.type), .text(now)])
      }
      for outcome in try await transaction.write(statements, keys: batch.map(\.key)) {
        switch policy {
        case .replace where outcome.integer != 1: outcomes.append(.replaced)
        case .skip where outcome.changes == 0: outcomes.append(.skipped)
        default: outcomes.append(.added)
        }
      }
    }
    return outcomes
  }
}

extension [NewRecord] {
  /// The records in order, in as few runs as can be that hold no key twice.
  fileprivate var runsOfDifferentKeys: [ArraySlice<NewRecord>] {
    var runs: [ArraySlice<NewRecord>] = []
    var keys: Set<String> = []
    var start = startIndex
    for (index, record) in enumerated() where !keys.insert(record.key).inserted {
      runs.append(self[start..<index])
      start = index
      keys = [record.key]
    }
    return start < endIndex ? runs + [self[start...]] : runs
  }
}

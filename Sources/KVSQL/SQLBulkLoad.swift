import KV

struct SQLBulkLoad: BulkLoad {
  let transaction: any SQLLoad
  let dialect: SQLDialect

  func put(_ records: [NewRecord], onConflict policy: ConflictPolicy) async throws -> BulkCounts {
    let now = "\(Timestamp.now())"
    var counts = BulkCounts()
    if policy == .error {
      let records = try records.map { record in
        try validate(key: record.key)
        try validate(value: record.value)
        return SQLNewRecord(key: record.key, value: dialect.bind(record.value), type: record.type)
      }
      try await transaction.add(records, created: now)
      counts.added = records.count
      return counts
    }
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
        case .replace where outcome.integer != 1: counts.replaced += 1
        case .skip where outcome.changes == 0: counts.skipped += 1
        default: counts.added += 1
        }
      }
    }
    return counts
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

import KV

/// Writes a whole database through a load, many rows a statement.
actor SQLArchiveWriter: ArchiveWriting {
  private let transaction: any SQLLoad
  private let dialect: SQLDialect
  private var rows: [Table: [[SQLValue]]] = [:]
  private var bytes = 0
  private var sequence = 0
  private var lastChange = 0
  private var tasks: Set<ByteKey> = []
  private var leases: Set<ByteKey> = []
  /// Those that are to be made when all else is there.
  private(set) var indexes: [AttributeIndex] = []

  private enum Table: CaseIterable {
    case settings, records, changes, tasks, leases
  }

  private static let rowsAtOnce = 50
  private static let rowsKept = 5000
  private static let bytesKept = 4 << 20

  init(_ transaction: any SQLLoad, _ dialect: SQLDialect) {
    (self.transaction, self.dialect) = (transaction, dialect)
  }

  /// Nothing may be there: whatever is has a record without a version refused, perhaps as late as by the commit.
  func begin() async throws {
    let anything = ["kv", "stream", "tasks", "locks"].map { "exists (select 1 from \($0))" }.joined(
      separator: " or ")
    let check = """
      insert into kv (key, version, value, type, created)
      select 'restore', null, 'null', 'json', \(dialect.clock.now) where \(anything)
      """
    try await transaction.write(verbatim: [SQLStatement(check)])
  }

  func write(_ items: [ArchiveItem]) async throws {
    for item in items {
      switch item {
      case .index(let index): indexes.append(index)
      case .setting(let name, let value): add([.text(name), .text(value)], to: .settings)
      case .record(let record): add(values(of: record), to: .records)
      case .change(let entry):
        // A change that comes again has this number too.
        guard entry.sequence > lastChange else {
          throw KVError(
            .invalidData,
            "the change \(entry.sequence) stands behind the change \(lastChange); nothing was restored")
        }
        lastChange = entry.sequence
        add(
          [.integer(entry.sequence), .text(entry.action.rawValue)] + values(of: entry.record), to: .changes)
      case .sequence(let sequence): self.sequence = sequence
      case .task(let task):
        guard tasks.insert(ByteKey(task.id)).inserted else { throw Self.repeated("the task \(task.id)") }
        add(values(of: task), to: .tasks)
      case .lease(let lease):
        guard leases.insert(ByteKey(lease.name)).inserted else {
          throw Self.repeated("the lock \(JSON(lease.name))")
        }
        add(
          [.text(lease.name), .text(lease.holder), time(lease.acquired), time(lease.expires)], to: .leases)
      }
    }
    if rows.values.contains(where: { $0.count >= Self.rowsKept }) || bytes >= Self.bytesKept {
      try await flush()
    }
  }

  /// The error for what an archive holds once.
  static func repeated(_ what: String) -> KVError {
    KVError(.invalidData, "\(what) stands there twice; nothing was restored")
  }

  /// After the last item.
  func end() async throws {
    if sequence < lastChange {
      throw KVError(
        .invalidData,
        "the sequence number \(sequence) is before that of the change \(lastChange): this is no whole database"
      )
    }
    try await flush()
    var statements = dialect.setSequence(sequence)
    statements += (dialect.edges.indexCheck?.repairs ?? []).map { SQLStatement($0) }
    try await transaction.write(verbatim: statements)
  }

  private func add(_ row: [SQLValue], to table: Table) {
    rows[table, default: []].append(row)
    for case .text(let text) in row { bytes += text.utf8.count }
  }

  private func flush() async throws {
    var statements: [SQLStatement] = []
    for table in Table.allCases {
      let rows = rows[table] ?? []
      for start in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
        let part = rows[start..<min(start + Self.rowsAtOnce, rows.count)]
        statements.append(SQLStatement(insert(part.count, into: table), part.flatMap(\.self)))
      }
    }
    (rows, bytes) = ([:], 0)
    if !statements.isEmpty { try await transaction.write(verbatim: statements) }
  }

  private func insert(_ count: Int, into table: Table) -> String {
    let (name, columns) =
      switch table {
      case .settings: ("kv_extension_setting", "name, value")
      case .records: ("kv", "key, version, value, type, created")
      case .changes: ("stream", "seq, action, key, version, value, type, created")
      case .tasks:
        (
          "tasks",
          """
          id, name, payload, status, created, scheduled_for, started_at, completed_at, last_error, retry_count, max_retries,
          timeout_seconds, locked_by, locked_at, lock_expires_at
          """
        )
      case .leases: ("locks", "name, locked_by, locked_at, \(dialect.leaseExpiry)")
      }
    let width = columns.split(separator: ",").count
    let values = (0..<count).map { row in
      "(" + (1...width).map { "?\(row * width + $0)" }.joined(separator: ", ") + ")"
    }
    let isSetting = table == .settings
    return "insert into \(name) (\(columns)) values \(values.joined(separator: ", "))"
      + (isSetting ? " on conflict (name) do update set value = excluded.value" : "")
  }

  private func values(of record: Record) -> [SQLValue] {
    [
      .text(record.key), .integer(record.version), dialect.bind(record.value), .text(record.type),
      .text(dialect.clock.stored(record.created)),
    ]
  }

  private func values(of task: ScheduledTask) -> [SQLValue] {
    [
      .text(task.id), .text(task.name), .text(dialect.payload.encode(task.payload)),
      .text(task.status.rawValue),
      time(task.created), time(task.scheduledFor), time(task.started), time(task.completed),
      .text(task.lastError), .integer(task.retryCount), .integer(task.maxRetries), .integer(task.timeout),
      .text(task.runner), time(task.locked), time(task.lockExpires),
    ]
  }

  private func time(_ time: Timestamp?) -> SQLValue {
    time.map { .text(dialect.clock.stored("\($0)")) } ?? .null
  }
}

import KV
import KVSQL

/// A session in the middle of one long transaction. New records come by COPY into a temporary table, and from there,
/// thousands in a statement, into kv.
actor PostgresLoad: SQLLoad {
  private let session: PostgresSession
  private var added = 0
  /// The batch that the server is working on.
  private var inHand: Task<Void, any Error>?

  init(_ location: PostgresLocation) async throws {
    session = PostgresSession(location)
    try await session.mapping {
      try await $0.execute(
        """
        begin;
        create temporary table kv_load (position bigint, key text collate "C", value jsonb, type text)
          on commit drop
        """)
    }
  }

  func add(_ records: [SQLNewRecord], created: String) async throws {
    if records.isEmpty { return }
    let first = added
    added += records.count
    // Written out while the server still works on the batch before.
    let rows = Self.rows(records, from: first)
    var keys: Set<[UInt8]> = []
    let repetition = records.firstIndex { !keys.insert(Array($0.key.utf8)).inserted }
    try await finish()
    let session = session
    inHand = Task { try await Self.add(records, rows, from: first, repetition, created: created, session) }
  }

  private static func rows(_ records: [SQLNewRecord], from position: Int) -> [UInt8] {
    var rows: [UInt8] = []
    for (index, record) in records.enumerated() {
      guard case .text(let value) = record.value else { continue }
      rows += String(position + index).utf8
      for text in [record.key, value, record.type] {
        rows.append(0x09)
        rows.append(copying: text)
      }
      rows.append(0x0A)
    }
    return rows
  }

  private static func add(
    _ records: [SQLNewRecord], _ rows: [UInt8], from first: Int, _ repetition: Int?, created: String,
    _ session: PostgresSession
  ) async throws {
    let outcomes = try await session.mapping { session in
      try await session.copy(rows, "copy kv_load (position, key, value, type) from stdin")
      return try await session.write([SQLStatement(findDuplicate)])
    }
    var duplicate = repetition
    if case .text(let position)? = outcomes[0].returned, let stored = Int(position).map({ $0 - first }) {
      duplicate = min(stored, repetition ?? stored)
    }
    if let duplicate { throw SQLDuplicateKey(key: records[duplicate].key, position: first + duplicate) }
    do {
      _ = try await session.mapping { session in
        try await session.write([
          loading("on"), SQLStatement(fill, [.text(created)]), loading("off"),
          SQLStatement(fillStream, [.text(created)]), SQLStatement("truncate kv_load"),
        ])
      }
    } catch is SQLRefusal {
      throw KVError(.conflict, "somebody else has just written one of the keys; try again")
    }
  }

  private func finish() async throws {
    try await inHand?.value
    inHand = nil
  }

  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome] {
    try await finish()
    return try await session.mapping { try await $0.writeMerged(statements) }
  }

  func commit() async throws {
    try await finish()
    do {
      try await session.execute("commit")
    } catch var failure as PostgresFailure {
      failure.outcomeIsUnknown = failure.isLostConnection
      throw failure.error
    }
  }

  func rollback() async -> Int {
    _ = await inHand?.result
    await session.close()
    return 0
  }

  /// `offset 0` has each key looked up: the planner would rather read all of kv for each batch.
  private static let findDuplicate = """
    select min(position)::text from kv_load cross join lateral (
      select from kv where kv.key = kv_load.key offset 0) as hit
    """

  private static let fill = """
    insert into kv (key, version, value, type, created)
    select key, 1, value, type, ?1 from kv_load order by key
    """
  private static let fillStream = """
    insert into stream (action, key, version, value, type, created)
    select 'create', key, 1, value, type, ?1 from kv_load
    where key not like 'github.com/a-h/kv/stream/%' order by position
    """

  /// Whether the trigger that fills the stream row by row has to stand back, in this transaction.
  private static func loading(_ state: String) -> SQLStatement {
    SQLStatement("select set_config('kv.load', ?1, true)", [.text(state)])
  }
}

extension [UInt8] {
  /// Adds a text as COPY reads it.
  fileprivate mutating func append(copying text: String) {
    for byte in text.utf8 {
      switch byte {
      case 0x5C: self += [0x5C, 0x5C]
      case 0x0A: self += [0x5C, 0x6E]
      case 0x0D: self += [0x5C, 0x72]
      case 0x09: self += [0x5C, 0x74]
      default: append(byte)
      }
    }
  }
}

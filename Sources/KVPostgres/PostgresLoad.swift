import KV
import KVSQL

/// A session in the middle of one long transaction. New records come by COPY into a temporary table, and from there,
/// thousands in a statement, into kv.
actor PostgresLoad: SQLLoad {
  private let session: PostgresSession
  private var added = 0
  /// Whether nobody else writes until the load ends.
  private var hasLocked = false
  /// The batch that the server is working on.
  private var inHand: Task<Void, any Error>?

  init(_ location: PostgresLocation) async throws {
    session = PostgresSession(location)
    try await session.mapping {
      try await $0.begin(
        """
        begin\(location.refusesWrites ? " read only" : "");
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
    var keys: Set<ByteKey> = []
    let repetition = records.firstIndex { !keys.insert(ByteKey($0.key)).inserted }
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
    let outcomes: [SQLOutcome]
    do {
      try await session.copy(rows, "copy kv_load (position, key, value, type) from stdin")
      outcomes = try await session.write([SQLStatement(findDuplicate)], inTransaction: true)
    } catch let failure as PostgresFailure {
      guard let line = failure.lineOfCopy, records.indices.contains(line - 1) else { throw failure.error }
      throw failure.refusal.error(key: records[line - 1].key, at: first + line - 1)
    }
    var duplicate = repetition
    if case .text(let position)? = outcomes[0].returned, let stored = Int(position).map({ $0 - first }) {
      duplicate = min(stored, repetition ?? stored)
    }
    if let duplicate { throw SQLDuplicateKey(key: records[duplicate].key, position: first + duplicate) }
    do {
      try await session.execute("savepoint kv_batch")
      try await write(first..<(first + records.count), created, session)
      _ = try await session.write(
        [SQLStatement("truncate kv_load"), SQLStatement("release savepoint kv_batch")], inTransaction: true)
    } catch let failure as PostgresFailure {
      guard failure.isAboutData else { throw failure.error }
      let place = try await firstRefused(first..<(first + records.count), created, session) - first
      let (key, position) = (records[place].key, first + place)
      if case .keyExists = failure.refusal.reason { throw SQLDuplicateKey(key: key, position: position) }
      throw failure.refusal.error(key: key, at: position)
    }
  }

  /// Puts the records at these positions into kv and the stream.
  private static func write(_ positions: Range<Int>, _ created: String, _ session: PostgresSession)
    async throws
  {
    let bounds: [SQLValue] = [.text(created), .integer(positions.lowerBound), .integer(positions.upperBound)]
    _ = try await session.write(
      [loading("on"), SQLStatement(fill, bounds), loading("off"), SQLStatement(fillStream, bounds)],
      inTransaction: true)
  }

  /// The position of the record that is to blame for a refusal, by halves.
  private static func firstRefused(_ positions: Range<Int>, _ created: String, _ session: PostgresSession)
    async throws -> Int
  {
    var positions = positions
    try await session.execute("rollback to savepoint kv_batch")
    while positions.count > 1 {
      let middle = positions.lowerBound + positions.count / 2
      do {
        try await write(positions.lowerBound..<middle, created, session)
        try await session.execute("savepoint kv_batch")
        positions = middle..<positions.upperBound
      } catch let failure as PostgresFailure where failure.isAboutData {
        try await session.execute("rollback to savepoint kv_batch")
        positions = positions.lowerBound..<middle
      }
    }
    return positions.lowerBound
  }

  private func finish() async throws {
    try await inHand?.value
    inHand = nil
  }

  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome] {
    try await finish()
    return try await session.mapping { session in
      try await session.execute("savepoint kv_batch")
      do {
        return try await session.writeMerged(statements, inTransaction: true)
      } catch let failure as PostgresFailure where failure.isAboutData {
        // Which of them it was is told by running them one by one.
        try await session.execute("rollback to savepoint kv_batch")
        return try await session.write(statements, inTransaction: true)
      }
    }
  }

  func write(verbatim statements: [SQLStatement]) async throws {
    try await session.mapping { session in
      if !hasLocked {
        try await session.execute("lock table kv, stream, tasks, locks in exclusive mode")
        _ = try await session.write([Self.loading("on")], inTransaction: true)
        hasLocked = true
      }
      _ = try await session.write(statements, inTransaction: true)
    }
  }

  func commit() async throws {
    try await finish()
    try await session.mapping { try await $0.commit() }
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
    select key, 1, value, type, ?1 from kv_load where position >= ?2 and position < ?3 order by key
    """
  private static let fillStream = """
    insert into stream (action, key, version, value, type, created)
    select 'create', key, 1, value, type, ?1 from kv_load
    where position >= ?2 and position < ?3 order by position
    """

  /// Whether the trigger that fills the stream row by row has to stand back, in this transaction.
  private static func loading(_ state: String) -> SQLStatement {
    SQLStatement("select set_config('kv.load', ?1, true)", [.text(state)])
  }
}

extension PostgresFailure {
  /// The line of what was copied that the server was at, from 1.
  fileprivate var lineOfCopy: Int? {
    context.split(separator: "COPY kv_load, line ").last.flatMap { Int($0.prefix { $0.isNumber }) }
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

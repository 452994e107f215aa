import KV
import KVSQL

/// A session in the middle of one long transaction. New records come by COPY into a temporary table, and from there,
/// thousands in a statement, into kv.
actor PostgresLoad: SQLLoad {
  private let session: PostgresSession
  private var added = 0

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
    var rows: [UInt8] = []
    for (index, record) in records.enumerated() {
      rows += String(added + index).utf8
      guard case .text(let value) = record.value else { continue }
      for text in [record.key, value, record.type] {
        rows.append(0x09)
        rows.append(copying: text)
      }
      rows.append(0x0A)
    }
    let copied = rows
    let outcomes = try await session.mapping { session in
      try await session.copy(copied, "copy kv_load (position, key, value, type) from stdin")
      return try await session.write([SQLStatement(Self.findDuplicate)])
    }
    if case .text(let position)? = outcomes[0].returned, let position = Int(position) {
      throw SQLDuplicateKey(key: records[position - added].key, position: position)
    }
    do {
      _ = try await session.mapping { session in
        try await session.write([SQLStatement(Self.fill, [.text(created)]), SQLStatement("truncate kv_load")])
      }
    } catch is SQLRefusal {
      throw KVError(.conflict, "somebody else has just written one of the keys; try again")
    }
    added += records.count
  }

  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome] {
    try await session.mapping { try await $0.write(statements) }
  }

  func commit() async throws {
    do {
      try await session.execute("commit")
    } catch var failure as PostgresFailure {
      failure.outcomeIsUnknown = failure.isLostConnection
      throw failure.error
    }
  }

  func rollback() async { await session.close() }

  private static let findDuplicate = """
    select position::text from (
      select position, key, row_number() over (partition by key order by position) as occurrence
      from kv_load) as record
    where occurrence > 1 or exists (select 1 from kv where kv.key = record.key) order by position limit 1
    """

  private static let fill = """
    insert into kv (key, version, value, type, created)
    select key, 1, value, type, ?1 from kv_load order by position
    """
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

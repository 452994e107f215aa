import KV

extension SQLStore {
  private var clock: SQLDialect.Clock { driver.dialect.clock }
  private var expiry: String { driver.dialect.lockExpiry }
  private var isExpired: String { "\(clock.instant("locks.\(expiry)")) <= \(clock.currentInstant)" }

  public func acquireLock(_ name: String, holder: String, duration: Duration) async throws -> Bool {
    for (text, what) in [(name, "the lock's name"), (holder, "the lock's holder")] {
      if text.isEmpty { throw KVError(.usage, "\(what) is empty") }
      if text.utf8.contains(0) { throw KVError(.usage, "\(what) contains a NUL character") }
    }
    if duration <= .zero { throw KVError(.usage, "a lock needs a duration of more than 0") }
    // One statement: whoever comes second finds the row of the first.
    let sql = """
      insert into locks (name, locked_by, locked_at, \(expiry)) values (?1, ?2, \(clock.now), \(clock.later("?3")))
      on conflict (name) do update set locked_by = excluded.locked_by, \(expiry) = excluded.\(expiry),
        locked_at = case when locks.locked_by = excluded.locked_by and not \(isExpired)
          then locks.locked_at else excluded.locked_at end
      where locks.locked_by = excluded.locked_by or \(isExpired)
      """
    let statement = SQLStatement(
      sql, [.text(name), .text(holder), .seconds(duration)], mayBeRepeated: true)
    return try await write([statement])[0].changes == 1
  }

  public func releaseLock(_ name: String, holder: String) async throws {
    let statement = SQLStatement(
      "delete from locks where name = ?1 and locked_by = ?2", [.text(name), .text(holder)])
    if try await write([statement])[0].changes == 1 { return }
    if let lock = try await lock(name), !lock.isExpired {
      throw KVError(
        .conflict, "the lock \(quoted(name)) is held by \(quoted(lock.holder)) until \(lock.expires)")
    }
    throw KVError(.notFound, "no lock \(quoted(name))")
  }

  public func lock(_ name: String) async throws -> Lock? {
    let sql = """
      select name, locked_by, \(clock.text("locked_at")), \(clock.text(expiry)),
        case when \(isExpired) then 1 else 0 end from locks where name = ?1
      """
    return try await driver.readRow(SQLStatement(sql, [.text(name)])) { row in
      Lock(
        name: row.text(0), holder: row.text(1), acquired: try row.timestamp(2, "the lock's locked_at"),
        expires: try row.timestamp(3, "the lock's expiry"), isExpired: row.integer(4) == 1)
    }
  }
}

extension SQLValue {
  /// A duration as ``SQLDialect/Clock/later`` takes it.
  static func seconds(_ duration: Duration) -> SQLValue {
    // Beyond that no database's clock reaches.
    let (seconds, attoseconds) = min(duration, .seconds(3_000_000_000)).components
    let microseconds = String(attoseconds / 1_000_000_000_000)
    return .text("\(seconds)." + String(repeating: "0", count: 6 - microseconds.utf8.count) + microseconds)
  }
}

extension SQLRow {
  /// A column that ``SQLDialect/Clock/text`` made.
  func timestamp(_ column: Int, _ what: String) throws -> Timestamp {
    let text = text(column)
    guard let timestamp = Timestamp(text) else {
      throw KVError(.invalidData, "\(what) is stored as \(quoted(text)), which is no time")
    }
    return timestamp
  }
}

import KV

extension SQLStore {
  private var clock: SQLDialect.Clock { driver.dialect.clock }
  private var expiry: String { driver.dialect.leaseExpiry }
  var isExpired: String { "\(clock.instant("locks.\(expiry)")) <= \(clock.currentInstant)" }

  public func acquireLease(_ name: String, holder: String, duration: Duration) async throws -> Lease? {
    for (text, what) in [(name, "the lock's name"), (holder, "the lock's holder")] {
      if text.isEmpty { throw KVError(.usage, "\(what) is empty") }
      if text.utf8.contains(0) { throw KVError(.usage, "\(what) contains a NUL character") }
    }
    if duration < .milliseconds(1) {
      throw KVError(.usage, "a lock needs a duration of at least a millisecond")
    }
    // One statement: whoever comes second finds the row of the first, and what is told is what was written.
    let written = "\(clock.text("locks.locked_at")) || '|' || \(clock.text("locks.\(expiry)"))"
    let sql = """
      insert into locks (name, locked_by, locked_at, \(expiry)) values (?1, ?2, \(clock.now), \(clock.later("?3")))
      on conflict (name) do update set locked_by = excluded.locked_by, \(expiry) = excluded.\(expiry),
        locked_at = case when locks.locked_by = excluded.locked_by and not \(isExpired)
          then locks.locked_at else excluded.locked_at end
      where locks.locked_by = excluded.locked_by or \(isExpired) returning \(written)
      """
    let statement = SQLStatement(
      sql, [.text(name), .text(holder), try .seconds(duration)], isIdempotent: true)
    guard let times = try await write([statement])[0].text else { return nil }
    let row = JSONRow(columns: times.split(separator: "|", maxSplits: 1).map { JSON(String($0)) })
    return Lease(
      name: name, holder: holder, acquired: try row.timestamp(0, "the lock's locked_at"),
      expires: try row.timestamp(1, "the lock's expiry"), isExpired: false)
  }

  public func releaseLease(_ name: String, holder: String) async throws {
    let statement = SQLStatement(
      "delete from locks where name = ?1 and locked_by = ?2", [.text(name), .text(holder)])
    if try await write([statement])[0].changes == 1 { return }
    if let current = try await lease(name), !current.isExpired {
      throw KVError(
        .conflict, "the lock \(quoted(name)) is held by \(quoted(current.holder)) until \(current.expires)")
    }
    throw KVError(.notFound, "no lock \(quoted(name))")
  }

  public func lease(_ name: String) async throws -> Lease? {
    try await driver.readRow(
      SQLStatement(selectLeases + " where name = ?1", [.text(name)]), decode: Self.decode)
  }

  public func leases() async throws -> [Lease] {
    let order = " order by \(driver.dialect.byteOrdered("name"))"
    return try await driver.read(SQLStatement(selectLeases + order), decode: Self.decode)
  }

  var selectLeases: String {
    """
    select name, locked_by, \(clock.text("locked_at")), \(clock.text(expiry)),
      case when \(isExpired) then 1 else 0 end from locks
    """
  }

  @Sendable
  static func decode(_ row: any SQLRow) throws -> Lease {
    Lease(
      name: row.text(0), holder: row.text(1), acquired: try row.timestamp(2, "the lock's locked_at"),
      expires: try row.timestamp(3, "the lock's expiry"), isExpired: try row.integer(4) == 1)
  }
}

extension SQLValue {
  /// A duration as ``SQLDialect/Clock/later`` takes it.
  static func seconds(_ duration: Duration) throws -> SQLValue {
    // Years have four digits. Asked of the whole, whose seconds may be more than an integer holds.
    let bound = Duration.seconds(100_000_000_001)
    guard duration > .zero - bound, duration < bound else {
      throw KVError(.usage, "a time of more than 3,000 years")
    }
    let (seconds, attoseconds) = duration.components
    let microseconds = String((attoseconds / 1_000_000_000_000).magnitude)
    return .text(
      "\(duration < .zero ? "-" : "")\(seconds.magnitude)."
        + String(repeating: "0", count: 6 - microseconds.utf8.count) + microseconds)
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

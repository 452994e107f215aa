import KV

extension SQLStore: Archiving {
  public func archive(stream: Bool, _ body: @Sendable ([ArchiveItem]) async throws -> Void) async throws {
    let indexes = try await attributeIndexes()
    if !indexes.isEmpty { try await body(indexes.map { .index($0) }) }
    try await driver.readSnapshot(archiveQueries(stream: stream), body)
  }

  public func restore<T: Sendable>(_ body: @Sendable (any ArchiveWriting) async throws -> T) async throws -> T
  {
    let transaction = try await driver.beginLoad()
    do {
      let writer = SQLArchiveWriter(transaction, driver.dialect)
      try await writer.begin()
      let result = try await LoadScope.with(driver) { try await body(writer) }
      try await writer.end()
      try await transaction.commit()
      for index in await writer.indexes { _ = try await createIndex(index) }
      return result
    } catch {
      _ = await transaction.rollback()
      guard let refusal = error as? SQLRefusal else { throw error }
      if case .noVersion = refusal.reason {
        throw KVError(
          .conflict, "the database is not empty, and only a new one takes all that was in another")
      }
      if case .keyExists = refusal.reason {
        throw SQLArchiveWriter.repeated("a key")
      }
      throw refusal.error(key: nil)
    }
  }

  /// What the database holds besides its attribute indexes, in the order of ``ArchiveItem``.
  private func archiveQueries(stream: Bool) -> [SQLPagedQuery<ArchiveItem>] {
    let dialect = driver.dialect
    func ordered(_ column: String) -> String { dialect.byteOrdered(column) }
    let settings = SQLPagedQuery<ArchiveItem>(
      """
      select name, value from kv_extension_setting
      where \(ordered("name")) > ?1 and name <> '\(SQLExtensionSetting.identity)' order by \(ordered("name")) limit ?2
      """, after: .text("")
    ) { (.setting(name: $0.text(0), value: $0.text(1)), .text($0.text(0))) }
    let records = SQLPagedQuery<ArchiveItem>(
      """
      select \(dialect.record(of: "kv")) from kv where \(ordered("key")) > ?1 order by \(ordered("key")) limit ?2
      """, after: .text("")
    ) { (.record(try Record($0)), .text($0.text(0))) }
    let changes = SQLPagedQuery<ArchiveItem>(
      "select \(dialect.record(of: "stream")), seq, action from stream where seq > ?1 order by seq limit ?2",
      after: .integer(0)
    ) { row in
      let entry = try StreamEntry(row)
      return (.change(entry), .integer(entry.sequence))
    }
    // One row, once.
    let sequence = SQLPagedQuery<ArchiveItem>(
      "select sequence from (\(dialect.storedSequence)) as latest where sequence > ?1 limit ?2",
      after: .integer(0)
    ) { (.sequence(try $0.integer(0)), .integer(.max)) }
    let decodeTask = taskDecoder
    let created = dialect.clock.text("created")
    // By the text, which is a time's own form or another program's, but the same in each reading.
    let tasks = SQLPagedQuery<ArchiveItem>(
      """
      select \(taskColumns) from tasks where \(ordered("(\(created) || ' ' || id)")) > ?1
      order by \(ordered("(\(created) || ' ' || id)")) limit ?2
      """, after: .text("")
    ) { (.task(try decodeTask($0)), .text("\($0.text(4)) \($0.text(0))")) }
    let leases = SQLPagedQuery<ArchiveItem>(
      "\(selectLeases) where not \(isExpired) and \(ordered("name")) > ?1 order by \(ordered("name")) limit ?2",
      after: .text("")
    ) { (.lease(try Self.decode($0)), .text($0.text(0))) }
    return [settings, records] + (stream ? [changes] : []) + [sequence, tasks, leases]
  }
}

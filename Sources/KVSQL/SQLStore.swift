import KV

/// The store, written once in SQL over a driver.
public struct SQLStore<Driver: SQLDriver>: Store {
  /// The database that the store runs on.
  public let driver: Driver
  private let commits: GroupCommit
  private let selectKey: String
  private let coalescedReads: CoalescedReads?
  /// What ``keepsEdgeIndexRecords`` has found out.
  let keepsIndexRecords = Known<Bool>()
  let attributeMarks = AttributeMarks()

  /// A store over a driver. Sends no request.
  ///
  /// Writers that wait at the same time share transactions only within one store and its copies.
  public init(_ driver: Driver) {
    self.driver = driver
    commits = GroupCommit { try await driver.write($0) }
    let selectKey = "select \(driver.dialect.record(of: "kv")) from kv where key = ?1"
    self.selectKey = selectKey
    coalescedReads =
      driver.coalescesReads
      ? CoalescedReads(
        record: { try await Self.record($0, selectKey, driver) },
        records: { try await Self.records($0, driver) })
      : nil
  }

  /// Closes the connections that nobody is using.
  public func close() async { await driver.close() }

  /// Runs the statements in one transaction, which they may share with others that wait unless they are to be alone.
  func write(_ statements: [SQLStatement], alone: Bool = false) async throws -> [SQLOutcome] {
    do {
      return try await commit(statements, alone: alone)
    } catch let refusal as SQLRefusal {
      throw refusal.error(key: nil)
    }
  }

  private func commit(_ statements: [SQLStatement], alone: Bool = false) async throws -> [SQLOutcome] {
    if LoadScope.contains(driver) {
      throw KVError(.failed, "a write inside a load would wait for the load itself; write through the load")
    }
    return try await alone ? driver.write(statements) : commits.write(statements)
  }

  public func get(_ key: String) async throws -> Record? {
    // No key has a NUL, which ends a text for some databases.
    if key.utf8.contains(0) { return nil }
    if let coalescedReads { return try await coalescedReads.record(key) }
    return try await Self.record(key, selectKey, driver)
  }

  public func get(_ keys: [String]) async throws -> [Record] {
    let keys = keys.filter { !$0.utf8.contains(0) }
    if keys.count == 1 { return try await get(keys[0]).map { [$0] } ?? [] }
    return try await Self.records(keys, driver)
  }

  private static func record(_ key: String, _ selectKey: String, _ driver: Driver) async throws -> Record? {
    try await driver.readRow(SQLStatement(selectKey, [.text(key)])) { try Record($0, key: key) }
  }

  private static func records(_ keys: [String], _ driver: Driver) async throws -> [Record] {
    let dialect = driver.dialect
    let sql = """
      select \(dialect.record(of: "kv")) from kv
      where key in (select value from \(dialect.stringList) as list) order by \(dialect.byteOrdered("key"))
      """
    return try await driver.read(SQLStatement(sql, [.list(keys)]), decode: Record.init)
  }

  public func records(_ selection: Selection, page: Page) async throws -> [Record] {
    try page.validate()
    let filter = SQLFilter(selection, page: page, driver.dialect)
    let columns = driver.dialect.record(of: "kv")
    let records = try await records(
      SQLStatement("select \(columns) from kv\(filter.clause)", filter.parameters))
    try page.check(first: records.first?.key)
    return records
  }

  public func count(_ selection: Selection) async throws -> Int {
    let filter = SQLFilter(selection, driver.dialect)
    let counts = try await driver.read(
      SQLStatement("select count(*) from kv\(filter.clause)", filter.parameters)
    ) { try $0.integer(0) }
    return counts.first ?? 0
  }

  public func stream(from sequence: Int, limit: Int?, type: String?) async throws -> [StreamEntry] {
    try Page(limit: limit).validate()
    var parameters: [SQLValue] = [.integer(sequence), .integer(limit ?? Int.max)]
    var conditions = "seq >= ?1"
    if let type {
      if type.utf8.contains(0) { return [] }
      parameters.append(.text(type))
      conditions += " and type = ?\(parameters.count)"
    }
    if driver.dialect.commitsOutOfOrder {
      // Asked before, so that what it says is visible is so to the query.
      parameters.append(.integer(try await streamSequence()))
      conditions += " and seq <= ?\(parameters.count)"
    }
    let columns = driver.dialect.record(of: "stream")
    let sql = "select \(columns), seq, action from stream where \(conditions) order by seq limit ?2"
    return try await driver.read(SQLStatement(sql, parameters), decode: StreamEntry.init)
  }

  public func streamSequence() async throws -> Int {
    // Not the largest row: the stream may have been trimmed.
    try await driver.readRow(SQLStatement(driver.dialect.latestSequence)) { try $0.integer(0) } ?? 0
  }

  public func trimStream(through sequence: Int?) async throws -> Int {
    // What nobody has been able to read yet stays: a writer that began earlier may still be at work.
    let seen = try await streamSequence()
    let last = [SQLValue.integer(min(sequence ?? seen, seen))]
    return try await write([
      SQLStatement(SQLExtensionSetting.noteTrimmed, last),
      SQLStatement("delete from stream where seq <= ?1", last),
    ])[1].changes
  }

  public func trimmedSequence() async throws -> Int {
    let known = try await driver.readRow(SQLExtensionSetting.trimmed) { $0.text(0) }
    return known.flatMap { Int($0) } ?? 0
  }

  public func waitForChanges(since cursor: NotificationCursor, atMost time: Duration) async throws
    -> NotificationCursor
  {
    try await driver.waitForNotification(of: .stream, since: cursor, atMost: time)
  }

  public func mutate(_ mutations: [Mutation]) async throws -> [MutationResult] {
    guard PatchResolution.isNeeded(for: mutations) else {
      let results = try await attempt(mutations).mapError(\.error).get()
      await readMarkedAfterWrite()
      return results
    }
    var resolution = PatchResolution()
    try await resolution.read(mutations, with: get)
    for _ in 0..<Self.attempts {
      try Task.checkCancellation()
      let resolved = resolution.resolve(mutations)
      // Nothing comes before the first mutation that could change what was read for it.
      if let failure = resolved.failure, failure.mutation == 0 { throw failure.error }
      switch try await attempt(resolved.mutations) {
      case .success(let results):
        await readMarkedAfterWrite()
        return results
      case .failure(let refused):
        // The patch was refused by what is there, and the put that stands for it says so.
        if let failure = resolved.failure, refused.mutation > failure.mutation { throw failure.error }
        guard case .patch = mutations[refused.mutation] else { throw refused.error }
        try await resolution.revise(mutations, refused: refused.mutation, with: get)
      }
    }
    throw KVError(
      .conflict, "somebody else changed what is to be patched \(Self.attempts) times in between; try again")
  }

  /// How often a patch is tried anew where somebody else has written in between.
  private static var attempts: Int { 1000 }

  /// Applies mutations without patches, or says which one's expectation was not met. Throws what else there is.
  private func attempt(_ mutations: [Mutation]) async throws -> Result<[MutationResult], FailedExpectation> {
    let batch = try MutationBatch(mutations, driver.dialect)
    if batch.statements.isEmpty { return .success([]) }
    do {
      return .success(batch.results(from: try await commit(batch.statements)))
    } catch let refusal as SQLRefusal {
      let index = batch.mutation(ofStatement: refusal.statement)
      let (key, expectation): (String, Expectation)
      switch mutations[index] {
      case .put(let put, _, _, let expecting): (key, expectation) = (put, expecting)
      case .expect(let expected, let expecting): (key, expectation) = (expected, expecting)
      case .expectNoEdges where batch.isExpectation(refusal):
        let error = KVError(
          .conflict, "an edge was added by somebody else at the same time to a node that is to be deleted",
          mutationIndex: index)
        return .failure(FailedExpectation(mutation: index, error: error))
      default: throw refusal.error(key: nil, at: index)
      }
      guard batch.isExpectation(refusal) else { throw refusal.error(key: key, at: index) }
      let found = try await get(key)?.version
      return .failure(
        FailedExpectation(
          mutation: index, error: expectation.conflict(key: key, found: found, mutationIndex: index)))
    }
  }

  @discardableResult
  public func load<T: Sendable>(
    _ body: @Sendable (any BulkLoad) async throws -> T
  ) async throws -> T {
    let transaction = try await driver.beginLoad()
    do {
      let result = try await LoadScope.with(driver) {
        let load = SQLBulkLoad(transaction: transaction, dialect: driver.dialect)
        defer { load.end() }
        return try await body(load)
      }
      try Task.checkCancellation()
      try await transaction.commit()
      // What was loaded is there, and what stays marked is still found.
      try? await readManyMarked()
      return result
    } catch {
      let recordsKept = await transaction.rollback()
      var failure = error
      if let duplicate = error as? SQLDuplicateKey {
        failure = KVError(
          .conflict, "key \(quoted(duplicate.key)) exists already", mutationIndex: duplicate.position,
          key: duplicate.key)
      }
      if let refusal = error as? SQLRefusal { failure = refusal.error(key: nil) }
      guard recordsKept > 0, var known = failure as? KVError else { throw failure }
      known.recordsKept = recordsKept
      throw known
    }
  }

  func records(_ statement: SQLStatement) async throws -> [Record] {
    try await driver.read(statement, decode: Record.init)
  }
}

extension Record {
  /// The record in the first five columns, as ``SQLDialect/record(of:)`` names them.
  init(_ row: any SQLRow) throws { try self.init(row, key: row.text(0)) }

  /// - Parameter key: what the first column holds, where that is known without reading it.
  fileprivate init(_ row: any SQLRow, key: String) throws {
    do {
      self.init(
        key: key, version: try row.integer(1), value: try row.json(2), type: row.text(3), created: row.text(4)
      )
    } catch let error as NotAnInteger {
      throw KVError(.invalidData, "the version stored under \(quoted(key)) is damaged: \(error)", key: key)
    } catch {
      throw KVError(.invalidData, "the value stored under \(quoted(key)) is damaged: \(error)")
    }
  }
}

extension StreamEntry {
  /// The record in the first five columns, the sequence number, and the action.
  init(_ row: any SQLRow) throws {
    guard let action = StreamEntry.Action(rawValue: row.text(6)) else {
      throw KVError(.invalidData, "the stream holds an unknown action at \(row.text(5))")
    }
    self.init(sequence: try row.integer(5), action: action, record: try Record(row))
  }
}

extension KVError {
  /// A write was sent, and whether it was carried out will never be told.
  package static func lostAnswer(of server: String) -> KVError {
    KVError(
      .unavailable,
      "the answer of \(server) was lost while the change was made: it may have happened or not, so look before you repeat it"
    )
  }
}

/// A key as messages show it: in quotes, with control characters escaped.
package func quoted(_ text: String) -> String { JSON(text).text }

extension SQLValue {
  /// Texts as ``SQLDialect/stringList`` takes them.
  static func list(_ strings: [String]) -> SQLValue {
    .text(JSON(elements: strings.map { JSON($0) }).text)
  }
}

import KV

/// The store, written once in SQL over a driver.
public struct SQLStore<Driver: SQLDriver>: Store {
  public let driver: Driver

  public init(_ driver: Driver) { self.driver = driver }

  private static var columns: String { "kv.key, kv.version, kv.value, kv.type, kv.created" }

  public func get(_ keys: [String]) async throws -> [Record] {
    let records =
      if keys.count == 1 {
        try await records("select \(Self.columns) from kv where key = ?1", [.text(keys[0])])
      } else {
        try await records(
          "select \(Self.columns) from kv where key in (select value from \(driver.dialect.stringList)) order by key",
          [list(keys)])
      }
    return records
  }

  public func records(_ selection: Selection, page: Page) async throws -> [Record] {
    let filter = SQLFilter(selection, page: page)
    return try await records("select \(Self.columns) from kv\(filter.clause)", filter.parameters)
  }

  public func count(_ selection: Selection) async throws -> Int {
    let filter = SQLFilter(selection)
    let counts = try await driver.read(
      SQLStatement("select count(*) from kv\(filter.clause)", filter.parameters)
    ) { $0.integer(0) }
    return counts.first ?? 0
  }

  public func stream(from sequence: Int, limit: Int?, type: String?) async throws -> [StreamEntry] {
    var parameters: [SQLValue] = [.integer(sequence), .integer(limit ?? Int.max)]
    if let type { parameters.append(.text(type)) }
    let sql = """
      select key, version, value, type, created, seq, action from stream
      where seq >= ?1\(type == nil ? "" : " and type = ?3") order by seq limit ?2
      """
    return try await driver.read(SQLStatement(sql, parameters)) { row in
      guard let action = StreamEntry.Action(rawValue: row.text(6)) else {
        throw KVError(.invalidData, "the stream holds an unknown action at \(row.integer(5))")
      }
      return StreamEntry(sequence: row.integer(5), action: action, record: try Self.record(row))
    }
  }

  public func streamSequence() async throws -> Int {
    // Not the largest row: the stream may have been trimmed.
    let statement = SQLStatement("select coalesce(max(seq), 0) from sqlite_sequence where name = 'stream'")
    return try await driver.read(statement) { $0.integer(0) }.first ?? 0
  }

  public func mutate(_ mutations: [Mutation]) async throws -> [MutationResult] {
    var batch = MutationBatch()
    for (index, mutation) in mutations.enumerated() {
      try batch.add(mutation, at: index, bind: driver.dialect.bind)
    }
    do {
      return batch.results(from: try await driver.write(batch.statements))
    } catch let failure as SQLConstraintFailure {
      throw try await conflict(mutations, at: batch.mutation(ofStatement: failure.statement))
    }
  }

  private func conflict(_ mutations: [Mutation], at index: Int) async throws -> KVError {
    guard case .put(let key, _, _, let expectation) = mutations[index] else {
      return KVError(.failed, "a constraint of the database refused the change", mutationIndex: index)
    }
    return expectation.conflict(key: key, found: try await get(key)?.version, mutationIndex: index)
  }

  public func load<T: Sendable>(
    _ body: @Sendable (any BulkLoad) async throws -> T
  ) async throws -> T {
    let transaction = try await driver.beginLoad()
    do {
      let result = try await body(SQLBulkLoad(transaction: transaction, dialect: driver.dialect))
      try await transaction.commit()
      return result
    } catch let duplicate as SQLDuplicateKey {
      await transaction.rollback()
      throw KVError(
        .conflict, "key \(quoted(duplicate.key)) exists already", mutationIndex: duplicate.position,
        key: duplicate.key)
    } catch {
      await transaction.rollback()
      throw error
    }
  }

  private func records(_ sql: String, _ parameters: [SQLValue]) async throws -> [Record] {
    try await driver.read(SQLStatement(sql, parameters)) { try Self.record($0) }
  }

  /// The record in the first five columns.
  private static func record(_ row: any SQLRow) throws -> Record {
    let key = row.text(0)
    do {
      return Record(
        key: key, version: row.integer(1), value: try row.json(2), type: row.text(3), created: row.text(4))
    } catch {
      throw KVError(.invalidData, "the value stored under \(quoted(key)) is damaged: \(error)")
    }
  }

  private func list(_ strings: [String]) -> SQLValue {
    .text(JSON(elements: strings.map { JSON($0) }).text)
  }
}

extension SQLStore: GraphStore {
  public func outgoingEdgeKeys(of nodes: [String]) async throws -> [AdjacentEdgeKey] {
    // `cross join` keeps the list outside, or the planner scans kv and the list for each row. It also makes the
    // order: the list's, and within a node the primary key's.
    try await edgeKeys(
      """
      select list.position, kv.key from \(driver.dialect.stringList) as list cross join kv
      where kv.key >= 'graph/edge/' || list.value || '/' and kv.key < 'graph/edge/' || list.value || '0'
      """, nodes)
  }

  public func incomingEdgeKeys(of nodes: [String]) async throws -> [AdjacentEdgeKey] {
    try await edgeKeys(
      """
      select list.position, edge.key from \(driver.dialect.stringList) as list
      cross join \(driver.dialect.incomingEdges) as edge where edge.target = list.value
      """, nodes)
  }

  private func edgeKeys(_ sql: String, _ nodes: [String]) async throws -> [AdjacentEdgeKey] {
    if nodes.isEmpty { return [] }
    return try await driver.read(SQLStatement(sql, [list(nodes)])) { row in
      AdjacentEdgeKey(node: row.integer(0), key: row.text(1))
    }
  }

  public func incomingEdges(of node: String, after: String?, limit: Int) async throws -> [Record] {
    try await records(
      """
      select \(Self.columns) from \(driver.dialect.incomingEdges) as edge cross join kv on kv.key = edge.key
      where edge.target = ?1 and edge.key > ?2 order by edge.key limit ?3
      """, [.text(node), .text(after ?? ""), .integer(limit)])
  }
}

/// A key as messages show it: in quotes, with control characters escaped.
public func quoted(_ text: String) -> String { JSON(text).text }

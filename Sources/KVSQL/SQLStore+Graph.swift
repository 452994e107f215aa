import KV

extension SQLStore: GraphStore {
  public func outgoingEdgeKeys(of nodes: [String], withValues: Bool) async throws -> EdgeKeyList {
    try await edgeKeys(of: nodes, withValues, driver.dialect.edges.outgoingKeys)
  }

  public func incomingEdgeKeys(of nodes: [String], withValues: Bool) async throws -> EdgeKeyList {
    try await edgeKeys(of: nodes, withValues, driver.dialect.edges.incomingKeys)
  }

  private func edgeKeys(of nodes: [String], _ withValues: Bool, _ sql: (String?) -> String) async throws
    -> EdgeKeyList
  {
    if nodes.isEmpty { return EdgeKeyList() }
    let value = withValues ? driver.dialect.storedValue("kv.value") : nil
    return try await edgeKeys(SQLStatement(sql(value), [Self.list(nodes)]), withValues: withValues)
  }

  public func keys(_ selection: Selection, after: String?, limit: Int) async throws -> EdgeKeyList {
    let filter = SQLFilter(selection, page: Page(after: after, limit: limit), driver.dialect)
    return try await edgeKeys(SQLStatement("select 0, key from kv\(filter.clause)", filter.parameters))
  }

  private func edgeKeys(_ statement: SQLStatement, withValues: Bool = false) async throws -> EdgeKeyList {
    try await driver.reduce(statement, into: EdgeKeyList()) { keys, row in
      let value = withValues ? try row.json(2) : nil
      let node = try row.integer(0)
      row.withText(1) { keys.append(node: node, key: $0, value: value) }
    }
  }

  public func incomingEdges(of node: String, after: String?, limit: Int) async throws -> [Record] {
    let dialect = driver.dialect
    let key = dialect.byteOrdered("edge.key")
    let sql = """
      select \(dialect.record(of: "kv")) from \(dialect.edges.byTarget) as edge cross join kv
      where kv.key = edge.key and edge.target = ?1 and \(key) > ?2 order by \(key) limit ?3
      """
    return try await records(SQLStatement(sql, [.text(node), .text(after ?? ""), .integer(limit)]))
  }

  public func recordTypes() async throws -> [String] {
    // One look into the index for each type, where `select distinct` would read all of it.
    let sql = """
      with recursive found (type) as (
        select min(type) from kv union all
        select (select min(type) from kv where type > found.type) from found where found.type is not null)
      select type from found where type is not null
      """
    return try await driver.read(SQLStatement(sql)) { $0.text(0) }
  }

  public var keepsEdgeIndexRecords: Bool {
    get async throws {
      if let known = keepsIndexRecords.value { return known }
      let keeps = try await driver.read(SQLExtensionSetting.keepsIndexRecords) { $0.text(0) } == ["kept"]
      keepsIndexRecords.value = keeps
      return keeps
    }
  }

  public var loadsAreAtomic: Bool { driver.loadsAreAtomic }

  public func edgeIndexFaults(repairing: Bool) async throws -> [String] {
    guard let check = driver.dialect.edges.indexCheck else { return [] }
    let keys = try await driver.read(SQLStatement(check.faults)) { $0.text(0) }
    if repairing, !keys.isEmpty { _ = try await driver.write(check.repairs.map { SQLStatement($0) }) }
    return keys
  }
}

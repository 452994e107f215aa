import KV

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
    return try await driver.read(SQLStatement(sql, [Self.list(nodes)])) { row in
      AdjacentEdgeKey(node: row.integer(0), key: row.text(1))
    }
  }

  public func incomingEdges(of node: String, after: String?, limit: Int) async throws -> [Record] {
    let sql = """
      select \(recordColumns) from \(driver.dialect.incomingEdges) as edge cross join kv on kv.key = edge.key
      where edge.target = ?1 and edge.key > ?2 order by edge.key limit ?3
      """
    return try await records(SQLStatement(sql, [.text(node), .text(after ?? ""), .integer(limit)]))
  }
}

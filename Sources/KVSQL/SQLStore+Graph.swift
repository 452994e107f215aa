import KV

extension SQLStore: GraphStore {
  public func outgoingEdgeKeys(of nodes: [String]) async throws -> [AdjacentEdgeKey] {
    try await edgeKeys(driver.dialect.edges.outgoingKeys, nodes)
  }

  public func incomingEdgeKeys(of nodes: [String]) async throws -> [AdjacentEdgeKey] {
    try await edgeKeys(driver.dialect.edges.incomingKeys, nodes)
  }

  private func edgeKeys(_ sql: String, _ nodes: [String]) async throws -> [AdjacentEdgeKey] {
    if nodes.isEmpty { return [] }
    return try await driver.read(SQLStatement(sql, [Self.list(nodes)])) { row in
      AdjacentEdgeKey(node: row.integer(0), key: row.text(1))
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
}

import KV

/// A query whose rows are read page by page, each page from where the last one ended.
public struct SQLPagedQuery<Row: Sendable>: Sendable {
  /// The text. The first parameter is the mark after which the page begins, the second how many rows it has at most.
  public var sql: String
  /// Before the first row.
  public var start: SQLValue
  /// What a row holds, and its mark.
  public var decode: @Sendable (any SQLRow) throws -> (row: Row, mark: SQLValue)

  /// A query of these parts.
  public init(
    _ sql: String, after start: SQLValue,
    decode: @escaping @Sendable (any SQLRow) throws -> (row: Row, mark: SQLValue)
  ) {
    (self.sql, self.start, self.decode) = (sql, start, decode)
  }

  /// The page that begins after a mark.
  public func page(after mark: SQLValue, limit: Int) -> SQLStatement {
    SQLStatement(sql, [mark, .integer(limit)])
  }
}

extension [SQLPagedQuery<ArchiveItem>] {
  /// Reads all rows, query by query.
  /// - Parameter read: runs a statement and gives what `decode` makes of each row.
  package func forEachPage(
    of limit: Int = 2000,
    read: (
      SQLStatement, @escaping @Sendable (any SQLRow) throws -> (row: ArchiveItem, mark: SQLValue)
    ) async throws -> [(row: ArchiveItem, mark: SQLValue)],
    _ body: ([ArchiveItem]) async throws -> Void
  ) async throws {
    for query in self {
      var mark = query.start
      while true {
        try Task.checkCancellation()
        let page = try await read(query.page(after: mark, limit: limit), query.decode)
        if !page.isEmpty { try await body(page.map(\.row)) }
        guard page.count == limit, let last = page.last else { break }
        mark = last.mark
      }
    }
  }
}

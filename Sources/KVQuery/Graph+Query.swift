import KV
import KVGraph

/// What a query has done.
public struct QuerySummary: Sendable {
  /// How many rows it gave.
  public var rows = 0
  /// How many mutations it made.
  public var mutations = 0
  /// The labels and the edge types that its MATCH clauses name, each once, in the order of the text.
  public var labels: [String] = []
  /// As ``labels``.
  public var edgeTypes: [String] = []
}

extension Graph {
  /// Runs a query, and gives its rows as they are found.
  ///
  /// All that it writes is one transaction, made when the last row is found: all or nothing, with the versions that it read expected; where
  /// somebody else wrote meanwhile it runs again, up to five times, and `row` is called for the run that succeeds alone.
  /// - Parameters:
  ///   - text: the query.
  ///   - parameters: the values of `$name`.
  ///   - isWriting: whether it may change the graph.
  ///   - columns: is told the names of the columns, once, before the first row.
  ///   - row: is given the values of the columns; returns false where no more are wanted.
  /// - Throws: invalid data with the place in the text where the query is wrong or a value is not what it has to be; a conflict where somebody
  ///   else's writes come in between.
  @discardableResult
  public func query(
    _ text: String, parameters: [String: Value] = [:], isWriting: Bool = false,
    columns: ([String]) async throws -> Void = { _ in }, row: @escaping ([Value]) async throws -> Bool
  ) async throws -> QuerySummary {
    let (parsed, slotCount) = try Parser.parse(text)
    let (query, names) = try Checker.check(parsed, isWriting: isWriting)
    try await columns(names)
    let changes = query.parts.contains { $0.contains { $0.isUpdating } }
    guard changes else {
      var summary = QuerySummary()
      (summary.labels, summary.edgeTypes) = query.names
      let view = try await QueryGraph(self, isWriting: false)
      let runner = Runner(view, query, slotCount: slotCount, parameters: parameters, isWriting: false)
      try await runner.run(query) { values in
        try await view.load(allIn: values)
        summary.rows += 1
        return try await row(values)
      }
      return summary
    }
    for attempt in 1... {
      let view = try await QueryGraph(self, isWriting: true)
      var rows: [[Value]] = []
      try await Runner(view, query, slotCount: slotCount, parameters: parameters, isWriting: true).run(query)
      { values in
        try await view.load(allIn: values)
        rows.append(values)
        return true
      }
      let mutations = try await view.mutations()
      do {
        if !mutations.isEmpty { _ = try await store.mutate(mutations) }
      } catch let error as KVError where error.code == .conflict && attempt < 5 {
        continue
      }
      for values in rows where try await !row(values) { break }
      return QuerySummary(rows: rows.count, mutations: mutations.count)
    }
    return QuerySummary()
  }
}

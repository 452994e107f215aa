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
  /// The attributes that it asks for and that no node or edge had that it came to, each with names there that are written nearly so, the
  /// nearest first. Those of which it says itself that they may be absent are left out, as in `n.x IS NULL` and `coalesce(n.x, 0)`; none of
  /// a query that changes the graph.
  public var missingAttributes: [(name: String, similar: [String])] = []
  /// How it ran, where that was asked for.
  public var profile: [QueryStep] = []
}

extension Graph {
  /// Runs a query, and gives its rows as they are found.
  ///
  /// All that it writes is one transaction, made when the last row is found: all or nothing, with the versions that it read expected; where
  /// somebody else wrote meanwhile it runs again, up to ten times, and `row` is called for the run that succeeds alone.
  /// - Parameters:
  ///   - text: the query.
  ///   - parameters: the values of `$name`.
  ///   - isWriting: whether it may change the graph.
  ///   - memoryLimit: how many bytes at most rows may take that wait: in sorts, groups, DISTINCT, collections, and until a transaction is
  ///     made. Estimated.
  ///   - isProfiled: whether the summary says how the query ran.
  ///   - columns: is told the names of the columns, once, before the first row.
  ///   - row: is given the values of the columns; returns false where no more are wanted.
  /// - Throws: invalid data with the place in the text where the query is wrong or a value is not what it has to be; a conflict where somebody
  ///   else's writes come in between; failed, with the clause's name, where it needs more memory than it may.
  @discardableResult
  public func query(
    _ text: String, parameters: Value.Members = [:], isWriting: Bool = false,
    memoryLimit: Int = .max, isProfiled: Bool = false,
    columns: ([String]) async throws -> Void = { _ in }, row: @escaping ([Value]) async throws -> Bool
  ) async throws -> QuerySummary {
    let (parsed, slotCount) = try Parser.parse(text, parameters: parameters)
    let (checked, names) = try Checker.check(parsed, isWriting: isWriting)
    let query = checked.simplified
    try await columns(names)
    let changes = query.parts.contains { $0.contains { $0.isUpdating } }
    guard changes else {
      var summary = QuerySummary()
      (summary.labels, summary.edgeTypes) = query.names
      let view = try await QueryGraph(self, isWriting: false)
      let runner = Runner(
        view, query, slotCount: slotCount, parameters: parameters, memoryLimit: memoryLimit)
      try await runner.run(query, isMeasured: isProfiled) { values in
        try await view.load(allIn: values)
        summary.rows += 1
        return try await row(values)
      }
      summary.missingAttributes = view.attributes.missing(among: query.attributes)
      if isProfiled { summary.profile = runner.profile(try await query.steps(in: view)) }
      return summary
    }
    for attempt in 1... {
      let lease = query.mergesWithoutID ? try await MergeLease(store) : nil
      do {
        var (rows, summary) = try await write(
          query, slotCount, parameters, memoryLimit, isProfiled, keeping: lease)
        await lease?.end()
        for values in rows {
          summary.rows += 1
          if try await !row(values) { break }
        }
        (summary.labels, summary.edgeTypes) = query.names
        return summary
      } catch {
        await lease?.end()
        guard let repeatable = error as? RepeatableConflict else { throw error }
        if attempt == 10 { throw repeatable.conflict }
        // Those who met in one place meet again where none of them waits.
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...(10 * attempt))))
      }
    }
    return QuerySummary()
  }

  /// Runs a query that writes, once.
  private func write(
    _ query: Query, _ slotCount: Int, _ parameters: Value.Members, _ memoryLimit: Int, _ isProfiled: Bool,
    keeping lease: MergeLease?
  ) async throws -> (rows: [[Value]], summary: QuerySummary) {
    let view = try await QueryGraph(self, isWriting: true)
    var rows: [[Value]] = []
    let budget = MemoryBudget(limit: memoryLimit)
    let runner = Runner(
      view, query, slotCount: slotCount, parameters: parameters, memoryLimit: memoryLimit)
    let mutations: [Mutation]
    do {
      try await runner.run(query, isMeasured: isProfiled) { values in
        try await view.load(allIn: values)
        try budget.take(values.size, for: "RETURN", at: query.place)
        rows.append(values)
        return true
      }
      mutations = try await view.mutations()
    } catch let error as KVError where error.code == .conflict && query.merges {
      // What was not there when it was looked for may be there when it is made.
      throw RepeatableConflict(conflict: error)
    }
    if !mutations.isEmpty {
      do {
        if let lease, try await !lease.isKept() {
          throw KVError(.conflict, "another query has merged nodes meanwhile")
        }
        _ = try await store.mutate(mutations)
      } catch let error as KVError where error.code == .conflict {
        throw RepeatableConflict(conflict: error)
      }
    }
    var summary = QuerySummary(mutations: mutations.count(where: \.changes))
    if isProfiled { summary.profile = runner.profile(try await query.steps(in: view)) }
    return (rows, summary)
  }

  /// How a query would run, clause by clause; nothing is run.
  ///
  /// Cost: a count of records for each label with which a pattern begins.
  /// - Parameters:
  ///   - text: the query.
  ///   - parameters: the values of `$name`; only those are asked for that say how many paths are wanted.
  ///   - isWriting: whether it may change the graph.
  /// - Throws: invalid data with the place in the text where the query is wrong.
  public func explain(_ text: String, parameters: Value.Members = [:], isWriting: Bool = false) async throws
    -> [QueryStep]
  {
    let (parsed, _) = try Parser.parse(text, parameters: parameters)
    let query = try Checker.check(parsed, isWriting: isWriting).query.simplified
    return try await query.steps(in: QueryGraph(self, isWriting: false))
  }
}

extension Mutation {
  /// Whether it is more than an expectation.
  fileprivate var changes: Bool {
    switch self {
    case .expect, .expectNoEdges: false
    case .put, .patch, .delete, .deleteSelection: true
    }
  }
}

/// Somebody else wrote meanwhile: the query may be run again.
struct RepeatableConflict: Error { var conflict: KVError }

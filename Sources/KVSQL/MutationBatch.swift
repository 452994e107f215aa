import KV

/// Mutations as statements of one transaction.
///
/// There may be no conversation inside a transaction (rqlite has none), so an expectation is a statement too: one that
/// breaks a constraint where the expectation fails, and thereby undoes the batch.
struct MutationBatch {
  private(set) var statements: [SQLStatement] = []
  /// For each statement its mutation, and what its outcome says of that mutation's result.
  private var sources: [(mutation: Int, meaning: Meaning)] = []

  private enum Meaning {
    /// Fails where an expectation does not hold.
    case requirement
    /// The same, and that is all that is asked for.
    case expectation
    case version, deletions
    /// A statement that may be refused does not return its version: rqlite would go on after it.
    case firstVersion
  }

  static let insert = "insert into kv (key, version, value, type, created) values (?1, 1, ?2, ?3, ?4)"
  /// Inserts a row without a version, which `not null` refuses, unless the key is at the version.
  private static func requireVersion(_ lockingRows: String) -> String {
    refusal
      + " where not exists (select 1 from kv where key = ?1 and version = cast(?2 as bigint)\(lockingRows))"
  }
  /// The same, unless the key is there.
  private static func requirePresence(_ lockingRows: String) -> String {
    refusal + " where not exists (select 1 from kv where key = ?1\(lockingRows))"
  }
  /// The same, unless the key is absent.
  private static let requireAbsence = refusal + " where exists (select 1 from kv where key = ?1)"

  private static let refusal = refusal(of: "?1")

  private static func refusal(of key: String) -> String {
    "insert into kv (key, version, value, type, created)"
      + " select \(key), null, cast('null' as jsonb), '', current_timestamp"
  }

  /// - Parameter mutations: without patches; see ``PatchResolution``.
  init(_ mutations: [Mutation], _ dialect: SQLDialect) throws {
    for (index, mutation) in mutations.enumerated() {
      do {
        try add(mutation, at: index, dialect)
      } catch var error as KVError {
        error.mutationIndex = index
        throw error
      }
    }
  }

  private mutating func add(_ mutation: Mutation, at index: Int, _ dialect: SQLDialect) throws {
    switch mutation {
    case .put(let key, let value, let type, let expectation):
      try validate(key: key)
      try validate(type: type)
      try validate(value: value)
      switch expectation {
      case .version, .present: append(Self.requirement(key, expectation, dialect), index, .requirement)
      case .any, .absent: break
      }
      let sql = expectation == .absent ? Self.insert : SQLStatement.upsert
      // Not where it must be absent: somebody else may have deleted in between what a first run made.
      let isIdempotent = if case .version = expectation { true } else { false }
      append(
        SQLStatement(
          sql, [.text(key), dialect.bind(value), .text(type), .text("\(Timestamp.now())")],
          isIdempotent: isIdempotent), index, expectation == .absent ? .firstVersion : .version)
    case .patch(let key, _, _, _):
      throw KVError(.failed, "the patch of \(quoted(key)) was not resolved", key: key)
    case .expect(let key, let expectation):
      try validate(key: key)
      append(Self.requirement(key, expectation, dialect), index, .expectation)
    case .expectNoEdges(let nodes):
      let edges = dialect.edges
      let found = [edges.outgoingKeys(nil), edges.incomingKeys(nil)].map {
        "exists (select 1 from (\($0)) as found)"
      }
      append(
        SQLStatement(
          Self.refusal(of: "''") + " where " + found.joined(separator: " or "),
          [.list(nodes)], isIdempotent: true), index, .expectation)
    case .delete(let key):
      try validate(key: key)
      append(SQLStatement("delete from kv where key = ?1", [.text(key)]), index, .deletions)
    case .deleteSelection(let selection, let page):
      try page.validate()
      let filter = SQLFilter(selection, page: page, dialect)
      let sql = dialect.deleteInOrder("select key from kv\(filter.clause)")
      append(SQLStatement(sql, filter.parameters), index, .deletions)
    }
  }

  /// A statement that is refused where the expectation does not hold.
  private static func requirement(_ key: String, _ expectation: Expectation, _ dialect: SQLDialect)
    -> SQLStatement
  {
    var parameters: [SQLValue] = [.text(key)]
    let sql: String
    switch expectation {
    case .any: sql = refusal + " where false"
    case .absent: sql = requireAbsence
    case .present: sql = requirePresence(dialect.lockingRows)
    case .version(let version):
      sql = requireVersion(dialect.lockingRows)
      parameters.append(.integer(version))
    }
    return SQLStatement(sql, parameters, isIdempotent: true)
  }

  private mutating func append(_ statement: SQLStatement, _ mutation: Int, _ meaning: Meaning) {
    statements.append(statement)
    sources.append((mutation, meaning))
  }

  func mutation(ofStatement statement: Int) -> Int { sources[statement].mutation }

  /// Whether the refusal is the sign that an expectation did not hold.
  func isExpectation(_ refusal: SQLRefusal) -> Bool {
    switch (refusal.reason, sources[refusal.statement].meaning) {
    case _ where refusal.kept > 0: false
    case (.noVersion, .requirement), (.noVersion, .expectation), (.keyExists, .firstVersion): true
    default: false
    }
  }

  func results(from outcomes: [SQLOutcome]) -> [MutationResult] {
    zip(outcomes, sources).compactMap { outcome, source in
      switch source.meaning {
      case .requirement: nil
      case .expectation: .met
      case .version: .put(version: outcome.integer ?? 0)
      case .firstVersion: .put(version: 1)
      case .deletions: .deleted(count: outcome.changes)
      }
    }
  }
}

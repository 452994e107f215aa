import KV

/// A database that runs SQL: all that a backend has to bring.
///
/// Failures are thrown as ``KVError``, but a refused constraint as ``SQLConstraintFailure``.
/// No call blocks one of Swift's cooperative threads.
public protocol SQLDriver: Sendable {
  var dialect: SQLDialect { get }

  /// Runs a query and gives each row to `decode`, in order.
  func read<T: Sendable>(
    _ statement: SQLStatement, decode: @escaping @Sendable (any SQLRow) throws -> T
  ) async throws -> [T]

  /// Runs the statements in one transaction, all or none, and reports on each.
  func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome]

  /// Opens a transaction of its own for ``Store/load(_:)``.
  func beginLoad() async throws -> any SQLLoad
}

/// A transaction that takes batch after batch. After a failure only ``rollback()`` is allowed.
public protocol SQLLoad: Sendable {
  /// Adds records under keys that must be new. One that is not is thrown as ``SQLDuplicateKey``, perhaps as late as
  /// by ``commit()``.
  func add(_ records: [SQLNewRecord], created: String) async throws

  /// Runs statements that write one record each.
  /// - Parameter keys: their keys, each once, for a driver that keeps stream and indexes by the batch here.
  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome]
  func commit() async throws
  func rollback() async
}

/// A record on its way into the database.
public struct SQLNewRecord: Sendable {
  public var key: String
  public var value: SQLValue
  public var type: String

  public init(key: String, value: SQLValue, type: String) {
    self.key = key
    self.value = value
    self.type = type
  }
}

/// A key that was to be new exists already.
public struct SQLDuplicateKey: Error, Sendable, Equatable {
  public var key: String
  /// Of the record among all that the load has added.
  public var position: Int

  public init(key: String, position: Int) {
    self.key = key
    self.position = position
  }
}

/// Where databases differ, as data.
public struct SQLDialect: Sendable {
  /// A table expression with one column `value`, a row for each element of a JSON array of strings bound as the first
  /// parameter, and with the element's position as `position`.
  public var stringList: String
  /// A table expression with `target` (a node as in ``GraphStore``) and `key`, a row for each edge.
  public var incomingEdges: String
  /// How a JSON value is bound.
  public var bind: @Sendable (JSON) -> SQLValue

  public init(
    stringList: String, incomingEdges: String, bind: @escaping @Sendable (JSON) -> SQLValue
  ) {
    self.stringList = stringList
    self.incomingEdges = incomingEdges
    self.bind = bind
  }
}

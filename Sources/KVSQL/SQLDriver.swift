import KV

/// A database that runs SQL: all that a backend has to bring.
///
/// Failures are thrown as `KVError`, but a refused statement as ``SQLRefusal``.
/// No call blocks one of Swift's cooperative threads.
public protocol SQLDriver: AnyObject, Sendable {
  /// How this database writes its SQL. It stays the same as long as the driver lives.
  var dialect: SQLDialect { get }

  /// Whether a request costs so much more than a row that reads which wait at the same time had better share one.
  var coalescesReads: Bool { get }

  /// Whether a load is one transaction, whatever its size.
  var loadsAreAtomic: Bool { get }

  /// Gives the first row of a query by a key to `row`, on the caller's thread: a change of threads would cost more.
  /// - Returns: false where the database would make its caller wait: what `row` was given until then does not count.
  func readInline(_ statement: SQLStatement, row: (any SQLRow) throws -> Void) throws -> Bool

  /// Runs a query and gives each row to `body`, in order. If the query is run again, so is all of it.
  func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @escaping @Sendable (inout Result, any SQLRow) throws -> Void
  ) async throws -> Result

  /// Runs the statements in one transaction, all or none (but see ``SQLRefusal/kept``), and reports on each, in order. Durable when it
  /// returns.
  func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome]

  /// Returns when somebody may have written to the stream or the tasks, or after the time given. A driver that its database
  /// does not notify waits for all of that time.
  /// - Parameter table: what to wait for.
  /// - Parameter time: how long to wait at most.
  /// - Parameter cursor: as in `ChangeStreaming/waitForChanges(since:atMost:)`.
  func waitForNotification(of table: SQLChannel, since cursor: NotificationCursor, atMost time: Duration)
    async throws -> NotificationCursor

  /// Opens a transaction of its own for `BulkLoading/load(_:)`.
  func beginLoad() async throws -> any SQLLoad

  /// Reads the queries' rows, query by query, as they are at one moment, and gives them to `body` by the page.
  func readSnapshot(
    _ queries: [SQLPagedQuery<ArchiveItem>], _ body: @Sendable ([ArchiveItem]) async throws -> Void
  ) async throws

  /// Closes the connections that nobody is using; the next use opens them again. By default there are none.
  func close() async
}

extension SQLDriver {
  /// There is nothing to close.
  public func close() async {}

  public var loadsAreAtomic: Bool { true }

  public func readInline(_ statement: SQLStatement, row: (any SQLRow) throws -> Void) throws -> Bool { false }

  /// What `decode` makes of the one row that a query by a key gives, or `nil`.
  // Inlined for its `T`: elsewhere a type that is looked up at run time, at each record read.
  @inline(__always)
  public func readRow<T: Sendable>(
    _ statement: SQLStatement, decode: @escaping @Sendable (any SQLRow) throws -> T
  ) async throws -> T? {
    var found: T?
    if try readInline(statement, row: { found = try decode($0) }) { return found }
    return try await read(statement, decode: decode).first
  }

  /// Runs a query and gives each row to `decode`, in order.
  public func read<T: Sendable>(
    _ statement: SQLStatement, decode: @escaping @Sendable (any SQLRow) throws -> T
  ) async throws -> [T] {
    try await reduce(statement, into: []) { $0.append(try decode($1)) }
  }

  public func waitForNotification(
    of table: SQLChannel, since cursor: NotificationCursor, atMost time: Duration
  ) async throws
    -> NotificationCursor
  {
    try await Task.sleep(for: time)
    return cursor
  }
}

/// What a database can be waited for.
public enum SQLChannel: String, Sendable, CaseIterable {
  /// `stream`: changes of records. `tasks`: tasks that are pending, new or again, or due at another time.
  case stream, tasks
}

/// A transaction that takes batch after batch; several where ``SQLDriver/loadsAreAtomic`` is false. After a failure only
/// ``rollback()`` is allowed.
public protocol SQLLoad: Sendable {
  /// Adds records under keys that must be new. One that is not is thrown as ``SQLDuplicateKey``, and one that the database
  /// refuses for another reason as a `KVError` whose `mutationIndex` is its place among all that were added; both perhaps as
  /// late as by ``commit()``.
  func add(_ records: [SQLNewRecord], created: String) async throws

  /// Runs statements that write one record each. A ``SQLRefusal`` names the right one.
  /// - Parameter statements: one for each key.
  /// - Parameter keys: their keys, each once, for a driver that keeps stream and indexes by the batch here.
  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome]
  /// Runs statements of which neither the stream nor an index of this project's own takes notice: what they would do the statements do
  /// themselves. A load takes these alone, or none of them. A ``SQLRefusal`` may come as late as by ``commit()``.
  func write(verbatim statements: [SQLStatement]) async throws
  /// Commits what was added and written; durable when it returns. Throws as ``add(_:created:)`` does for records that the database
  /// checks only now, and unavailable where it cannot tell whether the commit happened.
  func commit() async throws
  /// Undoes the transaction.
  /// - Returns: how many of its records stay: 0 where the load was one transaction; where each request was one, those of the
  ///   requests before the failure.
  func rollback() async -> Int
}

/// A new record of a load. Its version will be 1.
public struct SQLNewRecord: Sendable {
  /// The record's key.
  public var key: String
  /// The record's value, as ``SQLDialect/bind`` makes it.
  public var value: SQLValue
  /// The record's type.
  public var type: String

  /// A record of these parts.
  public init(key: String, value: SQLValue, type: String) {
    self.key = key
    self.value = value
    self.type = type
  }
}

/// A key that was to be new exists already, or was added twice.
public struct SQLDuplicateKey: Error, Sendable, Equatable {
  /// The key.
  public var key: String
  /// The position of the record among all that the load has added, from 0.
  public var position: Int

  /// An error of these parts.
  public init(key: String, position: Int) {
    self.key = key
    self.position = position
  }
}

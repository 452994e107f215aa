import KV
import KVSQL
import Logging

/// PostgreSQL as a driver: a pool of sessions, and one more that listens for notifications once somebody waits for one.
public final class PostgresDriver: SQLDriver {
  /// PostgreSQL's SQL.
  public let dialect = SQLDialect.postgres
  public let coalescesReads = true
  private let location: PostgresLocation
  private let pool: SessionPool<PostgresSession>
  private let listener: PostgresListener
  private let logger: Logger

  /// Connects and brings the tables up to date.
  ///
  /// - Parameter location: where the database is.
  /// - Parameter logger: told of retries and lost connections; silent by default.
  /// - Parameter creating: whether a database without tables is given them.
  public init(_ location: PostgresLocation, creating: Bool = true, logger: Logger = .silent) async throws {
    self.location = location
    self.logger = logger
    pool = SessionPool(maximum: 8) { PostgresSession(location) }
    listener = PostgresListener(location, logger: logger)
    try await pool.with { session in
      try await session.mapping { try await PostgresSchema.prepare($0, creating: creating) }
    }
  }

  public func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @escaping @Sendable (inout Result, any SQLRow) throws -> Void
  ) async throws -> Result {
    let rows = try await pool.with { session in
      try await withTaskCancellationHandler {
        try await session.mapping { try await $0.read(statement) }
      } onCancel: {
        session.cancel()
      }
    }
    return try rows.reduce(into: initial, body)
  }

  public func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome] {
    var attempt = 1
    while true {
      do {
        return try await pool.with { try await $0.write(merging: statements) }
      } catch let failure as PostgresFailure {
        guard failure.isTransient, attempt < 10 else { throw failure.error }
        logger.debug(
          "a transaction is run again", metadata: ["attempt": "\(attempt)", "state": "\(failure.state)"])
        // It was undone, and may be repeated as it is.
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...(5 * attempt))))
        attempt += 1
      }
    }
  }

  public func waitForNotification(
    of table: SQLChannel, since cursor: NotificationCursor, atMost time: Duration
  ) async throws
    -> NotificationCursor
  {
    try await listener.wait(for: table, since: cursor, atMost: time)
  }

  public func beginLoad() async throws -> any SQLLoad { try await PostgresLoad(location) }

  public func readSnapshot(
    _ queries: [SQLPagedQuery<ArchiveItem>], _ body: @Sendable ([ArchiveItem]) async throws -> Void
  ) async throws {
    let session = PostgresSession(location)
    try await session.mapping { session in
      // Asked before: what has been trimmed is counted, and what comes later is not.
      let horizon = try await session.read(SQLStatement(dialect.latestSequence)).rows { try $0.integer(0) }
      try await session.begin("begin isolation level repeatable read read only")
      try await session.execute("select set_config('kv.horizon', '\(horizon.first ?? 0)', true)")
      try await queries.forEachPage(
        read: { statement, decode in
          try await session.with { try $0.run([statement], inTransaction: true)[0].rows(decode) }
        }, body)
      try await session.commit()
    }
  }

  /// Closes the connections that nobody is using, and the one that listens.
  public func close() async {
    await pool.closeIdle()
    await listener.close()
  }
}

extension PostgresSession {
  /// Runs `body` and throws what callers of a store know.
  nonisolated func mapping<T: Sendable>(_ body: (PostgresSession) async throws -> T) async throws -> T {
    do {
      return try await body(self)
    } catch let failure as PostgresFailure {
      if failure.state == PostgresFailure.queryCanceled, Task.isCancelled { throw CancellationError() }
      throw failure.error
    }
  }
}

/// The store in a PostgreSQL database.
public typealias PostgresStore = SQLStore<PostgresDriver>

extension SQLStore where Driver == PostgresDriver {
  /// Opens a database; see ``PostgresLocation`` for how it is written.
  public init(postgres connection: String, creating: Bool = true, logger: Logger = .silent) async throws {
    self.init(
      try await PostgresDriver(PostgresLocation(connection), creating: creating, logger: logger))
  }
}

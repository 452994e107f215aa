import KV
import KVSQL
import Synchronization

/// SQLite as a driver: one writing session, several reading ones over the write-ahead log.
public final class SQLiteDriver: SQLDriver {
  public let dialect: SQLDialect
  public let sharesReads = false
  private let location: SQLiteLocation
  private let writer: SQLiteSession
  private let readers: SQLiteReaders
  private let brief: SQLiteBriefReaders?

  /// Opens the database and brings its tables up to date.
  ///
  /// - Parameter creating: whether a file that is not there may be made.
  public init(_ location: SQLiteLocation, creating: Bool = true) async throws {
    var location = location
    if !creating, location.mode == .create { location.mode = .readWrite }
    guard location.exists || location.mode == .create else {
      throw KVError(.unavailable, "no database at \(location.path); make one with 'kv init'")
    }
    let writer = SQLiteSession(location)
    let brief = location.mode == .memory ? nil : SQLiteBriefReaders(location)
    // A database that is up to date, as most are, needs no session to open it.
    if try brief?.with(SQLiteSchema.isCurrent) == true {
      dialect = .sqlite(incomingEdges: SQLiteTables.incoming)
    } else {
      dialect = .sqlite(incomingEdges: try await writer.with(SQLiteSchema.prepare))
    }
    self.location = location
    self.writer = writer
    self.brief = brief
    readers = SQLiteReaders(location, sharing: location.mode == .memory ? writer : nil)
  }

  public func readAtOnce(_ statement: SQLStatement, row: (any SQLRow) throws -> Void) throws -> Bool {
    try brief?.with { try $0.runToFirst(statement) { try row($0) } } != nil
  }

  public func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @escaping @Sendable (inout Result, any SQLRow) throws -> Void
  ) async throws -> Result {
    try await readers.with { try await $0.reduce(statement, into: initial, body) }
  }

  public func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome] {
    try await writer.with { connection in
      try connection.transaction { try connection.run(batch: statements) }
    }
  }

  public func beginLoad() async throws -> any SQLLoad {
    // A connection of its own, so that no other write can slip into the transaction.
    let session = location.mode == .memory ? writer : SQLiteSession(location)
    try await session.begin()
    return session
  }
}

/// Reading sessions, opened when first needed. The first that is free is taken, so that a search comes back to the pages that it
/// has read.
private final class SQLiteReaders: Sendable {
  private let sessions: [SQLiteSession]
  /// How many reads each session has in hand.
  private let uses: Mutex<[Int]>

  init(_ location: SQLiteLocation, sharing writer: SQLiteSession?) {
    sessions = writer.map { [$0] } ?? (0..<4).map { _ in SQLiteSession(location) }
    uses = Mutex(Array(repeating: 0, count: sessions.count))
  }

  func with<T>(_ body: (SQLiteSession) async throws -> T) async rethrows -> T {
    let session = uses.withLock { uses in
      let freest = uses.indices.min { uses[$0] < uses[$1] } ?? 0
      uses[freest] += 1
      return freest
    }
    defer { uses.withLock { $0[session] -= 1 } }
    return try await body(sessions[session])
  }
}

/// The store in a SQLite file.
public typealias SQLiteStore = SQLStore<SQLiteDriver>

extension SQLStore where Driver == SQLiteDriver {
  /// Opens a plain path or a `file:` URI; see ``SQLiteLocation``.
  public init(sqlite connection: String, creating: Bool = true) async throws {
    try await self.init(SQLiteLocation(connection), creating: creating)
  }

  public init(_ location: SQLiteLocation, creating: Bool = true) async throws {
    self.init(try await SQLiteDriver(location, creating: creating))
  }
}

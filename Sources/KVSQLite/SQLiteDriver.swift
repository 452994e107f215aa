import KV
import KVSQL
import Synchronization

/// SQLite as a driver: one writing session, several reading ones over the write-ahead log.
public final class SQLiteDriver: SQLDriver {
  /// SQLite's SQL. Where a file that may not be written has no index of incoming edges, edges are found without it.
  public let dialect: SQLDialect
  public let coalescesReads = false
  private let location: SQLiteLocation
  private let sessions: Sessions
  private let inlineReaders: SQLiteInlineReaders?

  /// A file has a session that writes and others that read; what is in memory has one connection, which its users take in
  /// turn, and a load keeps until it ends.
  private enum Sessions {
    case file(writer: SQLiteSession, readers: SQLiteReaders)
    case memory(SessionPool<SQLiteSession>, SQLiteSession)
  }

  /// Opens the database and brings its tables up to date. One that may only be read is read as it is.
  ///
  /// Throws unavailable, with the reason `KVError/Reason/noDatabase` or `KVError/Reason/noTables`, where something is not there that
  /// may not be made; failed where the file is no SQLite database, another program's or a newer kv's.
  /// - Parameter location: where the database is.
  /// - Parameter creating: whether a file and tables that are not there are made.
  public init(_ location: SQLiteLocation, creating: Bool = true) async throws {
    var location = location
    if !creating, location.mode == .create { location.mode = .readWrite }
    guard location.exists || location.mode == .create else {
      throw KVError(.unavailable, "no database at \(location.path)", reason: .noDatabase)
    }
    let isReader = !creating || location.mode == .readOnly
    // A log that a reader makes belongs to the reader, and its owner could not write the database any more.
    if isReader, location.obstacle != nil, let immutable = location.immutable { location = immutable }
    do {
      (sessions, inlineReaders, dialect) = try await Self.open(location, creating: creating)
    } catch let error as KVError {
      // Such as a full disk, where a log can be made no more than where that is not allowed.
      guard isReader, [.failed, .unavailable].contains(error.code), let immutable = location.immutable,
        let opened = try? await Self.open(immutable, creating: false)
      else { throw error }
      (location, sessions, inlineReaders, dialect) = (immutable, opened.0, opened.1, opened.2)
    }
    self.location = location
  }

  private static func open(_ location: SQLiteLocation, creating: Bool) async throws
    -> (Sessions, SQLiteInlineReaders?, SQLDialect)
  {
    let writer = SQLiteSession(location)
    let inlineReaders = location.mode == .memory ? nil : SQLiteInlineReaders(location)
    let sessions: Sessions =
      location.mode == .memory
      ? .memory(SessionPool(maximum: 1) { writer }, writer)
      : .file(writer: writer, readers: SQLiteReaders(location))
    // A database that is up to date, as most are, needs no session to open it.
    if try inlineReaders?.with(SQLiteSchema.isCurrent) == true {
      return (sessions, inlineReaders, .sqlite(incomingEdges: SQLiteTables.incoming))
    }
    let isNew = creating || location.mode == .memory
    let incomingEdges = try await writer.with { try SQLiteSchema.prepare($0, creating: isNew) }
    return (sessions, inlineReaders, .sqlite(incomingEdges: incomingEdges))
  }

  public func readInline(_ statement: SQLStatement, row: (any SQLRow) throws -> Void) throws -> Bool {
    try inlineReaders?.with { try $0.runToFirst(statement) { try row($0) } } != nil
  }

  public func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @escaping @Sendable (inout Result, any SQLRow) throws -> Void
  ) async throws -> Result {
    switch sessions {
    case .file(_, let readers): try await readers.with { try await $0.reduce(statement, into: initial, body) }
    // A load that reads has the connection already.
    case .memory(_, let session) where LoadScope.contains(self):
      try await session.reduce(statement, into: initial, body)
    case .memory(let pool, _): try await pool.with { try await $0.reduce(statement, into: initial, body) }
    }
  }

  public func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome] {
    func write(_ session: SQLiteSession) async throws -> [SQLOutcome] {
      try await session.with { connection in
        try connection.transaction { try connection.run(batch: statements) }
      }
    }
    switch sessions {
    case .file(let writer, _): return try await write(writer)
    case .memory(let pool, _): return try await pool.with(write)
    }
  }

  public func beginLoad() async throws -> any SQLLoad {
    switch sessions {
    case .file:
      // Our own connections are others too.
      if location.keepsOthersOutOfFirstLoad { await close() }
      // A connection of its own, so that no other write can slip into the transaction.
      let session = SQLiteSession(location)
      try await session.begin()
      return session
    case .memory(let pool, _):
      let session = await pool.take()
      do {
        try await session.begin()
      } catch {
        await pool.give(session)
        throw error
      }
      return SQLiteMemoryLoad(session: session, pool: pool)
    }
  }

  public func readSnapshot(
    _ queries: [SQLPagedQuery<ArchiveItem>], _ body: @Sendable ([ArchiveItem]) async throws -> Void
  ) async throws {
    func read(_ session: SQLiteSession) async throws {
      try await session.beginReading()
      do {
        try await queries.forEachPage(
          read: { statement, decode in
            try await session.reduce(statement, into: []) { $0.append(try decode($1)) }
          }, body)
        try await session.endReading()
      } catch {
        try? await session.endReading()
        throw error
      }
    }
    switch sessions {
    // A connection of its own: others go on reading what is new.
    case .file: try await read(SQLiteSession(location))
    case .memory(let pool, _): try await pool.with(read)
    }
  }
}

extension SQLiteDriver {
  /// Copies the database as it is at one moment into a file, by SQLite's own backup interface (sqlite.org/backup.html), while others
  /// write.
  /// - Parameters:
  ///   - path: the file's bytes; what it holds is written over.
  ///   - progress: told now and then how many pages of how many are copied.
  /// - Returns: how many pages the database has.
  /// - Throws: a usage error for a database in memory.
  @discardableResult
  public func backUp(to path: [UInt8], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in })
    async throws -> Int
  {
    guard case .file = sessions else {
      throw KVError(.usage, "a database in memory has no file to back up")
    }
    let session = SQLiteSession(location)
    try await session.beginReading()
    return try await session.with { try $0.backUp(to: path, progress: progress) }
  }

  /// Closes the connections to a file; a database in memory has one that stays.
  public func close() async {
    guard case .file(let writer, let readers) = sessions else { return }
    inlineReaders?.closeIdle()
    await writer.close()
    await readers.close()
  }
}

/// Reading sessions, opened when first needed. The first that is free is taken, so that a search comes back to the pages that it
/// has read.
private final class SQLiteReaders: Sendable {
  private let sessions: [SQLiteSession]
  /// How many reads each session has in hand.
  private let uses: Mutex<[Int]>

  init(_ location: SQLiteLocation) {
    sessions = (0..<4).map { _ in SQLiteSession(location) }
    uses = Mutex(Array(repeating: 0, count: sessions.count))
  }

  func close() async { for session in sessions { await session.close() } }

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

/// A load on the only connection there is, which it gives back at its end.
private struct SQLiteMemoryLoad: SQLLoad {
  let session: SQLiteSession
  let pool: SessionPool<SQLiteSession>

  func add(_ records: [SQLNewRecord], created: String) async throws {
    try await session.add(records, created: created)
  }

  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome] {
    try await session.write(statements, keys: keys)
  }

  func write(verbatim statements: [SQLStatement]) async throws {
    try await session.write(verbatim: statements)
  }

  func commit() async throws {
    try await session.commit()
    await pool.give(session)
  }

  func rollback() async -> Int {
    let kept = await session.rollback()
    await pool.give(session)
    return kept
  }
}

/// The store in a SQLite file.
public typealias SQLiteStore = SQLStore<SQLiteDriver>

extension SQLStore where Driver == SQLiteDriver {
  /// Opens a plain path or a `file:` URI; see ``SQLiteLocation``.
  public init(sqlite connection: String, creating: Bool = true) async throws {
    try await self.init(SQLiteLocation(connection), creating: creating)
  }

  /// Opens a database and brings its tables up to date, as ``SQLiteDriver/init(_:creating:)`` does.
  public init(_ location: SQLiteLocation, creating: Bool = true) async throws {
    self.init(try await SQLiteDriver(location, creating: creating))
  }
}

import CPostgres
import Dispatch
import KV
import KVSQL
import Synchronization

/// A connection, opened when it is first needed and again after it was lost, and the thread that it is used on.
actor PostgresSession {
  private let executor = BlockingExecutor(label: "kv.postgres")
  private let location: PostgresLocation
  private let cancellation = PostgresCancellation()
  private(set) var opened: PostgresConnection?
  /// Whether a transaction has begun that ends with its connection: on another one what follows would be by itself.
  private var isInTransaction = false

  init(_ location: PostgresLocation) { self.location = location }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Runs a query, which may be cancelled.
  func read(_ statement: SQLStatement) throws -> PostgresResult {
    let wasOpen = opened != nil
    do {
      return try query(statement)
    } catch let failure as PostgresFailure where failure.isLostConnection && wasOpen {
      return try query(statement)
    }
  }

  private func query(_ statement: SQLStatement) throws -> PostgresResult {
    do {
      return try with { connection in
        cancellation.begin(connection)
        defer { if cancellation.end() { opened = nil } }
        // Whoever was cancelled before there was a query to end.
        try Task.checkCancellation()
        return try connection.run([statement])[0]
      }
    } catch var failure as PostgresFailure {
      failure.outcomeIsUnknown = false
      failure.statement = nil
      throw failure
    }
  }

  /// Ends the query that runs, if one does. The server may be slow to hear of it: no thread waits.
  nonisolated func cancel() {
    let cancellation = cancellation
    DispatchQueue.global().async { cancellation.send() }
  }

  func write(_ statements: [SQLStatement], inTransaction: Bool = false) throws -> [SQLOutcome] {
    try with { try $0.run(statements, inTransaction: inTransaction).map(\.outcome) }
  }

  func execute(_ sql: String) throws { try with { try $0.execute(sql) } }

  /// Begins a transaction of several calls.
  func begin(_ sql: String) throws {
    try execute(sql)
    isInTransaction = true
  }

  /// Commits the transaction that ``begin(_:)`` began.
  func commit() throws {
    defer { isInTransaction = false }
    try with { connection in
      do {
        try connection.execute("commit")
      } catch var failure as PostgresFailure {
        failure.outcomeIsUnknown = failure.isLostConnection
        throw failure
      }
    }
  }

  func copy(_ rows: [UInt8], _ sql: String) throws { try with { try $0.copy(rows, sql) } }

  func close() { opened = nil }

  func with<T>(_ body: (PostgresConnection) throws -> T) throws -> T {
    if let opened, !opened.isAlive { self.opened = nil }
    if opened == nil, isInTransaction { throw PostgresFailure.lostTransaction }
    let connection = try opened ?? PostgresConnection(location)
    opened = connection
    do {
      return try body(connection)
    } catch let failure as PostgresFailure where failure.isLostConnection {
      opened = nil
      throw failure
    }
  }
}

/// How to end a query from another thread.
private final class PostgresCancellation: Sendable {
  /// Proof of sendability: libpq lets any thread use and free such a handle, and a lock guards it.
  private struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private struct State {
    var handle: Handle?
    var wasSent = false
  }

  private let state = Mutex(State())

  func begin(_ connection: PostgresConnection) {
    let handle = PQgetCancel(connection.handle).map { Handle(pointer: $0) }
    state.withLock { $0 = State(handle: handle) }
  }

  /// Whether the query was cancelled: the server may still be about to end whatever the connection does next.
  func end() -> Bool {
    state.withLock { state in
      PQfreeCancel(state.handle?.pointer)
      state.handle = nil
      return state.wasSent
    }
  }

  /// Takes the handle out first: whoever ends the query must not wait for the way to the server.
  func send() {
    let taken = state.withLock { state in
      defer { state.handle = nil }
      state.wasSent = state.handle != nil
      return state.handle
    }
    guard let taken else { return }
    var reason = [CChar](repeating: 0, count: 256)
    PQcancel(taken.pointer, &reason, Int32(reason.count))
    PQfreeCancel(taken.pointer)
  }
}

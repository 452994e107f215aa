import KV
import KVSQL
import Synchronization

/// Connections for reads of a few rows by key, which run where their caller runs: over the write-ahead log they wait for
/// nobody, and take less time than a change of threads. A database that makes them wait all the same is left to a session.
final class SQLiteInlineReaders: Sendable {
  /// Proof of sendability: a connection is either in `idle`, which a lock guards, or in the hands of the one call that
  /// took it out; it holds no thread's own state (SQLite's multi-thread mode).
  private struct Idle: @unchecked Sendable {
    let connection: SQLiteConnection
  }

  private let location: SQLiteLocation
  private let idle = Mutex<[Idle]>([])

  init(_ location: SQLiteLocation) {
    var location = location
    location.busyTimeout = 0
    self.location = location
  }

  func closeIdle() { idle.withLock { $0 = [] } }

  /// `nil` where the database is busy.
  func with<T>(_ body: (SQLiteConnection) throws -> T) throws -> T? {
    do {
      let taken = try idle.withLock { $0.popLast() } ?? Idle(connection: SQLiteConnection(location))
      defer { idle.withLock { $0.append(taken) } }
      return try body(taken.connection)
    } catch let error as KVError where error.code == .unavailable {
      return nil
    }
  }
}

import KV
import KVSQL

/// A connection, and the thread that it is used on.
package actor RqliteSession {
  private let executor = BlockingExecutor(label: "kv.rqlite")
  private let location: RqliteLocation
  private var opened: RqliteConnection?

  package init(_ location: RqliteLocation) { self.location = location }

  nonisolated package var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package func send(
    to url: String, body: [UInt8]?, within time: Duration, unless cancellation: Cancellation
  ) throws -> HTTPReply {
    if cancellation.isSet { throw CancellationError() }
    let connection = try opened ?? RqliteConnection(location)
    opened = connection
    return try connection.send(to: url, body: body, within: time, unless: cancellation)
  }
}

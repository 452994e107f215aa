import CPostgres
import Dispatch
import KV
import KVSQL
import Logging

/// A connection of its own that listens for what the triggers of ``PostgresSchema`` notify.
///
/// Notifications are counted, so that whoever asks with an older cursor need not wait. Where the server cannot be reached, or a pool
/// that shares its sessions stands before it, there are none, and a wait takes its time.
actor PostgresListener {
  private let session: PostgresSession
  private let logger: Logger
  private var source: (any DispatchSourceRead)?
  private var counts: [SQLChannel: Int] = [:]
  private var waiting: [Int: Waiter] = [:]
  private var nextWaiter = 0

  private struct Waiter {
    var table: SQLChannel
    var continuation: CheckedContinuation<Void, Never>
    var timer: Task<Void, Never>
  }

  init(_ location: PostgresLocation, logger: Logger) {
    session = PostgresSession(location)
    self.logger = logger
  }

  func wait(for table: SQLChannel, since cursor: NotificationCursor, atMost time: Duration) async throws
    -> NotificationCursor
  {
    let deadline = ContinuousClock.now + time
    await listen()
    if counts[table, default: 0] == cursor.count {
      let id = nextWaiter
      nextWaiter += 1
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let timer = Task {
            try? await Task.sleep(until: deadline)
            resume(id)
          }
          waiting[id] = Waiter(table: table, continuation: continuation, timer: timer)
          if Task.isCancelled { resume(id) }
        }
      } onCancel: {
        Task { await self.resume(id) }
      }
      try Task.checkCancellation()
    }
    return NotificationCursor(count: counts[table, default: 0])
  }

  func close() async { await stopListening() }

  private func resume(_ id: Int) {
    guard let waiter = waiting.removeValue(forKey: id) else { return }
    waiter.timer.cancel()
    waiter.continuation.resume()
  }

  private func listen() async {
    guard source == nil else { return }
    do {
      guard let socket = try await session.listen(to: SQLChannel.allCases.map(\.channel)) else { return }
      let source = DispatchSource.makeReadSource(fileDescriptor: socket)
      source.setEventHandler { [weak self] in Task { await self?.takeNotifications() } }
      source.activate()
      self.source = source
      // What happened before is news to whoever has not waited yet.
      for table in SQLChannel.allCases { counts[table, default: 0] += 1 }
    } catch {
      // Tried again at the next wait.
      logger.warning(
        "cannot listen for notifications; waits take their time", metadata: ["error": "\(error)"])
    }
  }

  /// The socket is closed after nobody watches it any more, for its number may soon be another file's.
  private func stopListening() async {
    guard let source, !source.isCancelled else { return }
    await withCheckedContinuation { continuation in
      source.setCancelHandler { continuation.resume() }
      source.cancel()
    }
    await session.close()
    self.source = nil
  }

  private func takeNotifications() async {
    guard let source, !source.isCancelled else { return }
    guard let channels = await session.notifications() else {
      logger.warning("the connection that listens for notifications is lost; the next wait opens another")
      await stopListening()
      return
    }
    for table in SQLChannel.allCases where channels.contains(table.channel) {
      counts[table, default: 0] += 1
      for (id, waiter) in waiting where waiter.table == table { resume(id) }
    }
  }
}

extension SQLChannel {
  var channel: String { "kv_\(rawValue)" }
}

extension PostgresSession {
  /// - Returns: the socket that becomes readable with news; `nil` where the session would not stay ours.
  fileprivate func listen(to channels: [String]) throws -> Int32? {
    try with { connection in
      if connection.isPooled { return nil }
      try connection.execute(channels.map { "listen \($0)" }.joined(separator: "; "))
      return PQsocket(connection.handle)
    }
  }

  /// The channels that have news, without waiting; `nil` where the connection is lost.
  fileprivate func notifications() -> Set<String>? {
    guard let opened, opened.isAlive else { return nil }
    return Set(opened.channels())
  }
}

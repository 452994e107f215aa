/// A bounded number of sessions with a server, each used by one task at a time. The last one used is used next, so that
/// few stay open.
package actor SessionPool<Session: Sendable> {
  private let maximum: Int
  private let make: @Sendable () -> Session
  private var idle: [Session] = []
  private var count = 0
  private var waiting: [CheckedContinuation<Session, Never>] = []

  /// An empty pool.
  ///
  /// - Parameters:
  ///   - maximum: how many sessions there are at most.
  ///   - make: makes a session; called when one is wanted and none is idle.
  package init(maximum: Int, make: @escaping @Sendable () -> Session) {
    self.maximum = maximum
    self.make = make
  }

  /// Runs `body` with a session that nobody else uses meanwhile, and throws what it throws.
  ///
  /// Where all sessions are in use it waits for its turn, first come, first served; cancelling the task does not end that wait.
  nonisolated package func with<T: Sendable>(
    _ body: (Session) async throws -> T
  ) async throws -> T {
    let session = await take()
    do {
      let result = try await body(session)
      await give(session)
      return result
    } catch {
      await give(session)
      throw error
    }
  }

  package func take() async -> Session {
    if let session = idle.popLast() { return session }
    if count < maximum {
      count += 1
      return make()
    }
    return await withCheckedContinuation { waiting.append($0) }
  }

  package func give(_ session: Session) {
    waiting.isEmpty ? idle.append(session) : waiting.removeFirst().resume(returning: session)
  }

  /// Gives up the sessions that nobody is using, which close with their last reference.
  package func closeIdle() {
    count -= idle.count
    idle = []
  }
}

import Synchronization

/// Gathers the requests of one process that wait at the same time, so that they can be answered together.
final class RequestCoalescer<Request: Sendable, Response: Sendable>: Sendable {
  struct Waiting: Sendable {
    var request: Request
    var continuation: CheckedContinuation<Response, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var isRunning = false
  }

  private let state = Mutex(State())
  private let fitting: @Sendable ([Waiting]) -> Int
  private let alone: @Sendable (Request) async throws -> Response
  private let together: @Sendable ([Waiting]) async -> Void

  /// - Parameters:
  ///   - fitting: how many of those that wait, from the first, go together: at least one.
  ///   - alone: answers one request.
  ///   - together: answers requests by resuming each continuation once.
  init(
    fitting: @escaping @Sendable ([Waiting]) -> Int,
    alone: @escaping @Sendable (Request) async throws -> Response,
    together: @escaping @Sendable ([Waiting]) async -> Void
  ) {
    self.fitting = fitting
    self.alone = alone
    self.together = together
  }

  func answer(_ request: Request) async throws -> Response {
    // Whoever finds nothing running need not wait for another task to do it.
    let isAlone = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isAlone else { return try await wait(with: request) }
    defer { runWaiting() }
    return try await alone(request)
  }

  private func wait(with request: Request) async throws -> Response {
    try await withCheckedThrowingContinuation { continuation in
      let isAlone = state.withLock { state in
        state.waiting.append(Waiting(request: request, continuation: continuation))
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if isAlone { runWaiting() }
    }
  }

  /// Runs what has come to wait, in a task of its own; without any the next request is alone again.
  private func runWaiting() {
    guard let requests = next() else { return }
    Task {
      await together(requests)
      runWaiting()
    }
  }

  private func next() -> [Waiting]? {
    state.withLock { state in
      if state.waiting.isEmpty {
        state.isRunning = false
        return nil
      }
      let count = fitting(state.waiting)
      defer { state.waiting.removeFirst(count) }
      return Array(state.waiting.prefix(count))
    }
  }
}

/// A bounded number of sessions, each used by one task at a time. The last one used is used next, so that few stay open.
actor PostgresPool {
  static let maximum = 8

  private let location: PostgresLocation
  private var idle: [PostgresSession] = []
  private var count = 0
  private var waiting: [CheckedContinuation<PostgresSession, Never>] = []

  init(_ location: PostgresLocation) { self.location = location }

  nonisolated func with<T: Sendable>(
    _ body: (PostgresSession) async throws -> T
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

  private func take() async -> PostgresSession {
    if let session = idle.popLast() { return session }
    if count < Self.maximum {
      count += 1
      return PostgresSession(location)
    }
    return await withCheckedContinuation { waiting.append($0) }
  }

  private func give(_ session: PostgresSession) {
    waiting.isEmpty ? idle.append(session) : waiting.removeFirst().resume(returning: session)
  }
}

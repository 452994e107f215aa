import KV
import Synchronization

/// Lets the writes of one process that wait at the same time share a transaction, and so a commit.
///
/// Each is still all or nothing with a result of its own: where the database refuses a statement, the writes before it
/// and those after it are run again without the one it belongs to, which is run by itself.
final class SharedCommits: Sendable {
  typealias Statements = [SQLStatement]
  typealias Outcomes = [SQLOutcome]

  private struct Write: Sendable {
    var statements: Statements
    var continuation: CheckedContinuation<Outcomes, any Error>
  }

  private struct State {
    var waiting: [Write] = []
    var isRunning = false
  }

  /// A transaction that grew without end would keep other processes waiting.
  private static let maximumStatements = 1000

  private let state = Mutex(State())
  private let run: @Sendable (Statements) async throws -> Outcomes

  init(run: @escaping @Sendable (Statements) async throws -> Outcomes) { self.run = run }

  func write(_ statements: Statements) async throws -> Outcomes {
    // Whoever finds nothing running need not wait for another task to write for it.
    let isAlone = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isAlone else { return try await wait(with: statements) }
    defer { runWaiting() }
    return try await run(statements)
  }

  private func wait(with statements: Statements) async throws -> Outcomes {
    try await withCheckedThrowingContinuation { continuation in
      let isAlone = state.withLock { state in
        state.waiting.append(Write(statements: statements, continuation: continuation))
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if isAlone { runWaiting() }
    }
  }

  /// Runs what has come to wait, in a task of its own; without any the next write is alone again.
  private func runWaiting() {
    guard let writes = next() else { return }
    Task {
      await run(writes[...])
      runWaiting()
    }
  }

  /// What waits now, as far as it fits a transaction; `nil` where nothing does.
  private func next() -> [Write]? {
    state.withLock { state in
      var count = 0
      var statements = 0
      for write in state.waiting {
        statements += write.statements.count
        if count > 0, statements > Self.maximumStatements { break }
        count += 1
      }
      if count == 0 { state.isRunning = false }
      defer { state.waiting.removeFirst(count) }
      return count == 0 ? nil : Array(state.waiting.prefix(count))
    }
  }

  private func run(_ writes: ArraySlice<Write>) async {
    guard let first = writes.first else { return }
    do {
      var outcomes = try await run(writes.flatMap(\.statements))[...]
      for write in writes {
        write.continuation.resume(returning: Array(outcomes.prefix(write.statements.count)))
        outcomes = outcomes.dropFirst(write.statements.count)
      }
    } catch let refusal as SQLRefusal where writes.count > 1 {
      var end = 0
      let refused =
        writes.firstIndex { write in
          end += write.statements.count
          return refusal.statement < end
        } ?? writes.startIndex
      await run(writes[..<refused])
      await run(writes[refused...refused])
      await run(writes[(refused + 1)...])
    } catch {
      if writes.count == 1 { return first.continuation.resume(throwing: error) }
      for write in writes { write.continuation.resume(throwing: error) }
    }
  }
}

import KV
import Synchronization

/// Lets the tasks of one process that wait for one record each ask for them together.
final class SharedReads: Sendable {
  private struct Read: Sendable {
    var key: String
    var continuation: CheckedContinuation<Record?, any Error>
  }

  private struct State {
    var waiting: [Read] = []
    var isRunning = false
  }

  private static let maximum = 1000

  private let state = Mutex(State())
  private let records: @Sendable ([String]) async throws -> [Record]

  init(records: @escaping @Sendable ([String]) async throws -> [Record]) { self.records = records }

  func record(_ key: String) async throws -> Record? {
    // Whoever finds nothing running need not wait for another task to read for it.
    let isAlone = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isAlone else { return try await wait(for: key) }
    defer { runWaiting() }
    return try await records([key]).first
  }

  private func wait(for key: String) async throws -> Record? {
    try await withCheckedThrowingContinuation { continuation in
      let isAlone = state.withLock { state in
        state.waiting.append(Read(key: key, continuation: continuation))
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if isAlone { runWaiting() }
    }
  }

  private func runWaiting() {
    guard let reads = next() else { return }
    Task {
      await run(reads)
      runWaiting()
    }
  }

  private func run(_ reads: [Read]) async {
    do {
      let records = try await records(reads.map(\.key))
      // By their bytes: Swift takes keys that Unicode calls equivalent for equal.
      let found = Dictionary(records.map { (Array($0.key.utf8), $0) }) { first, _ in first }
      for read in reads { read.continuation.resume(returning: found[Array(read.key.utf8)]) }
    } catch {
      for read in reads { read.continuation.resume(throwing: error) }
    }
  }

  private func next() -> [Read]? {
    state.withLock { state in
      let reads = Array(state.waiting.prefix(Self.maximum))
      state.waiting.removeFirst(reads.count)
      if reads.isEmpty { state.isRunning = false }
      return reads.isEmpty ? nil : reads
    }
  }
}

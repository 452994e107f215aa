import KV
import Synchronization
import TestSupport
import Testing

/// Running tasks (SPEC 7).
@Suite(.timeLimit(.minutes(60))) struct TaskRunnerTests {
  struct Broken: Error, CustomStringConvertible {
    let description = "broken"
  }

  /// What happened, from many tasks at once.
  final class Log: Sendable {
    private let state = Mutex<[String]>([])
    var lines: [String] { state.withLock { $0 } }
    func add(_ line: String) { state.withLock { $0.append(line) } }
  }

  @Test(arguments: TestBackend.all)
  func whatIsDueIsRunInOrder(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let log = Log()
    var runner = TaskRunner(store, id: "r")
    runner.handlers["note"] = { log.add($0.payload) }
    runner.handlers["break"] = { _ in throw Broken() }
    for number in 0..<3 { _ = try await store.schedule(NewTask("note", payload: "\(number)")) }
    let broken = try await store.schedule(NewTask("break", maxRetries: 0))
    let unknown = try await store.schedule(NewTask("unknown"))
    let later = try await store.schedule(NewTask("note", due: .at(Timestamp(seconds: 4_000_000_000))))
    try await runner.runDue()
    #expect(log.lines == ["0", "1", "2"])
    #expect(try await store.task(broken)?.status == .failed)
    #expect(try await store.task(broken)?.lastError == "broken")
    #expect(try await store.task(unknown)?.status == .pending)
    #expect(try await store.task(later)?.status == .pending)
  }

  @Test("retries wait longer and longer, up to an hour", arguments: TestBackend.all)
  func retries(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    var runner = TaskRunner(store, id: "r")
    runner.handlers["break"] = { _ in throw Broken() }
    let id = try await store.schedule(NewTask("break", maxRetries: 8))
    for expected in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
      let elapsed = try await ContinuousClock().measure { try await runner.runDue() }
      let task = try #require(try await store.task(id))
      let delay = task.scheduledFor.seconds - (task.started?.seconds ?? 0)
      // Counted from the attempt's end, on a machine that may be busy.
      #expect((expected - 1...expected + 1 + Int(elapsed.components.seconds)).contains(delay))
      try await database.makeTasksDue()
    }
    try await runner.runDue()
    let ended = try #require(try await store.task(id))
    #expect(ended.status == .failed && ended.retryCount == 8)
  }

  @Test("a handler that outlives its timeout is cancelled, and has failed", arguments: TestBackend.all)
  func timeout(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let log = Log()
    var runner = TaskRunner(store, id: "r")
    runner.handlers["slow"] = { _ in
      do {
        try await Task.sleep(for: .seconds(600))
      } catch {
        log.add("cancelled")
        throw error
      }
    }
    let id = try await store.schedule(NewTask("slow", timeout: 1))
    try await runner.runDue()
    #expect(log.lines == ["cancelled"])
    let task = try #require(try await store.task(id))
    #expect(task.status == .pending && task.lastError == "timed out after 1 s" && task.retryCount == 1)
  }

  @Test(
    "the lease of a long handler is extended; a cancelled task's handler is cancelled",
    arguments: TestBackend.all)
  func longHandlers(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let log = Log()
    let (begun, begin) = AsyncStream.makeStream(of: Timestamp?.self)
    var configured = TaskRunner(store, id: "r")
    configured.lease = .seconds(30)
    configured.report = { if case .lost = $0 { log.add("lost") } }
    configured.handlers["slow"] = { task in
      begin.yield(task.lockExpires)
      do {
        try await Task.sleep(for: .seconds(600))
      } catch {
        log.add("cancelled")
        throw error
      }
    }
    let id = try await store.schedule(NewTask("slow"))
    let runner = configured
    let running = Task { try await runner.runDue() }
    let leased = try #require(await begun.first { _ in true } ?? nil)
    // Extended beyond the first lease: until then nothing else could have been seen.
    try await waitUntil { try await store.task(id)?.lockExpires ?? leased > leased }
    #expect(try await store.leaseTask(runner: "thief", names: ["slow"], lease: .seconds(1)) == nil)
    try await store.cancelTask(id)
    try await running.value
    #expect(log.lines == ["cancelled", "lost"] || log.lines == ["lost", "cancelled"])
    #expect(try await store.task(id)?.status == .cancelled)
  }

  @Test(
    "several at once where asked for; a stop waits for those in hand and begins no other",
    arguments: TestBackend.all)
  func concurrencyAndStop(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let gate = Gate()
    var configured = TaskRunner(store, id: "r")
    configured.concurrency = 3
    configured.pollInterval = .milliseconds(20)
    configured.handlers["wait"] = { _ in
      begin.yield()
      await gate.wait()
    }
    for _ in 0..<5 { _ = try await store.schedule(NewTask("wait")) }
    let runner = configured
    let running = Task { try await runner.run() }
    var count = 0
    for await _ in begun {
      count += 1
      if count == 3 { break }
    }
    running.cancel()
    await gate.open()
    try await running.value
    #expect(try await store.tasks(status: .completed, name: nil, offset: 0, limit: nil).count == 3)
    #expect(try await store.tasks(status: .pending, name: nil, offset: 0, limit: nil).count == 2)
  }

  @Test("a runner that waits finds what is scheduled meanwhile", arguments: TestBackend.all)
  func polling(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let (done, finish) = AsyncStream.makeStream(of: String.self)
    var configured = TaskRunner(store, id: "r")
    configured.pollInterval = .milliseconds(20)
    configured.handlers["t"] = { finish.yield($0.payload) }
    let runner = configured
    let running = Task { try await runner.run() }
    for number in 0..<3 {
      _ = try await store.schedule(NewTask("t", payload: "\(number)"))
      #expect(await done.first { _ in true } == "\(number)")
    }
    running.cancel()
    try await running.value
  }
}

/// Opened once, for all who wait.
private actor Gate {
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func wait() async {
    if !isOpen { await withCheckedContinuation { waiting.append($0) } }
  }

  func open() {
    isOpen = true
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}

import KV
import TestSupport
import Testing

/// Tasks as the database keeps them (SPEC 7).
@Suite(.timeLimit(.minutes(60))) struct SchedulerTests {
  @Test(arguments: TestBackend.all)
  func aTaskIsKept(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let payload = "{\"a\": [1.0, \"'\"]}\n é"
    let id = try await store.schedule(NewTask("mail", payload: payload, maxRetries: 7, timeout: 9))
    let task = try #require(try await store.task(id))
    #expect(task.id == id && task.name == "mail" && task.payload == payload && task.status == .pending)
    #expect(task.maxRetries == 7 && task.timeout == 9 && task.retryCount == 0 && task.runner.isEmpty)
    #expect(task.created == task.scheduledFor && task.started == nil && task.completed == nil)
    let later = Timestamp(seconds: 4_000_000_000)
    let second = try await store.schedule(NewTask("mail", due: .at(later)))
    let third = try await store.schedule(NewTask("other"))
    #expect(try await store.task(second)?.scheduledFor == later)
    let last = try await store.schedule(
      NewTask("last", due: .at(Timestamp(seconds: 253_402_300_799, nanoseconds: 999_999_999))))
    let kept = try #require(try await store.task(last)?.scheduledFor)
    #expect(kept.seconds == 253_402_300_799 && kept.nanoseconds >= 999_999_000)
    try await store.deleteTask(last)
    let delayed = try await store.schedule(NewTask("delayed", due: .after(.milliseconds(90_500))))
    let delay = try #require(try await store.task(delayed))
    let nanoseconds =
      (delay.scheduledFor.seconds - delay.created.seconds) * 1_000_000_000
      + delay.scheduledFor.nanoseconds - delay.created.nanoseconds
    #expect(nanoseconds == 90_500_000_000)
    try await store.deleteTask(delayed)
    #expect(
      try await store.tasks(status: nil, name: nil, offset: 0, limit: nil).map(\.id) == [id, second, third])
    #expect(try await store.tasks(status: nil, name: "mail", offset: 1, limit: 5).map(\.id) == [second])
    #expect(try await store.tasks(status: .completed, name: nil, offset: 0, limit: nil).isEmpty)
    #expect(try await store.tasks(status: .pending, name: "other", offset: 0, limit: 1).map(\.id) == [third])
    #expect(try await store.task("none") == nil)
    await expectError(.usage) { try await store.schedule(NewTask("")) }
    await expectError(.usage) { try await store.schedule(NewTask("x", maxRetries: -1)) }
    await expectError(.usage) { try await store.schedule(NewTask("x", timeout: 0)) }
    await expectError(.invalidData) { try await store.schedule(NewTask("x", payload: "\0")) }
  }

  private func lease(_ store: any Database, _ runner: String = "r", _ names: [String] = ["t"]) async throws
    -> ScheduledTask?
  {
    try await store.leaseTask(runner: runner, names: names, lease: .seconds(3600))
  }

  @Test(
    "tasks are leased in the order in which they are due, whatever form their times have",
    arguments: TestBackend.all)
  func dueOrder(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    var ids: [String] = []
    for _ in 0..<5 { ids.append(try await store.schedule(NewTask("t"))) }
    let times = [
      "2020-01-01T00:00:01Z", "2020-01-01T00:00:00.5Z", "2019-12-31T23:00:00-02:00", "2020-01-01T00:00:00Z",
      "2999-01-01T00:00:00Z",
    ]
    for (id, time) in zip(ids, times) {
      try await database.query("update tasks set scheduled_for = '\(time)' where id = '\(id)'")
    }
    let unnamed = try await store.schedule(NewTask("other"))
    var leased: [String] = []
    while let task = try await lease(store) { leased.append(task.id) }
    #expect(leased == [ids[3], ids[1], ids[0], ids[2]])
    #expect(try await lease(store, "r", []) == nil)
    #expect(try await lease(store, "r", ["none", "other"])?.id == unnamed)
  }

  @Test(arguments: TestBackend.all)
  func aClaimEnds(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    let id = try await store.schedule(NewTask("t", maxRetries: 1))
    let first = try #require(try await lease(store))
    #expect(
      first.status == .running && first.runner == "r" && first.started != nil && first.lockExpires != nil)
    #expect(try await lease(store, "other") == nil)
    let before = Timestamp.now().seconds
    try await store.endLease(of: first, .failed("no\0good"))
    let after = Timestamp.now().seconds
    let failed = try #require(try await store.task(id))
    #expect(failed.status == .pending && failed.lastError == "no\u{FFFD}good" && failed.retryCount == 1)
    #expect((before + 59...after + 61).contains(failed.scheduledFor.seconds) && failed.runner.isEmpty)
    #expect(try await lease(store) == nil)
    try await database.makeTasksDue()
    let second = try #require(try await lease(store))
    await expectError(.conflict) { try await store.endLease(of: first, .completed) }
    try await store.endLease(of: second, .failed("again"))
    let ended = try #require(try await store.task(id))
    #expect(
      ended.status == .failed && ended.lastError == "again" && ended.completed != nil && ended.retryCount == 1
    )
    let other = try await store.schedule(NewTask("t"))
    let third = try #require(try await lease(store))
    try await store.extendLease(of: third, lease: .seconds(6000))
    let extended = try #require(try await store.task(other)?.lockExpires)
    #expect(extended > (try #require(third.lockExpires)))
    try await store.endLease(of: third, .completed)
    let done = try #require(try await store.task(other))
    #expect(done.status == .completed && done.completed != nil && done.runner.isEmpty)
    await expectError(.conflict) { try await store.extendLease(of: third, lease: .seconds(60)) }
  }

  @Test("a dead runner's task is taken back when its lease has run out", arguments: TestBackend.all)
  func deadRunner(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    let id = try await store.schedule(NewTask("t", maxRetries: 1))
    let first = try #require(try await lease(store, "dead"))
    #expect(try await lease(store, "next") == nil)
    try await database.expireTaskLeases()
    let second = try #require(try await lease(store, "next"))
    #expect(second.id == id && second.runner == "next" && second.retryCount == 1)
    #expect(second.lastError.contains("dead"))
    await expectError(.conflict) { try await store.endLease(of: first, .completed) }
    await expectError(.conflict) { try await store.extendLease(of: first, lease: .seconds(1)) }
    #expect(try await store.task(id)?.status == .running)
    // It is not taken back for ever: the retries end.
    try await database.expireTaskLeases()
    #expect(try await lease(store, "next") == nil)
    #expect(try await store.task(id)?.status == .failed)
  }

  @Test("a runner that leases its own task again has another lease", arguments: TestBackend.all)
  func sameRunner(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    _ = try await store.schedule(NewTask("t"))
    let first = try #require(try await lease(store))
    try await database.expireTaskLeases()
    let second = try #require(try await lease(store))
    await expectError(.conflict) { try await store.endLease(of: first, .completed) }
    try await store.endLease(of: second, .completed)
  }

  @Test(arguments: TestBackend.all)
  func aCancelledTaskStaysCancelled(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    let pending = try await store.schedule(NewTask("t"))
    try await store.cancelTask(pending)
    #expect(try await lease(store) == nil)
    let running = try await store.schedule(NewTask("t"))
    let task = try #require(try await lease(store))
    try await store.cancelTask(running)
    await expectError(.conflict) { try await store.extendLease(of: task, lease: .seconds(60)) }
    for outcome: TaskOutcome in [.completed, .failed("x")] {
      await expectError(.conflict) { try await store.endLease(of: task, outcome) }
    }
    try await database.expireTaskLeases()
    #expect(try await lease(store) == nil)
    #expect(try await store.task(running)?.status == .cancelled)
    try await store.cancelTask(running)
    await expectError(.notFound) { try await store.cancelTask("none") }
    _ = try await store.schedule(NewTask("t"))
    let done = try #require(try await lease(store))
    try await store.endLease(of: done, .completed)
    await expectError(.conflict) { try await store.cancelTask(done.id) }
  }

  @Test("many runners lease many tasks: each once", arguments: TestBackend.all)
  func race(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let stores = [try await database.open(), try await database.open()]
    for _ in 0..<60 { _ = try await stores[0].schedule(NewTask("t")) }
    let leases = try await withThrowingTaskGroup(of: [String].self) { group in
      for runner in 0..<8 {
        group.addTask {
          var ids: [String] = []
          while let task = try await lease(stores[runner % 2], "r\(runner)") {
            ids.append(task.id)
            try await stores[runner % 2].endLease(of: task, .completed)
          }
          return ids
        }
      }
      return try await group.reduce([]) { $0 + $1 }
    }
    #expect(leases.count == 60 && Set(leases).count == 60)
    #expect(try await stores[0].tasks(status: .completed, name: nil, offset: 0, limit: nil).count == 60)
  }

  @Test("a task that failed for good, or was cancelled, gets one attempt more", arguments: TestBackend.all)
  func retry(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let id = try await store.schedule(NewTask("t", maxRetries: 1))
    await expectError(.conflict) { try await store.retryTask(id) }
    await expectError(.notFound) { try await store.retryTask("none") }
    try await store.cancelTask(id)
    try await store.retryTask(id)
    for attempt in 0..<2 {
      let task = try #require(try await lease(store))
      #expect(task.id == id && task.retryCount == attempt + 1 && task.maxRetries >= task.retryCount)
      await expectError(.conflict) { try await store.retryTask(id) }
      await expectError(.conflict) { try await store.deleteTask(id) }
      try await store.endLease(of: task, .failed("no"))
      #expect(try await store.task(id)?.status == .failed)
      try await store.retryTask(id)
    }
    let task = try #require(try await lease(store))
    try await store.endLease(of: task, .completed)
    await expectError(.conflict) { try await store.retryTask(id) }
    try await store.deleteTask(id)
    await expectError(.notFound) { try await store.deleteTask(id) }
  }

  @Test("tasks that have ended are purged by state and age", arguments: TestBackend.all)
  func purge(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    var ids: [String] = []
    for _ in 0..<4 { ids.append(try await store.schedule(NewTask("t", maxRetries: 0))) }
    try await store.endLease(of: try #require(try await lease(store)), .completed)
    try await store.endLease(of: try #require(try await lease(store)), .failed("no"))
    let pending = try await store.tasks(status: .pending, name: nil, offset: 0, limit: nil)
    try await store.cancelTask(pending[0].id)
    let all: [ScheduledTask.Status] = [.completed, .failed, .cancelled]
    #expect(try await store.purgeTasks(all, endedFor: .seconds(3600)) == 0)
    // Before what will be now in an hour.
    #expect(try await store.purgeTasks([.failed], endedFor: .seconds(-3600)) == 1)
    #expect(try await store.purgeTasks(all, endedFor: nil) == 2)
    await expectError(.usage) { _ = try await store.purgeTasks([.running], endedFor: nil) }
    let left = try await store.tasks(status: nil, name: nil, offset: 0, limit: nil)
    #expect(left.map(\.id) == [pending[1].id])
    let id = left[0].id
    #expect(try await store.taskIDs(beginningWith: String(id.prefix(8))) == [id])
    #expect(try await store.taskIDs(beginningWith: "x%").isEmpty)
    _ = try await store.schedule(NewTask("t"))
    #expect(try await store.taskIDs(beginningWith: "").count == 2)
  }
}

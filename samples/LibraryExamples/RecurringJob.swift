import KV

/// A job that recurs: each run schedules the next, and a lock sees to it that only one process begins the series.
func runNightly(in database: some Store & Scheduler) async throws {
  @Sendable func scheduleNext(after time: Timestamp) async throws {
    let tomorrow = Timestamp(seconds: time.seconds + 24 * 3600)
    _ = try await database.schedule(NewTask("nightly", due: .at(tomorrow)))
  }

  for process in ["first", "second"] {
    guard try await database.acquireLease("nightly", holder: process, duration: .seconds(600)) != nil else {
      print("the \(process) process leaves the series to the one that holds the lock")
      continue
    }
    _ = try await database.schedule(NewTask("nightly"))
  }

  var runner = TaskRunner(database, id: "example")
  runner.handlers["nightly"] = { task in
    print("cleaning up")
    try await scheduleNext(after: task.scheduledFor)
  }
  try await runner.runDue()
  let pending = try await database.tasks(status: .pending, name: "nightly", offset: 0, limit: nil)
  print("runs to come: \(pending.count)")
}

import KV

struct Unreachable: Error, CustomStringConvertible {
  var description = "the host does not answer"
}

/// A runner with two handlers, one of which fails: its task is to be tried again in a minute.
func runTasks(of database: some Store & Scheduler) async throws {
  _ = try await database.schedule(NewTask("greet", payload: "Ann"))
  let ping = try await database.schedule(NewTask("ping", payload: "host-1"))

  var runner = TaskRunner(database, id: "example")
  runner.handlers["greet"] = { task in print("Hello, \(task.payload)!") }
  runner.handlers["ping"] = { _ in throw Unreachable() }
  try await runner.runDue()

  guard let task = try await database.task(ping) else { return }
  print("ping is \(task.status) after \(task.retryCount) failure: \(task.lastError)")
}

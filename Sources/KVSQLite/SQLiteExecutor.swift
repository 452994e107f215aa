import Dispatch

/// Runs an actor on a thread outside Swift's cooperative pool, where SQLite may block.
final class SQLiteExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "kv.sqlite")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}

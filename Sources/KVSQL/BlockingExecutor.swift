import Dispatch

/// Runs an actor on a thread outside Swift's cooperative pool, where a C library may block.
package final class BlockingExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// An executor with a serial queue of its own: its jobs run one at a time.
  ///
  /// - Parameter label: the queue's name, as debuggers show it.
  package init(label: String) { queue = DispatchQueue(label: label) }

  /// Runs the job on the queue, after those before it.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}

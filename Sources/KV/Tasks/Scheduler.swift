/// Tasks that are kept until a runner has run them. All times are the database's.
///
/// A runner has a task by a lease, until that runs out, and extends it while the handler runs. A task
/// whose lease has run out goes to the next runner that asks, and the attempt counts as one that failed.
public protocol Scheduler: Sendable {
  /// Keeps a task and returns its id.
  func schedule(_ task: NewTask) async throws -> String

  /// The task with an id, or `nil` where there is none.
  func task(_ id: String) async throws -> ScheduledTask?

  /// Tasks in the order of their creation.
  func tasks(status: ScheduledTask.Status?, name: String?, offset: Int, limit: Int?) async throws
    -> [ScheduledTask]

  /// Cancels a task that has not ended. One that runs is not run again; its handler is told when its lease is next
  /// extended. Throws not found, or a conflict where the task has completed or failed.
  func cancelTask(_ id: String) async throws

  /// Gives a task that has failed for good, or was cancelled, one attempt more, due now. Throws not found, or a conflict where the task
  /// is in another state.
  func retryTask(_ id: String) async throws

  /// Deletes a task. Throws not found, or a conflict where a runner has it.
  func deleteTask(_ id: String) async throws

  /// Deletes tasks that have ended, and returns how many there were.
  /// - Parameter statuses: only tasks in one of these states, of which `pending` and `running` are none.
  /// - Parameter age: only tasks that ended longer ago than this; `nil` for any time.
  func purgeTasks(_ statuses: [ScheduledTask.Status], endedFor age: Duration?) async throws -> Int

  /// The ids that begin so, in order, at most two: whether the beginning is one task's. Cost: a read of all ids.
  func taskIDs(beginningWith beginning: String) async throws -> [String]

  /// Gives the runner the task that has been due for longest, or `nil` where none is due.
  /// - Parameter lease: how long the runner has the task, unless it extends the lease.
  /// - Parameter runner: who runs it; two that run at once need different names.
  /// - Parameter names: only tasks of these names.
  func leaseTask(runner: String, names: [String], lease: Duration) async throws -> ScheduledTask?

  /// Extends a runner's lease of a task. Throws a conflict where it was lost: the task was cancelled, or the lease ran out and another followed.
  func extendLease(of task: ScheduledTask, lease: Duration) async throws

  /// Ends a runner's lease of a task. A failure is tried again while retries are left, after 60 s, 120 s, 240 s … up to an
  /// hour. Throws a conflict where the lease was lost; the task then stays as it is.
  func endLease(of task: ScheduledTask, _ outcome: TaskOutcome) async throws

  /// Returns when tasks may have become due, or after the time given.
  /// - Parameter time: how long to wait at most.
  /// - Parameter cursor: as in ``ChangeStreaming/waitForChanges(since:atMost:)``.
  func waitForTasks(since cursor: NotificationCursor, atMost time: Duration) async throws
    -> NotificationCursor
}

/// What became of an attempt.
public enum TaskOutcome: Sendable, Equatable {
  /// The handler returned: the task is done.
  case completed
  /// The handler threw, or its time was up; the text becomes ``ScheduledTask/lastError``.
  case failed(String)
}

/// How long the next attempt waits after one that failed: 60 s, 120 s, 240 s … up to an hour.
package func retryDelay(afterRetries count: Int) -> Duration {
  .seconds(min(3600, 60 << min(max(count, 0), 6)))
}

/// A task to be scheduled.
public struct NewTask: Sendable, Equatable {
  /// Which handler it is for; not empty, without NUL.
  public var name: String
  /// What the handler is given: any text without NUL, JSON by custom.
  public var payload: String
  /// When the task is due.
  public var due: Due
  /// How often it is tried again after a failure: from 0 to 2,147,483,647.
  public var maxRetries: Int
  /// How long an attempt may take, in seconds: from 1 to 2,147,483,647.
  public var timeout: Int

  /// A time, as the database's clock has it.
  public enum Due: Sendable, Equatable {
    /// When the task is kept.
    case now
    /// At a point in time.
    case at(Timestamp)
    /// So long after the task is kept: at least 0, up to some 3,000 years.
    case after(Duration)
  }

  /// A task of these parts; ``Scheduler/schedule(_:)`` checks them.
  public init(
    _ name: String, payload: String = "", due: Due = .now, maxRetries: Int = 3, timeout: Int = 300
  ) {
    self.name = name
    self.payload = payload
    self.due = due
    self.maxRetries = maxRetries
    self.timeout = timeout
  }

  /// Checks that every database can hold the task. Throws a usage error for its name, time, retries or timeout, and invalid data for
  /// a payload with a NUL.
  public func validate() throws {
    if name.isEmpty { throw KVError(.usage, "the task's name is empty") }
    if name.utf8.contains(0) { throw KVError(.usage, "the task's name contains a NUL character") }
    switch due {
    case .now: break
    case .at(let time):
      if !time.isWritable { throw KVError(.usage, "a task is due in one of the years 0 to 9999") }
    case .after(let delay):
      if delay < .zero { throw KVError(.usage, "a task is due after a time of at least 0") }
    }
    if payload.utf8.contains(0) {
      throw KVError(
        .invalidData, "the task's payload contains a NUL character, which not every database can hold")
    }
    // The columns are 32 bits wide in PostgreSQL.
    if !(0...Int(Int32.max)).contains(maxRetries) {
      throw KVError(.usage, "\(maxRetries) retries: expected a number from 0 to \(Int32.max)")
    }
    if !(1...Int(Int32.max)).contains(timeout) {
      throw KVError(.usage, "a timeout of \(timeout) seconds: expected a number from 1 to \(Int32.max)")
    }
  }
}

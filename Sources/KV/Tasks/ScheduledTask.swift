/// A task to be run once, at its time, by one runner.
public struct ScheduledTask: Sendable, Equatable {
  /// The state of a task. The raw values are the database's own words.
  public enum Status: String, Sendable, CaseIterable {
    /// `pending`: waits for its time and a runner. `running`: a runner has it. `completed`: its handler has returned.
    /// `failed`: the last attempt failed and no retry is left. `cancelled`: by ``Scheduler/cancelTask(_:)``.
    case pending, running, completed, failed, cancelled
  }

  /// Given by ``Scheduler/schedule(_:)``, unique.
  public var id: String
  /// Which handler it is for.
  public var name: String
  /// What the handler is given: any text, JSON by custom.
  public var payload: String
  /// The state of the task. `running` stays after the lease has run out, until any runner leases a task.
  public var status: Status
  /// When it was scheduled, by the database's clock.
  public var created: Timestamp
  /// When it is due, by the database's clock. Where a handler failed and a retry is left, the time of the retry; see
  /// 60 s, 120 s, 240 s … up to an hour.
  public var scheduledFor: Timestamp
  /// When the last attempt began.
  public var started: Timestamp?
  /// When it was completed, failed for good or cancelled.
  public var completed: Timestamp?
  /// The error of the last attempt that failed; empty where none has, and where the task has completed.
  public var lastError: String
  /// How many retries were begun or are due: 0 until the first attempt has failed, at most ``maxRetries``.
  public var retryCount: Int
  /// How often it is tried again after a failure: ``maxRetries`` + 1 attempts in all.
  public var maxRetries: Int
  /// In seconds; a handler that takes longer is cancelled, and the attempt has failed.
  public var timeout: Int
  /// The runner that has it; empty where none has.
  public var runner: String
  /// When the runner leased it, by the database's clock; `nil` where none has it.
  public var locked: Timestamp?
  /// When the lease runs out unless it is extended, by the database's clock; `nil` where no runner has the task.
  public var lockExpires: Timestamp?

  /// A task of these parts, as a ``Scheduler`` reads it; to schedule one, make a ``NewTask``.
  public init(
    id: String, name: String, payload: String, status: Status, created: Timestamp, scheduledFor: Timestamp,
    started: Timestamp? = nil, completed: Timestamp? = nil, lastError: String = "", retryCount: Int = 0,
    maxRetries: Int, timeout: Int, runner: String = "", locked: Timestamp? = nil,
    lockExpires: Timestamp? = nil
  ) {
    self.id = id
    self.name = name
    self.payload = payload
    self.status = status
    self.created = created
    self.scheduledFor = scheduledFor
    self.started = started
    self.completed = completed
    self.lastError = lastError
    self.retryCount = retryCount
    self.maxRetries = maxRetries
    self.timeout = timeout
    self.runner = runner
    self.locked = locked
    self.lockExpires = lockExpires
  }
}

extension JSON {
  /// A task by a-h/kv's member names; a payload that is JSON stands there as that, any other as a string.
  public init(_ task: ScheduledTask) {
    func time(_ time: Timestamp?) -> JSON { time.map { JSON("\($0)") } ?? .null }
    self = JSON(members: [
      ("completedAt", time(task.completed)), ("created", time(task.created)), ("id", JSON(task.id)),
      ("lastError", JSON(task.lastError)), ("lockExpiresAt", time(task.lockExpires)),
      ("lockedAt", time(task.locked)), ("lockedBy", JSON(task.runner)), ("maxRetries", JSON(task.maxRetries)),
      ("name", JSON(task.name)), ("payload", (try? JSON(parsing: task.payload)) ?? JSON(task.payload)),
      ("retryCount", JSON(task.retryCount)), ("scheduledFor", time(task.scheduledFor)),
      ("startedAt", time(task.started)), ("status", JSON(task.status.rawValue)),
      ("timeoutSeconds", JSON(task.timeout)),
    ])
  }
}

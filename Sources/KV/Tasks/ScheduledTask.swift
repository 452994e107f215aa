/// A task to be run once, at its time, by one runner.
public struct ScheduledTask: Sendable, Equatable {
  public enum Status: String, Sendable, CaseIterable {
    case pending, running, completed, failed, cancelled
  }

  public var id: String
  /// Which handler it is for.
  public var name: String
  /// What the handler is given: any text, JSON by custom.
  public var payload: String
  public var status: Status
  public var created: Timestamp
  public var scheduledFor: Timestamp
  /// When the last attempt began.
  public var started: Timestamp?
  /// When it was completed, failed for good or cancelled.
  public var completed: Timestamp?
  /// Of the last attempt that failed; empty where none has.
  public var lastError: String
  public var retryCount: Int
  public var maxRetries: Int
  /// In seconds; a handler that takes longer is cancelled, and the attempt has failed.
  public var timeout: Int
  /// The runner that has it; empty where none has.
  public var runner: String
  public var locked: Timestamp?
  public var lockExpires: Timestamp?

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

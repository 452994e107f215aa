import KV

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SQLStore: Scheduler {
  private var clock: SQLDialect.Clock { driver.dialect.clock }

  public func schedule(_ task: NewTask) async throws -> String {
    try task.validate()
    let id = UUID().uuidString.lowercased()
    let (due, time): (String, SQLValue) =
      switch task.due {
      case .now: (clock.later("?4"), try .seconds(.zero))
      case .after(let delay): (clock.later("?4"), try .seconds(delay))
      case .at(let time): ("?4", .text(clock.stored("\(time)")))
      }
    let sql = """
      insert into tasks (id, name, payload, status, created, scheduled_for, retry_count, max_retries, timeout_seconds)
      values (?1, ?2, ?3, 'pending', \(clock.now), \(due), 0, ?5, ?6)
      on conflict (id) do nothing
      """
    let statement = SQLStatement(
      sql,
      [
        .text(id), .text(task.name), .text(driver.dialect.payload.encode(task.payload)),
        time, .integer(task.maxRetries), .integer(task.timeout),
      ], isIdempotent: true)
    _ = try await write([statement])
    return id
  }

  /// The task with this id, or `nil`. Throws invalid data where what is stored is damaged. Cost: one request.
  public func task(_ id: String) async throws -> ScheduledTask? {
    try await driver.readRow(SQLStatement(selectTasks(where: "id = ?1"), [.text(id)]), decode: taskDecoder)
  }

  public func tasks(status: ScheduledTask.Status?, name: String?, offset: Int, limit: Int?) async throws
    -> [ScheduledTask]
  {
    try Page(offset: offset, limit: limit).validate()
    var parameters: [SQLValue] = []
    var conditions = ["1 = 1"]
    func bind(_ value: SQLValue) -> String {
      parameters.append(value)
      return "?\(parameters.count)"
    }
    if let status { conditions.append("status = \(bind(.text(status.rawValue)))") }
    if let name { conditions.append("name = \(bind(.text(name)))") }
    let part = " limit \(bind(.integer(limit ?? Int.max))) offset \(bind(.integer(offset)))"
    let order = " order by \(clock.instant("created")), created, \(driver.dialect.taskArrival)"
    let sql = selectTasks(where: conditions.joined(separator: " and ") + order + part)
    return try await driver.read(SQLStatement(sql, parameters), decode: taskDecoder)
  }

  public func cancelTask(_ id: String) async throws {
    let sql = """
      update tasks set status = 'cancelled', completed_at = \(clock.now), \(Self.unlocked)
      where id = ?1 and status in ('pending', 'running')
      """
    if try await write([SQLStatement(sql, [.text(id)], isIdempotent: true)])[0].changes == 1 { return }
    guard let task = try await task(id) else { throw KVError(.notFound, "no task \(quoted(id))") }
    if task.status != .cancelled {
      throw KVError(.conflict, "the task \(quoted(id)) has ended: it is \(task.status.rawValue)")
    }
  }

  public func retryTask(_ id: String) async throws {
    // The count goes on, for it tells a lease from those before.
    let sql = """
      update tasks set status = 'pending', scheduled_for = \(clock.now), completed_at = null, retry_count = retry_count + 1,
        max_retries = case when max_retries > retry_count then max_retries else retry_count + 1 end, \(Self.unlocked)
      where id = ?1 and status in ('failed', 'cancelled') and retry_count < \(Int32.max)
      """
    if try await write([SQLStatement(sql, [.text(id)])])[0].changes == 1 { return }
    guard let task = try await task(id) else { throw KVError(.notFound, "no task \(quoted(id))") }
    throw KVError(
      .conflict,
      "the task \(quoted(id)) is \(task.status.rawValue): only one that failed or was cancelled is tried again"
    )
  }

  public func deleteTask(_ id: String) async throws {
    let statement = SQLStatement("delete from tasks where id = ?1 and status <> 'running'", [.text(id)])
    if try await write([statement])[0].changes == 1 { return }
    guard let task = try await task(id) else { throw KVError(.notFound, "no task \(quoted(id))") }
    throw KVError(.conflict, "the task \(quoted(id)) is run by \(quoted(task.runner)); cancel it first")
  }

  public func purgeTasks(_ statuses: [ScheduledTask.Status], endedFor age: Duration?) async throws -> Int {
    if let status = statuses.first(where: { $0 == .pending || $0 == .running }) {
      throw KVError(.usage, "a task that is \(status.rawValue) has not ended")
    }
    var sql = "delete from tasks where status in (select value from \(driver.dialect.stringList) as list)"
    var parameters: [SQLValue] = [.list(statuses.map(\.rawValue))]
    if let age {
      parameters.append(try .seconds(.zero - age))
      sql += " and \(clock.instant("completed_at")) < \(clock.instant(clock.later("?2")))"
    }
    return try await write([SQLStatement(sql, parameters)])[0].changes
  }

  public func taskIDs(beginningWith beginning: String) async throws -> [String] {
    let id = driver.dialect.byteOrdered("id")
    let sql = "select id from tasks where substr(id, 1, length(?1)) = ?1 order by \(id) limit 2"
    return try await driver.read(SQLStatement(sql, [.text(beginning)])) { $0.text(0) }
  }

  public func leaseTask(runner: String, names: [String], lease: Duration) async throws -> ScheduledTask? {
    if runner.isEmpty { throw KVError(.usage, "the runner's id is empty") }
    if lease <= .zero { throw KVError(.usage, "a lease needs a duration of more than 0") }
    let due = clock.instant("scheduled_for")
    let leasing = """
      update tasks set status = 'running', locked_by = ?2, locked_at = \(clock.now), started_at = \(clock.now),
        lock_expires_at = \(clock.later("?3"))
      where id = (
        select id from \(driver.dialect.dueTasks) where status = 'pending' and \(due) <= \(clock.currentInstant)
          and name in (select value from \(driver.dialect.stringList) as list)
        order by \(due), created, \(driver.dialect.taskArrival) limit 1\(driver.dialect.skippingLockedRows))
      returning \(driver.dialect.jsonArray(taskColumns))
      """
    let outcomes = try await write([
      SQLStatement(takingBack),
      SQLStatement(leasing, [.list(names), .text(runner), try .seconds(lease)]),
    ])
    // What was written is what is told: by the time of a second look the task may be another runner's.
    guard let columns = try outcomes[1].text.map({ try JSON(parsing: $0).elements ?? [] }) else { return nil }
    return try taskDecoder(JSONRow(columns: columns))
  }

  /// Tasks whose runner has let its lease run out become pending again, or have failed where no retry is left.
  private var takingBack: String {
    """
    update tasks set \(endingAttempt),
      last_error = 'the runner ' || locked_by || ' was gone before the task was done', \(Self.unlocked)
    where id in (
      select id from tasks where status = 'running'
        and \(clock.instant("lock_expires_at")) <= \(clock.currentInstant)\(driver.dialect.skippingLockedRows))
    """
  }

  private static var isLastAttempt: String { "retry_count >= max_retries" }

  /// Makes a task that was not done pending again, or failed where no retry is left.
  private var endingAttempt: String {
    """
    status = case when \(Self.isLastAttempt) then 'failed' else 'pending' end,
    completed_at = case when \(Self.isLastAttempt) then \(clock.now) else completed_at end,
    retry_count = case when \(Self.isLastAttempt) then retry_count else retry_count + 1 end
    """
  }

  private static var unlocked: String { "locked_by = '', locked_at = null, lock_expires_at = null" }

  /// Whether the task in the parameters 1 to 3 is still leased as it was: each new lease has another retry count.
  private static var isClaimed: String {
    "id = ?1 and locked_by = ?2 and retry_count = ?3 and status = 'running'"
  }

  private func leased(_ task: ScheduledTask) -> [SQLValue] {
    [.text(task.id), .text(task.runner), .integer(task.retryCount)]
  }

  public func extendLease(of task: ScheduledTask, lease: Duration) async throws {
    let sql = "update tasks set lock_expires_at = \(clock.later("?4")) where \(Self.isClaimed)"
    try await change(task, SQLStatement(sql, leased(task) + [try .seconds(lease)], isIdempotent: true))
  }

  public func endLease(of task: ScheduledTask, _ outcome: TaskOutcome) async throws {
    switch outcome {
    case .completed:
      let sql = """
        update tasks set status = 'completed', completed_at = \(clock.now), last_error = '', \(Self.unlocked)
        where \(Self.isClaimed)
        """
      try await change(task, SQLStatement(sql, leased(task)))
    case .failed(let reason):
      let sql = """
        update tasks set \(endingAttempt),
          scheduled_for = case when \(Self.isLastAttempt) then scheduled_for else \(clock.later("?5")) end,
          last_error = ?4, \(Self.unlocked)
        where \(Self.isClaimed)
        """
      let reason = reason.replacing("\0", with: "\u{FFFD}")
      let delay = retryDelay(afterRetries: task.retryCount)
      try await change(task, SQLStatement(sql, leased(task) + [.text(reason), try .seconds(delay)]))
    }
  }

  private func change(_ task: ScheduledTask, _ statement: SQLStatement) async throws {
    if try await write([statement])[0].changes == 1 { return }
    throw KVError(.conflict, "the runner \(quoted(task.runner)) has the task \(quoted(task.id)) no longer")
  }

  public func waitForTasks(since cursor: NotificationCursor, atMost time: Duration) async throws
    -> NotificationCursor
  {
    try await driver.waitForNotification(of: .tasks, since: cursor, atMost: time)
  }

  private func selectTasks(where condition: String) -> String {
    "select \(taskColumns) from tasks where \(condition)"
  }

  var taskColumns: String {
    """
    id, name, payload, status, \(clock.text("created")), \(clock.text("scheduled_for")),
      \(clock.text("started_at")), \(clock.text("completed_at")), last_error, retry_count, max_retries,
      timeout_seconds, locked_by, \(clock.text("locked_at")), \(clock.text("lock_expires_at"))
    """
  }

  /// Reads ``taskColumns``.
  var taskDecoder: @Sendable (any SQLRow) throws -> ScheduledTask {
    let payload = driver.dialect.payload
    return { row in
      guard let status = ScheduledTask.Status(rawValue: row.text(3)) else {
        throw KVError(.invalidData, "the task \(quoted(row.text(0))) has an unknown status")
      }
      func number(_ column: Int, _ name: String) throws -> Int {
        guard let number = try? row.integer(column), (0...Int(Int32.max)).contains(number) else {
          throw KVError(
            .invalidData,
            "the task \(quoted(row.text(0))) has \(quoted(row.text(column))) for its \(name), which is none")
        }
        return number
      }
      func time(_ column: Int) throws -> Timestamp? {
        row.text(column).isEmpty
          ? nil : try row.timestamp(column, "a time of the task \(quoted(row.text(0)))")
      }
      return ScheduledTask(
        id: row.text(0), name: row.text(1), payload: payload.decode(row.text(2)), status: status,
        created: try row.timestamp(4, "the task's created"),
        scheduledFor: try row.timestamp(5, "the task's scheduled_for"), started: try time(6),
        completed: try time(7), lastError: row.text(8),
        retryCount: try number(9, "number of retries"), maxRetries: try number(10, "most retries"),
        timeout: try number(11, "timeout"), runner: row.text(12), locked: try time(13),
        lockExpires: try time(14))
    }
  }
}

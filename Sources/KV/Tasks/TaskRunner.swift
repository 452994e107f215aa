/// Runs tasks as they become due, each by the handler of its name.
///
///     var runner = TaskRunner(scheduler, id: "host-1")
///     runner.handlers["mail"] = { task in try await send(task.payload) }
///     try await runner.run()
///
/// Tasks of names that have no handler are left for a runner that has one. Cancelling the task in which it runs stops
/// it gracefully: no task is begun any more, and those in hand are finished.
public struct TaskRunner: Sendable {
  /// Does the work of a task; what it throws is the attempt's error. It is cancelled when its time is up, and when its
  /// task was cancelled or given to another runner.
  public typealias Handler = @Sendable (ScheduledTask) async throws -> Void

  /// What a runner tells through ``report``. Tasks are given as they were when they were leased.
  public enum Event: Sendable {
    /// The handler returned, and the task is stored as completed.
    case completed(ScheduledTask)
    /// The attempt failed for the reason given, which is stored. It is repeated while retries are left.
    case failed(ScheduledTask, String)
    /// The lease was lost: the task was cancelled, or the lease ran out. The handler's outcome is not counted, unless it was stored
    /// and only the database's answer was lost.
    case lost(ScheduledTask)
    /// A request failed, mostly because the database could not be reached, with the message; it is sent again after a while.
    case unavailable(String)
  }

  /// Where tasks are leased and their outcomes are stored.
  public var scheduler: any Scheduler
  /// Two runners that run at once need different ids.
  public var id: String
  /// The handler of each task name. Only tasks of these names are leased.
  public var handlers: [String: Handler] = [:]
  /// How long to wait before the next look for due tasks. A scheduled task ends the wait where the database notifies, which only
  /// PostgreSQL does; more than 0.
  public var pollInterval = Duration.seconds(10)
  /// How long a lease lasts without being extended, and so how long a dead runner's task waits.
  public var lease = Duration.seconds(300)
  /// How many tasks may be in hand at once; at least 1.
  public var concurrency = 1
  /// Is given each event; does nothing by default. Calls come from several tasks, perhaps at once.
  public var report: @Sendable (Event) -> Void = { _ in }

  /// A runner without handlers; set them before it runs.
  /// - Parameter scheduler: where the tasks are.
  /// - Parameter id: names the runner in the tasks that it leases; not empty, and different from other runners'.
  public init(_ scheduler: any Scheduler, id: String) {
    self.scheduler = scheduler
    self.id = id
  }

  /// Runs tasks until it is cancelled. Throws a usage error where a setting is out of its bounds.
  public func run() async throws {
    try await run(untilNoneIsDue: false)
  }

  /// Runs every task that is due, what becomes due meanwhile included, and returns.
  public func runDue() async throws {
    try await run(untilNoneIsDue: true)
  }

  private func run(untilNoneIsDue: Bool) async throws {
    if concurrency < 1 {
      throw KVError(.usage, "a runner runs at least one task at once, not \(concurrency)")
    }
    if pollInterval <= .zero { throw KVError(.usage, "a runner's poll interval is more than 0") }
    try await withThrowingTaskGroup(of: Void.self) { inHand in
      var count = 0
      var cursor = NotificationCursor.start
      while !Task.isCancelled {
        if count == concurrency {
          try await inHand.next()
          count -= 1
          continue
        }
        if let task = try await leaseNext(retrying: !untilNoneIsDue) {
          count += 1
          // In a task of its own, which is not cancelled with this one.
          inHand.addTask { try await Task { try await attempt(task) }.value }
        } else if !untilNoneIsDue {
          cursor = await wait(since: cursor)
        } else if count > 0 {
          try await inHand.next()
          count -= 1
        } else {
          return
        }
      }
      while (try await inHand.next()) != nil {}
    }
  }

  /// Waits for tasks, or until the runner is cancelled.
  private func wait(since cursor: NotificationCursor) async -> NotificationCursor {
    do {
      return try await scheduler.waitForTasks(since: cursor, atMost: pollInterval)
    } catch {
      // A wait that fails at once, again and again, would keep a processor busy.
      if !Task.isCancelled {
        report(.unavailable("\(error)"))
        try? await Task.sleep(for: pollInterval)
      }
      return cursor
    }
  }

  private func leaseNext(retrying: Bool) async throws -> ScheduledTask? {
    do {
      return try await scheduler.leaseTask(runner: id, names: handlers.keys.sorted(), lease: lease)
    } catch let error as KVError where error.code == .unavailable && retrying {
      report(.unavailable(error.message))
      // A database that is away wakes nobody.
      try? await Task.sleep(for: min(pollInterval, .seconds(1)))
      return nil
    }
  }

  private enum End: Sendable {
    case done(TaskOutcome)
    case leaseLost
  }

  /// Runs the handler, against its time and as long as the lease lasts. What ends first counts; a handler that goes on
  /// though it was cancelled keeps its place among those in hand, not the task.
  private func attempt(_ task: ScheduledTask) async throws {
    let (ends, ended) = AsyncStream.makeStream(of: End.self)
    let handling = Task { _ = ended.yield(.done(await handle(task))) }
    let timing = Task {
      try await Task.sleep(for: .seconds(task.timeout))
      ended.yield(.done(.failed("timed out after \(task.timeout) s")))
    }
    let keeping = Task {
      try await keepClaim(on: task)
      ended.yield(.leaseLost)
    }
    let end = await ends.first { _ in true } ?? .leaseLost
    handling.cancel()
    timing.cancel()
    keeping.cancel()
    try await record(end, of: task)
    await handling.value
  }

  private func record(_ end: End, of task: ScheduledTask) async throws {
    guard case .done(let outcome) = end else { return report(.lost(task)) }
    let deadline = ContinuousClock.now + lease
    while true {
      do {
        try await scheduler.endLease(of: task, outcome)
        break
      } catch let error as KVError where error.code == .conflict {
        return report(.lost(task))
      } catch let error as KVError where error.code == .unavailable {
        report(.unavailable(error.message))
        // By then the lease has run out, and the task is anybody's.
        if ContinuousClock.now >= deadline { return report(.lost(task)) }
        try await Task.sleep(for: .seconds(1))
      }
    }
    switch outcome {
    case .completed: report(.completed(task))
    case .failed(let reason): report(.failed(task, reason))
    }
  }

  private func handle(_ task: ScheduledTask) async -> TaskOutcome {
    guard let handler = handlers[task.name] else { return .failed("no handler for \(JSON(task.name))") }
    do {
      try await handler(task)
      return .completed
    } catch {
      return .failed("\(error)")
    }
  }

  /// Extends the lease again and again; returns when it is lost.
  private func keepClaim(on task: ScheduledTask) async throws {
    while true {
      try await Task.sleep(for: lease / 3)
      do {
        try await scheduler.extendLease(of: task, lease: lease)
      } catch let error as KVError where error.code == .conflict {
        return
      } catch {
        report(.unavailable("\(error)"))
      }
    }
  }
}

import ArgumentParser
import KV

struct TaskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Tasks that are kept until a runner has run them.",
    subcommands: [
      TaskNew.self, TaskList.self, TaskGet.self, TaskCancel.self, TaskRetry.self, TaskDelete.self,
      TaskPurge.self, TaskRun.self,
    ])
}

struct TaskNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Keep a task, its payload read from standard input, and print its id.",
    discussion:
      """
      EXAMPLE
        echo '{"to":"ann"}' | kv task new mail --in 5m
        echo '{"to":"ann"}' | kv task new mail --scheduled-for 2030-01-01T09:00:00+01:00
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The task's name, by which runners know what to do.", completion: Completion.taskNames)
  var name: Text
  @Option(help: "How often to try again after a failure.") var maxRetries = Number(3)
  @Option(help: "Seconds after which an attempt has failed.") var timeoutSeconds = Number(300)
  @Option(help: "When to run it, in RFC 3339; left out: now.") var scheduledFor: Text?
  @Option(name: .customLong("in"), help: "How long from now to run it, such as 30s, 5m or 1h30m.") var delay:
    Length?

  func validate() throws {
    if scheduledFor != nil, delay != nil {
      throw ValidationError("--in and --scheduled-for exclude each other")
    }
  }

  func run() async throws {
    let due =
      try scheduledFor.map { text in
        guard text.value.contains(where: { $0 == "T" || $0 == "t" }), let time = Timestamp(text.value) else {
          throw KVError(.usage, "\(JSON(text.value)) is no RFC 3339 time, such as 2030-01-01T09:00:00Z")
        }
        return .at(time)
      } ?? delay.map { .after($0.duration) } ?? NewTask.Due.now
    let bytes = Input.isPipeOrFile ? try Input.all() : []
    guard let payload = String(validating: bytes, as: UTF8.self) else {
      throw KVError(.invalidData, "standard input: the payload is not UTF-8")
    }
    let task = NewTask(
      name.value, payload: payload, due: due, maxRetries: maxRetries.value, timeout: timeoutSeconds.value)
    try task.validate()
    let id = try await database.open(for: .write).schedule(task)
    do {
      try await Output.line(id)
      try await Output.flush()
    } catch var error as KVError {
      error.message += "; the task \(id) is kept all the same"
      throw error
    }
  }
}

struct TaskList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print tasks, in the order of their creation.",
    discussion: "EXAMPLE\n  kv task list --status failed --format table")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Option(help: "Only tasks that are pending, running, completed, failed or cancelled.")
  var status: ScheduledTask.Status?
  @Option(help: "Only tasks of this name.", completion: Completion.taskNames) var name: Text?
  @Option(help: "Tasks to skip.") var offset = Number(0)
  @Option(help: "Tasks at most; -1 for all (default: 1000 on a terminal, else all).") var limit: Limit?
  @OptionGroup var output: ListOptions

  func validate() throws {
    if offset.value < 0 { throw ValidationError("the offset \(offset.value) is negative") }
  }

  func run() async throws {
    let count = output.count(limit)
    let store = try await database.open(for: .read)
    let tasks = try await store.tasks(
      status: status, name: name?.value, offset: offset.value, limit: count.map { $0 == .max ? $0 : $0 + 1 })
    try await output.print(tasks.prefix(count ?? .max), as: .tasks, inPipe: .json)
    // A minute is more than a runner's time between two looks.
    for line in try await UnknownTasks(in: store, dueFor: .seconds(60)).lines { Output.note("kv: \(line)") }
    if let count, tasks.count > count {
      try await Output.noteMore(than: count, limit: count) {
        Arguments.command(offset: offset.value + $0, limit: $0)
      }
    }
  }
}

extension ScheduledTask.Status: ExpressibleByArgument {}

struct TaskGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print a task.",
    discussion: "EXAMPLE\n  kv task get 0b5ed58c-3c40-4f3a-b1f6-3a1d1a3c5f0e")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var task: TaskID
  @OptionGroup var output: ListOptions

  func run() async throws {
    let store = try await database.open(for: .read)
    let id = try await task.whole(in: store)
    guard let task = try await store.task(id) else { throw KVError(.notFound, "no task \(JSON(id))") }
    try await output.print(task, as: .tasks, inPipe: .json, onTerminal: .json)
  }
}

struct TaskCancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a task that has not ended; it stays cancelled.",
    discussion: "EXAMPLE\n  kv task cancel 0b5ed58c-3c40-4f3a-b1f6-3a1d1a3c5f0e")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var task: TaskID

  func run() async throws {
    try await task.change(in: database, saying: "Cancelled") { try await $0.cancelTask($1) }
  }
}

/// A task, named by its id or the beginning of it.
struct TaskID: ParsableArguments {
  @Argument(help: "The task's id, or a beginning that no other's has.", completion: Completion.tasks) var id:
    Text

  func validate() throws {
    if id.value.isEmpty { throw ValidationError("the task's id is empty") }
  }

  /// Changes the task, and says what was done to it.
  func change(
    in database: DatabaseOptions, saying words: String, _ change: (any Scheduler, String) async throws -> Void
  ) async throws {
    let store = try await database.open(for: .write)
    let id = try await whole(in: store)
    try await change(store, id)
    try await Output.line("\(words) \(id)")
  }

  func whole(in scheduler: any Scheduler) async throws -> String {
    if try await scheduler.task(id.value) != nil { return id.value }
    let ids = try await scheduler.taskIDs(beginningWith: id.value)
    if ids.count > 1 {
      throw KVError(
        .usage, "the tasks \(ids[0]) and \(ids[1]) both begin with \(JSON(id.value)); name more of the id")
    }
    guard let id = ids.first else { throw KVError(.notFound, "no task \(JSON(id.value))") }
    return id
  }
}

struct TaskRetry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Try a task once more that has failed or was cancelled.",
    discussion: "EXAMPLE\n  kv task retry 0b5ed58c")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var task: TaskID

  func run() async throws {
    try await task.change(in: database, saying: "Pending again:") { try await $0.retryTask($1) }
  }
}

struct TaskDelete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a task that no runner has.",
    discussion: "EXAMPLE\n  kv task delete 0b5ed58c")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var task: TaskID

  func run() async throws {
    try await task.change(in: database, saying: "Deleted") { try await $0.deleteTask($1) }
  }
}

struct TaskPurge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge", abstract: "Delete tasks that have ended, and say how many there were.",
    discussion: "EXAMPLE\n  kv task purge --older-than 168h\n  kv task purge --status failed")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Option(help: "Only tasks that are completed, failed or cancelled; left out: all of these.") var status:
    ScheduledTask.Status?
  @Option(help: "Only tasks that ended so long ago, such as 24h.") var olderThan: Length?

  func validate() throws {
    if status == .pending || status == .running {
      throw ValidationError("a task that is \(status?.rawValue ?? "") has not ended")
    }
  }

  func run() async throws {
    let count = try await database.open(for: .write).purgeTasks(
      status.map { [$0] } ?? [.completed, .failed, .cancelled],
      endedFor: olderThan?.duration)
    try await Output.line("Deleted \(count)")
  }
}

/// Tasks that are due and that nobody runs.
struct UnknownTasks {
  /// Their names, and how many there are of each.
  private var counts: [String: Int] = [:]

  /// - Parameters:
  ///   - names: those that a runner knows.
  ///   - time: how long they have been due.
  init(in scheduler: any Scheduler, without names: Set<String> = [], dueFor time: Duration) async throws {
    let begin = Timestamp.now() + (.zero - time)
    let tasks = try await scheduler.tasks(status: .pending, name: nil, offset: 0, limit: 10_000)
    for task in tasks where task.scheduledFor <= begin && !names.contains(task.name) {
      counts[task.name, default: 0] += 1
    }
  }

  var lines: [String] {
    counts.sorted { $0.key < $1.key }.map { name, count in
      "\(count.counted("task", "tasks")) named \(JSON(name)) \(count == 1 ? "is" : "are") due, and no runner takes "
        + "\(count == 1 ? "it" : "them"); kv task run --exec \("\(name)=COMMAND".quotedForShell)"
    }
  }
}

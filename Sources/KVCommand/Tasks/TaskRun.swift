import ArgumentParser
import KV
import Synchronization

struct TaskRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run tasks as they become due, until interrupted.",
    discussion: """
      The handlers 'echo' (prints the payload) and 'log' (prints a line about the task) are built in. --exec adds \
      others: the shell command gets the payload on its standard input and KV_TASK_ID and KV_TASK_NAME in its \
      environment; status 0 is success, and its standard error becomes the task's last error otherwise. Tasks of names \
      without a handler are left to other runners. An interruption waits for the tasks in hand.

      EXAMPLE
        kv task run --exec 'mail=./send-mail.sh' --concurrency 4
        kv task run --once --task-types echo
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Option(help: "The runner's id, another for each runner (default: made up).") var runnerID: Text?
  @Option(help: "How often to look for due tasks.") var pollInterval = Length.seconds(10)
  @Option(help: "How long a dead runner's task waits; a living runner extends it.")
  var lockDuration = Length.minutes(5)
  @Option(help: "Only tasks of these names, separated by commas.", completion: Completion.taskNames)
  var taskTypes: Text?
  @Option(help: "How many tasks to run at once.") var concurrency = Number(1)
  @Option(help: ArgumentHelp("A shell command for a name; may be repeated.", valueName: "name=command"))
  var exec: [CommandHandler] = []
  @Flag(help: "Run what is due, and exit; with status 1 where a task failed for good.") var once = false

  func validate() throws {
    if concurrency.value < 1 { throw ValidationError("--concurrency \(concurrency.value) is less than 1") }
    if taskTypes.map({ $0.value.split(separator: ",").isEmpty }) == true {
      throw ValidationError("--task-types names no task")
    }
    if lockDuration.duration < .seconds(1) { throw ValidationError("--lock-duration is less than 1s") }
    if runnerID?.value.isEmpty == true { throw ValidationError("the runner's id is empty") }
    _ = try handlers()
  }

  func run() async throws {
    var configured = TaskRunner(
      try await database.open(for: .write), id: runnerID?.value ?? "kv-\(UInt64.random(in: 0 ... .max))")
    configured.handlers = try handlers()
    configured.pollInterval = pollInterval.duration
    configured.lease = lockDuration.duration
    configured.concurrency = concurrency.value
    let failures = Atomic(0)
    configured.report = {
      if case .failed(let task, _) = $0, task.retryCount >= task.maxRetries {
        failures.add(1, ordering: .relaxed)
      }
      Output.note(Self.line($0))
    }
    let (runner, once) = (configured, once)
    let unknown = try await UnknownTasks(
      in: runner.scheduler, without: taskTypes == nil ? Set(runner.handlers.keys) : [], dueFor: .zero)
    if taskTypes == nil { for line in unknown.lines { Output.note("kv: \(line)") } }
    try await untilInterrupted { try await once ? runner.runDue() : runner.run() }
    let failed = failures.load(ordering: .relaxed)
    if once, failed > 0 {
      throw KVError(
        .failed,
        "\(failed.counted("task", "tasks")) failed for good; see kv task list --status failed")
    }
  }

  private func handlers() throws -> [String: TaskRunner.Handler] {
    var handlers: [String: TaskRunner.Handler] = [
      "echo": { try await Self.print($0.payload) },
      "log": { try await Self.print("\(Timestamp.now()) \($0.name) \($0.id): \($0.payload.onOneLine)") },
    ]
    for command in exec { handlers[command.name] = { try await command.run($0) } }
    guard let taskTypes else { return handlers }
    let wanted = taskTypes.listed
    for name in wanted where handlers[name] == nil {
      let known = handlers.keys.sorted().joined(separator: ", ")
      throw ValidationError(
        "no handler for \(JSON(name)): known are \(known); add one with --exec \(name)=COMMAND")
    }
    return handlers.filter { wanted.contains($0.key) }
  }

  @MainActor
  private static func print(_ text: String) throws {
    try Output.document(text, terminator: text.hasSuffix("\n") ? "" : "\n")
    try Output.flush()
  }

  private static func line(_ event: TaskRunner.Event) -> String {
    switch event {
    case .completed(let task): "kv: task \(task.id) (\(task.name.onOneLine)) completed"
    case .failed(let task, let reason):
      "kv: task \(task.id) (\(task.name.onOneLine)) failed, "
        + (task.retryCount < task.maxRetries
          ? "to be tried again in \(retryDelay(afterRetries: task.retryCount).components.seconds) s"
          : "with no retry left") + ": \(reason.onOneLine)"
    case .lost(let task):
      "kv: task \(task.id) (\(task.name.onOneLine)) was cancelled or given to another runner meanwhile"
    case .unavailable(let reason): "kv: \(reason.onOneLine); trying again"
    }
  }
}

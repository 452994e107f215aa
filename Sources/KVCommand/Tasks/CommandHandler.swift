import ArgumentParser
import KV

/// A task handler that runs a shell command: `NAME=COMMAND`.
struct CommandHandler: ExpressibleByArgument, Sendable {
  var name: String
  var command: String

  init?(argument: String) {
    guard let argument = Arguments.restored(argument) else { return nil }
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    (name, command) = (String(parts[0]), String(parts[1]))
  }

  func run(_ task: ScheduledTask) async throws {
    try await ShellCommand(command).run(
      input: task.payload, environment: ["KV_TASK_ID": task.id, "KV_TASK_NAME": task.name])
  }
}

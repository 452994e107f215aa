import ArgumentParser
import KV
import Subprocess
import SystemPackage

/// A task handler that runs a shell command: `NAME=COMMAND`.
struct CommandHandler: ExpressibleByArgument, Sendable {
  var name: String
  var command: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    (name, command) = (String(parts[0]), String(parts[1]))
  }

  /// Why an attempt failed, as the task keeps it.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Cancelling ends the command and what it has started: SIGTERM first, SIGKILL two seconds later.
  func run(_ task: ScheduledTask) async throws {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
    ]
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", command],
      environment: .inherit.updating(["KV_TASK_ID": task.id, "KV_TASK_NAME": task.name]),
      platformOptions: options,
      input: .fileDescriptor(ChildInput.file(task.payload), closeAfterSpawningProcess: true),
      output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
      error: .bytes(limit: 1 << 24))
    if result.terminationStatus.isSuccess { return }
    // The end of it: that is where programs say why.
    let error = String(decoding: result.standardError.suffix(4096), as: UTF8.self)
    let reason = error.split(separator: "\n").joined(separator: "\n")
    throw Failure(description: reason.isEmpty ? "the command ended with \(result.terminationStatus)" : reason)
  }
}

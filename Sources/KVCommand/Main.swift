import ArgumentParser
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum Main {
  static func main() async {
    holdStandardFiles()
    do {
      var command = try await parsed(Arguments.marked)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      do {
        try Output.flush()
      } catch var error as KVError {
        error.message += "; what the command did stays done"
        throw error
      }
    } catch {
      try? Output.flush()
      exit(await report(error))
    }
  }

  /// The command of the arguments. One that its name leads to is parsed by itself, which takes a third of the time, with the options
  /// of the database that stand before its name; whatever is wrong, and help, is left to the whole tree of commands, which knows what
  /// each is called.
  private static func parsed(_ arguments: [String]) async throws -> any ParsableCommand {
    var path = CommandPath()
    var rest = arguments[...]
    let options = path.follow(&rest)
    if path.subcommands.isEmpty, let command = path.command as? any AsyncParsableCommand.Type,
      let parsed = try? await command.asyncParseAsRoot(options + rest), type(of: parsed) == command
    {
      return parsed
    }
    return try await KVCommand.asyncParseAsRoot(arguments)
  }

  /// A standard file that is closed would be the next one opened, and get what was not meant for it. In its place stands one
  /// that cannot be used.
  private static func holdStandardFiles() {
    for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) == -1 {
      _ = open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Prints one line about the error and returns the exit status.
  private static func report(_ error: any Error) async -> Int32 {
    if error is ClosedOutput {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    if let error = error as? KVError {
      Output.note("kv: \(error.line)")
      return error.code.exitStatus
    }
    if let error = error as? JSONError {
      Output.note("kv: \(error)")
      return KVError.Code.invalidData.exitStatus
    }
    let status = KVCommand.exitCode(for: error)
    let typed = CommandLine.arguments.dropFirst()
    let unknown =
      UnknownCommand(in: typed)?.message
      ?? (status == .validationFailure ? UnknownOption(in: typed)?.message : nil)
    if let unknown {
      Output.note("kv: \(unknown)")
      return KVError.Code.usage.exitStatus
    }
    if status.isSuccess {
      // Help and completion scripts are results.
      do {
        let text = HelpText.ordered(KVCommand.fullMessage(for: error))
        try await Output.document(BashCompletion.joiningWords(in: text))
        try await Output.flush()
        return 0
      } catch {
        return await report(error)
      }
    }
    if status == .validationFailure {
      let message = UsageMessage.line(Arguments.readable(KVCommand.message(for: error)))
      Output.note("kv: \(message.isEmpty ? "which command?" : message); see '\(helpCommand)'")
      return KVError.Code.usage.exitStatus
    }
    Output.note("kv: \(error)")
    return KVError.Code.failed.exitStatus
  }

  /// The help that fits what was typed: the longest run of subcommands from the start.
  private static var helpCommand: String {
    var path = CommandPath()
    for word in CommandLine.arguments.dropFirst() { _ = path.follow(word) }
    return "\(path) --help"
  }
}

struct KVCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kv", abstract: "A key/value store and property graph: import edges, find paths, draw them.",
    discussion: """
      EXAMPLE
        kv init
        kv graph import samples/social.json
        kv graph find-path User alice Post 3
        kv graph view -o graph.png

      EXIT STATUS
        0 done, 1 failed, 3 not found, 4 conflict, 5 database unavailable, 64 usage, 65 bad input data
      """,
    version: "kv \(version)",
    subcommands: [Render.self, Supervisor.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Records",
        subcommands: [
          Put.self, Patch.self, Get.self, List.self, Count.self, Delete.self, DeletePrefix.self,
          DeleteRange.self, Transaction.self,
        ]),
      CommandGroup(name: "Graph", subcommands: [GraphCommand.self]),
      CommandGroup(
        name: "Changes, locks and tasks",
        subcommands: [StreamCommand.self, ConsumerCommand.self, LockCommand.self, TaskCommand.self]),
      CommandGroup(
        name: "Upkeep",
        subcommands: [
          Init.self, Dump.self, Restore.self, Copy.self, Backup.self, BenchmarkCommand.self,
        ]),
    ])

  @OptionGroup(title: "Database") var database: DatabaseOptions
}

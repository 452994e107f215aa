import ArgumentParser
import Foundation
import Testing

@testable import KVCommand

/// The tree of commands, walked: a new one is looked at by itself.
struct HelpTests {
  static func leaves(
    of command: any ParsableCommand.Type = KVCommand.self, _ path: [String] = []
  ) -> [(path: [String], command: any ParsableCommand.Type)] {
    let subcommands = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
    if subcommands.isEmpty { return [(path, command)] }
    return subcommands.flatMap { leaves(of: $0, path + [$0.configuration.commandName ?? "?"]) }
  }

  @Test(
    "a word that is no command is told, with the commands that are near it",
    arguments: [
      ("grpah stats", #"kv has no command "grpah"; did you mean 'kv graph'?"#),
      ("rm a", #"kv has no command "rm"; did you mean 'kv delete'?"#),
      ("ls", #"kv has no command "ls"; did you mean 'kv list'?"#),
      ("graph pagerank", #"kv graph has no command "pagerank"; did you mean 'kv graph rank pagerank'?"#),
      ("graph find", #"kv graph has no command "find"; did you mean 'kv graph find-path'?"#),
      ("task lst", #"kv task has no command "lst"; did you mean 'kv task list'?"#),
      ("xyzzy", #"kv has no command "xyzzy"; see 'kv --help'"#),
      ("--connection a.db grpah stats", #"kv has no command "grpah"; did you mean 'kv graph'?"#),
      (
        "graph --connection=a.db find", #"kv graph has no command "find"; did you mean 'kv graph find-path'?"#
      ),
      ("graph traverse User a", nil), ("put --nonsense", nil), ("--limit 3 grpah", nil),
      ("help put", nil), ("postgres://a:b@c", nil), ("", nil),
    ] as [(String, String?)])
  func unknownCommands(_ line: String, _ message: String?) {
    #expect(UnknownCommand(in: line.split(separator: " ").map(String.init))?.message == message)
  }

  @Test(
    "an option that the command has not is told, before what comes of it",
    arguments: [
      ("list --formt json", #"kv list has no option "--formt"; did you mean '--format'?"#),
      ("get prefix user/ --formt=json", #"kv get prefix has no option "--formt"; did you mean '--format'?"#),
      (
        "graph rank pagerank --secret=s3cret",
        #"kv graph rank has no option "--secret"; see 'kv graph rank --help'"#
      ),
      ("list --limit x", nil), ("list -- --formt", nil), ("put k --version 1", nil),
      ("list --output json", nil),
      ("put k --x=y z", #"kv put has no option "--x"; see 'kv put --help'"#), ("put k ---", nil),
    ] as [(String, String?)])
  func unknownOptions(_ line: String, _ message: String?) {
    #expect(UnknownOption(in: line.split(separator: " ").map(String.init))?.message == message)
  }

  @Test func whatTheParserHasAgainstALineIsOneSentence() {
    #expect(
      UsageMessage.line("The value 'x' is invalid. Please provide one of the following:\n  - dot\n  - svg")
        == "The value 'x' is invalid. Please provide one of the following: dot, svg")
    #expect(
      UsageMessage.line("Please provide one of 'auto' or 'never'.")
        == "Please provide one of 'auto' or 'never'")
    #expect(UsageMessage.line("Is it?") == "Is it?")
  }

  @Test func everyCommandSaysWhatItDoesWithAnExample() {
    let leaves = Self.leaves()
    #expect(leaves.count > 60, "\(leaves.map { $0.path.joined(separator: " ") })")
    for (path, command) in leaves {
      let name = (["kv"] + path).joined(separator: " ")
      let help = KVCommand.helpMessage(for: command, columns: 200)
      #expect(
        !command.configuration.abstract.isEmpty && command.configuration.abstract.hasSuffix("."), "\(name)")
      let example = help.split(separator: "EXAMPLE\n").dropFirst().first ?? ""
      #expect(example.contains(name), "\(name): \(example)")
      // Every option has a word of help, beside it or in the next line.
      let lines = help.split(separator: "\n")
      for (line, next) in zip(lines, lines.dropFirst() + [""])
      where line.wholeMatch(of: /\s+--[a-z-]+( <[a-z-]+>)?\s*/) != nil && !next.hasPrefix("          ") {
        Issue.record("\(name): \(line) says nothing")
      }
    }
  }

  /// `KV_WRITE_DOCS=1 swift test --filter theReference` writes it anew.
  @Test func theReferenceOfCommandsIsWhatTheyPrint() throws {
    var text = "# Commands\n\nWhat `kv <command> --help` prints, for each command.\n"
    for (path, command) in Self.leaves() {
      let help = HelpText.ordered(KVCommand.helpMessage(for: command, columns: 100))
      text += "\n## \((["kv"] + path).joined(separator: " "))\n\n```text\n\(help)\n```\n"
    }
    let file = ReadmeTests.root.appending(path: "docs/commands.md")
    if ProcessInfo.processInfo.environment["KV_WRITE_DOCS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }
}

import ArgumentParser

/// A command, as words lead to it down the tree of commands.
struct CommandPath: CustomStringConvertible {
  private(set) var command: any ParsableCommand.Type = KVCommand.self
  /// What was typed, with `kv` before it.
  private(set) var names = ["kv"]

  var subcommands: [any ParsableCommand.Type] { command.configuration.subcommands }
  var description: String { names.joined(separator: " ") }

  /// Goes on to the subcommand of this name.
  /// - Returns: false where there is none.
  mutating func follow(_ word: String) -> Bool {
    guard let next = subcommands.first(where: { $0.names.contains(word) }) else { return false }
    command = next
    names.append(word)
    return true
  }

  /// Goes on as far as the words are subcommands, or options of the database, and takes them from the words.
  /// - Returns: the options.
  @discardableResult
  mutating func follow(_ words: inout ArraySlice<String>) -> [String] {
    var options: [String] = []
    while let word = words.first {
      let count = Arguments.wordCount(of: word, among: DatabaseOptions.optionNames)
      guard count > 0 || follow(word) else { break }
      options += words.prefix(count)
      words = words.dropFirst(max(count, 1))
    }
    return options
  }
}

extension ParsableCommand {
  /// What it is called, and its other names.
  static var names: [String] { [configuration.commandName ?? ""] + configuration.aliases }
}

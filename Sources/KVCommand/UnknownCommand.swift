import ArgumentParser
import KV

/// A word that stands where a command is expected, and is none.
struct UnknownCommand {
  let message: String

  /// What other programs call our commands.
  private static let synonyms = [
    "rm": "delete", "remove": "delete", "set": "put", "ls": "list", "cat": "get",
  ]

  /// `nil` where each word is known, or an option stands before one that is not, for only the parser knows which options take a word.
  init?(in arguments: some Sequence<String>) {
    var command: any ParsableCommand.Type = KVCommand.self
    var names = ["kv"]
    for word in arguments {
      let subcommands = command.configuration.subcommands
      if subcommands.isEmpty || word.hasPrefix("-") || word.isEmpty { return nil }
      if let next = subcommands.first(where: { $0.names.contains(word) }) {
        command = next
        names.append(word)
        continue
      }
      let known = subcommands.filter { $0.configuration.shouldDisplay }.flatMap { $0.names } + ["help"]
      // Anything else may be a connection, with a password.
      guard word.wholeMatch(of: /[A-Za-z0-9_-]{1,30}/) != nil else { return nil }
      if word == "help" || command.configuration.defaultSubcommand != nil { return nil }
      let near = Self.near(word, among: known).map { "'\(names.joined(separator: " ")) \($0)'" }
      message =
        "\(names.joined(separator: " ")) has no command \(JSON(word))"
        + (near.isEmpty
          ? "; see '\(names.joined(separator: " ")) --help'"
          : "; did you mean \(near.joined(separator: " or "))?")
      return
    }
    return nil
  }

  /// The nearest names, at most three, of those that are near at all.
  private static func near(_ word: String, among known: [String]) -> [String] {
    if let synonym = synonyms[word], known.contains(synonym) { return [synonym] }
    let letters = Array(word.lowercased().prefix(50))
    let most = letters.count < 4 ? 1 : 2
    return known.map { (name: $0, distance: editDistance(letters, Array($0))) }
      .filter { $0.distance <= most || $0.name.hasPrefix(word) && letters.count > 1 }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
  }
}

extension ParsableCommand {
  /// What it is called, and its other names.
  fileprivate static var names: [String] { [configuration.commandName ?? ""] + configuration.aliases }
}

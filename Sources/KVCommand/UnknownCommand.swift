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
    var path = CommandPath()
    for word in arguments {
      if path.subcommands.isEmpty || word.hasPrefix("-") || word.isEmpty { return nil }
      if path.follow(word) { continue }
      let known = path.subcommands.filter { $0.configuration.shouldDisplay }.flatMap { $0.names } + ["help"]
      // Anything else may be a connection, with a password.
      guard word.wholeMatch(of: /[A-Za-z0-9_-]{1,30}/) != nil else { return nil }
      // The help of a command: what follows is one.
      if word == "help", path.names.count == 1 { continue }
      if word == "help" || path.command.configuration.defaultSubcommand != nil { return nil }
      let near =
        (Self.synonyms[word].flatMap { known.contains($0) ? [$0] : nil } ?? namesNear(word, among: known))
        .map { "'\(path) \($0)'" }
      message =
        "\(path) has no command \(JSON(word))"
        + (near.isEmpty
          ? "; see '\(path) --help'"
          : "; did you mean \(near.joined(separator: " or "))?")
      return
    }
    return nil
  }
}

import ArgumentParser
import KV

struct Count: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count", abstract: "Count records.",
    subcommands: [CountAll.self, CountPrefix.self, CountRange.self])
}

struct CountAll: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Count all records.", discussion: "EXAMPLE\n  kv count all")

  @OptionGroup(title: "Database") var database: DatabaseOptions

  func run() async throws {
    try await Output.line(String(database.open(for: .read).count(.all)))
  }
}

struct CountPrefix: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prefix", abstract: "Count the records whose keys begin with a prefix.",
    discussion: "EXAMPLE\n  kv count prefix user/")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first bytes of the keys.") var prefix: Text

  func run() async throws {
    try await Output.line(String(database.open(for: .read).count(.prefix(prefix.value))))
  }
}

struct CountRange: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "range", abstract: "Count the records with keys from one key up to, but not with, another.",
    discussion: "EXAMPLE\n  kv count range user/a user/c")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first key.") var from: Text
  @Argument(help: "The key after the last.") var to: Text

  func run() async throws {
    try await Output.line(
      String(database.open(for: .read).count(.range(from: from.value, to: to.value))))
  }
}

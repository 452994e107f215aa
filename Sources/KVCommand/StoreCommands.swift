import ArgumentParser
import KV

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create the tables, or bring them up to date.",
    discussion: "EXAMPLE\n  kv init --connection social.db")

  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    _ = try await database.open(for: .write)
  }
}

struct Put: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Store one JSON value, read from standard input.",
    discussion: "EXAMPLE\n  echo '{\"name\":\"Alice\"}' | kv put user/alice")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The key.") var key: Text
  @Option(help: "-1: no check; 0: the key must not exist; n: it must be at version n.") var version = Number(
    -1)
  @Option(help: "The record's type.") var ofType = "json"

  func run() async throws {
    let expectation = try Expectation(version: version.value)
    let bytes = try Input.all()
    if bytes.isEmpty { throw KVError(.invalidData, "standard input is empty: expected one JSON value") }
    let value = try Input.json(from: bytes, named: "standard input")
    try await database.open(for: .write).put(key.value, value, type: ofType, expecting: expectation)
  }
}

struct Get: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read records.", subcommands: [GetKey.self, GetPrefix.self, GetRange.self])
}

struct GetKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Print the value of a key.", discussion: "EXAMPLE\n  kv get key user/alice")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The key.") var key: Text
  @Flag(help: "Print the version instead of the value.") var printVersion = false
  @Flag(help: "Print the JSON as stored, and nothing else.") var raw = false

  func run() async throws {
    guard let record = try await database.open(for: .read).get(key.value) else {
      throw KVError(.notFound, "no key \(JSON(key.value))")
    }
    if printVersion { return try await Output.line(String(record.version)) }
    if raw { return try await Output.text(record.value.text) }
    try await Output.line(record.value.pretty)
  }
}

struct GetPrefix: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prefix", abstract: "Print the records whose keys begin with a prefix.",
    discussion: "EXAMPLE\n  kv get prefix user/ 0 10")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The first bytes of the keys; no character is special.") var prefix: Text
  @OptionGroup var page: PageArguments
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.print(database.open(for: .read).getPrefix(prefix.value, page: page.page))
  }
}

struct GetRange: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "range", abstract: "Print the records with keys from one key up to, but not with, another.",
    discussion: "EXAMPLE\n  kv get range user/a user/c")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The first key.") var from: Text
  @Argument(help: "The key after the last.") var to: Text
  @OptionGroup var page: PageArguments
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.print(
      database.open(for: .read).getRange(from: from.value, to: to.value, page: page.page))
  }
}

struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print all records, by key.", discussion: "EXAMPLE\n  kv list 0 -1 --output jsonl")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var page: PageArguments
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.print(database.open(for: .read).list(page: page.page))
  }
}

struct Count: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count records.", subcommands: [CountAll.self, CountPrefix.self, CountRange.self])
}

struct CountAll: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Count all records.", discussion: "EXAMPLE\n  kv count all")

  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    try await Output.line(String(database.open(for: .read).count(.all)))
  }
}

struct CountPrefix: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prefix", abstract: "Count the records whose keys begin with a prefix.",
    discussion: "EXAMPLE\n  kv count prefix user/")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The first bytes of the keys.") var prefix: Text

  func run() async throws {
    try await Output.line(String(database.open(for: .read).count(.prefix(prefix.value))))
  }
}

struct CountRange: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "range", abstract: "Count the records with keys from one key up to, but not with, another.",
    discussion: "EXAMPLE\n  kv count range user/a user/c")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The first key.") var from: Text
  @Argument(help: "The key after the last.") var to: Text

  func run() async throws {
    try await Output.line(
      String(database.open(for: .read).count(.range(from: from.value, to: to.value))))
  }
}

struct Delete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete keys, all in one transaction, and say how many there were.",
    discussion: "EXAMPLE\n  kv delete user/alice user/bob")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The keys.") var keys: [Text]

  func run() async throws {
    try await Output.line("Deleted \(database.open(for: .write).delete(keys.map(\.value)))")
  }
}

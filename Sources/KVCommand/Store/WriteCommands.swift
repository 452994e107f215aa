import ArgumentParser
import KV
import KVGraph

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create the tables, or bring them up to date.",
    discussion: "EXAMPLE\n  kv init --connection social.db")

  @OptionGroup(title: "Database") var database: DatabaseOptions

  func run() async throws {
    _ = try await database.open(for: .write)
  }
}

struct Put: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Store one JSON value, given or read from standard input.",
    discussion: """
      EXAMPLE
        kv put user/alice '{"name":"Alice"}'
        curl -s https://example.org/alice.json | kv put user/alice
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The key.", completion: Completion.keys) var key: Text
  @Argument(help: "The value, any JSON; left out or -: from standard input.") var value: Text?
  @Option(help: "-1: no check; 0: the key must not exist; n: it must be at version n.") var version = Number(
    -1)
  @Option(help: "The record's type.") var ofType = Text("json")

  func run() async throws {
    let expectation = try Expectation(version: version.value)
    try KV.validate(key: key.value)
    try NodeReference.validateRecord(key: key.value, type: ofType.value)
    let value = try Input.json(value, named: "the value")
    try await database.open(for: .write).put(key.value, value, type: ofType.value, expecting: expectation)
  }
}

struct Patch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch",
    abstract: "Change parts of a value by a merge patch (RFC 7396), given or read from standard input.",
    discussion: """
      Members that the patch names are replaced or added, null removes one. A key that is absent is made.

      EXAMPLE
        kv patch user/alice '{"name":"Alicia","nick":null}'
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The key.", completion: Completion.keys) var key: Text
  @Argument(help: "The patch; left out or -: from standard input.") var patch: Text?
  @Option(help: "-1: no check; 0: the key must not exist; n: it must be at version n.") var version = Number(
    -1)
  @Option(help: "The record's type.") var ofType = Text("json")

  func run() async throws {
    let expectation = try Expectation(version: version.value)
    try KV.validate(key: key.value)
    let patch = try Input.json(patch, named: "the patch")
    try await database.open(for: .write).patch(
      key.value, with: patch, type: ofType.value, expecting: expectation)
  }
}

import ArgumentParser
import KV
import KVGraph

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create the tables, or bring them up to date.",
    discussion: "EXAMPLE\n  kv init --connection social.db")

  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    _ = try await database.open(for: .write)
  }
}

struct Put: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Store one JSON value, read from standard input.",
    discussion: "EXAMPLE\n  echo '{\"name\":\"Alice\"}' | kv put user/alice")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The key.") var key: Text
  @Option(help: "-1: no check; 0: the key must not exist; n: it must be at version n.") var version = Number(
    -1)
  @Option(help: "The record's type.") var ofType = Text("json")

  func run() async throws {
    let expectation = try Expectation(version: version.value)
    try NodeReference.validateRecord(key: key.value, type: ofType.value)
    let value = try Input.json()
    try await database.open(for: .write).put(key.value, value, type: ofType.value, expecting: expectation)
  }
}

struct Patch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch",
    abstract: "Change parts of a value by a merge patch (RFC 7396) read from standard input.",
    discussion: """
      Members that the patch names are replaced or added, null removes one. A key that is absent is made.

      EXAMPLE
        echo '{"name":"Alicia","nick":null}' | kv patch user/alice
      """)

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The key.") var key: Text
  @Option(help: "-1: no check; 0: the key must not exist; n: it must be at version n.") var version = Number(
    -1)
  @Option(help: "The record's type.") var ofType = Text("json")

  func run() async throws {
    let expectation = try Expectation(version: version.value)
    let patch = try Input.json()
    try await database.open(for: .write).patch(
      key.value, with: patch, type: ofType.value, expecting: expectation)
  }
}

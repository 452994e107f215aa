import ArgumentParser
import KV

struct Get: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Read records; kv get KEY is kv get key KEY.",
    subcommands: [GetKey.self, GetBatch.self, GetPrefix.self, GetRange.self, GetType.self],
    defaultSubcommand: GetKey.self)
}

struct GetKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Print the value of a key.", discussion: "EXAMPLE\n  kv get key user/alice")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The key.", completion: Completion.keys) var key: Text
  @Flag(help: "Print the version instead of the value.") var printVersion = false
  @Flag(help: "Print the JSON as stored, and nothing else.") var raw = false

  func run() async throws {
    let store = try await database.open(for: .read)
    guard let record = try await store.get(key.value) else {
      throw try await store.absence(ofKey: key.value)
    }
    if printVersion { return try await Output.line(String(record.version)) }
    if raw { return try await Output.document(record.value.text, terminator: "") }
    try await Output.document(record.value.pretty)
  }
}

struct GetBatch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract:
      "Print the records found under many keys, by key; the keys from standard input, one a line, if none is given.",
    discussion: "EXAMPLE\n  kv get batch user/alice user/bob")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The keys.", completion: Completion.keys) var keys: [Text] = []
  @OptionGroup var output: ListOptions

  func run() async throws {
    let keys = keys.isEmpty ? try Self.keysFromInput() : keys.map(\.value)
    try await output.print(database.open(for: .read).get(keys), as: .records, inPipe: .json)
  }

  private static func keysFromInput() throws -> [String] {
    guard let text = String(validating: try Input.all().withoutByteOrderMark, as: UTF8.self) else {
      throw KVError(.invalidData, "standard input: the keys are not UTF-8")
    }
    // Keys may hold what else ends lines.
    return text.utf8.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
      .filter { !$0.isEmpty }.map { String(Substring($0)) }
  }
}

struct GetPrefix: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prefix", abstract: "Print the records whose keys begin with a prefix.",
    discussion: "EXAMPLE\n  kv get prefix user/ 0 10")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first bytes of the keys; no character is special.", completion: Completion.keys)
  var prefix: Text
  @OptionGroup var page: PageArguments
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await page.print(.prefix(prefix.value), of: database.open(for: .read), as: output)
  }
}

struct GetRange: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "range", abstract: "Print the records with keys from one key up to, but not with, another.",
    discussion: "EXAMPLE\n  kv get range user/a user/c")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first key.", completion: Completion.keys) var from: Text
  @Argument(help: "The key after the last.", completion: Completion.keys) var to: Text
  @OptionGroup var page: PageArguments
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await page.print(
      .range(from: from.value, to: to.value), of: database.open(for: .read), as: output)
  }
}

struct GetType: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "type", abstract: "Print the records of a type.",
    discussion: "EXAMPLE\n  kv get type Edge 0 10")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The type, as put with --of-type.", completion: Completion.nodeTypes) var type: Text
  @OptionGroup var page: PageArguments
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await page.print(.type(type.value), of: database.open(for: .read), as: output)
  }
}

struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print all records, by key.",
    discussion: "EXAMPLE\n  kv list 0 -1 --format jsonl")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var page: PageArguments
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await page.print(.all, of: database.open(for: .read), as: output)
  }
}

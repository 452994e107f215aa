import ArgumentParser
import KV

struct StreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Read and trim the stream of changes.",
    subcommands: [StreamGet.self, StreamSequence.self, StreamTrim.self])
}

struct StreamGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print the changes from a sequence number on.",
    discussion: "EXAMPLE\n  kv stream get 1 100 --of-type Edge")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The first sequence number.") var sequence = Number(0)
  @Argument(help: "Changes at most; -1 for all.") var limit = Limit(1000)
  @Option(help: "Only changes of records of this type; all for every type.") var ofType: String?

  func validate() throws {
    if sequence.value < 0 { throw ValidationError("the sequence number \(sequence.value) is negative") }
  }

  func run() async throws {
    let entries = try await database.open(for: .read)
      .stream(from: sequence.value, limit: limit.count, type: ConsumerPosition.type(ofType))
    try await Output.line(JSON(elements: entries.map { JSON($0) }).pretty)
    if let last = entries.last, entries.count == limit.count {
      let type = ofType.map { " --of-type \($0)" } ?? ""
      Output.note("next page: kv stream get \(last.sequence + 1) \(entries.count)\(type)")
    }
  }
}

struct StreamSequence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seq", abstract: "Print the sequence number of the latest change; 0 on a new store.",
    discussion: "EXAMPLE\n  kv stream seq")

  @OptionGroup var database: DatabaseOptions

  func run() async throws {
    try await Output.line(String(database.open(for: .read).streamSequence()))
  }
}

struct StreamTrim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trim", abstract: "Forget the changes up to and including a sequence number.",
    discussion: """
      0 forgets nothing, -1 every change. Numbers go on where they were.

      EXAMPLE
        kv stream trim 100
      """)

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The last sequence number to forget; -1 for all.") var sequence: Number

  func validate() throws {
    if sequence.value < -1 { throw ValidationError("the sequence number \(sequence.value) is negative") }
  }

  func run() async throws {
    let through = sequence.value == -1 ? nil : sequence.value
    try await Output.line("Trimmed \(database.open(for: .write).trimStream(through: through))")
  }
}

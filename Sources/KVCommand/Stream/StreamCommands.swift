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

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first sequence number.") var sequence = Number(0)
  @Argument(help: "Changes at most; -1 for all (default: 1000 on a terminal, else all).") var limit: Limit?
  @Option(name: .customLong("limit"), help: "The same as the argument.") var most: Limit?
  @Option(help: "Only changes of records of this type; all for every type.") var ofType: Text?
  @OptionGroup var output: ListOptions

  func validate() throws {
    if sequence.value < 0 { throw ValidationError("the sequence number \(sequence.value) is negative") }
    if limit != nil, most != nil { throw ValidationError("the limit is said twice") }
  }

  @MainActor
  func run() async throws {
    let store = try await database.open(for: .read)
    let wanted = output.count(limit ?? most)
    var printer = output.printer(for: .changes, inPipe: .json)
    var next: Int? = sequence.value
    while let start = next, printer.printed < wanted ?? .max {
      let page = min(1000, (wanted ?? .max) - printer.printed)
      let entries = try await store.stream(
        from: start, limit: page, type: ConsumerPosition.type(ofType?.value))
      for entry in entries { _ = try printer.print(entry) }
      next = entries.count < page ? nil : entries.last.flatMap { $0.sequence < .max ? $0.sequence + 1 : nil }
    }
    try printer.finish()
    if let next, printer.printed == wanted, printer.printed > 0 {
      let words =
        ["kv", "stream", "get", "\(next)", "\(printer.printed)"]
        + (ofType.map { ["--of-type", $0.value] } ?? [])
        + Arguments.ofList
      Output.note("kv: next page: \(words.map(\.quotedForShell).joined(separator: " "))")
    }
  }
}

struct StreamSequence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seq", abstract: "Print the sequence number of the latest change; 0 on a new store.",
    discussion: "EXAMPLE\n  kv stream seq")

  @OptionGroup(title: "Database") var database: DatabaseOptions

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

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The last sequence number to forget; -1 for all.") var sequence: Number

  func validate() throws {
    if sequence.value < -1 { throw ValidationError("the sequence number \(sequence.value) is negative") }
  }

  func run() async throws {
    let through = sequence.value == -1 ? nil : sequence.value
    let store = try await database.open(for: .write)
    try await Output.line("Trimmed \(store.trimStream(through: through))")
    let trimmed = try await store.trimmedSequence()
    for position in try await store.consumerPositions()
    where position.sequence > 0 && position.sequence <= trimmed {
      Output.note(
        "kv: the consumer \(JSON(position.name)) had not read the changes from \(position.sequence) to \(trimmed)"
      )
    }
  }
}

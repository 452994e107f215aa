import ArgumentParser
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct ConsumerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consumer", abstract: "Named, durable positions in the stream of changes.",
    subcommands: [
      ConsumerStream.self, ConsumerGet.self, ConsumerCommit.self, ConsumerStatus.self, ConsumerList.self,
      ConsumerDelete.self,
    ])
}

/// Which changes of the stream, how many at a time.
struct ConsumerOptions: ParsableArguments {
  @Option(help: "Only changes of records of this type; all for every type.") var ofType: Text?
  @Option(help: "Only changes of keys that begin so.") var prefix: Text?
  @Option(help: "Where a consumer begins that is not there yet: now, or a sequence number.") var from:
    StartArgument?
  @Option(help: "Changes at most in a batch.") var limit = Number(10)

  func validate() throws {
    if limit.value < 1 { throw ValidationError("the limit \(limit.value) is less than 1") }
  }
}

/// `now`, or a sequence number.
struct StartArgument: ExpressibleByArgument {
  let start: StreamConsumer.Start

  init?(argument: String) {
    if argument == "now" {
      start = .now
    } else if let sequence = Arguments.integer(argument), sequence >= 0 {
      start = .sequence(sequence)
    } else {
      return nil
    }
  }
}

struct ConsumerGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print the next changes for a consumer, without moving its position.",
    discussion: "EXAMPLE\n  kv consumer get mails --limit 5")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The consumer's name.", completion: Completion.consumers) var name: Text
  @OptionGroup var options: ConsumerOptions
  @OptionGroup var output: ListOptions

  func validate() throws {
    if name.value.isEmpty { throw ValidationError("the name is empty") }
  }

  func run() async throws {
    let store = try await database.open(for: .read)
    let position = try await store.consumerPosition(name.value)
    let start =
      switch (position, options.from?.start) {
      case (let position?, _): position.sequence
      case (nil, .sequence(let sequence)): sequence
      case (nil, .now): try await store.streamSequence() + 1
      case (nil, _): throw try await store.absence(ofConsumer: name.value)
      }
    let type = options.ofType.map { ConsumerPosition.type($0.value) } ?? position?.type
    let prefix = options.prefix?.value ?? ""
    var entries: [StreamEntry] = []
    var next = start
    while entries.count < options.limit.value {
      let page = try await store.stream(
        from: next, limit: prefix.isEmpty ? options.limit.value : 1000, type: type)
      entries += page.filter { $0.record.key.utf8.starts(with: prefix.utf8) }
      guard !prefix.isEmpty, let last = page.last, last.sequence < .max else { break }
      next = last.sequence + 1
    }
    entries = Array(entries.prefix(options.limit.value))
    try await output.print(entries, as: .changes, inPipe: .json)
    if let last = entries.last {
      let words = (name.value.hasPrefix("-") ? "-- " : "") + name.value.quotedForShell
      Output.note("done with them: kv consumer commit \(words) \(last.sequence)")
    }
  }
}

struct ConsumerStream: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Print changes as they come, until interrupted.",
    discussion: """
      One consumer of a stream at a time: a second one waits until the first has ended. What was printed but not \
      committed comes again.

      EXAMPLE
        kv consumer stream mails host-1 --of-type Mail
        kv consumer stream index host-1 --prefix user/ --from now --exec ./index-one.sh
      """)

  enum CommitMode: String, ExpressibleByArgument, CaseIterable {
    case batch, record, none
  }

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The name of the position in the stream.", completion: Completion.consumers) var stream:
    Text
  @Argument(help: "The name of this consumer, which holds the lease.") var consumer: Text
  @OptionGroup var options: ConsumerOptions
  @Option(help: "batch: commit when a batch is printed; record: each change; none: nothing.")
  var commitMode = CommitMode.batch
  @Option(
    name: [.customLong("format"), .customLong("output")],
    help: "json: an object after another, for there is no end; jsonl, csv, text and table: a change a line.")
  var format = ListFormat.json
  @Option(
    help: ArgumentHelp(
      "Run a shell command for each change, in order, which reads it as JSON and finds KV_CHANGE_SEQ, KV_CHANGE_KEY and KV_CHANGE_ACTION in its environment; committed after status 0, and ended by any other.",
      valueName: "command"))
  var exec: Text?
  @Option(help: "How long a dead consumer's lease keeps others waiting; a living consumer extends it.")
  var lockDuration = Length.minutes(5)

  func validate() throws {
    for text in [stream, consumer] where text.value.isEmpty { throw ValidationError("a name is empty") }
    // A read extends the lease, and takes its time.
    if lockDuration.duration < .seconds(1) { throw ValidationError("--lock-duration is less than 1s") }
  }

  func run() async throws {
    let consumer = StreamConsumer(
      try await database.open(for: .write), stream: stream.value, as: consumer.value,
      type: ConsumerPosition.type(options.ofType?.value), prefix: options.prefix?.value,
      from: options.from?.start ?? .beginning,
      lease: lockDuration.duration)
    // An interruption waits for a batch, which of commands is one.
    let (limit, commitMode, name) = (exec == nil ? options.limit.value : 1, commitMode, stream.value)
    let sink: any ChangeSink =
      if let exec { CommandSink(command: exec.value) } else { await ChangePrinter(format) }
    // A reader that is gone is told by the failing write, so that the lease can be given up.
    signal(SIGPIPE, SIG_IGN)
    try await untilInterrupted(watchingOutput: true) {
      // From the first change on.
      var last = 0
      var told: ClosedRange<Int>?
      do {
        while true {
          let batch = try await consumer.nextBatch(
            limit: limit, after: commitMode == .none ? last : nil,
            whenHeld: {
              Output.note("kv: the consumer \(JSON(name)) is held by \(JSON($0)); waiting for it")
            }, whenUnavailable: { Output.note("kv: \($0); trying again") })
          if let missed = await consumer.missed, missed != told {
            told = missed
            Output.note(
              "kv: the changes from \(missed.lowerBound) to \(missed.upperBound) were trimmed before they were read"
            )
          }
          // In a task of its own: an interruption waits for the batch in hand.
          try await Task { try await sink.take(batch, committing: commitMode, to: consumer) }.value
          last = batch.last?.sequence ?? last
        }
      } catch {
        // In a task of its own, for this one may be cancelled.
        try? await Task { try await consumer.release() }.value
        throw error
      }
    }
  }
}

/// Where a consumer's changes go.
@MainActor
private protocol ChangeSink: Sendable {
  func take(
    _ batch: [StreamEntry], committing mode: ConsumerStream.CommitMode, to consumer: StreamConsumer
  ) async throws
}

/// Runs a command for each change, and commits what it has done.
private struct CommandSink: ChangeSink {
  let command: String

  func take(
    _ batch: [StreamEntry], committing mode: ConsumerStream.CommitMode, to consumer: StreamConsumer
  ) async throws {
    for entry in batch {
      do {
        try await ShellCommand(command).run(
          input: JSON(entry).text + "\n",
          environment: [
            "KV_CHANGE_SEQ": String(entry.sequence),
            // No program begins with a longer one; the key is in the JSON too.
            "KV_CHANGE_KEY": entry.record.key.utf8.count <= 100_000 ? entry.record.key : "",
            "KV_CHANGE_ACTION": entry.action.rawValue,
          ])
      } catch let failure as ShellCommand.Failure {
        throw KVError(
          .failed,
          "change \(entry.sequence): \(failure.description.onOneLine); it was not committed and comes again")
      }
      if mode != .none { try await commit(through: entry, of: consumer) }
    }
  }
}

/// Prints changes as they come.
@MainActor
private final class ChangePrinter: ChangeSink {
  private var printer: ListPrinter<StreamEntry>

  /// A table of what has no end has no widths.
  init(_ format: ListFormat) {
    printer = ListPrinter(
      .changes, as: format == .table ? .text : format, to: nil, objects: true, colors: false)
  }

  /// Commits only what is out.
  func take(
    _ batch: [StreamEntry], committing mode: ConsumerStream.CommitMode, to consumer: StreamConsumer
  ) async throws {
    for entry in batch {
      _ = try printer.print(entry)
      if mode == .record {
        try Output.flush()
        try await commit(through: entry, of: consumer)
      }
    }
    try Output.flush()
    if mode == .batch, let last = batch.last { try await commit(through: last, of: consumer) }
  }
}

private func commit(through entry: StreamEntry, of consumer: StreamConsumer) async throws {
  do {
    try await consumer.commit(through: entry.sequence)
  } catch let error as KVError where error.code == .conflict || error.code == .unavailable {
    // The next read goes on from where the consumer stands.
    Output.note("kv: \(error.message)")
  }
}

struct ConsumerCommit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit", abstract: "Move a consumer past a sequence number.",
    discussion: "EXAMPLE\n  kv consumer commit mails 42")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The consumer's name.", completion: Completion.consumers) var name: Text
  @Argument(help: "The last sequence number that is done with; 0 to begin again.") var lastSeq: Number

  func validate() throws {
    if lastSeq.value < 0 { throw ValidationError("the sequence number \(lastSeq.value) is negative") }
    if lastSeq.value == .max { throw ValidationError("the sequence number \(lastSeq.value) is too large") }
  }

  func run() async throws {
    let store = try await database.open(for: .write)
    try await store.withConsumer(name.value) {
      try await store.commitConsumer(name.value, through: lastSeq.value)
    }
    try await Output.line("Committed \(lastSeq.value)")
  }
}

struct ConsumerStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print a consumer's position: seq is the next to be read.",
    discussion: "EXAMPLE\n  kv consumer status mails")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The consumer's name.", completion: Completion.consumers) var name: Text
  @OptionGroup var output: ListOptions

  func run() async throws {
    let store = try await database.open(for: .read)
    guard let position = try await store.consumerPosition(name.value) else {
      throw try await store.absence(ofConsumer: name.value)
    }
    try await output.print(position, as: .positions, inPipe: .json, onTerminal: .json)
  }
}

struct ConsumerList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print the position of every consumer, by name.",
    discussion: "EXAMPLE\n  kv consumer list --format table")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func run() async throws {
    let positions = try await database.open(for: .read).consumerPositions()
    try await output.print(positions, as: .positions, inPipe: .json, window: window)
  }
}

struct ConsumerDelete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Forget a consumer's position.",
    discussion: "EXAMPLE\n  kv consumer delete mails")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The consumer's name.", completion: Completion.consumers) var name: Text

  func run() async throws {
    let store = try await database.open(for: .write)
    try await store.withConsumer(name.value) { try await store.deleteConsumer(name.value) }
    try await Output.line("Deleted 1")
  }
}

import ArgumentParser
import KV

struct Copy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copy",
    abstract: "Write all that the database holds into another one, which is empty; all of it or nothing.",
    discussion: """
      What a dump holds, without a file, between any two of SQLite, PostgreSQL and rqlite. A copy that was ended left nothing \
      behind, and begins anew.

      EXAMPLE
        kv copy --to copy.db
        kv copy --to postgres://localhost/kv --connection social.db
      """)

  @Option(help: ArgumentHelp("The other database, written as in --connection.", valueName: "connection"))
  var to: FileArgument
  @Option(help: "The kind of the other database; told from its connection where left out.") var toType:
    DatabaseOptions.Backend?
  @Flag(help: "Leave the changes out; numbers go on where they are.") var noStream = false
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let source = try await database.open(for: .read)
    let target = try await DatabaseOptions.open(to.bytes, as: toType, for: .load)
    let (total, stream) = (try await source.count(.all), !noStream)
    let tally = Tally(total)
    try await undoneIfInterrupted("nothing was copied") {
      try await target.restore { writer in
        try await source.archive(stream: stream) { items in
          try await writer.write(items)
          await tally.add(items)
        }
      }
    }
    tally.progress.end()
    try Output.line("Copied \(tally.counts.line); \(tally.progress.summary)")
  }

  @MainActor
  private final class Tally {
    private(set) var counts = ArchiveCounts()
    private(set) var progress: Progress

    init(_ total: Int) { progress = Progress("records", of: total) }

    func add(_ items: [ArchiveItem]) {
      counts.count(items)
      progress.advance(by: items.count)
    }
  }
}

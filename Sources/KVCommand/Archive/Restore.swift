import ArgumentParser
import KV

struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make of a dump the database that it is of; all of it or nothing.",
    discussion: """
      Into an empty database only: status 4 where there is anything in it.

      EXAMPLE
        kv restore backup.jsonl --connection new.db
        gunzip < backup.jsonl.gz | kv restore
      """)

  @Argument(help: "The file to read; left out, or -: standard input.") var file: FileArgument?
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let file = file ?? FileArgument(bytes: [UInt8(ascii: "-")])
    if !file.isStandard { Output.protect([file.bytes]) }
    // Before a database is made.
    let dump = DumpReader(file.isStandard ? "standard input" : "\(file)", try Input.chunks(of: file))
    try dump.readStart()
    let store = try await database.open(for: .load)
    try await undoneIfInterrupted("nothing was restored") { @MainActor in
      let (counts, progress) = try await store.restore { @MainActor writer in
        var progress = Progress("records")
        var counts = ArchiveCounts()
        while let items = try dump.nextItems() {
          try Task.checkCancellation()
          counts.count(items)
          try await writer.write(items)
          progress.advance(by: items.count)
        }
        try dump.checkEnd(counts)
        progress.end()
        return (counts, progress)
      }
      try Output.line("Restored \(counts.line); \(progress.summary)")
    }
  }
}

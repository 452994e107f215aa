import ArgumentParser
import KV

struct Dump: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Write all that the database holds, as it is at one moment.",
    discussion: """
      JSON Lines: records with version, type and time, the stream of changes, consumers, tasks, and locks that have not run \
      out. kv restore makes the same database of it, on SQLite, PostgreSQL and rqlite alike.

      EXAMPLE
        kv dump backup.jsonl
        kv dump --no-stream | gzip > backup.jsonl.gz
      """)

  @Argument(help: "The file to write; left out, or -: standard output.") var file: FileArgument?
  @Flag(help: "Leave the changes out; numbers go on where they are.") var noStream = false
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let store = try await database.open(for: .read)
    let file = try self.file?.unlessStandard.map { try OutputFile($0, isPrivate: true) }
    func write(_ lines: [ArchiveLine]) throws {
      var bytes: [UInt8] = []
      for line in lines { bytes += Array(JSON(line).text.utf8) + [0x0A] }
      // On a terminal without the control characters in it.
      if let file {
        try file.write(bytes)
      } else {
        try Output.document(String(decoding: bytes, as: UTF8.self), terminator: "")
      }
    }
    let (stream, total) = (!noStream, try await store.count(.all))
    try await undoneIfInterrupted("the dump is not whole") { @MainActor in
      var counts = ArchiveCounts()
      var progress = Progress("things", of: stream ? 2 * total : total)
      try write([.start])
      try await store.archive(stream: stream) { @MainActor items in
        counts.count(items)
        progress.advance(by: items.count)
        try write(items.map { .item($0) })
      }
      try write([.end(counts)])
      try file?.commit()
      progress.end()
      Output.note("kv: \(counts.line); \(progress.summary)")
    }
  }
}

import ArgumentParser
import KV
import KVSQLite

struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy a SQLite database into a file, while others go on writing.",
    discussion: """
      The file is a database as this one is at one moment. PostgreSQL and rqlite have their own ways (pg_dump, /db/backup); kv \
      dump is for all.

      EXAMPLE
        kv backup /backups/monday.db
      """)

  @Argument(help: "The file to write; one that is there is replaced once the new one is whole.") var file:
    FileArgument
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    guard let store = try await database.open(for: .read) as? SQLiteStore else {
      throw KVError(.usage, "kv backup copies SQLite's files; kv dump writes what any database holds")
    }
    if file.isStandard {
      throw KVError(.usage, "a backup is a database file; kv dump writes to standard output")
    }
    let output = try OutputFile(file, isPrivate: true)
    guard let path = output.temporary else {
      throw KVError(.usage, "\(file) is no file that a database can be")
    }
    let file = file
    try await undoneIfInterrupted("nothing was written") { @MainActor in
      let pages = try await store.driver.backUp(to: path.bytes) { done, total in
        Output.progress("\(done) of \(total) pages, \(done * 100 / max(total, 1)) %")
      }
      Output.progress("")
      try output.commit()
      try Output.line("Backed up \(pages) pages to \(file)")
    }
  }
}

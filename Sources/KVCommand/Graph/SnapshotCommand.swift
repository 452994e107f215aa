import ArgumentParser
import KV
import KVGraph

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Keep the whole graph in a file, from which measures and queries begin at once.",
    discussion: """
      Beside an SQLite database DATA.DB the file DATA.DB-graph; of PostgreSQL and rqlite a file in ~/.cache/kv. Commands that read the whole graph \
      make it by themselves from 10,000 edges on, and follow the stream from there: it is never behind, and never needed. \
      KV_SNAPSHOT=off does without.

      EXAMPLE
        kv graph snapshot
        kv graph snapshot --check
        kv graph snapshot --drop
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Flag(help: "Compare the file with what the database holds; status 1 where it differs.") var check = false
  @Flag(help: "Delete the file.") var drop = false

  func validate() throws {
    if check, drop { throw ValidationError("--check and --drop do not go together") }
  }

  @MainActor
  func run() async throws {
    let store = try await database.open(for: .read)
    guard var snapshot = try await database.snapshot(of: store, creating: !drop && !check) else {
      let reason =
        try database.sqliteLocation == nil && Cache.folder() == nil
        ? Cache.absence
        : try database.sqliteLocation == nil ? "it has had none yet" : "it is in memory"
      throw KVError(.failed, "the database has no snapshot: \(reason)")
    }
    let graph = Graph(store)
    if drop {
      let wasThere = try snapshot.drop()
      return try Output.line(wasThere ? "deleted \(snapshot.path)" : "there was no \(snapshot.path)")
    }
    if check {
      try await snapshot.check(graph)
      return try Output.line("\(snapshot.path) is what the database holds")
    }
    snapshot.leastEdges = 0
    let failures = Failures()
    snapshot.onFailure = { failures.add($0) }
    var progress = Progress("edges")
    var reading = try await snapshot.read(graph, renewing: true) { progress.advance(to: $0) }
    // Somebody may have written meanwhile.
    for _ in 0..<3 where reading.sequence == nil && failures.first == nil {
      reading = try await snapshot.read(graph, renewing: true) { progress.advance(to: $0) }
    }
    progress.end()
    if let failure = failures.first { throw KVError(.failed, failure) }
    guard let sequence = reading.sequence else {
      throw KVError(
        .failed,
        "no snapshot was made: somebody writes all the time, or a transaction that has written is open; try again"
      )
    }
    try Output.line(
      "\(snapshot.path): \(reading.adjacency.nodeCount.counted("node", "nodes")), \(reading.adjacency.edgeCount.counted("edge", "edges")), up to change \(sequence)"
    )
  }
}

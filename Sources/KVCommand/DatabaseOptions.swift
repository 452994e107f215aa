import ArgumentParser
import KV
import KVPostgres
import KVRqlite
import KVSQLite

/// Which database: the global options, before or after the subcommand.
struct DatabaseOptions: ParsableArguments {
  enum Backend: String, ExpressibleByArgument, CaseIterable {
    case sqlite, postgres, rqlite
  }

  @Option(
    help: ArgumentHelp(
      "The kind of database; told from the connection where left out. Also from KV_TYPE.", valueName: "type"))
  var type: Backend?

  @Option(
    help: ArgumentHelp(
      "A path, a file: URI (default: file:data.db?mode=rwc), a postgres:// URL, or the http:// address of rqlite. Also from KV_CONNECTION.",
      valueName: "string")
  )
  var connection: String?

  enum Access {
    /// A database that is not there is made.
    case write
    case read
    /// Like reading; one that is not there counts as an empty one.
    case rehearsal
  }

  func open(for access: Access) async throws -> any GraphStore & Scheduler {
    let connection = connection ?? Environment["KV_CONNECTION"]
    switch try backend(of: connection ?? "") {
    case .sqlite:
      let location = try SQLiteLocation(connection ?? "file:data.db?mode=rwc")
      if access == .rehearsal {
        return try await location.exists
          ? SQLiteStore(location.readOnly, creating: false) : SQLiteStore(sqlite: ":memory:")
      }
      return try await SQLiteStore(location, creating: access == .write)
    case .postgres: return try await PostgresStore(postgres: connection ?? "", creating: access == .write)
    case .rqlite:
      return try await RqliteStore(
        rqlite: connection ?? "http://localhost:4001", creating: access == .write)
    }
  }

  private func backend(of connection: String) throws -> Backend {
    if let type { return type }
    if let name = Environment["KV_TYPE"] {
      guard let type = Backend(rawValue: name) else {
        throw KVError(.usage, "KV_TYPE=\(name): expected sqlite, rqlite or postgres")
      }
      return type
    }
    if connection.hasPrefix("postgres://") || connection.hasPrefix("postgresql://") { return .postgres }
    if connection.hasPrefix("http://") || connection.hasPrefix("https://") { return .rqlite }
    return .sqlite
  }
}

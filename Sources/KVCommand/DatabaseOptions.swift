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
    name: [.customLong("type"), .customLong("backend")],
    help: ArgumentHelp(
      "The kind of database; told from the connection where left out. Also from KV_TYPE.", valueName: "type"))
  var type: Backend?

  @Option(
    help: ArgumentHelp(
      "A path, a file: URI (default: file:data.db?mode=rwc), a postgres:// URL, or the http:// address of rqlite. Also from KV_CONNECTION.",
      valueName: "string")
  )
  var connection: FileArgument?

  enum Access {
    /// A database that is not there is made.
    case write
    case read
    /// Like reading; one that is not there counts as an empty one.
    case dryRun
  }

  /// Whether a database is named, on the command line or by the environment.
  var isNamed: Bool {
    connection != nil || type != nil || Environment.bytes("KV_CONNECTION") != nil
      || Environment["KV_TYPE"] != nil
  }

  func open(for access: Access) async throws -> any GraphStore & Scheduler {
    let bytes = connection?.bytes ?? Environment.bytes("KV_CONNECTION")
    let connection = bytes.map { String(decoding: $0, as: UTF8.self) }
    switch try backend(of: connection ?? "") {
    case .sqlite:
      let location = try SQLiteLocation(bytes: bytes ?? Array("file:data.db?mode=rwc".utf8))
      await Output.protect(location.files)
      if access == .dryRun {
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
    if let name = Environment["KV_TYPE"], !name.isEmpty {
      guard let type = Backend(rawValue: name) else {
        throw KVError(.usage, "KV_TYPE=\(name): expected sqlite, rqlite or postgres")
      }
      return type
    }
    let scheme = connection.prefix { $0 != ":" }.lowercased()
    guard connection.dropFirst(scheme.count).hasPrefix("://") else { return .sqlite }
    return switch scheme {
    case "postgres", "postgresql": .postgres
    case "http", "https": .rqlite
    default: .sqlite
    }
  }
}

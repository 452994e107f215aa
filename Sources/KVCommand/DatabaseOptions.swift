import ArgumentParser
import KV
import KVPostgres
import KVRqlite
import KVSQLite

/// All that commands do in a database.
typealias Database = GraphStore & Scheduler & Archiving

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

  static let optionNames: Set<String> = ["--connection", "--type", "--backend"]

  enum Access {
    /// A database that is not there is made.
    case write
    /// Like writing, where much is loaded at once: of an empty database others are kept out meanwhile.
    case load
    /// One that is not there has nothing that could be changed, and is an error.
    case change
    case read
    /// Like reading; what would change anything is refused by the database itself.
    case onlyRead
    /// Like reading; one that is not there counts as an empty one.
    case dryRun

    /// Whether a database that is not there is made.
    var isCreating: Bool { self == .write || self == .load }
  }

  /// Whether a database is named, on the command line or by the environment.
  var isNamed: Bool {
    connection != nil || type != nil || Environment.bytes("KV_CONNECTION") != nil
      || Environment["KV_TYPE"] != nil
  }

  func open(for access: Access) async throws -> any Database {
    let bytes = connection?.bytes ?? Environment.bytes("KV_CONNECTION")
    return try await Self.open(bytes, as: try type ?? Self.typeOfEnvironment, for: access)
  }

  /// Opens a database.
  /// - Parameters:
  ///   - bytes: its address; `nil` for the default of its kind.
  ///   - type: its kind; told by the address where it is `nil`.
  static func open(_ bytes: [UInt8]?, as type: Backend?, for access: Access) async throws -> any Database {
    let connection = bytes.map { String(decoding: $0, as: UTF8.self) }
    switch type ?? kind(of: connection ?? "") {
    case .sqlite:
      var location = try location(bytes)
      await Output.protect(location.files + [snapshotFile(of: location)].compactMap { $0 })
      if access == .dryRun {
        return try await location.exists
          ? SQLiteStore(location.readOnly, creating: false) : SQLiteStore(sqlite: ":memory:")
      }
      location.refusesWrites = access == .onlyRead
      location.keepsOthersOutOfFirstLoad = access == .load
      return try await SQLiteStore(location, creating: access.isCreating)
    case .postgres:
      var location = try PostgresLocation(connection ?? "")
      location.refusesWrites = access == .onlyRead
      return PostgresStore(try await PostgresDriver(location, creating: access.isCreating))
    case .rqlite:
      var location = try RqliteLocation(connection ?? "http://localhost:4001")
      location.refusesWrites = access == .onlyRead
      return RqliteStore(try await RqliteDriver(location, creating: access.isCreating))
    }
  }

  /// Where an SQLite database is; `nil` for other kinds.
  var sqliteLocation: SQLiteLocation? {
    get throws {
      let bytes = connection?.bytes ?? Environment.bytes("KV_CONNECTION")
      let kind =
        try type ?? Self.typeOfEnvironment
        ?? Self.kind(of: bytes.map { String(decoding: $0, as: UTF8.self) } ?? "")
      return kind == .sqlite ? try Self.location(bytes) : nil
    }
  }

  private static func location(_ bytes: [UInt8]?) throws -> SQLiteLocation {
    try SQLiteLocation(bytes: bytes ?? Array("file:data.db?mode=rwc".utf8))
  }

  private static var typeOfEnvironment: Backend? {
    get throws {
      guard let name = Environment["KV_TYPE"], !name.isEmpty else { return nil }
      guard let type = Backend(rawValue: name) else {
        throw KVError(.usage, "KV_TYPE=\(name): expected sqlite, rqlite or postgres")
      }
      return type
    }
  }

  static func kind(of connection: String) -> Backend {
    let scheme = connection.prefix { $0 != ":" }.lowercased()
    guard connection.dropFirst(scheme.count).hasPrefix("://") else { return .sqlite }
    return switch scheme {
    case "postgres", "postgresql": .postgres
    case "http", "https": .rqlite
    default: .sqlite
    }
  }
}

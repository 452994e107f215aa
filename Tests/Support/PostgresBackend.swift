import CPostgres
import Foundation
import KV
import KVPostgres
import Synchronization

extension TestBackend {
  /// The server that KV_TEST_POSTGRES names, with databases of two locales, and through the pool that KV_TEST_PGBOUNCER
  /// names; none where it is not set.
  public static let postgres: [TestBackend] =
    PostgresTestServer.connection == nil
    ? []
    : ["C", "en_US.UTF-8"].map { locale in
      TestBackend(description: "PostgreSQL (\(locale))", keepsNumbersByValue: true) {
        try PostgresTestDatabase(locale: locale)
      }
    } + pooledPostgres

  public static let pooledPostgres: [TestBackend] =
    PostgresTestServer.pool == nil
    ? []
    : [
      TestBackend(description: "PostgreSQL through PgBouncer", keepsNumbersByValue: true) {
        try PostgresTestDatabase(locale: "C", isPooled: true)
      }
    ]
}

/// A server that may be told to make databases.
public enum PostgresTestServer {
  public static let connection = ProcessInfo.processInfo.environment["KV_TEST_POSTGRES"]
  /// Before the same server, sharing its sessions by the transaction.
  public static let pool = ProcessInfo.processInfo.environment["KV_TEST_PGBOUNCER"]

  private static let run = UInt32.random(in: 0 ... .max)
  private static let count = Atomic(0)

  /// Makes a new, empty database and returns its name.
  public static func makeDatabase(locale: String = "C") throws -> String {
    let name = "kv_test_\(run)_\(count.add(1, ordering: .relaxed).newValue)"
    try query("postgres", "create database \(name) template template0 encoding 'UTF8' locale '\(locale)'")
    return name
  }

  /// The connection to a database, with the server's own words.
  public static func connection(to database: String, isPooled: Bool = false) throws -> String {
    guard let connection = isPooled ? pool : connection, var url = URLComponents(string: connection) else {
      throw KVError(.usage, "KV_TEST_POSTGRES is not the URL of a server")
    }
    url.path = "/" + database
    return url.string ?? connection
  }

  /// Runs SQL as another program would, and gives one column as text.
  @discardableResult
  public static func query(_ database: String, _ sql: String) throws -> [String] {
    let handle = PQconnectdb(try connection(to: database))
    defer { PQfinish(handle) }
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    let result = PQexec(handle, sql)
    defer { PQclear(result) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
      return (0..<PQntuples(result)).map { String(cString: PQgetvalue(result, $0, 0)) }
    default: throw KVError(.failed, "\(sql): \(String(cString: PQerrorMessage(handle)))")
    }
  }
}

private struct PostgresTestDatabase: TestDatabase {
  let name: String
  let isPooled: Bool
  let leaseExpiry = "lock_until"

  init(locale: String, isPooled: Bool = false) throws {
    self.isPooled = isPooled
    name = try PostgresTestServer.makeDatabase(locale: locale)
  }

  func open() async throws -> any Database {
    try await PostgresStore(postgres: PostgresTestServer.connection(to: name, isPooled: isPooled))
  }

  func openOnlyToRead() async throws -> any Database {
    var location = try PostgresLocation(PostgresTestServer.connection(to: name, isPooled: isPooled))
    location.refusesWrites = true
    return PostgresStore(try await PostgresDriver(location, creating: false))
  }

  func query(_ sql: String) async throws -> [String] { try PostgresTestServer.query(name, sql) }
}

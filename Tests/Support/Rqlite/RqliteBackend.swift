import Foundation
import KV
import KVRqlite
import KVSQL
import Synchronization

extension TestBackend {
  /// The server that KV_TEST_RQLITE names, emptied for each test, which must then run one after the other; otherwise
  /// stand-ins.
  public static let rqlite =
    RqliteTestServer.connection.map { connection in
      TestBackend(description: "rqlite") { try await RqliteServerDatabase(connection) }
    } ?? TestBackend(description: "rqlite (stand-in)") { try RqliteStandInTestDatabase() }
}

public enum RqliteTestServer {
  public static let connection = ProcessInfo.processInfo.environment["KV_TEST_RQLITE"]

  /// The connection to an empty database, and what keeps it there.
  public static func makeDatabase() async throws -> (connection: String, keeper: any Sendable) {
    if let connection { return (connection, try await RqliteServerDatabase(connection)) }
    let standIn = try RqliteStandIn()
    return (standIn.origin, standIn)
  }
}

private struct RqliteStandInTestDatabase: TestDatabase {
  let node: RqliteStandIn
  let leaseExpiry = "expires_at"
  private static let all = Mutex<[RqliteStandIn]>([])

  init() throws {
    node = try RqliteStandIn()
    // A store may outlive the test that opened it.
    Self.all.withLock { $0.append(node) }
  }

  func open() async throws -> any Database { try await RqliteStore(rqlite: node.origin) }

  func openOnlyToRead() async throws -> any Database { try await onlyToRead(node.origin) }

  func query(_ sql: String) async throws -> [String] { try node.query(sql) }
}

private struct RqliteServerDatabase: TestDatabase {
  let connection: String
  let leaseExpiry = "expires_at"

  init(_ connection: String) async throws {
    self.connection = connection
    // Tables whose owner is gone would otherwise keep the rows of the test before.
    let tables = try await run(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    for table in tables { try await run("drop table \"\(table)\"") }
  }

  func open() async throws -> any Database { try await RqliteStore(rqlite: connection) }

  func openOnlyToRead() async throws -> any Database { try await onlyToRead(connection) }

  func query(_ sql: String) async throws -> [String] { try await run(sql) }

  @discardableResult
  private func run(_ sql: String) async throws -> [String] {
    let location = try RqliteLocation(connection)
    let reply = try await RqliteSession(location).send(
      to: location.nodes[0] + "/db/request",
      body: Array(JSON(elements: [JSON(elements: [JSON(sql)])]).text.utf8),
      within: .seconds(30), unless: Cancellation())
    let results = try reply.results()
    if let error = results.first?.error { throw KVError(.failed, "\(sql): \(error)") }
    return results.first?.rows.map { $0.text(0) } ?? []
  }
}

private func onlyToRead(_ connection: String) async throws -> any Database {
  var location = try RqliteLocation(connection)
  location.refusesWrites = true
  return RqliteStore(try await RqliteDriver(location, creating: false))
}

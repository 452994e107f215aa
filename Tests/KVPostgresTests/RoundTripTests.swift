import KV
import KVGraph
import KVPostgres
import KVSQL
import Synchronization
import TestSupport
import Testing

@Suite(
  .enabled(if: PostgresTestServer.connection != nil, "KV_TEST_POSTGRES is not set"), .timeLimit(.minutes(60)))
struct RoundTripTests {
  @Test(
    "a path over six levels of a large graph takes one request a level, one for its edges, and one for how types lead"
  )
  func levels() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let driver = CountingDriver(
      try await PostgresDriver(PostgresLocation(PostgresTestServer.connection(to: name))))
    let store = SQLStore(driver)
    // Layers of 1,000 nodes, each with five edges into the next layer.
    let edges = (0..<6).flatMap { layer in
      (0..<1000).flatMap { node in
        (0..<5).map { step in
          let from = NodeReference(type: "N", id: "\(layer)-\(node)")
          let to = NodeReference(type: "N", id: "\(layer + 1)-\((node * 5 + step) % 1000)")
          return Edge(from: from, to: to, type: "t")
        }
      }
    }
    _ = try await store.load {
      try await $0.put(edges.map { NewRecord(key: $0.key, value: $0.json, type: "Edge") }, onConflict: .error)
    }
    let before = driver.requests
    let path = try await Graph(store).shortestPath(
      from: NodeReference(type: "N", id: "0-0"), to: NodeReference(type: "N", id: "6-500")
    ).path
    #expect(path?.depth == 6)
    #expect(driver.requests - before <= 8)
  }
}

private final class CountingDriver: SQLDriver {
  private let driver: PostgresDriver
  private let count = Atomic(0)

  init(_ driver: PostgresDriver) { self.driver = driver }

  var requests: Int { count.load(ordering: .relaxed) }
  var dialect: SQLDialect { driver.dialect }
  var coalescesReads: Bool { driver.coalescesReads }

  func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @escaping @Sendable (inout Result, any SQLRow) throws -> Void
  ) async throws -> Result {
    count.add(1, ordering: .relaxed)
    return try await driver.reduce(statement, into: initial, body)
  }

  func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome] { try await driver.write(statements) }

  func waitForNotification(of table: SQLChannel, since cursor: NotificationCursor, atMost time: Duration)
    async throws -> NotificationCursor
  {
    try await driver.waitForNotification(of: table, since: cursor, atMost: time)
  }

  func beginLoad() async throws -> any SQLLoad { try await driver.beginLoad() }

  func readSnapshot(
    _ queries: [SQLPagedQuery<ArchiveItem>], _ body: @Sendable ([ArchiveItem]) async throws -> Void
  ) async throws {
    try await driver.readSnapshot(queries, body)
  }
}

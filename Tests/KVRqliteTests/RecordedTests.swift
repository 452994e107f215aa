import Foundation
import KV
import KVSQL
import TestSupport
import Testing

@testable import KVRqlite

/// What a real rqlite answered, held against the stand-in and the driver. The recordings lie beside the repository.
@Suite(.enabled(if: Recording.areThere, "no recordings at \(Recording.folder)"), .timeLimit(.minutes(60)))
struct RecordedTests {
  /// Not to be played: it differs from run to run, has no body to send, needs a newer SQLite than may be here, or is
  /// nothing that the driver asks for.
  static let exceptions: Set = [
    "clock in a query", "queued write", "nodes", "2000 statements in one request", "jsonb functions",
    "query associative",
  ]

  @Test("the stand-in gives the replies of a real server")
  func standIn() async throws {
    let node = try RqliteStandIn()
    let session = RqliteSession(try RqliteLocation(node.origin))
    for exchange in try Recording.exchanges("single-node") where !Self.exceptions.contains(exchange.name) {
      let body = exchange.body == .null ? nil : Array((exchange.body.string ?? exchange.body.text).utf8)
      let reply = try await session.send(
        to: node.origin + exchange.path, body: body, within: .seconds(10), unless: Cancellation())
      let text = String(decoding: reply.body, as: UTF8.self)
      #expect(reply.status == exchange.status, "\(exchange.name): \(text)")
      #expect(Self.normal(text) == Self.normal(exchange.reply), "\(exchange.name)")
    }
  }

  /// Escapes are written in several ways, and members in any order.
  private static func normal(_ text: String) -> String {
    guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
      let data = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    else { return text }
    return String(decoding: data, as: UTF8.self)
  }

  /// What the driver is to make of a reply: to a read, and to a write that may not be repeated.
  enum Reading: Equatable { case answered, repeated, unavailable, unknown }

  static let readings: [String: Reading] = [
    "no credentials": .unavailable, "wrong password": .unavailable,
    "user without the right to write": .unavailable,
    "write through a follower just after the leader died": .unknown, "write without a quorum": .unknown,
    "linearizable read just after": .repeated, "linearizable read without a quorum": .repeated,
    "weak read without a quorum": .repeated, "readyz just after": .repeated,
    "readyz without a quorum": .repeated,
  ]

  @Test("the driver reads every reply of a cluster as what it is")
  func cluster() async throws {
    for exchange in try Recording.exchanges("cluster") {
      // Redirections need an address; a connection refused has no reply. Both have tests of their own.
      guard let status = exchange.status, status != 301 else { continue }
      let node = try RqliteStandIn()
      let store = try await RqliteStore(rqlite: node.origin)
      try await store.put("k", .null)
      let isWrite = exchange.path.hasPrefix("/db/execute")
      // A path that the driver does not ask for is fed as the answer to a query.
      node.fail(isWrite ? "/db/execute" : "/db/query", .status(status, body: exchange.reply))
      let before = node.count(isWrite ? "/db/execute" : "/db/query")
      var reading = Reading.answered
      do {
        if isWrite {
          _ = try await store.driver.write([SQLStatement("delete from kv")])
        } else {
          _ = try await store.driver.read(SQLStatement("select 1")) { $0.text(0) }
        }
        if node.count(isWrite ? "/db/execute" : "/db/query") - before > 1 { reading = .repeated }
      } catch let error as KVError {
        #expect(error.code == .unavailable && !error.message.contains("\n"), "\(exchange.name)")
        reading = error.message.contains("may have happened") ? .unknown : .unavailable
      }
      let isAboutNodes = ["/nodes", "/leader"].contains { exchange.path.hasPrefix($0) }
      let expected = isAboutNodes ? .unavailable : Self.readings[exchange.name] ?? .answered
      #expect(reading == expected, "\(exchange.name): \(exchange.reply)")
    }
  }
}

private struct Recording {
  var name: String
  var path: String
  var body: JSON
  var status: Int?
  var reply: String

  static let folder =
    "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/shared/rqlite"
  static let areThere = FileManager.default.fileExists(atPath: folder + "/single-node.json")

  static func exchanges(_ name: String) throws -> [Recording] {
    let file = try JSON(parsing: String(contentsOfFile: "\(folder)/\(name).json", encoding: .utf8))
    return (file["exchanges"]?.elements ?? []).map { exchange in
      let response = exchange["response"]
      return Recording(
        name: exchange["name"]?.string ?? "", path: exchange["request"]?["path"]?.string ?? "",
        body: exchange["request"]?["body"] ?? .null, status: Int(response?["status"]?.text ?? ""),
        reply: response?["body"]?.string ?? "")
    }
  }
}

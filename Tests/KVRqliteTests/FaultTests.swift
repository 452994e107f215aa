import Foundation
import KV
import TestSupport
import Testing

@testable import KVRqlite

/// What a store makes of each way in which rqlite can fail.
@Suite(.timeLimit(.minutes(60))) struct FaultTests {
  let node: RqliteStandIn
  let store: RqliteStore

  init() async throws {
    node = try RqliteStandIn()
    store = try await RqliteStore(rqlite: node.origin + "?timeout=600s")
    try await store.put("k", JSON(1))
  }

  /// Faults after which a node may well answer the next time.
  static let passing: [RqliteStandIn.Fault] = [
    .unavailable, .noLeader, .status(500, body: "leader not found\n"), .status(502, body: ""),
    .leaderLost(wasCarriedOut: false), .leaderLost(wasCarriedOut: true),
  ]

  @Test("a read is repeated until it is answered", arguments: passing)
  func reads(_ fault: RqliteStandIn.Fault) async throws {
    node.fail("/db/query", fault, fault)
    #expect(try await store.get("k")?.value == JSON(1))
  }

  @Test(
    "a write that never got to the leader is repeated, whatever it is",
    arguments: [RqliteStandIn.Fault.unavailable, .noLeader, .status(500, body: "leader not found\n")])
  func writesThatDidNotBegin(_ fault: RqliteStandIn.Fault) async throws {
    node.fail("/db/execute", fault, fault)
    #expect(try await store.put("k", JSON(2)) == 2)
    #expect(try node.query("select count(*) from stream") == ["2"])
  }

  @Test(
    "a write whose answer is lost may have happened, and that is what is said; it is done at most once",
    arguments: [
      (RqliteStandIn.Fault.closeBefore, 1), (.closeAfter, 2), (.cut, 2),
      (.leaderLost(wasCarriedOut: true), 2),
      (.leaderLost(wasCarriedOut: false), 1), (.status(502, body: ""), 1), (.status(500, body: "?"), 1),
    ])
  func unknownOutcomes(_ fault: RqliteStandIn.Fault, version: Int) async throws {
    node.fail("/db/execute", fault)
    let error = await expectError(.unavailable) { try await store.put("k", JSON(2)) }
    #expect(error?.message.contains("may have happened or not") == true)
    #expect(try await store.get("k")?.version == version)
  }

  @Test(
    "a put with a version is repeated after a lost answer, and never counts twice",
    arguments: [
      (RqliteStandIn.Fault.leaderLost(wasCarriedOut: false), true), (.leaderLost(wasCarriedOut: true), false),
    ])
  func versions(_ fault: RqliteStandIn.Fault, succeeds: Bool) async throws {
    node.fail("/db/execute", fault)
    if succeeds {
      #expect(try await store.put("k", JSON(2), expecting: .version(1)) == 2)
    } else {
      // It did happen, but as far as can be told another writer may have done it.
      await expectError(.unavailable) { try await store.put("k", JSON(2), expecting: .version(1)) }
    }
    #expect(try node.query("select version from kv union all select count(*) from stream") == ["2", "2"])
  }

  @Test(
    "a lock, a task and a cancellation are repeated after a lost answer, for a second time changes nothing")
  func harmlessRepetitions() async throws {
    let lost = RqliteStandIn.Fault.leaderLost(wasCarriedOut: true)
    node.fail("/db/execute", lost)
    #expect(try await store.acquireLease("l", holder: "me", duration: .seconds(60)) != nil)
    node.fail("/db/execute", lost)
    let id = try await store.schedule(NewTask("t"))
    #expect(try node.query("select count(*) from tasks") == ["1"])
    node.fail("/db/execute", lost)
    try await store.cancelTask(id)
    #expect(try await store.task(id)?.status == .cancelled)
  }

  @Test("a reply that takes too long is given up at the time limit")
  func slowReplies() async throws {
    let impatient = try await RqliteStore(rqlite: node.origin + "?timeout=5s")
    node.fail("/db/query", .slow(.seconds(600)))
    await expectError(.unavailable) { try await impatient.get("k") }
    node.fail("/db/execute", .slow(.seconds(600)))
    let error = await expectError(.unavailable) { try await impatient.put("k", JSON(2)) }
    #expect(error?.message.contains("may have happened") == true)
  }

  @Test("a cluster that finds no leader in time is unavailable")
  func noLeader() async throws {
    let impatient = try await RqliteStore(rqlite: node.origin + "?timeout=3s")
    for path in ["/db/query", "/db/execute"] {
      for _ in 0..<100 { node.fail(path, .noLeader) }
    }
    await expectError(.unavailable) { try await impatient.get("k") }
    let error = await expectError(.unavailable) { try await impatient.put("k", JSON(2)) }
    #expect(error?.message.contains("may have happened") == false)
  }

  @Test("a read that is cancelled ends at once")
  func cancellation() async throws {
    node.fail("/db/query", .slow(.seconds(30)))
    let asked = node.count("/db/query")
    let read = Task { try await store.get("k") }
    try await waitUntil { node.count("/db/query") != asked }
    read.cancel()
    await #expect(throws: CancellationError.self) { _ = try await read.value }
  }

  @Test("what is no rqlite server is told from one that is away")
  func strangers() async throws {
    for fault in [RqliteStandIn.Fault.page, .status(404, body: ""), .status(200, body: "{}")] {
      let stranger = try RqliteStandIn()
      stranger.fail("/", fault)
      let error = await expectError(.unavailable) { try await RqliteStore(rqlite: stranger.origin) }
      #expect(error?.message.contains("no rqlite server") == true)
    }
  }

  @Test(
    "random faults under many writers: what was acknowledged is there, and versions count each write once")
  func randomFaults() async throws {
    var random = SeededRandom()
    let faults = Self.passing + [.closeBefore, .closeAfter, .cut]
    for _ in 0..<200 {
      node.fail("/db/execute", faults.randomElement(using: &random) ?? .cut)
    }
    let store = store
    let acknowledged = await withTaskGroup(of: Int.self) { group in
      for writer in 0..<8 {
        group.addTask {
          var acknowledged = 0
          for step in 0..<60 {
            do {
              let key = "w\(writer)"
              let version = try await store.get(key)?.version ?? 0
              try await store.put(key, JSON(step), expecting: version == 0 ? .absent : .version(version))
              acknowledged += 1
            } catch {}
          }
          return acknowledged
        }
      }
      return await group.reduce(0, +)
    }
    let versions =
      try node.query("select sum(version) from kv where key like 'w%'").first.flatMap { Int($0) } ?? 0
    let changes = try node.query("select count(*) from stream where key like 'w%'").first.flatMap { Int($0) }
    #expect(versions == changes, "seed \(random.seed)")
    #expect(acknowledged > 100 && versions >= acknowledged && versions <= 8 * 60, "seed \(random.seed)")
  }
}

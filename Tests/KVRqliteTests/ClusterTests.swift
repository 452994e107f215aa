import Foundation
import KV
import KVGraph
import TestSupport
import Testing

@testable import KVRqlite

/// Several nodes, and what crosses between them and a store.
@Suite(.timeLimit(.minutes(60))) struct ClusterTests {
  @Test("where one of the nodes given is away, another is asked")
  func givenNodes() async throws {
    let first = try RqliteStandIn()
    let second = try RqliteStandIn(sharing: first)
    let store = try await RqliteStore(rqlite: "\(first.origin),\(second.origin.dropFirst(7))")
    try await store.put("k", JSON(1))
    first.stop()
    #expect(try await store.get("k")?.value == JSON(1))
    #expect(try await store.put("k", JSON(2)) == 2)
    second.stop()
    await expectError(.unavailable) { try await store.get("k") }
  }

  @Test("a node that is frozen is waited for only until another may be asked, and not first again")
  func frozenNodes() async throws {
    let frozen = try RqliteStandIn()
    let healthy = try RqliteStandIn(sharing: frozen)
    frozen.fail(
      "/db/", .slow(.seconds(600)), .slow(.seconds(600)), .slow(.seconds(600)), .slow(.seconds(600)))
    // Without it the first request alone would take ten minutes.
    let store = try await RqliteStore(
      rqlite: "\(frozen.origin),\(healthy.origin.dropFirst(7))?timeout=600s")
    #expect(try await store.put("k", JSON(1)) == 1)
    #expect(try await store.get("k")?.value == JSON(1))
    #expect(frozen.count("/db/query") == 1 && frozen.count("/db/execute") == 0)
  }

  @Test("the nodes that a node knows are learned, and asked when it goes away")
  func learnedNodes() async throws {
    let first = try RqliteStandIn()
    let second = try RqliteStandIn(sharing: first)
    first.tell(of: [first, second])
    let store = try await RqliteStore(rqlite: first.origin)
    try await waitUntil { store.driver.cluster.nodes.count >= 2 }
    first.stop()
    #expect(try await store.put("k", JSON(1)) == 1)
  }

  @Test("a redirection is followed to a node of the cluster, with the password")
  func redirection() async throws {
    let follower = try RqliteStandIn(credentials: "me:secret")
    let leader = try RqliteStandIn(sharing: follower, credentials: "me:secret")
    follower.tell(of: [follower, leader])
    let port = follower.origin.split(separator: ":").last ?? ""
    let store = try await RqliteStore(rqlite: "http://me:secret@127.0.0.1:\(port)")
    follower.fail("/db/execute", .redirect(to: leader.origin))
    #expect(try await store.put("k", JSON(1)) == 1)
    #expect(leader.count("/db/execute") == 1)
  }

  @Test("a redirection elsewhere is not followed: name and password stay in the cluster")
  func foreignRedirection() async throws {
    let node = try RqliteStandIn()
    let stranger = try RqliteStandIn()
    let store = try await RqliteStore(rqlite: node.origin)
    node.fail("/db/query", .redirect(to: stranger.origin))
    let error = await expectError(.unavailable) { try await store.get("k") }
    #expect(error?.message.contains("no node of the cluster") == true)
    #expect(stranger.count("/db/query") == 0)
  }

  @Test(
    "the password may stand before the host or among the parameters; a wrong one is refused and not shown")
  func credentials() async throws {
    let node = try RqliteStandIn(credentials: "me:s&cret/ü")
    let host = node.origin.dropFirst(7)
    for connection in [
      "http://me:s%26cret%2F%C3%BC@\(host)", "\(node.origin)?user=me&password=s%26cret%2F%C3%BC",
    ] {
      try await RqliteStore(rqlite: connection).put("k", .null)
    }
    for connection in [node.origin, "http://me:wr0ng@\(host)", "\(node.origin)?user=me&password=wr0ng"] {
      let error = await expectError(.unavailable) { try await RqliteStore(rqlite: connection) }
      #expect(error?.message.contains("refused the user name or the password") == true)
      #expect(error?.message.contains("wr0ng") == false)
    }
  }

  @Test("locks and tasks go by the clock of the leader, not by the client's")
  func clock() async throws {
    let node = try RqliteStandIn()
    let store = try await RqliteStore(rqlite: node.origin)
    #expect(try await store.acquireLease("l", holder: "me", duration: .seconds(3600)) != nil)
    let id = try await store.schedule(NewTask("t", due: .at(#require(Timestamp("2031-01-01T00:00:00Z")))))
    #expect(try await store.leaseTask(runner: "r", names: ["t"], lease: .seconds(60)) == nil)
    node.setClock(ahead: .seconds(10 * 366 * 86_400))
    #expect(try await store.lease("l")?.isExpired == true)
    let task = try #require(try await store.leaseTask(runner: "r", names: ["t"], lease: .seconds(60)))
    let locked = try #require(task.locked)
    #expect(task.id == id && "\(locked)" > "2036")
    let delayed = try #require(try await store.task(store.schedule(NewTask("t", due: .after(.seconds(60))))))
    #expect("\(delayed.scheduledFor)" > "2036")
  }

  @Test("writers that wait at the same time share a request")
  func sharedRequests() async throws {
    let node = try RqliteStandIn()
    let store = try await RqliteStore(rqlite: node.origin)
    let before = node.count("/db/execute")
    node.fail("/db/execute", .slow(.milliseconds(300)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<100 { group.addTask { try await store.put("k\(writer)", .null) } }
      try await group.waitForAll()
    }
    #expect(try await store.count(.all) == 100)
    #expect(node.count("/db/execute") - before <= 20)
  }

  @Test("a path over six levels takes at most fourteen requests")
  func pathRequests() async throws {
    let node = try RqliteStandIn()
    let store = try await RqliteStore(rqlite: node.origin)
    let graph = Graph(store)
    var edges: [String] = []
    for level in 0..<6 {
      for from in 0..<20 {
        for to in 0..<10 {
          edges.append(
            #"{"from":"N:\#(level)-\#(from)","to":"N:\#(level + 1)-\#((from + to) % 20)","type":"t"}"#)
        }
      }
    }
    _ = try await graph.load(lines(edges))
    let before = node.count("/db/query")
    let path = try await graph.shortestPath(
      from: NodeReference(type: "N", id: "0-0"), to: NodeReference(type: "N", id: "6-7")
    ).path
    #expect(path?.depth == 6)
    #expect(node.count("/db/query") - before <= 14)
  }
}

/// A file of these lines.
func lines(_ lines: [String]) -> ImportSource {
  ImportSource(name: "edges.jsonl", text: lines.joined(separator: "\n"))
}

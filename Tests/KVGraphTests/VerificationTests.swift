import KV
import KVSQLite
import TestSupport
import Testing

@testable import KVGraph

@Suite struct VerificationTests {
  func faults(of graph: Graph, repairing: Bool = false) async throws -> ([GraphFault], GraphVerification) {
    var faults: [GraphFault] = []
    let result = try await graph.verify(repairing: repairing) { faults.append($0) }
    #expect(result.faults == faults.count)
    return (faults, result)
  }

  @Test("each fault of a record is found, and mended without a loss", arguments: TestBackend.all)
  func records(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    try await graph.add(edge("U:a", "t", "U:b", #"{"w":1}"#))
    #expect(try await faults(of: graph).1.edges == 1)
    let store = graph.store
    let (prefix, nodes) = ("graph/edge/", #""from":{"id":"x y","type":"U"},"to":{"id":"b","type":"U"}"#)
    try await store.put(prefix + "U/a b/t/U/c", JSON("not canonical"))
    try await store.put(prefix + "U/x y/t/U/b", JSON(parsing: "{\"data\":7,\(nodes),\"type\":\"t\"}"))
    try await store.put(prefix + "U/c/t/U/d", JSON(parsing: #"{"w":2,"from":"2020"}"#))
    try await store.put(
      prefix + "U/d/t/U/e", JSON(parsing: "{\"data\":8,\(nodes),\"type\":\"t\"}"), type: "Edge")
    try await store.put(
      prefix + "U/e/t/U/f",
      JSON(parsing: #"{"from":{"id":"e","type":"U"},"to":{"id":"f","type":"U"},"type":"t","more":9}"#))
    try await store.put("u/nobody", JSON(1))

    let (found, seen) = try await faults(of: graph)
    #expect(found.map(\.kind) == [.key, .value, .value, .type, .key])
    #expect(seen.undeclared.map(\.folder) == ["u"] && seen.repaired == 0 && seen.edges == 6)
    let (mended, repair) = try await faults(of: graph, repairing: true)
    #expect(mended.map(\.isRepaired) == [false, true, true, true, true])
    #expect(repair.repaired == 4)
    let (left, _) = try await faults(of: graph)
    #expect(left.map(\.key) == [prefix + "U/a b/t/U/c"])
    #expect(try await store.get(prefix + "U/x%20y/t/U/b")?.value["data"] == JSON(7))
    #expect(try await store.get(prefix + "U/x y/t/U/b") == nil)
    #expect(try await store.get(prefix + "U/c/t/U/d")?.value["data"]?.text.contains("2020") == true)
    #expect(try await store.get(prefix + "U/d/t/U/e")?.value["data"] == JSON(8))
    #expect(try await store.get(prefix + "U/e/t/U/f")?.value["data"]?["more"] == JSON(9))
    #expect(try await store.get(prefix + "U/a b/t/U/c")?.value == JSON("not canonical"))
  }

  @Test("the records of a-h/kv's index are made to agree with the edges", arguments: TestBackend.all)
  func indexRecords(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.database().keepingIndexRecords())
    let store = graph.store
    try await store.put("graph/node/U/z/outgoing/t/U/y", JSON(1), type: "EdgeRef")
    try await graph.add(edge("U:a", "t", "U:b"))
    _ = try await store.delete(["graph/node/U/b/incoming/t/U/a"])
    let (found, _) = try await faults(of: graph)
    #expect(found.map(\.key) == ["graph/node/U/b/incoming/t/U/a", "graph/node/U/z/outgoing/t/U/y"])
    #expect(try await faults(of: graph, repairing: true).1.repaired == 2)
    #expect(try await faults(of: graph).0.isEmpty)
    #expect(try await store.get("graph/node/U/b/incoming/t/U/a")?.type == "EdgeRef")
  }

  @Test func theIndexOfIncomingEdgesIsMadeToAgree() async throws {
    let path = TemporaryFolder().database
    let graph = Graph(try await SQLiteStore(sqlite: path))
    for to in ["b", "c"] { try await graph.add(edge("U:a", "t", "U:\(to)")) }
    try sqliteQuery(path, "delete from kv_edge_incoming where target = 'U/b'")
    try sqliteQuery(
      path,
      "insert into kv_edge_incoming values ('U/c', 'graph/edge/U/none/t/U/c'), ('U/z', 'graph/edge/U/a/t/U/c')"
    )
    let (found, _) = try await faults(of: graph)
    #expect(
      found.map(\.key) == ["graph/edge/U/a/t/U/b", "graph/edge/U/a/t/U/c", "graph/edge/U/none/t/U/c"])
    #expect(found.allSatisfy { $0.kind == .index })
    #expect(try await faults(of: graph, repairing: true).1.repaired == 3)
    #expect(try await faults(of: graph).0.isEmpty)
    #expect(try await graph.incoming(of: node("U:b")).first { _ in true } != nil)
  }
}

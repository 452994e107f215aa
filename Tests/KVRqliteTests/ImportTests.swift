import KV
import KVGraph
import KVRqlite
import TestSupport
import Testing

/// Files that fit one request, and files that do not.
@Suite(.timeLimit(.minutes(60))) struct ImportTests {
  let node: RqliteStandIn
  let graph: Graph

  init() async throws {
    node = try RqliteStandIn()
    graph = Graph(try await RqliteStore(rqlite: node.origin))
  }

  func edge(_ number: Int) -> String { #"{"from":"N:\#(number)","to":"N:x","type":"t","data":{"n":1.50}}"# }

  @Test("a file that fits one request is all or nothing")
  func small() async throws {
    _ = try await graph.load(lines([edge(1)]))
    let error = await expectError(.conflict) { try await graph.load(lines([edge(2), edge(3), edge(1)])) }
    #expect(error?.message.hasPrefix("edges.jsonl:3: ") == true && error?.recordsKept == 0)
    #expect(try node.query("select count(*) from kv") == ["1"])
    let requests = node.count("/db/execute")
    let summary = try await graph.load(lines((10..<15_010).map(edge)))
    #expect(summary.edges.added == 15_000)
    #expect(node.count("/db/execute") - requests == 1)
  }

  @Test(
    "of a larger file what was stored before a failure stays, which is said, and a second import finishes it")
  func large() async throws {
    let file = (0..<24_000).map(edge)
    _ = try await graph.load(lines([edge(22_000)]))
    let error = await expectError(.conflict) { try await graph.load(lines(file)) }
    #expect(error?.message.hasPrefix("edges.jsonl:22001: ") == true)
    #expect(error?.message.contains("20000 of its records are stored already") == true)
    #expect(try node.query("select count(*) from kv") == ["20001"])
    let summary = try await graph.load(lines(file), options: ImportOptions(onConflict: .skip))
    #expect(summary.edges.added == 3_999 && summary.edges.skipped == 20_001)
    #expect(try node.query("select count(*) from stream") == ["24000"])
  }
}

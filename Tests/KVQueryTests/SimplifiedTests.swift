import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Questions that are answered more simply than they are asked answer the same.
@Suite struct SimplifiedTests: PatternSuite {
  /// Each beside one that says the same so that nothing can be simplified.
  private static let questions = [
    (
      "MATCH (a)-[r]-(b) WHERE type(r) = 'e' RETURN a, b",
      "MATCH (a)-[r]-(b) WHERE [type(r)] = ['e'] RETURN a, b"
    ),
    (
      "MATCH (a)-[r]->(b) WHERE a.n < 3 AND type(r) IN ['e', 'x'] RETURN a, b",
      "MATCH (a)-[r]->(b) WHERE a.n < 3 AND [type(r)] = ['e'] RETURN a, b"
    ),
    (
      "MATCH (a) OPTIONAL MATCH (a)-[r]->(b) WHERE 'u' = type(r) RETURN a, b",
      "MATCH (a) OPTIONAL MATCH (a)-[r]->(b) WHERE ['u'] = [type(r)] RETURN a, b"
    ),
    (
      "MATCH ANY SHORTEST (a)-[r]->(b) WHERE type(r) = 'u' RETURN a, b",
      "MATCH ANY SHORTEST (a)-[r]->(b) WHERE [type(r)] = ['u'] RETURN a, b"
    ),
    ("MATCH (a)-[r:u]->(b) WHERE type(r) = 'e' RETURN a", "MATCH (a) WHERE false RETURN a"),
    (
      "MATCH (a) WHERE NOT EXISTS { (a)-[:e]->(x {n: 2}) } RETURN a, count(*)",
      "MATCH (a) WHERE NOT EXISTS { MATCH (a)-[:e]->(x {n: 2}) WHERE true RETURN 1 } RETURN a, count(*)"
    ),
    (
      "MATCH (a) WHERE COUNT { (a)-[:u]-() } = 0 RETURN count(*)",
      "MATCH (a) WHERE COUNT { MATCH (a)-[:u]-() RETURN 1 } + 1 = 1 RETURN count(*)"
    ),
    (
      "MATCH (a) WHERE COUNT { (a)<-[:e]-() } > 0 RETURN a",
      "MATCH (a) WHERE size([(a)<-[:e]-() | 1]) > 0 RETURN a"
    ),
    ("MATCH (a)-[*]->(b) RETURN DISTINCT a, b", "MATCH p = (a)-[*]->(b) WITH p, a, b RETURN DISTINCT a, b"),
    (
      "MATCH (a)-[:e|u*0..3]-(b:T) RETURN a, count(DISTINCT b), max(b.n)",
      "MATCH p = (a)-[:e|u*0..3]-(b:T) WITH p, a, b RETURN a, count(DISTINCT b), max(b.n)"
    ),
    (
      "MATCH (a {id: 'a'})-[:u|e]-{1,3}(b) WHERE b.n > 1 WITH DISTINCT b RETURN b.id",
      "MATCH p = (a {id: 'a'})-[:u|e]-{1,3}(b) WHERE b.n > 1 WITH p, b WITH DISTINCT b RETURN b.id"
    ),
    (
      "MATCH ACYCLIC (a)--+(b) RETURN DISTINCT a, b",
      "MATCH p = ACYCLIC (a)--+(b) WITH p, a, b RETURN DISTINCT a, b"
    ),
    ("MATCH SIMPLE (a)--+(a) RETURN DISTINCT a", "MATCH p = SIMPLE (a)--+(a) WITH p, a RETURN DISTINCT a"),
    (
      "MATCH (a)-[r*1..3]->(b) RETURN DISTINCT b, size(r)",
      "MATCH (a)-[r*1..3]->(b) WITH a, b, r RETURN DISTINCT b, size(r)"
    ),
    (
      "MATCH (a)-[*2..4]-(b) RETURN DISTINCT a, b",
      "MATCH p = (a)-[*2..4]-(b) WITH p, a, b RETURN DISTINCT a, b"
    ),
    ("MATCH (a)-[*1..3]->(b) RETURN b, count(*)", "MATCH p = (a)-[*1..3]->(b) WITH p, b RETURN b, count(*)"),
  ]

  @Test(arguments: TestBackend.all)
  func answersAreTheSame(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    let beside = #"{"from":"T:b","to":"S:c","type":"e"}"#
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: mixed + "\n" + beside))
    for (question, plain) in Self.questions {
      #expect(try await rows(graph, question).sorted() == rows(graph, plain).sorted(), "\(question)")
    }
  }

  /// What EXISTS asks of many rows is answered for all of them at once.
  @Test(arguments: TestBackend.all)
  func whatManyRowsAskIsTheSame(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    let graph = Graph(try await backend.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    func number() -> Int { Int.random(in: 0..<60, using: &random) }
    var lines = (0..<60).map { #"{"type":"\#($0 % 3 == 0 ? "S" : "T")","id":"\#($0)","n":\#($0 % 7)}"# }
    for key in 0..<45 {
      let (from, to) = (number(), key % 9 == 0 ? number() / 20 : number())
      lines.append(
        #"{"from":"\#(from % 3 == 0 ? "S" : "T"):\#(from)","to":"\#(to % 3 == 0 ? "S" : "T"):\#(to)","type":"\#(key % 4 == 0 ? "u" : "e")","key":"\#(key)"}"#
      )
    }
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: lines.joined(separator: "\n")))
    let ends = [
      "(b:S)", "(b:T {n: 2})", "(b {id: '3'})", "(b WHERE b.n < 2)", "()", "(b:S|T)", "(b:S) WHERE b.n = 3",
    ]
    let edges = ["-[:e]->+", "-[]-{1,3}", "<-[:e]-*", "-[:u]->+", "-[:e|u]->{0,2}", "<-[]-+", "-[:none]->*"]
    let isWhole = backend.description == TestBackend.sqlite.description
    for edge in edges.prefix(isWhole ? .max : 2) {
      for end in ends.prefix(isWhole ? .max : 3) {
        for (mode, asked) in [("", "a:T"), ("SIMPLE ", "a")] {
          let text = "MATCH \(mode)(a)\(edge)\(end)"
          let exists = try await rows(graph, "MATCH (\(asked)) WHERE EXISTS { \(text) } RETURN a").sorted()
          let listed = try await rows(
            graph,
            "MATCH (\(asked)) MATCH p = \(mode)(a)\(edge)\(end) WITH p, a WITH DISTINCT a RETURN a"
          ).sorted()
          #expect(exists == listed, "\(text), seed \(random.seed)")
          let denied = try await rows(graph, "MATCH (\(asked)) WHERE NOT EXISTS { \(text) } RETURN count(*)")
          let all = asked == "a" ? 60 : 40
          #expect(denied == ["\(all - exists.count)"], "\(text), seed \(random.seed)")
        }
      }
    }
  }

  @Test func whereverAWayLeadsIsFoundWithoutListingAllWays() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let layers = 12
    let edges = (0..<layers).flatMap { layer in
      (0..<8).flatMap { from in
        (0..<8).map { #"{"from":"N:\#(layer)_\#(from)","to":"N:\#(layer + 1)_\#($0)","type":"d"}"# }
      }
    }
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: edges.joined(separator: "\n")))
    for (query, expected) in [
      ("MATCH (a:N {id: '0_0'})-[:d*]->(b) RETURN count(DISTINCT b)", "\(layers * 8)"),
      ("MATCH (a:N {id: '0_0'})-[:d]->+(b:N {id: '12_7'}) RETURN DISTINCT b.id", "12_7"),
      ("MATCH p = ALL SHORTEST (:N {id: '0_0'})-[:d]->+(:N {id: '12_0'}) RETURN length(p) LIMIT 1", "12"),
      (
        "MATCH p = SHORTEST 1 GROUPS (:N {id: '12_0'})<-[:d]-+(:N {id: '0_0'}) RETURN length(p) LIMIT 1", "12"
      ),
      ("MATCH (a:N {id: '0_0'})-[:d*1..11]->(b) WITH DISTINCT b RETURN count(*)", "\((layers - 1) * 8)"),
    ] {
      #expect(try await rows(graph, query) == [expected], "\(query)")
    }
  }
}

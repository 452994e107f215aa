import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// What GQL has beyond openCypher, and what is said to who writes another language.
@Suite struct GQLTests: PatternSuite {
  private func graph() async throws -> Graph {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    let text = #"""
      {"edges":[{"from":"A:1","to":"A:2","type":"t"},{"from":"A:1","to":"A:1","type":"t"},
        {"from":"A:1","to":"A:2","type":"u","data":{"w":1}},{"from":"A:2","to":"A:3","type":"u","data":{"w":2}}]}
      """#
    _ = try await graph.load(ImportSource(name: "g.json", text: text))
    return graph
  }

  @Test func testsOfBooleansKnowNull() async throws {
    let graph = try await graph()
    let tests = "x IS TRUE, x IS FALSE, x IS UNKNOWN, x IS NOT TRUE, x IS NOT FALSE, x IS NOT UNKNOWN"
    #expect(
      try await rows(graph, "UNWIND [true, false, null] AS x RETURN \(tests)") == [
        "true | false | false | false | true | true", "false | true | false | true | false | true",
        "false | false | true | true | true | false",
      ])
  }

  @Test func samePathsAreTakenOnceAndSameNodesTogether() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await rows(
      graph,
      "CREATE (:A {id: '1', n: 1})-[:t {w: 1}]->(:A {id: '2', n: 2})-[:t {w: 1}]->(:A {id: '3', n: 3})-[:s {w: 1}]->(:B {id: '4'})",
      isWriting: true)
    let twice = "(a {id: '1'})-[]->*()-[]->*(b {id: '3'})"
    for (query, expected) in [
      // No length at all is a match of its own where there may be none.
      ("MATCH (x:A) OPTIONAL MATCH (x)-[:t]->(y)-[*0]->(z) RETURN count(*)", ["3"]),
      (
        "MATCH (x:A) OPTIONAL MATCH (x)-[:t]->(y)-[*0]->(z) RETURN x.id, count(*) ORDER BY x.id",
        ["1 | 1", "2 | 1", "3 | 1"]
      ),
      ("MATCH (x:A), (y:A) OPTIONAL MATCH (x)-[*0]->(y) RETURN count(*)", ["9"]),
      ("MATCH (x:B) OPTIONAL MATCH (a)-[*0]->(b)-[*0]->(c) RETURN count(*)", ["4"]),
      // Brackets without a quantifier take no condition away.
      ("MATCH (a:A {n: 1})(({n: 2})-[]->(b)) RETURN b.id", []),
      ("MATCH (()-[]->({n: 2}))(b {n: 3}) RETURN b.id", []),
      ("MATCH (()-[]->({n: 2}))(b {id: '2'}) RETURN b.id", ["2"]),
      // A path that fits in several ways is one.
      ("MATCH p = SHORTEST 2 \(twice) RETURN length(p)", ["2"]),
      ("MATCH p = ANY 3 \(twice) RETURN length(p)", ["2"]),
      ("MATCH p = ALL SHORTEST \(twice) RETURN length(p)", ["2"]),
      ("MATCH p = SHORTEST 2 GROUPS \(twice) RETURN length(p)", ["2"]),
      (
        "MATCH p = CHEAPEST 2 (a {id: '1'})-[r COST r.w]->*()-[s COST s.w]->*(b {id: '3'}) RETURN length(p)",
        ["2"]
      ),
      (
        "MATCH p = SHORTEST 5 (a {id: '1'})((x)-[]->{0,1}(y)){0,3}(b) RETURN b.id, length(p) ORDER BY b.id",
        [
          "1 | 0", "2 | 1", "3 | 2", "4 | 3",
        ]
      ),
      // Those that are others still are.
      (
        "MATCH p = SHORTEST 9 (a {id: '1'})-[]->*()-[]->*(b) RETURN b.id, length(p) ORDER BY b.id",
        [
          "1 | 0", "2 | 1", "3 | 2", "4 | 3",
        ]
      ),
    ] { #expect(try await rows(graph, query) == expected, "\(query)") }
    _ = try await rows(graph, "MATCH (a {id: '1'}), (c {id: '3'}) CREATE (a)-[:t]->(c)", isWriting: true)
    #expect(try await rows(graph, "MATCH p = SHORTEST 2 \(twice) RETURN length(p)") == ["1", "2"])
  }

  /// Edges as Kuzu, Memgraph and GQL's other forms have them.
  @Test(arguments: [
    ("(a)-[:t* SHORTEST 1..4]->(b)", "ANY SHORTEST"), ("(a)-[:t*BFS 1..5]->(b)", "ANY SHORTEST"),
    ("(a)-[:t* ALL SHORTEST 1..4]->(b)", "ALL SHORTEST"),
    ("(a)-[:t*wShortest (r, n | r.w)]->(b)", "CHEAPEST"),
    ("(a)-[:t*1..2 (r, n | WHERE r.w > 1)]->(b)", "((x)-[r:t]->(y) WHERE"),
    ("(a)-[* ACYCLIC 1..3]->(b)", "ACYCLIC (a)"),
    ("(a)-[:t+]->(b)", "behind the arrow"), ("(a)-[:t{1,2}]->(b)", "behind the arrow"),
    ("(a)-[:t]{1,2}->(b)", "behind the arrow"), ("(a)-[:t]+->(b)", "behind the arrow"),
    ("(a)-[e*1..2:t]->(b)", "before the length"), ("(a)-[:t {w: 1}*1..2]->(b)", "before the properties"),
    ("(a)-[:t]->{1..2}(b)", "{1,3}"), ("(a)~[:t]~>(b)", "~[:t]~"), ("(a)<~[:t]~(b)", "~[:t]~"),
    ("(a)-/:t/->(b)", "-[:t]->"), ("ANY SHORTEST p = (a)-[:t]->+(b)", "p = ANY SHORTEST"),
    ("ANY SHORTEST 2 (a)-[:t]->+(b)", "SHORTEST 2"), ("p = ALL CHEAPEST (a)-[:t]->+(b)", "CHEAPEST 3"),
  ])
  func edgesOfOtherLanguagesAreTold(pattern: String, advice: String) async throws {
    let graph = try await graph()
    let error = await #expect(throws: KVError.self) {
      _ = try await rows(graph, "MATCH \(pattern) RETURN count(*)")
    }
    #expect(error?.code == .invalidData && error?.message.contains(advice) == true, "\(error?.message ?? "")")
  }

  /// Sixty diamonds in a row, of which the walks to the first few ends are soon counted and those through all of them never.
  @Test(arguments: [
    ("(a {id: '0'})-[:t]->+(b {id: '3'})", 8), ("(a {id: '0'})-[:t*]->(b {id: '3'})", 8),
    ("(b {id: '3'})<-[:t]-+(a {id: '0'})", 8), ("(a {id: '0'})((x)-[:t]->(y))+(b {id: '3'})", 8),
    ("(a {id: '57'})-[:t]->+(b {id: '60'})", 8), ("(a {id: '3'})-[:t]->+(b {id: '0'})", 0),
  ])
  func walksThatCannotComeToTheirEndAreNotFollowed(pattern: String, count: Int) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let edges = (0..<60).flatMap { number in
      ["a", "b"].flatMap { side in
        [("\(number)", "\(number)\(side)"), ("\(number)\(side)", "\(number + 1)")].map { from, to in
          #"{"from":"P:\#(from)","to":"P:\#(to)","type":"t"}"#
        }
      }
    }
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: edges.joined(separator: "\n")))
    #expect(try await rows(graph, "MATCH \(pattern) RETURN count(*)") == ["\(count)"])
    #expect(try await rows(graph, "MATCH p = \(pattern) RETURN length(p)").count == count)
  }

  @Test func directionIsTold() async throws {
    let graph = try await graph()
    for (query, expected) in [
      ("MATCH ()-[e]-() WHERE e IS DIRECTED RETURN count(*)", "3"),
      ("MATCH ()-[e]-() WHERE e IS NOT DIRECTED RETURN count(*)", "4"),
      ("MATCH ()~[e]~() RETURN count(e)", "4"), ("MATCH (a)~(b) RETURN count(*)", "4"),
      ("MATCH (a {id: '1'})~[:u|t]~{1,2}(b) RETURN collect(b.id)", #"["2", "3"]"#),
      ("MATCH ()~[e:u WHERE e.w > 1]~() RETURN count(*)", "2"),
      ("MATCH p = ANY SHORTEST (:A {id: '1'})~[:u]~+(:A {id: '3'}) RETURN length(p)", "2"),
      ("MATCH (a)-[e]-(b) WHERE a IS SOURCE OF e AND b IS DESTINATION OF e RETURN count(*)", "2"),
      ("MATCH (a)-[e]-(b) WHERE a IS NOT SOURCE OF e RETURN count(*)", "5"),
    ] {
      let found = try await rows(graph, query)
      #expect(found == [expected], "\(query)")
    }
  }

  /// Words that are keywords only before a value.
  @Test func variablesMayBeCalledAsTheKeywordsAre() async throws {
    let graph = try await graph()
    for (query, expected) in [
      ("WITH 3 AS all RETURN sum(all + 1), sum(all - 1), collect(all + 0)", "4 | 2 | [3]"),
      (
        "WITH [7] AS all RETURN collect(all[0]), count(all), count(all IS NULL), count(ALL all)",
        "[7] | 1 | 1 | 1"
      ),
      ("WITH {x: 7} AS all RETURN collect(all.x), max(all.x * 2)", "[7] | 14"),
      ("MATCH (all:A {id: '1'}) RETURN count(all)", "1"),
      ("WITH ' b ' AS both RETURN trim(both), trim(both || 'c')", "b | b c"),
      ("UNWIND [1, 2, 2] AS x RETURN CASE count(*) WHEN < 3 THEN 'few' WHEN 3, > 3 THEN 'all' END", "all"),
    ] {
      #expect(try await rows(graph, query) == [expected], "\(query)")
    }
  }

  /// Of many rows that ask, each gets what it would get alone.
  @Test func whatManyRowsAskIsAnsweredAsForOne() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let text = """
      {"type":"T","id":"1","n":0}
      {"type":"T","id":"2","n":1,"d":"2026-01-01"}
      {"type":"T","id":"3","n":0,"d":"never"}
      {"from":"T:1","to":"T:2","type":"e"}
      """
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: text))
    let many = "MATCH ()-[:e]->() WITH count(*) AS c UNWIND range(1, 600) AS i MATCH (a {id: '1'})"
    for condition in ["10 / b.n > 1", "date(b.d) > date('2025-01-01')"] {
      let found = try await rows(
        graph, "\(many) WHERE EXISTS { MATCH (a)-[:e]->+(b) WHERE \(condition) } RETURN count(*)")
      #expect(found == ["600"], "\(condition)")
    }
    let half = try await rows(
      graph, "\(many) WHERE EXISTS { MATCH (a)-[:e]->+(b) WHERE rand() < 0.5 } RETURN count(*)")
    #expect((200..<400).contains(Int(half.first ?? "") ?? 0), "\(half)")
  }

  @Test func elementsAreCompared() async throws {
    let graph = try await graph()
    func number(_ query: String) async throws -> Int? { Int(try await rows(graph, query).first ?? "") }
    let ways = "MATCH (a)-[e]-(b)-[f]-(c)"
    let all = try await number("\(ways) RETURN count(ALL e)")
    let back = try await number("\(ways) WHERE SAME(a, c) RETURN count(*)")
    let apart = try await number("\(ways) WHERE a <> c RETURN count(*)")
    #expect(all == (back ?? 0) + (apart ?? 0) && apart != 0)
    #expect(
      try await number("\(ways) WHERE ALL_DIFFERENT(a, b, c) RETURN count(*)")
        == number("\(ways) WHERE a <> b AND b <> c AND a <> c RETURN count(*)"))
    #expect(try await number("\(ways) WHERE all_different(e, f) RETURN count(*)") == all)
    #expect(try await rows(graph, "MATCH (a:A) RETURN same(a, null), same(a, a) LIMIT 1") == ["null | true"])
    let path = "MATCH p = (a)-[]-(b)-[]-(c)"
    #expect(
      try await number("\(path) WHERE elements(p)[1] = edges(p)[0] AND elements(p)[4] = c RETURN count(*)")
        == all)
    #expect(try await rows(graph, "MATCH p = (a:A {id: '1'}) RETURN elements(p) = [a]") == ["true"])
  }

  @Test(arguments: [
    ("MATCH (n) WHERE n.x != 1 RETURN n", "not equal is <>"), ("RETURN 1 == 1", "equal is ="),
    ("MATCH (n) RETURN n; MATCH (m) RETURN m", "one query at a time"),
    ("MATCH (n) RETRUN n", "did you mean RETURN?"),
    ("MACTH (n) RETURN n", "did you mean MATCH?"), ("RETURN 'a' LIKE 'b'", "CONTAINS"),
    ("RETURN 1 NOT IN [1]", "NOT x IN list"), ("MATCH (n) RETURN count(*) GROUP BY n", "groups by itself"),
    ("MATCH (n) WITH n.id AS o RETURN n", #"the variable "n" ends at WITH"#),
    ("MATCH (n) WITH n.id AS o WITH o AS p RETURN o", #"the variable "o" ends at WITH"#),
    ("MATCH (n) LIMIT 1 RETURN n", "behind RETURN or WITH"),
  ])
  func whoWritesAnotherLanguageIsToldThisOne(query: String, advice: String) async throws {
    let graph = try await graph()
    let error = await #expect(throws: KVError.self) { try await graph.query(query) { _ in true } }
    #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
  }
}

import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// What is known where: within subqueries, and beside aggregations.
@Suite struct ScopeTests {
  private func graph(_ backend: TestBackend = .sqlite) async throws -> Graph {
    let graph = Graph(try await backend.store())
    let text = """
      {"type":"P","id":"a","name":"Ann"}
      {"type":"P","id":"b","name":"Bob"}
      {"type":"P","id":"c","name":"Cy"}
      {"type":"P","id":"d"}
      {"type":"C","id":"1"}
      {"type":"C","id":"2"}
      {"from":"P:a","to":"P:b","type":"knows","data":{"since":2020}}
      {"from":"P:b","to":"P:c","type":"knows","data":{"since":2021}}
      {"from":"P:c","to":"P:a","type":"knows","data":{"since":2019}}
      {"from":"P:a","to":"P:a","type":"knows","data":{"since":2000}}
      {"from":"P:a","to":"C:1","type":"lives"}
      {"from":"P:b","to":"C:2","type":"lives"}
      """
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: text))
    return graph
  }

  @Test(arguments: TestBackend.all)
  func whatASubqueryIsInStaysKnown(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    for (query, expected) in [
      // No rows are one group, which knows what is outside.
      (
        "MATCH (n:P) WHERE EXISTS { MATCH (n)-[:lives]->() WITH count(*) AS c WHERE c = 0 MATCH (n)-[:knows]->() RETURN 1 } RETURN n.id",
        ["c"]
      ),
      (
        "MATCH (n:P) RETURN n.id, COLLECT { MATCH (n)-[:lives]->() WITH count(*) AS c MATCH (n)-[:knows]->(k) RETURN k.id } AS l",
        [#"a | ["a", "b"]"#, #"b | ["c"]"#, #"c | ["a"]"#, "d | []"]
      ),
      ("WITH 3 AS l RETURN COLLECT { UNWIND [] AS y WITH count(*) AS c RETURN c + l } AS x", ["[3]"]),
      ("WITH 3 AS l RETURN COLLECT { UNWIND [] AS y RETURN count(*) + l } AS x", ["[3]"]),
      // Conditions and orders behind rows that have become one.
      (
        "MATCH (n:P) RETURN COLLECT { MATCH (n)-->() WITH count(*) AS c WHERE c > size(n.name) - 2 RETURN c } AS l",
        ["[3]", "[2]", "[1]", "[]"]
      ),
      (
        "MATCH (n:P {id: 'a'}) RETURN COLLECT { MATCH (n)-->(m) WITH DISTINCT m.id AS i ORDER BY n.id + i DESC RETURN i } AS l",
        [#"["b", "a", "1"]"#]
      ),
    ] {
      #expect(try await rows(graph, query) == expected, "\(query)")
    }
  }

  @Test func whatIsNotProjectedIsGoneInSubqueriesToo() async throws {
    let graph = try await graph()
    for (query, expected) in [
      // A node called n, whichever.
      (
        "MATCH (n:P) WITH DISTINCT n.name IS NULL AS x WHERE EXISTS { (n)-[:lives]->() } RETURN x",
        ["false", "true"]
      ),
      (
        "MATCH (n:P) WITH n.id AS i, count(*) AS c WHERE COUNT { (n)-->() } = 6 RETURN i",
        ["a", "b", "c", "d"]
      ),
      (
        "MATCH (n:P) RETURN n.id AS i, count(*) ORDER BY COUNT { (n)-->() }, i DESC",
        ["d | 1", "c | 1", "b | 1", "a | 1"]
      ),
    ] {
      #expect(try await rows(graph, query) == expected, "\(query)")
    }
  }

  @Test func whatIsNotGroupedByIsRefusedInSubqueriesToo() async throws {
    let graph = try await graph()
    for query in [
      "count(*) + COUNT { (n)-->() }", "n.id, count(*) + COUNT { (n)-->() }",
      "count(*) + size(COLLECT { MATCH (n)-->(m) RETURN m })",
      "CASE WHEN EXISTS { (n)-->() } THEN count(*) ELSE 0 END",
      "count(*) + COUNT { MATCH (x) WHERE x.id = n.id }",
      "count(*) + COUNT { (x) WHERE EXISTS { (x)-->(n) } }",
      "count(*) + size([(x:P {id: n.id})-->() | 1])",
    ] {
      let error = await expectError(.invalidData) {
        _ = try await rows(graph, "MATCH (n)-->(m) RETURN " + query)
      }
      #expect(error?.message.contains("stands beside an aggregation") == true, "\(query)")
    }
    #expect(
      try await rows(graph, "MATCH (n)-->(m) RETURN n.id, n, count(*) + COUNT { (n)-->() }")
        == ["a | P:a | 6", "b | P:b | 4", "c | P:c | 2"])
  }

  @Test func casesAskOfAnIDAndBesideAggregationsAsComparisonsDo() async throws {
    let graph = try await graph()
    for (query, expected) in [
      ("MATCH (c:C {id: '1'}) RETURN CASE c.id WHEN 1 THEN 'x' WHEN IS NULL THEN 'y' END", ["x"]),
      (
        "MATCH (n:P) RETURN n.name, CASE n.name WHEN > 'B' THEN count(*) ELSE 0 END",
        ["Ann | 0", "Bob | 1", "Cy | 1", "null | 0"]
      ),
      ("MATCH (n:P) RETURN CASE max(n.name) WHEN IS NULL THEN 0 ELSE count(*) END", ["4"]),
      (
        "MATCH (n:P) RETURN CASE size(n.name) + 1 WHEN > 3 THEN 'long' WHEN IS NULL THEN 'none' ELSE 'short' END",
        ["long", "long", "short", "none"]
      ),
    ] {
      #expect(try await rows(graph, query) == expected, "\(query)")
    }
  }

  /// There are fifteen trails from one node, and walks without end.
  @Test func asManyAsThereAreMayBeAskedFor() async throws {
    let graph = try await graph()
    for (query, expected) in [
      ("SHORTEST 1000000 (a:P {id: 'a'})-->+(b)", 15), ("ANY 1000000 (a:P {id: 'a'})-->+(b)", 15),
      ("SHORTEST 1000000 ACYCLIC (a:P {id: 'a'})-->+(b)", 4),
      ("SHORTEST \(Int.max) (a:P {id: 'a'})-->+(b)", 15),
      ("CHEAPEST 1000000 (a:P {id: 'a'})-[COST 1]->+(b)", 15),
      ("SHORTEST 1000000 GROUPS (a:P {id: 'a'})-->+(b)", 15),
      ("SHORTEST 20000 WALK (a:P {id: 'a'})-[:knows]->{1,3}(b)", 9),
    ] {
      #expect(try await rows(graph, "MATCH p = \(query) RETURN count(*)") == ["\(expected)"], "\(query)")
    }
  }

  @Test func aCostIsAFloatWhereOneOfItsPartsIs() async throws {
    let graph = try await graph()
    for (cost, expected) in [
      ("1", "2 | 1"), ("1.5", "3.0 | 1.5"), ("1.0", "2.0 | 1.0"), ("toFloat(r.since)", "4041.0 | 2020.5"),
      ("CASE r.since WHEN 2020 THEN 1.0 ELSE 3 END", "4.0 | 2.0"),
    ] {
      let query =
        "MATCH p = ANY CHEAPEST (:P {id: 'a'})-[r:knows COST \(cost)]->{2}(:P {id: 'c'}) RETURN cost(p), cost(p) / 2"
      #expect(try await rows(graph, query) == [expected], "\(query)")
    }
  }

  @Test func valuesAreOnlySoDeep() async throws {
    let graph = try await graph()
    #expect(try await rows(graph, "RETURN size(reduce(a = [], x IN range(1, 900) | [a]))") == ["1"])
    for step in ["[a]", "{a: a}", "[1, {b: [a]}]"] {
      let error = await expectError(.invalidData) {
        _ = try await rows(graph, "RETURN reduce(a = [], x IN range(1, 200000) | \(step)) = 1")
      }
      #expect(error?.message.contains("more than 1000 levels") == true, "\(step)")
    }
  }

  @Test func parametersHoldTimesAsOtherProgramsWriteThem() async throws {
    let graph = try await graph()
    let json = try JSON(
      parsing:
        #"{"t":{"datetime":"2020-01-01T00:00:00Z"},"d":{"duration":"PT60S"},"l":[{"float":"NaN"},{"date":"2020-02-30"}]}"#
    )
    #expect(
      try await rows(
        graph,
        "RETURN $p.t.year, $p.t < datetime('2030'), $p.d = duration('PT1M'), isNaN($p.l[0]), $p.l[1].date",
        ["p": Value(parameter: json)]) == ["2020 | true | true | true | 2020-02-30"])
  }
}

import KV
import KVGraph
import KVSQLite
import TestSupport
import Testing

@testable import KVQuery

/// Queries and their answers, on every backend.
@Suite struct QueryTests {
  private func graph(_ backend: TestBackend = .sqlite) async throws -> Graph {
    let graph = Graph(try await backend.store())
    _ = try await graph.setDirected(false, edgeType: "knows")
    let text = #"""
      {"nodes":[{"type":"User","id":"alice","name":"Alice","age":31},{"type":"User","id":"bob","name":"Bob","age":27},
        {"type":"User","id":"carol","@labels":["User","Admin"]},{"type":"Post","id":"1","title":"One"}],
       "edges":[{"from":"User:alice","to":"User:bob","type":"follows","data":{"since":2020}},
        {"from":"User:alice","to":"User:bob","type":"follows","key":"2","data":{"since":2021}},
        {"from":"User:bob","to":"User:carol","type":"follows"},{"from":"User:carol","to":"User:carol","type":"follows"},
        {"from":"User:alice","to":"User:carol","type":"knows"},{"from":"User:bob","to":"Post:1","type":"wrote","data":7}]}
      """#
    _ = try await graph.load(ImportSource(name: "g.json", text: text))
    return graph
  }

  @Test(arguments: TestBackend.all)
  func answersAreTheSameOnEveryDatabase(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    for (query, expected) in [
      ("MATCH (u:User) RETURN u.id ORDER BY u.id", ["alice", "bob", "carol"]),
      ("MATCH (u:Admin) RETURN u, labels(u)", [#"User:carol | ["User", "Admin"]"#]),
      (
        "MATCH (a:User {id: 'alice'})-[r:follows]->(b) RETURN b.name, r.since, key(r) ORDER BY r.since",
        ["Bob | 2020 | null", "Bob | 2021 | 2"]
      ),
      ("MATCH (a)-[:knows]->(b) RETURN a, b", ["User:alice | User:carol", "User:carol | User:alice"]),
      ("MATCH (a)-[:knows]-(b) RETURN a.id", ["alice", "carol"]),
      ("MATCH (c:User {id: 'carol'})-[:follows]-(x) RETURN x.id ORDER BY x.id", ["bob", "carol"]),
      ("MATCH ()-[w:wrote]->(p) RETURN w.value, p.title, type(w)", ["7 | One | wrote"]),
      (
        "MATCH (a:User) RETURN a, count(*) + size([(a)-[:follows]->(b) | b.id]) AS c ORDER BY c, a",
        ["User:bob | 2", "User:carol | 2", "User:alice | 3"]
      ),
      ("MATCH (u:User) RETURN DISTINCT -u.age AS x ORDER BY -u.age", ["-31", "-27", "null"]),
      (
        "MATCH (u:User) RETURN u.age > 30 AS x, max(CASE WHEN u.age > 30 THEN 1 ELSE 0 END) AS m ORDER BY max(CASE WHEN u.age > 30 THEN 1 ELSE 0 END), x IS NULL, u.age > 30",
        ["false | 0", "null | 0", "true | 1"]
      ),
      ("MATCH (u:User) WITH DISTINCT u.age IS NULL AS x WHERE u.age IS NULL RETURN x", ["true"]),
      (
        "UNWIND [1, 3] AS x WITH DISTINCT x / 2 AS a, x ORDER BY x / 2.0 WHERE x / 2.0 = 1.5 RETURN a, x",
        ["1 | 3"]
      ),
      ("UNWIND [3, 1, 2] AS x RETURN x ORDER BY x SKIP 9223372036854775807 LIMIT 1", []),
      ("UNWIND [3, 1, 2] AS x RETURN x ORDER BY x SKIP 2 LIMIT 9223372036854775806", ["3"]),
      ("MATCH (p:Post) WHERE p.id = 1 RETURN p.title, p.id, p.id <> 1, 1 = p.id", ["One | 1 | false | true"]),
      ("UNWIND [{i: 1}, {i: 2}] AS r MATCH (p:Post) WHERE r.i = p.id RETURN p.title", ["One"]),
      ("MATCH (p) WHERE p.id IN [7, 1] AND NOT p.id IN [2] RETURN p.title", ["One"]),
      ("MATCH (a:User)-->(p) WHERE p.id = 1 RETURN count(*)", ["1"]),
      ("MATCH (p:Post) RETURN {id: '1'}.id = 1, '1' = 1, p.id = 1.0", ["false | false | false"]),
      ("MATCH ()-[w:!follows&!knows]->(p) RETURN p.title", ["One"]),
      ("MATCH ()-[w:wrote|(knows|x)]->(p) RETURN count(*)", ["3"]),
      ("MATCH (a:User)->(p:Post) RETURN a.id", ["bob"]),
      ("MATCH (IS User)-[IS wrote]->(is IS Post) RETURN is.id", ["1"]),
      ("MATCH (is)-[:wrote]->() RETURN is.id", ["bob"]),
      ("MATCH (p:Post)<-(a) RETURN a.id", ["bob"]),
      ("MATCH (p:Post)-(a)<->(b:User {id: 'carol'}) RETURN DISTINCT a.id", ["bob"]),
      ("MATCH (c {id: 'carol'})(()->()){2}(b) RETURN b.id ORDER BY b.id", ["alice", "bob", "bob"]),
      (
        "MATCH REPEATABLE ELEMENTS (c {id: 'carol'})(()->()){2}(b) RETURN b.id ORDER BY b.id",
        ["alice", "bob", "bob", "carol", "carol"]
      ),
      (
        "MATCH DIFFERENT EDGES (c {id: 'carol'})(()->()){2}(b) RETURN b.id ORDER BY b.id",
        ["alice", "bob", "bob"]
      ),
      (
        "MATCH p = ANY CHEAPEST (:User {id: 'alice'})((x)-[r:follows COST coalesce(r.since - 2000 + y.age, 1000)]->(y))+(b {id: 'bob'}) RETURN cost(p), [e IN r | e.since]",
        ["47 | [2020]"]
      ),
      ("WITH 3 AS a, 2 AS b RETURN (a)-(b), (a)<-(b)", ["1 | false"]),
      ("RETURN 1 AS x UNION DISTINCT RETURN 1 AS x", ["1"]),
      (
        "MATCH p = (:User {id: 'alice'})-[:follows*1..2]->(x) WHERE x.id = 'carol' RETURN length(p), [n IN nodes(p) | n.id]",
        [#"2 | ["alice", "bob", "carol"]"#, #"2 | ["alice", "bob", "carol"]"#]
      ),
      (
        "MATCH p = ANY SHORTEST (:User {id: 'alice'})-[:follows]->+(:User {id: 'carol'}) RETURN p",
        ["User:alice -[follows]-> User:bob -[follows]-> User:carol"]
      ),
      (
        "MATCH p = ALL SHORTEST (:User {id: 'alice'})-[:follows]->+(:User {id: 'carol'}) RETURN count(p)",
        ["2"]
      ),
      (
        "MATCH (u:User) OPTIONAL MATCH (u)-[:wrote]->(p) RETURN u.id, p ORDER BY u.id",
        ["alice | null", "bob | Post:1", "carol | null"]
      ),
      ("MATCH (u:User) WHERE NOT (u)-[:wrote]->() RETURN count(*)", ["2"]),
      (
        "MATCH (u:User) RETURN u.id, COUNT { (u)-[:follows]->() } AS n ORDER BY n DESC, u.id",
        ["alice | 2", "bob | 1", "carol | 1"]
      ),
      (
        "MATCH (u:User) WHERE EXISTS { MATCH (u)-[:follows]->(v) WITH v, count(*) AS n WHERE n = 2 RETURN v } RETURN u",
        ["User:alice"]
      ),
      (
        "MATCH (u:User) RETURN avg(u.age), collect(u.age), count(*), max(u.name)",
        ["29.0 | [31, 27] | 3 | Bob"]
      ),
      ("MATCH (n:Nobody) RETURN n", []), ("MATCH (n) RETURN count(n)", ["4"]),
      ("UNWIND [3, 1, 2] AS x WITH x ORDER BY x LIMIT 2 RETURN collect(x)", ["[1, 2]"]),
      ("RETURN 1 AS x UNION RETURN 2 AS x UNION RETURN 1 AS x", ["1", "2"]),
      ("RETURN COUNT { UNWIND [1, 2] AS x RETURN x UNION UNWIND [2, 3] AS x RETURN x } AS n", ["3"]),
      ("RETURN COLLECT { UNWIND [3, 1, 2] AS x RETURN x ORDER BY x DESC LIMIT 2 } AS l", ["[3, 2]"]),
      ("RETURN COLLECT { UNWIND [1] AS x RETURN 2 * x UNION ALL RETURN 5 AS `2 * x` } AS l", ["[2, 5]"]),
      ("UNWIND [2, null, 1] AS x RETURN x ORDER BY x NULLS FIRST", ["null", "1", "2"]),
      ("UNWIND [2, null, 1] AS x RETURN x ORDER BY x DESC NULLS LAST", ["2", "1", "null"]),
      ("UNWIND [2, null, 1] AS x RETURN x ORDER BY x DESC", ["null", "2", "1"]),
      ("UNWIND [2, null, 1] AS x RETURN x ORDER BY x NULLS LAST LIMIT 2", ["1", "2"]),
      // A node may ask for what comes behind it, and a part for what another binds.
      ("MATCH (a:User {age: b.age + 4})-[r {since: b.age + 1993}]->(b) RETURN a.id, b.id", ["alice | bob"]),
      ("MATCH (b:User {id: a.id}), (a:User {name: 'Bob'}) RETURN b.age", ["27"]),
      ("MATCH (a)-[:wrote]->(b:Post {id: '1', value: a.name}) RETURN a", []),
      ("MATCH (x {age: y.age}), (y)-[:wrote]->() RETURN x.id", ["bob"]),
      (
        "MATCH ((x)-[e:follows]->(y WHERE y.name < x.name OR x.name < y.name)){1,2} RETURN size(e)",
        ["1", "1"]
      ),
      ("MATCH (n:Post) RETURN n {.title, id: n.id}", [#"{id: "1", title: "One"}"#]),
    ] {
      #expect(try await rows(graph, query) == expected, "\(query)")
    }
  }

  @Test(arguments: TestBackend.all)
  func whatAQueryWritesIsOneTransaction(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    _ = try await rows(
      graph,
      """
      MATCH (a:User {id: 'alice'}) SET a.age = a.age + 1, a.seen = true
      CREATE (a)-[:wrote {at: 1}]->(p:Post {id: 9, title: 'Nine'}), (a)-[:follows]->(b:Guest:New {id: 'g'})
      """, isWriting: true)
    #expect(
      try await graph.node(NodeReference(type: "User", id: "alice"))?.value?.members?.map {
        "\($0.name)=\($0.value.text)"
      }.sorted() == ["age=32", #"name="Alice""#, "seen=true"])
    #expect(
      try await graph.node(NodeReference(type: "Post", id: "9"))?.value?.text == #"{"id":9,"title":"Nine"}"#)
    #expect(try await graph.node(NodeReference(type: "Guest", id: "g"))?.labels == ["Guest", "New"])
    #expect(try await rows(graph, "MATCH (:New)<-[r]-(x) RETURN type(r), x.id") == ["follows | alice"])
    _ = try await rows(
      graph,
      "MERGE (u:User {id: 'dan'}) ON CREATE SET u.new = true ON MATCH SET u.new = false MERGE (u)-[:follows]->(u)",
      isWriting: true)
    _ = try await rows(
      graph, "MERGE (u:User {id: 'dan'}) ON CREATE SET u.new = true ON MATCH SET u.new = false",
      isWriting: true)
    #expect(
      try await rows(graph, "MATCH (u:User {id: 'dan'})-[r]->(u) RETURN u.new, count(r)") == ["false | 1"])
    // An edge beside another gets a key of its own.
    _ = try await rows(
      graph, "MATCH (a:User {id: 'dan'}) CREATE (a)-[:follows]->(a) CREATE (a)-[:follows]->(a)",
      isWriting: true)
    #expect(
      try await rows(graph, "MATCH (:User {id: 'dan'})-[r]->() RETURN key(r) ORDER BY key(r)") == [
        "2", "3", "null",
      ])
    let before = try await graph.store.streamSequence()
    await expectError(.invalidData) {
      _ = try await rows(
        graph, "MATCH (u:User {id: 'dan'}) CREATE (:X {id: 'x'}) DELETE u", isWriting: true)
    }
    #expect(try await graph.store.streamSequence() == before)
    _ = try await rows(graph, "MATCH (u:User {id: 'dan'}) DETACH DELETE u", isWriting: true)
    #expect(try await rows(graph, "MATCH (u:User {id: 'dan'}) RETURN u") == [])
    #expect(try await graph.verify { _ in }.faults == 0)
  }

  @Test(arguments: TestBackend.all)
  func aRecordOfAnotherNodeIsLeftAlone(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    try await graph.add(Node(NodeReference(type: "User", id: "a"), value: JSON(members: [("n", JSON(1))])))
    // It shares its key with the record of User:a, and is there by an edge.
    try await graph.add(
      Edge(from: NodeReference(type: "user", id: "a"), to: NodeReference(type: "X", id: "x"), type: "t"))
    #expect(
      try await rows(graph, "MATCH (n) RETURN n, n.n ORDER BY n") == [
        "User:a | 1", "X:x | null", "user:a | null",
      ])
    await expectError(.conflict) {
      _ = try await rows(graph, "MATCH (n:user) SET n.n = 2", isWriting: true)
    }
    _ = try await rows(graph, "MATCH (n:user) DETACH DELETE n", isWriting: true)
    #expect(try await rows(graph, "MATCH (n) RETURN n, n.n") == ["User:a | 1"])
  }

  /// However it is asked, by whichever plan: by its number as by its text, where it is the id and no attribute that only is called so.
  @Test(arguments: TestBackend.all, [false, true])
  func anIDIsEqualToItsNumber(_ backend: TestBackend, _ isIndexed: Bool) async throws {
    let graph = Graph(try await backend.store())
    let text = #"""
      {"type":"T","id":"3"}
      {"type":"T","id":"x"}
      {"type":"N","id":"number","num":3}
      {"type":"N","id":"text","num":"3"}
      {"type":"N","id":"other","num":4}
      {"type":"U","id":"9","@attributes":{"id":"3"}}
      {"from":"N:number","to":"T:3","type":"e"}
      {"from":"N:text","to":"T:3","type":"e"}
      {"from":"N:other","to":"T:3","type":"e"}
      """#
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: text))
    if isIndexed { _ = try await graph.store.createIndex(AttributeIndex(label: "N", attribute: "num")) }
    for pattern in [
      "(m:N), (n:T) WHERE n.id = m.num", "(m:N), (n:T) WHERE m.num = n.id", "(m:N), (n:T {id: m.num})",
      "(n:T), (m:N {num: n.id})", "(m:N) MATCH (n:T) WHERE n.id = m.num",
      "(n:T) MATCH (m:N) WHERE n.id = m.num", "(m:N) MATCH (n:T {id: m.num})",
      "(n:T) MATCH (m:N {num: n.id})", "(m:N), (n:T) WHERE n.id IN [m.num]",
      "(m:N), (n:T) WHERE NOT n.id <> m.num", "(m:N), (n:T) WHERE CASE n.id WHEN m.num THEN true END",
      "(m:N) WITH m, m.num AS k MATCH (n:T) WHERE n.id = k", "(m:N)-->(n:T) WHERE n.id = m.num",
    ] {
      #expect(
        try await rows(graph, "MATCH \(pattern) RETURN m.id, n.id ORDER BY m.id") == [
          "number | 3", "text | 3",
        ], "\(pattern)")
      #expect(try await rows(graph, "MATCH \(pattern) RETURN count(*)") == ["2"], "\(pattern)")
    }
    for condition in [
      "n.id = 3", "3 = n.id", "n.id IN [3]", "EXISTS { (m:N) WHERE m.num = n.id AND m.num <> '3' }",
    ] {
      #expect(try await rows(graph, "MATCH (n:T) WHERE \(condition) RETURN n.id") == ["3"], "\(condition)")
      #expect(try await rows(graph, "MATCH (n:U) WHERE \(condition) RETURN n").isEmpty, "\(condition)")
    }
    #expect(
      try await rows(graph, "MATCH (n:U) RETURN n.id = 3, n.id = '3', n.id IN [3]") == [
        "false | true | false"
      ])
    _ = try await rows(graph, "CREATE (:P {id: 2})", isWriting: true)
    for id in ["2", "'2'"] {
      #expect(try await rows(graph, "MATCH (n:P {id: \(id)}) RETURN n") == ["P:2"])
      #expect(try await rows(graph, "MATCH (n) WHERE n.id = \(id) RETURN n") == ["P:2"])
      #expect(try await rows(graph, "MERGE (n:P {id: \(id)}) RETURN n", isWriting: true) == ["P:2"])
    }
  }

  /// Of many nodes those with further labels are asked for by themselves.
  @Test(arguments: TestBackend.all)
  func furtherLabelsAreFoundAmongManyNodes(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    var records = (0..<600).map {
      NewRecord(key: "v/\($0)", value: JSON(members: [("n", JSON($0))]), type: "V")
    }
    records[7].value = try JSON(parsing: #"{"@labels":["W"]}"#)
    records[8].value = try JSON(parsing: #"{"\u0040labels":["V","W"]}"#)
    records[9].value = try JSON(parsing: #"{"x":"@labels"}"#)
    records.append(NewRecord(key: "note", value: JSON("@labels"), type: "W"))
    let made = records
    try await graph.store.load { _ = try await $0.put(made, onConflict: .error) }
    #expect(try await rows(graph, "MATCH (n:W) RETURN n.id ORDER BY n.id") == ["7", "8"])
    #expect(try await rows(graph, "MATCH (n:W) RETURN count(*)") == ["2"])
    #expect(try await rows(graph, "MATCH (n:!W) RETURN count(*)") == ["598"])
    #expect(try await rows(graph, "MATCH (n:V&W) WHERE n.id > '7' RETURN count(*)") == ["1"])
  }

  /// Merged by an attribute, which no key tells apart, by an id, and an edge.
  // One after the other, for each takes two stores.
  @Test(.serialized, arguments: TestBackend.all, ["{mail: 'm'}", "{id: 'm'}"])
  func whatIsMergedAtOnceIsThereOnce(_ backend: TestBackend, _ name: String) async throws {
    let database = try await backend.database()
    let graphs = [Graph(try await database.open()), Graph(try await database.open())]
    let query = """
      MERGE (n:M \(name)) ON CREATE SET n.c = 1 ON MATCH SET n.c = n.c + 1
      MERGE (h:Hub {id: 'h'}) MERGE (n)-[:of]->(h)
      """
    try await withThrowingTaskGroup(of: Void.self) { group in
      for graph in graphs {
        group.addTask {
          for _ in 0..<4 {
            while true {
              do {
                try await graph.query(query, isWriting: true, row: { _ in true })
                break
              } catch let error as KVError where error.code == .conflict {
                // Five times somebody else was faster.
                continue
              }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await rows(graphs[0], "MATCH (n:M)-[r]->(h) RETURN n.c, count(r), h.id") == ["8 | 1 | h"])
    #expect(try await graphs[0].store.leases().isEmpty)
  }

  @Test(arguments: TestBackend.all)
  func floatsStayFloatsHoweverLarge(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let numbers = "1e17, 1.5e300, -1.2345678901234567e16, 1e-7, 3.0"
    _ = try await rows(graph, "CREATE (:N {id: '1', list: [\(numbers)], c: 1e17})", isWriting: true)
    _ = try await rows(graph, "MATCH (n:N) SET n.c = n.c * 1000", isWriting: true)
    #expect(
      try await rows(
        graph, "MATCH (n:N) RETURN n.c, n.c / 3 * 3 = n.c, n.list = [\(numbers)], n.list[0] / 4e16") == [
          "1e+20 | true | true | 2.5"
        ])
  }

  /// What a query writes it has made of what it read, or found by it.
  // One after the other, for each takes two stores.
  @Test(.serialized, arguments: TestBackend.all)
  func whatOthersWriteMeanwhileIsNotLost(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let graphs = [Graph(try await database.open()), Graph(try await database.open())]
    /// - Returns: how many rows each query had.
    func atOnce(_ queries: [String]) async throws -> [Int] {
      try await withThrowingTaskGroup(of: (Int, Int).self) { group in
        for (place, query) in queries.enumerated() {
          group.addTask {
            while true {
              do {
                return (place, try await graphs[place].query(query, isWriting: true, row: { _ in true }).rows)
              } catch let error as KVError where error.code == .conflict {
                // Ten times somebody else was faster.
                continue
              }
            }
          }
        }
        return try await group.reduce(into: [0, 0]) { $0[$1.0] = $1.1 }
      }
    }
    _ = try await rows(graphs[0], "CREATE (:A {id: '1'})-[:r {n: 0}]->(:A {id: '2'})", isWriting: true)
    let add = "MATCH ()-[r:r]->() SET r.n = r.n + 1 RETURN r"
    for _ in 0..<8 { _ = try await atOnce([add, add]) }
    #expect(try await rows(graphs[0], "MATCH ()-[r:r]->() RETURN r.n") == ["16"])
    for round in 0..<8 {
      _ = try await rows(
        graphs[0],
        "MATCH (a:A {id: '1'}), (b:A {id: '2'}) CREATE (:X {id: '\(round)', n: 0}), (a)-[:e\(round) {n: 0}]->(b)",
        isWriting: true)
      // One of them comes first, and the other finds nothing.
      for pattern in ["(x:X {id: '\(round)'})", "()-[x:e\(round)]->()"] {
        let rows = try await atOnce([
          "MATCH \(pattern) WHERE x.n = 0 DELETE x RETURN 1", "MATCH \(pattern) SET x.n = 1 RETURN 1",
        ])
        #expect(rows.reduce(0, +) == 1, "\(pattern): \(rows)")
      }
      _ = try await rows(graphs[0], "CREATE (:Z {id: '\(round)'})", isWriting: true)
      _ = try await atOnce([
        "MATCH (z:Z {id: '\(round)'}), (a:A {id: '1'}) CREATE (z)-[:z]->(a)-[:z]->(z)",
        "MATCH (z:Z {id: '\(round)'}) DETACH DELETE z",
      ])
      #expect(try await rows(graphs[0], "MATCH ()-[z:z]-() RETURN count(*)") == ["0"])
      #expect(try await rows(graphs[0], "MATCH (z:Z) RETURN z") == [])
    }
  }

  /// Where a-h/kv made the tables, edges that go together take their index records along.
  @Test(arguments: TestBackend.all)
  func parallelEdgesGoWithTheirIndexRecords(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.database().keepingIndexRecords())
    func ask(_ query: String) async throws { _ = try await rows(graph, query, isWriting: true) }
    try await ask("CREATE (a:A {id: '1'})-[:t]->(b:A {id: '2'}), (a)-[:t]->(b), (a)-[:t]->(b), (a)-[:s]->(b)")
    #expect(try await graph.store.count(.prefix("graph/node/")) == 4)
    try await ask("MATCH ()-[r:t]->() WHERE key(r) = '2' DELETE r")
    #expect(try await graph.store.count(.prefix("graph/node/")) == 4)
    try await ask("MATCH ()-[r:t]->() DELETE r")
    #expect(try await graph.store.count(.prefix("graph/node/")) == 2)
    #expect(try await graph.verify(repairing: false) { Issue.record("\($0)") }.faults == 0)
  }

  /// What a query deletes it may make again, and what is deleted is not set.
  @Test(arguments: TestBackend.all)
  func aDeletedNodeMayBeMadeAgain(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    func ask(_ query: String) async throws -> [String] { try await rows(graph, query, isWriting: true) }
    _ = try await ask("CREATE (:Z {id: '1', n: 5})-[:e]->(:Z {id: '2'})")
    #expect(
      try await ask("MATCH (z:Z {n: 5}) DETACH DELETE z CREATE (y:Z {id: '1', q: 1}) RETURN y.q, y.n") == [
        "1 | null"
      ])
    #expect(
      try await ask("MATCH (z:Z {q: 1}) DELETE z MERGE (y:Z {id: '1'}) ON CREATE SET y.c = 1 RETURN y.c") == [
        "1"
      ])
    #expect(
      try await rows(graph, "MATCH (z:Z) RETURN z.id, z.n, z.q, z.c") == [
        "1 | null | null | 1", "2 | null | null | null",
      ])
    _ = try await ask("MATCH (z:Z {id: '1'}) DELETE z WITH 1 AS one CREATE (y:Z {id: '1'}) DELETE y")
    #expect(try await ask("CREATE (a:Z {id: '9'}) DELETE a CREATE (b:Z {id: '9'}) RETURN b") == ["Z:9"])
    #expect(try await rows(graph, "MATCH (z:Z) RETURN z") == ["Z:2", "Z:9"])
    for wrong in [
      "SET z.x = 1", "SET z:X", "SET z += {x: 1}", "REMOVE z.x", "REMOVE z:X", "CREATE (y:Y) SET y = z",
      "RETURN z.n", "RETURN z['n']", "RETURN labels(z)", "RETURN keys(z)", "RETURN properties(z)",
    ] {
      let error = await #expect(throws: KVError.self) {
        _ = try await ask("MATCH (z:Z {id: '2'}) DELETE z \(wrong)")
      }
      #expect(error?.message.hasSuffix("the node Z:2 is deleted") == true)
      #expect(error?.message.hasPrefix("query, line 1, column ") == true)
    }
    #expect(try await rows(graph, "MATCH (z:Z) RETURN z") == ["Z:2", "Z:9"])
  }

  /// An id without a label is looked for among all types, and in the attribute `id`, which may say something else.
  @Test(arguments: TestBackend.all)
  func idsWithoutALabelAnswerAsAllNodesDo(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let graph = Graph(store)
    let text = #"""
      {"nodes":[{"type":"User","id":"a"},{"type":"User","id":"7"},{"type":"Bot","id":"a","@labels":["Bot","User"]},
        {"type":"Bot","id":"c"},{"type":"Node","id":"a"}],
       "edges":[{"from":"User:a","to":"Ghost:a","type":"t"},{"from":"Bot:c","to":"User:7","type":"t"},
        {"from":"User:odd","to":"Ghost:9","type":"t"}]}
      """#
    _ = try await graph.load(ImportSource(name: "g.json", text: text))
    try await graph.query("CREATE (:User {id: 8})", isWriting: true) { _ in true }
    for (id, attributes) in [
      ("z", #"{"id":"a"}"#), ("y", #"{"id":7,"identity":1}"#), ("x", #"{"id":[1]}"#),
      ("w", #"{"of":{"id":"a"}}"#), ("v", #"{"i\u0064":"a"}"#),
    ] {
      try await graph.add(Node(NodeReference(type: "User", id: id), value: JSON(parsing: attributes)))
    }
    try await store.put("user/odd", JSON(parsing: #"{"id":"c"}"#))
    // All of it where a question takes no time.
    let isWhole = backend.description == TestBackend.sqlite.description
    func check() async throws {
      for (asked, slow) in [
        ("n.id = $x", "[n.id] = [$x]"),
        ("n.id IN [$x, 'nobody', 'c', null]", "any(x IN [$x, 'c'] WHERE [x] = [n.id])"),
      ] {
        let values: [Value] = [
          .string("a"), .string("c"), .string("odd"), .string("9"), .string("none"), .null,
        ]
        let patterns = ["(n)", "(m)-[:t]->(n)", "(n:User|Ghost)", "(n:!Bot)", "(n)-[:t]->(m {id: 'a'})"]
        for x in isWhole ? values[...] : values[..<2] {
          for pattern in isWhole ? patterns[...] : patterns[..<2] {
            let found = try await rows(graph, "MATCH \(pattern) WHERE \(asked) RETURN n", ["x": x])
            let expected = try await rows(graph, "MATCH \(pattern) WHERE \(slow) RETURN n", ["x": x])
            #expect(found.sorted() == expected.sorted(), "\(pattern) \(asked) \(x)")
          }
        }
      }
      let named = try await rows(graph, "MATCH (n {id: 'a'}) RETURN n")
      #expect(named == ["Bot:a", "Ghost:a", "Node:a", "User:a", "User:v", "User:z"])
      let numbered = try await rows(graph, "MATCH (n {id: 7}) RETURN n")
      #expect(numbered == ["User:7", "User:y"])
      #expect(try await rows(graph, "MATCH (n {id: [1]}) RETURN n") == ["User:x"])
      #expect(
        try await rows(graph, "UNWIND [8, 'c', 8.5] AS x MATCH (n {id: x}) RETURN n") == [
          "User:8", "Bot:c", "User:odd",
        ])
      #expect(try await rows(graph, "MATCH (n {id: 'a'})-[:t]->(m) RETURN count(*)") == ["1"])
      // What the query itself has made and taken away.
      let made = try await rows(
        graph,
        """
        MATCH (n {id: 'c'})-[:t]->() WITH n ORDER BY id(n) LIMIT 1 DETACH DELETE n
        WITH count(*) AS one CREATE (a:New {id: 'c'})-[:t]->(:Node {id: 'k'}), (:Bot {id: 'k'})
        WITH a UNWIND ['c', 'k'] AS x MATCH (n {id: x}) RETURN n ORDER BY id(n)
        """, isWriting: true)
      #expect(made == ["Bot:k", "New:c", "Node:k", "User:odd"])
      try await graph.query(
        "MATCH (n) WHERE id(n) IN ['Bot:k', 'New:c', 'Node:k'] DETACH DELETE n WITH count(*) AS n MERGE (u:User {id: '7'}) CREATE (:Bot {id: 'c'})-[:t]->(u)",
        isWriting: true
      ) { _ in true }
    }
    try await check()
    // So many types that all nodes are looked at.
    for number in 0..<60 { try await graph.add(Node(NodeReference(type: "T\(number)", id: "t"))) }
    try await check()
  }

  /// What a key answers, beside the same question asked so that all nodes are looked at.
  @Test(arguments: TestBackend.all)
  func keysAnswerAsAllNodesDo(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let text = #"""
      {"nodes":[{"type":"User","id":"a","x":1},{"type":"User","id":"7","id_":"b"},{"type":"Bot","id":"a","@labels":["Bot","User"]},
        {"type":"Bot","id":"c","@labels":["Bot","Admin"]},{"type":"user:x","id":"a:b"},{"type":"Node","id":"a"}],
       "edges":[{"from":"User:a","to":"User:loose","type":"t"},{"from":"Bot:c","to":"User:7","type":"t"}]}
      """#
    _ = try await graph.load(ImportSource(name: "g.json", text: text))
    try await graph.query("CREATE (:User {id: 8})", isWriting: true) { _ in true }
    var seen = 0
    // All of it where a question takes no time.
    let isWhole = backend.description == TestBackend.sqlite.description
    for label in isWhole ? ["User", "Admin", "Node", "Nobody", "`user:x`", "User|Bot"] : ["User", "Admin"] {
      for (asked, slow) in [
        ("n.id = $x", "[n.id] = [$x]"), ("$x = n.id", "[n.id] = [$x]"),
        ("n.id IN $l", "any(x IN $l WHERE x = n.id)"), ("id(n) = $i", "[id(n)] = [$i]"),
        ("elementId(n) IN $m", "any(x IN $m WHERE x = id(n))"),
        ("n.id = $x OR n.x = 1", "[n.id] = [$x] OR n.x = 1"),
        ("n.id = $x AND n.x = 1", "[n.id] = [$x] AND n.x = 1"),
      ] {
        let names: [(Value, String)] = [
          (.string("a"), "User:a"), (.string("loose"), "User:loose"), (.integer(8), "User:8"),
          (.string("7"), "Bot:c"),
          (.string("c"), "user%3Ax:a:b"), (.string("a:b"), "nothing"), (.null, "Node:a"),
        ]
        for (x, i) in isWhole ? names[...] : names[1...3] {
          let parameters: Value.Members = [
            "x": x, "i": .string(i), "l": .list([x, .string("a"), .string("a"), .null]),
            "m": .list([.string("User:a"), .string(i), .integer(1)]),
          ]
          for pattern in ["(n:\(label))", "(m)-[:t]->(n:\(label))"] {
            let found = try await rows(graph, "MATCH \(pattern) WHERE \(asked) RETURN n", parameters)
            let expected = try await rows(graph, "MATCH \(pattern) WHERE \(slow) RETURN n", parameters)
            #expect(found.sorted() == expected.sorted(), "\(pattern) \(asked) \(x) \(i)")
            seen += found.count
          }
        }
      }
    }
    #expect(seen > 30)
    #expect(try await rows(graph, "MATCH (n:Admin {id: 'c'}) RETURN n") == ["Bot:c"])
    #expect(try await rows(graph, "MATCH (n:User {id: 'a'}) RETURN n") == ["Bot:a", "User:a"])
    #expect(try await rows(graph, "MATCH (n:User {id: 7}) RETURN n") == ["User:7"])
    // What the query itself has made and labelled.
    let made = try await rows(
      graph,
      "CREATE (a:A:B {id: 'n'})-[:t]->(a)-[:t]->(c:C {id: 'n'}) SET c:B WITH 1 AS one MATCH (b:B {id: 'n'})-[:t]->(d) RETURN b, d",
      isWriting: true)
    #expect(made.sorted() == ["A:n | A:n", "A:n | C:n"])
    let labelled = try await rows(
      graph,
      "MATCH (u:User {id: 'a'}) SET u:Z WITH count(*) AS n MATCH (z:Z) WHERE z.id IN ['a', 'b'] RETURN z",
      isWriting: true)
    #expect(labelled.sorted() == ["Bot:a", "User:a"])
    #expect(try await rows(graph, "MATCH (z:Z {id: 'a'}) RETURN z") == ["Bot:a", "User:a"])
    // Row by row, by what was found before.
    #expect(
      try await rows(
        graph, "UNWIND ['loose', 'a', 'none'] AS k MATCH (n:User) WHERE n.id = k RETURN k, n ORDER BY k, n")
        == ["a | Bot:a", "a | User:a", "loose | User:loose"])
  }

  @Test func nothingIsLeftOfAQuery() async throws {
    weak var driver: SQLiteDriver?
    do {
      let store = try await SQLiteStore(sqlite: ":memory:")
      driver = store.driver
      let graph = Graph(store)
      for query in [
        "MERGE (a:A {x: 1})-[:t]->(b:B {id: 'b'})",
        "MATCH (a) WHERE EXISTS { (a)-->() } RETURN [(a)-->(b) | b.id]",
        "MATCH p = ANY SHORTEST (a)-[:t]->+(b) RETURN p", "MATCH (a)-->(b) RETURN count(*)",
        "UNWIND [1, 2] AS x MATCH (a) RETURN x / 0",
      ] {
        _ = try? await graph.query(query, isWriting: true, row: { _ in true })
      }
    }
    #expect(driver == nil)
  }

  /// Each bracket may begin two things, and is read twice at most.
  @Test func deepBracketsAreRead() async throws {
    let graph = try await graph()
    for (outside, inside) in [
      (("({a: ", "})"), "1"), (("[x IN ", ", 1]"), "[x IN [1], 2]"), (("[(", ") - 1, 1]"), "2"),
      (("({a: ", "} = 1)"), "1"),
    ] {
      let depth = 80
      let text =
        String(repeating: outside.0, count: depth) + inside + String(repeating: outside.1, count: depth)
      let plan = try await graph.explain("WITH 1 AS x RETURN \(text) AS y")
      #expect(plan.count == 2)
    }
  }

  /// An id that is a number is an attribute too.
  @Test func anIDStaysAsItWasWritten() async throws {
    let graph = try await graph()
    func ask(_ query: String) async throws -> [String] { try await rows(graph, query, isWriting: true) }
    _ = try await ask("CREATE (:N {id: 5}), (:N {id: 6, x: 1}), (:N {id: 'a', x: 2})")
    #expect(try await ask("MATCH (n:N {id: 5}), (m:N {id: 6}) SET n = m RETURN n.id, n.x") == ["5 | 1"])
    #expect(try await ask("MATCH (n:N {id: 5}), (m:N {id: 'a'}) SET n += m RETURN n.id, n.x") == ["5 | 2"])
    #expect(try await ask("MATCH (n:N {id: 6}) SET n = {y: 3} RETURN n.id + 1, n.x, n.y") == ["7 | null | 3"])
    for change in ["REMOVE n.id", "SET n.id = null", "SET n.id = 7", "SET n = {id: 7}"] {
      for id in ["5", "'a'"] {
        await #expect(throws: KVError.self, "\(change)") {
          try await ask("MATCH (n:N {id: \(id)}) \(change)")
        }
      }
    }
    #expect(try await ask("MATCH (n:N) WHERE n.id = 5 RETURN n.id, properties(n).id") == ["5 | 5"])
    await #expect(
      throws: KVError(
        .invalidData,
        #"query, line 1, column 8: the property "x" contains \u0000, which not every database can hold"#)
    ) { try await ask(#"CREATE (:N {x: "a\u0000b"})"#) }
  }

  @Test func labelsAreNoAttribute() async throws {
    let graph = try await graph()
    for query in [
      "CREATE (u:T {`@labels`: ['A']})", "MATCH (u:User) SET u.`@labels` = ['B']",
      "MERGE (u:T {`@labels`: 1})", "MATCH (u:User) SET u += {`@labels`: 1}",
    ] {
      await #expect(throws: KVError.self, "\(query)") { _ = try await rows(graph, query, isWriting: true) }
    }
  }

  @Test func whatIsNotSetStaysToTheLetter() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let value =
      #"{"z":1.0,"big":12345678901234567890,"n":1E2,"far":1e400,"a":{"b":[1.50]},"@labels":["V","W"]}"#
    _ = try await graph.store.put("v/1", JSON(parsing: value), type: "V")
    _ = try await rows(graph, "MATCH (v:V) SET v.n = 3, v.new = true", isWriting: true)
    #expect(
      try await graph.store.get("v/1")?.value.text
        == #"{"z":1.0,"big":12345678901234567890,"n":3,"far":1e400,"a":{"b":[1.50]},"@labels":["V","W"],"new":true}"#
    )
  }

  @Test func nothingIsWrittenUnlessAskedFor() async throws {
    let graph = try await graph()
    for text in [
      "CREATE ()", "MATCH (n) SET n.x = 1", "MATCH (n) DETACH DELETE n", "MERGE (n:A)",
      "MATCH (n) REMOVE n.x",
      "RETURN 1 AS x UNION CREATE () RETURN 1 AS x",
    ] {
      let error = await expectError(.invalidData) { _ = try await rows(graph, text) }
      #expect(
        error?.message.contains("--write") == false && error?.reason == .readOnlyQuery,
        "\(text): \(error?.message ?? "")")
    }
    await expectError(.invalidData) {
      _ = try await rows(graph, "RETURN EXISTS { CREATE (n) }", isWriting: true)
    }
  }

  @Test(arguments: [
    ("MATCH (n) RETURN m", "line 1, column 18: the variable \"m\" is not known here; did you mean \"n\"?"),
    ("MATCH (n)\nRETURN sizee(n)", "line 2, column 8: there is no function sizee(); did you mean size()?"),
    ("RETURN 1 +", "line 1, column 11: expected an expression, and here is the end"),
    ("RETURN 'a", "line 1, column 8: the string has no end"),
    ("MATCH (n) RETURN n.x,", "expected an expression"),
    ("MATCH (n", "expected ')', and here is the end"), ("FOO", "expected MATCH, RETURN or another clause"),
    ("RETURN $x", "the parameter $x has no value"),
    ("MATCH (n) WHERE count(n) > 1 RETURN n", "aggregates, which WHERE cannot"),
    ("RETURN 9223372036854775808", "too large for an integer"),
    ("RETURN 9223372036854775807 + 1", "too large for an integer"),
    ("RETURN 1 / 0", "division by zero"), ("CALL db.labels()", "CALL is not here"), ("", "expected MATCH"),
    ("RETURN lowr('a')", "there is no function lowr(); did you mean lower()?"),
    ("RETURN toUpperCase('a')", "there is no function toUpperCase(); did you mean toUpper()?"),
    ("RETURN 1 IS TRUE", "IS TRUE asks what is true or false"),
    ("MATCH (n:$($t)) RETURN n", "column 10: the parameter has no name; $name IN labels(n) asks"),
    ("RETURN round(1, 2, 'UP', 4)", "round() takes 1 to 3 arguments, and here are 4"),
    ("RETURN sqrt(1, 2)", "sqrt() takes 1 argument, and here are 2"),
    ("RETURN CASE WHEN 1 THEN 2 END", "line 1, column 18: a condition is true or false"),
    ("MATCH (n) WHERE [1] RETURN n", "line 1, column 17: a condition is true or false"),
    ("MATCH (n WHERE 'x') RETURN n", "line 1, column 16: a condition is true or false"),
    ("RETURN [x IN 1 | x]", "line 1, column 9: expected a list, and here is an integer"),
    ("RETURN datetime('+300000000-01-01T00:00Z').epochMillis", "too many for an integer"),
    ("RETURN touper('a')", "did you mean toUpper()?"), ("RETURN cuont(1)", "did you mean count()?"),
    ("UNWIND [duration('P1D'), 1] AS x RETURN sum(x)", "sum() needs numbers or durations, not both"),
    ("UNWIND [9223372036854775807, 1] AS x RETURN sum(x)", "line 1, column 45: the sum is too large"),
    ("RETURN 1 AS a, 2 AS a", "the column \"a\" stands twice"),
    ("MATCH (a)-[a]->() RETURN a", "is a node, and cannot be an edge too"),
    ("RETURN [1] AS x LIMIT -1", "line 1, column 23: LIMIT needs an integer"),
    ("MATCH ANY GROUPS (a)-->(b) RETURN a", "line 1, column 11: GROUPS goes with SHORTEST k"),
    (
      "MATCH (a)-[*1..$k]->(b) RETURN a",
      "line 1, column 16: the bounds of a length are numbers, and here is $k"
    ),
    ("RETURN 1 AS x SKIP 1 - 2", "line 1, column 20: SKIP needs an integer"),
    ("RETURN 1 AS a UNION RETURN 2 AS b", "line 1, column 21: the parts of a UNION have the same columns"),
    ("RETURN true AND 1", "AND needs true or false"),
    ("RETURN \u{0}", "is not expected here"), ("RETURN `", "the name has no end"),
    ("RETURN /* x", "the comment has no end"),
    (
      "MATCH (a) WHERE (a)-[:t {w: 1 +}]->(b) RETURN a",
      "line 1, column 32: expected an expression, and here is '}'"
    ),
    ("MATCH (a) RETURN [(a)-[:t {w: 1 +}]->(b) | b.id]", "line 1, column 34: expected an expression"),
    ("MATCH (a) WHERE (a)-[:t*1...3]->() RETURN a", "line 1, column 28: expected ']'"),
    ("RETURN [x IN [1] WHERE ]", "line 1, column 24: expected an expression, and here is ']'"),
    (
      "MATCH (a) RETURN count(*) + size([(a)-->(b) | b.id])",
      "line 1, column 36: \"a\" stands beside an aggregation"
    ),
    ("MATCH (a:User) RETURN DISTINCT a.age + 1 ORDER BY a.age + 1.0", "\"a\" is not known here"),
  ])
  func whatIsWrongIsSaidWithItsPlace(_ text: String, _ message: String) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let error = await expectError(.invalidData) { _ = try await rows(graph, text) }
    #expect(
      error?.message.contains(message) == true && error?.message.contains("\n") == false,
      "\(error?.message ?? "")")
  }

  @Test func whatCannotBeWrittenIsSaidWithItsPlace() async throws {
    let graph = try await graph()
    func error(_ text: String, _ code: KVError.Code) async -> String? {
      await expectError(code) { _ = try await rows(graph, text, isWriting: true) }?.message
    }
    #expect(
      await error("CREATE (n:User {id: 'x'}),\n (:User {id: 'bob'})", .conflict)
        == "query, line 2, column 2: the node User:bob is there already")
    #expect(
      await error("MATCH (n:User {id: 'bob'})\n  DELETE n", .invalidData)?.hasPrefix(
        "query, line 2, column 3: the node User:bob has an edge, User:") == true)
    #expect(try await rows(graph, "MATCH (n:User) RETURN count(n)") == ["3"])
  }

  /// Types that differ in case only share their records' keys.
  @Test func aRecordOfAnotherNodeIsAConflict() async throws {
    let graph = try await graph()
    func conflict(_ text: String) async -> String? {
      await expectError(.conflict) { _ = try await rows(graph, text, isWriting: true) }?.message
    }
    for text in [
      "CREATE (:T {id: 't'}), (:t {id: 't'})", "CREATE (:T {id: 't'})-[:e]->(:t {id: 't'})",
      "MERGE (:T {id: 't'}) MERGE (:t {id: 't'})",
    ] {
      #expect(await conflict(text) == #"the record "t/t" is of the node T:t"#)
    }
    _ = try await rows(graph, "CREATE (:T {id: 't'})", isWriting: true)
    for text in ["CREATE (:t {id: 't'})", "MERGE (:t {id: 't'})", "CREATE (n:t {id: 't'}) SET n.a = 1"] {
      #expect(await conflict(text) == #"the record "t/t" is of the node T:t"#)
    }
    _ = try await rows(graph, "MATCH (n:T) DELETE n CREATE (:t {id: 't', a: 1})", isWriting: true)
    #expect(try await rows(graph, "MATCH (n {id: 't'}) RETURN n, n.a") == ["t:t | 1"])
  }

  @Test func textsAndListsAreJoined() async throws {
    let graph = try await graph()
    #expect(
      try await rows(graph, "RETURN 'a' || 'b' || 'c', [1] || [2], 'a' || null, [x IN ['a'] | x || 'b']")
        == [#"abc | [1, 2] | null | ["ab"]"#])
    for text in ["'a' || 1", "[1] || 2", "1 || 2"] {
      await expectError(.invalidData) { _ = try await rows(graph, "RETURN \(text)") }
    }
  }

  /// Of an attribute that nothing has; one that may be absent is left out.
  @Test(arguments: [
    ("MATCH (n) WHERE n.nmae = 'Bob' RETURN n", #"nmae ["name"]"#),
    ("MATCH (n {nmae: 'Bob'}) RETURN n", #"nmae ["name"]"#),
    ("MATCH (n:User) RETURN n{.nmae}, n.zip", #"nmae ["name"], zip []"#),
    ("MATCH ()-[r:follows WHERE r.sinc = 2020]->() RETURN r", #"sinc ["since"]"#),
    ("MATCH (a), (b) WHERE a.name = b.nam RETURN a", #"nam ["name"]"#),
    ("MATCH (n) RETURN COUNT { (n)-[:follows]->({nmae: 1}) }", #"nmae ["name"]"#),
    ("MATCH (n) RETURN n.title, n.name, n.id", ""), ("MATCH (n:Psot) WHERE n.nmae = 1 RETURN n", ""),
    ("MATCH (n) WHERE n.nmae IS NULL OR coalesce(n.zip, 0) = 0 RETURN n.nmae", ""),
    ("UNWIND [{a: 1}] AS m RETURN m.b", ""),
  ])
  func anAttributeThatNothingHasIsTold(_ query: String, _ missing: String) async throws {
    let summary = try await graph().query(query) { _ in true }
    #expect(summary.missingAttributes.map { "\($0) \($1)" }.joined(separator: ", ") == missing)
  }

  /// What `kv put` wrote describes a node that edges touch, and is none by itself; nothing takes it away.
  @Test(arguments: TestBackend.all)
  func aRecordOfNoTypeDescribesANode(_ backend: TestBackend) async throws {
    let graph = try await graph(backend)
    func ask(_ query: String) async throws -> [String] { try await rows(graph, query, isWriting: true) }
    func put(_ key: String, _ mail: String) async throws {
      _ = try await graph.store.put(key, JSON(members: [("mail", JSON(mail))]), type: "json")
    }
    try await put("user/bob", "b@x")
    _ = try await graph.store.createIndex(AttributeIndex(label: "User", attribute: "mail"))
    try await put("user/alice", "a@x")
    try await put("user/zed", "z@x")
    try await put("user/zed/settings", "s@x")
    for mail in ["a@x", "b@x", "z@x"] {
      let expected = mail == "a@x" ? ["User:alice"] : mail == "b@x" ? ["User:bob"] : []
      #expect(try await ask("MATCH (n:User {mail: '\(mail)'}) RETURN n") == expected)
      #expect(try await ask("MATCH (n:User) WHERE n.mail STARTS WITH '\(mail)' RETURN n") == expected)
    }
    for query in [
      "MATCH (n:User {id: 'zed'}) RETURN n", "MATCH (n) WHERE id(n) = 'User:zed' RETURN n",
      "MATCH (n:User {id: 'zed/settings'}) RETURN n", "MATCH (n:USER {id: 'bob'}) SET n.k = 1 RETURN n",
    ] { #expect(try await ask(query) == [], "\(query)") }
    for query in ["CREATE (n:User {id: 'zed'})", "MERGE (n:User {id: 'zed'}) SET n.k = 1"] {
      let error = await expectError(.conflict) { _ = try await ask(query) }
      #expect(error?.message.hasSuffix("the record \"user/zed\" is there already") == true)
    }
    #expect(try await graph.store.get("user/zed")?.value.text == #"{"mail":"z@x"}"#)
    #expect(
      try await ask("MERGE (n:User {mail: 'b@x'}) SET n.k = 1 RETURN n, properties(n)") == [
        #"User:bob | {k: 1, mail: "b@x"}"#
      ])
    #expect(try await graph.verify(repairing: false) { Issue.record("\($0)") }.faults == 0)
  }

  @Test func edgesHaveTheirKeysInPrint() async throws {
    let graph = try await graph()
    #expect(
      try await rows(graph, "MATCH p = (:User {name: 'Alice'})-[r:follows]->() RETURN id(r), r, p") == [
        "User:alice -[follows]-> User:bob | User:alice -[follows]-> User:bob | User:alice -[follows]-> User:bob",
        "User:alice -[follows#2]-> User:bob | User:alice -[follows#2]-> User:bob | User:alice -[follows#2]-> User:bob",
      ])
  }

  @Test func costMayBeAVariable() async throws {
    let graph = try await graph()
    for query in [
      "MATCH (cost:User)-[:wrote]->() RETURN cost", "MATCH (cost)-[:wrote]->() RETURN cost",
    ] { #expect(try await rows(graph, query) == ["User:bob"]) }
    for pattern in [
      "[cost]", "[cost:follows]", "[cost {since: 2020}]", "[cost WHERE cost.since = 2020]", "[cost*1..1]",
    ] {
      #expect(
        try await !rows(graph, "MATCH (:User {name: 'Alice'})-\(pattern)->() RETURN cost").isEmpty,
        "\(pattern)")
    }
    #expect(
      try await rows(
        graph,
        "MATCH p = ANY CHEAPEST (:User {name: 'Alice'})-[cost:follows COST cost.since]->(b) RETURN cost(p)")
        == ["2020"])
  }

  @Test func theIDThatANodeHasMayBeSet() async throws {
    let graph = try await graph()
    func ask(_ query: String) async throws -> [String] { try await rows(graph, query, isWriting: true) }
    #expect(try await ask("MERGE (n:User {id: 'bob'}) SET n += {id: 'bob', z: 1} RETURN n.z") == ["1"])
    #expect(
      try await ask("MATCH (n:User {id: 'bob'}) SET n = {id: 'bob', y: 2} RETURN properties(n)") == ["{y: 2}"]
    )
    #expect(try await ask("CREATE (n:User {id: 7}) SET n += {id: 7, q: 1} RETURN n.id, n.q") == ["7 | 1"])
    await expectError(.invalidData) { _ = try await ask("MATCH (n:User {id: 'bob'}) SET n += {id: 'bert'}") }
  }

  /// A map in a node's attributes is told from a node.
  @Test func mapsInAttributesAreMapsInJSON() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.load(
      ImportSource(
        name: "g.json",
        text: #"{"nodes":[{"type":"A","id":"1","m":{"node":{"x":1}},"l":[{"y":2}]}],"edges":[]}"#))
    let found = Collected()
    try await graph.query("MATCH (n) RETURN n, n.m") { row in
      found.lines += row.map(\.json.text)
      return true
    }
    #expect(
      found.lines == [
        #"{"node":{"type":"A","id":"1","labels":["A"],"properties":{"l":[{"map":{"y":2}}],"m":{"map":{"node":{"map":{"x":1}}}}}}}"#,
        #"{"map":{"node":{"map":{"x":1}}}}"#,
      ])
    struct Answer: Decodable {
      var n: N
      struct N: Decodable { var properties: P }
      struct P: Decodable { var l: [[String: Int]] }
    }
    for try await row in graph.query("MATCH (n) RETURN n") {
      #expect(try row.decoded(as: Answer.self).n.properties.l == [["y": 2]])
    }
  }

  @Test func aParameterIsAValueAndNothingElse() async throws {
    let graph = try await graph()
    let hostile = "alice'}) DETACH DELETE n //"
    #expect(try await rows(graph, "MATCH (n:User {id: $id}) RETURN n", ["id": .string(hostile)]) == [])
    #expect(try await rows(graph, "RETURN $id", ["id": .string(hostile)]) == [hostile])
    #expect(
      try await rows(graph, "MATCH (n:User {id: $id}) RETURN n", ["id": .string("alice")]) == ["User:alice"])
  }

  @Test func rowsEndWhereNoMoreAreWanted() async throws {
    let graph = try await graph()
    let seen = Collected()
    try await graph.query("UNWIND range(1, 1000000) AS x RETURN x") { _ in
      seen.lines.append("")
      return seen.lines.count < 3
    }
    #expect(seen.lines.count == 3)
    #expect(try await rows(graph, "UNWIND range(1, 1000000) AS x RETURN x LIMIT 2") == ["1", "2"])
  }

  @Test func randomTextsAreRefusedInOneLine() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    var random = SeededRandom()
    let words = [
      "MATCH", "(", ")", "n", "-[", "]->", "RETURN", "WHERE", "WITH", "AS", "x", "1", "'s'", "{", "}", ":",
      ",", "*", "..", "=",
      "count(", "ORDER BY", "UNWIND", "[", "]", "|", "$p", "NOT", "IN", "EXISTS {", "CASE", "WHEN", "THEN",
      "END", "+", ".", "UNION", "-",
      "<", "`", "\u{7}", "OPTIONAL", "LIMIT", "SHORTEST", "ANY",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in
        words.randomElement(using: &random) ?? ""
      }
      .joined(separator: Bool.random(using: &random) ? " " : "")
      do {
        _ = try await rows(graph, text, ["p": .integer(1)])
      } catch let error as KVError {
        #expect(
          !error.message.contains("\n") && error.code == .invalidData,
          "\(text): \(error), seed \(random.seed)")
      }
    }
    for deep in [
      String(repeating: "(", count: 10_000), String(repeating: "[", count: 10_000),
      String(repeating: "NOT ", count: 10_000), String(repeating: "-", count: 10_000) + "1",
      "x" + String(repeating: ".y", count: 10_000), String(repeating: "1+", count: 10_000) + "1",
    ] {
      do {
        _ = try await rows(graph, "RETURN " + deep)
      } catch let error as KVError {
        #expect(error.code == .invalidData, "\(error)")
      }
    }
  }
}

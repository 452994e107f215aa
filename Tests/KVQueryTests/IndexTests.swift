import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Attribute indexes, beside the same questions asked so that no index answers them. One after the other, for they take two stores each.
@Suite(.serialized) struct IndexTests {
  private static let values: [JSON] = {
    let long = String(repeating: "ab", count: 40)
    let texts = [
      "", "a", "ab", "b", "é", "e\u{301}", "\u{10FFFF}", "\u{FFFF}", "'\"\\", long, long + "c", "10", "2",
    ]
    let numbers = [
      "0", "-0.0", "1", "1.0", "2", "10", "-1", "-1.5", "9007199254740993", "9007199254740992", "1e300",
      "-1e300", "0.1",
      "9223372036854775807",
    ]
    let others = ["null", "true", "[1]", "[]", #"{"date":"2020-01-01"}"#, #"{"a":1}"#]
    return texts.map { JSON($0) } + (numbers + others).compactMap { try? JSON(parsing: $0) }
  }()

  private func answer(_ graph: Graph, _ query: String, _ parameters: Value.Members) async throws -> String {
    let rows = Collected()
    do {
      try await graph.query(
        query, parameters: parameters,
        row: { values in
          rows.lines.append("\(values)")
          return true
        })
    } catch let error as KVError where error.code == .invalidData {
      return "error"
    }
    return rows.lines.joined(separator: "\n")
  }

  private func record(_ number: Int, _ random: inout SeededRandom) -> NewRecord {
    let type = ["User", "user", "Org"][number % 3]
    var members: [(String, JSON)] = []
    for name in ["x", "y"] where Int.random(in: 0..<5, using: &random) > 0 {
      members.append((name, Self.values.randomElement(using: &random) ?? .null))
    }
    if number % 5 == 0 { members.append(("@labels", JSON(elements: [JSON("User")]))) }
    let value = number % 11 == 0 ? Self.values[number % Self.values.count] : JSON(members: members)
    return NewRecord(key: "\(type.lowercased())/\(number)", value: value, type: type)
  }

  private func compare(_ graph: Graph, _ random: inout SeededRandom, _ context: String) async throws {
    for _ in 0..<12 {
      let value = Self.values.randomElement(using: &random) ?? .null
      let other = Self.values.randomElement(using: &random) ?? .null
      let parameters: Value.Members = [
        "v": Value(value), "w": Value(other), "l": Value.list([Value(value), Value(other), .null]),
      ]
      let name = ["x", "y", "value"].randomElement(using: &random) ?? "x"
      let condition =
        [
          "u.\(name) = $v", "$v = u.\(name)", "u.\(name) < $v", "u.\(name) >= $v", "$v <= u.\(name) < $w",
          "u.\(name) > $v AND u.\(name) <= $w AND u.y = $w", "u.\(name) IN $l", "u.\(name) STARTS WITH $v",
          "u.\(name) = $v AND u.y <> $w",
        ].randomElement(using: &random) ?? ""
      let label = ["User", "user", "Org", "User|Org", "User&!Org"].randomElement(using: &random) ?? "User"
      let shape =
        [
          ("(u:\(label))", "u.id, labels(u)"), ("(u:\(label)), (w:Org {x: u.x})", "u.id, w.id"),
          ("(u:\(label)), (w {y: u.x})", "u.id, w.id"),
        ].randomElement(using: &random) ?? ("", "")
      let by = try await answer(graph, "MATCH \(shape.0) WHERE \(condition) RETURN \(shape.1)", parameters)
      let without = try await answer(
        graph,
        "MATCH \(shape.0.replacing(" {x: u.x}", with: " WHERE w.x = u.x OR false").replacing(" {y: u.x}", with: " WHERE w.y = u.x OR false")) WHERE (\(condition)) OR false RETURN \(shape.1)",
        parameters)
      #expect(by == without, "\(context): \(shape.0) WHERE \(condition), v = \(value), w = \(other)")
    }
  }

  @Test(arguments: TestBackend.all)
  func whatAnIndexFindsIsWhatIsThere(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    let database = try await backend.database()
    let graph = Graph(try await database.open())
    let context = "\(random.seed)"
    func records(_ numbers: Range<Int>) -> [NewRecord] { numbers.map { record($0, &random) } }
    let first = records(0..<60)
    try await graph.store.load { _ = try await $0.put(first, onConflict: .error) }
    #expect(try await graph.store.attributeIndexes().isEmpty)
    for (label, attribute) in [("User", "x"), ("User", "value"), ("Org", "x"), ("User", "y")] {
      #expect(try await graph.store.createIndex(AttributeIndex(label: label, attribute: attribute)))
    }
    #expect(try await !graph.store.createIndex(AttributeIndex(label: "User", attribute: "x")))
    #expect(try await database.query("select count(*) from kv_attribute_pending") == ["0"])
    try await compare(graph, &random, context)
    // Another store, which has not made them, and writes so much that it reads what has changed.
    let other = Graph(try await database.open())
    for round in 0..<3 {
      for number in 0..<40 {
        let record = record(Int.random(in: 0..<90, using: &random), &random)
        if number % 4 == 0 {
          _ = try await other.store.mutate([.delete(key: record.key)])
        } else {
          _ = try await other.store.put(record.key, record.value, type: record.type)
        }
      }
      try await compare(graph, &random, "\(context), round \(round)")
      let replaced = records(20..<70)
      try await other.store.load { _ = try await $0.put(replaced, onConflict: .replace) }
      let new = records(100 + 30 * round..<130 + 30 * round)
      try await other.store.load { _ = try await $0.put(new, onConflict: .error) }
      try await compare(other, &random, "\(context), after loads")
      try await database.query(
        "update kv set value = (select value from kv order by key limit 1) where key = 'user/4'")
      try await database.query("delete from kv where key = 'user/7'")
      try await database.query("update kv set key = 'user/r\(round)' where key = 'user/\(100 + 30 * round)'")
      try await compare(graph, &random, "\(context), after SQL")
      #expect(try await graph.store.attributeIndexFaults(repairing: false) == [], "\(context)")
    }
    try await findFaults(in: database, graph)
    #expect(
      try await graph.store.attributeIndexes().map(\.description) == [
        "Org.x", "User.value", "User.x", "User.y",
      ])
    for index in try await graph.store.attributeIndexes() { #expect(try await graph.store.dropIndex(index)) }
    #expect(try await graph.store.attributeIndexes().isEmpty)
    #expect(try await !graph.store.dropIndex(AttributeIndex(label: "User", attribute: "x")))
    _ = try await other.store.put("user/1", JSON("after"), type: "User")
  }

  /// What nobody writes to an index, and what is missing there, is found and mended.
  private func findFaults(in database: TestDatabase, _ graph: Graph) async throws {
    let indexed = try await database.query(
      "select distinct key from kv_attribute where key not in (select key from kv_attribute_pending)"
    ).sorted { ByteKey($0) < ByteKey($1) }
    #expect(indexed.count > 5)
    let (lost, changed) = (indexed[0], indexed[indexed.count - 1])
    try await database.query("delete from kv_attribute where key = '\(lost)'")
    try await database.query("update kv_attribute set value = 'tzzz' where key = '\(changed)'")
    try await database.query("insert into kv_attribute values ('user/gone', 'User', 'x', 'ta')")
    let faults = [lost, changed, "user/gone"].sorted { ByteKey($0) < ByteKey($1) }
    #expect(try await graph.store.attributeIndexFaults(repairing: false) == faults)
    var told: [GraphFault] = []
    let result = try await graph.verify(repairing: true) { told.append($0) }
    #expect(told.map(\.key) == faults && told.allSatisfy { $0.kind == .attributeIndex && $0.isRepaired })
    #expect(result.faults == 3 && result.repaired == 3)
    #expect(try await graph.store.attributeIndexFaults(repairing: false) == [])
  }

  @Test(arguments: TestBackend.all)
  func aQueryThatWritesFindsWhatItHasWritten(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    _ = try await graph.store.createIndex(AttributeIndex(label: "User", attribute: "email"))
    func ask(_ query: String) async throws -> [String] {
      let rows = Collected()
      try await graph.query(
        query, isWriting: true,
        row: { values in
          rows.lines.append(values.map { "\($0)" }.joined(separator: " "))
          return true
        })
      return rows.lines
    }
    _ = try await ask(#"CREATE (:User {id: "a", email: "a@x"}), (:User {id: "b", email: "b@x"})"#)
    #expect(
      try await ask(
        #"MATCH (u:User {email: "a@x"}) SET u.email = "c@x" WITH 1 AS one MATCH (v:User) WHERE v.email IN ["a@x", "c@x"] RETURN v.id, v.email"#
      ) == ["a c@x"])
    #expect(
      try await ask(
        #"UNWIND ["b@x", "n@x", "n@x"] AS e MERGE (u:User {email: e}) ON CREATE SET u.new = true RETURN u.email, u.new"#
      )
        == ["b@x null", "n@x true", "n@x true"])
    #expect(
      try await ask(
        #"MATCH (u:User {email: "b@x"}) DELETE u WITH 1 AS one MATCH (v:User {email: "b@x"}) RETURN v"#) == []
    )
    #expect(try await ask("MATCH (u:User) RETURN count(*)") == ["2"])
    // The rows of a list are asked for at once, and a plan says what answers.
    let steps = try await graph.explain(#"MATCH (o:Org)<-[:of]-(u:User {email: "n@x"}) RETURN o"#)
    #expect(steps[0].action == "(u:User) by the index on User.email, -[:of]-> (o:Org)")
  }

  /// One query over many rows does what one for each row does, though nodes change and come while it runs.
  @Test(arguments: TestBackend.all, [false, true])
  func rowsFindWhatRowsBeforeThemHaveWritten(_ backend: TestBackend, isIndexed: Bool) async throws {
    let graphs = [Graph(try await backend.store()), Graph(try await backend.store())]
    func answer(_ graph: Graph, _ query: String, _ parameters: Value.Members = [:]) async throws -> [String] {
      let rows = Collected()
      try await graph.query(query, parameters: parameters, isWriting: true) { values in
        rows.lines.append(values.map { "\($0)" }.joined(separator: " "))
        return true
      }
      return rows.lines
    }
    for graph in graphs {
      if isIndexed {
        for label in ["A", "B"] {
          _ = try await graph.store.createIndex(AttributeIndex(label: label, attribute: "x"))
        }
      }
      _ = try await answer(graph, "UNWIND range(1, 5) AS i CREATE (:A {id: i, x: i}), (:C {id: i, x: i})")
    }
    let writes = [
      "MERGE (n:A {x: i % 7}) ON CREATE SET n.made = i ON MATCH SET n.x = i % 5, n.met = coalesce(n.met, 0) + i",
      "MERGE (n:B {x: 'b' + (i % 3)}) ON CREATE SET n:A ON MATCH SET n = {x: i % 4, last: i}",
      "MERGE (c:C {x: i}) SET c:B",
      "MERGE (n:A {x: 2}) ON MATCH SET n.x = 3, n.i = i ON CREATE SET n.new = i",
    ]
    for write in writes {
      _ = try await answer(graphs[0], "UNWIND range(1, 12) AS i \(write)")
      for row in 1...12 { _ = try await answer(graphs[1], "WITH $i AS i \(write)", ["i": .integer(row)]) }
      let read =
        "MATCH (n) RETURN properties(n {.*, id: ''}), labels(n) ORDER BY labels(n), n.x, n.made, n.new, n.last, n.i"
      let (one, many) = (try await answer(graphs[0], read), try await answer(graphs[1], read))
      #expect(one == many && one.count >= 10, "\(write)")
    }
  }

  /// Between two known nodes the edges are found from whichever has fewer, in the same order.
  @Test(arguments: TestBackend.all)
  func edgesOfAHubAreFoundFromTheirOtherEnds(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    func ask(_ query: String) async throws -> [[Value]] {
      var rows: [[Value]] = []
      for try await row in graph.query(query, isWriting: true) { rows.append(row.values) }
      return rows
    }
    let making =
      "MATCH (h:H {id: 'h'}), (x:X) CREATE (h)-[:t]->(x) CREATE (x)-[:t]->(h) CREATE (x)-[:u]->(h), (h)-[:u]->(h)"
    _ = try await ask("CREATE (:H {id: 'h'}) WITH 1 AS one UNWIND range(1, 4) AS i CREATE (:X {id: i})")
    _ = try await ask(making)
    for pattern in ["(h)-[r]-(x)", "(h)-[r]->(x)", "(h)<-[r:t|u]-(x)", "(x)-[r:u]-(h)"] {
      // The first time the other ends are not known.
      let found = "collect(coalesce(key(r), '') + type(r) + startNode(r).id)"
      let rows = try await ask(
        "\(making) WITH DISTINCT h MATCH \(pattern) WITH h, x, \(found) AS one MATCH \(pattern) RETURN x.id, one, \(found)"
      )
      #expect(rows.count == 5)
      for row in rows { #expect("\(row[1])" == "\(row[2])", "\(pattern), \(row[0])") }
    }
  }

  @Test func manyRowsAskAnIndexOnce() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.store.createIndex(AttributeIndex(label: "User", attribute: "n"))
    try await graph.store.load { load in
      _ = try await load.put(
        (0..<400).map {
          NewRecord(key: "user/\($0)", value: JSON(members: [("n", JSON($0 % 100))]), type: "User")
        }, onConflict: .error)
    }
    let summary = try await graph.query(
      "UNWIND range(0, 199) AS n MATCH (u:User {n: n}) RETURN u.id", isProfiled: true, row: { _ in true })
    #expect(summary.rows == 400)
    let match = summary.profile[1]
    #expect(match.action == "(u:User) by the index on User.n")
    // The indexes' names, what they hold, and the records.
    #expect((match.requests ?? .max) <= 3)
  }

  /// Of other nodes of the pattern, before and behind what asks.
  @Test(arguments: [
    "MATCH (a)(()-[:to]->(x WHERE x.n < c.n)){1}(b)(()-[:to]->(y WHERE y.n > a.n)){1}(c) RETURN count(*)",
    "MATCH (a:A)-[:to]->(x WHERE x.n < b.n)-[:to]->(b:End) RETURN count(*)",
    "MATCH (a:A)-[:to]->(x)-[t:to WHERE a.n < x.n]->(b:End) RETURN count(*)",
    "MATCH (a:A)-[:to]->(x)-[t:to WHERE a.n < x.n]->+(b:End) RETURN count(*)",
    "MATCH (a:A) MATCH (b:B WHERE b.n = a.n) RETURN count(*)",
  ])
  func whatIsAskedOfOtherNodesIsReadAtOnce(_ query: String) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.query(
      """
      UNWIND range(1, 300) AS n CREATE (:A {id: n, n: 0})-[:to]->(:B {id: n, n: n})-[:to]->(:End {id: n, n: n + 1})
      """, isWriting: true, row: { _ in true })
    let summary = try await graph.query(query, isProfiled: true, row: { _ in true })
    let requests = summary.profile.reduce(0) { $0 + ($1.requests ?? 1000) }
    #expect(requests <= 30)
  }

  @Test func manyRowsThatWriteAskForAllAtOnce() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    for _ in 0..<2 {
      let summary = try await graph.query(
        "UNWIND range(1, 400) AS n MERGE (u:User {id: n}) MERGE (v:User {id: n % 5}) MERGE (u)-[:of]->(v) SET v.x = n",
        isWriting: true, isProfiled: true, row: { _ in true })
      // Records, and edges both ways, for each clause.
      let requests = summary.profile.reduce(0) { $0 + ($1.requests ?? 1000) }
      #expect(requests <= 12)
    }
    #expect(try await Graph(graph.store).degree(of: NodeReference(type: "User", id: "3")).incoming == 80)
  }
}

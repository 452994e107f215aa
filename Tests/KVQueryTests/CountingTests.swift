import KV
import KVGraph
import KVSQLite
import TestSupport
import Testing

@testable import KVQuery

/// Matches that are only counted, beside the same matches as rows.
@Suite struct CountingTests {

  private func graph(_ backend: TestBackend, _ random: inout SeededRandom) async throws -> Graph {
    let graph = Graph(try await backend.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    let count = Int.random(in: 2...6, using: &random)
    func node(_ number: Int) -> NodeReference {
      NodeReference(type: ["A", "B", "Node"][number % 3], id: "\(number)")
    }
    for number in 0..<count {
      try await graph.add(
        Node(
          node(number),
          value: JSON(
            members: [("n", JSON(number % 4))]
              + (number == 2 ? [("@labels", JSON(elements: [JSON("A")]))] : []))))
    }
    // Around a hub the pairs of edges are told otherwise.
    let hasHub = backend.description == TestBackend.sqlite.description && Bool.random(using: &random)
    for number in 0..<Int.random(in: hasHub ? 9...14 : 0...9, using: &random) {
      var edge = Edge(
        from: node(Int.random(in: 0..<count, using: &random)),
        to: node(
          hasHub && Int.random(in: 0..<5, using: &random) > 0 ? 0 : Int.random(in: 0..<count, using: &random)),
        type: ["s", "t", "u"].randomElement(using: &random) ?? "s")
      edge.parallelKey = "k\(number)"
      _ = try await graph.add(edge)
    }
    return graph
  }

  /// A pattern of one or two parts, in which nodes may come again.
  private func pattern(_ random: inout SeededRandom) -> (text: String, nodes: [String], edges: [String]) {
    var (nodes, edges): ([String], [String]) = ([], [])
    var parts: [String] = []
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      var text = ""
      for step in 0...Int.random(in: 0...3, using: &random) {
        if step > 0 {
          let name = Bool.random(using: &random) ? "r\(edges.count)" : ""
          if !name.isEmpty { edges.append(name) }
          let types = ["", ":s", ":s|t", ":u"].randomElement(using: &random) ?? ""
          let ends = [("-", "->"), ("<-", "-"), ("-", "-")].randomElement(using: &random) ?? ("-", "-")
          let times =
            name.isEmpty ? ["", "", "{2}", "{0,1}", "{1,2}"].randomElement(using: &random) ?? "" : ""
          text += "\(ends.0)[\(name)\(types)]\(ends.1)\(times)"
        }
        let name =
          ["", nodes.randomElement(using: &random) ?? "", "n\(nodes.count)", "n\(nodes.count)"].randomElement(
            using: &random) ?? ""
        if !name.isEmpty, !nodes.contains(name) { nodes.append(name) }
        let rest =
          ["", "", "", ":A", ":B|A", ":!A", " {n: 1}", " WHERE \(name).n > 0"].randomElement(using: &random)
          ?? ""
        text += "(\(name)\(name.isEmpty && rest.contains("WHERE") ? "" : rest))"
      }
      parts.append(text)
    }
    var text = parts.joined(separator: ", ")
    var conditions: [String] = []
    if nodes.count > 1, Bool.random(using: &random) { conditions.append("\(nodes[0]) <> \(nodes[1])") }
    if let node = nodes.last, Int.random(in: 0..<9, using: &random) == 0 {
      conditions.append("\(node) <> \(node)")
    }
    if let node = nodes.last, Int.random(in: 0..<3, using: &random) == 0 {
      conditions.append("\(node).n < 3")
    }
    if nodes.count > 1, Bool.random(using: &random) {
      let (one, other) = (
        nodes.randomElement(using: &random) ?? "", nodes.randomElement(using: &random) ?? ""
      )
      conditions.append(
        [
          "\(one).n < \(other).n", "\(one).id <> \(other).id", "NOT (\(one))-[:s]->(\(other))",
          "(\(one))-[:u|t]-(\(other))", "NOT (\(one))<--(:A)", "(\(one))--({n: 1})",
          "NOT ()-[:s]->(\(other))", "\(one).n = \(other).missing",
        ].randomElement(using: &random) ?? "")
    }
    if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
    for number in 0..<Int.random(in: 0...2, using: &random) {
      text += optional(number, nodes, &random)
    }
    return (text, nodes, edges)
  }

  private func optional(_ number: Int, _ nodes: [String], _ random: inout SeededRandom) -> String {
    func one(of texts: String...) -> String { texts.randomElement(using: &random) ?? "" }
    let known = nodes.randomElement(using: &random) ?? ""
    let new = "x\(number)"
    let end = one(of: "()", "(:A)", "(\(nodes.randomElement(using: &random) ?? ""))", "(\(new)b {n: 1})")
    let chain =
      "(\(one(of: known, known, "")))\(one(of: "-->", "-[:s]->", "<-[:t]-", "-[:u]-"))(\(new)\(one(of: "", ":B", ":A|B")))"
    let rest = one(
      of: "", "\(one(of: "--", "-[:s|t]->", "<--"))\(end)", ", (\(new))<--\(end)", ", (:B)--\(end)")
    let condition = one(
      of: "", "", " WHERE \(new).n > 0", " WHERE \(new) <> \(known)", " WHERE \(new).n < \(known).n",
      " WHERE NOT (\(new))-->(\(known))")
    return " OPTIONAL MATCH \(chain)\(rest)\(known.isEmpty ? "" : condition)"
  }

  @Test(arguments: TestBackend.all)
  func countsAreThoseOfTheRows(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    var planned = 0
    // Most of it where a question takes no time.
    let isWhole = backend.description == TestBackend.sqlite.description
    for _ in 0..<(isWhole ? 20 : 4) {
      let graph = try await graph(backend, &random)
      for _ in 0..<12 {
        let (pattern, nodes, edges) = pattern(&random)
        let keys =
          nodes.filter { _ in Bool.random(using: &random) }
          + edges.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map { "type(\($0))" }
        let count = edges.first { _ in Bool.random(using: &random) }.map { "count(\($0))" } ?? "count(*)"
        let counted = "MATCH \(pattern) RETURN \((keys + [count]).joined(separator: ", "))"
        var expected: [String: Int] = [:]
        for row in try await rows(graph, "MATCH \(pattern) RETURN \((keys + ["0"]).joined(separator: ", "))")
        {
          expected[row, default: 0] += 1
        }
        var lines = expected.map { "\($0.key.dropLast())\($0.value)" }
        if keys.isEmpty, lines.isEmpty { lines = ["0"] }
        #expect(try await rows(graph, counted).sorted() == lines.sorted(), "\(counted), seed \(random.seed)")
        let (parsed, _) = try Parser.parse(counted)
        if parsed.parts[0].counted != nil { planned += 1 }
      }
    }
    // Of them many were counted in flat arrays indeed.
    #expect(planned > (isWhole ? 100 : 15), "seed \(random.seed)")
  }

  @Test func severalClausesAreCountedTogether() async throws {
    var random = SeededRandom()
    for _ in 0..<24 {
      let graph = try await graph(.sqlite, &random)
      for clauses in [
        "MATCH (a)-[:s]->(b) MATCH (a)-[:s]->(c)", "MATCH (a)-->(b) MATCH (b)-->(c)-->(a) WHERE a.n < c.n",
        "MATCH (a:A) MATCH (a)--(b) WHERE NOT (b)-[:t]->(a) MATCH (b)--(c) WHERE a <> c",
        "MATCH WALK (a)-[:u]-(b)-[:u]-(c) MATCH (c)--(a)",
        "MATCH (a)-->(b) OPTIONAL MATCH (b)-[:s]->(x) OPTIONAL MATCH (a)--(y)--(z) WHERE y <> b",
        "MATCH (a:A) OPTIONAL MATCH (a)-->(x)-->(y:B), (x)--(z) MATCH (a)--(b)--(c)",
        "OPTIONAL MATCH (a:A)-->(b) MATCH (c)-->(d)",
        "MATCH (a)--(b) OPTIONAL MATCH (a)--(x)--(b) WHERE x.n < a.n",
        "MATCH (a)--(b) OPTIONAL MATCH (x:A) WHERE NOT (x)-->(a)",
        "MATCH (a) OPTIONAL MATCH (a)--(x {n: 1})--(y)",
        "MATCH (a)-[:s]->(b)-[:t]->(c)-[:u]-(d)-[:s]->(e), (c)-[:t]->(f), (a)--(g)",
        "MATCH (a)-[:s]->(b), (c)-[:t]->(d), (e)--(f) WHERE a <> c AND d.n < e.n",
      ] {
        let expected = try await rows(graph, "\(clauses) RETURN 1").count
        #expect(try Parser.parse("\(clauses) RETURN count(*)").query.parts[0].counted != nil, "\(clauses)")
        #expect(
          try await rows(graph, "\(clauses) RETURN count(*)") == ["\(expected)"],
          "\(clauses), seed \(random.seed)")
      }
    }
  }

  /// On which nothing has to be another.
  @Test func longWalksAreCounted() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let edges = [("1", "2"), ("2", "1")].map { #"{"from":"A:\#($0)","to":"A:\#($1)","type":"s"}"# }
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: edges.joined(separator: "\n")))
    for (pattern, count) in [
      ("(a)-[:s]->{1,20}(b)", 40), ("(a)-[:s*20]->(b)", 2), ("(a)-[]-{1,20}(b)", 2 * ((1 << 21) - 2)),
      ("(a)-[]-{0,32}(b)", 2 * ((1 << 33) - 1)), ("(a)-->{0,32}(b)-[]-{1,3}(c)", 33 * 2 * 14),
    ] {
      #expect(try await rows(graph, "MATCH WALK \(pattern) RETURN count(*)") == ["\(count)"], "\(pattern)")
    }
  }

  /// Edges that meet at a node are told apart without going through them in pairs, of which a hub has too many.
  @Test func pairsOfEdgesAtAHubAreNotGoneThrough() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let lines = (0..<30_000).map { #"{"from":"A:\#($0)","to":"B:hub","type":"s"}"# }
    let text = (lines + [#"{"from":"B:hub","to":"B:hub","type":"s"}"#]).joined(separator: "\n")
    _ = try await graph.load(ImportSource(name: "hub.jsonl", text: text))
    let all = 30_001
    for (pattern, count) in [
      ("(a)-[:s]->(b)<-[:s]-(c)", all * (all - 1)), ("(a)-[:s]->(b)<-[:s]-(c) WHERE a <> c", all * (all - 1)),
      ("(a)-[:s]->()-[:s]->(c)", all - 1), ("(a)-->{2}(c)", all - 1),
      ("(a)--(b)--(c)", all * (all - 1)), ("(a)-[:s]-{1,2}(c)", 2 * (all - 1) + 1 + all * (all - 1)),
      ("(a)-[:s*0..2]->(c)", all + all + all - 1),
      ("(a)-[:s]->(b:B {id: 'hub'})<-[:s]-(c)", all * (all - 1)),
      ("(a)-[:s]->(b)<-[:s]-(c:A) WHERE b.id = 'hub' AND c.id <> '3'", (all - 1) * (all - 2)),
      ("(a {id: '7'})-[:s]->(b)<-[:s]-(c:A)", all - 2),
      ("WALK (a)-[:s]->(b)<-[:s]-(c)", all * all), ("(a:A)-[:s]->(b)<-[:s]-(c:A)", (all - 1) * (all - 2)),
    ] {
      #expect(try await rows(graph, "MATCH \(pattern) RETURN count(*)") == ["\(count)"], "\(pattern)")
    }
    #expect(
      try await rows(graph, "MATCH (a)-[:s]->(b)<-[:s]-(c) RETURN b, count(*)") == [
        "B:hub | \(all * (all - 1))"
      ])
  }

  @Test func numbersBeyondIntegersAreAnErrorAndNoCrash() async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    for number in 0..<600 { try await graph.add(Node(NodeReference(type: "A", id: "\(number)"))) }
    let many = "MATCH " + (0..<7).map { "(a\($0))" }.joined(separator: ", ")
    func message(_ query: String, profiled: Bool = false) async -> String {
      do {
        try await graph.query(query, isProfiled: profiled, row: { _ in true })
        return ""
      } catch {
        return (error as? KVError)?.message ?? "\(error)"
      }
    }
    #expect(await message("\(many) RETURN count(*)").hasSuffix("more matches than an integer can count"))
    #expect(
      await message("\(many) RETURN labels(a0), count(*)").hasSuffix("more rows than an integer can count"))
    #expect(try await rows(graph, "\(many) RETURN min(a0.id), avg(1)") == ["0 | 1.0"])
    #expect(try await rows(graph, "\(many) MATCH (x)-->(y) RETURN count(*)") == ["0"])
    #expect(await message("\(many) RETURN a0, count(*)", profiled: true).isEmpty)
    for function in ["collect(1)", "stDev(1)", "percentileDisc(1, 0.5)"] {
      #expect(
        await message("\(many) RETURN a0, \(function)").contains("() needs more memory than"), "\(function)")
    }
    #expect(
      try await rows(graph, "MATCH (a), (b), (c) RETURN sum(duration('P10DT-0.000000001S'))")
        == ["P2160000000DT-0.216S"])
  }

  /// Also where a condition does not go with a node that no match comes by.
  @Test func conditionsAreOfMatchesAlone() async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    _ = try await graph.load(
      ImportSource(
        name: "g.jsonl",
        text: #"""
          {"type":"A","id":"1","n":3}
          {"type":"A","id":"2","n":"x"}
          {"type":"A","id":"3","n":5}
          {"from":"A:1","to":"A:3","type":"t"}
          """#))
    #expect(try await rows(graph, "MATCH (a)-[:t]->(b) WHERE b.n - 1 > 0 RETURN count(*)") == ["1"])
    #expect(try await rows(graph, "MATCH (a)-[:u]->(b) WHERE a.n / 0 > 0 RETURN count(*)") == ["0"])
  }

  @Test func whatCannotBeCountedSoIsFoundAsBefore() throws {
    for (query, isCounted) in [
      ("MATCH (a)-->(b) RETURN count(*)", true), ("MATCH (a)-[r:x]->(b) RETURN type(r), count(r)", true),
      ("MATCH (a)-->(b) WHERE a <> b AND b.n > 1 RETURN b.id, sum(a.n), collect(DISTINCT a.n)", true),
      ("MATCH (a)-[r]->(b) RETURN count(DISTINCT r)", false), ("MATCH (a)-[r]->(b) RETURN sum(r.w)", false),
      ("MATCH p = (a)-->(b) RETURN count(*)", false), ("MATCH (a)-[*1..2]->(b) RETURN count(*)", true),
      ("MATCH (a)-[*1..9]->(b) RETURN count(*)", false), ("MATCH (a)-[*0..]->(b) RETURN count(*)", false),
      ("MATCH (a)-[*3..1]->(b) RETURN count(*)", false), ("MATCH (a)-[*]->(b) RETURN count(*)", false),
      ("MATCH (a)-[r*1..2]->(b) RETURN count(*)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-[*1..2]->(b) RETURN count(*)", false),
      ("MATCH (a)-->(b) WHERE a.n = b.n RETURN count(*)", true),
      ("MATCH (a)-->(b)-->(c) WHERE NOT (a)-[:x]->(c) AND (b)<--(:A {n: 1}) RETURN count(*)", true),
      ("MATCH (a)-->(b) WHERE (a)-->(b:A) RETURN count(*)", false),
      ("MATCH (a)-->(b) WHERE (a)-->()-->(b) RETURN count(*)", false),
      ("MATCH (a)-->(b) WHERE EXISTS { (a)-->(c) WHERE c.n = b.n } RETURN count(*)", false),
      ("MATCH (a)-->(b) WHERE a.n = b.n OR a.n = 1 RETURN count(*)", false),
      ("MATCH (a {id: 'x'})-->(b {n: a.n}) RETURN count(*)", false),
      ("MATCH (a:A {id: 'x'})-->(b) RETURN count(*)", true), ("MATCH (a)-->(b) RETURN a, b", false),
      ("MATCH (a)-->(b) RETURN a, count { (a)-->() }, count(*)", false),
      ("MATCH (a)-->(b) OPTIONAL MATCH (b)-->(c:A) WHERE c.n > a.n RETURN a, count(*)", true),
      ("MATCH (a) OPTIONAL MATCH (a)-[r]->(c) RETURN count(r)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-->(c) RETURN count(c)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-->(c) RETURN a, c.n, count(*)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-->(c) MATCH (c)-->(d) RETURN count(*)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-->(c) OPTIONAL MATCH (c)-->(d) RETURN count(*)", false),
      ("MATCH (a) OPTIONAL MATCH (a:A)-->(c) RETURN count(*)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-->(c) WHERE a.n > 1 RETURN count(*)", false),
      ("MATCH (a) OPTIONAL MATCH (a)-->(c) MATCH (b) WHERE b.n < c.n RETURN count(*)", false),
    ] {
      let (parsed, _) = try Parser.parse(query)
      #expect((parsed.parts[0].counted != nil) == isCounted, "\(query)")
    }
  }
}

import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Chains in brackets, which are walked again and again, or at most once.
@Suite struct GroupTests: PatternSuite {
  /// A group is what stands there as often as it says.
  @Test func groupsAreWhatTheyWouldBeWrittenOut() async throws {
    var random = SeededRandom()
    for _ in 0..<150 {
      let (graph, model) = try await make(&random)
      let inner = (0..<Int.random(in: 1...2, using: &random)).map { _ -> String in
        var element = element(&random)
        (element.isFixed, element.length) = (true, 1...1)
        return element.text
      }
      let least = Int.random(in: 0...1, using: &random)
      let most = max(least + Int.random(in: 0...2, using: &random), 1)
      let mode = ["TRAIL", "ACYCLIC"].randomElement(using: &random) ?? "TRAIL"
      let group =
        "((x)" + inner.enumerated().map { $1 + ($0 == inner.count - 1 ? "(y:A)" : "()") }.joined() + ")"
      let ends = ["(a:A)", "(a)", "(a {id: '0'})"].randomElement(using: &random) ?? "(a)"
      let last = ["(b)", "(b:B)", "(b {id: '1'})"].randomElement(using: &random) ?? "(b)"
      let keys = "a, b, [r IN relationships(p) | key(r)]"
      let query =
        "MATCH p = \(mode) \(ends) \(group){\(least),\(most)} \(last) RETURN \(keys), [n IN y | n.id]"
      var expected: [String] = []
      for count in least...most {
        var pattern = ends
        for time in 0..<count {
          for (place, step) in inner.enumerated() {
            pattern += step + (place < inner.count - 1 ? "()" : "(y\(time):A)")
          }
        }
        let list = "[" + (0..<count).map { "y\($0).id" }.joined(separator: ", ") + "]"
        // The last node of the last time is the end.
        let end = count == 0 ? "a" : "y\(count - 1)"
        let text =
          "MATCH p = \(mode) \(pattern) WITH a, p, \(end) AS b, \(list) AS l MATCH \(last) RETURN \(keys), l"
        expected += try await rows(graph, text)
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  @Test func groupsInGroupsAreWhatTheyWouldBeWrittenOut() async throws {
    var random = SeededRandom()
    for _ in 0..<100 {
      let (graph, model) = try await make(&random)
      var step = element(&random)
      (step.isFixed, step.length) = (true, 1...1)
      let mode = ["TRAIL", "ACYCLIC", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      func quantity() -> ClosedRange<Int> {
        let least = Int.random(in: 0...1, using: &random)
        return least...max(least + Int.random(in: 0...1, using: &random), 1)
      }
      let (inner, outer) = (quantity(), quantity())
      func text(_ name: String) -> String {
        "((x\(name))\(step.text)(y\(name))){\(inner.lowerBound),\(inner.upperBound)}"
      }
      let ends = ["(a:A)", "(a)", "(a {id: '0'})"].randomElement(using: &random) ?? "(a)"
      let last = ["(b)", "(b:B)", "(b {id: '1'})"].randomElement(using: &random) ?? "(b)"
      let keys = "a, b, [r IN relationships(p) | key(r)]"
      let query =
        "MATCH p = \(mode) \(ends) (\(text(""))(z)){\(outer.lowerBound),\(outer.upperBound)} \(last) "
        + "RETURN \(keys), [l IN x | [n IN l | n.id]] AS l, [n IN z | n.id] AS m"
      var expected: [String] = []
      for count in outer {
        let pattern = ends + (0..<count).map { "\(text("\($0)"))(z\($0))" }.joined()
        let list = (0..<count).map { "[n IN x\($0) | n.id]" }.joined(separator: ", ")
        let nodes = (0..<count).map { "z\($0).id" }.joined(separator: ", ")
        expected += try await rows(
          graph,
          "MATCH p = \(mode) \(pattern) WITH *, \(count == 0 ? "a" : "z\(count - 1)") AS b MATCH \(last) "
            + "RETURN \(keys), [\(list)] AS l, [\(nodes)] AS m")
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  /// What stands in brackets, or in a subquery in a pattern, may ask for what is known only behind it, as WHERE behind all of it may.
  @Test func whatComesLaterMayBeAskedFor() async throws {
    var random = SeededRandom()
    let nested = "((x)((u)-[f]->(v)){1,2}(y)-[e]->{1,2}(z))"
    let both = "(a)((g)-->(h)){1,2}(m)((u)-->(v)){1,2}(b)"
    let pairs = [
      (
        "p = (a)((x)((u)-[f]->(v) WHERE u.id <= z.id){1,2}(y)-[e]->(z)){1,2}(b)",
        "p = (a)((x)((u)-[f]->(v)){1,2}(y)-[e]->(z) WHERE all(i IN u WHERE i.id <= z.id)){1,2}(b)"
      ),
      (
        "p = (a)((x)((u)-[f WHERE key(f) <> key(e[0])]->(v)){1,2}(y)-[e]->{1,2}(z)){1,2}(b)",
        "p = (a)(\(nested.dropFirst().dropLast()) WHERE all(i IN f WHERE key(i) <> key(e[0]))){1,2}(b)"
      ),
      (
        "p = (a)((x)(((u)-->(v {id: z.id})){0,2}){1,2}(y)-->(z))+(b)",
        "p = (a)((x)(((u)-->(v)){0,2}){1,2}(y)-->(z) WHERE all(j IN v WHERE all(i IN j WHERE i.id = z.id)))+(b)"
      ),
      (
        "p = (a)((x)(((u)-->(v) WHERE u.id < z.id OR u.id = b.id){1,2}(w)-->(z)){1,2}(y)-->()){1,2}-->(b)",
        "p = (a)((x)(((u)-->(v)){1,2}(w)-->(z)){1,2}(y)-->()){1,2}-->(b) WHERE all(k IN range(0, size(u) - 1) WHERE all(l IN range(0, size(u[k]) - 1) WHERE all(i IN u[k][l] WHERE i.id < z[k][l].id OR i.id = b.id)))"
      ),
      (
        "p = (a)((g)-->(h) WHERE g.id <> v[0].id){1,2}(m)((u)-->(v) WHERE size(h) = 1 OR v.id < h[1].id){1,2}(b)",
        "p = \(both) WHERE all(i IN g WHERE i.id <> v[0].id) AND all(i IN v WHERE size(h) = 1 OR i.id < h[1].id)"
      ),
      (
        "p = ANY SHORTEST (a)((g)-->(h) WHERE g.id <> v[0].id){1,2}(m)((u)-->(v) WHERE size(h) = 1 OR v.id < h[1].id){1,2}(b)",
        "p = ANY SHORTEST (\(both) WHERE all(i IN g WHERE i.id <> v[0].id) AND all(i IN v WHERE size(h) = 1 OR i.id < h[1].id))"
      ),
      (
        "p = (a)((g)-->(h) WHERE length(p) > 1 AND g.id <> b.id)+(b)",
        "p = (a)((g)-->(h))+(b) WHERE length(p) > 1 AND all(i IN g WHERE i.id <> b.id)"
      ),
      ("p = (a WHERE EXISTS { (b)-->(a) })-->(b)", "p = (a)-->(b) WHERE EXISTS { (b)-->(a) }"),
      ("p = (a WHERE (b)-->())-->(b)", "p = (a)-->(b) WHERE (b)-->()"),
      ("p = (a)-[e WHERE COUNT { (b)-->(c) } = 1]->(b)", "p = (a)-[e]->(b) WHERE COUNT { (b)-->(c) } = 1"),
      ("p = (a {id: [(b)-->(c) | c.id][0]})-->(b)", "p = (a)-->(b) WHERE a.id = [(b)-->(c) | c.id][0]"),
      (
        "p = (a)((g WHERE COUNT { (b)-->(g) } = 1)-->(h)){1,2}(b)",
        "p = (a)((g)-->(h)){1,2}(b) WHERE all(i IN g WHERE COUNT { (b)-->(k) WHERE k = i } = 1)"
      ),
      ("p = (a WHERE NOT EXISTS { (a)-->(b) }), (b)", "p = (a), (b) WHERE NOT EXISTS { (a)-->(b) }"),
    ]
    var found = 0
    for _ in 0..<12 {
      // Of more edges there are too many ways, which the plain questions all follow.
      let (graph, model) = try await make(&random, edges: 0...5)
      for (asking, plain) in pairs {
        let answer = "RETURN a.id, b.id, [r IN relationships(p) | key(r)]"
        let answers = try await rows(graph, "MATCH \(asking) \(answer)").sorted()
        let expected = try await rows(graph, "MATCH \(plain) \(answer)").sorted()
        #expect(answers == expected, "\(asking), \(model.edges), seed \(random.seed)")
        found += answers.count
      }
    }
    #expect(found > 50, "seed \(random.seed)")
  }

  /// What an edge costs may ask for the other end of the path.
  @Test func costsMayAskForWhatComesLater() async throws {
    var random = SeededRandom()
    let cost = "size(coalesce(key(r), '')) * toInteger(b.id) + toInteger(c.id) + toInteger(a.id)"
    var found = 0
    for _ in 0..<10 {
      let (graph, model) = try await make(&random)
      let chosen = try await rows(
        graph,
        "MATCH p = ANY CHEAPEST (a)-[r COST \(cost)]->(c)-[s COST toInteger(a.id)]->(b) RETURN a.id, b.id, cost(p)"
      )
      let all = try await rows(
        graph, "MATCH (a)-[r]->(c)-->(b) RETURN a.id, b.id, min(\(cost) + toInteger(a.id))")
      #expect(chosen.sorted() == all.sorted(), "\(model.edges), seed \(random.seed)")
      found += chosen.count
    }
    #expect(found > 0, "seed \(random.seed)")
  }

  @Test func whatIsWalkedAtMostOnceStandsForItself() async throws {
    var random = SeededRandom()
    for _ in 0..<100 {
      let (graph, model) = try await make(&random)
      var step = element(&random)
      (step.isFixed, step.length) = (true, 1...1)
      let text = step.text.replacingOccurrences(of: "-[", with: "-[e")
      let mode = ["WALK", "TRAIL", "ACYCLIC", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      let ends = ["(a:A)", "(a)", "(a {id: '0'})"].randomElement(using: &random) ?? "(a)"
      let last = ["(b)", "(b:B)", "-->(b)", "(b:B {id: '1'})"].randomElement(using: &random) ?? "(b)"
      let condition = Bool.random(using: &random) ? " WHERE x.id <> y.id" : ""
      let keys = "a, b, [r IN relationships(p) | key(r)]"
      for (single, many) in [("?", "{0,1}"), ("", "{1}")] {
        let found = try await rows(
          graph,
          "MATCH p = \(mode) \(ends)(q = (x)\(text)(y)\(condition))\(single)\(last) RETURN \(keys), key(e), x, y, length(q)"
        )
        let expected = try await rows(
          graph,
          "MATCH p = \(mode) \(ends)(q = (x)\(text)(y)\(condition))\(many)\(last) RETURN \(keys), key(e[0]), x[0], y[0], length(q[0])"
        )
        #expect(
          found.sorted() == expected.sorted(),
          "\(mode) \(ends)\(text)\(single)\(last), \(model.edges), seed \(random.seed)")
      }
      let end = last.hasPrefix("-") ? "()\(last)" : last
      #expect(
        try await rows(graph, "MATCH p = \(mode) \(ends)\(text)?\(end) RETURN \(keys), key(e)").sorted()
          == rows(graph, "MATCH p = \(mode) \(ends)\(text){0,1}\(end) RETURN \(keys), key(e[0])").sorted(),
        "\(mode) \(ends)\(text)?\(end), \(model.edges), seed \(random.seed)")
    }
  }

  /// A mode within the brackets is for each time, and that of the whole for all of them together.
  @Test func groupsObeyModesOfTheirOwn() async throws {
    var random = SeededRandom()
    for _ in 0..<200 {
      let (graph, model) = try await make(&random, edges: 1...6)
      let modes = ["WALK", "TRAIL", "ACYCLIC", "SIMPLE"]
      let (outer, inner) = (
        modes.randomElement(using: &random) ?? "", modes.randomElement(using: &random) ?? ""
      )
      let elements = (0..<Int.random(in: 1...2, using: &random)).map { _ -> PatternElement in
        var element = element(&random)
        // Once along a group may be along no edge.
        if !element.isFixed { element.length = [0...1, 1...2].randomElement(using: &random) ?? 1...2 }
        return element
      }
      let times = [0...1, 1...2, 2...2, 1...3].randomElement(using: &random) ?? 1...2
      let (words, count, byGroups) =
        [
          ("", 100_000, false), ("ANY SHORTEST", 1, false), ("ALL SHORTEST", 1, true),
          ("SHORTEST 2", 2, false), ("SHORTEST 2 GROUPS", 2, true),
        ]
        .randomElement(using: &random) ?? ("", 100_000, false)
      let last = ["(b)", "(b:B)", "(b:B {id: '1'})"].randomElement(using: &random) ?? "(b)"
      let query =
        "MATCH p = \(words.replacing(" GROUPS", with: "")) \(outer)\(words.hasSuffix("GROUPS") ? " GROUPS" : "") (a)(\(inner) ()\(elements.map { $0.text + "()" }.joined())){\(times.lowerBound),\(times.upperBound)}\(last) RETURN a, b, length(p)"
      var expected: [String] = []
      for start in model.nodes.indices {
        var all: [(nodes: [Int], edges: [Int])] = []
        func go(_ nodes: [Int], _ edges: [Int], _ time: Int) {
          if times.contains(time) { all.append((nodes, edges)) }
          if time == times.upperBound { return }
          for once in walks(model, elements[...], [nodes[nodes.count - 1]], [])
          where obeys(inner, once.nodes, once.edges) {
            go(nodes + once.nodes.dropFirst(), edges + once.edges, time + 1)
          }
        }
        go([start], [], 0)
        all = all.filter { path in
          let end = path.nodes[path.nodes.count - 1]
          return obeys(outer, path.nodes, path.edges) && (last == "(b)" || end % 2 == 1)
            && (!last.contains("id") || end == 1)
        }
        expected += chosen(count, byGroups: byGroups, of: all, from: start, in: model)
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  /// Of a mode in brackets around all of a pattern and one before it the stricter counts.
  @Test func bracketsAroundAPatternHaveNameAndMode() async throws {
    let graph = try await graph(mixed)
    for (bracketed, plain) in [
      ("(p = TRAIL (a)-[e]->{1,3}(b))", "p = TRAIL (a)-[e]->{1,3}(b)"),
      (
        "p = ANY SHORTEST (ACYCLIC (a)-[e]->+(b) WHERE a.n < b.n)",
        "p = ANY SHORTEST ACYCLIC ((a)-[e]->+(b) WHERE a.n < b.n)"
      ),
      ("p = WALK (SIMPLE (a)-[e]->{1,3}(b))", "p = SIMPLE (a)-[e]->{1,3}(b)"),
      ("p = SIMPLE (TRAIL (a)-[e]->{1,3}(b))", "p = SIMPLE (a)-[e]->{1,3}(b)"),
      ("p = (a)-[e]->((x)-[f]->(b))", "p = (a)-[e]->(x)-[f]->(b)"),
      ("p = ((a)-[e]->(x))-[f]->(b)", "p = (a)-[e]->(x)-[f]->(b)"),
      ("p = (a)-[e]->((x)-[f]->(b)){2}", "p = (a)-[e]->()((x)-[f]->(b)){2}"),
    ] {
      let rest = bracketed.contains("{2}") ? "RETURN p, [n IN b | n.id]" : "RETURN p, a, b"
      let found = try await rows(graph, "MATCH \(bracketed) \(rest)")
      #expect(!found.isEmpty, "\(bracketed)")
      #expect(try await rows(graph, "MATCH \(plain) \(rest)") == found, "\(bracketed)")
    }
    for wrong in [
      "p = (q = (a)-->(b))", "(a)(ANY (x)-->(y)){2}(b)", "(a)(n (x)-->(y)){2}(b)",
      "WALK (a)(WALK (x)-->+(y)){2}(b)",
      "(a)-[*2]->?(b)", "(a)-->{2}?(b)", "(a)-[*2]->{2}(b)",
    ] {
      await #expect(throws: KVError.self, "\(wrong)") {
        try await rows(graph, "MATCH \(wrong) RETURN 1")
      }
    }
  }

  /// In a TRAIL as a whole, what is walked as one likes within it is one too, and has an end.
  @Test func aModeOfAGroupIsNoLooserThanThatOfTheWhole() async throws {
    let graph = try await graph(mixed)
    for mode in ["", "TRAIL", "ACYCLIC", "SIMPLE"] {
      let loose = try await rows(graph, "MATCH p = \(mode) (a)(WALK (x)-->+(y)){1,2}(b) RETURN p, x")
      #expect(!loose.isEmpty)
      #expect(try await rows(graph, "MATCH p = \(mode) (a)((x)-->+(y)){1,2}(b) RETURN p, x") == loose)
    }
  }

  /// What another part may name: the ends, wherever else they stand, and nothing between them.
  @Test func theEndsOfAChosenPathStandInOtherParts() async throws {
    let graph = try await graph(mixed)
    for prefix in ["ANY SHORTEST", "ALL SHORTEST", "ANY 2"] {
      let chosen = "MATCH p = \(prefix) (a)-[e]->(a)-[f]->(b)"
      let found = try await rows(graph, "\(chosen), (a)-[g]->(c) RETURN a, e, f, g")
      #expect(!found.isEmpty)
      #expect(
        try await rows(graph, "\(chosen) MATCH (a)-[g]->(c) RETURN a, e, f, g").sorted() == found.sorted())
      await expectError(.invalidData) {
        _ = try await rows(graph, "MATCH \(prefix) (a)-->(m)-->(b), (m)-->(c) RETURN m")
      }
    }
  }

  @Test func aGroupThatIsNotFoundIsNull() async throws {
    let graph = try await graph(mixed)
    #expect(
      try await rows(graph, "OPTIONAL MATCH (a:Q)((x)-[f]->(y))+(c) RETURN x, f, y, c") == [
        "null | null | null | null"
      ])
    #expect(
      try await rows(
        graph, "MATCH (z) OPTIONAL MATCH (z:S)((x)-[f]->(y)){2}(c) RETURN z.id, count(f) ORDER BY z.id")
        == ["a | 0", "b | 0", "c | 4"])
    #expect(
      try await rows(
        graph, "MATCH (a) WHERE EXISTS { ANY SHORTEST (a)-[:u]->+(:S) } RETURN a.id ORDER BY a.id") == [
          "b", "c",
        ])
    #expect(
      try await rows(graph, "RETURN COUNT { REPEATABLE ELEMENTS (a)-[:e]->(b)-[:e]->(c) } AS n") == ["2"])
    #expect(
      try await rows(graph, "MATCH (a)((x)-[e]->(x)-[f]->(y)){1}(b) RETURN [n IN x | n.id]").allSatisfy {
        $0 == "[\"b\"]"
      })
  }

  /// Groups that may match nothing come to an end.
  @Test func aGroupThatStandsStillEnds() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    for (from, to) in [("a", "b"), ("b", "a"), ("b", "c")] {
      try await graph.add(
        Edge(from: NodeReference(type: "T", id: from), to: NodeReference(type: "T", id: to), type: "t"))
    }
    let lengths = try await rows(
      graph, "MATCH p = (:T {id: 'a'})(()-->{0,1}())*(:T {id: 'c'}) RETURN DISTINCT length(p)")
    #expect(lengths == ["2"])
    #expect(
      try await rows(graph, "MATCH p = ANY SHORTEST (:T {id: 'a'})(()-->*())+(:T {id: 'c'}) RETURN length(p)")
        == ["2"])
    #expect(
      try await rows(
        graph, "MATCH p = SHORTEST 3 WALK (:T {id: 'a'})-->()-->+(b:T {id: 'c'}) RETURN length(p)")
        == ["2", "4", "6"])
    for endless in [
      "WALK (a)((x)-->(y))+(b)", "WALK (a)(((x)-->(y))+){2}(b)", "WALK (a)-->(b)-->*(c)",
      "ANY SHORTEST WALK (a)(()-->*())+(b)",
    ] {
      await #expect(throws: KVError.self) { try await rows(graph, "MATCH p = \(endless) RETURN p") }
    }
  }
}

import Foundation
import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// What patterns find in graphs that are written out.
@Suite struct PatternTests: PatternSuite {
  private let undirected = #"""
    {"from":"S:b","to":"T:a","type":"u","key":"1","data":{"i":0}}
    {"from":"S:b","to":"T:a","type":"u","key":"2","data":{"i":1}}
    {"from":"S:c","to":"T:a","type":"u","key":"1","data":{"i":2}}
    {"from":"S:b","to":"S:c","type":"u","key":"1","data":{"i":3}}
    """#

  /// All of the shortest ways round, with parallel edges in the middle; one edge that stands in a chosen path is an edge, and no list.
  @Test func allShortestRoundsAreFoundByGroupsToo() async throws {
    let graph = try await graph(undirected)
    let expected = ["[2, 0, 3]", "[2, 1, 3]", "[3, 0, 2]", "[3, 1, 2]"]
    for query in [
      "MATCH ALL SHORTEST (a:S {id:'c'})(()-[e]->())+(a) RETURN [x IN e | x.i]",
      "MATCH ALL SHORTEST (a:S {id:'c'})-[e]->+(a) RETURN [x IN e | x.i]",
      "MATCH SHORTEST 1 GROUPS (a)-[e]->+(b) WHERE a.id = 'c' AND b.id = 'c' RETURN [x IN e | x.i]",
      "MATCH ALL SHORTEST SIMPLE (a:S {id:'c'})(()-[e]-())+(a) RETURN [x IN e | x.i]",
    ] {
      #expect(try await rows(graph, query).sorted() == expected, "\(query)")
    }
    let mixed = try await self.graph(mixed)
    #expect(try await rows(mixed, "MATCH ANY SHORTEST (a:T {id:'a'})-[e]->(b) RETURN e.w") == ["1"])
    #expect(
      try await rows(
        mixed, "MATCH ANY SHORTEST ((a:T {id:'a'})-[e]->(b)-[f]->+(c:S) WHERE e.w > 0) RETURN e.w, size(f)")
        == ["1 | 1"])
    await #expect(throws: KVError.self) {
      try await rows(graph, "MATCH p = shortestPath((a)-[*2..3]->(b)) RETURN p")
    }
  }

  /// In whichever order parts stand: what is walked as one likes or chosen by its length neither takes edges from others nor leaves them.
  @Test func theOrderOfPartsChangesNothing() async throws {
    let graph = try await graph(mixed)
    for (one, other) in [
      ("WALK (a)-[e]->(b)", "(c)-[f]->(d)"), ("ALL SHORTEST (a)-[e]->+(b)", "(b)-[f]->(c)"),
      ("(a)-[e]->(b)", "ACYCLIC (c)-[f]->{1,2}(d)"),
    ] {
      let count = try await rows(graph, "MATCH \(one), \(other) RETURN count(*)")
      #expect(try await rows(graph, "MATCH \(other), \(one) RETURN count(*)") == count, "\(one), \(other)")
    }
    for (query, count) in [
      ("WALK (a)-[e]->(b), (c)-[f]->(d)", "36"), ("(a)-[e]->(b), WALK (c:T {id:'a'})-[f]->(d)", "6"),
      ("REPEATABLE ELEMENTS TRAIL (a)-[e]->(b), TRAIL (c)-[f]->(d)", "36"),
      ("REPEATABLE ELEMENTS (a)-[e]->(b), (c)-[f]->(d)", "36"), ("(a)-[e]->(b), (c)-[f]->(d)", "26"),
      ("DIFFERENT EDGES WALK (a)-[e]->(b), WALK (c)-[f]->(d)", "26"),
    ] {
      for what in ["count(*)", "count(e) + 0 * size(collect(f))"] {
        #expect(try await rows(graph, "MATCH \(query) RETURN \(what)") == [count], "\(query)")
      }
    }
  }

  /// Whichever end a pattern begins at, its conditions may ask for the other.
  @Test func conditionsAskForWhatStandsAnywhere() async throws {
    let graph = try await graph(mixed)
    for (inline, outer) in [
      (
        "(a)<-[d:e*0..2]-(b)<-[e WHERE e.w <> a.n]-{0,1}(c:T)",
        "(a)<-[d:e*0..2]-(b)<-[e]-{0,1}(c:T) WHERE all(x IN e WHERE x.w <> a.n)"
      ),
      ("(a)-[e WHERE e.w < b.n]->{1,2}(b)", "(a)-[e]->{1,2}(b) WHERE all(x IN e WHERE x.w < b.n)"),
      (
        "(a)-[e WHERE e.w < b.n]->{1,2}(b)-[f WHERE f.w > a.n]->{1,2}(c)",
        "(a)-[e]->{1,2}(b)-[f]->{1,2}(c) WHERE all(x IN e WHERE x.w < b.n) AND all(x IN f WHERE x.w > a.n)"
      ),
      (
        "(a)((x)-[e]->(y) WHERE y.n > a.n){1,2}(b:S)",
        "(a)((x)-[e]->(y)){1,2}(b:S) WHERE all(z IN y WHERE z.n > a.n)"
      ),
      (
        "(a)((x)-[e]->(y) WHERE y.n > a.n){1,2}(b WHERE b.n > a.n)-[f WHERE f.w < b.n]->(c:S)",
        "(a)((x)-[e]->(y)){1,2}(b)-[f]->(c:S) WHERE all(z IN y WHERE z.n > a.n) AND b.n > a.n AND f.w < b.n"
      ),
      (
        "(a)((x)-[e]->(y WHERE y.n > c.n)){1,2}(b), (c)",
        "(a)((x)-[e]->(y)){1,2}(b), (c) WHERE all(z IN y WHERE z.n > c.n)"
      ),
    ] {
      let found = try await rows(graph, "MATCH p = \(inline) RETURN p")
      #expect(!found.isEmpty, "\(inline)")
      #expect(try await rows(graph, "MATCH p = \(outer) RETURN p").sorted() == found.sorted(), "\(inline)")
    }
    // Of each pair of ends the shortest for which it holds.
    #expect(
      try await rows(
        graph, "MATCH p = ANY SHORTEST (a)-[e WHERE e.w <> b.n]->+(b) RETURN a.id, b.id, length(p)"
      ).sorted()
        == ["a | b | 1", "a | c | 2", "b | c | 1", "c | b | 1", "c | c | 2"])
  }

  /// What a condition asks for may stand in a group, be the path itself, or come behind.
  @Test func conditionsAskForGroupsAndPaths() async throws {
    let graph = try await graph(mixed)
    for (inline, outer) in [
      (
        "p = (a)((x)-[e]->(y)){1,2}(b:S WHERE size(x) = 2)",
        "p = (a)((x)-[e]->(y)){1,2}(b:S) WHERE size(x) = 2"
      ),
      ("p = (a)-[e]->{1,2}(b WHERE length(p) = 2)", "p = (a)-[e]->{1,2}(b) WHERE length(p) = 2"),
      (
        "(c WHERE c.n = length(p)), p = (a)((x)-[e]->(y)){1,2}(b:S {id: 'c'} WHERE x[0].n < b.n)",
        "(c), p = (a)((x)-[e]->(y)){1,2}(b:S {id: 'c'}) WHERE x[0].n < b.n AND c.n = length(p)"
      ),
      (
        "p = (a)((x)-[e]->(y) WHERE a.n < b.n){1,2}(b)", "p = (a)((x)-[e]->(y)){1,2}(b) WHERE a.n < b.n"
      ),
      (
        "p = ANY SHORTEST (a)((x)-[e]->(y) WHERE a.n <= b.n)+(b)",
        "p = ANY SHORTEST (a)((x)-[e]->(y))+(b) WHERE a.n <= b.n"
      ),
    ] {
      let found = try await rows(graph, "MATCH \(inline) RETURN p, e")
      #expect(!found.isEmpty, "\(inline)")
      #expect(try await rows(graph, "MATCH \(outer) RETURN p, e").sorted() == found.sorted(), "\(inline)")
    }
  }

  /// Two parallel edges of which one is asked for, a detour, and a circle.
  private let parallel = #"""
    {"type":"A","id":"1","n":1}
    {"type":"A","id":"2","n":2}
    {"type":"A","id":"3","n":3}
    {"from":"A:1","to":"A:2","type":"t","key":"k1","data":{"w":2}}
    {"from":"A:1","to":"A:2","type":"t","key":"k2","data":{"w":1}}
    {"from":"A:2","to":"A:3","type":"t","key":"k3","data":{"w":1}}
    """#
  private let detour = #"""
    {"type":"A","id":"1","n":1}
    {"type":"A","id":"2","n":2}
    {"type":"A","id":"3","n":3}
    {"from":"A:1","to":"A:2","type":"t","key":"k1","data":{"w":1}}
    {"from":"A:2","to":"A:3","type":"t","key":"k2","data":{"w":1}}
    {"from":"A:1","to":"A:3","type":"t","key":"k3","data":{"w":5}}
    """#
  private let circle = #"""
    {"type":"A","id":"1","n":1}
    {"type":"A","id":"2","n":2}
    {"type":"A","id":"3","n":3}
    {"from":"A:1","to":"A:2","type":"t"}
    {"from":"A:2","to":"A:1","type":"t"}
    {"from":"A:1","to":"A:1","type":"t"}
    """#

  /// What a path has to be is asked before one is chosen: of its edges, named or not, bound before or not, and of the path itself.
  @Test func pathsAreChosenAmongThoseForWhichConditionsHold() async throws {
    let questions: [(lines: String, cases: [(String, [String])])] = [
      (
        parallel,
        [
          ("MATCH ANY ((a)-[e]->(b) WHERE e.w = 1) RETURN key(e)", ["k2", "k3"]),
          ("MATCH ANY ACYCLIC ((a)-[e]->(b) WHERE e.w = 1) RETURN key(e)", ["k2", "k3"]),
          ("MATCH ANY CHEAPEST ((a)-[e COST 1]->(b) WHERE e.w = 1) RETURN key(e)", ["k2", "k3"]),
          ("MATCH ANY SHORTEST WALK ((a)-[e]->(b)-[f]->+(c) WHERE e.w = 1) RETURN a.id + c.id", ["13"]),
          ("MATCH SHORTEST 1 (a)-[e]->(b)-[f WHERE f.w = e.w]->(c) RETURN a.id + c.id", ["13"]),
          ("MATCH SHORTEST 1 (c)<-[f WHERE f.w = e.w]-(b)<-[e]-(a) RETURN a.id + c.id", ["13"]),
          ("MATCH ()-[e]->() WITH e, COUNT { ANY SHORTEST (a)-[e]->(c) } AS n RETURN n", ["1", "1", "1"]),
          ("MATCH ()-[e {w: 1}]->() MATCH ANY SHORTEST (a)-[e]->()-->+(c) RETURN a.id + c.id", ["13"]),
          ("MATCH ()-[e*2]->() MATCH ANY SHORTEST (a)-[e*]->(c) RETURN key(e[0])", ["k1", "k2"]),
          ("MATCH ()-[e*2]->() MATCH ANY SHORTEST (a:A {id: '3'})<-[e*]-(c) RETURN key(e[0])", []),
          ("MATCH ANY SHORTEST (p = (a)-->+(b) WHERE length(p) > 1) RETURN a.id + b.id", ["13"]),
        ]
      ),
      (
        detour,
        [
          ("MATCH ANY SHORTEST (a)-[e]->+(b WHERE size(e) = 2) RETURN a.id + b.id", ["13"]),
          ("MATCH ALL SHORTEST (a WHERE size(e) = 2)-[e]->{1,3}(b) RETURN a.id + b.id", ["13"]),
          ("MATCH p = ANY SHORTEST (a)-[e]->+(b WHERE length(p) = 2) RETURN a.id + b.id", ["13"]),
          (
            "MATCH shortestPath((a)-[e*]->(b)) WHERE all(z IN e WHERE z.w < 5) RETURN a.id + b.id + size(e)",
            ["121", "132", "231"]
          ),
          (
            "MATCH p = shortestPath((a)-[*]->(b)) WHERE none(z IN relationships(p) WHERE z.w > 4) RETURN length(p)",
            ["1", "1", "2"]
          ),
          ("MATCH p = shortestPath((a)-[*]->(b)) WHERE length(p) > 1 RETURN a.id + b.id", ["13"]),
          (
            "MATCH p = allShortestPaths((a)-[*]->(b)) WHERE none(n IN nodes(p) WHERE n.n = 2) RETURN length(p)",
            ["1"]
          ),
          ("MATCH (a {n: 1}), (b {n: 2}) MATCH p = shortestPath((a)-[*..0]->(b)) RETURN p", []),
          ("MATCH (a {n: 1}), (b {n: 2}) MATCH p = shortestPath((a)-[*3..1]->(b)) RETURN p", []),
          ("MATCH shortestPath((a:A {id: '1'})-[*]->(b {n: 2})) RETURN *", ["A:1 | A:2"]),
          (
            "MATCH p = shortestPath((a)-[*]->(b)), q = shortestPath((c)-[*]->(d)) WHERE length(p) + length(q) > 2 RETURN p",
            []
          ),
          (
            "MATCH shortestPath((a)-[e*]->(b)), shortestPath((b)-[f*]->(d)) WHERE none(x IN f WHERE x IN e) RETURN a.id + d.id",
            ["13"]
          ),
          (
            "MATCH (a)-[e]->(b WHERE f.w > e.w), (c)-[f]->(d WHERE e.w < f.w) RETURN key(e) + key(f)",
            ["k1k3", "k2k3"]
          ),
        ]
      ),
      (
        circle,
        [
          ("MATCH ANY SHORTEST WALK (a)-[e]->+(b)-[WHERE b.n > 0]->(c:A {id: '3'}) RETURN a", []),
          ("MATCH ANY SHORTEST WALK (a)-[e]->+({n: a.n})-[g]->(c) RETURN a.id + c.id", ["11", "12", "21"]),
          ("MATCH p = shortestPath((a)-[*]->(b)) WHERE length(p) >= 1 RETURN a.id + b.id", ["12", "21"]),
          ("MATCH ()-->(WHERE (1 < 2)) RETURN count(*)", ["3"]),
          ("MATCH (IS (A|B)) RETURN count(*)", ["3"]),
          ("MATCH (WHERE 1 > (2)) RETURN count(*)", ["0"]),
          ("MATCH ANY SHORTEST (a)-[WHERE a.n = 2]->(b:A {id: '1'}) RETURN a.id", ["2"]),
          ("MATCH (x {n: 1}) MATCH ALL SHORTEST (a)-[WHERE a.n = 2]->(x) RETURN a.id", ["2"]),
          (
            "MATCH ()-[e]->{2}() MATCH ANY SHORTEST (a)-[e]->+(b) RETURN a.id + b.id",
            ["11", "12", "21", "22"]
          ),
          ("MATCH (a {n: b.n}), (b {n: a.n}) RETURN a.id + b.id", ["11", "22", "33"]),
          ("MATCH (a {n: b.n + 1}), (b {n: c.n}), (c {n: a.n - 1}) RETURN a.id + c.id", ["21", "32"]),
        ]
      ),
    ]
    for (lines, cases) in questions {
      let graph = try await graph(lines)
      for (query, expected) in cases {
        #expect(try await rows(graph, query).sorted() == expected.sorted(), "\(query)")
      }
    }
    for (wrong, message) in [
      ("ANY SHORTEST (a)-->(x)-->+(b), (x {n: 3})", "between the ends of a path that is chosen"),
      ("shortestPath((a)((x)-->(y))+(b))", "takes one edge"),
      ("(x)((a)-[e]->(c))?(y), ()-[e]->(z)", "outside of them"),
      ("()-[e]->(z), (x)((a)-[e]->(c))?(y)", "outside of them"), ("(x)((a)-->(c)){2}(a)", "outside of them"),
    ] {
      let graph = try await graph(parallel)
      await #expect(throws: KVError.self, "\(wrong)") { try await rows(graph, "MATCH \(wrong) RETURN 1") }
      do { _ = try await rows(graph, "MATCH \(wrong) RETURN 1") } catch let error as KVError {
        #expect(error.message.contains(message), "\(error.message)")
      }
    }
  }

  /// A time that stands still is among the first, whichever end the search begins at.
  @Test func whatStandsStillDoesSoAtTheBeginning() async throws {
    let graph = try await graph(#"{"from":"A:1","to":"B:2","type":"t","key":"k1"}"#)
    for (least, expected) in [
      ("+", ["[1]", "[0, 1]"]), ("*", ["[1]"]), ("{2,}", ["[1, 0]", "[0, 1]", "[0, 0, 1]"]),
    ] {
      for (start, end) in [
        ("(a:A)", "(b)"), ("(a)", "(b:B)"), ("(a:A {id: '1'})", "(b:B)"), ("(a)", "(b:B {id: '2'})"),
      ] {
        let query = "MATCH \(start)((x)-[e]->{0,1}(y))\(least)\(end) WHERE a <> b RETURN [z IN e | size(z)]"
        #expect(try await rows(graph, query).sorted() == expected.sorted(), "\(query)")
      }
    }
  }

  @Test func theTypeNodeIsNoLabelAndCanBeAskedFor() async throws {
    let graph = try await graph(#"{"from":"Node:1","to":"B:2","type":"t"}"#)
    for (condition, expected) in [
      ("n:Node", ["Node:1"]), ("NOT n:Node", ["B:2"]), ("n:%", ["B:2"]), ("n:!%", ["Node:1"]),
      ("n:!Node", ["B:2"]),
      ("n IS B", ["B:2"]), ("n IS LABELED B|C", ["B:2"]), ("n IS NOT LABELED B", ["Node:1"]),
      ("n:(A|B)", ["B:2"]),
    ] {
      #expect(try await rows(graph, "MATCH (n) WHERE \(condition) RETURN n") == expected, "\(condition)")
      if condition.hasPrefix("n") {
        #expect(
          try await rows(
            graph,
            "MATCH (\(condition.replacingOccurrences(of: "n IS NOT LABELED B", with: "n:!B").replacingOccurrences(of: "LABELED ", with: ""))) RETURN n"
          )
            == expected, "\(condition)")
        #expect(
          try await rows(graph, "MATCH (n)-[]-(m) WHERE \(condition) RETURN count(*)") == ["1"],
          "\(condition)")
      }
    }
  }

  @Test func aParameterSaysHowManyPaths() async throws {
    let graph = try await graph(mixed)
    for selector in ["SHORTEST", "ANY", "SHORTEST 1 PATH GROUPS", "CHEAPEST"] {
      let chain = "(a:T {id: 'a'})-[e\(selector == "CHEAPEST" ? " COST e.w" : "")]->+(b:S) RETURN p"
      let named = selector.hasSuffix("GROUPS") ? "SHORTEST $k GROUPS" : "\(selector) $k"
      let counted = selector.hasSuffix("GROUPS") ? "SHORTEST 2 GROUPS" : "\(selector) 2"
      let found = Collected()
      try await graph.query("MATCH p = \(named) \(chain)", parameters: ["k": .integer(2)]) { values in
        found.lines.append("\(values[0])")
        return true
      }
      #expect(try await found.lines == rows(graph, "MATCH p = \(counted) \(chain)"), "\(selector)")
      #expect(found.lines.count >= 2, "\(selector)")
    }
    for wrong: Value.Members in [[:], ["k": .integer(0)], ["k": .string("2")], ["k": .float(2)]] {
      await #expect(throws: KVError.self) {
        try await graph.query("MATCH p = SHORTEST $k (a)-->+(b) RETURN p", parameters: wrong) { _ in true }
      }
    }
  }

  /// What a condition asks of a way is part of where the way is, so that walks come to an end.
  @Test func walksUnderConditionsEnd() async throws {
    let loop = try await graph(#"{"from":"T:a","to":"T:a","type":"t","data":{"w":1}}"#)
    for query in [
      "ANY SHORTEST WALK ((a)-[e]->+(b) WHERE b <> a)", "ANY WALK (n)-[d]->(k)-[e]->+(m WHERE m <> k)",
      "ANY CHEAPEST WALK ((a)-[e COST e.w]->+(b) WHERE b <> a)",
      "SHORTEST 1 WALK GROUPS ((a)-[:t]->(n)<-[e]-+(a) WHERE n.x = 3)",
    ] {
      #expect(try await rows(loop, "MATCH \(query) RETURN count(*)") == ["0"], "\(query)")
    }
    let mixed = try await graph(mixed)
    #expect(
      try await rows(
        mixed,
        "MATCH p = ANY SHORTEST ((a:T {id: 'a'})-[e]->(k)-[f]->+(b) WHERE k <> b) RETURN b.id, length(p)")
        == ["c | 2"])
    // Far more walks than trails.
    let dense = try await graph(
      #"""
      {"from":"T:a","to":"T:b","type":"u","key":"1"}
      {"from":"T:a","to":"T:b","type":"u","key":"2"}
      {"from":"T:a","to":"T:b","type":"u","key":"3"}
      {"from":"T:a","to":"T:c","type":"u","key":"1"}
      {"from":"T:a","to":"T:c","type":"u","key":"2"}
      {"from":"T:b","to":"T:b","type":"u","key":"1"}
      {"from":"T:a","to":"T:d","type":"s"}
      {"from":"T:d","to":"T:c","type":"s"}
      """#)
    #expect(
      try await rows(
        dense, "MATCH ANY SHORTEST (a)((()-[]-{3}()-[]->()){1,2}()<-[]-()){2,3}(b) RETURN count(*)") == ["0"])
  }

  /// What a part matches for each row is what it matches when it asks for something of the row, whether it is kept or too much for that.
  @Test(arguments: [8, 150])
  func partsThatDoNotDependOnRowsGiveTheSame(_ size: Int) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let edges = (0..<size).map {
      #"{"from":"A:\#($0)","to":"A:\#($0 % 7)","type":"\#([0, 3, 6].contains($0) ? "s" : "t")"}"#
    }
    _ = try await graph.load(
      ImportSource(name: "g.json", text: #"{"edges":[\#(edges.joined(separator: ","))]}"#))
    // Of the large graph all pairs, which are more than are kept.
    let parts =
      ["(c), (d)"]
      + (size > 8
        ? [] : ["(c)-[s]->(d)", "p = (c)-[s:t]-{1,2}(d)", "WALK (c)-[s:s]->(d)", "ANY SHORTEST (c)-->+(d)"])
    for part in parts {
      let asking = part.replacingOccurrences(of: "(c)", with: "(c WHERE a.id = a.id)")
      for clauses in ["(a)-[:s]->(b), ", "(a)-[:s]->(b) MATCH ", "(a)-[:s]->(b) OPTIONAL MATCH "] {
        let answer = "RETURN a.id, b.id, c.id, d.id" + (size > 8 ? " SKIP 22400 LIMIT 30000" : "")
        #expect(
          try await rows(graph, "MATCH \(clauses)\(part) \(answer)")
            == rows(graph, "MATCH \(clauses)\(asking) \(answer)"), "\(clauses)\(part)")
      }
    }
  }

  private let small = #"""
    {"type":"N","id":"a","x":1}
    {"type":"M","id":"d","x":4}
    {"from":"N:a","to":"N:b","type":"t","key":"1","data":{"w":3}}
    {"from":"N:a","to":"N:b","type":"t","key":"2","data":{"w":1}}
    {"from":"N:b","to":"M:d","type":"t","data":{"w":1}}
    """#

  /// A bar ends what stands before it in a comprehension, and is none of its labels.
  @Test func labelsInComprehensionsEndAtTheBar() async throws {
    let graph = try await graph(small)
    for (query, expected) in [
      ("MATCH p = (:N {id:'a'})-[{w: 1}]->()-->() RETURN [n IN nodes(p) WHERE n:M | 7]", "[7]"),
      ("MATCH p = (:N {id:'a'})-[{w: 1}]->()-->() RETURN [n IN nodes(p) WHERE n:N | n.id]", #"["a", "b"]"#),
      (
        "MATCH p = (:N {id:'a'})-[{w: 1}]->()-->() RETURN [n IN nodes(p) WHERE (n:N|M) AND NOT n:M | 1]",
        "[1, 1]"
      ),
      ("MATCH (b:N {id:'b'}) RETURN [(b)-[e]->(d) WHERE e:t AND d:M | d.x]", "[4]"),
      ("MATCH (b:N {id:'b'}) RETURN b:M|N", "true"),
    ] {
      #expect(try await rows(graph, query) == [expected], "\(query)")
    }
  }

  /// Brackets without a quantifier change nothing of what is in them.
  @Test func bracketsAloneJoinTheirNodes() async throws {
    let graph = try await graph(small)
    for (query, same) in [
      ("((a)-[e]->(b)) (b)-->(c)", "(a)-[e]->(b)-->(c)"),
      ("((a)-[e]->(b)) ((b)-->(c))", "(a)-[e]->(b)-->(c)"),
      ("(()-[e]->(b)), (a)-->(b)-->(c)", "()-[e]->(b), (a)-->(b)-->(c)"),
      ("((a)-[e]->(b) WHERE e.w > 1)-->(c)", "(a)-[e WHERE e.w > 1]->(b)-->(c)"),
      ("(a {id:'a'})(({x:1})-[e]->(b)) (b:N)-->(c)", "(a {id:'a', x:1})-[e]->(b:N)-->(c)"),
      ("ANY SHORTEST ((a)-[e]->(b) WHERE e.w < 3)-->+(c)", "ANY SHORTEST (a)-[e WHERE e.w < 3]->(b)-->+(c)"),
    ] {
      let found = try await rows(graph, "MATCH \(query) RETURN a, e, b, c")
      #expect(try await found == rows(graph, "MATCH \(same) RETURN a, e, b, c"), "\(query)")
      #expect(!found.isEmpty, "\(query)")
    }
  }

  /// Trails without number join n1 to each of the others, and none leads to z; each of these answers is small.
  @Test func whatIsAskedOfATangleIsAnswered() async throws {
    var edges: [String] = [#"{"from":"N:z","to":"N:n0","type":"t"}"#]
    for from in 0..<12 {
      for step in [1, 3, 4, 7] {
        edges.append(
          #"{"from":"N:n\#(from)","to":"N:n\#((from + step) % 12)","type":"t","data":{"w":\#(step)}}"#)
      }
    }
    let graph = try await graph(edges.joined(separator: "\n"))
    for (query, expected) in [
      ("MATCH SHORTEST 2 (a:N {id:'n1'})-->+(b) RETURN count(*)", "24"),
      ("MATCH CHEAPEST 3 (a:N {id:'n1'})-[e COST e.w]->+(b) RETURN count(*)", "36"),
      ("MATCH SHORTEST 2 (a:N {id:'n1'})-->+(b:N {id:'z'}) RETURN count(*)", "0"),
      ("MATCH ANY SHORTEST ACYCLIC (a:N {id:'n1'})-->{2,}(b) RETURN count(*)", "11"),
      ("MATCH ANY CHEAPEST ACYCLIC (a:N {id:'n1'})-[e COST e.w]->+(b) RETURN count(*)", "11"),
      ("MATCH ANY SHORTEST ACYCLIC (a:N {id:'n1'})(()-->())+(b) RETURN count(*)", "11"),
      ("MATCH (a:N {id:'n1'}), (b:N {id:'z'}) RETURN EXISTS { (a)-[*]->(b) }", "false"),
      (
        "MATCH p = shortestPath((a:N {id:'n1'})-[*]->(b)) WHERE all(n IN nodes(p) WHERE n.id <> 'n4') RETURN count(*)",
        "10"
      ),
      (
        "MATCH p = shortestPath((a:N {id:'n1'})-[*]->(b)) WHERE none(n IN nodes(p) WHERE n.id = 'n1') RETURN count(*)",
        "0"
      ),
      ("MATCH (a:N {id:'n1'}), (b:N) WHERE (a)-[*]->(b) RETURN count(*)", "12"),
      ("MATCH ANY SHORTEST WALK (a:N {id:'n1'})-[e WHERE a.id = b.id]->+(b:N {id:'z'}) RETURN count(*)", "0"),
      ("MATCH SHORTEST 2 (a:N {id:'n1'})-[e WHERE a.id <> b.id]->+(b:N {id:'z'}) RETURN count(*)", "0"),
      (
        "MATCH ANY SHORTEST (a:N {id:'n1'})((x)-->(y) WHERE NOT EXISTS { (:N {id:'z'})-->(y) })+(b) RETURN count(*)",
        "11"
      ),
      (
        "MATCH ANY SHORTEST (p = (a:N)-[*]->(b:N {id:'n1'}) WHERE all(n IN nodes(p) WHERE n.id <> 'n4')) RETURN count(*)",
        "12"
      ),
      (
        "MATCH ANY SHORTEST (p = (a:N)-[*0..]->(b:N {id:'n1'}) WHERE none(n IN nodes(p) WHERE n.id = 'n1')) RETURN count(*)",
        "0"
      ),
      (
        "MATCH ANY SHORTEST (p = (:N {id:'n1'})-[*0..]->(b) WHERE all(r IN edges(p) WHERE r.w < 4)) RETURN max(length(p))",
        "5"
      ),
      ("MATCH (a:N {id:'n1'}), (b:N {id:'z'}) RETURN EXISTS { MATCH (a)-[r*]->(b) RETURN r }", "false"),
      ("MATCH (a:N {id:'n1'}), (b:N) WHERE EXISTS { (a)-[*]->(b) WHERE b.id <> 'n3' } RETURN count(*)", "11"),
    ] {
      #expect(try await rows(graph, query) == [expected], "\(query)")
    }
    // A path that is asked for itself is not only to be there.
    #expect(
      try await rows(
        graph,
        "MATCH (a:N {id:'n1'}), (b:N {id:'n2'}) RETURN EXISTS { p = (a)-[*1..3]->(b) WHERE length(p) = 3 }")
        == ["true"])
  }

  /// Conditions within brackets hold together, whichever brackets they stand in.
  @Test func conditionsInBracketsHoldTogether() async throws {
    let graph = try await graph(
      #"""
      {"from":"N:a","to":"N:b","type":"t","data":{"w":1}}
      {"from":"N:b","to":"N:c","type":"t","data":{"w":2}}
      {"from":"N:b","to":"N:d","type":"t","data":{"w":3}}
      """#)
    for brackets in [
      "((a)-->() (()-[e]->(x) WHERE e.w = 3) ())",
      "((a)-->() (()-[e]->(x) WHERE e.w > 1) () WHERE x.id <> 'c')",
      "(((a)-->()-[e]->(x) WHERE e.w > 1) WHERE x.id <> 'c')",
      "((((a)-->()-[e]->(x) WHERE e.w > 1) WHERE x.id <> 'c') WHERE a.id = 'a')",
    ] {
      for selector in ["", "ANY SHORTEST "] {
        #expect(
          try await rows(graph, "MATCH \(selector)\(brackets) RETURN a.id, x.id") == ["a | d"], "\(brackets)")
      }
    }
  }

  /// Between two nodes that are known, as Neo4j has it.
  @Test func shortestPathsAreValues() async throws {
    let graph = try await graph(
      #"""
      {"from":"N:a","to":"N:b","type":"t"}
      {"from":"N:a","to":"N:c","type":"t"}
      {"from":"N:b","to":"N:d","type":"t"}
      {"from":"N:c","to":"N:d","type":"t"}
      """#)
    func answer(_ value: String) async throws -> [String] {
      try await rows(graph, "MATCH (a:N {id:'a'}), (d:N {id:'d'}) RETURN \(value)")
    }
    #expect(try await answer("shortestPath((a)-[:t*]->(d))") == ["N:a -[t]-> N:b -[t]-> N:d"])
    #expect(try await answer("length(shortestPath((a)-[*]-(d)))") == ["2"])
    #expect(try await answer("[p IN allShortestPaths((a)-[*]->(d)) | nodes(p)[1].id]") == [#"["b", "c"]"#])
    #expect(
      try await answer("shortestPath((d)-[*]->(a)), size(allShortestPaths((d)-[*]->(a)))") == ["null | 0"])
    #expect(
      try await rows(
        graph, "MATCH (a:N {id:'a'}), (x:N) WHERE length(shortestPath((a)-[*]->(x))) < 2 RETURN x.id")
        == ["b", "c"])
    for (value, message) in [
      (
        "shortestPath((a)-[*]->(:N))",
        "line 1, column 67: shortestPath() as a value goes between two nodes that are known; name it"
      ),
      (
        "shortestPath((a)-[*]->(x))",
        #"line 1, column 68: the variable "x" is not known here; did you mean "a"?"#
      ),
      ("shortestPath((a)-->()-->(d))", "line 1, column 58: a shortest path is of one edge pattern"),
    ] {
      await #expect(throws: KVError(.invalidData, "query, \(message)")) { try await answer(value) }
    }
  }

  /// The last of many ways that are as cheap is found first, and is no more the first that is written.
  @Test func ofEqualCostsTheFirstWrittenIsChosen() async throws {
    let graph = try await graph(
      #"""
      {"type":"N","id":"a","z":1}
      {"type":"N","id":"d","y":2}
      {"from":"N:a","to":"N:b","type":"t","data":{"w":3}}
      {"from":"N:b","to":"N:d","type":"t","data":{"w":1}}
      {"from":"N:a","to":"N:c","type":"t","data":{"w":1}}
      {"from":"N:c","to":"N:d","type":"t","data":{"w":3}}
      """#)
    let query = "MATCH p = ANY CHEAPEST (a:N {z:1})-[e:t COST e.w]->+(d:N {y:2}) RETURN p"
    let expected = ["N:a -[t]-> N:b -[t]-> N:d"]
    #expect(try await rows(graph, query) == expected)
    _ = try await graph.store.createIndex(AttributeIndex(label: "N", attribute: "y"))
    #expect(try await rows(graph, query) == expected)
  }

  /// Edges of the query itself stand among the others in the order of their keys.
  @Test func newEdgesStandInOrder() async throws {
    let graph = try await graph(#"{"from":"M:c","to":"N:e","type":"u"}"#)
    #expect(
      try await rows(
        graph,
        "MATCH (c:M), (e:N) CREATE (c)-[:t]->(e) WITH c, e MATCH p = ANY SHORTEST (e)<--(c) RETURN p",
        isWriting: true) == ["N:e <-[t]- M:c"])
    for query in [
      "CREATE (z:N {x: 1} WHERE z.x > 1)", "CREATE TRAIL (a:N)-[:t]->(b:N)",
      "MERGE (a:N)-[e:t WHERE e.w > 1]->(b:N)",
    ] {
      let error = await expectError(.invalidData) { _ = try await rows(graph, query, isWriting: true) }
      #expect(error?.message.contains("takes plain patterns") == true, "\(query)")
    }
    let cost = await expectError(.invalidData) {
      _ = try await rows(graph, "MATCH p = CHEAPEST 3 (a)-[e COST 9223372036854775807]-+(b) RETURN cost(p)")
    }
    #expect(cost?.message.contains("the cost is too large for an integer") == true)
  }
}

import Foundation
import KV
import Testing

@testable import KVCommand

/// Measures as people ask for them.
extension CommandTests {
  @Test func statsTellMoreWhereTheyAreAskedTo() async throws {
    for (from, to) in [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "d")] {
      try await kv("graph", "add-edge", "N:\(from)", "N:\(to)", "t")
    }
    let all = try JSON(parsing: try await kv("graph", "stats", "--all", "--format", "json").output)
    #expect(all["reciprocity"]?.text == "0.4" && all["triangles"]?.text == "1")
    #expect(all["strongComponents"]?.text == "2" && all["largestStrongComponent"]?.text == "3")
    // Of the neighbors' ordered pairs: 1 of 2, 1 of 2, 2 of 6, and none.
    #expect(all["clustering"]?.text == "0.3333333333333333" && all["assortativity"]?.double != nil)
    let text = try await kv("graph", "stats", "--all", "--format", "text").output
    #expect(text.hasSuffix("strong components: 2\nnodes of the largest strong component: 3\n"), "\(text)")
    let rows = try await kv("graph", "stats", "--format", "csv").output.split(separator: "\n")
    #expect(rows.contains("nodes of type N,4") && rows.contains("edges of type t,5"), "\(rows)")
    #expect(Set(rows.map { $0.split(separator: ",")[0] }).count == rows.count)
    let one = try await kv("graph", "stats", "--all", "--connection", "empty.db", "--format", "json")
    #expect(one.status == 5, "\(one)")
    try await kv("graph", "add-node", "N", "x", "--connection", "one.db")
    let lonely = try await kv("graph", "stats", "--all", "--connection", "one.db", "--format", "text").output
    #expect(lonely.contains("reciprocity: none\nassortativity: none\ntriangles: 0\n"), "\(lonely)")
  }
  private func services() async throws {
    #expect(try await kv("graph", "import", ReadmeTests.root.path + "/samples/services.json").status == 0)
  }

  @Test func aMeasureIsKeptInTheNodes() async throws {
    try await services()
    let stored = try await kv("graph", "cores", "--store", "core", "--top", "1")
    #expect(stored.status == 0 && stored.output == "2  Database:catalog-db\n")
    #expect(stored.error == "kv: 20 nodes have \"core\"\n")
    #expect(try await kv("graph", "rank", "degree", "--store", "edges", "--top", "1").status == 0)
    let asked = try await kv(
      "graph", "query", "MATCH (s:Service {id: 'gateway'}) RETURN s.core, s.edges, s.tier", "--format", "csv")
    #expect(asked.output.split(separator: "\n").last == "2,7,edge")
    let before = try await kv("dump").output
    for name in ["@labels", ""] {
      let refused = try await kv("graph", "cores", "--store", name)
      #expect(refused.status == 64 && refused.error.hasPrefix("kv: an attribute is not called"))
    }
    // A file that cannot be written is tried first.
    let lost = try await kv("graph", "cores", "--store", "other", "-o", "none/x.csv")
    #expect(lost.status == 1 && lost.error.hasPrefix("kv: cannot write none/x.csv"))
    for refused in [["-o", "none/x.csv"], ["-o", "none/x.svg"], ["-o", "x.zip"], ["--into", "none.md"]] {
      let answer = try await kv(arguments: ["graph", "rank", "degree", "--store", "other"] + refused)
      #expect(answer.status != 0, "\(refused) \(answer)")
    }
    #expect(try await kv("dump").output == before)
  }

  @Test func whatIsAShareIsStoredAsOneInAllNodes() async throws {
    for (from, to, weight) in [("a", "b", 1.5), ("b", "c", 1.5), ("c", "a", 1), ("c", "d", 1)] {
      try await kv("graph", "add-edge", "N:\(from)", "N:\(to)", "t", #"{"price.eur":\#(JSON(weight))}"#)
    }
    try await kv("graph", "clustering", "--direction", "any", "--store", "share")
    try await kv("graph", "distances", "N:a", "--weight", "price.eur", "--store", "a.far")
    try await kv("graph", "rank", "degree", "--store", "degree")
    let halves = try await kv(
      "graph", "query", "MATCH (n) WHERE n.id IN ['a', 'c'] RETURN n.share / 2, n.`a.far` / 2, n.degree / 2",
      "--format", "csv")
    #expect(
      halves.output.split(separator: "\n").dropFirst() == ["0.5,0.0,1", "0.16666666666666666,1.5,1"],
      "\(halves)")
    // A name with a dot in it is one.
    let labels = try await kv("graph", "view", "--label", "a.far", "--format", "mermaid")
    #expect(labels.status == 0 && labels.output.contains("3.0"), "\(labels)")
  }

  @Test func equalScoresComeInKeyOrder() async throws {
    for number in 1...6 {
      try await kv("graph", "add-edge", "N:\(number)", "N:\(number % 6 + 1)", "u")
    }
    try await kv("graph", "edge-type", "u", "--undirected")
    let ranks = try await kv("graph", "rank", "pagerank", "--format", "csv").output.split(separator: "\n")
    #expect(ranks.dropFirst().map { $0.suffix(3) } == (1...6).map { "N:\($0)" }, "\(ranks)")
  }

  @Test func aWeightThatNoEdgeHasIsTold() async throws {
    try await kv("graph", "add-edge", "N:a", "N:b", "t", #"{"km":2,"name":"x"}"#)
    try await kv("graph", "add-edge", "N:b", "N:c", "t,u", #"{"w":null}"#)
    func cut(_ weight: String, _ common: String) async throws -> String {
      try await kv(
        "graph", "cut", "N:a", "N:b", "--weight", weight, "--default-weight", common
      ).error
    }
    #expect(try await cut("kmm", "3") == "kv: no edge has \"kmm\"; there is \"km\"\nkv: weight 3\n")
    #expect(try await cut("w", "3") == "kv: no edge has \"w\"; there is \"km\"\nkv: weight 3\n")
    #expect(try await cut("km", "2") == "kv: weight 2\n")
  }

  @Test func impactSaysWhatDependsOnANode() async throws {
    try await services()
    let all = try await kv("graph", "impact", "Service:payments")
    #expect(
      all.output
        == "1  Service:orders\n2  Service:cart\n2  Service:gateway\n3  Service:mobile\n3  Service:web\n")
    #expect(all.error == "kv: 5 nodes: 5 Service; 3 levels\n")
    let near = try await kv("graph", "impact", "Service", "payments", "--max-depth", "1")
    #expect(near.output == "1  Service:orders\n")
    let needs = try await kv("graph", "impact", "Service:payments", "--direction", "out", "--levels")
    #expect(needs.output.hasPrefix("1  1  Queue 1\n2  2  Service 2\n"))
    let along = try await kv(
      "graph", "impact", "Service:web", "--direction", "out", "--why", "Service:payments")
    let way = try await kv("graph", "impact", "Service:payments", "--why", "Service:web")
    #expect(along.output == way.output)
    #expect(
      way.output == "Service:web\nService:gateway\nService:orders\nService:payments\n" && way.error.isEmpty)
    let part = try await kv(
      "graph", "impact", "Service:payments", "--why", "Service:web", "--offset", "1", "--limit", "2")
    #expect(part.output == "Service:gateway\nService:orders\n")
    let through = try await kv("graph", "impact", "Service:payments", "--through", "--format", "csv")
    #expect(through.output == "nodes,through\n4,Service:orders\n2,Service:gateway\n")
    for (words, status) in [
      (["Service:nope"], Int32(3)), (["Service:payments", "--why", "Service:mail"], 3), ([], 64),
      (["Service:payments", "--why", "web"], 64), (["Service:payments", "--levels", "--through"], 64),
    ] {
      let outcome = try await kv(arguments: ["graph", "impact"] + words)
      #expect(outcome.status == status && outcome.output.isEmpty, "\(words): \(outcome.error)")
    }
  }

  @Test func cutsAreFoundDrawnOrRefused() async throws {
    try await services()
    let edges = try await kv("graph", "cut", "Service:web", "Database:orders-db")
    #expect(edges.output == "Service:web -[calls]-> Service:gateway\n")
    let weighed = try await kv(
      "graph", "cut", "Service:gateway", "Database:orders-db", "--weight", "rps", "--format", "mermaid")
    #expect(weighed.output.hasPrefix("flowchart") && weighed.error == "kv: weight 14\n")
    for (words, status, error) in [
      (["Service:mail", "Service:web"], Int32(3), "nothing leads from"),
      (["Service:web", "Service:web"], 64, "nothing parts"),
      (["Service:web", "Service:gateway", "--nodes"], 1, "no nodes part them"),
      (["Service:web", "Service:gateway", "--weight", "color"], 65, "has no \"color\""),
      (["Service:web", "Service:gateway", "--nodes", "--weight", "rps"], 64, "have no --weight"),
      (["Service:web"], 64, "expected two nodes"),
    ] {
      let outcome = try await kv(arguments: ["graph", "cut"] + words)
      #expect(outcome.status == status && outcome.error.contains(error), "\(words): \(outcome.error)")
    }
  }

  @Test func scoresByRepetitionTakeTheirOptions() async throws {
    try await services()
    let first = try await kv("graph", "rank", "pagerank", "--iterations", "0", "--top", "-1")
    #expect(first.output.split(separator: "\n").allSatisfy { $0.hasPrefix("0.05  ") })
    #expect(
      try await kv("graph", "rank", "pagerank", "--iterations", "2").output
        != kv("graph", "rank", "pagerank", "--damping", "0.5").output)
    for words in [
      ["pagerank", "--iterations", "-1"], ["pagerank", "--damping", "1.5"], ["degree", "--damping", "0.5"],
      ["katz", "--alpha", "0"], ["pagerank", "--tolerance", "-1"], ["closeness", "--iterations", "1"],
    ] {
      let outcome = try await kv(arguments: ["graph", "rank"] + words)
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(words): \(outcome.error)")
    }
    #expect(try await kv("graph", "rank", "katz", "--alpha", "5", "--direction", "any").status == 1)
  }

  @Test func aPageOfRanksIsThatPageOfAll() async throws {
    try await services()
    let all = try await kv("graph", "rank", "degree", "--top", "-1").output.split(separator: "\n")
    let page = try await kv("graph", "rank", "degree", "--offset", "4", "--limit", "3")
    #expect(
      page.output.split(separator: "\n") == Array(all[4..<7]) && page.error.contains("there are more than 3"))
    let last = try await kv("graph", "rank", "degree", "--offset", "\(all.count - 2)", "--limit", "2")
    #expect(last.output.split(separator: "\n") == Array(all.suffix(2)) && last.error.isEmpty, "\(last)")
    // Beyond all there is nothing, however far.
    for limit in [[], ["--limit", "\(Int.max)"]] {
      let none = try await kv(arguments: ["graph", "rank", "degree", "--offset", "\(Int.max)"] + limit)
      #expect(none.status == 0 && none.output.isEmpty, "\(none)")
    }
  }

  @Test(arguments: ["cut N:a N:b", "distances N:a", "spanning-forest", "find-path N:a N:b"])
  func aWeightWithoutANameIsRefused(_ command: String) async throws {
    try await kv("graph", "add-edge", "N:a", "N:b", "t", #"{"km":2}"#)
    let words = command.split(separator: " ").map(String.init)
    let answer = try await kv(arguments: ["graph"] + words + ["--weight", ""])
    #expect(answer.status == 64 && answer.error.contains("the weight names nothing"), "\(answer)")
  }

  @Test func componentsAreToldForEachNode() async throws {
    try await services()
    try await kv("graph", "add-edge", "Service:lonely", "Service:other", "calls")
    let each = try await kv("graph", "components", "--each", "--format", "csv")
    #expect(each.output.contains("0,Service:web\n") && each.output.contains("1,Service:lonely\n"))
    let strong = try await kv("graph", "components", "--each", "--strong", "--format", "jsonl")
    #expect(Set(strong.output.split(separator: "\n")).count == 22)
    #expect(try await kv("graph", "components", "--each", "--store", "part", "--limit", "1").status == 0)
    let asked = try await kv("graph", "query", "MATCH (n {part: 1}) RETURN count(*)", "--format", "csv")
    #expect(asked.output.split(separator: "\n").last == "2")
    #expect(try await kv("graph", "components", "--top", "1").status == 64)
  }

  /// Two components, the second of one edge, and a node by itself.
  private func groups() async throws {
    for (from, to) in [("B:1", "B:2"), ("C:1", "C:2"), ("C:2", "C:3")] {
      try await kv("graph", "add-edge", from, to, "e")
    }
    try await kv("graph", "add-node", "A:lone")
  }

  @Test(arguments: ["components --each", "communities", "label-propagation"])
  func theLargestGroupsComeFirst(_ command: String) async throws {
    try await groups()
    let words = ["graph"] + command.split(separator: " ").map(String.init) + ["--top"]
    let all = try await kv(arguments: words + ["9"]).output.split(separator: "\n")
    // Labels of a chain go to and fro, so that its ends have one and its middle another.
    let largest = command == "label-propagation" ? ["C:1", "C:3"] : ["C:1", "C:2", "C:3"]
    #expect(
      all.count == 6 && all.prefix(largest.count).map { $0.suffix(3) } == largest.map { $0[...] }, "\(all)")
    let one = try await kv(arguments: words + ["1"]).output
    #expect(one == "\(all[0])\n")
  }

  @Test func modularityIsANumberAtAnyResolution() async throws {
    try await groups()
    #expect(try await kv("graph", "communities").error == "kv: 3 communities, modularity 0.444444\n")
    let error = try await kv("graph", "communities", "--resolution", "1e307").error
    #expect(error.contains("modularity -") && !error.contains("null"), "\(error)")
  }

  /// A picture holds no edge that the measure left out, and no more than what is printed.
  @Test func picturesHoldWhatWasAsked() async throws {
    for edge in [["1", "2", "{\"w\":3}"], ["2", "3", "{\"w\":1}"], ["1", "3", "{\"w\":5}"]] {
      try await kv("graph", "add-edge", "A:\(edge[0])", "A:\(edge[1])", "t", edge[2])
    }
    for command in [
      ["bridges"], ["cut", "A:1", "A:2"], ["impact", "A:2"], ["spanning-forest"], ["articulation"],
    ] {
      let drawn = try await kv(arguments: ["graph"] + command + ["--where", "w>2", "--format", "dot"])
      #expect(drawn.output.contains("\"A:1\" ->") || drawn.output.contains("\"A:1\" --"), "\(drawn)")
      #expect(!drawn.output.contains("w\\\":1"), "\(drawn)")
    }
    let way = try await kv("graph", "impact", "A:3", "--why", "A:1", "--format", "dot").output
    #expect(way.split(separator: "\n").filter { $0.contains("penwidth=2.6") }.count == 1, "\(way)")
    let one = try await kv("graph", "bridges", "--where", "w>2", "--limit", "1", "--format", "dot").output
    #expect(one.split(separator: "\n").filter { $0.contains("penwidth=2.6") }.count == 1, "\(one)")
    let deep = try await kv("graph", "impact", "A:1", "--why", "A:3", "--max-depth", "1")
    #expect(deep.status == 3 && deep.error.contains("by at most 1 edge: --max-depth"), "\(deep)")
  }

  /// Each is drawn up to a limit that is said, whatever the format.
  @Test func manyThatAreFoundAreDrawnAndWhatIsLeftOutIsSaid() async throws {
    let edges = (0..<600).flatMap { ["hub,n\($0)", "n\($0),end"] }
    _ = try await kv(arguments: ["graph", "import", "-"], input: "from,to\n" + edges.joined(separator: "\n"))
    func drawn(_ arguments: String...) async throws -> (lines: [Substring], error: String) {
      let answer = try await kv(arguments: ["graph"] + arguments)
      return (answer.output.split(separator: "\n"), answer.error)
    }
    let cut = try await drawn("cut", "Node:hub", "Node:end", "--format", "mermaid")
    #expect(cut.lines.count { $0.contains("==>") || $0.contains("-->") } == 500)
    #expect(cut.error.contains("500 of 600 edges drawn"), "\(cut.error)")
    let nodes = try await drawn("cut", "Node:hub", "Node:end", "--nodes", "--format", "dot")
    #expect(nodes.lines.count { $0.contains("Node:n") || $0.contains("label=\"n") } >= 600)
    // Of so many only the edges between them are drawn.
    let chain = (0..<300).map { "c\($0),c\($0 + 1)" }
    _ = try await kv(arguments: ["graph", "import", "-"], input: "from,to\n" + chain.joined(separator: "\n"))
    let points = try await drawn("articulation", "--format", "dot")
    #expect(points.lines.count { $0.contains("->") } == 298)
    let few = try await drawn("reduce", "--limit", "7", "--format", "dot")
    #expect(few.lines.count { $0.contains("->") } >= 7)
    let way = try await drawn(
      "find-path", "Node:hub", "Node:end", "--all", "--limit", "-1", "--format", "mermaid")
    #expect(way.lines.count { $0.contains("==>") || $0.contains("-->") } == 500)
    #expect(way.error.contains("500 of 1200 edges drawn"), "\(way.error)")
  }

  /// In the whole graph, or of some nodes with what is around them.
  @Test func measuresAreDrawn() async throws {
    try await groups()
    func picture(_ command: String) async throws -> [String] {
      let words = command.split(separator: " ").map(String.init)
      let answer = try await kv(arguments: ["graph"] + words + ["--format", "dot"])
      #expect(answer.status == 0, "\(command) \(answer)")
      return answer.output.split(separator: "\n").map(String.init)
    }
    func fills(_ command: String) async throws -> Int {
      let lines = try await picture(command)
      return Set(lines.compactMap { $0.firstMatch(of: /fillcolor="([^"]+)"/).map { String($0.1) } }).count
    }
    #expect(try await fills("components --each") == 3)
    #expect(try await fills("components") == 3)
    #expect(try await fills("communities") == 3)
    let whole = try await picture("rank degree")
    #expect(whole.count { $0.contains("fontsize=") && $0.contains("A:lone") } == 1, "\(whole)")
    for command in ["rank degree --top 1", "cores --top 1", "components --limit 1"] {
      let part = try await picture(command)
      #expect(part.contains { $0.contains("->") }, "\(command) \(part)")
      #expect(!part.contains { $0.contains("A:lone") }, "\(command) \(part)")
    }
    let empty = try await kv("graph", "cores", "--limit", "0", "-o", "none.svg")
    #expect(empty.status == 3 && empty.error.contains("nothing to draw"), "\(empty)")
    let none = try await kv("graph", "cycle", "--format", "dot")
    #expect(none.status == 3 && none.output.isEmpty, "\(none)")
    try await kv("graph", "add-edge", "C:3", "C:1", "e")
    let cycle = try await picture("cycle")
    #expect(cycle.count { $0.contains("penwidth=2.6") && $0.contains("->") } == 3, "\(cycle)")
    let both = try await kv(
      "graph", "rank", "degree", "--store", "degree", "-o", "ranks.svg", "--label", "degree")
    #expect(both.output.hasPrefix("2  ") && both.error.contains("have \"degree\""), "\(both)")
    #expect(try String(contentsOfFile: folder + "/ranks.svg", encoding: .utf8).contains(">2</text>"))
  }

  @Test func aMisspeltDatabaseIsNotMade() async throws {
    for command in [
      ["components", "--each", "--store", "c"],
      ["rank", "pagerank", "--store", "r"], ["remove-node", "A:1"], ["rename-node", "A:1", "A:2"],
    ] {
      let answer = try await kv(arguments: ["graph"] + command)
      #expect(answer.status == 5 && answer.error.contains("no database at"), "\(command) \(answer)")
    }
  }

  @Test func aFilterLeavesNoOldValue() async throws {
    try await groups()
    try await kv("graph", "add-edge", "B:2", "D:1", "f")
    try await kv("graph", "eccentricity", "--store", "x")
    try await kv("graph", "rank", "degree", "--store", "y")
    for command in [["eccentricity", "--store", "x"], ["rank", "degree", "--store", "y"]] {
      let stored = try await kv(arguments: ["graph"] + command + ["--edge-types", "f"])
      #expect(
        stored.error.hasPrefix("kv: 2 nodes have ")
          && stored.error.hasSuffix("; 5 nodes have it no more\n"), "\(stored)")
    }
    let left = try await kv(
      "graph", "query", "MATCH (n) WHERE n.x IS NOT NULL AND n.y IS NOT NULL RETURN n", "--format", "csv")
    #expect(left.output == "n\nB:2\nD:1\n")
  }

  @Test(arguments: [
    "stats", "components", "rank degree", "communities", "label-propagation", "clustering", "triangles",
    "cores", "eccentricity", "diameter", "degrees", "bridges", "articulation", "spanning-forest", "reduce",
    "closure", "condense", "cycle", "order", "distances B:1", "cut B:1 C:1", "export",
  ])
  func typesThatNoEdgeIsOfAreSaid(_ command: String) async throws {
    try await groups()
    let words = ["graph"] + command.split(separator: " ").map(String.init)
    let outcome = try await kv(arguments: words + ["--edge-types", "e,zz"])
    #expect(
      outcome.error.split(separator: "\n").count { $0 == "kv: no edge is of type \"zz\"; there is \"e\"" }
        == 1,
      "\(outcome)")
    let all = try await kv(arguments: words + ["--edge-types", "*"])
    #expect(try await all.output == kv(arguments: words).output && !all.error.contains("no edge is of type"))
  }

  @Test func whereItBeginsIsNoDistanceAway() async throws {
    try await groups()
    try await kv("graph", "add-edge", "D:1", "D:2", "f")
    #expect(try await kv("graph", "distances", "B:1", "--edge-types", "f").output == "0  B:1\n")
  }
}

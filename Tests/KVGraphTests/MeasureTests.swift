import Foundation
import KV
import KVSQLite
import TestSupport
import Testing

@testable import KVGraph

/// Measures of whole graphs, beside NetworkX's answers; NetworkX/measures.py writes them.
@Suite struct MeasureTests {
  /// A graph, read with and without weights, and what is said of it.
  private struct Case {
    var answers: JSON
    var plain: Adjacency
    var weighted: Adjacency
    var isDirected: Bool { answers["directed"]?.text == "true" }
    var direction: EdgeDirection { isDirected ? .out : .any }

    init(_ answers: JSON, _ backend: TestBackend) async throws {
      self.answers = answers
      // Of hundreds of graphs files would take most of the time.
      let isFile = backend.description != TestBackend.sqlite.description
      let graph = Graph(isFile ? try await backend.store() : try await SQLiteStore(sqlite: ":memory:"))
      if answers["directed"]?.text != "true" { _ = try await graph.setDirected(false, edgeType: "t") }
      _ = try await graph.store.mutate(
        (answers["nodes"]?.elements ?? []).map { name in
          let node = Node(Self.node(name.string ?? ""))
          return .put(key: node.reference.entityKey, value: JSON(members: []), type: node.reference.type)
        })
      let edges = (answers["edges"]?.elements ?? []).map { parts in
        let words = parts.elements ?? []
        var edge = Edge(
          from: Self.node(words[0].string ?? ""), to: Self.node(words[1].string ?? ""), type: "t")
        edge.parallelKey = words[2].string
        edge.data = JSON(members: [("w", words[3])])
        return edge.json.text
      }
      _ = try await graph.load(ImportSource(name: "g.jsonl", text: edges.joined(separator: "\n")))
      plain = try await Adjacency(of: graph)
      weighted = try await Adjacency(of: graph, weight: EdgeWeight("w"))
    }

    static func node(_ name: String) -> NodeReference { NodeReference(type: "N", id: name) }

    /// By node, what is said under a name.
    func numbers(_ name: String) -> [String: Double]? {
      answers[name]?.members.map { members in
        Dictionary(uniqueKeysWithValues: members.map { ($0.name, Double($0.value.text) ?? .nan) })
      }
    }

    func expect(
      _ name: String, _ values: [Double], within tolerance: Double = 1e-9,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      guard let wanted = numbers(name) else { return }
      for (node, value) in zip(plain.nodes, values) {
        let expected = wanted[node.id] ?? .infinity
        let isSame = expected == value || abs(expected - value) <= tolerance
        #expect(
          isSame,
          "\(name) of \(node): \(value), not \(expected): \(answers["edges"]?.text ?? "") \(isDirected)",
          sourceLocation: sourceLocation)
      }
    }

    func pairs(_ name: String) -> Set<[String]>? {
      answers[name]?.elements.map { Set($0.map { ($0.elements ?? []).compactMap(\.string) }) }
    }
  }

  private func cases() throws -> [JSON] {
    let path =
      ProcessInfo.processInfo.environment["KV_TEST_MEASURES"]
      ?? #filePath.replacing("MeasureTests.swift", with: "NetworkX/measures.json")
    return try JSON(parsing: String(contentsOfFile: path, encoding: .utf8)).elements ?? []
  }

  private func ends(_ keys: [String]) -> Set<[String]> {
    Set(keys.compactMap { EdgeKey($0).flatMap { Edge($0) }.map { [$0.from.id, $0.to.id] } })
  }

  @Test func measuresOfNodesAreNetworkXs() async throws {
    let cases = try cases()
    #expect(cases.count >= 250)
    for answers in cases {
      let graph = try await Case(answers, .sqlite)
      let plain = graph.plain
      graph.expect(
        "distances",
        try graph.weighted.distances(from: Case.node("0"), direction: graph.direction).map {
          $0?.value ?? .infinity
        })
      graph.expect("clustering", plain.clustering())
      graph.expect("triangles", plain.triangleCounts().map { Double($0) })
      graph.expect("cores", plain.coreNumbers().map { Double($0) })
      graph.expect("eccentricity", try plain.eccentricities().map { Double($0) })
      graph.expect("katz", try plain.katzCentrality(alpha: 0.05), within: 1e-7)
      if graph.numbers("eigenvector") != nil {
        graph.expect("eigenvector", try plain.eigenvectorCentrality(), within: 1e-5)
      }
      if graph.numbers("hubs") != nil {
        let found = try plain.hubsAndAuthorities()
        graph.expect("hubs", found.hubs, within: 1e-6)
        graph.expect("authorities", found.authorities, within: 1e-6)
      }
      let labels = Dictionary(
        uniqueKeysWithValues: (answers["labels"]?.members ?? []).map { ($0.name, $0.value.string ?? "") })
      for (node, label) in zip(plain.nodes, plain.labelPropagation(iterations: 3)) {
        #expect(label.id == labels[node.id], "\(node): \(answers["edges"]?.text ?? "")")
      }
    }
  }

  @Test func structureIsNetworkXs() async throws {
    for answers in try cases() {
      let graph = try await Case(answers, .sqlite)
      let plain = graph.plain
      let edges = answers["edges"]?.text ?? ""
      #expect(try plain.diameter(direction: .out).lowerBound == answers["diameter"].flatMap { Int($0.text) })
      let (bridges, points) = plain.bridgesAndArticulationPoints()
      #expect(Set(ends(bridges).map { $0.sorted() }) == graph.pairs("bridges"), "\(edges)")
      #expect(
        points.map(\.id).sorted() == answers["articulation"]?.elements?.compactMap(\.string), "\(edges)")
      let forest = try graph.weighted.spanningForest()
      #expect(forest.weight.value == answers["forest"].flatMap { Double($0.text) }, "\(edges)")
      #expect(forest.edges.count == plain.nodeCount - plain.components().count)
      if let closure = graph.pairs("closure") {
        var found: Set<[String]> = []
        plain.transitiveClosure { from, to in found.insert([from.id, to.id]).inserted }
        #expect(found == closure, "\(edges)")
      }
      if let reduction = graph.pairs("reduction") {
        #expect(ends(plain.transitiveReduction()) == reduction, "\(edges)")
      }
      if let count = answers["condensed"].flatMap({ Int($0.text) }) {
        #expect(plain.condensation().edges.count == count, "\(edges)")
      }
      for (name, value) in [("assortativity", plain.degreeAssortativity), ("reciprocity", plain.reciprocity)]
      {
        guard let wanted = answers[name] else { continue }
        guard let value, let wanted = Double(wanted.text) else {
          #expect(value == nil && wanted == .null, "\(name): \(edges)")
          continue
        }
        #expect(abs(value - wanted) < 1e-8, "\(name): \(value), not \(wanted): \(edges)")
      }
    }
  }

  @Test func cutsPartAtTheLeastCost() async throws {
    for answers in try cases() {
      guard let least = answers["edgeCut"].flatMap({ Double($0.text) }) else { continue }
      let graph = try await Case(answers, .sqlite)
      let (start, end) = (Case.node("0"), Case.node("1"))
      let edges = answers["edges"]?.elements ?? []
      let cut = try graph.weighted.edgeCut(from: start, to: end)
      #expect(cut.weight.value == least, "\(answers["edges"]?.text ?? "")")
      let keys = Set(cut.edges.compactMap { EdgeKey($0).flatMap { Edge($0) }?.parallelKey })
      #expect(
        edges.filter { keys.contains($0.elements?[2].string ?? "") }.reduce(0) {
          $0 + (Double($1.elements?[3].text ?? "") ?? 0)
        } == least)
      let left = edges.filter { !keys.contains($0.elements?[2].string ?? "") }
      #expect(try await !reaches(left, without: [], graph.isDirected))
      let nodes = try graph.plain.nodeCut(from: start, to: end)
      if let count = answers["nodeCut"].flatMap({ Int($0.text) }) {
        #expect(nodes?.count == count, "\(answers["edges"]?.text ?? "")")
      }
      if let nodes { #expect(try await !reaches(edges, without: Set(nodes.map(\.id)), graph.isDirected)) }
    }
  }

  /// Whether 1 can be reached from 0.
  private func reaches(_ edges: [JSON], without nodes: Set<String>, _ isDirected: Bool) async throws -> Bool {
    var next: [String: [String]] = [:]
    for edge in edges {
      let words = (edge.elements ?? []).compactMap(\.string)
      if nodes.contains(words[0]) || nodes.contains(words[1]) { continue }
      next[words[0], default: []].append(words[1])
      if !isDirected { next[words[1], default: []].append(words[0]) }
    }
    var (seen, stack): (Set<String>, [String]) = (["0"], ["0"])
    while let node = stack.popLast() {
      for other in next[node] ?? [] where seen.insert(other).inserted { stack.append(other) }
    }
    return seen.contains("1")
  }

  @Test func impactGoesThroughDominators() async throws {
    for answers in try cases() {
      guard let dominators = answers["dominators"]?.members else { continue }
      let graph = try await Case(answers, .sqlite)
      let impact = graph.plain.impact(of: Case.node("0"), direction: .out)
      let found = Dictionary(uniqueKeysWithValues: impact.reached.map { ($0.node.id, $0.through.id) })
      #expect(
        found == Dictionary(uniqueKeysWithValues: dominators.map { ($0.name, $0.value.string ?? "") }),
        "\(answers["edges"]?.text ?? "")")
      for gate in impact.gates {
        // Without it so many are not reached any more, itself among them.
        let left = (answers["edges"]?.elements ?? []).filter { edge in
          !(edge.elements ?? []).prefix(2).compactMap(\.string).contains(gate.node.id)
        }
        var (seen, stack): (Set<String>, [String]) = (["0"], ["0"])
        while let node = stack.popLast() {
          for edge in left {
            let words = (edge.elements ?? []).compactMap(\.string)
            for (from, to) in [(words[0], words[1])] + (graph.isDirected ? [] : [(words[1], words[0])])
            where from == node && seen.insert(to).inserted { stack.append(to) }
          }
        }
        #expect(impact.reached.count + 1 - seen.count == gate.count + 1, "\(gate.node)")
      }
      for reached in impact.reached {
        #expect(
          reached.level
            == (reached.by.id == "0" ? 1 : (impact.reached.first { $0.node == reached.by }?.level ?? 0) + 1))
      }
    }
  }

  @Test func communitiesAreAsGoodAsLouvains() async throws {
    var (better, worse) = (0.0, 0.0)
    for answers in try cases() {
      guard let known = answers["modularity"].flatMap({ Double($0.text) }) else { continue }
      let graph = try await Case(answers, .sqlite)
      let (numbers, modularity) = try graph.weighted.communities()
      #expect(try graph.weighted.communities().numbers == numbers)
      #expect(abs(modularity - slowModularity(answers, graph.plain, numbers)) < 1e-9)
      let short = try graph.weighted.communities(rounds: 1)
      #expect(abs(short.modularity - slowModularity(answers, graph.plain, short.numbers)) < 1e-9)
      #expect(short.modularity > modularity - 0.1)
      if modularity > known { better += modularity - known } else { worse += known - modularity }
      let sizes = Dictionary(grouping: numbers, by: { $0 }).mapValues(\.count)
      #expect(
        sizes.keys.sorted() == Array(0..<sizes.count)
          && sizes.sorted { $0.key < $1.key }.map(\.value) == sizes.values.sorted(by: >))
    }
    #expect(worse <= better + 0.05, "better by \(better), worse by \(worse)")
  }

  private func slowModularity(_ answers: JSON, _ adjacency: Adjacency, _ numbers: [Int]) -> Double {
    let community = Dictionary(uniqueKeysWithValues: zip(adjacency.nodes.map(\.id), numbers))
    var (total, inside, degrees) = (0.0, 0.0, [Int: Double]())
    for edge in answers["edges"]?.elements ?? [] {
      let words = edge.elements ?? []
      let weight = Double(words[3].text) ?? 0
      let ends = words.prefix(2).map { community[$0.string ?? ""] ?? -1 }
      total += weight
      if ends[0] == ends[1] { inside += weight }
      for end in ends { degrees[end, default: 0] += weight }
    }
    return total == 0 ? 0 : inside / total - degrees.values.reduce(0) { $0 + $1 * $1 } / (4 * total * total)
  }

  @Test(arguments: TestBackend.all)
  func measuresAreTheSameOnEveryDatabase(_ backend: TestBackend) async throws {
    for answers in try cases().enumerated().filter({ $0.offset % 10 == 0 }).map(\.element) {
      let (one, other) = (try await Case(answers, .sqlite), try await Case(answers, backend))
      #expect(try one.weighted.communities().numbers == other.weighted.communities().numbers)
      #expect(one.plain.labelPropagation() == other.plain.labelPropagation())
      #expect(try one.weighted.spanningForest().edges == other.weighted.spanningForest().edges)
      #expect(try one.plain.pageRank() == other.plain.pageRank())
    }
  }

  @Test func graphsOfNothingAndOfOneHaveMeasures() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    for count in [0, 1] {
      let adjacency = try await Adjacency(of: graph)
      #expect(adjacency.nodeCount == count)
      #expect(adjacency.coreNumbers() == Array(repeating: 0, count: count))
      #expect(adjacency.clustering() == Array(repeating: 0, count: count))
      #expect(try adjacency.communities().numbers == Array(repeating: 0, count: count))
      #expect(try adjacency.diameter() == 0...0)
      #expect(try adjacency.eccentricities() == Array(repeating: 0, count: count))
      #expect(try adjacency.spanningForest().edges.isEmpty)
      #expect(adjacency.degreeAssortativity == nil && adjacency.reciprocity == nil)
      #expect(try adjacency.hubsAndAuthorities().hubs.reduce(0, +) == Double(count))
      #expect(
        try adjacency.pageRank(convergence: Convergence(iterations: 0)) == Array(repeating: 1, count: count))
      #expect(adjacency.impact(of: Case.node("x")).reached.isEmpty)
      if count == 0 { try await graph.add(Node(Case.node("x"))) }
    }
  }

  @Test func chainOfAHundredThousandIsWalkedWithoutTheStack() throws {
    let count = 100_000
    let adjacency = try Adjacency(
      directed: (0..<count).map { Edge(from: Case.node("\($0)"), to: Case.node("\($0 + 1)"), type: "t") })
    #expect(adjacency.bridgesAndArticulationPoints().bridges.count == count)
    #expect(adjacency.impact(of: Case.node("\(count)")).reached.count == count)
    #expect(try adjacency.edgeCut(from: Case.node("0"), to: Case.node("\(count)")).edges.count == 1)
    #expect(try adjacency.nodeCut(from: Case.node("0"), to: Case.node("\(count)"))?.count == 1)
    #expect(try adjacency.diameter(effort: 10_000_000).contains(count))
  }

  /// Few walks tell it where edges lead both ways, and what it is between where these are not enough.
  @Test func diametersAreThoseOfAllWalks() throws {
    var random = SeededRandom()
    for round in 0..<150 {
      // Of many nodes it is not walked from all.
      let count = Int.random(in: 1...(round % 10 == 0 ? 800 : 40), using: &random)
      func node(_ number: Int) -> NodeReference { NodeReference(type: "N", id: "\(number)") }
      let edges = (0..<Int.random(in: 0...(count * 3 / 2), using: &random)).map { _ in
        // Most lead to near ones, so that ways are long.
        let from = Int.random(in: 0..<count, using: &random)
        let to = (from + Int.random(in: 0...3, using: &random)) % count
        return Edge(from: node(from), to: node(to), type: "t")
      }
      let adjacency = try Adjacency(
        directed: Dictionary(edges.map { ($0.key, $0) }) { first, _ in first }.values)
      for direction in [EdgeDirection.any, .out, .in] {
        let expected = try adjacency.eccentricities(direction: direction).max() ?? 0
        let comment: Comment = "round \(round), \(direction), seed \(random.seed)"
        #expect(try adjacency.diameter(direction: direction) == expected...expected, comment)
        #expect(try adjacency.diameter(direction: direction, effort: 1).contains(expected), comment)
      }
    }
  }

  /// Many walks go together, and lots of them on several cores.
  @Test func walksTogetherAreThoseOfEachByItself() throws {
    var random = SeededRandom()
    let count = 2500
    let edges = (0..<4000).map { _ in
      let from = Int.random(in: 0..<count, using: &random)
      let to =
        Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0..<count, using: &random) : from + 1
      return (from, to % count)
    }
    func node(_ number: Int) -> NodeReference { NodeReference(type: "N", id: "\(number)") }
    let adjacency = try Adjacency(
      directed: Dictionary(
        edges.map { Edge(from: node($0.0), to: node($0.1), type: "t") }.map { ($0.key, $0) }
      ) { first, _ in first }.values)
    let nodes = adjacency.nodes
    let places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    var targets = [[Int]](repeating: [], count: nodes.count)
    for (from, to) in edges {
      if let from = places[node(from)], let to = places[node(to)] { targets[from].append(to) }
    }
    var (farthest, reached, sum) = ([Int](), targets.map { _ in 0.0 }, targets.map { _ in 0.0 })
    for start in targets.indices {
      var distances = [start: 0]
      var order = [start]
      var position = 0
      while position < order.count {
        let node = order[position]
        position += 1
        for target in targets[node] where distances[target] == nil {
          distances[target] = distances[node, default: 0] + 1
          order.append(target)
        }
      }
      farthest.append(distances.values.max() ?? 0)
      for (node, distance) in distances where distance > 0 {
        reached[node] += 1
        sum[node] += Double(distance)
      }
    }
    let comment: Comment = "seed \(random.seed)"
    #expect(try adjacency.eccentricities() == farthest, comment)
    #expect(try adjacency.diameter(direction: .out) == (farthest.max() ?? 0)...(farthest.max() ?? 0), comment)
    for rank in try adjacency.ranking(by: .closeness) {
      guard let place = places[rank.node] else { continue }
      let closeness =
        sum[place] == 0 ? 0 : reached[place] / sum[place] * reached[place] / Double(nodes.count - 1)
      #expect(abs(rank.score - closeness) < 1e-12, comment)
    }
  }

  private func chain(_ weights: [String]) async throws -> Graph {
    let graph = Graph(try await TestBackend.sqlite.store())
    for (number, weight) in weights.enumerated() {
      var edge = Edge(from: Case.node("\(number)"), to: Case.node("\(number + 1)"), type: "t")
      edge.data = try JSON(parsing: #"{"w":\#(weight)}"#)
      try await graph.add(edge)
    }
    return graph
  }

  @Test func heavyEdgesElsewhereChangeNoCut() async throws {
    let graph = try await chain(["2", "1", "1e15", "0", "3"])
    let adjacency = try await Adjacency(of: graph, weight: EdgeWeight("w"))
    let cut = try adjacency.edgeCut(from: Case.node("0"), to: Case.node("2"))
    #expect(cut.weight == Weight(1) && ends(cut.edges) == [["1", "2"]])
    // What weighs nothing is cut all the same.
    let free = try adjacency.edgeCut(from: Case.node("2"), to: Case.node("5"))
    #expect(free.weight == .zero && ends(free.edges) == [["3", "4"]])
  }

  /// An edge that weighs nothing and leads nowhere else is on no way.
  @Test(arguments: [EdgeDirection.out, .in, .any])
  func whatLeadsNowhereIsNotCut(_ direction: EdgeDirection) async throws {
    let graph = try await chain(["0"])
    var edge = Edge(from: Case.node("3"), to: Case.node("4"), type: "t")
    edge.data = try JSON(parsing: #"{"w":1}"#)
    try await graph.add(edge)
    let adjacency = try await Adjacency(of: graph, weight: EdgeWeight("w"))
    for (from, to) in [("0", "4"), ("1", "3"), ("4", "0")] {
      let cut = try adjacency.edgeCut(from: Case.node(from), to: Case.node(to), direction: direction)
      #expect(cut.edges.isEmpty, "\(from) \(to)")
    }
  }

  @Test(arguments: 0...9)
  func labelsThatGoToAndFroAreNotFollowed(_ rounds: Int) async throws {
    let adjacency = try await Adjacency(of: chain(["1", "1", "1"]))
    let many = 1_000_000_000_000 + rounds
    let settled = adjacency.labelPropagation(iterations: 20 + rounds)
    #expect(adjacency.labelPropagation(iterations: many) == settled)
    #expect(settled != adjacency.labelPropagation(iterations: many + 1))
  }

  private func graph(_ text: String) async throws -> Graph {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.load(ImportSource(name: "edges", text: "from,to\n" + text))
    return graph
  }

  /// A way that is longer than the depth is a way all the same.
  @Test func everyWayCountsWhateverTheDepth() async throws {
    let graph = try await graph("s,x\nx,y\ns,p\np,q\nq,r\nr,y\n")
    let adjacency = try await Adjacency(of: graph)
    let start = NodeReference(type: "Node", id: "s")
    func gates(_ depth: Int) -> [String] {
      adjacency.impact(of: start, direction: .out, maxDepth: depth).gates.map { "\($0.node.id) \($0.count)" }
    }
    #expect(gates(.max) == ["p 2", "q 1"])
    #expect(gates(2) == ["p 1"])
    let reached = adjacency.impact(of: start, direction: .out, maxDepth: 2).reached
    #expect(reached.first { $0.node.id == "y" }?.through == start)
  }

  /// 2 to the power of 1,100 ways lead through diamonds in a row, and half of them by each side.
  @Test func moreWaysThanANumberHoldsAreBetween() async throws {
    let count = 1100
    let rows = (0..<count).map { "d\($0),x\($0)\nd\($0),y\($0)\nx\($0),d\($0 + 1)\ny\($0),d\($0 + 1)\n" }
    let adjacency = try await Adjacency(of: graph(rows.joined()))
    var options = CentralityOptions()
    options.sample = 1
    let ranks = try adjacency.ranking(by: .betweenness, options: options)
    let scores = Dictionary(uniqueKeysWithValues: ranks.map { ($0.node.id, $0.score) })
    let nodes = Double(adjacency.nodeCount)
    for place in [1, 400, 1099] {
      // What is behind it, of the pairs that there are with the one start.
      let behind = Double(3 * (count - place)) / ((nodes - 1) * (nodes - 2) / nodes)
      #expect(abs((scores["d\(place)"] ?? 0) / behind - 1) < 1e-9, "\(place)")
    }
    #expect(scores["x500"] == scores["y500"] && ranks.allSatisfy(\.score.isFinite))
  }

  @Test func pageRankEndsWhateverTheDamping() async throws {
    let adjacency = try await Adjacency(of: graph("a,b\nb,a\na,c\nc,a\n"))
    let ranks = try adjacency.pageRank(damping: 0.999)
    #expect(abs(ranks[0] - 0.49991662) < 1e-6 && abs(ranks.reduce(0, +) - 1) < 1e-9)
    let error = #expect(throws: KVError.self) { _ = try adjacency.pageRank(damping: 1) }
    #expect(error?.message.contains("PageRank does not settle") == true)
  }

  @Test func nodesThatShareARecordAreToldApart() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let source = ImportSource(name: "edge", text: #"{"from":"N:b","to":"n:b","type":"t"}"#)
    _ = try await graph.load(source)
    let adjacency = try await Adjacency(of: graph)
    let error = await expectError(.conflict) {
      _ = try await graph.setAttribute("v", to: adjacency.nodes.map { ($0, JSON(1)) })
    }
    #expect(error?.message.contains("share the record \"n/b\"") == true)
  }

  @Test func whatIsNotMeasuredLosesTheAttribute() async throws {
    let graph = try await chain(["1", "1"])
    let nodes = ["0", "1", "2"].map(Case.node)
    try await graph.setAttribute("d", to: nodes.map { ($0, JSON(1)) })
    try await graph.setAttribute("d", to: [(nodes[1], JSON(2))], removingOthers: true)
    var values: [JSON?] = []
    for node in nodes { values.append(try await graph.node(node)?.value?["d"]) }
    #expect(values == [nil, JSON(2), nil])
  }

  @Test func largeWholeWeightsAreExact() async throws {
    // 2⁵³ + 1, which no Double is.
    let graph = try await chain(["9007199254740993", "9007199254740993", "1"])
    var edge = Edge(from: Case.node("0"), to: Case.node("2"), type: "t")
    edge.data = try JSON(parsing: #"{"w":9007199254740993}"#)
    try await graph.add(edge)
    let adjacency = try await Adjacency(of: graph, weight: EdgeWeight("w"))
    func number(_ weight: Weight?) -> String? { weight.map { JSON($0).text } }
    #expect(
      try adjacency.distances(from: Case.node("1")).map(number) == [
        nil, "0", "9007199254740993", "9007199254740994",
      ])
    let cut = try adjacency.edgeCut(from: Case.node("0"), to: Case.node("2"))
    #expect(number(cut.weight) == "18014398509481986" && cut.edges.count == 2)
    #expect(try number(adjacency.spanningForest().weight) == "18014398509481987")
  }

  @Test func weightsThatAddUpToTooMuchAreAnError() async throws {
    let graph = try await chain(["1", "1e308", "1e308", "1e308"])
    let adjacency = try await Adjacency(of: graph, weight: EdgeWeight("w"))
    #expect(throws: KVError.self) { _ = try adjacency.distances(from: Case.node("0")) }
    #expect(throws: KVError.self) { _ = try adjacency.spanningForest() }
    #expect(throws: KVError.self) { _ = try adjacency.communities() }
  }

  @Test func anAttributeIsWhatWasMeasuredLast() async throws {
    let graph = try await chain(["1", "1"])
    let nodes = ["0", "1", "2"].map(Case.node)
    try await graph.setAttribute("d", to: nodes.map { ($0, JSON(1)) })
    try await graph.setAttribute("d", to: [(nodes[0], JSON(2)), (nodes[1], nil), (nodes[2], nil)])
    #expect(try await graph.node(nodes[0])?.value?["d"] == JSON(2))
    #expect(try await graph.node(nodes[1])?.value?["d"] == nil)
    for name in ["", "id", "@labels"] {
      await #expect(throws: KVError.self) { try await graph.setAttribute(name, to: [(nodes[0], JSON(1))]) }
    }
  }

  @Test(arguments: TestBackend.all)
  func onlyEdgesThatCountAreWeighed(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    for (type, data) in [("road", #"{"km":2}"#), ("rail", #"{"km":"far"}"#), ("air", #"{}"#)] {
      var edge = Edge(from: Case.node("0"), to: Case.node("1"), type: type)
      edge.data = try JSON(parsing: data)
      try await graph.add(edge)
    }
    var options = TraversalOptions(edgeTypes: ["road"], nodeBudget: .max)
    let roads = try await Adjacency(of: graph, options: options, weight: EdgeWeight("km"))
    #expect(try roads.edgeCount == 1 && roads.distances(from: Case.node("0")) == [Weight(0), Weight(2)])
    options.predicate = try EdgePredicate("km >= 1")
    let long = try await Adjacency(of: graph, options: options, weight: EdgeWeight("km"))
    #expect(try long.edgeCount == 1 && long.distances(from: Case.node("0")) == [Weight(0), Weight(2)])
    await #expect(throws: KVError.self) { _ = try await Adjacency(of: graph, weight: EdgeWeight("km")) }
  }
}

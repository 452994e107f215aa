import KV
import TestSupport
import Testing

@testable import KVGraph

/// Weighted, all shortest and k shortest paths, in every direction, beside searches that are slow and obviously right.
@Suite struct PathTests {
  func load(_ backend: TestBackend, _ edges: [Edge]) async throws -> Graph {
    let graph = Graph(try await backend.store())
    _ = try await graph.store.mutate(
      edges.map { .put(key: $0.key, value: $0.json, type: "Edge", expecting: .any) })
    return graph
  }

  /// A random graph, and its edges as the store will hold them.
  func randomGraph(_ backend: TestBackend, _ random: inout SeededRandom) async throws -> (Graph, [Edge]) {
    let count = Int.random(in: 2...7, using: &random)
    let edges = try (0..<Int.random(in: 1...14, using: &random)).map { _ in
      try edge(
        "N:\(Int.random(in: 0..<count, using: &random))", ["a", "b"].randomElement(using: &random) ?? "a",
        "N:\(Int.random(in: 0..<count, using: &random))", #"{"w":\#(Int.random(in: 0...4, using: &random))}"#)
    }
    let stored = Dictionary(edges.map { ($0.key, $0) }) { _, last in last }.values.sorted { $0.key < $1.key }
    return (try await load(backend, edges), stored)
  }

  @Test("paths of every kind are those of a search over all simple paths", arguments: TestBackend.all)
  func equalsReference(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    for round in 0..<40 {
      let (graph, edges) = try await randomGraph(backend, &random)
      let (from, to) = (try node("N:0"), try node("N:1"))
      let direction = EdgeDirection.allCases[round % 3]
      let limit = [nil, 2][round % 2]
      let options = TraversalOptions(direction: direction, maxDepth: limit)
      let simple = SimplePaths.all(edges, direction, from: from, to: to).filter {
        $0.keys.count <= limit ?? .max
      }
      let place = Comment(
        rawValue: "seed \(random.seed), round \(round), \(direction), \(limit ?? -1): \(edges)")

      let fewest = simple.map(\.keys.count).min()
      let shortest = simple.filter { $0.keys.count == fewest }.sorted {
        $0.order.lexicographicallyPrecedes($1.order)
      }
      var all: [Path] = []
      let absence = try await graph.allShortestPaths(from: from, to: to, limit: .max, options: options) {
        all.append($0)
      }.absence
      #expect((absence == nil) == !all.isEmpty, place)
      #expect(all.map { $0.edges.map(\.key) } == shortest.map(\.keys), place)
      var ofAnyLength: [Path] = []
      let none = try await graph.allSimplePaths(from: from, to: to, limit: .max, options: options) {
        ofAnyLength.append($0)
      }.absence
      #expect((none == nil) == !simple.isEmpty, place)
      #expect(
        ofAnyLength.map { $0.edges.map(\.key).joined(separator: " ") }.sorted()
          == simple.map { $0.keys.joined(separator: " ") }.sorted(), place)
      #expect(ofAnyLength.allSatisfy { Set($0.nodes).count == $0.nodes.count }, place)
      let one = try await graph.shortestPath(from: from, to: to, options: options)
      #expect(one.keys == shortest.first?.keys, place)

      let adjacency = try await Adjacency(of: graph)
      #expect(try await adjacency.shortestPath(from: from, to: to, options: options).keys == one.keys, place)
      var (walked, again): ([Visit], [Visit]) = ([], [])
      for try await visit in graph.breadthFirst(from: from, options: options) { walked.append(visit) }
      try await adjacency.breadthFirst(from: from, options: options) {
        again.append($0)
        return true
      }
      #expect(edges.allSatisfy { $0.from != from && $0.to != from } || walked == again, place)

      let light = try await graph.shortestWeightedPath(
        from: from, to: to, weight: EdgeWeight("w"), options: options)
      #expect(light.weight == simple.map(\.weight).min(), place)
      let ranked = try await graph.shortestPaths(
        50, from: from, to: to, weight: EdgeWeight("w"), options: options
      ).paths
      #expect(ranked.map(\.weight?.value) == simple.map(\.weight).sorted(), place)
      #expect(Set(ranked.map { $0.edges.map(\.key) }) == Set(simple.map(\.keys)), place)
      let byHops = try await graph.shortestPaths(50, from: from, to: to, options: options).paths
      #expect(byHops.map(\.depth) == simple.map(\.keys.count).sorted(), place)
      for path in ranked + byHops + all { #expect(path.isWalk(direction), place) }
    }
  }

  @Test("what stands in the way of all paths is seen without trying all ways")
  func denseDeadEnd() async throws {
    // From c a clique can be walked in any order, and only c leads on.
    var edges = try [edge("N:s", "k", "N:c"), edge("N:c", "k", "N:t")]
    for number in 0..<30 {
      edges += try [edge("N:c", "k", "N:q\(number)"), edge("N:q\(number)", "k", "N:c")]
      for other in 0..<30 where other != number { edges.append(try edge("N:q\(number)", "k", "N:q\(other)")) }
    }
    let graph = try await load(.sqlite, edges)
    for depth in [nil, 12] {
      var found: [String] = []
      _ = try await graph.allSimplePaths(
        from: node("N:s"), to: node("N:t"), limit: 10, options: TraversalOptions(maxDepth: depth)
      ) { found.append("\($0)") }
      #expect(found == ["N:s -[k]-> N:c -[k]-> N:t"])
    }
  }

  @Test("a weight that is missing, text, negative or too large is an error that names the edge")
  func badWeights() async throws {
    for (data, reason) in [
      ("{}", "has no"), (#"{"w":"1"}"#, "no number"), (#"{"w":-1}"#, "negative"),
      (#"{"w":1e400}"#, "too large"),
      ("[1]", "has no"),
    ] {
      let graph = try await load(.sqlite, [edge("A:1", "t", "A:2", data)])
      let error = await expectError(.invalidData) {
        try await graph.shortestWeightedPath(from: node("A:1"), to: node("A:2"), weight: EdgeWeight("w"))
      }
      #expect(
        error?.message.contains("A:1 -[t]-> A:2") == true && error?.message.contains(reason) == true,
        "\(data)")
    }
    let graph = try await load(
      .sqlite, [edge("A:1", "t", "A:2"), edge("A:2", "t", "A:3", #"{"a":[{"w":2.5}]}"#)])
    let weight = EdgeWeight("a.0.w", default: 0.25)
    let result = try await graph.shortestWeightedPath(from: node("A:1"), to: node("A:3"), weight: weight)
    #expect(result.weight == 2.75)
  }

  @Test("a search says why there is no path, and what it took")
  func absences() async throws {
    let graph = try await load(.sqlite, [edge("A:1", "t", "A:2"), edge("A:2", "t", "A:3")])
    let (a, c, x) = (try node("A:1"), try node("A:3"), try node("A:x"))
    let limited = TraversalOptions(maxDepth: 1)
    #expect(
      try await graph.shortestWeightedPath(from: a, to: x, weight: EdgeWeight("w", default: 1)).absence
        == .unreachable
    )
    #expect(
      try await graph.shortestWeightedPath(
        from: a, to: c, weight: EdgeWeight("w", default: 1), options: limited
      )
      .absence
        == .beyondDepth(1))
    #expect(try await graph.shortestPath(from: a, to: c, options: limited).absence == .beyondDepth(1))
    #expect(try await graph.shortestPaths(3, from: a, to: a).paths.map(\.depth) == [0])
    let weight = EdgeWeight("w", default: 1)
    #expect(
      try await graph.shortestPaths(3, from: a, to: a, weight: weight).paths
        == graph.shortestWeightedPath(from: a, to: a, weight: weight).paths)
    for bad in [-1, .nan, .infinity] {
      await expectError(.usage) {
        try await graph.shortestWeightedPath(from: a, to: c, weight: EdgeWeight("w", default: bad))
      }
    }
    let cost = try await graph.shortestPath(from: a, to: c).cost
    #expect(cost == TraversalCost(levels: 2, nodes: 4, edges: 2, requests: 5))
  }

  @Test("a path against or in any direction is printed with arrows that say so")
  func arrows() async throws {
    let graph = try await load(.sqlite, [edge("A:1", "t", "A:2"), edge("A:3", "s", "A:2")])
    let any = TraversalOptions(direction: .any)
    let path = try #require(
      try await graph.shortestPath(from: node("A:1"), to: node("A:3"), options: any).path)
    #expect("\(path)" == "A:1 -[t]-> A:2 <-[s]- A:3")
  }

  @Test("depth first: deeper before wider, in key order, each node once", arguments: TestBackend.all)
  func depthFirst(_ backend: TestBackend) async throws {
    let graph = try await load(
      backend,
      [
        edge("A:1", "t", "A:2"), edge("A:1", "t", "A:5"), edge("A:2", "t", "A:3"), edge("A:3", "t", "A:1"),
        edge("A:2", "t", "A:4"), edge("A:5", "t", "A:4"),
      ])
    func walk(_ options: TraversalOptions) async throws -> [String] {
      var visits: [String] = []
      for try await visit in graph.depthFirst(from: try node("A:1"), options: options) {
        visits.append("\(visit.depth) \(visit.node)")
      }
      return visits
    }
    #expect(try await walk(TraversalOptions()) == ["0 A:1", "1 A:2", "2 A:3", "2 A:4", "1 A:5"])
    #expect(try await walk(TraversalOptions(maxDepth: 1)) == ["0 A:1", "1 A:2", "1 A:5"])
    #expect(
      try await walk(TraversalOptions(direction: .in)) == ["0 A:1", "1 A:3", "2 A:2"])
  }

  @Test("depth first with a limit comes by all that breadth first comes by, each node once")
  func limitedDepthFirst() async throws {
    var random = SeededRandom()
    for _ in 0..<20 {
      let edges = try (0..<14).map { _ in
        try edge(
          "A:\(Int.random(in: 1...7, using: &random))", "t", "A:\(Int.random(in: 1...7, using: &random))")
      }
      let graph = try await load(.sqlite, edges)
      for depth in 0..<5 {
        let options = TraversalOptions(maxDepth: depth)
        var (deep, wide): ([String], [String]) = ([], [])
        for try await visit in graph.depthFirst(from: try node("A:1"), options: options) {
          deep.append("\(visit.node)")
          #expect(visit.depth <= depth)
        }
        for try await visit in graph.breadthFirst(from: try node("A:1"), options: options) {
          wide.append("\(visit.node)")
        }
        #expect(deep.sorted() == wide.sorted(), "depth \(depth), \(edges), seed \(random.seed)")
      }
    }
  }
}

extension PathResult {
  fileprivate var keys: [String]? { path?.edges.map(\.key) }
  fileprivate var weight: Double? { path?.weight?.value }
}

extension Path {
  /// Whether each edge leads from its node to the next, in a direction that is allowed.
  fileprivate func isWalk(_ direction: EdgeDirection) -> Bool {
    nodes.count == edges.count + 1 && Set(nodes).count == nodes.count
      && edges.indices.allSatisfy { index in
        let (edge, left, right) = (edges[index], nodes[index], nodes[index + 1])
        return (direction != .in && edge.from == left && edge.to == right)
          || (direction != .out && edge.to == left && edge.from == right)
      }
  }
}

/// Every path without a node twice.
private struct SimplePaths {
  var keys: [String]
  /// By which paths are ordered: edges that leave a node before those that enter it, each in key order.
  var order: [String]
  var weight: Double

  static func all(_ edges: [Edge], _ direction: EdgeDirection, from: NodeReference, to: NodeReference)
    -> [SimplePaths]
  {
    var found: [SimplePaths] = []
    func extend(_ path: SimplePaths, _ node: NodeReference, _ seen: Set<NodeReference>) {
      if node == to { return found.append(path) }
      for edge in edges {
        for isReversed in [false, true] {
          guard isReversed ? direction != .out : direction != .in else { continue }
          let (start, end) = isReversed ? (edge.to, edge.from) : (edge.from, edge.to)
          guard start == node, !seen.contains(end) else { continue }
          let weight = Double(edge.data?["w"]?.text ?? "") ?? 0
          let longer = SimplePaths(
            keys: path.keys + [edge.key], order: path.order + ["\(isReversed ? 1 : 0)\(edge.key)"],
            weight: path.weight + weight)
          extend(longer, end, seen.union([end]))
        }
      }
    }
    extend(SimplePaths(keys: [], order: [], weight: 0), from, [from])
    return found
  }
}

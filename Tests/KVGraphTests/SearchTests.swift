import KV
import TestSupport
import Testing

@testable import KVGraph

@Suite struct SearchTests {
  func load(_ backend: TestBackend, _ edges: [Edge]) async throws -> Graph {
    let graph = Graph(try await backend.store())
    _ = try await graph.store.load {
      try await $0.put(
        edges.map { NewRecord(key: $0.key, value: $0.json, type: "Edge") }, onConflict: .replace)
    }
    return graph
  }

  @Test(arguments: TestBackend.all) func saysWhichKindOfNo(_ backend: TestBackend) async throws {
    let graph = try await load(
      backend,
      [
        edge("U:a", "t", "U:b"), edge("U:b", "t", "U:c"), edge("U:c", "s", "U:d"), edge("U:d", "s", "U:e"),
      ])
    let (a, e) = (try node("U:a"), try node("U:e"))
    #expect(
      try await graph.shortestPath(from: a, to: e, options: TraversalOptions(maxDepth: 3)).absence
        == .beyondDepth(3))
    #expect(try await graph.shortestPath(from: e, to: a).absence == .unreachable)
    #expect(
      try await graph.shortestPath(from: a, to: e, options: TraversalOptions(edgeTypes: ["t"])).absence
        == .unreachable)
    let path = try #require(
      try await graph.shortestPath(from: a, to: e, options: TraversalOptions(maxDepth: 4)).path)
    #expect("\(path)" == "U:a -[t]-> U:b -[t]-> U:c -[s]-> U:d -[s]-> U:e")
    let none = try #require(try await graph.shortestPath(from: a, to: a).path)
    #expect(none.depth == 0 && none.nodes == [a])
    let error = await #expect(throws: KVError.self) {
      _ = try await graph.shortestPath(from: a, to: e, options: TraversalOptions(nodeBudget: 2))
    }
    #expect(error?.message.contains("2 nodes") == true)
    let filtered = TraversalOptions(filter: { $0.to.id != "c" })
    #expect(try await graph.shortestPath(from: a, to: e, options: filtered).absence == .unreachable)
  }

  @Test(
    "the same shortest path as a plain search over all paths in key order, on random graphs",
    arguments: TestBackend.all)
  func equalsReference(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    for _ in 0..<30 {
      let count = Int.random(in: 2...12, using: &random)
      let edges = try (0..<Int.random(in: 1...30, using: &random)).map { _ in
        try edge(
          "N:\(Int.random(in: 0..<count, using: &random))", ["a", "b"].randomElement(using: &random) ?? "a",
          "N:\(Int.random(in: 0..<count, using: &random))")
      }
      let graph = try await load(backend, edges)
      let sorted = Dictionary(edges.map { ($0.key, $0) }) { first, _ in first }.values.sorted {
        $0.key < $1.key
      }
      for goal in 0..<count {
        let (from, to) = (try node("N:0"), try node("N:\(goal)"))
        let expected = Reference.shortestPath(sorted, from: from, to: to)
        let result = try await graph.shortestPath(from: from, to: to)
        #expect(result.path?.edges.map(\.key) == expected, "seed \(random.seed)")
        var depths: [NodeReference: Int] = [:]
        for try await visit in graph.breadthFirst(from: from) {
          #expect(depths.updateValue(visit.depth, forKey: visit.node) == nil)
        }
        #expect(depths[to] == expected?.count, "seed \(random.seed)")
      }
    }
  }
}

/// Breadth-first over whole paths, each level in key order: slow, and obviously right.
enum Reference {
  static func shortestPath(_ edges: [Edge], from: NodeReference, to: NodeReference) -> [String]? {
    var paths: [(node: NodeReference, keys: [String])] = [(from, [])]
    var seen: Set<NodeReference> = []
    while !paths.isEmpty {
      paths.sort { $0.keys.lexicographicallyPrecedes($1.keys) }
      if let found = paths.first(where: { $0.node == to }) { return found.keys }
      paths = paths.filter { seen.insert($0.node).inserted }
      paths = paths.flatMap { path in
        edges.filter { $0.from == path.node && !seen.contains($0.to) }.map { ($0.to, path.keys + [$0.key]) }
      }
    }
    return nil
  }
}

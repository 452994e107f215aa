import KV
import TestSupport
import Testing

@testable import KVGraph

/// Settings that are out of their bounds are refused, or count as the nearest that is not.
@Suite struct GraphBoundsTests {
  private func ring(_ count: Int) throws -> Adjacency {
    func node(_ number: Int) -> NodeReference { NodeReference(type: "N", id: "\(number)") }
    return try Adjacency(
      directed: (0..<count).map { Edge(from: node($0), to: node(($0 + 1) % count), type: "t") }
        .sorted { $0.key < $1.key })
  }

  @Test func measuresRefuseWhatHasNoMeaning() async throws {
    let ring = try ring(5)
    for rounds in [-1, Int.min] {
      await expectError(.usage) { _ = try ring.communities(rounds: rounds) }
      for centrality in [Centrality.pagerank, .eigenvector, .katz, .hubs] {
        var options = CentralityOptions()
        options.iterations = rounds
        await expectError(.usage) { _ = try ring.ranking(by: centrality, options: options) }
      }
    }
    for number in [Double.nan, .infinity, -5] {
      await expectError(.usage) { _ = try ring.communities(resolution: number) }
      await expectError(.usage) { _ = try ring.pageRank(damping: number) }
    }
    await expectError(.usage) { _ = try ring.pageRank(convergence: Convergence(tolerance: .nan)) }
    #expect(try ring.pageRank(damping: 0) == Array(repeating: 0.2, count: 5))
    #expect(try ring.pageRank(damping: 1) == Array(repeating: 0.2, count: 5))
  }

  @Test func longMeasuresEndWithTheirTask() async throws {
    let ring = try ring(3000)
    for centrality in [Centrality.closeness, .betweenness] {
      let measure = Task { try ring.ranking(by: centrality) }
      measure.cancel()
      await #expect(throws: CancellationError.self) { _ = try await measure.value }
    }
    let distances = Task { try (ring.eccentricities(), ring.diameter()) }
    distances.cancel()
    await #expect(throws: CancellationError.self) { _ = try await distances.value }
  }

  @Test func countsBelowZeroAreNone() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let (a, b) = (NodeReference(type: "A", id: "1"), NodeReference(type: "B", id: "1"))
    try await graph.add(Edge(from: a, to: b, type: "t"))
    var excerpt = try await graph.excerpt(
      around: [a], depth: 1, options: TraversalOptions(), limit: -1, preferring: .key)
    #expect(excerpt.edges.isEmpty)
    excerpt.edges = [Edge(from: a, to: b, type: "t")]
    excerpt.limit(to: -1, by: .key)
    #expect(excerpt.edges.isEmpty)
    #expect(try await graph.excerpt(along: [a], edges: [], adding: -1).edges.isEmpty)
    #expect(try await graph.nodeTypes(limit: -1).isEmpty == false)
  }

  @Test func aConditionHasAnEnd() async throws {
    for word in ["or", "and"] {
      let long = Array(repeating: "a = 1", count: 20_000).joined(separator: " \(word) ")
      let error = await expectError(.usage) { _ = try EdgePredicate(long) }
      #expect(error?.message.contains("more than 1,000 conditions") == true)
      _ = try EdgePredicate(Array(repeating: "a = 1", count: 1000).joined(separator: " \(word) "))
    }
  }

  @Test(arguments: TestBackend.all)
  func whoReplacesANodeMeetsNoConflict(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let node = NodeReference(type: "U", id: "c")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          try await graph.add(Node(node, value: JSON(members: [("n", JSON(number))])), replacing: true)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await graph.node(node)?.value?["n"] != nil)
    await expectError(.usage) { _ = try await graph.setAttribute("x", to: [(node, 1), (node, 2)]) }
    #expect(try await graph.node(node)?.value?["x"] == nil)
  }
}

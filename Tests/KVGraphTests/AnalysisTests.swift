import Foundation
import KV
import TestSupport
import Testing

@testable import KVGraph

/// Questions about whole graphs, beside NetworkX's answers; NetworkX/expected.py writes them.
@Suite struct AnalysisTests {
  struct Expected {
    var edges: [Edge]
    var answers: JSON

    static func all() throws -> [Expected] {
      let path = #filePath.replacing("AnalysisTests.swift", with: "NetworkX/expected.json")
      let file = try JSON(parsing: String(contentsOfFile: path, encoding: .utf8))
      return try (file.elements ?? []).map { graph in
        let edges = try (graph["edges"]?.elements ?? []).map { edge in
          let parts = edge.elements?.compactMap(\.string) ?? []
          return Edge(from: try node("N:\(parts[0])"), to: try node("N:\(parts[2])"), type: parts[1])
        }
        return Expected(edges: edges, answers: graph)
      }
    }

    func sets(_ name: String) -> Set<[String]> {
      Set((answers[name]?.elements ?? []).map { ($0.elements ?? []).compactMap(\.string) })
    }

    func scores(_ name: String) -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: (answers[name]?.members ?? []).map { ($0.name, Double($0.value.text) ?? .nan) })
    }
  }

  @Test("types that look alike and are other bytes are other types")
  func canonicallyEquivalentTypes() async throws {
    let names = ["caf\u{E9}", "cafe\u{301}"]
    let edges = names.map {
      Edge(from: NodeReference(type: $0, id: "1"), to: NodeReference(type: $0, id: "2"), type: $0)
    }
    let statistics = try await adjacency(.sqlite, edges).statistics
    #expect(statistics.edgeTypes.map(\.count) == [1, 1] && statistics.nodeTypes.map(\.count) == [2, 2])
    #expect(statistics.edgeTypes.map { Array($0.type.utf8) } == names.reversed().map { Array($0.utf8) })
  }

  func adjacency(_ backend: TestBackend, _ edges: [Edge], _ options: TraversalOptions = .init()) async throws
    -> Adjacency
  {
    let graph = Graph(try await backend.store())
    _ = try await graph.store.mutate(
      edges.map { .put(key: $0.key, value: $0.json, type: "Edge", expecting: .any) })
    return try await Adjacency(of: graph, options: options)
  }

  @Test("components, orders and rankings are NetworkX's", arguments: TestBackend.all)
  func equalsNetworkX(_ backend: TestBackend) async throws {
    let graphs = try Expected.all()
    #expect(graphs.count == 50)
    let isWhole = backend.description == TestBackend.sqlite.description
    for expected in graphs.prefix(isWhole ? .max : 16) {
      let adjacency = try await adjacency(backend, expected.edges)
      let weak = adjacency.components()
      #expect(Set(weak.map { $0.map(\.id) }) == expected.sets("weak"))
      #expect(weak.map(\.count) == weak.map(\.count).sorted(by: >))
      #expect(Set(adjacency.components(strong: true).map { $0.map(\.id) }) == expected.sets("strong"))
      let order = expected.answers["order"]?.elements?.compactMap(\.string)
      #expect(adjacency.topologicalOrder()?.map(\.id) == order)
      if let cycle = adjacency.cycle() {
        #expect(order == nil)
        for (from, to) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
          #expect(expected.edges.contains { $0.from == from && $0.to == to })
        }
      } else {
        #expect(order != nil)
      }
      for centrality in [Centrality.pagerank, .closeness, .betweenness, .degree] {
        let scores = expected.scores(centrality.rawValue)
        let ranks = try adjacency.ranking(by: centrality)
        #expect(ranks.count == scores.count)
        for rank in ranks {
          let wanted = try #require(scores[rank.node.id])
          #expect(abs(rank.score - wanted) < 1e-8, "\(centrality) of \(rank.node): \(expected.edges)")
        }
      }
    }
  }

  @Test("a sample of all nodes gives the scores, a smaller one puts the hub first")
  func samples() async throws {
    let edges = try (0..<40).flatMap { number in
      try [edge("A:\(number)", "t", "B:hub"), edge("B:hub", "t", "C:\(number)")]
    }
    let adjacency = try await adjacency(.sqlite, edges)
    for centrality in [Centrality.closeness, .betweenness] {
      let exact = try adjacency.ranking(by: centrality)
      var options = CentralityOptions()
      options.sample = 1000
      #expect(try adjacency.ranking(by: centrality, options: options) == exact)
      options.sample = 20
      let estimated = try adjacency.ranking(by: centrality, options: options)
      #expect(centrality == .closeness || estimated[0].node == exact[0].node)
      #expect(abs(estimated[0].score / exact[0].score - 1) < 0.5, "\(centrality)")
    }
  }

  @Test("a graph in numbers", arguments: TestBackend.all)
  func statistics(_ backend: TestBackend) async throws {
    let edges = [
      try edge("A:1", "t", "B:1"), try edge("A:1", "s", "B:1"), try edge("A:1", "t", "A:1"),
      try edge("C:x y", "t", "C:z", #"{"w":1}"#),
    ]
    let statistics = try await adjacency(backend, edges).statistics
    #expect(statistics.nodes == 4 && statistics.edges == 4 && statistics.loops == 1)
    #expect(statistics.nodeTypes.map { "\($0.type) \($0.count)" } == ["C 2", "A 1", "B 1"])
    #expect(statistics.edgeTypes.map { "\($0.type) \($0.count)" } == ["t 3", "s 1"])
    #expect(statistics.components == 2 && statistics.largestComponent == 2)
    #expect(statistics.degree.maximum == 4 && statistics.degree.mean == 2 && statistics.density == 4.0 / 12)
    let chosen = try await adjacency(backend, edges, TraversalOptions(predicate: EdgePredicate("exists w")))
    #expect(chosen.edgeCount == 1)
    let ofType = try await adjacency(backend, edges, TraversalOptions(edgeTypes: ["s"]))
    let start = try node("A:1")
    #expect(ofType.edgeCount == 1 && ofType.reach(from: start) == 2)
  }

  @Test("a graph without edges has no components, no cycle and an empty order")
  func empty() async throws {
    let adjacency = try await adjacency(.sqlite, [])
    #expect(adjacency.statistics == GraphStatistics())
    #expect(adjacency.components().isEmpty && adjacency.cycle() == nil && adjacency.topologicalOrder() == [])
    for centrality in Centrality.allCases { #expect(try adjacency.ranking(by: centrality).isEmpty) }
  }
}

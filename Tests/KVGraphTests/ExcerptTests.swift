import KV
import TestSupport
import Testing

@testable import KVGraph

@Suite struct ExcerptTests {
  private func node(_ number: Int, _ type: String = "N") -> NodeReference {
    NodeReference(type: type, id: "\(number)")
  }

  private func edges(_ pairs: [(Int, Int)], _ type: String = "t") -> [Edge] {
    pairs.map { Edge(from: node($0.0), to: node($0.1), type: type) }.sorted { $0.key < $1.key }
  }

  @Test func theReductionOfAnAcyclicGraphIsWhatTredPrints() throws {
    var excerpt = GraphExcerpt(edges: edges([(1, 2), (2, 3), (1, 3), (3, 4), (1, 4), (5, 4)]))
    try excerpt.reduce()
    #expect(excerpt.edges == edges([(1, 2), (2, 3), (3, 4), (5, 4)]))
    #expect(excerpt.reducedEdges == 2 && excerpt.edgeCount == 4)
  }

  /// An edge may go exactly where its end can be reached from its start without it, in a graph without cycles.
  @Test func reductionsOfRandomGraphsReachTheSameWithTheFewestEdges() throws {
    var random = SeededRandom()
    for round in 0..<300 {
      let count = Int.random(in: 2...9, using: &random)
      let isAcyclic = round % 2 == 0
      var pairs: Set<[Int]> = []
      for _ in 0..<Int.random(in: 1...24, using: &random) {
        let pair = [Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random)]
        pairs.insert(isAcyclic ? pair.sorted() : pair)
      }
      let all = edges(pairs.map { ($0[0], $0[1]) })
      var excerpt = GraphExcerpt(edges: all)
      try excerpt.reduce()
      func reach(_ edges: [Edge], without skipped: Edge? = nil) -> Set<[NodeReference]> {
        var found = Set(edges.filter { $0 != skipped }.map { [$0.from, $0.to] })
        while true {
          let next = found.union(
            found.flatMap { first in found.filter { $0[0] == first[1] }.map { [first[0], $0[1]] } })
          if next.count == found.count { return found }
          found = next
        }
      }
      #expect(reach(excerpt.edges) == reach(all), "seed \(random.seed)")
      guard isAcyclic else { continue }
      for edge in excerpt.edges where edge.from != edge.to {
        #expect(!reach(excerpt.edges, without: edge).contains([edge.from, edge.to]), "seed \(random.seed)")
      }
    }
  }

  @Test func cyclesLoopsParallelAndUndirectedEdgesStay() throws {
    var all = edges([(1, 2), (2, 1), (2, 3), (3, 4), (4, 4), (2, 4)])
    var parallel = Edge(from: node(2), to: node(4), type: "t")
    parallel.parallelKey = "2"
    var undirected = Edge(from: node(1), to: node(4), type: "u")
    undirected.isDirected = false
    all = (all + [parallel, undirected]).sorted { $0.key < $1.key }
    var excerpt = GraphExcerpt(edges: all)
    try excerpt.reduce()
    #expect(
      excerpt.edges.map { "\($0)" }.sorted() == [
        "N:1 -[t]-> N:2", "N:1 -[u]- N:4", "N:2 -[t]-> N:1", "N:2 -[t]-> N:3", "N:3 -[t]-> N:4",
        "N:4 -[t]-> N:4",
      ])
  }

  @Test func aTypeBecomesOneNode() {
    var all = edges([(1, 2)])
    for number in 3...5 {
      all.append(Edge(from: node(1), to: node(number, "Post"), type: "wrote", data: JSON(number)))
    }
    all.append(Edge(from: node(3, "Post"), to: node(4, "Post"), type: "cites"))
    all.append(Edge(from: node(5, "Post"), to: node(2), type: "names"))
    var excerpt = GraphExcerpt(edges: all.sorted { $0.key < $1.key }, otherNodes: [node(9, "Post"), node(7)])
    excerpt.collapse(type: "Post")
    let one = NodeReference(type: "Post", id: "4 nodes")
    #expect(excerpt.edges.filter { $0.to == one }.map(\.label) == ["wrote", "wrote#2", "wrote#3"])
    #expect(excerpt.edges.filter { $0.to == one }.compactMap { $0.data?.text } == ["3", "4", "5"])
    #expect(excerpt.edges.count == 5 && excerpt.edgeCount == 5 && excerpt.otherNodes == [node(7)])
    let before = excerpt
    excerpt.collapse(type: "post")
    #expect(excerpt == before)
    var marked = GraphExcerpt(edges: all.sorted { $0.key < $1.key })
    marked.collapse(type: "Post", but: [node(4, "Post")])
    #expect(
      marked.edges.map { "\($0)" } == [
        "N:1 -[t]-> N:2", "N:1 -[wrote]-> Post:2 nodes", "N:1 -[wrote#2]-> Post:2 nodes",
        "N:1 -[wrote]-> Post:4",
        "Post:2 nodes -[cites]-> Post:4", "Post:2 nodes -[names]-> N:2",
      ])
  }

  @Test(arguments: TestBackend.all, EdgePreference.allCases)
  func whatIsLeftOutIsCountedAtTheNodesThatAreShown(_ backend: TestBackend, _ preference: EdgePreference)
    async throws
  {
    let graph = Graph(try await backend.store())
    let star = (1...6).map { Edge(from: node(0), to: node($0), type: "t") }
    for edge in star + edges([(1, 2), (3, 3)]) { try await graph.add(edge) }
    let excerpt = try await graph.excerpt(limit: 3, preferring: preference)
    #expect(excerpt.edges.count == 3 && excerpt.edgeCount == 8)
    if preference == .degree {
      #expect(excerpt.edges.map { "\($0)" } == ["N:0 -[t]-> N:1", "N:0 -[t]-> N:3", "N:3 -[t]-> N:3"])
      #expect(excerpt.hiddenEdges == [node(0): 4, node(1): 1])
    }
    let around = try await graph.excerpt(around: [node(1), node(3)], depth: 1, limit: 2)
    #expect(around.edges.map { "\($0)" } == ["N:0 -[t]-> N:1", "N:3 -[t]-> N:3"])
    #expect(around.hiddenEdges == [node(0): 1, node(1): 1, node(3): 1] && around.edgeCount == 4)
    await expectError(.notFound) {
      _ = try await graph.excerpt(around: [node(1), node(77)], depth: 1, limit: 2)
    }
  }
}

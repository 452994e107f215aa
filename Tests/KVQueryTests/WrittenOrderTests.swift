import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Of equal paths the first as they are written is chosen, whichever end the search begins at.
@Suite struct WrittenOrderTests: PatternSuite {
  private func paths(_ graph: Graph, _ query: String) async throws -> [QueryPath] {
    let found = Collected()
    try await graph.query(query) { values in
      if case .path(let path)? = values.first { found.paths.append(path) }
      return true
    }
    return found.paths
  }

  /// By what two paths between the same nodes are told apart: node by node whether the edge leaves it, and its key.
  private func precedes(_ left: QueryPath, _ right: QueryPath) -> Bool {
    for (place, (edge, other)) in zip(left.edges, right.edges).enumerated() where edge.key != other.key {
      let node = left.nodes[place].reference
      let (leaves, otherLeaves) = (edge.from.reference == node, other.from.reference == node)
      return leaves == otherLeaves ? edge.key.utf8.lexicographicallyPrecedes(other.key.utf8) : leaves
    }
    return false
  }

  private func ends(_ path: QueryPath) -> String {
    "\(path.nodes[0].reference) \(path.nodes[path.nodes.count - 1].reference)"
  }

  private func text(_ path: QueryPath) -> String { "\(Value.path(path))" }

  @Test func theFirstOfTheShortestIsChosen() async throws {
    var random = SeededRandom()
    let patterns = [
      "(a)-[e]->+(b)", "(a)<-[e]-+(b)", "(a)-[e]-+(b)", "(a)-[e:s|u]->{1,4}(b)", "(a)((x)-[e]->(y))+(b)",
      "(a)((x)-[e]->()-[f]->{0,1}(y))+(b)", "(a)-[e]->(k)-[f]-+(b)", "(a)-[e]->{1,2}(k)-[f]->{1,2}(b)",
      "(a)((x)-[e]-(y) WHERE x.id <> '9')+(b)",
    ]
    var (several, rounds) = (0, 0)
    for number in 0..<6 {
      let selector = number % 2 == 0 ? "ANY SHORTEST" : "SHORTEST 1"
      let (graph, model) = try await make(&random, nodes: 3...5, edges: 3...5)
      for pattern in patterns {
        for mode in ["", "ACYCLIC "] {
          var first: [String: QueryPath] = [:]
          for path in try await paths(graph, "MATCH p = ALL SHORTEST \(mode)\(pattern) RETURN p") {
            if first[ends(path)] != nil { several += 1 }
            if first[ends(path)].map({ precedes(path, $0) }) ?? true { first[ends(path)] = path }
          }
          rounds += first.values.count { $0.nodes.first === $0.nodes.last }
          let expected = first.values.map(text).sorted()
          for bound in [number < 2 ? "MATCH (a), (b) " : "MATCH (a) ", "MATCH (b) "] {
            let query = "\(bound)MATCH p = \(selector) \(mode)\(pattern) RETURN p"
            #expect(
              try await paths(graph, query).map(text).sorted() == expected,
              "\(query), \(model.edges), seed \(random.seed)")
          }
        }
      }
    }
    #expect(several > 0 && rounds > 0, "seed \(random.seed)")
  }

  @Test func theFirstOfTheCheapestIsChosen() async throws {
    var random = SeededRandom()
    for _ in 0..<12 {
      let (graph, model) = try await make(&random, nodes: 3...5, edges: 3...5)
      for pattern in ["(a)-[e COST 1]->+(b)", "(a)-[e COST 1]-+(b)", "(a)((x)-[e COST 1]->(y))+(b)"] {
        let shortest = pattern.replacing(" COST 1", with: "")
        for count in ["ANY", "2"] {
          let (cheapest, same) =
            count == "ANY" ? ("ANY CHEAPEST", "ANY SHORTEST") : ("CHEAPEST 2", "SHORTEST 2")
          let expected = try await paths(graph, "MATCH (a) MATCH p = \(same) \(shortest) RETURN p").map(text)
          for bound in ["MATCH (a) ", "MATCH (b) "] {
            let query = "\(bound)MATCH p = \(cheapest) \(pattern) RETURN p"
            #expect(
              try await paths(graph, query).map(text).sorted() == expected.sorted(),
              "\(query), \(model.edges), seed \(random.seed)")
          }
        }
      }
    }
  }

  /// So many as are wanted, of all that obey the mode, also where the best walks do not.
  @Test func theNextBestAreThoseOfAllInOrder() async throws {
    var random = SeededRandom()
    let patterns = [
      "(a)-[e]->+(b)", "(a)-[e]->*(b)", "(a)-[e]-+(b)", "(a)<-[e]-{1,3}(b)", "(a)-[e]-{0,4}(b)",
    ]
    var further = 0
    for _ in 0..<30 {
      let (graph, model) = try await make(&random, nodes: 2...4, edges: 3...5)
      let pattern = patterns.randomElement(using: &random) ?? patterns[0]
      let mode = ["TRAIL", "ACYCLIC", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      let count = Int.random(in: 2...6, using: &random)
      // Of each length all walks are followed.
      let groups = min(count, 3)
      var all: [String: [QueryPath]] = [:]
      for path in try await paths(graph, "MATCH p = \(mode) \(pattern) RETURN p") {
        all[ends(path), default: []].append(path)
      }
      func cost(_ path: QueryPath) -> Int {
        path.edges.reduce(0) { $0 + (Int($1.parallelKey?.dropFirst() ?? "") ?? 0) % 3 }
      }
      let costly = pattern.replacing("[e]", with: "[e COST toInteger(substring(key(e), 1)) % 3]")
      for (selector, isByCost, byGroups) in [
        ("SHORTEST \(count) \(mode) \(pattern)", false, false),
        ("SHORTEST \(groups) \(mode) GROUPS \(pattern)", false, true),
        ("CHEAPEST \(count) \(mode) \(costly)", true, false),
      ] {
        var expected: [String] = []
        for paths in all.values {
          let inOrder = paths.sorted { left, right in
            let (key, other) = (
              (isByCost ? cost(left) : 0, left.edges.count), (isByCost ? cost(right) : 0, right.edges.count)
            )
            return key == other ? precedes(left, right) : key < other
          }
          let lengths = Array(Set(paths.map(\.edges.count))).sorted().prefix(groups)
          let wanted =
            byGroups ? inOrder.filter { lengths.contains($0.edges.count) } : Array(inOrder.prefix(count))
          further += wanted.count - 1
          expected += wanted.map(text)
        }
        for bound in ["", "MATCH (a), (b) ", "MATCH (b) "] {
          let query = "\(bound)MATCH p = \(selector) RETURN p"
          #expect(
            try await paths(graph, query).map(text).sorted() == expected.sorted(),
            "\(query), \(model.edges), seed \(random.seed)")
        }
      }
    }
    #expect(further > 0, "seed \(random.seed)")
  }
}

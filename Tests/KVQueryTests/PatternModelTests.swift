import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Patterns on random graphs, beside a slow and obvious search.
@Suite struct PatternModelTests: PatternSuite {
  @Test func patternsFindWhatASlowSearchFinds() async throws {
    var random = SeededRandom()
    for _ in 0..<250 {
      let (graph, model) = try await make(&random)
      for _ in 0..<4 {
        let elements = (0..<Int.random(in: 1...3, using: &random)).map { _ in element(&random) }
        var pattern = "(n0)"
        for (place, element) in elements.enumerated() { pattern += element.text + "(n\(place + 1))" }
        // At times the last node is the first, or one is of a type.
        let isClosed = Int.random(in: 0..<4, using: &random) == 0
        if isClosed { pattern = String(pattern.dropLast("(n\(elements.count))".count)) + "(n0)" }
        let label = Int.random(in: 0..<3, using: &random) == 0 ? "A" : nil
        if let label { pattern = pattern.replacingOccurrences(of: "(n1)", with: "(n1:\(label))") }
        let columns = (0..<(elements.count + (isClosed ? 0 : 1))).map { "n\($0)" }
        let query =
          "MATCH p = \(pattern) RETURN \(columns.joined(separator: ", ")), [r IN relationships(p) | key(r)]"
        var expected: [String] = []
        for start in model.nodes.indices {
          for way in ways(model, elements[...], start, []) {
            if isClosed, way.nodes.last != way.nodes.first { continue }
            if let label, way.nodes.count > 1, !(isClosed && elements.count == 1),
              !model.nodes[way.nodes[1]].hasPrefix(label)
            {
              continue
            }
            let nodes = way.nodes.prefix(columns.count).map { model.nodes[$0] }
            expected.append(
              (nodes + ["[" + way.edges.map { "\"\(model.edges[$0].key)\"" }.joined(separator: ", ") + "]"])
                .joined(separator: " | "))
          }
        }
        #expect(try await rows(graph, query).sorted() == expected.sorted(), "\(query), seed \(random.seed)")
      }
    }
  }

  @Test func shortestPathsAreThoseOfASlowSearch() async throws {
    var random = SeededRandom()
    for _ in 0..<150 {
      let (graph, model) = try await make(&random)
      let direction = ["in", "out", "any"].randomElement(using: &random) ?? "any"
      let arrows = (direction == "in" ? "<-[" : "-[", direction == "out" ? "]->" : "]-")
      for start in model.nodes.indices {
        var distance = [start: 0]
        var frontier = [start]
        while let node = frontier.first {
          frontier.removeFirst()
          for (_, next) in model.steps(node, direction, []) where distance[next] == nil {
            distance[next] = (distance[node] ?? 0) + 1
            frontier.append(next)
          }
        }
        for end in model.nodes.indices where end != start {
          let all = ways(
            model,
            [
              PatternElement(
                direction: direction, types: [], length: 1...(distance[end] ?? 1), isFixed: false)
            ],
            start, []
          ).filter { $0.nodes.last == end && $0.edges.count == distance[end] }
          for (prefix, count) in [("ANY SHORTEST", min(all.count, 1)), ("ALL SHORTEST", all.count)] {
            let ends = [start, end].map { number -> String in
              let parts = model.nodes[number].split(separator: ":")
              return "(:\(parts[0]) {id: '\(parts[1])'})"
            }
            let query = "MATCH p = \(prefix) \(ends[0])\(arrows.0)*\(arrows.1)\(ends[1]) RETURN length(p)"
            let lengths = try await rows(graph, query)
            #expect(
              lengths == Array(repeating: "\(distance[end] ?? 0)", count: count),
              "\(query), seed \(random.seed)")
          }
        }
      }
    }
  }

  /// Back to where it began: along different edges, but in WALK.
  @Test func shortestRoundsAreThoseOfASlowSearch() async throws {
    var random = SeededRandom()
    for _ in 0..<150 {
      let (graph, model) = try await make(&random, nodes: 2...6, edges: 1...9)
      let direction = ["in", "out", "any"].randomElement(using: &random) ?? "any"
      let mode = ["WALK", "TRAIL", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      let arrows = (direction == "in" ? "<-[" : "-[", direction == "out" ? "]->+" : "]-+")
      var (any, all): ([String], [String]) = ([], [])
      for start in model.nodes.indices {
        for length in 1...max(model.edges.count, 2) {
          let rounds = walks(model, mode, from: start, direction, upTo: length).filter {
            $0.edges.count == length && $0.nodes.last == start
          }
          if rounds.isEmpty { continue }
          any.append("\(model.nodes[start]) | \(length)")
          all += rounds.map { _ in "\(model.nodes[start]) | \(length)" }
          break
        }
      }
      for (prefix, expected) in [("ANY SHORTEST", any), ("ALL SHORTEST", all)] {
        let query = "MATCH p = \(prefix) \(mode) (a)\(arrows.0)\(arrows.1)(a) RETURN a, length(p)"
        #expect(
          try await rows(graph, query).sorted() == expected.sorted(),
          "\(query), \(model.edges), seed \(random.seed)")
        let open = "MATCH p = \(prefix) \(mode) (a)\(arrows.0)\(arrows.1)(b) WHERE a = b RETURN a, length(p)"
        #expect(
          try await rows(graph, open).sorted() == expected.sorted(),
          "\(open), \(model.edges), seed \(random.seed)")
      }
    }
  }

  @Test func modesAndPrefixesChooseAsASlowSearchDoes() async throws {
    var random = SeededRandom()
    for _ in 0..<120 {
      let (graph, model) = try await make(&random)
      let direction = ["in", "out", "any"].randomElement(using: &random) ?? "any"
      let mode = ["WALK", "TRAIL", "ACYCLIC", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      let least = Int.random(in: 0...2, using: &random)
      let most = least + Int.random(in: 0...2, using: &random)
      let (prefix, count, byGroups) =
        [
          ("", 1000, false), ("ANY", 1, false), ("ANY 2", 2, false), ("SHORTEST 3", 3, false),
          ("SHORTEST 2 GROUPS", 2, true),
          ("ANY SHORTEST", 1, false), ("ALL SHORTEST", 1, true),
        ].randomElement(using: &random) ?? ("", 1000, false)
      // `SHORTEST 2 TRAIL GROUPS` is how they are written.
      let words = prefix.replacingOccurrences(of: " GROUPS", with: "")
      // What holds of a path before one is chosen.
      let isOdd = Int.random(in: 0..<3, using: &random) == 0
      let chain =
        "(a)\(direction == "in" ? "<-[" : "-[")e]\(direction == "out" ? "->" : "-"){\(least),\(most)}(b)"
      let query =
        "MATCH p = \(words) \(mode) \(byGroups && prefix.hasSuffix("GROUPS") ? "PATH GROUPS" : "") "
        + (isOdd ? "(\(chain) WHERE size(e) % 2 = 1)" : chain) + " RETURN a, b, length(p)"
      var expected: [String] = []
      for start in model.nodes.indices {
        let all = walks(model, mode, from: start, direction, upTo: most).filter {
          $0.edges.count >= least && (!isOdd || $0.edges.count % 2 == 1)
        }
        expected += chosen(count, byGroups: byGroups, of: all, from: start, in: model)
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  /// Chains of several patterns and groups, from either end, closed or open, with conditions on the way or on all of it.
  @Test func modesAndPrefixesChooseAmongChains() async throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      let (graph, model) = try await make(&random, nodes: 2...5, edges: 1...7)
      let elements = (0..<Int.random(in: 1...3, using: &random)).map { _ -> PatternElement in
        var element = element(&random)
        element.isGroup = Int.random(in: 0..<3, using: &random) == 0
        return element
      }
      let mode = ["WALK", "TRAIL", "ACYCLIC", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      let (words, count, byGroups) =
        [
          ("", 100_000, false), ("ANY", 1, false), ("ANY SHORTEST", 1, false), ("ALL SHORTEST", 1, true),
          ("SHORTEST 2", 2, false), ("SHORTEST 2 GROUPS", 2, true),
        ].randomElement(using: &random) ?? ("", 100_000, false)
      // An end that is known by its key, by a label, by the other end, or not.
      let first = ["(a)", "(a:A)", "(a:A {id: '0'})"].randomElement(using: &random) ?? "(a)"
      let last = ["(b)", "(b:B)", "(b:B {id: '1'})", "(a)"].randomElement(using: &random) ?? "(b)"
      let isOdd = !words.isEmpty && Int.random(in: 0..<5, using: &random) == 0
      let isMet = elements.count > 1 && Int.random(in: 0..<4, using: &random) == 0
      var chain = first
      for (place, element) in elements.enumerated() {
        chain += element.text
        if place < elements.count - 1 { chain += isMet && place == 0 ? "(:B)" : "()" }
      }
      let prefix = words.replacingOccurrences(of: " GROUPS", with: "")
      let query =
        "MATCH p = \(prefix) \(mode) \(words == prefix ? "" : "GROUPS") "
        + (isOdd ? "(\(chain)\(last) WHERE a.id <> '1')" : chain + last)
        + " RETURN a, \(last == "(a)" ? "a" : "b") AS z, length(p)"
      func admits(_ pattern: String, _ node: Int, _ start: Int) -> Bool {
        if pattern == "(a)" { return node == start }
        return (!pattern.contains(":A") || node % 2 == 0) && (!pattern.contains(":B") || node % 2 == 1)
          && (!pattern.contains("id: '0'") || node == 0) && (!pattern.contains("id: '1'") || node == 1)
      }
      var expected: [String] = []
      for start in model.nodes.indices where admits(first, start, start) && !(isOdd && start == 1) {
        // The node between the first two elements is somewhere on the way.
        let heads =
          isMet
          ? walks(model, elements[..<1], [start], []).filter { ($0.nodes.last ?? 0) % 2 == 1 }
          : [([start], [])]
        let all = heads.flatMap { walks(model, elements[(isMet ? 1 : 0)...], $0.nodes, $0.edges) }.filter {
          obeys(mode, $0.nodes, $0.edges) && admits(last, $0.nodes.last ?? 0, start)
        }
        expected += chosen(count, byGroups: byGroups, of: all, from: start, in: model)
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  @Test func theCheapestPathsCostWhatASlowSearchSays() async throws {
    var random = SeededRandom()
    for _ in 0..<120 {
      let (graph, model) = try await make(&random)
      var weights: [Int] = []
      for edge in model.edges {
        weights.append(Int.random(in: 0...4, using: &random))
        let nodes = [edge.from, edge.to].map {
          NodeReference(model.nodes[$0]) ?? NodeReference(type: "", id: "")
        }
        var stored = Edge(
          from: nodes[0], to: nodes[1], type: edge.type,
          data: JSON(members: [("w", JSON(weights[weights.count - 1]))]))
        stored.parallelKey = edge.key
        try await graph.add(stored, replacing: true)
      }
      let direction = ["in", "out", "any"].randomElement(using: &random) ?? "any"
      let count = Int.random(in: 1...3, using: &random)
      let most = Bool.random(using: &random) ? Int.random(in: 1...4, using: &random) : nil
      let arrows = (direction == "in" ? "<-[" : "-[", direction == "out" ? "]->" : "]-")
      // Of one edge pattern, or of two.
      let isLong = Bool.random(using: &random)
      let step = "\(arrows.0)r COST r.w\(arrows.1)"
      let query =
        "MATCH p = \(count == 1 ? "ANY CHEAPEST" : "CHEAPEST \(count)") (a)"
        + (isLong ? "\(arrows.0)q COST q.w\(arrows.1)()" : "")
        + (Bool.random(using: &random) ? "((x)\(step)(y))" : step)
        + "{1,\(most.map { "\($0)" } ?? "")}(b) RETURN a, b, cost(p)"
      var expected: [String] = []
      for start in model.nodes.indices {
        let all = walks(model, "TRAIL", from: start, direction, upTo: (most ?? 9) + (isLong ? 1 : 0)).filter {
          $0.edges.count > (isLong ? 1 : 0)
        }
        for end in model.nodes.indices {
          let costs = all.filter { $0.nodes.last == end }.map { $0.edges.reduce(0) { $0 + weights[$1] } }
            .sorted()
          expected += costs.prefix(count).map { "\(model.nodes[start]) | \(model.nodes[end]) | \($0)" }
        }
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), \(weights), seed \(random.seed)")
    }
  }
}

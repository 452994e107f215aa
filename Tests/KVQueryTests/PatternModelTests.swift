import Foundation
import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Patterns on random graphs, beside a slow and obvious search.
@Suite struct PatternModelTests {
  /// A graph with parallel edges, loops and an undirected type.
  private struct Model {
    var nodes: [String] = []
    var edges: [(from: Int, to: Int, type: String, key: String)] = []

    func steps(_ node: Int, _ direction: String, _ types: [String]) -> [(edge: Int, node: Int)] {
      edges.indices.flatMap { number -> [(Int, Int)] in
        let edge = edges[number]
        guard types.isEmpty || types.contains(edge.type) else { return [] }
        let isAny = direction == "any" || edge.type == "u"
        var found: [(Int, Int)] = []
        if edge.from == node, isAny || direction == "out" { found.append((number, edge.to)) }
        if edge.to == node, isAny || direction == "in", edge.from != edge.to {
          found.append((number, edge.from))
        }
        if edge.from == node, edge.to == node, direction == "in", !isAny { found.append((number, node)) }
        return found
      }
    }
  }

  private struct Element {
    var direction: String
    var types: [String]
    var length: ClosedRange<Int>
    var isFixed: Bool
    /// Written as a group of one edge.
    var isGroup = false

    var text: String {
      if isGroup {
        let edge = Element(direction: direction, types: types, length: 1...1, isFixed: true)
        return "(()\(edge.text)()){\(length.lowerBound),\(length.upperBound)}"
      }
      let inner = types.isEmpty ? "" : ":" + types.joined(separator: "|")
      let star = isFixed ? "" : "*\(length.lowerBound)..\(length.upperBound)"
      return (direction == "in" ? "<-" : "-") + "[\(inner)\(star)]" + (direction == "out" ? "->" : "-")
    }
  }

  private func make(
    _ random: inout SeededRandom, nodes: ClosedRange<Int> = 2...5, edges: ClosedRange<Int> = 0...7
  ) async throws -> (Graph, Model) {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    var model = Model()
    let count = Int.random(in: nodes, using: &random)
    for number in 0..<count {
      let node = NodeReference(type: number % 2 == 0 ? "A" : "B", id: "\(number)")
      model.nodes.append("\(node)")
      try await graph.add(Node(node))
    }
    for number in 0..<Int.random(in: edges, using: &random) {
      let (from, to) = (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
      let type = ["s", "t", "u"].randomElement(using: &random) ?? "s"
      var edge = Edge(
        from: NodeReference(model.nodes[from]) ?? NodeReference(type: "", id: ""),
        to: NodeReference(model.nodes[to]) ?? NodeReference(type: "", id: ""), type: type)
      edge.parallelKey = "k\(number)"
      let stored = try await graph.add(edge)
      let isTurned = stored.from != edge.from
      model.edges.append((isTurned ? to : from, isTurned ? from : to, type, "k\(number)"))
    }
    return (graph, model)
  }

  private func element(_ random: inout SeededRandom) -> Element {
    let isFixed = Int.random(in: 0..<3, using: &random) > 0
    let least = Int.random(in: 0...2, using: &random)
    return Element(
      direction: ["in", "out", "any"].randomElement(using: &random) ?? "any",
      types: [[], ["s"], ["s", "t"], ["u"]].randomElement(using: &random) ?? [],
      length: isFixed ? 1...1 : least...(least + Int.random(in: 0...2, using: &random)), isFixed: isFixed)
  }

  /// All ways along the elements in which no edge comes twice: the nodes between them, and the edges.
  private func ways(_ model: Model, _ elements: ArraySlice<Element>, _ node: Int, _ used: [Int]) -> [(
    nodes: [Int], edges: [Int]
  )] {
    guard let element = elements.first else { return [([node], [])] }
    var results: [(nodes: [Int], edges: [Int])] = []
    func walk(_ at: Int, _ path: [Int]) {
      if element.length.contains(path.count) {
        for rest in ways(model, elements.dropFirst(), at, used + path) {
          results.append(([node] + rest.nodes, path + rest.edges))
        }
      }
      if path.count == element.length.upperBound { return }
      for (edge, next) in model.steps(at, element.direction, element.types)
      where !(used + path).contains(edge) {
        walk(next, path + [edge])
      }
    }
    walk(node, [])
    return results
  }

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
            [Element(direction: direction, types: [], length: 1...(distance[end] ?? 1), isFixed: false)],
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

  /// All walks up to a length that a mode lets be.
  private func walks(_ model: Model, _ mode: String, from start: Int, _ direction: String, upTo most: Int)
    -> [(nodes: [Int], edges: [Int])]
  {
    var found: [(nodes: [Int], edges: [Int])] = []
    func go(_ nodes: [Int], _ edges: [Int]) {
      found.append((nodes, edges))
      if edges.count == most { return }
      for (edge, next) in model.steps(nodes[nodes.count - 1], direction, []) {
        let isClosed = nodes.count > 1 && nodes.first == nodes.last
        switch mode {
        case "WALK": break
        case "TRAIL": if edges.contains(edge) { continue }
        case "ACYCLIC": if nodes.contains(next) { continue }
        default:
          if isClosed || nodes.dropFirst().contains(next) || (nodes.contains(next) && next != nodes[0])
            || edges.contains(edge)
          {
            continue
          }
        }
        go(nodes + [next], edges + [edge])
      }
    }
    go([start], [])
    return found
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

  /// Of the paths from a node to each other so many of the shortest, or all of so many lengths: their ends and lengths.
  private func chosen(
    _ count: Int, byGroups: Bool, of paths: [(nodes: [Int], edges: [Int])], from start: Int, in model: Model
  ) -> [String] {
    model.nodes.indices.flatMap { end in
      let lengths = paths.filter { $0.nodes.last == end }.map(\.edges.count).sorted()
      let kinds = Array(Set(lengths)).sorted()
      let taken =
        byGroups ? lengths.filter { kinds.prefix(count).contains($0) } : Array(lengths.prefix(count))
      return taken.map { "\(model.nodes[start]) | \(model.nodes[end]) | \($0)" }
    }
  }

  /// Whether a mode lets a path be.
  private func obeys(_ mode: String, _ nodes: [Int], _ edges: [Int]) -> Bool {
    if mode == "WALK" { return true }
    guard Set(edges).count == edges.count else { return false }
    if mode == "TRAIL" { return true }
    let isClosed = mode == "SIMPLE" && !edges.isEmpty && nodes.first == nodes.last
    return Set(nodes.dropFirst(isClosed ? 1 : 0)).count == nodes.count - (isClosed ? 1 : 0)
  }

  /// All walks along the elements, by all of their nodes.
  private func walks(_ model: Model, _ elements: ArraySlice<Element>, _ nodes: [Int], _ edges: [Int])
    -> [(nodes: [Int], edges: [Int])]
  {
    guard let element = elements.first else { return [(nodes, edges)] }
    var results: [(nodes: [Int], edges: [Int])] = []
    func walk(_ nodes: [Int], _ edges: [Int], _ times: Int) {
      if element.length.contains(times) { results += walks(model, elements.dropFirst(), nodes, edges) }
      if times == element.length.upperBound { return }
      for (edge, next) in model.steps(nodes[nodes.count - 1], element.direction, element.types) {
        walk(nodes + [next], edges + [edge], times + 1)
      }
    }
    walk(nodes, edges, 0)
    return results
  }

  /// Chains of several patterns and groups, from either end, closed or open, with conditions on the way or on all of it.
  @Test func modesAndPrefixesChooseAmongChains() async throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      let (graph, model) = try await make(&random, nodes: 2...5, edges: 1...7)
      let elements = (0..<Int.random(in: 1...3, using: &random)).map { _ -> Element in
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

  /// A group is what stands there as often as it says.
  @Test func groupsAreWhatTheyWouldBeWrittenOut() async throws {
    var random = SeededRandom()
    for _ in 0..<150 {
      let (graph, model) = try await make(&random)
      let inner = (0..<Int.random(in: 1...2, using: &random)).map { _ -> String in
        var element = element(&random)
        (element.isFixed, element.length) = (true, 1...1)
        return element.text
      }
      let least = Int.random(in: 0...1, using: &random)
      let most = max(least + Int.random(in: 0...2, using: &random), 1)
      let mode = ["TRAIL", "ACYCLIC"].randomElement(using: &random) ?? "TRAIL"
      let group =
        "((x)" + inner.enumerated().map { $1 + ($0 == inner.count - 1 ? "(y:A)" : "()") }.joined() + ")"
      let ends = ["(a:A)", "(a)", "(a {id: '0'})"].randomElement(using: &random) ?? "(a)"
      let last = ["(b)", "(b:B)", "(b {id: '1'})"].randomElement(using: &random) ?? "(b)"
      let keys = "a, b, [r IN relationships(p) | key(r)]"
      let query =
        "MATCH p = \(mode) \(ends) \(group){\(least),\(most)} \(last) RETURN \(keys), [n IN y | n.id]"
      var expected: [String] = []
      for count in least...most {
        var pattern = ends
        for time in 0..<count {
          for (place, step) in inner.enumerated() {
            pattern += step + (place < inner.count - 1 ? "()" : "(y\(time):A)")
          }
        }
        let list = "[" + (0..<count).map { "y\($0).id" }.joined(separator: ", ") + "]"
        // The last node of the last time is the end.
        let end = count == 0 ? "a" : "y\(count - 1)"
        let text =
          "MATCH p = \(mode) \(pattern) WITH a, p, \(end) AS b, \(list) AS l MATCH \(last) RETURN \(keys), l"
        expected += try await rows(graph, text)
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  @Test func groupsInGroupsAreWhatTheyWouldBeWrittenOut() async throws {
    var random = SeededRandom()
    for _ in 0..<100 {
      let (graph, model) = try await make(&random)
      var step = element(&random)
      (step.isFixed, step.length) = (true, 1...1)
      let mode = ["TRAIL", "ACYCLIC", "SIMPLE"].randomElement(using: &random) ?? "TRAIL"
      func quantity() -> ClosedRange<Int> {
        let least = Int.random(in: 0...1, using: &random)
        return least...max(least + Int.random(in: 0...1, using: &random), 1)
      }
      let (inner, outer) = (quantity(), quantity())
      func text(_ name: String) -> String {
        "((x\(name))\(step.text)(y\(name))){\(inner.lowerBound),\(inner.upperBound)}"
      }
      let ends = ["(a:A)", "(a)", "(a {id: '0'})"].randomElement(using: &random) ?? "(a)"
      let last = ["(b)", "(b:B)", "(b {id: '1'})"].randomElement(using: &random) ?? "(b)"
      let keys = "a, b, [r IN relationships(p) | key(r)]"
      let query =
        "MATCH p = \(mode) \(ends) (\(text(""))(z)){\(outer.lowerBound),\(outer.upperBound)} \(last) "
        + "RETURN \(keys), [l IN x | [n IN l | n.id]] AS l, [n IN z | n.id] AS m"
      var expected: [String] = []
      for count in outer {
        let pattern = ends + (0..<count).map { "\(text("\($0)"))(z\($0))" }.joined()
        let list = (0..<count).map { "[n IN x\($0) | n.id]" }.joined(separator: ", ")
        let nodes = (0..<count).map { "z\($0).id" }.joined(separator: ", ")
        expected += try await rows(
          graph,
          "MATCH p = \(mode) \(pattern) WITH *, \(count == 0 ? "a" : "z\(count - 1)") AS b MATCH \(last) "
            + "RETURN \(keys), [\(list)] AS l, [\(nodes)] AS m")
      }
      #expect(
        try await rows(graph, query).sorted() == expected.sorted(),
        "\(query), \(model.edges), seed \(random.seed)")
    }
  }

  private func graph(_ lines: String) async throws -> Graph {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: lines))
    return graph
  }

  private let undirected = #"""
    {"from":"S:b","to":"T:a","type":"u","key":"1","data":{"i":0}}
    {"from":"S:b","to":"T:a","type":"u","key":"2","data":{"i":1}}
    {"from":"S:c","to":"T:a","type":"u","key":"1","data":{"i":2}}
    {"from":"S:b","to":"S:c","type":"u","key":"1","data":{"i":3}}
    """#

  private let mixed = #"""
    {"type":"T","id":"a","n":1}
    {"type":"T","id":"b","n":2}
    {"type":"S","id":"c","n":3}
    {"from":"T:a","to":"T:b","type":"e","data":{"w":1}}
    {"from":"T:b","to":"T:b","type":"e","data":{"w":2}}
    {"from":"T:b","to":"S:c","type":"u","key":"1","data":{"w":2}}
    {"from":"T:b","to":"S:c","type":"u","key":"2","data":{"w":0}}
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
      try await self.rows(graph, "MATCH p = shortestPath((a)-[*2..3]->(b)) RETURN p")
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

  @Test func aGroupThatIsNotFoundIsNull() async throws {
    let graph = try await graph(mixed)
    #expect(
      try await rows(graph, "OPTIONAL MATCH (a:Q)((x)-[f]->(y))+(c) RETURN x, f, y, c") == [
        "null | null | null | null"
      ])
    #expect(
      try await rows(
        graph, "MATCH (z) OPTIONAL MATCH (z:S)((x)-[f]->(y)){2}(c) RETURN z.id, count(f) ORDER BY z.id")
        == ["a | 0", "b | 0", "c | 4"])
    #expect(
      try await rows(
        graph, "MATCH (a) WHERE EXISTS { ANY SHORTEST (a)-[:u]->+(:S) } RETURN a.id ORDER BY a.id") == [
          "b", "c",
        ])
    #expect(
      try await rows(graph, "RETURN COUNT { REPEATABLE ELEMENTS (a)-[:e]->(b)-[:e]->(c) } AS n") == ["2"])
    #expect(
      try await rows(graph, "MATCH (a)((x)-[e]->(x)-[f]->(y)){1}(b) RETURN [n IN x | n.id]").allSatisfy {
        $0 == "[\"b\"]"
      })
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

  /// Groups that may match nothing come to an end.
  @Test func aGroupThatStandsStillEnds() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    for (from, to) in [("a", "b"), ("b", "a"), ("b", "c")] {
      try await graph.add(
        Edge(from: NodeReference(type: "T", id: from), to: NodeReference(type: "T", id: to), type: "t"))
    }
    let lengths = try await rows(
      graph, "MATCH p = (:T {id: 'a'})(()-->{0,1}())*(:T {id: 'c'}) RETURN DISTINCT length(p)")
    #expect(lengths == ["2"])
    #expect(
      try await rows(graph, "MATCH p = ANY SHORTEST (:T {id: 'a'})(()-->*())+(:T {id: 'c'}) RETURN length(p)")
        == ["2"])
    #expect(
      try await rows(
        graph, "MATCH p = SHORTEST 3 WALK (:T {id: 'a'})-->()-->+(b:T {id: 'c'}) RETURN length(p)")
        == ["2", "4", "6"])
    for endless in [
      "WALK (a)((x)-->(y))+(b)", "WALK (a)(((x)-->(y))+){2}(b)", "WALK (a)-->(b)-->*(c)",
      "ANY SHORTEST WALK (a)(()-->*())+(b)",
    ] {
      await #expect(throws: KVError.self) { try await self.rows(graph, "MATCH p = \(endless) RETURN p") }
    }
  }

  private func rows(_ graph: Graph, _ text: String) async throws -> [String] {
    let rows = Collected()
    try await graph.query(text) { values in
      rows.lines.append(values.map { "\($0)" }.joined(separator: " | "))
      return true
    }
    return rows.lines
  }
}

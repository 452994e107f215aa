import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// What the tests of patterns share: random graphs, and a slow and obvious search on them.
protocol PatternSuite {}

/// A graph with parallel edges, loops and an undirected type.
struct PatternModel {
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

/// An edge pattern.
struct PatternElement {
  var direction: String
  var types: [String]
  var length: ClosedRange<Int>
  var isFixed: Bool
  /// Written as a group of one edge.
  var isGroup = false

  var text: String {
    if isGroup {
      let edge = PatternElement(direction: direction, types: types, length: 1...1, isFixed: true)
      return "(()\(edge.text)()){\(length.lowerBound),\(length.upperBound)}"
    }
    let inner = types.isEmpty ? "" : ":" + types.joined(separator: "|")
    let star = isFixed ? "" : "*\(length.lowerBound)..\(length.upperBound)"
    return (direction == "in" ? "<-" : "-") + "[\(inner)\(star)]" + (direction == "out" ? "->" : "-")
  }
}

extension PatternSuite {
  func make(
    _ random: inout SeededRandom, nodes: ClosedRange<Int> = 2...5, edges: ClosedRange<Int> = 0...7
  ) async throws -> (Graph, PatternModel) {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    var model = PatternModel()
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

  func element(_ random: inout SeededRandom) -> PatternElement {
    let isFixed = Int.random(in: 0..<3, using: &random) > 0
    let least = Int.random(in: 0...2, using: &random)
    return PatternElement(
      direction: ["in", "out", "any"].randomElement(using: &random) ?? "any",
      types: [[], ["s"], ["s", "t"], ["u"]].randomElement(using: &random) ?? [],
      length: isFixed ? 1...1 : least...(least + Int.random(in: 0...2, using: &random)), isFixed: isFixed)
  }

  /// All ways along the elements in which no edge comes twice: the nodes between them, and the edges.
  func ways(_ model: PatternModel, _ elements: ArraySlice<PatternElement>, _ node: Int, _ used: [Int]) -> [(
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

  /// All walks up to a length that a mode lets be.
  func walks(_ model: PatternModel, _ mode: String, from start: Int, _ direction: String, upTo most: Int)
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

  /// Of the paths from a node to each other so many of the shortest, or all of so many lengths: their ends and lengths.
  func chosen(
    _ count: Int, byGroups: Bool, of paths: [(nodes: [Int], edges: [Int])], from start: Int,
    in model: PatternModel
  ) -> [String] {
    // What chooses takes a path that fits in several ways once.
    var known: Set<[Int]> = []
    let paths = count == 100_000 ? paths : paths.filter { known.insert($0.nodes + [-1] + $0.edges).inserted }
    return model.nodes.indices.flatMap { end in
      let lengths = paths.filter { $0.nodes.last == end }.map(\.edges.count).sorted()
      let kinds = Array(Set(lengths)).sorted()
      let taken =
        byGroups ? lengths.filter { kinds.prefix(count).contains($0) } : Array(lengths.prefix(count))
      return taken.map { "\(model.nodes[start]) | \(model.nodes[end]) | \($0)" }
    }
  }

  /// Whether a mode lets a path be.
  func obeys(_ mode: String, _ nodes: [Int], _ edges: [Int]) -> Bool {
    if mode == "WALK" { return true }
    guard Set(edges).count == edges.count else { return false }
    if mode == "TRAIL" { return true }
    let isClosed = mode == "SIMPLE" && !edges.isEmpty && nodes.first == nodes.last
    return Set(nodes.dropFirst(isClosed ? 1 : 0)).count == nodes.count - (isClosed ? 1 : 0)
  }

  /// All walks along the elements, by all of their nodes.
  func walks(_ model: PatternModel, _ elements: ArraySlice<PatternElement>, _ nodes: [Int], _ edges: [Int])
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

  func graph(_ lines: String) async throws -> Graph {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.setDirected(false, edgeType: "u")
    _ = try await graph.load(ImportSource(name: "g.jsonl", text: lines))
    return graph
  }

  /// Loops, parallel edges, and an undirected type.
  var mixed: String {
    #"""
    {"type":"T","id":"a","n":1}
    {"type":"T","id":"b","n":2}
    {"type":"S","id":"c","n":3}
    {"from":"T:a","to":"T:b","type":"e","data":{"w":1}}
    {"from":"T:b","to":"T:b","type":"e","data":{"w":2}}
    {"from":"T:b","to":"S:c","type":"u","key":"1","data":{"w":2}}
    {"from":"T:b","to":"S:c","type":"u","key":"2","data":{"w":0}}
    """#
  }
}

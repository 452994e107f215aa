import HeapModule
import KV
import KVGraph

extension Matcher {
  /// A walk in the order in which it is taken: what costs least first, then what has the fewest edges, then what was found first.
  struct Priced: Comparable {
    var cost: Double
    var number: Int
    var walk: Walk

    static func == (left: Priced, right: Priced) -> Bool { left.number == right.number }
    static func < (left: Priced, right: Priced) -> Bool {
      (left.cost, left.walk.edges.count, left.number) < (right.cost, right.walk.edges.count, right.number)
    }
  }

  /// The cheapest walks to each node that may be the end (Dijkstra's algorithm, which comes by a node once where one walk is wanted).
  func walkCheapest(
    _ part: PatternPart, _ step: Step, _ states: [State], _ count: Int, emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    for state in states {
      guard let (start, end) = try await ends(of: step, part, state) else { continue }
      // Where edges lead both ways, the cheapest way back to the start may come by a node that a cheaper way has come by.
      let isRound = end == nil || end === start
      let comesOnce =
        count == 1 && length.lowerBound <= 1 && length.upperBound == .max
        && !(isRound && (pattern.direction == .any || graph.hasUndirectedTypes))
      var heap = Heap([Priced(cost: 0, number: 0, walk: Walk(state: state, node: start, cost: 0))])
      var number = 0
      var taken: [ObjectIdentifier: Int] = [:]
      var pops = 0
      while let priced = heap.popMin() {
        try Task.checkCancellation()
        let walk = priced.walk
        let key = ObjectIdentifier(walk.node)
        let isStart = walk.edges.isEmpty
        if comesOnce, !isStart, taken[key] != nil { continue }
        if length.contains(walk.edges.count), end == nil || walk.node === end, taken[key, default: 0] < count
        {
          taken[key, default: 0] += 1
          if try await !finish([walk], part, step, emit) { return false }
          if let end, taken[ObjectIdentifier(end)] == count { break }
        } else if comesOnce, !isStart {
          taken[key] = 1
        }
        if walk.edges.count >= length.upperBound || comesOnce && !isStart && walk.node === start { continue }
        // What is next in line is asked for at once.
        if pops % 64 == 0 {
          _ = try await steps(from: heap.unordered.prefix(256).map(\.walk.node), pattern, step, part)
        }
        pops += 1
        for (edge, node) in try await steps(from: [walk.node], pattern, step, part)[0]
        where Self.mayWalk(edge, to: node, walk.state, walk.edges, walk.nodes, part) {
          guard try await admits(edge, pattern, state.row) else { continue }
          number += 1
          var longer = walk.extended(along: edge, to: node)
          let cost = priced.cost + (try await cost(of: edge, pattern, state.row))
          longer.cost = cost
          heap.insert(Priced(cost: cost, number: number, walk: longer))
        }
        if heap.count > 1_000_000 {
          throw pattern.place.error("there are more than a million paths here; give the length an end")
        }
      }
    }
    return true
  }

  func cost(of edge: QueryEdge, _ pattern: EdgePattern, _ row: Row) async throws -> Double {
    guard let expression = pattern.cost else { return 0 }
    var row = row
    if let variable = pattern.variable { row[variable] = .edge(edge) }
    let value = try await evaluator.value(of: expression, row)
    guard let cost = value.number, cost >= 0, cost.isFinite else {
      throw pattern.place.error(
        "COST is a number of at least 0, and for \(edge.arrow) it is \(value.isNull ? "null" : "\(value)")")
    }
    return cost
  }
}

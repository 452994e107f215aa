import KV
import KVGraph

/// Runs a checked query: each clause is a stage that gives its rows to the next.
final class Runner {
  private let shop: Workshop

  init(_ graph: QueryGraph, _ query: Query, slotCount: Int, parameters: [String: Value], isWriting: Bool) {
    var used: Set<Int> = []
    query.visitExpressions { if case .variable(let variable) = $0 { used.insert(variable.slot) } }
    let evaluator = Evaluator(graph, parameters: parameters)
    let matcher = Matcher(graph, evaluator, used: used, isWriting: isWriting)
    shop = Workshop(graph: graph, evaluator: evaluator, matcher: matcher, slotCount: slotCount)
    evaluator.match = { parts, row, visit in
      try await matcher.match(parts, [row]) { rows in
        for row in rows where try await !visit(row) { return false }
        return true
      }
    }
    let shop = shop
    evaluator.run = { query, row, visit in
      for clauses in query.parts {
        var goesOn = true
        let sink = Sink { rows in
          for row in rows {
            goesOn = try await visit(row)
            if !goesOn { return false }
          }
          return true
        }
        try await Self.run(clauses, from: row, shop, sink, isInner: true)
        if !goesOn { return }
      }
    }
  }

  /// - Parameter take: is given the values of the columns, row by row; returns false where no more are wanted.
  func run(_ query: Query, take: @escaping ([Value]) async throws -> Bool) async throws {
    var seen: Set<ValueKey> = []
    let isDistinct = query.parts.count > 1 && !query.isAll
    for clauses in query.parts {
      let variables: [Variable] =
        if case .return(let projection)? = clauses.last { projection.items.map(\.variable) } else { [] }
      var goesOn = true
      let sink = Sink { rows in
        if variables.isEmpty { return true }
        for row in rows {
          let values = variables.map { row[$0] ?? .null }
          if isDistinct, !seen.insert(ValueKey(values: values)).inserted { continue }
          goesOn = try await take(values)
          if !goesOn { return false }
        }
        return true
      }
      try await Self.run(clauses, from: Row(count: shop.slotCount), shop, sink, isInner: false)
      if !goesOn { return }
    }
  }

  private static func run(
    _ clauses: [Clause], from row: Row, _ shop: Workshop, _ sink: any Stage, isInner: Bool
  ) async throws {
    // What is known outside of a subquery stays known in it.
    let outer = isInner ? row.variables : []
    var stage = sink
    for (index, clause) in clauses.enumerated().reversed() {
      switch clause {
      case .match(let match) where index == 0 && !isInner && !shop.graph.isWriting:
        if clauses.count > 1, let projection = clauses[1].projection,
          let plan = CountingPlan(match, before: projection)
        {
          stage = CountingStage(plan, shop, stage)
        } else {
          stage = MatchStage(match, shop, stage)
        }
      case .match(let match): stage = MatchStage(match, shop, stage)
      case .unwind(let list, let variable): stage = UnwindStage(list, variable, shop, stage)
      case .with(let projection, let condition):
        stage = ProjectionStage(projection, where: condition, keeping: outer, shop, stage)
      case .return(let projection): stage = ProjectionStage(projection, where: nil, keeping: [], shop, stage)
      case .create, .merge, .set, .remove, .delete: stage = WriteStage(clause, shop, stage)
      }
    }
    _ = try await stage.push([row])
    try await stage.finish()
  }
}

extension Clause {
  fileprivate var projection: Projection? {
    switch self {
    case .with(let projection, _), .return(let projection): projection
    default: nil
    }
  }
}

extension Row {
  /// Those that are bound; their names do not matter any more.
  var variables: [Variable] {
    (0..<count).compactMap { slot in
      let variable = Variable(name: "", slot: slot, place: Place(line: 1, column: 1))
      return self[variable] == nil ? nil : variable
    }
  }
}

import KV
import KVGraph

/// Runs a checked query: each clause is a stage that gives its rows to the next.
final class Runner {
  private let shop: Workshop
  /// Of each clause, what went in and what came out, where that is measured.
  private var meters: [[MeteredStage]] = []

  /// What evaluates and what matches know each other, and would keep each other for ever.
  deinit {
    shop.evaluator.match = { _, _, _ in }
    shop.evaluator.run = { _, _, _ in }
    shop.evaluator.hasRow = { _, _ in nil }
  }

  init(
    _ graph: QueryGraph, _ query: Query, slotCount: Int, parameters: Value.Members, memoryLimit: Int
  ) {
    let used = query.variablesOfData
    let memory = MemoryBudget(limit: memoryLimit)
    let evaluator = Evaluator(graph, parameters: parameters, memory: memory)
    let matcher = Matcher(graph, evaluator, used: used, isWriting: graph.isWriting)
    shop = Workshop(
      graph: graph, evaluator: evaluator, matcher: matcher, slotCount: slotCount,
      memory: memory)
    evaluator.match = { parts, row, visit in
      try await matcher.match(parts, [row]) { rows in
        for row in rows where try await !visit(row) { return false }
        return true
      }
    }
    evaluator.hasRow = { try await matcher.reaches($0, $1) }
    let shop = shop
    evaluator.run = { query, row, visit in
      try await Self.run(query, from: row, shop, isInner: true, take: visit)
    }
  }

  /// - Parameters:
  ///   - isMeasured: whether ``profile(_:)`` is asked for afterwards.
  ///   - take: is given the values of the columns, row by row; returns false where no more are wanted.
  func run(
    _ query: Query, isMeasured: Bool = false, take: @escaping ([Value]) async throws -> Bool
  ) async throws {
    try await Self.run(query, from: Row(count: shop.slotCount), shop, isInner: false, isMeasured: isMeasured)
    {
      meters.append($0)
    } take: {
      // Without columns there is nothing to give.
      $0.isEmpty ? true : try await take($0)
    }
  }

  /// - Parameter measured: is given the meters of each part's clauses, where it is measured.
  private static func run(
    _ query: Query, from row: Row, _ shop: Workshop, isInner: Bool, isMeasured: Bool = false,
    measured: ([MeteredStage]) -> Void = { _ in }, take: @escaping ([Value]) async throws -> Bool
  ) async throws {
    var seen: Set<ValueKey> = []
    let isDistinct = query.parts.count > 1 && !query.isAll
    var held = 0
    defer { if isInner { shop.memory.giveBack(held) } }
    for clauses in query.parts {
      let variables: [Variable] =
        if case .return(let projection)? = clauses.last { projection.items.map(\.variable) } else { [] }
      var goesOn = true
      let sink = Sink { rows in
        for row in rows {
          let values = variables.map { row[$0] ?? .null }
          if isDistinct {
            if !seen.insert(ValueKey(values: values)).inserted { continue }
            held += values.size
            try shop.memory.take(values.size, for: "UNION", at: query.place)
          }
          goesOn = try await take(values)
          if !goesOn { return false }
        }
        return true
      }
      let (stage, meters) = Self.stages(
        clauses, from: row, shop, sink, isInner: isInner, isMeasured: isMeasured)
      if isMeasured { measured(meters) }
      _ = try await stage.push([row])
      try await stage.finish()
      if !goesOn { return }
    }
  }

  /// What has been measured, in the steps of the query.
  func profile(_ steps: [QueryStep]) -> [QueryStep] {
    var steps = steps
    var place = 0
    for meters in meters {
      if place > 0 { place += 1 }
      for (before, after) in zip(meters, meters.dropFirst()) where place < steps.count {
        steps[place].rows = after.rows
        steps[place].requests = before.requests - after.requests
        steps[place].seconds = max(before.seconds - after.seconds, 0)
        place += 1
      }
    }
    return steps
  }

  /// The clauses as stages: the first of them, and, where they are measured, what stands before each and behind the last.
  private static func stages(
    _ clauses: [Clause], from row: Row, _ shop: Workshop, _ sink: any Stage, isInner: Bool,
    isMeasured: Bool = false
  ) -> (first: any Stage, meters: [MeteredStage]) {
    var stage = sink
    var meters: [MeteredStage] = []
    func measure() {
      guard isMeasured else { return }
      let meter = MeteredStage(shop.graph, stage)
      meters.insert(meter, at: 0)
      stage = meter
    }
    measure()
    let counted = isInner || shop.graph.isWriting ? nil : clauses.counted
    for (index, clause) in clauses.enumerated().reversed() {
      if let counted, index == counted.matches.count - 1 {
        var matches: [MatchStage] = []
        for match in counted.matches.reversed() {
          matches.insert(MatchStage(match, shop, matches.first ?? stage), at: 0)
        }
        stage = CountingStage(counted.plans, or: matches, shop, stage)
        for _ in counted.matches { measure() }
        break
      }
      switch clause {
      case .match(let match): stage = MatchStage(match, shop, stage)
      case .unwind(let list, let variable): stage = UnwindStage(list, variable, shop, stage)
      case .with(let projection, let condition):
        stage = ProjectionStage(projection, where: condition, from: row, shop, stage)
      case .return(let projection): stage = ProjectionStage(projection, where: nil, from: row, shop, stage)
      case .create, .merge, .set, .remove, .delete: stage = WriteStage(clause, shop, stage)
      }
      measure()
    }
    return (stage, meters)
  }
}

extension [Clause] {
  /// The MATCH clauses at the beginning, where their matches are only counted.
  /// - Returns: with plans whose numbers add up.
  var counted: (matches: [Clause.Match], plans: [CountingPlan])? {
    var matches: [Clause.Match] = []
    for clause in self {
      if case .match(let match) = clause { matches.append(match) } else { break }
    }
    guard !matches.isEmpty, matches.count < count, let projection = self[matches.count].projection,
      let variants = matches.withFixedLengths
    else { return nil }
    var plans: [CountingPlan] = []
    for variant in variants {
      guard let plan = CountingPlan(variant, before: projection) else { return nil }
      plans.append(plan)
    }
    return (matches, plans)
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

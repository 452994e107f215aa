import KV

/// A step of a query: takes rows as they come, and gives others on.
protocol Stage: AnyObject {
  /// - Returns: false where no more rows are wanted.
  func push(_ rows: [Row]) async throws -> Bool
  /// No more rows come.
  func finish() async throws
}

/// What all stages need.
struct Workshop {
  let graph: QueryGraph
  let evaluator: Evaluator
  let matcher: Matcher
  let slotCount: Int
  let memory: MemoryBudget
}

/// The last: gives the rows to whoever asked.
final class Sink: Stage {
  private let take: ([Row]) async throws -> Bool
  init(_ take: @escaping ([Row]) async throws -> Bool) { self.take = take }
  func push(_ rows: [Row]) async throws -> Bool { rows.isEmpty ? true : try await take(rows) }
  func finish() async throws {}
}

final class MatchStage: Stage {
  let match: Clause.Match
  private let shop: Workshop
  private let next: any Stage
  /// What is null where nothing is found.
  private let variables: [Variable]

  init(_ match: Clause.Match, _ shop: Workshop, _ next: any Stage) {
    (self.match, self.shop, self.next) = (shop.matcher.planned(match), shop, next)
    variables = match.parts.flatMap(\.variables)
  }

  func push(_ rows: [Row]) async throws -> Bool {
    guard match.isOptional else { return try await find(rows) { try await self.next.push($0) } }
    for start in stride(from: 0, to: rows.count, by: Matcher.batch) {
      var batch = Array(rows[start..<min(start + Matcher.batch, rows.count)])
      for place in batch.indices { batch[place].origin = place }
      var found = batch.map { _ in [Row]() }
      _ = try await find(batch) { rows in
        for row in rows { found[row.origin].append(row) }
        return true
      }
      var all: [Row] = []
      for (found, row) in zip(found, rows[start...]) {
        var empty = row
        for variable in variables where empty[variable] == nil { empty[variable] = .null }
        for var inner in found.isEmpty ? [empty] : found {
          // What an outer clause knows its rows by stays.
          inner.origin = row.origin
          all.append(inner)
        }
      }
      if try await !next.push(all) { return false }
    }
    return true
  }

  private func find(_ rows: [Row], _ emit: @escaping ([Row]) async throws -> Bool) async throws -> Bool {
    var goesOn = true
    try await shop.matcher.match(match.parts, rows) { found in
      var kept = found
      if let condition = self.match.condition {
        try await self.shop.graph.load(nodesIn: found, for: [condition])
        kept = []
        for row in found where try await self.shop.evaluator.holds(condition, row) { kept.append(row) }
      }
      goesOn = kept.isEmpty ? true : try await emit(kept)
      return goesOn
    }
    return goesOn
  }

  func finish() async throws { try await next.finish() }
}

final class UnwindStage: Stage {
  private let (list, variable): (Expression, Variable)
  private let shop: Workshop
  private let next: any Stage

  init(_ list: Expression, _ variable: Variable, _ shop: Workshop, _ next: any Stage) {
    (self.list, self.variable, self.shop, self.next) = (list, variable, shop, next)
  }

  func push(_ rows: [Row]) async throws -> Bool {
    var unwound: [Row] = []
    for row in rows {
      let elements: [Value]
      switch try await shop.evaluator.value(of: list, row) {
      case .null: elements = []
      case .list(let values): elements = values
      case let value: elements = [value]
      }
      for element in elements {
        var inner = row
        inner[variable] = element
        unwound.append(inner)
        if unwound.count >= 1000 {
          if try await !next.push(unwound) { return false }
          unwound = []
        }
      }
    }
    return unwound.isEmpty ? true : try await next.push(unwound)
  }

  func finish() async throws { try await next.finish() }
}

extension QueryGraph {
  /// Reads at once what the expressions will ask of the nodes and edges in the rows.
  func load(nodesIn rows: [Row], for expressions: [Expression]) async throws {
    var variables: Set<Variable> = []
    var askedForIDs: Set<Variable> = []
    for expression in expressions {
      expression.visitAll { part in
        switch part {
        case .property(.variable(let variable), "id", _): askedForIDs.insert(variable)
        case .property(.variable(let variable), _, _), .hasLabels(.variable(let variable), _, _):
          variables.insert(variable)
        case .call(let call):
          let name = call.function
          guard ["labels", "keys", "properties"].contains(name),
            case .variable(let variable)? = call.arguments.first
          else { return }
          variables.insert(variable)
        default: break
        }
      }
    }
    askedForIDs.subtract(variables)
    variables.formUnion(askedForIDs)
    if variables.isEmpty { return }
    // Few are read as soon.
    let idsAreKnown = askedForIDs.isEmpty || rows.count < 500 ? false : try await idsAreTheirOwn()
    var nodes: [QueryNode] = []
    var edges: [QueryEdge] = []
    for row in rows {
      for variable in variables {
        switch row[variable] {
        case .node(let node)? where !node.isRead:
          if !idsAreKnown || !askedForIDs.contains(variable) { nodes.append(node) }
        case .edge(let edge)? where edge.properties == nil: edges.append(edge)
        default: break
        }
      }
    }
    if !nodes.isEmpty { try await load(nodes) }
    if !edges.isEmpty { try await load(edges) }
  }

  /// Reads all that is in the values, however deep, as an answer shows it.
  func load(allIn values: [Value]) async throws {
    var nodes: [QueryNode] = []
    var edges: [QueryEdge] = []
    for value in values { value.visit(node: { nodes.append($0) }, edge: { edges.append($0) }) }
    try await load(nodes)
    try await load(edges)
  }
}

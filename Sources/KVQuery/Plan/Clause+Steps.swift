import KV
import KVGraph

extension Query {
  /// How it runs, clause by clause.
  func steps(in graph: QueryGraph) async throws -> [QueryStep] {
    var steps: [QueryStep] = []
    for (number, clauses) in parts.enumerated() {
      if number > 0 {
        steps.append(QueryStep(clause: isAll ? "UNION ALL" : "UNION", action: isAll ? "both" : "rows once"))
      }
      var bound: Set<Int> = []
      let counted = try await self.counted(clauses, in: graph)
      for (index, clause) in clauses.enumerated() {
        var step = try await clause.step(bound: bound, in: graph)
        if index < counted { step.estimate = nil }
        if index < counted, case .match(let match) = clause { step.action = match.countingAction }
        steps.append(step)
        bound = clause.bound(after: bound)
      }
    }
    return steps
  }

  /// How many clauses at the beginning are counted in flat arrays.
  private func counted(_ clauses: [Clause], in graph: QueryGraph) async throws -> Int {
    guard let (matches, _) = clauses.counted else { return 0 }
    for match in matches where try await match.planned().beginsNarrow(in: graph) { return 0 }
    return matches.count
  }
}

extension Clause {
  /// What is known behind it.
  fileprivate func bound(after before: Set<Int>) -> Set<Int> {
    func nodes(_ parts: [PatternPart]) -> Set<Int> {
      Set(parts.flatMap { $0.nodes.compactMap { $0.variable?.slot } })
    }
    switch self {
    case .match(let match): return before.union(nodes(match.parts))
    case .create(let parts, _): return before.union(nodes(parts))
    case .merge(let part, _, _, _): return before.union(nodes([part]))
    case .with(let projection, _): return Set(projection.items.map(\.variable.slot))
    case .unwind(_, let variable): return before.union([variable.slot])
    case .return, .set, .remove, .delete: return before
    }
  }

  var name: String {
    switch self {
    case .match(let match): match.isOptional ? "OPTIONAL MATCH" : "MATCH"
    case .unwind: "UNWIND"
    case .with: "WITH"
    case .return: "RETURN"
    case .create: "CREATE"
    case .merge: "MERGE"
    case .set: "SET"
    case .remove: "REMOVE"
    case .delete: "DELETE"
    }
  }

  fileprivate func step(bound: Set<Int>, in graph: QueryGraph) async throws -> QueryStep {
    var step = QueryStep(clause: name, action: "")
    switch self {
    case .match(let written):
      let match = written.planned()
      let plan = try await graph.plan(match.parts, isBound: bound.contains)
      if let first = plan.first { step.estimate = try await first.part.estimate(first.start, in: graph) }
      step.action = plan.map { $0.part.action($0.start) }.joined(separator: "; ")
      if match.condition != nil { step.action += "; WHERE" }
    case .unwind(_, let variable): step.action = "a row for each element as \(variable.name)"
    case .with(let projection, let condition):
      step.action = projection.action + (condition == nil ? "" : "; WHERE")
    case .return(let projection): step.action = projection.action
    case .create, .merge, .set, .remove, .delete: step.action = "kept back for one transaction"
    }
    return step
  }

  var projection: Projection? {
    switch self {
    case .with(let projection, _), .return(let projection): projection
    default: nil
    }
  }
}

extension Clause.Match {
  fileprivate var countingAction: String {
    "count in flat arrays: " + parts.map(\.text).joined(separator: ", ") + (condition == nil ? "" : "; WHERE")
  }
}

extension Projection {
  fileprivate var action: String {
    var parts: [String] = []
    let keys = items.filter { !$0.expression.aggregates }.map(\.name)
    if keys.count == items.count {
      parts.append(items.map(\.name).joined(separator: ", "))
    } else {
      let aggregates = items.filter { $0.expression.aggregates }.map(\.name).joined(separator: ", ")
      parts.append(keys.isEmpty ? aggregates : "\(aggregates) for each \(keys.joined(separator: ", "))")
    }
    if isDistinct { parts.append("DISTINCT") }
    if !order.isEmpty { parts.append(limit == nil ? "sort" : "sort, only the first kept") }
    if skip != nil { parts.append("SKIP") }
    if limit != nil, order.isEmpty { parts.append("LIMIT") }
    return parts.joined(separator: "; ")
  }
}

extension PatternPart {
  fileprivate var text: String {
    edges.indices.reduce(nodes[0].text) { $0 + edges[$1].text(isBackward: false) + nodes[$1 + 1].text }
  }

  /// Where it begins, and along which edges it goes.
  fileprivate func action(_ begin: PatternStart) -> String {
    let start = begin.place
    var text = nodes[start].text + " " + begin.access.text
    for edge in start..<edges.count {
      text += ", \(edges[edge].text(isBackward: false)) \(nodes[edge + 1].text)"
    }
    for edge in (0..<start).reversed() {
      text += ", \(edges[edge].text(isBackward: true)) \(nodes[edge].text)"
    }
    switch selector {
    case .all: break
    case .shortest(let isAll): text = (isAll ? "all shortest: " : "a shortest: ") + text
    case .ranked(let count, let byGroups): text = "\(count) shortest\(byGroups ? " lengths" : ""): " + text
    case .cheapest(let count): text = "\(count) cheapest: " + text
    }
    return text
  }
}

extension NodePattern {
  fileprivate var text: String { "(\(variable?.name ?? "")\(labels.map { ":\($0)" } ?? ""))" }
}

extension PatternStart.Access {
  /// How the first nodes are found.
  fileprivate var text: String {
    switch self {
    case .bound: "as it is"
    case .key: "by its key"
    case .index(let index): "by the index on \(index)"
    case .scan: "of all nodes"
    }
  }
}

extension PatternPart {
  /// With how many nodes it begins.
  fileprivate func estimate(_ start: PatternStart, in graph: QueryGraph) async throws -> Int? {
    switch start.access {
    case .bound, .index: return nil
    case .key: return 1
    case .scan(let count?): return count
    case .scan(nil):
      guard case .label(let name)? = nodes[start.place].labels else { return nil }
      return try await graph.nodeCount(name)
    }
  }
}

extension EdgePattern {
  fileprivate func text(isBackward: Bool) -> String {
    let names = typeExpression.map { "\($0)" } ?? types.joined(separator: "|")
    let inner = names.isEmpty ? "" : "[:\(names)]"
    let text = group.isEmpty ? inner : "(…)"
    var count = ""
    if let length {
      count = "{\(length.lowerBound),\(length.upperBound == .max ? "" : "\(length.upperBound)")}"
    }
    switch (direction, isBackward) {
    case (.any, _): return "-\(text)-\(count)"
    case (.out, false), (.in, true): return "-\(text)->\(count)"
    default: return "<-\(text)-\(count)"
    }
  }
}

extension LabelExpression: CustomStringConvertible {
  var description: String {
    switch self {
    case .label(let name): name
    case .not(let inner): "!\(inner)"
    case .and(let parts): parts.map { "\($0)" }.joined(separator: "&")
    case .or(let parts): parts.map { "\($0)" }.joined(separator: "|")
    case .any: "%"
    }
  }
}

import KV
import KVGraph

/// Finds the values of expressions for a row.
final class Evaluator {
  let graph: QueryGraph
  let parameters: Value.Members
  /// When the query began.
  let now = Timestamp.now()
  /// What lists and texts may take that grow within an expression.
  let memory: MemoryBudget
  private var turns = 0
  /// Regular expressions, by their texts.
  var expressions: [ByteKey: Regex<AnyRegexOutput>] = [:]
  /// How a subquery is run; gives the values of its columns to the closure, row by row, until that returns false.
  var run: (Query, Row, @escaping ([Value]) async throws -> Bool) async throws -> Void = { _, _, _ in }
  /// What is known of a subquery without running it: whether it has a row.
  var hasRow: (Query, Row) async throws -> Bool? = { _, _ in nil }
  /// How patterns are matched.
  var match: ([PatternPart], Row, @escaping (Row) async throws -> Bool) async throws -> Void = { _, _, _ in }

  init(_ graph: QueryGraph, parameters: Value.Members, memory: MemoryBudget) {
    (self.graph, self.parameters, self.memory) = (graph, parameters, memory)
  }

  /// Ends what goes round within an expression where the query is ended.
  private func turn() throws {
    turns &+= 1
    if turns & 0x3FF == 0 { try Task.checkCancellation() }
  }

  /// - Parameter aggregates: the values of the projection's aggregations, by their numbers.
  func value(of expression: Expression, _ row: Row, _ aggregates: [Value] = []) async throws -> Value {
    switch expression {
    case .literal(let value): return value
    case .variable(let variable):
      guard let value = row[variable] else {
        throw variable.place.error("the variable \(JSON(variable.name)) is not known here")
      }
      return value
    case .parameter(let name, let place):
      return try parameters.value(of: name, at: place)
    case .property(let owner, let name, let place):
      return try await property(name, of: try await value(of: owner, row, aggregates), at: place)
    case .list(let items):
      var values: [Value] = []
      for item in items { values.append(try await value(of: item, row, aggregates)) }
      return .list(values)
    case .map(let items):
      var members = Value.Members()
      for (name, item) in items { members[name] = try await value(of: item, row, aggregates) }
      return .map(members)
    case .unary(let kind, let operand, let place):
      return try unary(kind, try await value(of: operand, row, aggregates), place)
    case .binary(let kind, let left, let right, let place):
      return try await binary(kind, left, right, row, aggregates, place)
    case .comparison(let first, let rest, _):
      var left = (expression: first, value: try await value(of: first, row, aggregates))
      var result: Bool? = true
      for (kind, operand) in rest {
        let right = (expression: operand, value: try await value(of: operand, row, aggregates))
        let (one, other) =
          kind.isEquality ? try await equated(left, right, row, aggregates) : (left.value, right.value)
        switch Self.compares(one, kind, other) {
        case false?: return .boolean(false)
        case nil: result = nil
        case true?: break
        }
        left = right
      }
      return result.map { .boolean($0) } ?? .null
    case .isNull(let operand, let negated):
      return .boolean(try await value(of: operand, row, aggregates).isNull != negated)
    case .hasLabels(let operand, let labels, let place):
      switch try await value(of: operand, row, aggregates) {
      case .null: return .null
      case .node(let node):
        try await graph.load([node])
        return .boolean(labels.admits(node))
      case .edge(let edge): return .boolean(labels.admits([edge.type]))
      case let other: throw place.error("only nodes and edges have labels, not \(other.kind)")
      }
    case .subscripted(let owner, let index, let place):
      return try await subscripted(
        try await value(of: owner, row, aggregates), try await value(of: index, row, aggregates), place)
    case .slice(let owner, let from, let to, let place):
      return try await slice(owner, from, to, row, aggregates, place)
    case .cases(let subject, let branches, let otherwise):
      var asked: Operand?
      if let subject { asked = (subject, try await value(of: subject, row, aggregates)) }
      for (when, then) in branches {
        let holds: Bool
        if let asked {
          let (one, other) = try await equated(
            asked, (when, try await value(of: when, row, aggregates)), row, aggregates)
          holds = Value.equals(one, other) == true
        } else {
          holds = try await isTrue(when, row, aggregates) == true
        }
        if holds { return try await value(of: then, row, aggregates) }
      }
      return if let otherwise { try await value(of: otherwise, row, aggregates) } else { .null }
    case .listComprehension(let item, let list, let condition, let map):
      guard let values = try await elements(of: list, row, aggregates, at: item.place) else { return .null }
      var inner = row
      var results: [Value] = []
      var size = 0
      for element in values {
        try turn()
        inner[item] = element
        if let condition, try await isTrue(condition, inner, aggregates) != true {
          continue
        }
        let result = if let map { try await value(of: map, inner, aggregates) } else { element }
        results.append(result)
        if map == nil { continue }
        size += result.ownSize
        try memory.allow(size, for: "a list", at: item.place)
      }
      return .list(results)
    case .quantifier(let kind, let item, let list, let condition, _):
      return try await quantified(kind, item, list, condition, row, aggregates)
    case .reduce(let accumulator, let initial, let item, let list, let step):
      var inner = row
      var result = try await value(of: initial, row, aggregates)
      guard let values = try await elements(of: list, row, aggregates, at: item.place) else { return .null }
      for (number, element) in values.enumerated() {
        try turn()
        inner[accumulator] = result
        inner[item] = element
        result = try await value(of: step, inner, aggregates)
        try memory.allow(result.ownSize, for: "reduce()", at: item.place)
        // Nothing else makes values as deep as one likes, and each time adds as many levels as the text has at most.
        if number % 16 == 15, result.isDeeper(than: JSON.maximumDepth) {
          throw item.place.error("reduce() makes a value of more than \(JSON.maximumDepth) levels")
        }
      }
      return result
    case .patternComprehension(let path, var part, let condition, let map, let place):
      part.path = path
      var results: [Value] = []
      var size = 0
      try await match([part], row) { found in
        if let condition, try await self.isTrue(condition, found, aggregates) != true {
          return true
        }
        let result = try await self.value(of: map, found, aggregates)
        results.append(result)
        size += result.ownSize
        try self.memory.allow(size, for: "a list", at: place)
        return true
      }
      return .list(results)
    case .subquery(.collect, let query, let place):
      var values: [Value] = []
      var size = 0
      try await run(query, row) { row in
        size += row.size
        try self.memory.allow(size, for: "COLLECT", at: place)
        values += row
        return true
      }
      return .list(values)
    case .subquery(let kind, let query, _):
      if kind != .count, let known = try await hasRow(query, row) { return .boolean(known) }
      var count = 0
      try await run(kind == .count ? query : query.whetherAny, row) { _ in
        count += 1
        return kind == .count
      }
      return kind == .count ? .integer(count) : .boolean(count > 0)
    case .mapProjection(let owner, let items, let isAll, let place):
      let owner = try await value(of: owner, row, aggregates)
      if owner.isNull { return .null }
      var members = isAll ? try await properties(of: owner, at: place) : [:]
      for (name, item) in items {
        members[name] =
          if let item { try await value(of: item, row, aggregates) } else {
            try await property(name, of: owner, at: place)
          }
      }
      return .map(members)
    case .call(let call):
      if let number = call.aggregate { return aggregates[number] }
      return try await function(call, row, aggregates)
    }
  }

  /// Whether a condition holds; `nil` where that is not known.
  func isTrue(_ condition: Expression, _ row: Row, _ aggregates: [Value] = []) async throws -> Bool? {
    switch try await value(of: condition, row, aggregates) {
    case .null: return nil
    case .boolean(let value): return value
    case let other: throw condition.error("a condition is true or false, not \(other.kind)")
    }
  }

  func holds(_ condition: Expression?, _ row: Row) async throws -> Bool {
    guard let condition else { return true }
    try turn()
    return try await isTrue(condition, row) == true
  }

  /// - Parameter place: of what the list is for.
  func elements(of list: Expression, _ row: Row, _ aggregates: [Value], at place: Place) async throws
    -> [Value]?
  {
    switch try await value(of: list, row, aggregates) {
    case .list(let values): return values
    case .null: return nil
    case let other: throw (list.place ?? place).error("expected a list, and here is \(other.kind)")
    }
  }

  // MARK: members

  func property(_ name: String, of owner: Value, at place: Place) async throws -> Value {
    try owner.checkIsThere(place)
    switch owner {
    case .null: return .null
    case .map(let members): return members[name] ?? .null
    case .node(let node):
      if name == "id", !node.isRead, graph.knowsIDsAreTheirOwn { return .string(node.reference.id) }
      try await graph.load([node])
      if let value = graph.attribute(name, of: node) { return value }
      return name == "id" ? .string(node.reference.id) : .null
    case .edge(let edge):
      try await graph.load([edge])
      let value = edge.properties?[name]
      graph.attributes.note(name, value, others: (edge.properties ?? [:]).names)
      return value ?? .null
    case .temporal(let temporal):
      // Data may have an object that only looks like a time.
      return try place.locating {
        try temporal.member(name) ?? (name == temporal.kind.rawValue ? .string("\(temporal)") : .null)
      }
    case .duration(let duration):
      return try place.locating {
        try duration.member(name) ?? (name == "duration" ? .string("\(duration)") : .null)
      }
    default: throw place.error("\(owner.kind) has no properties")
    }
  }

  func properties(of owner: Value, at place: Place) async throws -> Value.Members {
    try owner.checkIsThere(place)
    switch owner {
    case .map(let members): return members
    case .node(let node):
      try await graph.load([node])
      return node.properties
    case .edge(let edge):
      try await graph.load([edge])
      return edge.properties ?? [:]
    default: throw place.error("\(owner.kind) has no properties")
    }
  }

  func subscripted(_ owner: Value, _ index: Value, _ place: Place) async throws -> Value {
    switch (owner, index) {
    case (.null, _), (_, .null): return .null
    case (.list(let values), .integer(let index)):
      let place = index < 0 ? values.count + index : index
      return values.indices.contains(place) ? values[place] : .null
    case (.list, _): throw place.error("a list is asked for its elements by an integer, not \(index.kind)")
    case (.map, .string(let name)), (.node, .string(let name)), (.edge, .string(let name)),
      (.temporal, .string(let name)), (.duration, .string(let name)):
      return try await property(name, of: owner, at: place)
    case (.map, _), (.node, _), (.edge, _): throw place.error("members have names, and this is \(index.kind)")
    default: throw place.error("\(owner.kind) has no elements")
    }
  }

  func slice(
    _ owner: Expression, _ from: Expression?, _ to: Expression?, _ row: Row, _ aggregates: [Value],
    _ place: Place
  ) async throws -> Value {
    guard let values = try await elements(of: owner, row, aggregates, at: place) else { return .null }
    var bounds = [0, values.count]
    for (side, bound) in [from, to].enumerated() {
      guard let bound else { continue }
      switch try await value(of: bound, row, aggregates) {
      case .null: return .null
      case .integer(let number):
        bounds[side] = min(
          max(number < 0 ? values.count + max(number, -values.count) : number, 0), values.count)
      case let other: throw place.error("the bounds of a slice are integers, not \(other.kind)")
      }
    }
    return .list(bounds[0] < bounds[1] ? Array(values[bounds[0]..<bounds[1]]) : [])
  }

  func quantified(
    _ kind: Expression.Quantifier, _ item: Variable, _ list: Expression, _ condition: Expression, _ row: Row,
    _ aggregates: [Value]
  ) async throws -> Value {
    guard let values = try await elements(of: list, row, aggregates, at: item.place) else { return .null }
    var inner = row
    var (trues, unknowns) = (0, 0)
    for element in values {
      try turn()
      inner[item] = element
      switch try await isTrue(condition, inner, aggregates) {
      case true?: trues += 1
      case nil: unknowns += 1
      case false?: break
      }
    }
    let falses = values.count - trues - unknowns
    switch kind {
    case .all: return falses > 0 ? .boolean(false) : unknowns > 0 ? .null : .boolean(true)
    case .any: return trues > 0 ? .boolean(true) : unknowns > 0 ? .null : .boolean(false)
    case .none: return trues > 0 ? .boolean(false) : unknowns > 0 ? .null : .boolean(true)
    case .single: return trues > 1 ? .boolean(false) : unknowns > 0 ? .null : .boolean(trues == 1)
    }
  }
}

extension LabelExpression {
  /// - Parameters:
  ///   - names: the labels of a node, or the type of an edge; of a node without a label its type, `Node`.
  ///   - hasAny: whether these are labels or types.
  func admits(_ names: [String], hasAny: Bool = true) -> Bool {
    switch self {
    case .label(let name): names.hasBytes(of: name)
    case .not(let inner): !inner.admits(names, hasAny: hasAny)
    case .and(let parts): parts.allSatisfy { $0.admits(names, hasAny: hasAny) }
    case .or(let parts): parts.contains { $0.admits(names, hasAny: hasAny) }
    case .any: hasAny
    }
  }

  /// Whether a node's labels are what they have to be, as far as they have been read.
  func admits(_ node: QueryNode) -> Bool {
    let labels = node.labels
    let type = node.reference.type
    return admits(type == "Node" ? labels + [type] : labels, hasAny: !labels.isEmpty)
  }
}

extension Value.Members {
  /// The value of a parameter.
  func value(of name: String, at place: Place) throws -> Value {
    guard let value = self[name] else {
      throw place.error("the parameter $\(name) has no value", reason: .missingParameter)
    }
    return value
  }
}

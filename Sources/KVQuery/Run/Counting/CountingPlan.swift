import KV

/// How the matches of the first MATCH clauses are counted in flat arrays where only their number matters: for each combination of what the projection behind it
/// asks for one row, which stands for all that are alike in it. So are OPTIONAL MATCH clauses of whose matches nothing else is asked.
struct CountingPlan {
  /// An edge pattern between two of the nodes.
  struct Link {
    var from, to: Int
    /// `nil` where they are one node, and no edge is walked.
    var direction: EdgePattern.Direction?
    /// Empty for any.
    var types: [String]
    /// Where its type is a part of the rows, the place of it.
    var edge: Int?
    /// The clause within which no edge is walked twice; `nil` where any may be.
    var clause: Int?
    /// The OPTIONAL MATCH that it is in.
    var optional: Int?
  }

  /// A property of one node beside one of another.
  struct Comparison {
    typealias Operand = (node: Int, property: String, place: Place)
    var left, right: Operand
    var sign: Expression.Comparison
  }

  /// An edge that has to be there, or must not.
  struct Check {
    var from: Int
    /// `nil` for any node that ``end`` admits.
    var to: Int?
    var end: NodePattern
    var direction: EdgePattern.Direction
    var types: [String]
    var isWanted: Bool
  }

  /// Each node once, however often it stands in the pattern.
  var nodes: [[NodePattern]] = []
  /// By node, the OPTIONAL MATCH that brings it; `nil` where a MATCH does.
  var owners: [Int?] = []
  var links: [Link] = []
  /// Nodes that must not be the same.
  var unequal: [(Int, Int)] = []
  var comparisons: [Comparison] = []
  var checks: [Check] = []
  /// What is true of each node alone.
  var conditions: [[Expression]] = []
  /// The nodes and the edges' types that tell rows apart.
  var keyNodes: [(node: Int, variable: Variable)] = []
  var keyEdges: [Variable] = []
  /// Edges that are counted themselves, and no more is asked of them.
  var countedEdges: [Variable] = []

  /// Where what counts stands.
  let clause: Place

  /// `nil` where single matches matter.
  init?(_ matches: [Clause.Match], before projection: Projection) {
    guard !projection.isStar, projection.items.contains(where: { $0.expression.aggregates }) else {
      return nil
    }
    clause = projection.place
    var slots: [Int: Int] = [:]
    /// `nil` where a clause says something of a node that another brings, and one of them may have no match.
    func place(of node: NodePattern, in optional: Int?) -> Int? {
      if let variable = node.variable, let place = slots[variable.slot] {
        guard owners[place] == optional || owners[place] == nil && node.isFree else { return nil }
        nodes[place].append(node)
        return place
      }
      nodes.append([node])
      owners.append(optional)
      if let variable = node.variable { slots[variable.slot] = nodes.count - 1 }
      return nodes.count - 1
    }
    var edges: [Int: Variable] = [:]
    for part in matches.flatMap(\.parts) {
      guard part.selector == .all, part.path == nil, part.condition == nil,
        part.mode == .trail || part.mode == .walk,
        part.edges.allSatisfy(\.isPlain)
      else { return nil }

      for variable in part.edges.compactMap(\.variable) {
        guard edges.updateValue(variable, forKey: variable.slot) == nil else { return nil }
      }
    }
    guard matches.allSatisfy({ $0.parts.count == 1 || !$0.parts.contains(where: \.isAlone) }) else {
      return nil
    }
    guard let used = Self.used(by: projection, edges: edges) else { return nil }
    countedEdges = edges.values.filter { !used.contains($0.slot) }.sorted { $0.slot < $1.slot }
    for (clause, match, part) in matches.enumerated().flatMap({ number, match in
      match.parts.map { (number, match, $0) }
    }) {
      let optional = match.isOptional ? clause : nil
      let numbers = part.nodes.compactMap { place(of: $0, in: optional) }
      guard numbers.count == part.nodes.count else { return nil }
      for (number, pattern) in part.edges.enumerated() {
        var key: Int?
        if let variable = pattern.variable, used.contains(variable.slot) {
          key = keyEdges.count
          keyEdges.append(variable)
        }
        let count = pattern.length?.lowerBound ?? 1
        if count == 0 {
          // Where there may be no match, two nodes that are one would have to be missing together.
          if optional != nil { return nil }
          links.append(Link(from: numbers[number], to: numbers[number + 1], types: []))
        }
        // Those between the edges of a fixed number of them are any.
        var ends = [numbers[number]]
        while ends.count < count {
          ends.append(nodes.count)
          nodes.append([])
          owners.append(optional)
        }
        if count > 0 { ends.append(numbers[number + 1]) }
        for (from, to) in zip(ends, ends.dropFirst()) {
          links.append(
            Link(
              from: from, to: to, direction: pattern.direction, types: pattern.types, edge: key,
              clause: part.mode == .walk ? nil : clause, optional: optional))
        }
      }
    }
    for (number, patterns) in nodes.enumerated() {
      if let variable = patterns.lazy.compactMap(\.variable).first, used.contains(variable.slot) {
        keyNodes.append((number, variable))
      }
    }
    for slot in edges.keys { slots[slot] = nil }
    conditions = nodes.map { _ in [] }
    for (clause, match) in matches.enumerated() {
      let optional = match.isOptional ? clause : nil
      for condition in match.condition?.conjuncts ?? [] {
        // Of an OPTIONAL MATCH it may ask for nodes that are there in any case, but not for them alone.
        let asked = condition.variables.compactMap { slots[$0] }.map { self.owners[$0] }
        guard asked.allSatisfy({ $0 == nil || $0 == optional }), optional == nil || asked.contains(optional),
          take(condition, slots)
        else { return nil }
      }
    }
    guard asksForNothing(ofOptional: matches, projection) else { return nil }
    for (number, patterns) in nodes.enumerated() {
      // What a pattern says of a node is about it alone.
      for expression in patterns.flatMap({ [$0.properties, $0.condition].compactMap { $0 } }) {
        guard expression.variables.allSatisfy({ slots[$0] == number }) else { return nil }
      }
    }
  }

  /// The error for what is more than is counted.
  var tooMany: KVError { clause.error("there are more matches than an integer can count") }

  /// Whether the projection asks for nothing that an OPTIONAL MATCH brings, and which may be null.
  private func asksForNothing(ofOptional matches: [Clause.Match], _ projection: Projection) -> Bool {
    let asked = (projection.items.map(\.expression) + projection.order.map(\.expression))
      .reduce(into: Set<Int>()) { $0.formUnion($1.variables) }
    let nodes = zip(nodes, owners).filter { $1 != nil }.flatMap { $0.0.compactMap(\.variable) }
    let edges = matches.filter(\.isOptional).flatMap(\.parts).flatMap(\.edges).compactMap(\.variable)
    return (nodes + edges).allSatisfy { !asked.contains($0.slot) }
  }

  /// - Returns: false where the condition is of no kind that is known here.
  private mutating func take(_ condition: Expression, _ slots: [Int: Int]) -> Bool {
    if case .comparison(let first, let rest, _) = condition, rest.count == 1 {
      switch (first, rest[0].operand) {
      case (.variable(let left), .variable(let right)) where rest[0].sign == .notEqual:
        // No node is another than itself.
        guard let left = slots[left.slot], let right = slots[right.slot], left != right else { return false }
        unequal.append((left, right))
        return true
      case (
        .property(.variable(let left), let name, let place),
        .property(.variable(let right), let other, let there)
      ):
        guard let left = slots[left.slot], let right = slots[right.slot] else { return false }
        if left == right || rest[0].sign.isEquality && (name == "id") != (other == "id") { break }
        comparisons.append(
          Comparison(left: (left, name, place), right: (right, other, there), sign: rest[0].sign))
        return true
      default: break
      }
    }
    if case .unary(.not, .subquery(.pattern, let query, _), _) = condition {
      return take(query, isWanted: false, slots)
    }
    if case .subquery(.pattern, let query, _) = condition { return take(query, isWanted: true, slots) }
    let variables = condition.variables
    guard variables.count == 1, let slot = variables.first, let node = slots[slot] else { return false }
    conditions[node].append(condition)
    return true
  }

  /// A pattern of one edge that is to be there, or not.
  private mutating func take(_ query: Query, isWanted: Bool, _ slots: [Int: Int]) -> Bool {
    guard query.parts.count == 1, case .match(let match)? = query.parts[0].first, match.condition == nil,
      match.parts.count == 1, let part = match.parts.first, part.selector == .all, part.path == nil,
      part.condition == nil,
      part.nodes.count == 2, let edge = part.edges.first, edge.isPlain, edge.length == nil,
      edge.variable == nil
    else { return false }
    func place(_ node: NodePattern) -> Int? { node.variable.flatMap { slots[$0.slot] } }
    let (first, second) = (part.nodes[0], part.nodes[1])
    switch (place(first), place(second)) {
    case (let from?, let to?):
      guard first.isFree, second.isFree else { return false }
      checks.append(
        Check(
          from: from, to: to, end: second, direction: edge.direction, types: edge.types, isWanted: isWanted))
    case (let from?, nil):
      guard first.isFree, second.isConstant else { return false }
      checks.append(
        Check(
          from: from, to: nil, end: second, direction: edge.direction, types: edge.types, isWanted: isWanted))
    case (nil, let to?):
      guard second.isFree, first.isConstant else { return false }
      checks.append(
        Check(
          from: to, to: nil, end: first, direction: edge.direction.reversed, types: edge.types,
          isWanted: isWanted))
    case (nil, nil): return false
    }
    return true
  }

  /// The variables that the projection asks for; `nil` where it asks for more of an edge than its type.
  private static func used(by projection: Projection, edges: [Int: Variable]) -> Set<Int>? {
    var used: Set<Int> = []
    var isCountable = true
    func visit(_ expression: Expression) {
      switch expression {
      case .call(let call)
      where call.function == "count" && !call.isDistinct && call.arguments.count == 1:
        // Every match has one.
        if case .variable(let variable) = call.arguments[0], edges[variable.slot] != nil { return }
      case .call(let call) where call.function == "type" && call.arguments.count == 1:
        if case .variable(let variable) = call.arguments[0], edges[variable.slot] != nil {
          used.insert(variable.slot)
          return
        }
      case .variable(let variable):
        if edges[variable.slot] != nil { isCountable = false }
        used.insert(variable.slot)
      case .subquery, .patternComprehension: isCountable = false
      default: break
      }
      for child in expression.children { visit(child) }
    }
    for expression in projection.items.map(\.expression) + projection.order.map(\.expression) {
      visit(expression)
    }
    return isCountable ? used : nil
  }
}

extension [Clause.Match] {
  /// The same clauses for each length of their edge patterns, whose matches add up: `*1..3` is one edge, or two, or three. `nil` where these are
  /// many.
  var withFixedLengths: [[Clause.Match]]? {
    var variants = [self]
    for (clause, match) in enumerated() where !match.isOptional {
      for (part, pattern) in match.parts.enumerated() {
        for (place, edge) in pattern.edges.enumerated() {
          guard let length = edge.length, length.lowerBound < length.upperBound else { continue }
          // Endless ones have no count. A walk, on which nothing has to be another, is counted as easily however long it is.
          let (longest, most) = pattern.mode == .walk ? (32, 128) : (8, 16)
          if length.upperBound > longest || variants.count * length.count > most { return nil }
          variants = variants.flatMap { variant in
            length.map { count in
              var fixed = variant
              fixed[clause].parts[part].edges[place].length = count...count
              return fixed
            }
          }
        }
      }
    }
    return variants
  }
}

extension EdgePattern {
  /// Whether it is one edge, or a number of edges, of which only the type matters.
  fileprivate var isPlain: Bool {
    let isFixed =
      length.map { variable == nil && $0.lowerBound == $0.upperBound && $0.lowerBound <= 32 } ?? true
    return isFixed && group.isEmpty && typeExpression == nil && properties == nil && condition == nil
      && cost == nil
  }
}

extension NodePattern {
  /// Whether it says nothing of its node.
  fileprivate var isFree: Bool { labels == nil && properties == nil && condition == nil }
  /// Whether what it says of its node is the same for all rows.
  fileprivate var isConstant: Bool {
    let asked = (properties?.variables ?? []).union(condition?.variables ?? [])
    return asked.allSatisfy { $0 == variable?.slot }
  }
}

/// How the matches of a MATCH are counted in flat arrays where only their number matters: for each combination of what the projection behind it
/// asks for one row, which stands for all that are alike in it.
struct CountingPlan {
  /// An edge pattern between two of the nodes.
  struct Step {
    var from, to: Int
    var direction: EdgePattern.Direction
    /// Empty for any.
    var types: [String]
    /// Whether `to` is bound already.
    var isClosing: Bool
    /// Where its type is a part of the rows, the place of it.
    var edge: Int?
  }

  /// A part of the pattern: where it begins, and the steps from there.
  struct Part {
    var start: Int
    var isBound: Bool
    var steps: [Step]
  }

  /// Each node once, however often it stands in the pattern.
  var nodes: [[NodePattern]] = []
  var parts: [Part] = []
  /// Nodes that must not be the same.
  var unequal: [(Int, Int)] = []
  /// What is true of each node alone.
  var conditions: [[Expression]] = []
  /// The nodes and the edges' types that tell rows apart.
  var keyNodes: [(node: Int, variable: Variable)] = []
  var keyEdges: [Variable] = []
  /// Whether an edge may be walked more than once.
  var isWalk = false
  /// Where what counts stands.
  let clause: Place

  /// `nil` where single matches matter, or the pattern begins at a node that is read by its key.
  init?(_ match: Clause.Match, before projection: Projection) {
    guard !match.isOptional, !projection.isStar,
      projection.items.contains(where: { $0.expression.aggregates })
    else { return nil }
    clause = projection.place
    var places: [Int: Int] = [:]
    var edgeVariables: [Int: Variable] = [:]
    func place(of node: NodePattern) -> Int {
      if let variable = node.variable, let place = places[variable.slot] {
        nodes[place].append(node)
        return place
      }
      nodes.append([node])
      if let variable = node.variable { places[variable.slot] = nodes.count - 1 }
      return nodes.count - 1
    }
    for part in match.parts {
      guard part.selector == .all, part.path == nil, part.mode == .trail || part.mode == .walk,
        part.edges.allSatisfy(\.isPlain), part.nodes.allSatisfy({ Matcher.key(of: $0) == nil })
      else { return nil }
      isWalk = isWalk || part.mode == .walk
      for variable in part.edges.compactMap(\.variable) {
        guard edgeVariables.updateValue(variable, forKey: variable.slot) == nil else { return nil }
      }
    }
    guard !isWalk || match.parts.count == 1 else { return nil }
    guard let used = Self.used(by: projection, places: Set(places.keys), edges: edgeVariables) else {
      return nil
    }
    var bound: Set<Int> = []
    for part in match.parts {
      let numbers = part.nodes.map(place(of:))
      // From a node that is known, else from one that has a label.
      let start =
        numbers.indices.first { bound.contains(numbers[$0]) } ?? part.nodes.firstIndex { $0.labels != nil }
        ?? 0
      var steps: [Step] = []
      let isBound = !bound.insert(numbers[start]).inserted
      func step(_ edge: Int, from: Int, to: Int) {
        let pattern = part.edges[edge]
        let direction: EdgePattern.Direction =
          pattern.direction == .any ? .any : (pattern.direction == .out) == (to > from) ? .out : .in
        let isClosing = !bound.insert(numbers[to]).inserted
        var key: Int?
        if let variable = pattern.variable, used.contains(variable.slot) {
          key = keyEdges.count
          keyEdges.append(variable)
        }
        steps.append(
          Step(
            from: numbers[from], to: numbers[to], direction: direction, types: pattern.types,
            isClosing: isClosing,
            edge: key))
      }
      for edge in start..<part.edges.count { step(edge, from: edge, to: edge + 1) }
      for edge in (0..<start).reversed() { step(edge, from: edge + 1, to: edge) }
      parts.append(Part(start: numbers[start], isBound: isBound, steps: steps))
    }
    for (number, patterns) in nodes.enumerated() {
      if let variable = patterns.lazy.compactMap(\.variable).first, used.contains(variable.slot) {
        keyNodes.append((number, variable))
      }
    }
    conditions = nodes.map { _ in [] }
    var slots = Dictionary(
      uniqueKeysWithValues: nodes.enumerated().compactMap { number, patterns in
        patterns[0].variable.map { ($0.slot, number) }
      })
    for slot in edgeVariables.keys { slots[slot] = nil }
    for condition in match.condition?.conjuncts ?? [] {
      if case .comparison(.variable(let left), let rest, _) = condition, rest.count == 1,
        rest[0].sign == .notEqual,
        case .variable(let right) = rest[0].operand, let first = slots[left.slot],
        let second = slots[right.slot]
      {
        // No node is another than itself.
        if first == second { return nil }
        unequal.append((first, second))
        continue
      }
      let variables = condition.variables
      guard variables.count == 1, let slot = variables.first, let node = slots[slot] else { return nil }
      conditions[node].append(condition)
    }
    for (number, patterns) in nodes.enumerated() {
      // What a pattern says of a node is about it alone.
      for expression in patterns.flatMap({ [$0.properties, $0.condition].compactMap { $0 } }) {
        guard expression.variables.allSatisfy({ slots[$0] == number }) else { return nil }
      }
    }
  }

  /// The variables that the projection asks for; `nil` where it asks for more of an edge than its type.
  private static func used(by projection: Projection, places: Set<Int>, edges: [Int: Variable]) -> Set<Int>? {
    var used: Set<Int> = []
    var isCountable = true
    func visit(_ expression: Expression) {
      switch expression {
      case .call(let call)
      where call.name.lowercased() == "count" && !call.isDistinct && call.arguments.count == 1:
        // Every match has one.
        if case .variable(let variable) = call.arguments[0], edges[variable.slot] != nil { return }
      case .call(let call) where call.name.lowercased() == "type" && call.arguments.count == 1:
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

extension EdgePattern {
  /// Whether it is one edge of which only the type matters.
  fileprivate var isPlain: Bool {
    length == nil && group.isEmpty && properties == nil && condition == nil && cost == nil
  }
}

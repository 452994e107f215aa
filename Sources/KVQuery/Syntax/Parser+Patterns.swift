import KV

extension Parser {
  mutating func patternParts() throws -> [PatternPart] {
    var parts = [try patternPart()]
    while take(",") { parts.append(try patternPart()) }
    return parts
  }

  /// The patterns of MATCH, behind `DIFFERENT EDGES` and `REPEATABLE ELEMENTS`.
  mutating func matchedParts() throws -> [PatternPart] {
    let isDifferent = takeMatchMode("DIFFERENT", ["EDGE", "EDGES", "RELATIONSHIP", "RELATIONSHIPS"])
    let isRepeatable = !isDifferent && takeMatchMode("REPEATABLE", ["ELEMENT", "ELEMENTS"])
    var parts = [try patternPart(isDifferent: isDifferent, isRepeatable: isRepeatable)]
    while take(",") { parts.append(try patternPart(isDifferent: isDifferent, isRepeatable: isRepeatable)) }
    if isDifferent, parts.count > 1, let part = parts.first(where: \.isAlone) {
      throw part.place.error(
        "DIFFERENT EDGES and a choice of paths go together for one pattern, and not for several")
    }
    return parts
  }

  /// `DIFFERENT EDGES`, `REPEATABLE ELEMENT BINDINGS` and their like.
  private mutating func takeMatchMode(_ word: String, _ nouns: [String]) -> Bool {
    guard nouns.contains(where: { take(keyword: word, $0) }) else { return false }
    _ = take(keyword: "BINDINGS")
    return true
  }

  /// - Parameters:
  ///   - isDifferent: whether no edge may come twice, whichever mode is named.
  ///   - isRepeatable: whether edges may come again where no mode is named.
  mutating func patternPart(isDifferent: Bool = false, isRepeatable: Bool = false) throws -> PatternPart {
    let path = try pathVariable()
    let prefix = try prefix()
    if var part = try shortestPathFunction() {
      part.path = path
      return part
    }
    var part = try chain(inClause: true)
    try part.take(path, prefix.mode)
    let mode = part.ownMode ?? (isRepeatable ? .walk : .trail)
    part = part.inMode(isDifferent && mode == .walk ? .trail : mode)
    (part.selector, part.isRepeatable) = (prefix.selector, isRepeatable)
    if part.choosesByCondition { nameElements(of: &part) }
    if case .cheapest = part.selector {
      guard part.costed != nil else {
        throw part.place.error("CHEAPEST needs a COST, as in -[r:road COST r.km]->+")
      }
    } else if let edge = part.costed {
      throw edge.place.error("COST goes with ANY CHEAPEST and CHEAPEST k")
    }
    if part.mode == .walk, part.selector == .all, let edge = part.endless {
      throw edge.place.error(
        "WALK without an end of its length goes on for ever; say {1,5}, or which paths are wanted")
    }
    if let edge = part.endlessWalkInGroup {
      throw edge.place.error("WALK within a group needs an end of its length, as in {1,5}")
    }
    return part
  }

  /// `shortestPath(…)` or `allShortestPaths(…)`.
  mutating func shortestPathFunction() throws -> PatternPart? {
    let functions = [("shortestPath", false), ("allShortestPaths", true)]
    guard isSign("(", at: 1), let (name, isAll) = functions.first(where: { isKeyword($0.0.uppercased()) })
    else {
      return nil
    }
    advance()
    try require("(")
    var part = try chain(inClause: true)
    try require(")")
    guard part.edges.count == 1 else { throw part.place.error("a shortest path is of one edge pattern") }
    if part.edges[0].length == nil { part.edges[0].length = 1...1 }
    if let length = part.edges[0].length, length.lowerBound > 1, length.lowerBound < .max - 1 {
      throw part.edges[0].place.error(
        "a shortest path begins with a length of 0 or 1 here; ANY SHORTEST takes others")
    }
    if !part.edges[0].group.isEmpty {
      throw part.edges[0].place.error("\(name)() takes one edge, and ANY SHORTEST takes groups")
    }
    nameElements(of: &part)
    (part.selector, part.isFunction) = (.shortest(isAll: isAll), true)
    return part
  }

  /// What is asked of each node or edge of a path is asked by a name, also where the query has none.
  private mutating func nameElements(of part: inout PatternPart) {
    let (node, edge) = (part.nodes[0], part.edges[0])
    part.nodes[0].variable = node.variable ?? hiddenVariable(at: node.place)
    part.edges[0].variable = edge.variable ?? hiddenVariable(at: edge.place)
  }

  /// `ANY`, `ANY k`, `ANY SHORTEST`, `ALL SHORTEST`, `SHORTEST k`, `SHORTEST k GROUPS`, and `WALK`, `TRAIL`, `ACYCLIC` or `SIMPLE`.
  private mutating func prefix() throws -> (selector: PatternPart.Selector, mode: PatternPart.Mode?) {
    var selector = PatternPart.Selector.all
    var mayBeGroups = false
    if take(keyword: "ANY", "SHORTEST") {
      selector = .shortest(isAll: false)
    } else if take(keyword: "ALL", "SHORTEST") {
      selector = .shortest(isAll: true)
    } else if take(keyword: "ANY", "CHEAPEST") {
      selector = .cheapest(1)
    } else if take(keyword: "CHEAPEST") {
      selector = .cheapest(try count() ?? 1)
    } else if take(keyword: "SHORTEST") {
      selector = .shortest(try count() ?? 1)
      mayBeGroups = true
    } else if take(keyword: "ANY") {
      selector = .shortest(try count() ?? 1)
    } else {
      _ = take(keyword: "ALL")
    }
    func takeGroups() throws {
      _ = take(keyword: "PATH") || take(keyword: "PATHS")
      let place = current.place
      guard take(keyword: "GROUP") || take(keyword: "GROUPS") else { return }
      guard mayBeGroups else { throw place.error("GROUPS goes with SHORTEST k, as in SHORTEST 2 GROUPS") }
      selector =
        if case .ranked(let count, _) = selector { .ranked(count, byGroups: true) } else {
          .shortest(isAll: true)
        }
    }
    // The mode stands before GROUPS, and behind it to be kind.
    try takeGroups()
    let mode = mode()
    try takeGroups()
    if case .word(let name, _) = current.kind, isSign("=", at: 1) {
      throw current.place.error(
        "the name of a path stands first, as in \(name) = ANY SHORTEST (a)-[:t]->+(b)")
    }
    if case .integer(let count) = current.kind, case .shortest = selector {
      throw current.place.error("so many of the shortest paths are SHORTEST \(count)")
    }
    if isKeyword("CHEAPEST") { throw current.place.error("so many of the cheapest paths are CHEAPEST 3") }
    return (selector, mode)
  }

  /// `p =`.
  private mutating func pathVariable() throws -> Variable? {
    guard case .word = current.kind, isSign("=", at: 1) else { return nil }
    let path = try variable()
    advance()
    return path
  }

  private mutating func mode() -> PatternPart.Mode? {
    guard case .word(let word, isQuoted: false) = current.kind,
      let mode = PatternPart.Mode(rawValue: word.lowercased())
    else { return nil }
    advance()
    return mode
  }

  /// How many paths are wanted: a number, or a parameter that is one.
  private mutating func count() throws -> Int? {
    let place = current.place
    let count: Int?
    if case .parameter(let name) = current.kind {
      advance()
      guard case .integer(let number) = try parameters.value(of: name, at: place) else {
        throw place.error("how many paths are wanted is an integer, and $\(name) is none")
      }
      count = number
    } else {
      count = try integer()
    }
    if let count, count < 1 { throw place.error("at least 1 path is asked for") }
    return count
  }

  /// `(a)-[r]->(b)…`, in which a chain in brackets may be walked again and again: `(a) ((x)-[r]->(y)){1,3} (b)`.
  ///
  /// - Parameter inClause: whether it stands where no expression may, in which `(a) - (b)` would be a difference.
  mutating func chain(inClause: Bool = false) throws -> PatternPart {
    let place = current.place
    var part = PatternPart(path: nil, nodes: [], edges: [], place: place)
    // Between a group and what stands beside it there may be no node.
    func missing() -> NodePattern { NodePattern(place: place) }
    if !beginsGroup(inClause: inClause) { part.nodes.append(try nodePattern()) }
    while true {
      if beginsGroup(inClause: inClause) {
        var group = try nested { try $0.group(inClause: inClause) }
        let goesOn = inClause && (isSign("(") || isSign("-") || isSign("<") || isSign("~"))
        if group.length == nil {
          // Brackets around a whole part.
          if part.nodes.isEmpty, !goesOn {
            var whole = group.group[0]
            whole.condition = .conjunction([whole.condition, group.condition], at: place)
            return whole
          }
          // The node behind it stands where its last one does.
          let next = isSign("(") && !beginsGroup(inClause: inClause) ? try nodePattern() : nil
          if part.takeIn(group, until: next) { continue }
          (group.length, group.isSingle) = (1...1, true)
          if part.nodes.count == part.edges.count { part.nodes.append(missing()) }
          part.edges.append(group)
          if let next { part.nodes.append(next) }
          continue
        }
        if part.nodes.count == part.edges.count { part.nodes.append(missing()) }
        part.edges.append(group)
      } else if isSign("("), part.nodes.count == part.edges.count {
        part.nodes.append(try nodePattern())
      } else if isSign("-") || isSign("<") || isSign("~"), part.nodes.count > part.edges.count || inClause {
        if part.nodes.count == part.edges.count { part.nodes.append(missing()) }
        part.edges.append(try edgePattern(inClause: inClause))
        if !beginsGroup(inClause: inClause) { part.nodes.append(try nodePattern()) }
      } else {
        break
      }
    }
    if part.nodes.count == part.edges.count { part.nodes.append(missing()) }
    return part
  }

  /// Whether brackets stand here around a chain: `((`, and where no expression may stand `(p = (` and `(TRAIL (`.
  private func beginsGroup(inClause: Bool) -> Bool {
    guard isSign("(") else { return false }
    if isSign("(", at: 1) { return true }
    guard inClause, case .word(let word, let isQuoted) = ahead(1).kind else { return false }
    return isSign("=", at: 2)
      || isSign("(", at: 2) && !isQuoted && PatternPart.Mode(rawValue: word.lowercased()) != nil
  }

  /// `((a)-[r]->(b) WHERE …){1,3}`, also with a name and a mode: `(p = TRAIL (a)-->(b)){1,3}`.
  private mutating func group(inClause: Bool) throws -> EdgePattern {
    var edge = EdgePattern(place: current.place)
    try require("(")
    let (path, mode) = inClause ? (try pathVariable(), mode()) : (nil, nil)
    var part = try chain(inClause: inClause)
    try part.take(path, mode)
    edge.group = [part]
    edge.condition = try condition()
    try require(")")
    _ = try takeQuantifier(of: &edge)
    return edge
  }

  mutating func nodePattern() throws -> NodePattern {
    let place = current.place
    try require("(")
    var node = NodePattern(place: place)
    node.variable = try optionalVariable()
    if isSign(":") || isKeyword("IS") {
      advance()
      node.labels = try labelExpression()
    }
    node.properties = try properties()
    node.condition = try condition()
    try require(")")
    return node
  }

  private mutating func properties() throws -> Expression? {
    if isSign("{") { return try atom() }
    if case .parameter(let name) = current.kind {
      let place = current.place
      advance()
      return .parameter(name, place)
    }
    return nil
  }

  /// `A`, `A|B`, `A&!B`, and the older `A:B` for both.
  mutating func labelExpression() throws -> LabelExpression {
    var alternatives = [try labelConjunction()]
    while take("|") {
      _ = take(":")
      alternatives.append(try labelConjunction())
    }
    return alternatives.count == 1 ? alternatives[0] : .or(alternatives)
  }

  /// Those of an expression.
  mutating func testedLabels() throws -> LabelExpression {
    endsAtBar ? try labelConjunction() : try labelExpression()
  }

  private mutating func labelConjunction() throws -> LabelExpression {
    var parts = [try labelAtom()]
    while take("&") || take(":") { parts.append(try labelAtom()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func labelAtom() throws -> LabelExpression {
    try nested { parser in
      if parser.take("!") { return .not(try parser.labelAtom()) }
      if parser.take("%") { return .any }
      if parser.take("(") {
        let inner = try parser.labelExpression()
        try parser.require(")")
        return inner
      }
      return .label(try parser.name("a label or a type"))
    }
  }

  mutating func edgePattern(inClause: Bool) throws -> EdgePattern {
    var edge = EdgePattern(place: current.place)
    let isLeft = take("<")
    // GQL's sign of what is undirected.
    let line = !isLeft && isSign("~") ? "~" : "-"
    if isLeft, isSign("~") {
      throw current.place.error("an undirected edge is ~[:t]~, and one that may also be directed -[:t]-")
    }
    try require(line)
    try refuse(adviceOnArrow)
    if take("[") {
      edge.variable = try optionalVariable()
      if take(":") || take(keyword: "IS") {
        let types = try labelExpression()
        if let names = types.alternatives { edge.types = names } else { edge.typeExpression = types }
      }
      if take("*") { edge.length = try starLength() }
      try refuse(adviceWithinEdge(hasLength: edge.length != nil))
      edge.properties = try properties()
      if take(keyword: "COST") { edge.cost = try expression() }
      edge.condition = try condition()
      if edge.cost == nil, take(keyword: "COST") { edge.cost = try expression() }
      try refuse(adviceWithinEdge(hasLength: edge.length != nil))
      try require("]")
      try refuse(adviceOnArrow)
      try require(line)
    } else if line == "-", !take("-"), !inClause {
      // In a clause `->`, `<-` and `-` are short for `-->`, `<--` and `--`.
      throw unexpected("'-'")
    }
    if line == "~", isSign(">") {
      throw current.place.error("an undirected edge is ~[:t]~, and one that may also be directed -[:t]-")
    }
    let isRight = line == "-" && take(">")
    if line == "~" { edge.requireUndirected(hiddenVariable(at: edge.place)) }
    edge.direction = isLeft == isRight ? .any : isLeft ? .in : .out
    let hasLength = edge.length != nil
    if try takeQuantifier(of: &edge), hasLength { throw edge.place.error("the edge has two lengths") }
    return edge
  }

  private func refuse(_ advice: String?) throws {
    if let advice { throw current.place.error("\(current.name) is not expected here; \(advice)") }
  }

  /// Behind `*`: `2`, `1..3`, `..3`, `2..` or nothing.
  private mutating func starLength() throws -> ClosedRange<Int> {
    let place = current.place
    let least = try bound()
    guard take("..") else {
      let count = least ?? 1
      return try range(count, least == nil ? .max : count, place)
    }
    return try range(least ?? 1, try bound() ?? .max, place)
  }

  /// - Returns: whether one stands here.
  private mutating func takeQuantifier(of edge: inout EdgePattern) throws -> Bool {
    if take("?") {
      (edge.length, edge.isSingle) = (0...1, true)
      return true
    }
    guard let length = try quantifier() else { return false }
    edge.length = length
    return true
  }

  /// Behind an edge: `+`, `*`, `{2,5}`, `{,5}`, `{3}`.
  private mutating func quantifier() throws -> ClosedRange<Int>? {
    let place = current.place
    if take("+") { return 1...(.max) }
    if take("*") { return 0...(.max) }
    guard take("{") else { return nil }
    let least = try bound()
    var most = least
    if isSign("..") { throw current.place.error("least and most stand between a comma, as in {1,3}") }
    if take(",") { most = try bound() ?? .max } else if least == nil { throw unexpected("a number") }
    try require("}")
    if let least, let most, most < least { throw place.error("{\(least),\(most)} ends before it begins") }
    return try range(least ?? 0, most ?? .max, place)
  }

  private func range(_ least: Int, _ most: Int, _ place: Place) throws -> ClosedRange<Int> {
    // What is never met matches nothing.
    least <= most ? least...most : (Int.max - 1)...(Int.max - 1)
  }

  /// Of a length.
  private mutating func bound() throws -> Int? {
    if case .parameter(let name) = current.kind {
      throw current.place.error("the bounds of a length are numbers, and here is $\(name)")
    }
    return try integer()
  }

  private mutating func integer() throws -> Int? {
    guard case .integer(let text) = current.kind else { return nil }
    guard let number = Int(text) else { throw current.place.error("the number \(text) is too large") }
    advance()
    return number
  }
}

extension EdgePattern {
  /// - Parameter hidden: what it is called where it has no name.
  fileprivate mutating func requireUndirected(_ hidden: Variable) {
    let variable = variable ?? hidden
    self.variable = variable
    let isUndirected = Expression.unary(.not, .isDirected(.variable(variable), place), place)
    condition = condition.map { .binary(.and, isUndirected, $0, place) } ?? isUndirected
  }
}

import KV

/// Makes a syntax tree of a query, by recursive descent.
struct Parser {
  private let tokens: [Token]
  private let scalars: [Unicode.Scalar]
  let parameters: Value.Members
  private var position = 0
  private var slots: [ByteKey: Int] = [:]
  private var depth = 0
  /// Whether a bar ends the expression in hand, as in `[n IN list WHERE n:User | n.id]`, and is none of its labels.
  private(set) var endsAtBar = false

  /// Where what was tried does not stand: what stands within brackets is read twice at most, however deep they are.
  private var failures: Set<Attempt> = []
  /// Where the attempt failed that got furthest, and why.
  private var furthestAttempt: (position: Int, error: any Error)?

  /// What may stand where something else may.
  struct Attempt: Hashable {
    enum Kind { case pattern, comprehension }
    var kind: Kind
    var position: Int
    var endsAtBar: Bool
  }

  /// How deep brackets and the like may stand inside of each other.
  private static let maximumDepth = 200

  /// - Parameter parameters: what counts of paths may be given by.
  /// - Returns: the query, and how many variables it has.
  static func parse(_ text: String, parameters: Value.Members = [:]) throws -> (
    query: Query, slotCount: Int
  ) {
    var parser = Parser(
      tokens: try Lexer.tokens(of: text), scalars: Array(text.unicodeScalars), parameters: parameters)
    do {
      let query = try parser.query()
      _ = parser.take(";")
      guard parser.current.kind == .end else { throw parser.unexpected("a clause or the end") }
      return (query, parser.slots.count)
    } catch {
      // The reading that got furthest is the one that was meant.
      if let attempt = parser.furthestAttempt, attempt.position > parser.position { throw attempt.error }
      throw error
    }
  }

  private init(tokens: [Token], scalars: [Unicode.Scalar], parameters: Value.Members) {
    (self.tokens, self.scalars, self.parameters) = (tokens, scalars, parameters)
  }

  // MARK: words

  var current: Token { tokens[position] }
  var previous: Token? { position > 0 ? tokens[position - 1] : nil }
  func ahead(_ count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }

  func unexpected(_ expected: String) -> KVError {
    current.place.error("expected \(expected), and here is \(current.name)\(advice.map { "; " + $0 } ?? "")")
  }

  func isKeyword(_ word: String, at offset: Int = 0) -> Bool {
    if case .word(let text, isQuoted: false) = ahead(offset).kind { return text.uppercased() == word }
    return false
  }

  func isSign(_ sign: String, at offset: Int = 0) -> Bool { ahead(offset).kind == .sign(sign) }

  mutating func advance(by count: Int) { for _ in 0..<count { advance() } }
  mutating func advance() { if position + 1 < tokens.count { position += 1 } }

  /// Takes a keyword, or several in a row, if it stands here.
  mutating func take(keyword words: String...) -> Bool {
    for (offset, word) in words.enumerated() where !isKeyword(word, at: offset) { return false }
    for _ in words { advance() }
    return true
  }

  mutating func take(_ sign: String) -> Bool {
    guard isSign(sign) else { return false }
    advance()
    return true
  }

  mutating func require(_ sign: String) throws {
    if !take(sign) { throw unexpected("'\(sign)'") }
  }

  mutating func require(keyword: String) throws {
    if !take(keyword: keyword) { throw unexpected(keyword) }
  }

  mutating func name(_ what: String) throws -> String {
    guard case .word(let text, _) = current.kind else { throw unexpected(what) }
    advance()
    return text
  }

  mutating func variable(named name: String, at place: Place) -> Variable {
    let slot = slots[ByteKey(name)] ?? slots.count
    slots[ByteKey(name)] = slot
    return Variable(name: name, slot: slot, place: place)
  }

  /// One that the query does not name.
  mutating func hiddenVariable(at place: Place) -> Variable {
    variable(named: "\(Variable.hiddenMark)\(place.line):\(place.column)", at: place)
  }

  mutating func variable() throws -> Variable {
    let place = current.place
    return variable(named: try name("a variable"), at: place)
  }

  /// A variable if a name stands here that is none of the words that may follow.
  mutating func optionalVariable() throws -> Variable? {
    guard case .word = current.kind, !isKeyword("WHERE"), !isCost else { return nil }
    // `(IS A)` is of a label, and `(is)` of a variable.
    if isKeyword("IS") {
      let isFollowed = ["WHERE", "COST", "IS"].contains { isKeyword($0, at: 1) }
      if case .word = ahead(1).kind, !isFollowed { return nil }
      if isSign("!", at: 1) || isSign("%", at: 1) || isSign("(", at: 1) { return nil }
    }
    return try variable()
  }

  /// Whether COST stands here and what an edge costs behind it, and not a variable of that name.
  private var isCost: Bool {
    guard isKeyword("COST") else { return false }
    return !["]", ")", ":", "{", "*", "|"].contains { isSign($0, at: 1) }
      && !["WHERE", "COST", "IS"].contains { isKeyword($0, at: 1) }
  }

  /// Reads what may stand here, or nothing.
  mutating func attempt<Result>(_ kind: Attempt.Kind, _ read: (inout Parser) throws -> Result?)
    -> Result?
  {
    let attempt = Attempt(kind: kind, position: position, endsAtBar: endsAtBar)
    if failures.contains(attempt) { return nil }
    do {
      if let result = try read(&self) { return result }
    } catch {
      if position > furthestAttempt?.position ?? -1 { furthestAttempt = (position, error) }
    }
    failures.insert(attempt)
    position = attempt.position
    return nil
  }

  /// Reads what stands before a bar, or, with `false`, within brackets of its own.
  mutating func beforeBar<Result>(_ endsAtBar: Bool = true, _ read: (inout Parser) throws -> Result) rethrows
    -> Result
  {
    let outer = self.endsAtBar
    self.endsAtBar = endsAtBar
    defer { self.endsAtBar = outer }
    return try read(&self)
  }

  /// Reads something that may hold itself.
  mutating func nested<Result>(_ read: (inout Parser) throws -> Result) throws -> Result {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw current.place.error("this is nested too deeply") }
    return try read(&self)
  }

  /// The text from a word up to here.
  func text(from start: Int) -> String {
    guard start < position else { return "" }
    let range = tokens[start].range.lowerBound..<tokens[position - 1].range.upperBound
    return String(String.UnicodeScalarView(scalars[range]))
  }

  var mark: Int { position }
  mutating func goBack(to mark: Int) { position = mark }

  // MARK: clauses

  mutating func query() throws -> Query {
    let place = current.place
    var parts = [try clauses()]
    var isAll: Bool?
    while take(keyword: "UNION") {
      let all = !take(keyword: "DISTINCT") && take(keyword: "ALL")
      if let isAll, isAll != all { throw current.place.error("UNION and UNION ALL do not go together") }
      isAll = all
      parts.append(try clauses())
    }
    return Query(parts: parts, isAll: isAll ?? false, place: place)
  }

  private mutating func clauses() throws -> [Clause] {
    var clauses: [Clause] = []
    while let clause = try clause() { clauses.append(clause) }
    if clauses.isEmpty { throw unexpected("MATCH, RETURN or another clause") }
    return clauses
  }

  private mutating func clause() throws -> Clause? {
    let place = current.place
    if take(keyword: "OPTIONAL", "MATCH") { return .match(try match(isOptional: true, place)) }
    if take(keyword: "MATCH") { return .match(try match(isOptional: false, place)) }
    if take(keyword: "UNWIND") {
      let list = try expression()
      try require(keyword: "AS")
      return .unwind(list, try variable())
    }
    if take(keyword: "WITH") {
      let projection = try projection(place)
      return .with(projection, where: try condition())
    }
    if take(keyword: "RETURN") { return .return(try projection(place)) }
    if take(keyword: "CREATE") { return .create(try patternParts(), place) }
    if take(keyword: "MERGE") { return try merge(place) }
    if take(keyword: "SET") { return .set(try setItems(), place) }
    if take(keyword: "REMOVE") {
      var items = [try removeItem()]
      while take(",") { items.append(try removeItem()) }
      return .remove(items, place)
    }
    let isDetaching = take(keyword: "DETACH")
    if take(keyword: "DELETE") {
      var items = [try expression()]
      while take(",") { items.append(try expression()) }
      return .delete(items, isDetaching: isDetaching, place)
    }
    if isDetaching { throw unexpected("DELETE") }
    if isKeyword("CALL") { throw place.error("CALL is not here: there are no procedures") }
    if isKeyword("LOAD") { throw place.error("LOAD is not here: files are imported") }
    return nil
  }

  private mutating func match(isOptional: Bool, _ place: Place) throws -> Clause.Match {
    let parts = try matchedParts()
    return Clause.Match(isOptional: isOptional, parts: parts, condition: try condition(), place: place)
  }

  mutating func condition() throws -> Expression? { take(keyword: "WHERE") ? try conditionExpression() : nil }

  /// An expression that is true or false.
  mutating func conditionExpression() throws -> Expression {
    let place = current.place
    let expression = try expression()
    if expression.isNoCondition { throw place.error("a condition is true or false") }
    return expression
  }

  private mutating func merge(_ place: Place) throws -> Clause {
    let part = try patternPart()
    var onCreate: [SetItem] = []
    var onMatch: [SetItem] = []
    while take(keyword: "ON") {
      if take(keyword: "CREATE") {
        try require(keyword: "SET")
        onCreate += try setItems()
      } else {
        try require(keyword: "MATCH")
        try require(keyword: "SET")
        onMatch += try setItems()
      }
    }
    return .merge(part, onCreate: onCreate, onMatch: onMatch, place)
  }

  private mutating func setItems() throws -> [SetItem] {
    var items = [try setItem()]
    while take(",") { items.append(try setItem()) }
    return items
  }

  private mutating func setItem() throws -> SetItem {
    let start = mark
    if case .word = current.kind {
      let target = try variable()
      if isSign(":") { return .labels(target, try labelNames()) }
      if take("=") { return .properties(target, try expression(), isMerging: false) }
      if take("+=") { return .properties(target, try expression(), isMerging: true) }
      goBack(to: start)
    }
    let place = current.place
    guard case .property(let owner, let name, _) = try postfix() else {
      throw place.error("SET needs a property, a variable or labels")
    }
    try require("=")
    return .property(owner, name, try expression(), place)
  }

  private mutating func removeItem() throws -> RemoveItem {
    let start = mark
    if case .word = current.kind {
      let target = try variable()
      if isSign(":") { return .labels(target, try labelNames()) }
      goBack(to: start)
    }
    let place = current.place
    guard case .property(let owner, let name, _) = try postfix() else {
      throw place.error("REMOVE needs a property or labels")
    }
    return .property(owner, name, place)
  }

  private mutating func labelNames() throws -> [String] {
    var names: [String] = []
    while take(":") { names.append(try name("a label")) }
    return names
  }

  private mutating func projection(_ place: Place) throws -> Projection {
    var projection = Projection(place: place)
    projection.isDistinct = take(keyword: "DISTINCT")
    if take("*") {
      projection.isStar = true
    } else {
      projection.items.append(try projectionItem())
    }
    while take(",") { projection.items.append(try projectionItem()) }
    if take(keyword: "ORDER", "BY") {
      repeat {
        let expression = try expression()
        let isDescending = take(keyword: "DESC") || take(keyword: "DESCENDING")
        if !isDescending { _ = take(keyword: "ASC") || take(keyword: "ASCENDING") }
        var nullsFirst = isDescending
        if take(keyword: "NULLS", "FIRST") {
          nullsFirst = true
        } else if take(keyword: "NULLS", "LAST") {
          nullsFirst = false
        }
        projection.order.append(
          Projection.SortItem(expression: expression, isDescending: isDescending, nullsFirst: nullsFirst))
      } while take(",")
    }
    if take(keyword: "SKIP") || take(keyword: "OFFSET") { projection.skip = try bound() }
    if take(keyword: "LIMIT") { projection.limit = try bound() }
    projection.numberAggregations()
    return projection
  }

  private mutating func bound() throws -> Projection.Bound {
    let place = current.place
    return Projection.Bound(expression: try expression(), place: place)
  }

  private mutating func projectionItem() throws -> Projection.Item {
    let (start, place) = (mark, current.place)
    let expression = try expression()
    let text = text(from: start)
    if take(keyword: "AS") {
      let variable = try variable()
      return Projection.Item(expression: expression, variable: variable, name: variable.name, isAliased: true)
    }
    if case .variable(let variable) = expression {
      return Projection.Item(expression: expression, variable: variable, name: variable.name, isAliased: true)
    }
    return Projection.Item(
      expression: expression, variable: variable(named: text, at: place), name: text, isAliased: false)
  }
}

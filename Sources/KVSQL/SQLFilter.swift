import KV

extension Page {
  /// Throws invalid data where a page does not begin behind its bound, and would come again and again: a key that another program has written
  /// as bytes, or with a zero in it.
  func check(first: String?) throws {
    guard let after, let first, !after.utf8.lexicographicallyPrecedes(first.utf8) else { return }
    throw KVError(
      .invalidData,
      "the key \(JSON(first)) is stored as bytes or holds a zero, and does not stand in its order")
  }
}

/// The clauses that choose records, with their parameters.
struct SQLFilter {
  private var conditions: [String] = []
  private(set) var parameters: [SQLValue] = []
  private let key: String
  private var part = ""

  init(_ selection: Selection, _ dialect: SQLDialect) { self.init(selection, after: nil, dialect) }

  private init(_ selection: Selection, after: String?, _ dialect: SQLDialect) {
    key = dialect.byteOrdered("key")
    let (from, to) = selection.bounds
    // One lower bound: of two, SQLite would begin at the first, and read all earlier pages again for each page.
    if let after, !after.utf8.lexicographicallyPrecedes(from.utf8) {
      addBound(">", after)
    } else if !from.isEmpty {
      addBound(">=", from)
    }
    if let to { addBound("<", to) }
    if case .type(let type) = selection {
      if type.utf8.contains(0) { conditions.append("1 = 0") } else { add("type = ", .text(type)) }
    }
  }

  /// - Parameter comparison: `>`, `>=` or `<`.
  private mutating func addBound(_ comparison: String, _ bound: String) {
    guard let zero = bound.unicodeScalars.firstIndex(of: "\0") else {
      return add("\(key) \(comparison) ", .text(bound))
    }
    // No key holds it, and PostgreSQL takes it in no parameter: below such a bound is what ends before it, or comes before that.
    add("\(key) \(comparison == "<" ? "<=" : ">") ", .text(String(bound[..<zero])))
  }

  /// A part of a selection: with order, limit and offset.
  init(_ selection: Selection, page: Page, _ dialect: SQLDialect) {
    self.init(selection, after: page.after, dialect)
    let limit = bind(.integer(page.limit ?? Int.max))
    let offset = bind(.integer(page.offset))
    part = " order by \(key) limit \(limit) offset \(offset)"
  }

  private mutating func bind(_ value: SQLValue) -> String {
    parameters.append(value)
    return "?\(parameters.count)"
  }

  private mutating func add(_ comparison: String, _ value: SQLValue) {
    conditions.append(comparison + bind(value))
  }

  var clause: String {
    (conditions.isEmpty ? "" : " where " + conditions.joined(separator: " and ")) + part
  }
}

import KV

/// A condition on edges, as people write it:
///
///     since >= "2024-01-15" and status = "active"
///     @type != "blocks" and not (address.city = "Ulm" or exists tags.0)
///
/// A name is a member of the edge's data, dots lead inside, a number is a position in an array, backquotes hold any text. `@type`,
/// `@from.type`, `@from.id`, `@to.type` and `@to.id` are the edge's own. Literals are JSON's: strings, numbers, `true`, `false`,
/// `null`. Operators: `=`, `!=`, `<`, `<=`, `>`, `>=`; `not` before `and` before `or`. What is not there is as `null`; `exists`
/// tells the difference. Values of different kinds are unequal and in no order; strings are ordered by their bytes.
public struct EdgePredicate: Sendable {
  private let expression: PredicateExpression

  /// Throws a usage error that names the column, from 1.
  public init(_ text: String) throws {
    var parser = PredicateParser(text, own: [.type, .fromType, .fromID, .toType, .toID])
    expression = try parser.parse()
  }

  /// Whether it names something in the edge's data.
  var looksAtData: Bool {
    expression.operands.contains { if case .member = $0 { true } else { false } }
  }

  /// Whether it asks for nothing but the edge's type.
  var isOfTypes: Bool {
    expression.operands.allSatisfy { operand in
      switch operand {
      case .literal, .own(.type): true
      case .member, .own: false
      }
    }
  }

  /// Whether the condition holds for the edge. Names are looked up in ``Edge/data``; nothing is read from the store.
  public func admits(_ edge: Edge) -> Bool {
    expression.holds(in: edge.data) { part in
      switch part {
      case .type: JSON(edge.type)
      case .fromType: JSON(edge.from.type)
      case .fromID: JSON(edge.from.id)
      case .toType: JSON(edge.to.type)
      case .toID: JSON(edge.to.id)
      case .id: nil
      }
    }
  }
}

/// A condition on nodes, written as an ``EdgePredicate`` is: names are members of the node's record, `@type` and `@id` its own.
public struct NodePredicate: Sendable {
  private let expression: PredicateExpression

  /// Throws a usage error that names the column, from 1.
  public init(_ text: String) throws {
    var parser = PredicateParser(text, own: [.type, .id])
    expression = try parser.parse()
  }

  /// Whether the condition holds for the node. Names are looked up in ``Node/value``; nothing is read from the store.
  public func admits(_ node: Node) -> Bool {
    expression.holds(in: node.value) { part in
      switch part {
      case .type: JSON(node.reference.type)
      case .id: JSON(node.reference.id)
      case .fromType, .fromID, .toType, .toID: nil
      }
    }
  }
}

indirect enum PredicateExpression: Sendable {
  case or(PredicateExpression, PredicateExpression)
  case and(PredicateExpression, PredicateExpression)
  case not(PredicateExpression)
  case exists(Operand)
  case comparison(Operand, Comparison, Operand)

  enum Operand: Sendable {
    case member([Substring])
    case own(OwnPart)
    case literal(JSON)
  }

  /// What a node or an edge is, beside its data.
  enum OwnPart: String, Sendable {
    case type, id
    case fromType = "from.type"
    case fromID = "from.id"
    case toType = "to.type"
    case toID = "to.id"
  }

  enum Comparison: String, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
  }

  var operands: [Operand] {
    switch self {
    case .or(let left, let right), .and(let left, let right): left.operands + right.operands
    case .not(let inner): inner.operands
    case .exists(let operand): [operand]
    case .comparison(let left, _, let right): [left, right]
    }
  }

  /// - Parameters:
  ///   - data: in which names are looked up.
  ///   - own: gives the parts behind `@`.
  func holds(in data: JSON?, own: (OwnPart) -> JSON?) -> Bool {
    func value(_ operand: Operand) -> JSON? {
      switch operand {
      case .member(let path): data?.member(at: path[...])
      case .own(let part): own(part)
      case .literal(let value): value
      }
    }
    switch self {
    case .or(let left, let right): return left.holds(in: data, own: own) || right.holds(in: data, own: own)
    case .and(let left, let right): return left.holds(in: data, own: own) && right.holds(in: data, own: own)
    case .not(let inner): return !inner.holds(in: data, own: own)
    case .exists(let operand): return value(operand) != nil
    case .comparison(let left, let comparison, let right):
      return comparison.holds(value(left) ?? .null, value(right) ?? .null)
    }
  }
}

extension PredicateExpression.Comparison {
  func holds(_ left: JSON, _ right: JSON) -> Bool {
    guard let order = left.order(to: right) else { return self == .unequal }
    return switch self {
    case .equal: order == 0
    case .unequal: order != 0
    case .less: order < 0
    case .atMost: order <= 0
    case .greater: order > 0
    case .atLeast: order >= 0
    }
  }
}

extension JSON {
  /// Below 0 where it comes before the other, 0 where they are equal, `nil` where they have no order.
  func order(to other: JSON) -> Int? {
    switch (kind, other.kind) {
    case (.number, .number): return numericOrder(to: other)
    case (.string, .string):
      guard let left = string, let right = other.string else { return nil }
      if left.hasSameBytes(as: right) { return 0 }
      return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    default: return self == other ? 0 : nil
    }
  }
}

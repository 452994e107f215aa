import KV

extension Expression {
  /// Whether both say the same of the same variables. What has patterns inside is the same as nothing else.
  func isSame(as other: Expression) -> Bool {
    guard let own = ownParts, own == other.ownParts else { return false }
    let (children, others) = (children, other.children)
    return children.count == others.count && zip(children, others).allSatisfy { $0.isSame(as: $1) }
  }

  /// What it is, without what is inside of it; `nil` where that has patterns.
  private var ownParts: [ByteKey]? {
    func parts(_ texts: String?...) -> [ByteKey] { texts.map { ByteKey($0 ?? "") } }
    func isThere(_ expression: Expression?) -> String { expression == nil ? "-" : "+" }
    return switch self {
    // 1 and 1.0 are equal, and divide otherwise.
    case .literal(let value): parts("literal", value.kind, "\(value)")
    case .parameter(let name, _): parts("parameter", name)
    case .variable(let variable): parts("variable", "\(variable.slot)")
    case .property(_, let name, _): parts("property", name)
    case .subscripted: parts("element")
    case .slice(_, let from, let to, _): parts("slice", isThere(from), isThere(to))
    case .list: parts("list")
    case .map(let items): parts("map") + items.map { ByteKey($0.name) }
    case .unary(let kind, _, _): parts("unary", "\(kind)")
    case .binary(let kind, _, _, _): parts("binary", kind.rawValue)
    case .comparison(_, let rest, _): parts("comparison") + rest.map { ByteKey($0.sign.rawValue) }
    case .isNull(_, let negated): parts("null", "\(negated)")
    case .hasLabels(_, let labels, _): parts("labels", "\(labels)")
    case .call(let call): parts("call", call.function, "\(call.isDistinct)", "\(call.isStar)")
    case .cases(let subject, _, let otherwise): parts("case", isThere(subject), isThere(otherwise))
    case .listComprehension(let item, _, let condition, let map):
      parts("comprehension", "\(item.slot)", isThere(condition), isThere(map))
    case .quantifier(let kind, let item, _, _, _): parts("quantifier", kind.rawValue, "\(item.slot)")
    case .reduce(let accumulator, _, let item, _, _):
      parts("reduce", "\(accumulator.slot)", "\(item.slot)")
    case .mapProjection(_, let items, let isAll, _):
      parts("projection", "\(isAll)") + items.flatMap { parts($0.name, isThere($0.value)) }
    case .subquery, .patternComprehension: nil
    }
  }
}

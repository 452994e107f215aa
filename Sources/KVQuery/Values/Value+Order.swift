import KV

extension Value {
  /// `=`: true, false, or `nil` where that is not known because of a null.
  static func equals(_ left: Value, _ right: Value) -> Bool? {
    switch (left, right) {
    case (.null, _), (_, .null): return nil
    case (.boolean(let left), .boolean(let right)): return left == right
    case (.integer(let left), .integer(let right)): return left == right
    case (.float(let left), .float(let right)): return left == right
    case (.integer(let left), .float(let right)), (.float(let right), .integer(let left)):
      return compare(left, right) == 0
    case (.string(let left), .string(let right)): return left.hasSameBytes(as: right)
    case (.node(let left), .node(let right)): return left.isSame(as: right)
    case (.edge(let left), .edge(let right)): return left.isSame(as: right)
    case (.path(let left), .path(let right)):
      return left.nodes.count == right.nodes.count
        && zip(left.nodes, right.nodes).allSatisfy { $0.isSame(as: $1) }
        && zip(left.edges, right.edges).allSatisfy { $0.isSame(as: $1) }
    case (.temporal(let left), .temporal(let right)): return left == right
    case (.duration(let left), .duration(let right)): return left == right
    case (.list(let left), .list(let right)):
      guard left.count == right.count else { return false }
      var result: Bool? = true
      for (left, right) in zip(left, right) {
        switch equals(left, right) {
        case false?: return false
        case nil: result = nil
        case true?: break
        }
      }
      return result
    case (.map(let left), .map(let right)):
      guard left.count == right.count, left.allSatisfy({ right[$0.name] != nil }) else { return false }
      var result: Bool? = true
      for (name, value) in left {
        switch equals(value, right[name] ?? .null) {
        case false?: return false
        case nil: result = nil
        case true?: break
        }
      }
      return result
    default: return false
    }
  }

  /// An integer beside a float, exactly: below 0, 0 or above; `nil` for no number.
  private static func compare(_ left: Int, _ right: Double) -> Int? {
    if right.isNaN { return nil }
    if right >= 9.3e18 { return -1 }
    if right <= -9.3e18 { return 1 }
    let whole = right.rounded(.towardZero)
    guard let integer = Int(exactly: whole) else { return right > 0 ? -1 : 1 }
    if left != integer { return left < integer ? -1 : 1 }
    return right == whole ? 0 : right > whole ? -1 : 1
  }

  /// `<` and its like: below 0, 0 or above; `nil` where two values have no order.
  static func compare(_ left: Value, _ right: Value) -> Int? {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): return left < right ? -1 : left == right ? 0 : 1
    case (.float(let left), .float(let right)):
      return left.isNaN || right.isNaN ? nil : left < right ? -1 : left == right ? 0 : 1
    case (.integer(let left), .float(let right)): return compare(left, right)
    case (.float(let left), .integer(let right)): return compare(right, left).map { -$0 }
    case (.string(let left), .string(let right)): return order(left, right)
    case (.boolean(let left), .boolean(let right)): return left == right ? 0 : left ? 1 : -1
    case (.temporal(let left), .temporal(let right)) where left.kind == right.kind:
      return left < right ? -1 : left == right ? 0 : 1
    case (.list(let left), .list(let right)):
      for (left, right) in zip(left, right) {
        guard let order = compare(left, right) else { return nil }
        if order != 0 { return order }
      }
      return left.count < right.count ? -1 : left.count == right.count ? 0 : 1
    default: return nil
    }
  }

  private static func order(_ left: String, _ right: String) -> Int {
    if left.hasSameBytes(as: right) { return 0 }
    return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
  }

  /// The order of all values that ORDER BY has: maps, nodes, edges, lists, paths, times, durations, strings, booleans,
  /// numbers, null.
  static func sortOrder(_ left: Value, _ right: Value) -> Int {
    let (first, second) = (left.rank, right.rank)
    if first != second { return first < second ? -1 : 1 }
    switch (left, right) {
    case (.node(let left), .node(let right)): return order(left.path, right.path)
    case (.edge(let left), .edge(let right)): return left.isSame(as: right) ? 0 : order(left.key, right.key)
    case (.list(let left), .list(let right)):
      for (left, right) in zip(left, right) {
        let order = sortOrder(left, right)
        if order != 0 { return order }
      }
      return left.count < right.count ? -1 : left.count == right.count ? 0 : 1
    case (.map(let left), .map(let right)):
      for (one, another) in zip(left, right) {
        let names = order(one.name, another.name)
        if names != 0 { return names }
        let order = sortOrder(one.value, another.value)
        if order != 0 { return order }
      }
      return left.count < right.count ? -1 : left.count == right.count ? 0 : 1
    case (.path(let left), .path(let right)):
      for (left, right) in zip(left.nodes, right.nodes) where left !== right {
        let order = order(left.path, right.path)
        if order != 0 { return order }
      }
      for (left, right) in zip(left.edges, right.edges) where !left.isSame(as: right) {
        let order = order(left.key, right.key)
        if order != 0 { return order }
      }
      return left.edges.count < right.edges.count ? -1 : left.edges.count == right.edges.count ? 0 : 1
    case (.temporal(let left), .temporal(let right)): return left < right ? -1 : left == right ? 0 : 1
    case (.duration(let left), .duration(let right)):
      if left.span != right.span { return left.span < right.span ? -1 : 1 }
      return left == right ? 0 : order(left.description, right.description)
    case (.float(let left), .float(let right)) where left.isNaN || right.isNaN:
      return left.isNaN == right.isNaN ? 0 : left.isNaN ? 1 : -1
    case (.float(let left), .integer) where left.isNaN: return 1
    case (.integer, .float(let right)) where right.isNaN: return -1
    default: return compare(left, right) ?? 0
    }
  }

  private var rank: Int {
    switch self {
    case .map: 0
    case .node: 1
    case .edge: 2
    case .list: 3
    case .path: 4
    case .temporal: 5
    case .duration: 6
    case .string: 7
    case .boolean: 8
    case .integer, .float: 9
    case .null: 10
    }
  }
}

/// Values as keys of groups and of DISTINCT: equal numbers are one, and so are nulls.
struct ValueKey: Hashable {
  let values: [Value]

  static func == (left: ValueKey, right: ValueKey) -> Bool {
    left.values.count == right.values.count
      && zip(left.values, right.values).allSatisfy { isSame($0, $1) }
  }

  private static func isSame(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.node(let left), .node(let right)): left.isSame(as: right)
    case (.edge(let left), .edge(let right)): left.isSame(as: right)
    default: Value.sortOrder(left, right) == 0
    }
  }

  func hash(into hasher: inout Hasher) {
    for value in values { Self.hash(value, into: &hasher) }
  }

  private static func hash(_ value: Value, into hasher: inout Hasher) {
    switch value {
    case .null: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(Double(value))
    case .float(let value): hasher.combine(value.isNaN ? .infinity : value)
    case .string(let value): hasher.combine(ByteKey(value))
    case .list(let values): for value in values { hash(value, into: &hasher) }
    case .map(let members): for name in members.names { hasher.combine(ByteKey(name)) }
    case .node(let node): hasher.combine(node.reference)
    case .edge(let edge): edge.hash(into: &hasher)
    case .path(let path): for edge in path.edges { edge.hash(into: &hasher) }
    case .temporal(let temporal): hasher.combine(temporal)
    case .duration(let duration): hasher.combine(duration)
    }
  }
}

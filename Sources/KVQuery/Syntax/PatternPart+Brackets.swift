/// Brackets without a quantifier around a piece of a chain change nothing of what is in them.
extension PatternPart {
  /// Takes in the chain within such brackets as if they were not there.
  /// - Parameter next: the node behind them.
  /// - Returns: false where nodes that stand together have two names, or the brackets a name or a mode of their own.
  mutating func takeIn(_ group: EdgePattern, until next: NodePattern?) -> Bool {
    guard let inner = group.group.first, inner.path == nil, inner.ownMode == nil,
      let innerFirst = inner.nodes.first,
      let innerLast = inner.nodes.last, !inner.edges.isEmpty
    else { return false }
    let isOpen = nodes.count == edges.count
    guard let first = isOpen ? innerFirst : nodes.last?.joined(with: innerFirst),
      let last = next.map({ innerLast.joined(with: $0) }) ?? innerLast
    else { return false }
    if !isOpen { nodes.removeLast() }
    nodes += [first] + inner.nodes.dropFirst().dropLast() + [last]
    edges += inner.edges
    condition = .conjunction([condition, inner.condition, group.condition], at: group.place)
    return true
  }
}

extension NodePattern {
  /// One pattern for two that stand together; `nil` where both have a name, and not the same, or parameters for
  /// properties or one property twice.
  fileprivate func joined(with other: NodePattern) -> NodePattern? {
    if let variable, let otherVariable = other.variable, variable.slot != otherVariable.slot { return nil }
    var joined = self
    joined.variable = variable ?? other.variable
    switch (properties, other.properties) {
    case (.map(let own)?, .map(let others)?) where Set(own.map(\.name)).isDisjoint(with: others.map(\.name)):
      joined.properties = .map(own + others)
    case (_?, _?): return nil
    default: joined.properties = properties ?? other.properties
    }
    let labels = [labels, other.labels].compactMap { $0 }
    joined.labels = labels.count > 1 ? .and(labels) : labels.first
    joined.condition = .conjunction([condition, other.condition], at: place)
    return joined
  }
}

import KV
import KVGraph

/// By what nodes are read without looking at others: ids of nodes with a label, or what `id(n)` gives.
struct KeyLookup {
  /// The label that goes with the ids; `nil` where the operand gives whole names, `Type:id`.
  var label: String?
  var operand: Expression
  /// Whether the operand is a list of them.
  var isList: Bool
}

extension NodePattern {
  /// The keys that a pattern or its WHERE names, by what is bound.
  func key(isBound: (Int) -> Bool) -> KeyLookup? {
    let label: String? = if case .label(let label)? = labels { label } else { nil }
    let usable = allLookups.filter { lookup in
      (lookup.attribute == nil || lookup.attribute == "id" && label != nil)
        && lookup.operand.variables.allSatisfy(isBound)
    }
    for sign in [AttributeLookup.Sign.equal, .isIn] {
      guard let found = usable.first(where: { $0.sign == sign }) else { continue }
      return KeyLookup(
        label: found.attribute == nil ? nil : label, operand: found.operand, isList: sign == .isIn)
    }
    return nil
  }
}

extension Matcher {
  /// The nodes that keys name, in the order of their keys.
  func nodes(of key: KeyLookup, _ row: Row) async throws -> [QueryNode] {
    // What cannot be computed is said where a node is asked for it.
    guard let value = try await known(key.operand, row) else { return try await allNodes() }
    let values = if key.isList, case .list(let values) = value { values } else { [value] }
    var texts: [String] = []
    for value in values {
      switch value {
      case .string(let text): texts.append(text)
      case .integer(let number) where key.label != nil: texts.append(String(number))
      default: continue
      }
    }
    let found = try await nodes(named: Set(texts.map { ByteKey($0) }).map(\.text), key.label)
    // What the query has set has another key, and perhaps the label.
    if isWriting, found.count < texts.count { return try await allNodes() }
    return found.sorted { $0.path < $1.path }
  }

  private func nodes(named texts: [String], _ label: String?) async throws -> [QueryNode] {
    var found: [QueryNode] = []
    guard let label else {
      for reference in texts.compactMap({ NodeReference($0) }) where try await graph.exists(reference) {
        found.append(graph.node(reference))
      }
      return found
    }
    // A further label only a record gives, of whichever type.
    let types = try await graph.recordedTypes().filter { !$0.utf8.elementsEqual(label.utf8) }
    let others = texts.flatMap { text in types.map { graph.node(NodeReference(type: $0, id: text)) } }
    let own = texts.map { graph.node(NodeReference(type: label, id: $0)) }
    try await graph.load(own + others)
    for node in own where try await graph.exists(node.reference) { found.append(node) }
    return found + others.filter { $0.furtherLabels.contains(label) }
  }
}

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
  /// The nodes that keys name, row by row, each time in the order of their keys. Cost: one request for all, and one for each node without a
  /// record.
  func nodes(of key: KeyLookup, _ rows: [Row]) async throws -> [[QueryNode]] {
    var names: [Set<ByteKey>?] = []
    for row in rows { names.append(try await self.names(of: key, row)) }
    let named = try await nodes(
      named: Set(names.lazy.compactMap { $0 }.joined()), key.label)
    var found: [[QueryNode]] = []
    for names in names {
      // What cannot be computed is said where a node is asked for it.
      guard let names else {
        found.append(Array(try await graph.allNodes()))
        continue
      }
      var nodes = names.flatMap { named[$0] ?? [] }
      if let label = key.label, isWriting {
        var seen = Set(nodes.map { ObjectIdentifier($0) })
        for node in names.flatMap({ graph.labelledNodes(id: $0.text) })
        where node.furtherLabels.hasBytes(of: label) && seen.insert(ObjectIdentifier(node)).inserted {
          nodes.append(node)
        }
      }
      found.append(nodes.sorted { $0.path < $1.path })
    }
    return found
  }

  /// Reads what keys name for rows that will ask for it one by one.
  func read(_ key: KeyLookup, for rows: some Sequence<Row>) async throws {
    var all: Set<ByteKey> = []
    for row in rows { all.formUnion(try await names(of: key, row) ?? []) }
    _ = try await nodes(named: all, key.label)
  }

  /// `nil` where they cannot be computed.
  private func names(of key: KeyLookup, _ row: Row) async throws -> Set<ByteKey>? {
    guard let value = try await known(key.operand, row) else { return nil }
    let values = if key.isList, case .list(let values) = value { values } else { [value] }
    return values.reduce(into: []) { names, value in
      if case .string(let name) = value.asID { names.insert(ByteKey(name)) }
    }
  }

  private func nodes(named names: Set<ByteKey>, _ label: String?) async throws -> [ByteKey: [QueryNode]] {
    var found: [ByteKey: [QueryNode]] = [:]
    // A further label only a record gives, of whichever type.
    var others: [String] = []
    if let label { others = try await graph.recordedTypes().filter { !$0.hasSameBytes(as: label) } }
    var candidates: [(name: ByteKey, own: QueryNode, others: [QueryNode])] = []
    for name in names {
      guard let own = label.map({ NodeReference(type: $0, id: name.text) }) ?? NodeReference(name.text) else {
        continue
      }
      candidates.append(
        (name, graph.node(own), others.map { graph.node(NodeReference(type: $0, id: name.text)) }))
    }
    try await graph.load(candidates.flatMap { [$0.own] + $0.others })
    // Without a record a node is there by its edges, which a query that writes will need.
    if isWriting {
      try await graph.readAll(at: candidates.lazy.map(\.own).filter { !$0.isDeclared && !$0.isNew })
    }
    for (name, own, others) in candidates {
      if try await graph.exists(own.reference) { found[name, default: []].append(own) }
      guard let label else { continue }
      for other in others where other.furtherLabels.hasBytes(of: label) {
        if try await graph.exists(other.reference) { found[name, default: []].append(other) }
      }
    }
    return found
  }
}

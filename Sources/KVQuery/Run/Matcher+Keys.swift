import KV
import KVGraph

/// By what nodes are read without looking at others: by ids, or by what `id(n)` gives.
struct KeyLookup {
  /// Whether the operand gives whole names, `Type:id`, and no ids.
  var isWhole: Bool
  /// The label that goes with the ids; `nil` where they may be of any.
  var label: String?
  var operand: Expression
  /// Whether the operand is a list of them.
  var isList: Bool

  /// Whether the ids may be those of nodes of any type.
  var isOfAnyType: Bool { !isWhole && label == nil }
}

extension NodePattern {
  /// The keys that a pattern or its WHERE names, by what is bound.
  func key(isBound: (Int) -> Bool) -> KeyLookup? {
    let label: String? = if case .label(let label)? = labels { label } else { nil }
    let usable = allLookups.filter { lookup in
      (lookup.attribute == nil || lookup.attribute == "id")
        && lookup.operand.variables.allSatisfy(isBound)
    }
    for sign in [AttributeLookup.Sign.equal, .isIn] {
      guard let found = usable.first(where: { $0.sign == sign }) else { continue }
      let isWhole = found.attribute == nil
      return KeyLookup(
        isWhole: isWhole, label: isWhole ? nil : label, operand: found.operand, isList: sign == .isIn)
    }
    return nil
  }
}

extension Matcher {
  /// Up to how many nodes of any type are named and not looked for among all.
  private static let mostNamed = 10_000

  /// The nodes that keys name, row by row, each time in the order of their keys; of ids without a label perhaps some more. Cost: one request for
  /// all, and up to two for each node without a record.
  /// - Returns: `nil` where it costs less to look at all nodes.
  func nodes(of key: KeyLookup, _ rows: [Row]) async throws -> [[QueryNode]]? {
    var names: [Set<ByteKey>?] = []
    for row in rows { names.append(try await self.names(of: key, row)) }
    guard let named = try await nodes(named: Set(names.lazy.compactMap { $0 }.joined()), by: key) else {
      return nil
    }
    let others = key.isOfAnyType ? try await graph.idPlaces()?.others ?? [] : []
    var found: [[QueryNode]] = []
    for names in names {
      // What cannot be computed is said where a node is asked for it.
      guard let names else {
        found.append(Array(try await graph.allNodes()))
        continue
      }
      var nodes = names.flatMap { named[$0] ?? [] } + others
      if isWriting, !key.isWhole {
        nodes += names.flatMap { graph.labelledNodes(id: $0.text) }.filter { node in
          key.label.map { node.furtherLabels.hasBytes(of: $0) } ?? true
        }
      }
      found.append(nodes.eachOnce)
    }
    return found
  }

  /// Reads what keys name for rows that will ask for it one by one.
  func read(_ key: KeyLookup, for rows: some Sequence<Row>) async throws {
    var all: Set<ByteKey> = []
    for row in rows { all.formUnion(try await names(of: key, row) ?? []) }
    _ = try await nodes(named: all, by: key)
  }

  /// `nil` where they cannot be computed.
  private func names(of key: KeyLookup, _ row: Row) async throws -> Set<ByteKey>? {
    guard let value = try await known(key.operand, row) else { return nil }
    let values = if key.isList, case .list(let values) = value { values } else { [value] }
    return values.reduce(into: []) { names, value in
      if case .string(let name) = value.asID { names.insert(ByteKey(name)) }
    }
  }

  /// - Returns: `nil` where they are better looked for among all nodes.
  private func nodes(named names: Set<ByteKey>, by key: KeyLookup) async throws -> [ByteKey: [QueryNode]]? {
    var types: [String] = []
    if let label = key.label {
      // A further label only a record gives, of whichever type.
      types = try await graph.recordedTypes().filter { !$0.hasSameBytes(as: label) }
    } else if key.isOfAnyType {
      guard let places = try await graph.idPlaces(), names.count * places.types.count <= Self.mostNamed else {
        return nil
      }
      types = places.types
    }
    var candidates: [(name: ByteKey, own: [QueryNode], labelled: [QueryNode])] = []
    for name in names {
      let others = types.map { graph.node(NodeReference(type: $0, id: name.text)) }
      if key.isWhole {
        candidates.append((name, NodeReference(name.text).map { [graph.node($0)] } ?? [], []))
      } else if let label = key.label {
        candidates.append((name, [graph.node(NodeReference(type: label, id: name.text))], others))
      } else {
        candidates.append((name, others, []))
      }
    }
    try await graph.load(candidates.flatMap { $0.own + $0.labelled })
    // Without a record a node is there by its edges, which a query that writes will need.
    if isWriting {
      try await graph.readAll(at: candidates.flatMap(\.own).filter { !$0.isDeclared && !$0.isNew })
    }
    var found: [ByteKey: [QueryNode]] = [:]
    for (name, own, labelled) in candidates {
      let labelled = labelled.filter { node in
        key.label.map { node.furtherLabels.hasBytes(of: $0) } ?? false
      }
      for node in own + labelled where try await graph.exists(node.reference) {
        found[name, default: []].append(node)
      }
    }
    return found
  }
}

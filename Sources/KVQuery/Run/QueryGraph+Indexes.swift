import KV
import KVGraph

/// What attribute indexes have told a query.
struct IndexAnswers {
  /// Those that there are; `nil` where nobody has asked.
  var indexes: Set<AttributeIndex>?
  var byValue: [AttributeIndex: [IndexedValue: [QueryNode]]] = [:]
  var byRange: [AttributeIndex: [ClosedPair: [QueryNode]]] = [:]
  var counts: [ByteKey: Int] = [:]
  /// The types of the nodes that have records; `nil` where nobody has asked.
  var types: [String]?
  /// The nodes that may have further labels, as in keys; `nil` where nobody has asked.
  var labelled: Set<ByteKey>?
  /// The records, but edges, that may have an attribute `id`; `nil` where nobody has asked.
  var withID: [(key: String, type: String)]?
  /// Where nodes are looked for by their ids alone; `nil` where nobody has asked.
  var idPlaces: IDPlaces?
  /// By attribute and value, the nodes of a graph that has been read whole; under `nil` those whose value no index knows.
  var scanned: [ByteKey: [IndexedValue?: [QueryNode]]] = [:]

  struct ClosedPair: Hashable { var least, greatest: IndexedValue }
}

/// Where nodes are whose property `id` is asked for without a label.
struct IDPlaces {
  /// The types that nodes have.
  var types: [String] = []
  /// The nodes whose attribute `id` may say something else than their own id.
  var others: [QueryNode] = []
  /// Whether these are so few that they are looked at and not all nodes.
  var areFew = false
}

extension QueryGraph {
  /// The index that answers best what a pattern asks of a node's attributes, and what it is asked; `nil` where none does.
  func index(for node: NodePattern, isBound: (Int) -> Bool) async throws
    -> (index: AttributeIndex, lookups: [AttributeLookup])?
  {
    guard let label = node.labels?.required else { return nil }
    let lookups = node.allLookups
    if lookups.isEmpty { return nil }
    let known = try await attributeIndexes()
    if known.isEmpty { return nil }
    let usable = lookups.filter { lookup in
      lookup.attribute.map { known.contains(AttributeIndex(label: label, attribute: $0)) } ?? false
        && lookup.operand.variables.allSatisfy(isBound)
    }
    for sign in AttributeLookup.Sign.bestFirst {
      guard let found = usable.first(where: { $0.sign == sign }), let attribute = found.attribute else {
        continue
      }
      let isRange = sign == .less || sign == .greater
      func limitsRange(_ lookup: AttributeLookup) -> Bool {
        (lookup.sign == .less || lookup.sign == .greater)
          && lookup.attribute.map { $0.hasSameBytes(as: attribute) } ?? false
      }
      return (
        AttributeIndex(label: label, attribute: attribute),
        isRange ? usable.filter(limitsRange) : [found]
      )
    }
    return nil
  }

  private func attributeIndexes() async throws -> Set<AttributeIndex> {
    if let known = answers.indexes { return known }
    noteRequests()
    let indexes = Set(try await graph.store.attributeIndexes())
    answers.indexes = indexes
    return indexes
  }

  /// The types of the nodes that have records. Cost: one request, once.
  func recordedTypes() async throws -> [String] {
    if let known = answers.types { return known }
    noteRequests()
    let types = try await graph.recordedTypes
    answers.types = types
    return types
  }

  /// Where nodes are looked for by ids without a label; `nil` where that is nearly everywhere. Cost: two looks into an index for each type, and a
  /// scan of all records but edges in the database, once.
  func idPlaces() async throws -> IDPlaces? {
    let places: IDPlaces
    if let known = answers.idPlaces {
      places = known
    } else {
      places = try await findIDPlaces()
      answers.idPlaces = places
    }
    return places.areFew ? places : nil
  }

  private func findIDPlaces() async throws -> IDPlaces {
    let (mostTypes, mostOthers) = (50, 20_000)
    let types = try await graph.nodeTypes(limit: mostTypes + 1)
    noteRequests(2 * types.count + 2)
    if types.count > mostTypes { return IDPlaces() }
    let records = try await recordsWithID()
    if records.count > mostOthers { return IDPlaces() }
    let nodes = records.flatMap { record in
      // What `kv put` wrote describes nodes of any type in whose folder it stands.
      NodeReference(key: record.key, type: record.type).map { [$0] }
        ?? types.compactMap { NodeReference(type: $0, at: record.key) }
    }.map(node)
    try await load(nodes)
    var others: [QueryNode] = []
    for node in nodes where !node.saysOnlyItsID {
      if try await exists(node.reference) { others.append(node) }
    }
    return IDPlaces(types: types, others: others, areFew: true)
  }

  private func recordsWithID() async throws -> [(key: String, type: String)] {
    if let known = answers.withID { return known }
    noteRequests()
    let records = try await graph.store.records(mayHave: "id")
    answers.withID = records
    return records
  }

  /// Whether the property `id` of all nodes is their own id, so that for it no record is read. Cost: a scan of all records but edges in the
  /// database, once.
  func idsAreTheirOwn() async throws -> Bool { isWriting ? false : try await recordsWithID().isEmpty }

  /// The same, as far as it has been asked.
  var knowsIDsAreTheirOwn: Bool { !isWriting && answers.withID?.isEmpty ?? false }

  /// Whether a key leads to few nodes.
  func isNarrow(_ key: KeyLookup) async throws -> Bool {
    if key.isOfAnyType { return try await idPlaces() != nil }
    return true
  }

  /// Without those nodes of which it is known that they have no further labels. Cost: of many nodes one request.
  func mayHaveLabels(_ nodes: [QueryNode]) async throws -> [QueryNode] {
    if isWriting || answers.labelled == nil && nodes.count < 200 { return nodes }
    let labelled = try await nodesWithLabels()
    return nodes.filter { labelled.contains(ByteKey($0.path)) }
  }

  /// The nodes that may have further labels, as in keys.
  func nodesWithLabels() async throws -> Set<ByteKey> {
    if let known = answers.labelled { return known }
    noteRequests()
    let found = Set(
      try await graph.store.records(mayHave: "@labels").compactMap { record in
        NodeReference(key: record.key, type: record.type).map { ByteKey($0.path) }
      })
    answers.labelled = found
    return found
  }

  /// How many records have a type.
  func nodeCount(_ type: String) async throws -> Int {
    if let known = answers.counts[ByteKey(type)] { return known }
    noteRequests()
    let count = try await graph.store.count(.type(type))
    answers.counts[ByteKey(type)] = count
    return count
  }

  /// The nodes that an index finds, range by range, in the order of their keys, new ones behind them; some more may be among them.
  /// Cost: one request for all values, and one for each range of another kind.
  func nodes(in index: AttributeIndex, _ ranges: [AttributeRange]) async throws -> [[QueryNode]] {
    try await look(up: ranges, in: index)
    return ranges.map { range in
      switch range {
      case .oneOf(let values):
        values.flatMap { (answers.byValue[index]?[$0] ?? []) + written(index.attribute, $0) }.eachOnce
      case .between(let least, let greatest):
        ((answers.byRange[index]?[IndexAnswers.ClosedPair(least: least, greatest: greatest)] ?? [])
          + (isWriting ? nodes.values.filter(\.isChanged) : [])).eachOnce
      }
    }
  }

  private func look(up ranges: [AttributeRange], in index: AttributeIndex) async throws {
    var values: Set<IndexedValue> = []
    for range in ranges {
      switch range {
      case .oneOf(let wanted): values.formUnion(wanted.filter { answers.byValue[index]?[$0] == nil })
      case .between(let least, let greatest):
        let pair = IndexAnswers.ClosedPair(least: least, greatest: greatest)
        guard answers.byRange[index]?[pair] == nil else { continue }
        answers.byRange[index, default: [:]][pair] = try await candidates(in: index, range)
      }
    }
    if values.isEmpty { return }
    for value in values { answers.byValue[index, default: [:]][value] = [] }
    let found = try await candidates(in: index, .oneOf(Array(values)))
    for node in found {
      guard let value = node.property(index.attribute)?.indexed, values.contains(value) else { continue }
      answers.byValue[index]?[value]?.append(node)
    }
  }

  /// The nodes that may have a value of an attribute, as an index would find them. Cost: all nodes are read, once.
  func nodes(where attribute: String, _ value: Value) async throws -> [QueryNode] {
    if value.isNull { return [] }
    let all = try await nodes(byValueOf: attribute)
    var found = all[value.indexed] ?? []
    if attribute == "id", case .string(let id) = value.asID {
      if case .integer = value { found += all[IndexedValue(id)] ?? [] }
      found += labelledNodes(id: id)
    } else if !isWriting {
      return found
    }
    return (found + written(attribute, value.indexed)).eachOnce
  }

  /// All nodes that have an attribute, by what an index would know of it, as it was when that was first asked.
  private func nodes(byValueOf attribute: String) async throws -> [IndexedValue?: [QueryNode]] {
    if let known = answers.scanned[ByteKey(attribute)] { return known }
    let all = Array(try await allNodes())
    try await load(all)
    var found: [IndexedValue?: [QueryNode]] = [:]
    for node in all {
      let id = attribute == "id" ? Value.string(node.reference.id) : nil
      guard let value = self.attribute(attribute, of: node) ?? id else { continue }
      found[value.indexed, default: []].append(node)
    }
    answers.scanned[ByteKey(attribute)] = found
    return found
  }

  /// An attribute of a node that has been read.
  func attribute(_ name: String, of node: QueryNode) -> Value? {
    let value = node.property(name)
    attributes.note(name, value, others: node.properties.names)
    return value
  }

  /// The nodes that the query has made or changed, and that may have a value of an attribute.
  private func written(_ attribute: String, _ value: IndexedValue?) -> [QueryNode] {
    guard isWriting else { return [] }
    let attribute = ByteKey(attribute)
    if written[attribute] == nil {
      written[attribute] = [:]
      for node in nodes.values where node.isChanged { note(attribute, of: node) }
    }
    return written[attribute]?[value] ?? []
  }

  /// Takes note of what attributes a node has that the query has made or changed.
  func noteAttributes(of node: QueryNode) {
    // Of the names alone, for a dictionary that is gone through is copied where it changes.
    for attribute in Array(written.keys) { note(attribute, of: node) }
  }

  private func note(_ attribute: ByteKey, of node: QueryNode) {
    guard let value = node.property(attribute.text) else { return }
    written[attribute]?[value.indexed, default: []].append(node)
  }

  private func candidates(in index: AttributeIndex, _ range: AttributeRange) async throws -> [QueryNode] {
    noteRequests()
    // With what they hold: read later, some might have changed, and others in their stead would be missed.
    var nodes: [QueryNode] = []
    for record in try await graph.store.candidates(in: index, range) {
      // What `kv put` wrote describes a node of the label that edges touch.
      guard let reference = NodeReference(record) ?? NodeReference(type: index.label, at: record.key)
      else { continue }
      let node = node(reference)
      if !node.isRead { node.read(record) }
      if try await exists(reference) { nodes.append(node) }
    }
    return nodes
  }
}

extension Matcher {
  /// The nodes that an index finds for a pattern, row by row; `nil` where no index answers.
  func indexed(_ pattern: NodePattern, _ states: [State]) async throws -> [[QueryNode]]? {
    guard let row = states.first?.row,
      let (index, lookups) = try await graph.index(for: pattern, isBound: { row.isBound($0) })
    else { return nil }
    var ranges: [AttributeRange] = []
    for state in states {
      guard let range = try await range(of: lookups, state.row) else { return nil }
      ranges.append(range)
    }
    return try await graph.nodes(in: index, ranges)
  }

  /// The nodes whose attribute is equal to what each row has, where no index is there: all nodes are read once, and not for each row; `nil`
  /// where nothing like that is asked.
  func joined(_ pattern: NodePattern, _ states: [State]) async throws -> [[QueryNode]]? {
    // What is the same for all rows is looked for once, unless they write.
    guard let row = states.first?.row,
      let lookup = pattern.allLookups.first(where: { lookup in
        lookup.sign == .equal && lookup.attribute != nil
          && (isWriting || !lookup.operand.variables.isEmpty)
          && lookup.operand.variables.allSatisfy(row.isBound)
      }), let attribute = lookup.attribute
    else { return nil }
    var joined: [[QueryNode]] = []
    for state in states {
      guard let value = try await known(lookup.operand, state.row) else { return nil }
      var found: [QueryNode] = []
      for value in lookup.values(for: value) { found += try await graph.nodes(where: attribute, value) }
      joined.append(found.eachOnce)
    }
    return joined
  }

  /// A value; `nil` where it cannot be computed, which is said where a node asks for it, if one does.
  func known(_ expression: Expression, _ row: Row) async throws -> Value? {
    do {
      return try await evaluator.value(of: expression, row)
    } catch let error as KVError where error.code == .invalidData {
      return nil
    }
  }

  /// What is looked for; `nil` where an index does not know.
  private func range(of lookups: [AttributeLookup], _ row: Row) async throws -> AttributeRange? {
    var range: AttributeRange?
    for lookup in lookups {
      guard let value = try await known(lookup.operand, row), let found = lookup.range(for: value) else {
        return nil
      }
      switch (range, found) {
      case (.between(let least, let greatest)?, .between(let other, let another)):
        range = .between(max(least, other), min(greatest, another))
      default: range = found
      }
    }
    return range
  }
}

extension QueryNode {
  /// Whether its property `id` is its own id, or the number of which that is the text.
  fileprivate var saysOnlyItsID: Bool {
    guard let id = property("id") else { return true }
    if case .string(let text) = id.asID { return text.hasSameBytes(as: reference.id) }
    return false
  }
}

extension [QueryNode] {
  /// Those that are there, each once: in the order of their keys, new ones behind them.
  var eachOnce: [QueryNode] {
    var seen: Set<ObjectIdentifier> = []
    return filter { !$0.isDeleted && seen.insert(ObjectIdentifier($0)).inserted }.sorted { one, other in
      if one.isNew || other.isNew { return one.isNew ? other.isNew && one.order < other.order : true }
      return one.path.utf8.lexicographicallyPrecedes(other.path.utf8)
    }
  }
}

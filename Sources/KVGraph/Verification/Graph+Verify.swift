import KV

extension Graph {
  /// Reads all edges and checks that each record is well formed, that its key and value agree, and that the indexes
  /// hold exactly the edges there are, and those of attributes what the nodes have.
  ///
  /// Cost: a read of all records below `graph/`, and of the keys of nodes and of plain records; memory: as
  /// ``Adjacency``.
  /// Somebody else's changes meanwhile may show as faults that the next call does not find.
  /// - Parameters:
  ///   - isolation: the actor to run on, by default the caller's.
  ///   - repairing: whether what can be mended without a loss is. The key decides; a value that says nothing of an edge is kept
  ///     as its data. A record that somebody else has changed since it was read is left alone.
  ///   - progress: told of each edge how many have been checked.
  ///   - report: told of each fault, in key order by kind.
  public func verify(
    repairing: Bool = false, isolation: isolated (any Actor)? = #isolation,
    progress: (Int) -> Void = { _ in }, report: (GraphFault) throws -> Void
  ) async throws -> GraphVerification {
    var result = GraphVerification()
    func note(_ fault: GraphFault) throws {
      result.faults += 1
      if fault.isRepaired { result.repaired += 1 }
      try report(fault)
    }
    let undirected = try await undirectedTypes
    for try await record in store.sequence(of: .prefix(EdgeKey.prefix)) {
      result.edges += 1
      progress(result.edges)
      var fault = Self.fault(of: record)
      if fault == nil, !undirected.isEmpty { fault = try await directionFault(of: record, undirected) }
      guard let (kind, reason, repair) = fault else { continue }
      let isRepaired = repairing ? try await apply(repair) : false
      try note(GraphFault(kind: kind, key: record.key, reason: reason, isRepaired: isRepaired))
    }
    for key in try await store.edgeIndexFaults(repairing: repairing) {
      try note(
        GraphFault(kind: .index, key: key, reason: "not in the index as it should be", isRepaired: repairing))
    }
    for key in try await store.attributeIndexFaults(repairing: repairing) {
      try note(
        GraphFault(
          kind: .attributeIndex, key: key, reason: "not in the attribute indexes as it should be",
          isRepaired: repairing))
    }
    if try await store.keepsEdgeIndexRecords { try await verifyIndexRecords(repairing: repairing, note) }
    let adjacency = try await Adjacency(reading: self)
    result.nodes = adjacency.nodeCount
    result.undeclared = try await undeclaredFolders(adjacency.nodes)
    return result
  }

  /// An edge of an undirected type that is written the other way round.
  private func directionFault(of record: Record, _ undirected: UndirectedTypes) async throws -> (
    GraphFault.Kind, reason: String, repair: [Mutation]
  )? {
    let edge = try Edge(record)
    let stored = undirected.canonical(edge)
    if stored.key.hasSameBytes(as: edge.key) { return nil }
    let reason = "the edge is undirected, and written the other way round"
    guard let other = try await store.get(stored.key) else {
      return (
        .direction, reason,
        [
          .put(key: stored.key, value: stored.json, type: Edge.recordType, expecting: .absent),
          .delete(key: edge.key),
        ]
      )
    }
    let isSame = other.value["data"] == record.value["data"]
    return (
      .direction, reason + (isSame ? ", twice" : ", twice with different data"),
      isSame ? [.delete(key: edge.key)] : []
    )
  }

  /// What is wrong with an edge's record, and the mutations that mend it.
  private static func fault(of record: Record) -> (GraphFault.Kind, reason: String, repair: [Mutation])? {
    let members = record.value.members ?? []
    func node(_ name: String) -> NodeReference? {
      guard let parts = members.first(where: { $0.name == name })?.value.members,
        let type = parts.first(where: { $0.name == "type" })?.value.string,
        let id = parts.first(where: { $0.name == "id" })?.value.string
      else { return nil }
      return NodeReference(type: type, id: id)
    }
    let type = members.first { $0.name == "type" }?.value.string
    // What else the value holds, which becomes the edge's data; a value that says nothing of an edge is its data.
    let others = members.filter { name, _ in
      switch name {
      case "from", "to": node(name) == nil
      case "type": type == nil
      case "key": members.first { $0.name == "key" }?.value.string == nil
      default: name != "data"
      }
    }
    let isEdgeLike = node("from") != nil || node("to") != nil || members.contains { $0.name == "data" }
    var data = isEdgeLike ? members.first { $0.name == "data" }?.value : record.value
    var canBeKept = true
    if isEdgeLike, !others.isEmpty {
      let known = data.map { $0.members ?? [("", $0)] } ?? []
      canBeKept =
        data == nil
        || data?.kind == .object && !known.contains { member in others.contains { $0.name == member.name } }
      data = JSON(members: known + others)
    }
    var told: Edge?
    if let from = node("from"), let to = node("to"), let type {
      told = Edge(from: from, to: to, type: type, data: data)
    }
    told?.parallelKey = members.first { $0.name == "key" }?.value.string
    guard let key = EdgeKey(record.key), var edge = Edge(key) else {
      let reason = "the key is none of an edge"
      // What its value says is another edge, which must not be there already.
      guard canBeKept, let told, (try? told.validate()) != nil else { return (.key, reason, []) }
      return (
        .key, reason,
        [
          .put(key: told.key, value: told.json, type: "Edge", expecting: .absent),
          .put(key: record.key, value: record.value, type: record.type, expecting: .version(record.version)),
          .delete(key: record.key),
        ]
      )
    }
    let agrees = told.map { $0.key.hasSameBytes(as: record.key) } ?? false
    if agrees, record.type == "Edge" { return nil }
    edge.data = data
    let repair: [Mutation] =
      canBeKept
      ? [.put(key: record.key, value: edge.json, type: "Edge", expecting: .version(record.version))] : []
    if agrees { return (.type, "the record's type is \(JSON(record.type)), not \"Edge\"", repair) }
    return (.value, told.map { "the value is of \($0)" } ?? "the value is of no edge", repair)
  }

  /// Whether the mutations could be made: `false` where there is nothing to do, or somebody else was faster.
  private func apply(_ mutations: [Mutation]) async throws -> Bool {
    if mutations.isEmpty { return false }
    do {
      _ = try await store.mutate(mutations)
      return true
    } catch let error as KVError where error.code == .conflict {
      return false
    }
  }

  private func verifyIndexRecords(repairing: Bool, _ note: (GraphFault) throws -> Void) async throws {
    var after: String?
    while let page = try await page(of: EdgeKey.prefix, after: &after) {
      let expected = page.compactMap { EdgeKey($0.key).flatMap { Edge($0) } }.flatMap {
        IndexRecord.both(of: $0)
      }
      let found = Dictionary(
        try await store.get(expected.map(\.key)).map { (Array($0.key.utf8), $0.value["node"]?["id"]) }
      ) { first, _ in first }
      for record in expected where found[Array(record.key.utf8)] != record.value["node"]?["id"] {
        let repair = Mutation.put(key: record.key, value: record.value, type: record.type)
        let isRepaired = repairing ? try await apply([repair]) : false
        try note(
          GraphFault(
            kind: .indexRecord, key: record.key, reason: "missing, or of another node", isRepaired: isRepaired
          ))
      }
    }
    after = nil
    while let page = try await page(of: IndexRecord.prefix, after: &after) {
      let records = page.filter { $0.type == IndexRecord.type }
      let edges = records.map { IndexRecord.edgeKey(of: $0.key) ?? "" }
      var found: Set<String> = []
      for edge in edges where !edge.isEmpty {
        // Of parallel edges one may do without a key, or none.
        var hasOne = try await store.get(edge) != nil
        if !hasOne { hasOne = try await !store.records(.prefix(edge + "/"), page: Page(limit: 1)).isEmpty }
        if hasOne { found.insert(edge) }
      }
      for (record, edge) in zip(records, edges) where !found.contains(edge) {
        let isRepaired = repairing ? try await apply([.delete(key: record.key)]) : false
        try note(
          GraphFault(kind: .indexRecord, key: record.key, reason: "of no edge", isRepaired: isRepaired))
      }
    }
  }

  private func page(of prefix: String, after: inout String?) async throws -> [Record]? {
    let records = try await store.records(.prefix(prefix), page: Page(after: after, limit: pageSize))
    after = records.last?.key
    return records.isEmpty ? nil : records
  }
}

import KV

/// A node with the value of its record.
public struct Node: Sendable, Equatable {
  /// The node's type and id.
  public var reference: NodeReference
  /// The value of the record that describes the node; `nil` where there is no record, and only edges say that the node is there.
  public var value: JSON?

  /// A node with this value; without one by default.
  public init(_ reference: NodeReference, value: JSON? = nil) {
    self.reference = reference
    self.value = value
  }

  /// The texts in the array `@labels` of the record; where there is none, the type alone.
  public var labels: [String] {
    value?["@labels"]?.elements?.compactMap(\.string) ?? [reference.type]
  }
}

extension Graph {
  /// Stores the node's record, `{}` where it has no value. Throws a conflict where one is there, unless `replacing`, and in any case
  /// where it is of another node, whose type differs in case only.
  public func add(_ node: Node, replacing: Bool = false) async throws {
    while true {
      try Task.checkCancellation()
      do {
        _ = try await store.mutate([mutation(adding: node, replacing: replacing)])
        return
      } catch let error as KVError where replacing && error.mutationIndex != nil && error.code == .conflict {
        // Somebody else has written it in between, and is replaced too.
        continue
      }
    }
  }

  /// What `add(_:replacing:)` writes, to be written together with something else. Throws as that does.
  public func mutation(adding node: Node, replacing: Bool = false) async throws -> Mutation {
    let reference = node.reference
    try reference.validate()
    try reference.validateKey()
    let existing = try await store.get(reference.entityKey)
    if let existing {
      if let other = NodeReference(existing), other != reference {
        throw KVError(.conflict, "the record \(JSON(existing.key)) is of the node \(other)")
      }
      guard replacing else {
        throw KVError(
          .conflict, "the record \(JSON(existing.key)) exists already",
          reason: existing.type == reference.type ? .nodeExists : .recordWithoutNodeType, key: existing.key)
      }
    }
    let expectation = existing.map { Expectation.version($0.version) } ?? .absent
    return .put(
      key: reference.entityKey, value: node.value ?? JSON(members: []), type: reference.type,
      expecting: expectation)
  }

  /// The node; `nil` where neither a record nor an edge says that it is there.
  public func node(_ reference: NodeReference) async throws -> Node? {
    let record = try await store.get(reference.entityKey)
    if let record, NodeReference(record) == reference { return Node(reference, value: record.value) }
    guard try await hasEdges(reference) else { return nil }
    return Node(reference, value: record.flatMap { Self.value(of: $0, for: reference) })
  }

  /// The values of the records that describe the nodes, node by node. Cost: one request for each thousand.
  public func values(of nodes: some Collection<NodeReference>) async throws -> [JSON?] {
    var records: [ByteKey: Record] = [:]
    var keys = nodes.map(\.entityKey)[...]
    while !keys.isEmpty {
      for record in try await store.get(Array(keys.prefix(pageSize))) {
        records[ByteKey(record.key)] = record
      }
      keys = keys.dropFirst(pageSize)
    }
    return nodes.map { node in records[ByteKey(node.entityKey)].flatMap { Self.value(of: $0, for: node) } }
  }

  /// What the record under a node's key says of it: nothing where the record's type says that it is of another node.
  private static func value(of record: Record, for node: NodeReference) -> JSON? {
    if let owner = NodeReference(record), owner != node { return nil }
    return node.hasReservedKey ? nil : record.value
  }

  /// Throws not found where the node is not there, with the names of some that are and are written nearly so.
  public func require(_ node: NodeReference) async throws {
    if let record = try await store.get(node.entityKey), NodeReference(record) == node { return }
    if try await hasEdges(node) { return }
    let names = try await similarNodes(to: node).map { "\($0)" }
    throw KVError(
      .notFound,
      "no node \(node)" + (names.isEmpty ? "" : "; did you mean \(names.joined(separator: " or "))?"))
  }

  /// Those of the nodes that are there, in their order. Cost: one request for each thousand, and up to two for each without a record.
  package func existing(_ nodes: [NodeReference]) async throws -> [NodeReference] {
    var found: [NodeReference] = []
    for (node, value) in zip(nodes, try await values(of: nodes)) {
      if value != nil {
        found.append(node)
      } else if try await hasEdges(node) {
        found.append(node)
      }
    }
    return found
  }

  func hasEdges(_ node: NodeReference) async throws -> Bool {
    for scope in [EdgeQuery.Scope.leaving([node.path]), .entering([node.path])]
    where try await !store.edges(EdgeQuery(scope, limit: 1)).isEmpty {
      return true
    }
    return false
  }

  /// The types of which records declare nodes, by their bytes.
  package var recordedTypes: [String] {
    get async throws {
      try await store.recordTypes().filter { !NodeReference.isReserved(type: $0) && !$0.isEmpty }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }

  /// The nodes that have a record of their type, type by type, in key order. Cost: a read of keys.
  func forEachRecordedNode(
    type: String? = nil, isolation: isolated (any Actor)? = #isolation, _ body: (NodeReference) throws -> Void
  ) async throws {
    let types = if let type { [type] } else { try await recordedTypes }
    for type in types {
      var after: String?
      while true {
        let keys = try await store.keys(.type(type), after: after, limit: 20_000)
        for key in keys {
          let record = Record(key: key.key, version: 1, value: .null, type: type, created: "")
          if let node = NodeReference(record) { try body(node) }
        }
        guard let last = keys.last else { break }
        after = last.key
      }
    }
  }
}

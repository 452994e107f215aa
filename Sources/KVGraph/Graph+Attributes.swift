import KV

/// What setting an attribute has changed, in nodes.
public struct AttributeChanges: Sendable, Equatable {
  /// How many have the attribute now.
  public var set = 0
  /// How many of those had another value before.
  public var replaced = 0
  /// How many had it and have it no more.
  public var removed = 0
}

extension Graph {
  /// Sets an attribute of many nodes, in one transaction; their other attributes stay. A node without a record gets one.
  ///
  /// Cost: a read of the records, a thousand a request, and one write.
  /// - Parameters:
  ///   - name: of the attribute.
  ///   - values: by node, each node once; one without a value loses the attribute.
  ///   - removingOthers: whether all other nodes lose it too.
  /// - Throws: usage where the name is empty, begins with `@` or is `id`; a conflict where a record is of another node, or was written meanwhile; invalid data
  ///   where what describes a node is no object.
  /// - Returns: how many nodes have another value than before.
  @discardableResult
  public func setAttribute(
    _ name: String, to values: [(node: NodeReference, value: JSON?)], removingOthers: Bool = false
  ) async throws -> AttributeChanges {
    if name.isEmpty || name.hasPrefix("@") || name == "id" {
      throw KVError(.usage, "an attribute is not called \(JSON(name))")
    }
    var values = values
    let given = Set(values.map(\.node))
    if given.count < values.count { throw KVError(.usage, "a node gets an attribute twice") }
    if removingOthers {
      values += try await Adjacency(of: self).nodes.filter { !given.contains($0) }.map { ($0, nil) }
    }
    var changes = AttributeChanges()
    var mutations: [Mutation] = []
    mutations.reserveCapacity(values.count)
    /// The nodes that get records, by their keys.
    var new: [ByteKey: NodeReference] = [:]
    for start in stride(from: 0, to: values.count, by: pageSize) {
      let page = values[start..<min(start + pageSize, values.count)]
      let stored = try await store.get(page.map(\.node.entityKey))
      let records = Dictionary(stored.map { (ByteKey($0.key), $0) }) { first, _ in first }
      for (node, value) in page {
        try node.validateKey()
        guard let record = records[ByteKey(node.entityKey)] else {
          guard let value else { continue }
          if let other = new.updateValue(node, forKey: ByteKey(node.entityKey)), other != node {
            throw KVError(
              .conflict, "the nodes \(other) and \(node) share the record \(JSON(node.entityKey))")
          }
          changes.set += 1
          mutations.append(
            .put(
              key: node.entityKey, value: JSON(members: [(name, value)]), type: node.type, expecting: .absent)
          )
          continue
        }
        if let other = NodeReference(record), other != node {
          throw KVError(.conflict, "the record \(JSON(record.key)) is of the node \(other)")
        }
        guard var members = record.value.members else {
          throw KVError(.invalidData, "the record \(JSON(record.key)) is no object, and has no attributes")
        }
        let place = members.firstIndex { $0.name.hasSameBytes(as: name) }
        if value != nil { changes.set += 1 }
        switch (place, value) {
        case (let place?, let value?) where members[place].value == value: continue
        case (let place?, let value?):
          members[place].value = value
          changes.replaced += 1
        case (nil, let value?): members.append((name, value))
        case (let place?, nil):
          members.remove(at: place)
          changes.removed += 1
        case (nil, nil): continue
        }
        mutations.append(
          .put(
            key: record.key, value: JSON(members: members), type: record.type,
            expecting: .version(record.version)))
      }
    }
    if !mutations.isEmpty { _ = try await store.mutate(mutations) }
    return changes
  }
}

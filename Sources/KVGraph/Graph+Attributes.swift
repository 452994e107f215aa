import KV

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
  public func setAttribute(
    _ name: String, to values: [(node: NodeReference, value: JSON?)], removingOthers: Bool = false
  ) async throws {
    if name.isEmpty || name.hasPrefix("@") || name == "id" {
      throw KVError(.usage, "an attribute is not called \(JSON(name))")
    }
    var values = values
    if removingOthers {
      let given = Set(values.map(\.node))
      values += try await Adjacency(of: self).nodes.filter { !given.contains($0) }.map { ($0, nil) }
    }
    var mutations: [Mutation] = []
    mutations.reserveCapacity(values.count)
    for start in stride(from: 0, to: values.count, by: pageSize) {
      let page = values[start..<min(start + pageSize, values.count)]
      let records = Dictionary(try await store.get(page.map(\.node.entityKey)).map { ($0.key, $0) }) {
        first, _ in first
      }
      for (node, value) in page {
        try node.validateKey()
        guard let record = records[node.entityKey] else {
          guard let value else { continue }
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
        let place = members.firstIndex { $0.name == name }
        switch (place, value) {
        case (let place?, let value?): members[place].value = value
        case (nil, let value?): members.append((name, value))
        case (let place?, nil): members.remove(at: place)
        case (nil, nil): continue
        }
        mutations.append(
          .put(
            key: record.key, value: JSON(members: members), type: record.type,
            expecting: .version(record.version)))
      }
    }
    if !mutations.isEmpty { _ = try await store.mutate(mutations) }
  }
}

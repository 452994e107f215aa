import KV

extension Graph {
  /// The edges that leave a node, in key order. Cost: one range read a page.
  public func outgoing(of node: NodeReference, type: String? = nil) -> EdgeSequence {
    let prefix = EdgeKey.prefix + node.path + "/" + (type.map { KeyPart.escape($0) + "/" } ?? "")
    return EdgeSequence(records: store.sequence(of: .prefix(prefix)), type: nil)
  }

  /// The edges that enter a node, in key order.
  public func incoming(of node: NodeReference, type: String? = nil) -> EdgeSequence {
    let records = RecordSequence { [store] after, limit in
      try await store.incomingEdges(of: node.path, after: after, limit: limit)
    }
    return EdgeSequence(records: records, type: type)
  }

  /// Every edge, in key order; with a node type, those that leave such a node.
  public func edges(fromType: String? = nil) -> EdgeSequence {
    let prefix = EdgeKey.prefix + (fromType.map { KeyPart.escape($0) + "/" } ?? "")
    return EdgeSequence(records: store.sequence(of: .prefix(prefix)), type: nil)
  }

  /// How many edge records there are. Cost: a count of keys.
  public var edgeCount: Int {
    get async throws { try await store.count(.prefix(EdgeKey.prefix)) }
  }

  /// The edges with these keys, in that order. Keys without a record are left out.
  public func edges(keys: [String]) async throws -> [Edge] {
    var edges: [Edge] = []
    for start in stride(from: 0, to: keys.count, by: pageSize) {
      let batch = Array(keys[start..<min(start + pageSize, keys.count)])
      let found = Dictionary(try await store.get(batch).map { ($0.key, $0) }) { first, _ in first }
      edges += try batch.compactMap { try found[$0].map(Edge.init) }
    }
    return edges
  }
}

/// How many records one request reads.
let pageSize = 1000

/// Edges in key order, read as ``RecordSequence`` reads. Records under edge-like keys that are no edges are passed over.
public struct EdgeSequence: AsyncSequence, Sendable {
  let records: RecordSequence
  let type: String?

  public struct AsyncIterator: AsyncIteratorProtocol {
    var records: RecordSequence.AsyncIterator
    let type: String?

    public mutating func next() async throws -> Edge? {
      while let record = try await records.next() {
        guard let key = EdgeKey(record.key), var edge = Edge(key) else { continue }
        if let type, !edge.type.utf8.elementsEqual(type.utf8) { continue }
        edge.data = record.value["data"]
        return edge
      }
      return nil
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(records: records.makeAsyncIterator(), type: type)
  }
}

import KV

extension Graph {
  /// The edges that leave a node, in key order. Cost: one range read a page.
  public func outgoing(of node: NodeReference, type: String? = nil) -> EdgeSequence {
    let prefix = EdgeKey.prefix + node.path + "/" + (type.map { KeyPart.escape($0) + "/" } ?? "")
    return EdgeSequence(type: nil) { [store] after, limit in
      try await store.records(.prefix(prefix), page: Page(after: after, limit: limit))
    }
  }

  /// The edges that enter a node, in key order.
  public func incoming(of node: NodeReference, type: String? = nil) -> EdgeSequence {
    EdgeSequence(type: type) { [store] after, limit in
      try await store.incomingEdges(of: node.path, after: after, limit: limit)
    }
  }

  /// Every edge, in key order; with a node type, those that leave such a node.
  public func edges(fromType: String? = nil) -> EdgeSequence {
    let prefix = EdgeKey.prefix + (fromType.map { KeyPart.escape($0) + "/" } ?? "")
    return EdgeSequence(type: nil) { [store] after, limit in
      try await store.records(.prefix(prefix), page: Page(after: after, limit: limit))
    }
  }

  /// The edges with these keys, in that order. Keys without a record are left out.
  func edges(keys: [String]) async throws -> [Edge] {
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

/// Edges in key order, read page by page and continued after the last key, so that writers in between cause neither
/// a skip nor a repeat. Records under edge-like keys that are no edges are passed over.
public struct EdgeSequence: AsyncSequence, Sendable {
  let type: String?
  let page: @Sendable (_ after: String?, _ limit: Int) async throws -> [Record]

  public struct AsyncIterator: AsyncIteratorProtocol {
    let sequence: EdgeSequence
    var records: ArraySlice<Record> = []
    var last: String?
    var isAtEnd = false
    // The first page is small: the first edges are out before the last are read.
    var limit = 100

    public mutating func next() async throws -> Edge? {
      while true {
        while let record = records.popFirst() {
          guard let key = EdgeKey(record.key), var edge = Edge(key) else { continue }
          if let type = sequence.type, !edge.type.utf8.elementsEqual(type.utf8) { continue }
          edge.data = record.value["data"]
          return edge
        }
        if isAtEnd { return nil }
        records = try await sequence.page(last, limit)[...]
        isAtEnd = records.count < limit
        last = records.last?.key
        limit = pageSize
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }
}

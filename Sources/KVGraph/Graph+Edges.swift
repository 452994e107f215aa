import KV

extension Graph {
  /// Stores the edge, from the first of its nodes where its type is undirected. Throws a conflict where it exists, unless
  /// `replacing`. Returns it as it is stored.
  @discardableResult
  public func add(_ edge: Edge, replacing: Bool = false) async throws -> Edge {
    let (edge, mutations) = try await mutations(adding: edge, replacing: replacing)
    do {
      _ = try await store.mutate(mutations)
    } catch let error as KVError where error.code == .conflict {
      throw KVError(
        .conflict,
        "the edge \(edge) exists already", reason: .edgeExists, key: edge.key)
    }
    return edge
  }

  /// What `add(_:replacing:)` writes, to be written together with something else: the first mutation is the edge's own. Throws as
  /// that does, but for an edge that exists under its own key, which the mutation finds.
  /// - Returns: the edge as it will be stored, and the mutations.
  public func mutations(adding edge: Edge, replacing: Bool = false) async throws -> (Edge, [Mutation]) {
    try await mutations(adding: [(edge, replacing ? .any : .absent)])[0]
  }

  /// What to expect of the records of edges that are to be as they were read, with this data: by key, the versions.
  ///
  /// Cost: a read of the records, some thousand at a time.
  /// - Throws: a conflict where an edge is gone or has other data.
  package func expectations(ofEdges edges: [(key: String, data: JSON?)]) async throws -> [ByteKey:
    Expectation]
  {
    var expectations: [ByteKey: Expectation] = [:]
    for start in stride(from: 0, to: edges.count, by: pageSize) {
      let page = edges[start..<min(start + pageSize, edges.count)]
      let records = try await store.get(page.map(\.key))
      let found = Dictionary(records.map { (ByteKey($0.key), $0) }) { first, _ in first }
      for (key, data) in page {
        guard let record = found[ByteKey(key)], try Edge(record).data == data else {
          throw KVError(.conflict, "key \(JSON(key)) was changed by somebody else at the same time", key: key)
        }
        expectations[ByteKey(key)] = .version(record.version)
      }
    }
    return expectations
  }

  /// What ``mutations(adding:replacing:)`` gives for each of many edges. Cost: one request, and one more where some lead both ways.
  package func mutations(
    adding edges: [(edge: Edge, expecting: Expectation)]
  ) async throws -> [(edge: Edge, mutations: [Mutation])] {
    for (edge, _) in edges { try edge.validate() }
    let stored = try await stored(edges.map(\.edge))
    let keepsIndexRecords = try await store.keepsEdgeIndexRecords
    let turned = try await turned(stored)
    return try zip(stored, zip(edges, turned)).map { edge, others in
      if let turned = others.1 {
        throw KVError(
          .conflict,
          "the edge \(edge) is there, written the other way round as \(turned.key)", reason: .edgeIsTurned,
          key: turned.key)
      }
      let put = Mutation.put(
        key: edge.key, value: edge.json, type: Edge.recordType,
        expecting: others.0.expecting)
      return (edge, [put] + (keepsIndexRecords ? IndexRecord.both(of: edge).map(\.put) : []))
    }
  }

  /// Deletes the edge. Throws not found where there is none.
  public func remove(_ edge: Edge) async throws {
    guard try await store.mutate(mutations(removing: edge)).first == .deleted(count: 1) else {
      throw KVError(.notFound, "no edge \(edge)")
    }
  }

  /// What ``remove(_:)`` writes, to be written together with something else: the first mutation deletes the edge's own record, if there
  /// is one.
  public func mutations(removing edge: Edge) async throws -> [Mutation] {
    try await mutations(removing: [edge])
  }

  /// What ``mutations(removing:)`` gives for many edges, which are all gone then. Cost: as for adding them; in a database that a-h/kv made a
  /// read for each.
  package func mutations(removing edges: [Edge]) async throws -> [Mutation] {
    let stored = try await stored(edges)
    let removed = try await zip(stored, turned(stored)).map { $1 ?? $0 }
    var mutations = removed.map { Mutation.delete(key: $0.key) }
    guard try await store.keepsEdgeIndexRecords else { return mutations }
    let keys = Set(removed.map { ByteKey($0.key) })
    for edge in removed
    where try await parallelEdges(of: edge).allSatisfy({ keys.contains(ByteKey($0.key)) }) {
      mutations += IndexRecord.both(of: edge).map { .delete(key: $0.key) }
    }
    return mutations
  }

  /// The stored edge between the nodes, with its data.
  /// - Parameter from: the node that the edge leaves.
  /// - Parameter to: the node that it enters.
  /// - Parameter type: its type.
  /// - Parameter parallelKey: of one of several; `nil` for the one without.
  public func edge(
    from: NodeReference, to: NodeReference, type: String, parallelKey: String? = nil
  ) async throws -> Edge? {
    let wanted = try await stored([Edge(from: from, to: to, type: type, parallelKey: parallelKey)])[0]
    if let record = try await store.get(wanted.key) { return try Edge(record, isDirected: wanted.isDirected) }
    return try await turned([wanted])[0]
  }

  /// The edges as another program may have written them, before their types were undirected: from their other ends.
  private func turned(_ edges: [Edge]) async throws -> [Edge?] {
    let keys = edges.map { edge -> String? in
      if edge.isDirected || edge.from == edge.to { return nil }
      var turned = edge
      (turned.from, turned.to) = (edge.to, edge.from)
      return turned.key
    }
    let asked = keys.compactMap { $0 }
    if asked.isEmpty { return keys.map { _ in nil } }
    var found: [ByteKey: Edge] = [:]
    for record in try await store.get(asked) {
      found[ByteKey(record.key)] = try Edge(record, isDirected: false)
    }
    return keys.map { key in key.flatMap { found[ByteKey($0)] } }
  }

  /// The edges of a type from one node to another, the one without a key first, the others by their keys.
  public func parallelEdges(from: NodeReference, to: NodeReference, type: String) async throws -> [Edge] {
    try await parallelEdges(of: stored([Edge(from: from, to: to, type: type)])[0])
  }

  private func parallelEdges(of edge: Edge) async throws -> [Edge] {
    var edge = edge
    edge.parallelKey = nil
    var edges = try await store.get(edge.key).map { [try Edge($0, isDirected: edge.isDirected)] } ?? []
    for try await record in store.sequence(of: .prefix(edge.key + "/")) {
      if let key = EdgeKey(record.key), Edge(key) != nil {
        edges.append(try Edge(record, isDirected: edge.isDirected))
      }
    }
    if edges.isEmpty, let turned = try await turned([edge])[0] { return [turned] }
    return edges
  }

  /// The edges as they are stored, which the records of their types say.
  private func stored(_ edges: [Edge]) async throws -> [Edge] {
    if edges.isEmpty { return [] }
    let types = Set(edges.map { EdgeTypeRecord.key(of: $0.type) })
    let undirected = UndirectedTypes(
      try await store.get(Array(types)).compactMap(EdgeTypeRecord.undirectedType))
    return edges.map(undirected.canonical)
  }

  /// The edges that leave a node, in key order, and after them the undirected ones that were written from its other end. Cost:
  /// one range read a page.
  public func outgoing(of node: NodeReference, type: String? = nil) async throws -> EdgeSequence {
    let undirected = try await undirectedTypes
    return EdgeSequence(
      records: leaving(node, type), others: undirected.isEmpty ? nil : entering(node), type: type,
      undirected)
  }

  /// The edges that enter a node, in key order, and after them the undirected ones that were written from it.
  public func incoming(of node: NodeReference, type: String? = nil) async throws -> EdgeSequence {
    let undirected = try await undirectedTypes
    return EdgeSequence(
      records: entering(node), others: undirected.isEmpty ? nil : leaving(node, type), type: type,
      undirected)
  }

  /// The records of the edges that enter a node, as far as an edge is made of them.
  private func entering(_ node: NodeReference) -> RecordSequence {
    RecordSequence { [store] after, limit in
      let edges = try await store.edges(
        EdgeQuery(.entering([node.path]), includesValues: true, after: after, limit: limit))
      return zip(edges, edges.values).map { edge, value in
        Record(key: edge.key, version: 1, value: value, type: Edge.recordType, created: "")
      }
    }
  }

  private func leaving(_ node: NodeReference, _ type: String?) -> RecordSequence {
    store.sequence(
      of: .prefix(EdgeKey.prefix + node.path + "/" + (type.map { KeyPart.escape($0) + "/" } ?? "")))
  }

  /// Every edge, in key order; with a node type, those that were written from such a node.
  public func edges(fromType: String? = nil, undirected: UndirectedTypes = UndirectedTypes()) -> EdgeSequence
  {
    let prefix = EdgeKey.prefix + (fromType.map { KeyPart.escape($0) + "/" } ?? "")
    return EdgeSequence(records: store.sequence(of: .prefix(prefix)), type: nil, undirected)
  }

  /// How many edge records there are. Cost: a count of keys.
  public var edgeCount: Int {
    get async throws { try await store.count(.prefix(EdgeKey.prefix)) }
  }

  /// The edges with these keys, in that order. Keys without a record are left out.
  package func edges(keys: [String], undirected: UndirectedTypes = UndirectedTypes()) async throws -> [Edge] {
    var edges: [Edge] = []
    for start in stride(from: 0, to: keys.count, by: pageSize) {
      let batch = Array(keys[start..<min(start + pageSize, keys.count)])
      let found = Dictionary(try await store.get(batch).map { ($0.key, $0) }) { first, _ in first }
      for key in batch {
        guard var edge = try found[key].map({ try Edge($0) }) else { continue }
        edge.isDirected = !undirected.contains(edge.type)
        edges.append(edge)
      }
    }
    return edges
  }
}

extension Edge {
  fileprivate init(_ record: Record, isDirected: Bool) throws {
    try self.init(record)
    self.isDirected = isDirected
  }
}

/// How many records one request reads.
let pageSize = 1000

/// Edges in key order, read as `RecordSequence` reads. Records under edge-like keys that are no edges are passed over.
public struct EdgeSequence: AsyncSequence, Sendable {
  private let records: RecordSequence
  /// The edges at the node's other side, of which the undirected ones follow.
  private let others: RecordSequence?
  private let type: String?
  private let undirected: UndirectedTypes

  init(
    records: RecordSequence, others: RecordSequence? = nil, type: String?,
    _ undirected: UndirectedTypes
  ) {
    (self.records, self.others) = (records, others)
    (self.type, self.undirected) = (type, undirected)
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var records: RecordSequence.AsyncIterator
    fileprivate var others: RecordSequence.AsyncIterator?
    fileprivate var isAmongOthers = false
    fileprivate let type: String?
    fileprivate let undirected: UndirectedTypes

    public mutating func next() async throws -> Edge? { try await next(isolation: nil) }

    /// The same, on the caller's actor: a change of threads for each element would cost more than the element.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Edge? {
      while true {
        guard let record = try await records.next(isolation: actor) else {
          guard let rest = others else { return nil }
          (records, others, isAmongOthers) = (rest, nil, true)
          continue
        }
        guard let key = EdgeKey(record.key), var edge = Edge(key) else { continue }
        if let type, !edge.type.hasSameBytes(as: type) { continue }
        edge.isDirected = !undirected.contains(edge.type)
        // A loop stands on both sides.
        if isAmongOthers, edge.isDirected || edge.from == edge.to { continue }
        edge.data = record.value["data"]
        return edge
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(
      records: records.makeAsyncIterator(), others: others?.makeAsyncIterator(), type: type,
      undirected: undirected)
  }
}

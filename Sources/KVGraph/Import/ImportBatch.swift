import KV

/// Records on their way into the store.
struct ImportBatch: Sendable {
  private let keepsIndexRecords: Bool
  private var edges: [(edge: Edge, key: String, line: Int)] = []
  private var nodes: [(record: NewRecord, line: Int)] = []
  private var bytes = 0

  init(keepsIndexRecords: Bool) { self.keepsIndexRecords = keepsIndexRecords }

  /// Neither many records nor few large ones take much memory.
  private static let (maximumRecords, maximumBytes) = (8_000, 8 << 20)

  var isFull: Bool { edges.count + nodes.count >= Self.maximumRecords || bytes >= Self.maximumBytes }
  /// In the order of writing.
  var lines: [Int] { nodes.map(\.line) + edges.map(\.line) }

  mutating func append(_ made: RecordMaker.Made) {
    switch made.content {
    case .node(let record):
      bytes += record.key.utf8.count + record.value.text.utf8.count
      nodes.append((record, made.line))
    case .edge(let edge, let key):
      // What names the nodes stands in the value again.
      if edges.isEmpty { edges.reserveCapacity(Self.maximumRecords) }
      bytes += 2 * key.utf8.count + (edge.data?.text.utf8.count ?? 0)
      edges.append((edge, key, made.line))
    }
  }

  /// - Parameter position: how many records were written before.
  func write(to load: any BulkLoad, onConflict policy: ConflictPolicy, from position: Int) async throws
    -> ImportSummary
  {
    var summary = ImportSummary()
    let records =
      nodes.map(\.record)
      + edges.map { NewRecord(key: $0.key, value: $0.edge.json, type: Edge.recordType) }
    do {
      let outcomes = try await load.put(records, onConflict: policy)
      summary.nodes = BulkCounts(outcomes.prefix(nodes.count))
      summary.edges = BulkCounts(outcomes.dropFirst(nodes.count))
    } catch var error as KVError {
      if policy != .error { error.mutationIndex = error.mutationIndex.map { $0 + position } }
      throw error
    }
    guard keepsIndexRecords else { return summary }
    do {
      _ = try await load.put(edges.flatMap { IndexRecord.both(of: $0.edge) }, onConflict: .replace)
    } catch var error as KVError {
      error.mutationIndex = nil
      throw error
    }
    return summary
  }
}

import KV

/// Records on their way into the store.
struct ImportBatch: Sendable {
  private var edges: [(record: NewRecord, line: Int)] = []
  private var nodes: [(record: NewRecord, line: Int)] = []
  private var indexRecords: [NewRecord] = []
  private var bytes = 0

  /// Neither many records nor few large ones take much memory.
  private static let (maximumRecords, maximumBytes) = (10_000, 8 << 20)

  var isFull: Bool { edges.count + nodes.count >= Self.maximumRecords || bytes >= Self.maximumBytes }
  /// In the order of writing.
  var lines: [Int] { nodes.map(\.line) + edges.map(\.line) }

  mutating func append(_ made: RecordMaker.Made) {
    bytes += made.record.key.utf8.count + made.record.value.text.utf8.count
    if made.isEdge { edges.append((made.record, made.line)) } else { nodes.append((made.record, made.line)) }
    indexRecords += made.indexRecords
  }

  /// - Parameter position: how many records were written before.
  func write(to load: any BulkLoad, onConflict policy: ConflictPolicy, from position: Int) async throws
    -> ImportSummary
  {
    var summary = ImportSummary()
    do {
      let outcomes = try await load.put((nodes + edges).map(\.record), onConflict: policy)
      summary.nodes = BulkCounts(outcomes.prefix(nodes.count))
      summary.edges = BulkCounts(outcomes.dropFirst(nodes.count))
    } catch var error as KVError {
      if policy != .error { error.mutationIndex = error.mutationIndex.map { $0 + position } }
      throw error
    }
    do {
      _ = try await load.put(indexRecords, onConflict: .replace)
    } catch var error as KVError {
      error.mutationIndex = nil
      throw error
    }
    return summary
  }
}

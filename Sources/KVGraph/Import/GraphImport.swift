import KV
import Synchronization

extension Graph {
  /// Imports one file in one transaction: all of it, or none.
  ///
  /// Reads as a stream; memory holds some thousand records. A malformed element throws invalid data with `file:line:`,
  /// and so does, as a conflict, an edge or an entity that exists already.
  /// - Parameter progress: told from time to time how many edges have been read.
  public func load(
    _ source: ImportSource, options: ImportOptions = ImportOptions(),
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> ImportSummary {
    let keepsIndexRecords = try await keepsIndexRecords
    let lines = Mutex(ImportLines())
    do {
      return try await store.load { load in
        var summary = ImportSummary()
        try await withThrowingTaskGroup(of: ImportSummary.self) { writing in
          var elements = JSONElementReader(try source.open())
          var decoder = ElementDecoder(options: options)
          var batch = ImportBatch()
          var read = 0
          // One batch is written while the next is read.
          func flush() async throws {
            if let written = try await writing.next() { summary += written }
            let full = batch
            lines.withLock { $0.append(full.lines) }
            writing.addTask { try await full.write(to: load, onConflict: options.onConflict) }
            batch = ImportBatch()
            progress(read)
          }
          while let element = try located(source.name, { try elements.next() }) {
            let item = try located(source.name, line: element.line) { try decoder.decode(element) }
            switch item {
            case .edge(let edge):
              batch.edges.append((NewRecord(key: edge.key, value: edge.json, type: "Edge"), element.line))
              if keepsIndexRecords { batch.indexRecords += IndexRecord.both(of: edge) }
              read += 1
            case .entity(let record): batch.entities.append((record, element.line))
            case nil: break
            }
            if batch.isFull { try await flush() }
          }
          try await flush()
          if let written = try await writing.next() { summary += written }
        }
        return summary
      }
    } catch var error as KVError {
      if error.code == .conflict, let position = error.mutationIndex, let key = error.key {
        let what = EdgeKey(key).flatMap { Edge($0) }.map { "the edge \($0)" } ?? "the entity \(key)"
        error.message =
          "\(source.name):\(lines.withLock { $0[position] }): \(what) exists already; see --on-conflict skip and replace"
      }
      if error.recordsKept > 0 {
        error.message +=
          "; \(error.recordsKept) of its records are stored already: import it again with --on-conflict skip to finish"
      }
      throw error
    }
  }
}

/// Runs a step and puts file and line in front of what it throws.
private func located<T>(_ source: String, line: Int? = nil, _ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let error as JSONError {
    throw KVError(.invalidData, "\(source):\(line ?? error.line): not JSON: \(error.reason)")
  } catch let error as KVError where line != nil {
    throw KVError(.invalidData, "\(source):\(line ?? 0): \(error.message)")
  }
}

/// Records on their way into the store.
private struct ImportBatch {
  var edges: [(record: NewRecord, line: Int)] = []
  var entities: [(record: NewRecord, line: Int)] = []
  var indexRecords: [NewRecord] = []

  var isFull: Bool { edges.count + entities.count >= 10_000 }
  /// In the order of writing.
  var lines: [Int] { entities.map(\.line) + edges.map(\.line) }

  func write(to load: any BulkLoad, onConflict policy: ConflictPolicy) async throws -> ImportSummary {
    var summary = ImportSummary()
    let outcomes = try await load.put((entities + edges).map(\.record), onConflict: policy)
    summary.entities = BulkCounts(outcomes.prefix(entities.count))
    summary.edges = BulkCounts(outcomes.dropFirst(entities.count))
    _ = try await load.put(indexRecords, onConflict: .replace)
    return summary
  }
}

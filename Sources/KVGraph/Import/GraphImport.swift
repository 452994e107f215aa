import KV

/// Where an import reads from.
public struct ImportSource: Sendable {
  /// As messages show it.
  public var name: String
  /// Gives a function that reads the next chunk, empty at the end.
  public var open: @Sendable () throws -> () throws -> [UInt8]

  public init(name: String, open: @escaping @Sendable () throws -> () throws -> [UInt8]) {
    self.name = name
    self.open = open
  }
}

/// How edges are written in a file.
public enum ImportFormat: String, Sendable, CaseIterable {
  /// Told element by element from the content.
  case auto
  /// Our own: an array of edges, or `{"nodes":[…],"edges":[…]}`, nodes named by `from` and `to`.
  case json
  /// Our own, one edge after another.
  case jsonl
  /// NetworkX's: `source` and `target`, the other attributes as data; `links` or `edges`.
  case nodeLink = "node-link"
}

public struct ImportOptions: Sendable {
  public var format: ImportFormat
  public var onConflict: ConflictPolicy
  /// The type of nodes for which the file names none.
  public var nodeType: String?
  public var edgeType: String?

  public init(
    format: ImportFormat = .auto, onConflict: ConflictPolicy = .error, nodeType: String? = nil,
    edgeType: String? = nil
  ) {
    self.format = format
    self.onConflict = onConflict
    self.nodeType = nodeType
    self.edgeType = edgeType
  }
}

public struct ImportSummary: Sendable, Equatable {
  public var edges = BulkCounts()
  /// Entities made of node attributes.
  public var entities = BulkCounts()

  public init() {}

  static func += (sum: inout ImportSummary, more: ImportSummary) {
    sum.edges += more.edges
    sum.entities += more.entities
  }
}

extension Graph {
  /// Imports one file in one transaction: all of it, or none.
  ///
  /// Reads as a stream; memory holds some thousand records. A malformed element throws invalid data with `file:line:`.
  /// - Parameter progress: told from time to time how many edges have been read.
  public func load(
    _ source: ImportSource, options: ImportOptions = ImportOptions(),
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> ImportSummary {
    let keepsIndexRecords = try await keepsIndexRecords
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
          writing.addTask {
            try await full.write(to: load, onConflict: options.onConflict, source: source.name)
          }
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

  func write(
    to load: any BulkLoad, onConflict policy: ConflictPolicy, source: String
  ) async throws -> ImportSummary {
    func put(_ records: [(record: NewRecord, line: Int)]) async throws -> BulkCounts {
      do {
        return try await load.put(records.map(\.record), onConflict: policy)
      } catch let error as KVError {
        guard let index = error.mutationIndex else { throw error }
        let (record, line) = records[index]
        let edge = record.type == "Edge" ? try? Edge(Record(new: record)) : nil
        let what = edge.map { "the edge \($0)" } ?? "the entity \(record.key)"
        throw KVError(
          error.code, "\(source):\(line): \(what) exists already; see --on-conflict skip and replace")
      }
    }
    var summary = ImportSummary()
    summary.entities = try await put(entities)
    summary.edges = try await put(edges)
    _ = try await load.put(indexRecords, onConflict: .replace)
    return summary
  }
}

extension Record {
  fileprivate init(new record: NewRecord) {
    self.init(key: record.key, version: 1, value: record.value, type: record.type, created: "")
  }
}

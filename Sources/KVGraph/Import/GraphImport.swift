import KV
import Synchronization

extension Graph {
  /// Imports one file in one transaction: all of it, or none.
  ///
  /// Reads as a stream; memory holds some thousand records. A malformed element throws invalid data with `file:line:`,
  /// and so does, as a conflict, an edge or an entity that exists already.
  /// - Parameters:
  ///   - skipped: told of each malformed element, as `file:line: what`, which is then left out; without it the first one
  ///     ends the import. A file that cannot be read on after it, such as an array that does not end, ends it in any case.
  ///   - progress: told from time to time how many edges have been read.
  public func load(
    _ source: ImportSource, options: ImportOptions = ImportOptions(),
    skipped: (@Sendable (String) -> Void)? = nil,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> ImportSummary {
    let keepsIndexRecords = try await keepsIndexRecords
    let lines = Mutex(ImportLines())
    @Sendable func write(to load: any BulkLoad) async throws -> ImportSummary {
      var summary = ImportSummary()
      try await withThrowingTaskGroup(of: ImportSummary.self) { writing in
        var items = ImportItems(source, options, skipped: skipped)
        var batch = ImportBatch()
        var read = 0
        var written = 0
        // One batch is written while the next is read.
        func flush() async throws {
          if let written = try await writing.next() { summary += written }
          let full = batch
          let position = written
          lines.withLock { $0.append(full.lines) }
          written += full.lines.count
          writing.addTask { try await full.write(to: load, onConflict: options.onConflict, from: position) }
          batch = ImportBatch()
          progress(read)
        }
        while let (item, line) = try items.next() {
          switch item {
          case .edge(let edge):
            batch.append(NewRecord(key: edge.key, value: edge.json, type: "Edge"), isEdge: true, line)
            if keepsIndexRecords { batch.indexRecords += IndexRecord.both(of: edge) }
            read += 1
          case .entity(let record): batch.append(record, isEdge: false, line)
          }
          if batch.isFull { try await flush() }
        }
        try await flush()
        if let written = try await writing.next() { summary += written }
        summary.invalid = items.invalid
      }
      return summary
    }
    do {
      if let rehearsal = options.rehearsal { return try await write(to: rehearsal) }
      return try await store.load(write)
    } catch var error as KVError {
      if let position = error.mutationIndex {
        var message = error.message
        if error.code == .conflict, let key = error.key {
          let what = EdgeKey(key).flatMap { Edge($0) }.map { "the edge \($0)" } ?? "the entity \(key)"
          message = "\(what) exists already; see --on-conflict skip and replace"
        }
        error.message = "\(source.name):\(lines.withLock { $0[position] }): \(message)"
      }
      if error.recordsKept > 0 {
        error.message +=
          "; \(error.recordsKept) of its records are stored already: import it again with --on-conflict skip to finish"
      }
      throw error
    }
  }
}

/// What is to be stored of a file, one thing after another, with the line it stands on.
private struct ImportItems {
  private let source: ImportSource
  private let options: ImportOptions
  private let skipped: ((String) -> Void)?
  private var reader: (any ElementReader)?
  private var decoder: ElementDecoder
  private(set) var invalid = 0

  init(_ source: ImportSource, _ options: ImportOptions, skipped: ((String) -> Void)?) {
    self.source = source
    self.options = options
    self.skipped = skipped
    decoder = ElementDecoder(options: options)
  }

  mutating func next() throws -> (ElementDecoder.Item, line: Int)? {
    while let element = try nextElement() {
      do {
        if let item = try decoder.decode(element) {
          try item.validate()
          return (item, element.line)
        }
      } catch var error as KVError {
        error.message = "\(source.name):\(element.line): \(error.message)"
        error.code = .invalidData
        guard let skipped else { throw error }
        invalid += 1
        skipped(error.message)
      }
    }
    return nil
  }

  private mutating func nextElement() throws -> ImportElement? {
    do {
      if reader == nil { reader = try source.elements(options, skippingInvalid: skipped != nil) }
      return try reader?.next()
    } catch let error as JSONError {
      let what = reader is JSONElementReader ? "not JSON: " : ""
      throw KVError(.invalidData, "\(source.name):\(error.line): \(what)\(error.reason)")
    }
  }
}

/// Records on their way into the store.
private struct ImportBatch {
  private var edges: [(record: NewRecord, line: Int)] = []
  private var entities: [(record: NewRecord, line: Int)] = []
  var indexRecords: [NewRecord] = []
  private var bytes = 0

  /// Neither many records nor few large ones take much memory.
  private static let (maximumRecords, maximumBytes) = (10_000, 8 << 20)

  var isFull: Bool { edges.count + entities.count >= Self.maximumRecords || bytes >= Self.maximumBytes }
  /// In the order of writing.
  var lines: [Int] { entities.map(\.line) + edges.map(\.line) }

  mutating func append(_ record: NewRecord, isEdge: Bool, _ line: Int) {
    bytes += record.key.utf8.count + record.value.text.utf8.count
    if isEdge { edges.append((record, line)) } else { entities.append((record, line)) }
  }

  /// - Parameter position: how many records were written before.
  func write(to load: any BulkLoad, onConflict policy: ConflictPolicy, from position: Int) async throws
    -> ImportSummary
  {
    var summary = ImportSummary()
    do {
      let outcomes = try await load.put((entities + edges).map(\.record), onConflict: policy)
      summary.entities = BulkCounts(outcomes.prefix(entities.count))
      summary.edges = BulkCounts(outcomes.dropFirst(entities.count))
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

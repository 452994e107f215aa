import KV
import Synchronization

extension Graph {
  /// Imports one file in one transaction: all of it, or none. See `load(_:options:skipped:progress:finished:)`.
  public func load(
    _ source: ImportSource, options: ImportOptions = ImportOptions(),
    skipped: (@Sendable (String) -> Void)? = nil, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> ImportSummary {
    var summary = ImportSummary()
    try await load(
      [source], options: options, skipped: skipped, progress: { progress($1) }, finished: { summary = $1 })
    return summary
  }

  /// Imports files that know each other's nodes, each in one transaction: all of it, or none.
  ///
  /// Reads as a stream; memory holds some thousand records, the names of nodes and 16 bytes an edge. A file is read twice where it says
  /// late what counts from its beginning, and each file where there are several. A malformed element throws invalid data with
  /// `file:line:`, and so does, as a conflict, an edge or a node's record that exists already.
  /// - Parameters:
  ///   - isolation: the actor to run on, by default the caller's.
  ///   - options: how they are read, and what becomes of what exists.
  ///   - sources: the files, in the order of their import.
  ///   - skipped: told of each malformed element, as `file:line: what`, which is then left out; without it the first one
  ///     ends the import. A file that cannot be read on after it, such as an array that does not end, ends it in any case.
  ///   - progress: told from time to time of which file how many edges have been read.
  ///   - finished: told of each file's number when it is stored.
  public func load(
    _ sources: [ImportSource], options: ImportOptions = ImportOptions(),
    skipped: (@Sendable (String) -> Void)? = nil,
    progress: @escaping @Sendable (_ file: Int, _ edges: Int) -> Void = { _, _ in },
    isolation: isolated (any Actor)? = #isolation, finished: (Int, ImportSummary) throws -> Void
  ) async throws {
    var options = options
    options.skipsInvalid = skipped != nil
    options.isOneFile = sources.count == 1
    let files = sources.map { ImportFile(source: $0) }
    var context = try await ImportContext(self, options, files: files.count)
    // What has been written is undone where a second reading is needed, which not every store can.
    var isSurveyed =
      files.count > 1 || !store.loadsAreAtomic || options.dryRun != nil || options.parallel == .last
    if isSurveyed { try await context.survey(files) }
    // Of the files that are stored, what was left to edges that may not come.
    var makers: [RecordMaker] = []
    func keepNodesWithoutEdges() async throws {
      if options.dryRun == nil { for maker in makers { try await addMissing(maker.nodesLeftToEdges) } }
    }
    var number = 0
    while number < files.count {
      let load = FileLoad(
        file: files[number], options: options, keepsIndexRecords: context.keepsIndexRecords,
        maker: context.maker(of: number), skipped: skipped,
        progress: { [number] in progress(number, $0) })
      do {
        let (summary, maker) = try await load.run(in: store)
        context.follow(maker.directions)
        // What a bad edge names has none.
        if summary.invalid > 0, options.dryRun == nil { try await addMissing(maker.nodesLeftToEdges) }
        if number + 1 < files.count { makers.append(maker) }
        try finished(number, summary)
        number += 1
      } catch is SurveyNeeded where !isSurveyed {
        isSurveyed = true
        try await context.survey(files)
      } catch {
        try? await keepNodesWithoutEdges()
        throw error
      }
    }
  }

  /// Gives records to those of the nodes that neither a record nor an edge says are there.
  private func addMissing(_ nodes: some Sequence<NodeReference>) async throws {
    var rest = Array(nodes)[...]
    while !rest.isEmpty {
      let page = Array(rest.prefix(pageSize))
      rest = rest.dropFirst(page.count)
      let paths = page.map(\.path)
      var isThere = try await store.get(page.map(\.entityKey)).reduce(into: Set<ByteKey>()) {
        $0.insert(ByteKey($1.key))
      }
      for scope in [EdgeQuery.Scope.leaving(paths), .entering(paths)] {
        for key in try await store.edges(EdgeQuery(scope)) {
          isThere.insert(ByteKey(page[key.node].entityKey))
        }
      }
      let missing = page.filter { !isThere.contains(ByteKey($0.entityKey)) }
      if missing.isEmpty { continue }
      _ = try await store.mutate(
        missing.map { .put(key: $0.entityKey, value: JSON(members: []), type: $0.type, expecting: .absent) })
    }
  }
}

/// One file on its way into the store.
private struct FileLoad: Sendable {
  let file: ImportFile
  let options: ImportOptions
  let keepsIndexRecords: Bool
  let maker: RecordMaker
  let skipped: (@Sendable (String) -> Void)?
  let progress: @Sendable (Int) -> Void

  /// - Returns: what was done, and the maker with what it knows then.
  func run(in store: any GraphStore) async throws -> (ImportSummary, RecordMaker) {
    let lines = Mutex(ImportLines())
    @Sendable func write(to load: any BulkLoad) async throws -> (ImportSummary, RecordMaker) {
      try await self.write(to: load) { batch in lines.withLock { $0.append(batch) } }
    }
    do {
      if let dryRun = options.dryRun {
        await dryRun.beginLoad()
        return try await write(to: dryRun)
      }
      return try await store.load(write)
    } catch var error as KVError {
      if let position = error.mutationIndex {
        if error.code == .conflict, error.reason == nil, let key = error.key {
          let edge = EdgeKey(key).flatMap { Edge($0) }
          error.message = "\(edge.map { "the edge \($0)" } ?? "the record \(JSON(key))") exists already"
          error.reason = .recordExists
        }
        error.message = "\(file.source.name):\(lines.withLock { $0[position] }): \(error.message)"
      }
      if error.recordsKept > 0 {
        error.message +=
          "; \(error.recordsKept) of its records are stored already"
        error.reason = .partlyImported
      }
      throw error
    }
  }

  private func write(to load: any BulkLoad, lines: ([Int]) -> Void) async throws -> (
    ImportSummary, RecordMaker
  ) {
    var maker = maker
    var summary = ImportSummary()
    try await withThrowingTaskGroup(of: ImportSummary.self) { writing in
      let reading = ItemReading(file, options)
      if try await !reading.mayListNodes() { maker.expectOnlyEdges() }
      var batch = ImportBatch(keepsIndexRecords: keepsIndexRecords)
      var read = 0
      var written = 0
      // One batch is written while the next is read, and its records are made.
      func flush() async throws {
        if let written = try await writing.next() { summary += written }
        let full = batch
        let position = written
        lines(full.lines)
        written += full.lines.count
        writing.addTask { [policy = options.onConflict] in
          try await full.write(to: load, onConflict: policy, from: position)
        }
        batch = ImportBatch(keepsIndexRecords: keepsIndexRecords)
        progress(read)
      }
      func refuse(_ line: Int, _ error: KVError) throws {
        var error = error
        error.message = "\(file.source.name):\(line): \(error.message)"
        guard let skipped else { throw error }
        summary.invalid += 1
        skipped(error.message)
      }
      var piece = await reading.next()
      while !piece.items.isEmpty {
        let isLast = piece.error != nil
        async let next = isLast ? ItemReading.Piece() : reading.next()
        for (item, line) in piece.items {
          do {
            guard let made = try maker.make(item, line: line) else { continue }
            if case .edge = made.content { read += 1 }
            batch.append(made)
          } catch var error as KVError {
            error.code = .invalidData
            try refuse(line, error)
          }
          if batch.isFull { try await flush() }
        }
        if let error = piece.error { throw error }
        piece = await next
      }
      if let error = piece.error { throw error }
      for made in try maker.finish(invalid: refuse) {
        batch.append(made)
        if batch.isFull { try await flush() }
      }
      try await flush()
      if let written = try await writing.next() { summary += written }
    }
    let types = maker.directions.newTypes
    if !types.isEmpty {
      let records = types.map {
        NewRecord(key: EdgeTypeRecord.key(of: $0), value: EdgeTypeRecord.value, type: EdgeTypeRecord.type)
      }
      _ = try await load.put(records, onConflict: .skip)
    }
    summary.notes = maker.notes.all
    return (summary, maker)
  }
}

import ArgumentParser
import KV
import KVGraph
import Synchronization
import SystemPackage

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Store the nodes and edges of files, each file in one transaction.",
    discussion: """
      Tells the format from the content: JSON of any of these forms (our own, JSON Lines, node-link as NetworkX and D3 have \
      it, Cytoscape, JSON Graph Format, graphology, Neo4j's APOC, JSON Canvas, adjacency and trees), CSV and TSV with a header \
      (Gephi's, Neo4j's and Neptune's too), lists of two or three fields a line (SNAP, edge lists, SIF, TGF, go mod graph), GraphML, \
      GEXF, GML, Pajek, DOT, Mermaid flowcharts, package-lock.json, npm ls --json, cargo metadata, CycloneDX and SPDX. gzip and zstd are unpacked.

      What names no type is a Node, or an edge of type edge. The files of one command know each other's nodes. Nothing is passed over in \
      silence: what is not taken in is named on standard error.

      EXAMPLE
        kv graph import samples/social.json
        kv graph import nodes.csv edges.csv
        terraform graph | kv graph import -
        kv graph import flights.csv --from origin --to destination --node-type Airport
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The files; - for standard input.") var files: [FileArgument]
  @Option(
    help: "auto, or one of \(ImportFormat.allCases.dropFirst().map(\.rawValue).joined(separator: ", ")).")
  var format = ImportFormat.auto
  @Option(help: "What to do with a node or an edge that exists: error, skip or replace.") var onConflict =
    ConflictPolicy.error
  @Option(
    help: "Of edges with the same type and ends: keep all, each with a key; the first; the last; or error.")
  var parallel = ParallelPolicy.keep
  @Option(
    help:
      "The type of nodes for which neither the file nor the database names one; of several with an id, the one that is meant."
  ) var nodeType: Text?
  @Option(help: "The type of edges for which the file names none.") var edgeType: Text?
  @Option(help: "The column or member that names the node that an edge leaves.") var from: Text?
  @Option(help: "The one that names the node that it enters.") var to: Text?
  @Option(help: "The one that names the id of a node.") var id: Text?
  @Option(help: "The attribute that names the type of a node.") var nodeTypeFrom: Text?
  @Option(help: "The attribute that names the type of an edge.") var edgeTypeFrom: Text?
  @Flag(help: "Keep text that looks like a number or a boolean as text.") var strings = false
  @Option(help: "error, or pairs: an edge for each pair of nodes that a hyperedge joins.") var hyperedges =
    Hyperedges.error
  @Flag(help: "Leave out what is not valid, and say what it was.") var skipInvalid = false
  @Flag(help: "Read and check all, say what would be done, and write nothing.") var dryRun = false

  enum Hyperedges: String, ExpressibleByArgument, CaseIterable { case error, pairs }

  func validate() throws {
    if (from == nil) != (to == nil) { throw ValidationError("--from and --to go together") }
    if files.count(where: \.isStandard) > 1 { throw ValidationError("standard input can be read once") }
  }

  private var options: ImportOptions {
    var options = ImportOptions(
      format: format, onConflict: onConflict, nodeType: nodeType?.value, edgeType: edgeType?.value)
    options.parallel = parallel
    options.columns = ImportOptions.Columns(from: from?.value, to: to?.value, id: id?.value)
    (options.nodeTypeFrom, options.edgeTypeFrom) = (nodeTypeFrom?.value, edgeTypeFrom?.value)
    options.keepsText = strings
    options.pairsHyperedges = hyperedges == .pairs
    return options
  }

  @MainActor
  func run() async throws {
    var options = options
    // Opened first, so that a file that is not there leaves no new database behind.
    let sources = try files.map { file in
      try ImportSource(name: file.isStandard ? "standard input" : "\(file)", open: Self.opening(file))
    }
    let graph = try await database.graph(for: dryRun ? .dryRun : .load)
    if dryRun { options.dryRun = DryRun(graph.store) }
    let clock = ContinuousClock()
    var start = clock.now
    let begin = start
    let progress: @Sendable (Int, Int) -> Void = { [files] file, edges in
      Output.progress("\(files[file]): \(edges) edges, \(rate(edges, since: begin)) edges/s")
    }
    let skipped: @Sendable (String) -> Void = {
      Output.progress("")
      Output.note("kv: left out: \($0)")
    }
    defer { Output.progress("") }
    let loading = options
    let stored = Atomic(0)
    let kept: @Sendable () -> String = {
      let count = stored.load(ordering: .relaxed)
      return count == 0
        ? "nothing was stored"
        : "the first \(count == 1 ? "file is" : "\(count) files are") stored, and nothing else"
    }
    var added = 0
    try await undoneIfInterrupted(kept()) { @MainActor in
      try await graph.load(
        sources, options: loading, skipped: skipInvalid ? skipped : nil, progress: progress
      ) { number, summary in
        Output.progress("")
        for note in summary.notes { Output.note("kv: \(sources[number].name): \(note.line)") }
        try Output.line("\(sources[number].name): " + line(summary, clock.now - start))
        try Output.flush()
        start = clock.now
        stored.store(number + 1, ordering: .relaxed)
        added += summary.edges.added
      }
      // Named, so that a query, which may only read, can keep a snapshot; stored it is whether or not that succeeds.
      if !dryRun, added > 0 { _ = try? await graph.store.databaseID(creating: true) }
    }
  }

  /// What opens a file as often as it has to be read.
  private static func opening(_ file: FileArgument) throws -> @Sendable () throws -> () throws -> [UInt8] {
    let pipe: SpooledInput
    if file.isStandard {
      pipe = SpooledInput(.standardInput, named: "standard input")
    } else {
      let descriptor = try Input.open(file)
      if Input.isRegular(descriptor) {
        try descriptor.close()
        return { try CompressedFile.open(file) }
      }
      pipe = SpooledInput(descriptor, named: "\(file)")
    }
    return { try pipe.open() }
  }

  private func line(_ summary: ImportSummary, _ time: Duration) -> String {
    let would = dryRun ? "would be " : ""
    func text(_ counts: BulkCounts, _ what: String) -> String {
      "\(counts.added.counted(what, what + "s")) \(would)added, \(counts.replaced) replaced, \(counts.skipped) skipped"
    }
    var line = text(summary.edges, "edge")
    if summary.nodes != BulkCounts() { line += "; \(text(summary.nodes, "node"))" }
    if summary.invalid > 0 { line += "; \(summary.invalid) invalid, left out" }
    let total = summary.edges.added + summary.edges.replaced + summary.edges.skipped
    let rate = Int(Double(total) / max(time / .seconds(1), 0.000_001))
    return line + "; \(time.seconds(digits: 2)) s, \(rate) edges/s"
  }
}

extension ImportFormat: ExpressibleByArgument {}
extension ConflictPolicy: ExpressibleByArgument {}
extension ParallelPolicy: ExpressibleByArgument {}

private func rate(_ count: Int, since start: ContinuousClock.Instant) -> Int {
  Int(Double(count) / max((.now - start) / .seconds(1), 0.000_001))
}

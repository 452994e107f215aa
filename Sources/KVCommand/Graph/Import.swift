import ArgumentParser
import KV
import KVGraph
import SystemPackage

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Store the edges and nodes of files, each file in one transaction.",
    discussion: """
      Formats, told from the content: an array of edges, {"nodes":[…],"edges":[…]}, JSON Lines (an edge is \
      {"from":"User:alice","to":"User:bob","type":"follows","data":…}), node-link JSON as NetworkX and D3 have it, \
      Cytoscape.js, JSON Graph Format, GraphML, Neo4j's JSON Lines (apoc), and CSV with a header: from_type, from_id, \
      to_type, to_id, edge_type and data; or from, to and type, any other columns being the data; or id, type and any others \
      for nodes. Undirected edges are stored once, as written.

      EXAMPLE
        kv graph import samples/social.json
        kv graph import edges.csv --node-type City --edge-type road
        zcat edges.jsonl.gz | kv graph import -
      """)

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The files; - for standard input.") var files: [FileArgument]
  @Option(help: "auto, json, jsonl, csv, node-link, cytoscape, jgf, graphml or apoc.") var format =
    ImportFormat.auto
  @Option(help: "What to do with an edge that exists: error, skip or replace.") var onConflict =
    ConflictPolicy.error
  @Option(help: "The type of nodes for which the file names none.") var nodeType: Text?
  @Option(help: "The type of edges for which the file names none.") var edgeType: Text?

  @Flag(help: "Leave out what is not valid, and say what it was.") var skipInvalid = false
  @Flag(help: "Read and check all, say what would be done, and write nothing.") var dryRun = false

  func run() async throws {
    var options = ImportOptions(
      format: format, onConflict: onConflict, nodeType: nodeType?.value, edgeType: edgeType?.value)
    // Opened first, so that a file that is not there leaves no new database behind.
    for file in files where !file.isStandard { try Input.open(file).close() }
    let graph = try await database.graph(for: dryRun ? .rehearsal : .write)
    if dryRun { options.rehearsal = RehearsedLoad(graph.store) }
    for file in files {
      let clock = ContinuousClock()
      let start = clock.now
      let progress: @Sendable (Int) -> Void = { edges in
        Output.progress("\(file): \(edges) edges, \(rate(edges, since: start)) edges/s")
      }
      let skipped: @Sendable (String) -> Void = {
        Output.progress("")
        Output.note("kv: left out: \($0)")
      }
      let summary: ImportSummary
      do {
        defer { Output.progress("") }
        summary = try await graph.load(
          Self.source(file), options: options, skipped: skipInvalid ? skipped : nil, progress: progress)
      }
      let edges = summary.edges
      let would = dryRun ? "would be " : ""
      var line =
        "\(file): \(edges.added) edges \(would)added, \(edges.replaced) replaced, \(edges.skipped) skipped"
      let entities = summary.entities
      if entities != BulkCounts() {
        line +=
          "; \(entities.added) entities \(would)added, \(entities.replaced) replaced, \(entities.skipped) skipped"
      }
      if summary.invalid > 0 { line += "; \(summary.invalid) invalid, left out" }
      let total = edges.added + edges.replaced + edges.skipped
      line += "; \((ContinuousClock.now - start).seconds(digits: 2)) s, \(rate(total, since: start)) edges/s"
      try await Output.line(line)
    }
  }

  private static func source(_ file: FileArgument) -> ImportSource {
    ImportSource(name: file.isStandard ? "standard input" : "\(file)") { try Input.chunks(of: file) }
  }
}

extension ImportFormat: ExpressibleByArgument {}
extension ConflictPolicy: ExpressibleByArgument {}

private func rate(_ count: Int, since start: ContinuousClock.Instant) -> Int {
  Int(Double(count) / max((.now - start) / .seconds(1), 0.000_001))
}

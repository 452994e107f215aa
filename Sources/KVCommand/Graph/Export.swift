import ArgumentParser
import KV
import KVGraph
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ExportFormat: ExpressibleByArgument {
  /// The format of a file by its ending; `nil` for others.
  init?(ending: String) {
    switch ending {
    case "ndjson": self = .jsonl
    case "net", "paj": self = .pajek
    case "gv": self = .dot
    case "mmd": self = .mermaid
    case "cyjs": self = .cytoscape
    case "json", "jsonl", "csv", "tsv", "graphml", "gexf", "gml", "dot", "jgf": self.init(rawValue: ending)
    default: return nil
    }
  }

  fileprivate static let endings =
    ".json, .jsonl, .csv, .tsv, .graphml, .gexf, .gml, .net, .dot, .mmd, .cyjs, .jgf"
}

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the graph in a form that import reads.",
    discussion: """
      json is {nodes, edges}; jsonl, csv and tsv a node or an edge a line; node-link is NetworkX's, cytoscape Cytoscape.js's, \
      jgf JSON Graph Format, graphml, gexf, gml, pajek, dot, mermaid, apoc Neo4j's JSON Lines, and neo4j-csv the two tables that \
      neo4j-admin imports, which go into a folder. Nodes come with their attributes, those without edges too. What a format has no \
      place for is said on standard error.

      EXAMPLE
        kv graph export > graph.json
        kv graph export -o graph.graphml
        kv graph export --format neo4j-csv -o tables
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var edges: EdgeChoice
  @Option(
    help:
      "One of \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")). (default: that of the file's ending, else json)"
  )
  var format: ExportFormat?
  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp(
      "The file to write, or with neo4j-csv the folder; - for standard output. The ending tells the format.",
      valueName: "file"))
  var output: [FileArgument] = []
  @Flag(
    help:
      "With csv: begin cells that a spreadsheet would carry out, such as =1+1, with an apostrophe, which stays there."
  )
  var escapeFormulas = false

  /// `nil` for standard output.
  private var file: FileArgument? { output.first?.unlessStandard }

  private var chosen: ExportFormat? {
    guard format == nil, let file else { return format ?? .json }
    return file.ending.flatMap(ExportFormat.init(ending:))
  }

  func validate() throws {
    try output.requireOneAtMost()
    guard let format = chosen else {
      throw ValidationError(
        "\(file.map { "\($0)" } ?? "-"): unknown ending; expected \(ExportFormat.endings), or --format")
    }
    if escapeFormulas, format != .csv, format != .tsv {
      throw ValidationError("--escape-formulas goes with --format csv and tsv")
    }
    if format == .neo4jCSV, file == nil {
      throw ValidationError("neo4j-csv is two tables: name a folder for them with -o")
    }
  }

  @MainActor
  func run() async throws {
    let options = try edges.options()
    let graph = try await database.graph(for: .read)
    let format = chosen ?? .json
    try await graph.noteMissing(edgeTypes: options.edgeTypes)
    if format == .neo4jCSV, let file { return try await exportTables(of: graph, options, into: file) }
    var bytes: [UInt8] = []
    let isFile = file != nil
    var progress = Progress("lines")
    let losses = try await graph.export(as: format, options: options, escapingFormulas: escapeFormulas) {
      line in
      if isFile || !Output.isTerminal { progress.advance(by: 1) }
      if isFile {
        bytes += line.utf8
        bytes.append(0x0A)
      } else {
        try Output.document(line)
      }
    }
    progress.end()
    if let file { try Output.file(file, bytes) }
    for loss in losses { Output.note("kv: \(format.rawValue) has no place for \(loss)") }
  }

  private func exportTables(of graph: Graph, _ options: TraversalOptions, into folder: FileArgument)
    async throws
  {
    if folder.withCString({ mkdir($0, 0o777) }) != 0, errno != EEXIST {
      throw KVError(.failed, "cannot make the folder \(folder): \(Errno(rawValue: errno))")
    }
    var tables = (nodes: [UInt8](), relationships: [UInt8]())
    try await graph.exportForNeo4j(
      options: options, writeNode: { tables.nodes += Array($0.utf8) + [0x0A] },
      writeRelationship: { tables.relationships += Array($0.utf8) + [0x0A] })
    for (name, bytes) in [("nodes.csv", tables.nodes), ("relationships.csv", tables.relationships)] {
      try await Output.file(FileArgument(bytes: folder.bytes + Array("/\(name)".utf8)), bytes)
    }
  }
}

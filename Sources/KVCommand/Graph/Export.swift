import ArgumentParser
import KV
import KVGraph

extension ExportFormat: ExpressibleByArgument {}

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the graph in a form that import reads.",
    discussion: """
      Formats: json is {nodes, edges}, nodes with their attributes; jsonl and csv an edge a line, without the attributes of \
      nodes; node-link is NetworkX's, cytoscape Cytoscape.js's, jgf JSON Graph Format, graphml, and apoc Neo4j's JSON Lines.

      EXAMPLE
        kv graph export > graph.json
        kv graph export --format graphml > graph.graphml
      """)

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var edges: EdgeChoice
  @Option(help: "json, jsonl, csv, node-link, cytoscape, jgf, graphml or apoc.") var format = ExportFormat
    .json
  @Flag(
    help:
      "With csv: begin cells that a spreadsheet would carry out, such as =1+1, with an apostrophe, which stays there."
  )
  var escapeFormulas = false

  func validate() throws {
    if escapeFormulas, format != .csv { throw ValidationError("--escape-formulas goes with --format csv") }
  }

  @MainActor
  func run() async throws {
    var options = try edges.options(edgeType: nil)
    options.nodeBudget = .max
    try await database.graph(for: .read).export(
      as: format, options: options, escapingFormulas: escapeFormulas
    ) {
      try Output.document($0)
    }
  }
}

import ArgumentParser
import KV
import KVGraph

extension ExportFormat: ExpressibleByArgument {}

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the graph in a form that import reads.",
    discussion: "EXAMPLE\n  kv graph export > graph.json")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var edges: EdgeChoice
  @Option(help: "json: {nodes, edges}, nodes with their attributes; jsonl: an edge a line.") var format =
    ExportFormat
    .json

  @MainActor
  func run() async throws {
    var options = try edges.options(edgeType: nil)
    options.nodeBudget = .max
    try await database.graph(for: .read).export(as: format, options: options) {
      try Output.line($0)
    }
  }
}

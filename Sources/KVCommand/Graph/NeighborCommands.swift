import ArgumentParser
import KV
import KVGraph

extension EdgeDirection: ExpressibleByArgument {}

struct Neighbors: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbors", abstract: "Print the nodes near a node, each once.",
    discussion: "EXAMPLE\n  kv graph neighbors User alice --direction any --max-depth 2")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var search: TraversalArguments
  @Option(help: "At most so many edges away; -1 for however many.") var maxDepth = Limit(1)
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let (node, edgeType) = try await arguments.reading(in: graph)
    let options = try search.options(edgeType: edgeType, maxDepth: maxDepth)
    let nodes = try await graph.neighbors(of: node, options: options)
    if nodes.isEmpty {
      try await graph.require(node)
      try await graph.noteMissing(edgeTypes: options.edgeTypes)
    }
    try await output.print(nodes, as: .references, inPipe: .text, onTerminal: .text, window: window)
  }
}

struct DegreeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "degree", abstract: "Print how many edges enter and leave a node.",
    discussion: "EXAMPLE\n  kv graph degree User alice follows")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var edges: EdgeChoice
  @OptionGroup var output: ListOptions

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let (node, edgeType) = try await arguments.reading(in: graph)
    let options = try edges.options(edgeType: edgeType)
    let degree = try await graph.degree(of: node, options: options)
    if degree.incoming + degree.outgoing == 0 {
      try await graph.require(node)
      try await graph.noteMissing(edgeTypes: options.edgeTypes)
    }
    try await output.print(
      Report(
        json: JSON(degree), lines: ["in \(degree.incoming), out \(degree.outgoing)"], header: ["IN", "OUT"],
        rows: [[.number(degree.incoming), .number(degree.outgoing)]]))
  }
}

struct Mutual: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutual", abstract: "Print the neighbors that two nodes have in common.",
    discussion: "EXAMPLE\n  kv graph mutual User alice User bob follows")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: NodePairArguments
  @Option(help: "Along edges that leave (out), that enter (in), or any.") var direction = EdgeDirection.out
  @OptionGroup var edges: EdgeChoice
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let (first, second, edgeType) = try await arguments.reading(in: graph)
    var options = try edges.options(edgeType: edgeType)
    options.direction = direction
    let nodes = try await graph.mutualNeighbors(of: first, and: second, options: options)
    if nodes.isEmpty {
      try await graph.require(first)
      try await graph.require(second)
      try await graph.noteMissing(edgeTypes: options.edgeTypes)
    }
    try await output.print(nodes, as: .references, inPipe: .text, onTerminal: .text, window: window)
  }
}

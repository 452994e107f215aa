import ArgumentParser
import KV
import KVGraph

extension EdgeDirection: ExpressibleByArgument {}

/// How the answer of a search is printed.
enum TextOrJSON: String, ExpressibleByArgument, CaseIterable {
  case text, json

  @MainActor
  func print(_ nodes: [NodeReference]) throws {
    switch self {
    case .text: for node in nodes { try Output.line("\(node)") }
    case .json: try Output.document(JSON(elements: nodes.map { JSON($0) }).pretty)
    }
  }
}

struct Neighbors: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbors", abstract: "Print the nodes near a node, each once.",
    discussion: "EXAMPLE\n  kv graph neighbors User alice --direction any --max-depth 2")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var search: TraversalArguments
  @Option(help: "At most so many edges away; -1 for however many.") var maxDepth = Limit(1)
  @Option(help: "text: a node a line; json: one array.") var output = TextOrJSON.text

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let (node, edgeType) = try await arguments.reading(in: graph)
    let options = try search.options(edgeType: edgeType, maxDepth: maxDepth)
    let nodes = try await graph.neighbors(of: node, options: options)
    if nodes.isEmpty { try await graph.require(node) }
    try await output.print(nodes)
  }
}

struct DegreeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "degree", abstract: "Print how many edges enter and leave a node.",
    discussion: "EXAMPLE\n  kv graph degree User alice follows")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var edges: EdgeChoice
  @Option(help: "text, or json: {in, out}.") var output = TextOrJSON.text

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let (node, edgeType) = try await arguments.reading(in: graph)
    let options = try edges.options(edgeType: edgeType)
    let degree = try await graph.degree(of: node, options: options)
    if degree.incoming + degree.outgoing == 0 { try await graph.require(node) }
    switch output {
    case .text: try await Output.line("in \(degree.incoming), out \(degree.outgoing)")
    case .json: try await Output.document(JSON(degree).pretty)
    }
  }
}

struct Mutual: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutual", abstract: "Print the neighbors that two nodes have in common.",
    discussion: "EXAMPLE\n  kv graph mutual User alice User bob follows")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: NodePairArguments
  @Option(help: "Along edges that leave (out), that enter (in), or any.") var direction = EdgeDirection.out
  @OptionGroup var edges: EdgeChoice
  @Option(help: "text: a node a line; json: one array.") var output = TextOrJSON.text

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let (first, second, edgeType) = try await arguments.reading(in: graph)
    var options = try edges.options(edgeType: edgeType)
    options.direction = direction
    let nodes = try await graph.mutualNeighbors(of: first, and: second, options: options)
    if nodes.isEmpty {
      try await graph.require(first)
      try await graph.require(second)
    }
    try await output.print(nodes)
  }
}

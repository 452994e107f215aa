import ArgumentParser
import KV
import KVGraph

struct Bridges: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bridges", abstract: "Print the edges without which more of the graph would be apart.",
    discussion: """
      Whatever the direction of the edges; an edge beside which another runs is no bridge.

      EXAMPLE
        kv graph bridges -o bridges.svg
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let database = try await graph.database.wholeGraph(for: .read)
    try await found.print(
      edges: graph.read(database).bridgesAndArticulationPoints().bridges, along: graph.edges.options(),
      in: database)
  }
}

struct Articulation: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "articulation", abstract: "Print the nodes without which more of the graph would be apart.",
    discussion: """
      Whatever the direction of the edges.

      EXAMPLE
        kv graph articulation -o articulation.svg
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let database = try await graph.database.wholeGraph(for: .read)
    try await found.print(
      nodes: graph.read(database).bridgesAndArticulationPoints().points, along: graph.edges.options(),
      in: database)
  }
}

struct Cut: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cut", abstract: "Print the fewest edges, or nodes, that part one node from another.",
    discussion: """
      By --weight those of the least sum. Of several sets the one nearest to the first node. Status 3 where nothing leads from one to the other.

      EXAMPLE
        kv graph cut User alice Post 3
        kv graph cut City Hamburg City München --weight km
        kv graph cut User alice Post 3 --nodes -o cut.svg
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var arguments: NodePairArguments
  @OptionGroup var weight: WeightOption
  @Option(help: "Ways along edges (out), against them (in), or either way (any).") var direction =
    EdgeDirection.out
  @Flag(help: "Nodes in place of edges.") var nodes = false
  @OptionGroup var found: FoundInGraph

  func validate() throws {
    if nodes, weight.weight != nil { throw ValidationError("--nodes are counted, and have no --weight") }
  }

  @MainActor
  func run() async throws {
    let database = try await graph.database.wholeGraph(for: .read)
    let (from, to, edgeType) = try await arguments.reading(in: database)
    try await database.require(from)
    try await database.require(to)
    let adjacency = try await graph.read(database, edgeType: edgeType, weight: weight.edgeWeight)
    if nodes {
      guard let cut = try adjacency.nodeCut(from: from, to: to, direction: direction) else {
        throw KVError(.failed, "an edge joins \(from) and \(to): no nodes part them")
      }
      if cut.isEmpty { throw Self.apart(from, to) }
      return try await found.print(nodes: cut, along: graph.edges.options(edgeType: edgeType), in: database)
    }
    let cut = try adjacency.edgeCut(from: from, to: to, direction: direction)
    if cut.edges.isEmpty { throw Self.apart(from, to) }
    try await found.print(edges: cut.edges, along: graph.edges.options(edgeType: edgeType), in: database)
    if weight.weight != nil { Output.note("kv: weight \(JSON(cut.weight))") }
  }

  private static func apart(_ from: NodeReference, _ to: NodeReference) -> KVError {
    KVError(.notFound, "nothing leads from \(from) to \(to)")
  }
}

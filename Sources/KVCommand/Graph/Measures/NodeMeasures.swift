import ArgumentParser
import KV
import KVGraph

struct Distances: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distances", abstract: "Print how far each node is from one, by hops or by weight.",
    discussion: """
      Nodes that cannot be reached are left out.

      EXAMPLE
        kv graph distances City Hamburg --weight km
      """, aliases: ["sssp"])

  @OptionGroup var graph: WholeGraph
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var weight: WeightOption
  @Option(help: "Along edges that leave a node (out), that enter it (in), or any.") var direction =
    EdgeDirection.out
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let database = try await graph.database.wholeGraph(for: measure.access)
    let (start, edgeType) = try await arguments.reading(in: database)
    try await database.require(start)
    let adjacency = try await graph.read(
      database, edgeType: edgeType, weight: weight.edgeWeight, from: start)
    let distances = try adjacency.distances(from: start, direction: direction)
    try await measure.print(
      distances.map { $0.map { JSON($0) } }, named: "distance", of: adjacency,
      along: graph.edges.options(edgeType: edgeType), in: database, with: found)
  }
}

struct LabelPropagation: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label-propagation",
    abstract: "Print communities by label propagation, as LDBC Graphalytics defines it.",
    discussion: """
      Each node begins with its own label and takes, round by round, the one that most of its neighbors have, of several the smallest. A \
      community is named by the node whose label it is.

      EXAMPLE
        kv graph label-propagation --iterations 5
      """, aliases: ["cdlp"])

  @OptionGroup var graph: WholeGraph
  @Option(help: "Rounds at most.") var iterations = Number(10)
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  func validate() throws {
    if iterations.value < 0 { throw ValidationError("--iterations \(iterations.value) is negative") }
  }

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    let labels = adjacency.labelPropagation(iterations: iterations.value)
    try await measure.print(
      labels.map { JSON("\($0)") }, named: "community", kind: .group, of: adjacency,
      along: graph.edges.options(), in: database, with: found)
  }
}

struct Communities: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "communities", abstract: "Print communities: sets of nodes with many edges inside (Leiden).",
    discussion: """
      By modularity, whatever the direction of the edges; the modularity reached is said on standard error. Communities are numbered by size, \
      from 0. The same --seed gives the same communities.

      EXAMPLE
        kv graph communities --resolution 2
        kv graph communities -o communities.svg
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var weight: WeightOption
  @Option(help: "Above 1 for more and smaller communities, below for fewer and larger ones.") var resolution =
    1.0
  @Option(
    help: """
      Rounds at most; left out, as long as one gains something, of more than 200,000 edges 0.001 of modularity, of more than 2,000,000 0.005. More rounds find a little more.
      """)
  var iterations: Number?
  @Option(help: "Of the order in which nodes are looked at.") var seed = Number(1)
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  func validate() throws {
    if !(resolution > 0 && resolution.isFinite) {
      throw ValidationError("--resolution \(resolution) is no number above 0")
    }
    if let iterations, iterations.value < 1 {
      throw ValidationError("--iterations \(iterations.value) is not above 0")
    }
  }

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access, weight: weight.edgeWeight)
    let (numbers, modularity) = try adjacency.communities(
      resolution: resolution, rounds: iterations?.value, seed: UInt64(bitPattern: Int64(seed.value)))
    try await measure.print(
      numbers, named: "community", kind: .group, of: adjacency, along: graph.edges.options(), in: database,
      with: found)
    let count = (numbers.max() ?? -1) + 1
    Output.note(
      "kv: \(count.counted("community", "communities")), modularity \(JSON(modularity.rounded(digits: 6)))"
    )
  }
}

struct Clustering: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clustering",
    abstract: "Print how many of the pairs of each node's neighbors are joined (LCC).",
    discussion: """
      The local clustering coefficient as LDBC Graphalytics defines it: an edge joins a pair one way, unless --direction is any or its type is \
      undirected.

      EXAMPLE
        kv graph clustering --top 10
      """, aliases: ["lcc"])

  @OptionGroup var graph: WholeGraph
  @Option(help: "Whether an edge joins two nodes one way (out), or both ways (any).") var direction =
    EdgeDirection.out
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    try await measure.print(
      adjacency.clustering(isDirected: direction != .any), named: "coefficient", of: adjacency,
      along: graph.edges.options(), in: database, with: found)
  }
}

struct Cores: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cores",
    abstract: "Print the core number of each node: in how dense a part of the graph it is.",
    discussion: """
      The largest k so that the node is in a part in which every node has k neighbors or more, whatever the direction of the edges.

      EXAMPLE
        kv graph cores --top 10
      """, aliases: ["k-core"])

  @OptionGroup var graph: WholeGraph
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    try await measure.print(
      adjacency.coreNumbers(), named: "core", of: adjacency, along: graph.edges.options(), in: database,
      with: found)
  }
}

struct TriangleCounts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triangles", abstract: "Print how many triangles each node is a corner of.",
    discussion: """
      Whatever the direction of the edges; how many there are in all is said on standard error.

      EXAMPLE
        kv graph triangles --top 10
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    let counts = adjacency.triangleCounts()
    try await measure.print(
      counts, named: "triangles", of: adjacency, along: graph.edges.options(), in: database, with: found)
    Output.note("kv: \((counts.reduce(0, +) / 3).counted("triangle", "triangles"))")
  }
}

struct Eccentricity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eccentricity",
    abstract: "Print how many edges away the farthest node is that each can reach.",
    discussion: """
      A walk over the whole graph for each node.

      EXAMPLE
        kv graph eccentricity --direction any --top 10
      """)

  @OptionGroup var graph: WholeGraph
  @Option(help: "Along edges that leave a node (out), that enter it (in), or any.") var direction =
    EdgeDirection.out
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    var progress = Progress("walks", of: adjacency.nodeCount)
    let distances = try adjacency.eccentricities(direction: direction) { progress.advance(to: $0) }
    progress.end()
    try await measure.print(
      distances, named: "eccentricity", of: adjacency, along: graph.edges.options(), in: database, with: found
    )
  }
}

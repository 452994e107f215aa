import ArgumentParser
import KV
import KVGraph

/// The edges of a question about the whole graph.
struct WholeGraph: ParsableArguments {
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var edges: EdgeChoice

  func read() async throws -> Adjacency {
    var options = try edges.options(edgeType: nil)
    options.nodeBudget = .max
    return try await Adjacency(of: database.graph(for: .read), options: options)
  }
}

struct Stats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Print the graph in numbers: nodes, edges, types, degrees, components.",
    discussion: "EXAMPLE\n  kv graph stats")

  @OptionGroup var graph: WholeGraph
  @Option(help: "text or json.") var output = TextOrJSON.text

  func run() async throws {
    let statistics = try await graph.read().statistics
    guard output == .text else { return try await Output.document(JSON(statistics).pretty) }
    func list(_ types: [GraphStatistics.TypeCount]) -> String {
      types.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
    }
    let degree = statistics.degree
    for (name, text) in [
      ("nodes", "\(statistics.nodes)"), ("by type", list(statistics.nodeTypes)),
      ("isolated", "\(statistics.isolated)"), ("edges", "\(statistics.edges)"),
      ("by type", list(statistics.edgeTypes)), ("loops", "\(statistics.loops)"),
      ("density", "\(JSON(statistics.density))"),
      (
        "degree",
        "mean \(JSON((degree.mean * 100).rounded() / 100)), median \(degree.median), p90 \(degree.percentile90), p99 \(degree.percentile99), maximum \(degree.maximum)"
      ), ("components", "\(statistics.components), the largest of \(statistics.largestComponent) nodes"),
    ] where !text.isEmpty {
      try await Output.line("\(name): \(text)")
    }
  }
}

struct Components: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "components", abstract: "Print the sets of nodes that are connected, the largest first.",
    discussion: "EXAMPLE\n  kv graph components --strong --limit 1")

  @OptionGroup var graph: WholeGraph
  @Flag(help: "Connected along the edges' direction, there and back.") var strong = false
  @Option(help: "At most so many; -1 for all.") var limit = Limit(nil)
  @Option(help: "text: size and nodes, one set a line; json: an array of arrays.") var output = TextOrJSON
    .text

  func run() async throws {
    let components = try await graph.read().components(strong: strong).prefix(limit.count ?? .max)
    switch output {
    case .text:
      for nodes in components {
        try await Output.line("\(nodes.count)  \(nodes.map(\.description).joined(separator: " "))")
      }
    case .json:
      let arrays = components.map { JSON(elements: $0.map { JSON($0) }) }
      try await Output.document(JSON(elements: arrays).pretty)
    }
  }
}

struct Cycle: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cycle", abstract: "Print a cycle; status 3 where there is none.",
    discussion: "EXAMPLE\n  kv graph cycle --edge-types depends")

  @OptionGroup var graph: WholeGraph
  @Option(help: "text: a node a line; json: one array.") var output = TextOrJSON.text

  func run() async throws {
    guard let cycle = try await graph.read().cycle() else { throw KVError(.notFound, "no cycle") }
    try await output.print(cycle)
  }
}

struct TopologicalOrder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: "Print the nodes so that every edge leads onwards; status 1 where a cycle allows no order.",
    discussion: "EXAMPLE\n  kv graph order --edge-types depends", aliases: ["topological-order"])

  @OptionGroup var graph: WholeGraph
  @Option(help: "text: a node a line; json: one array.") var output = TextOrJSON.text

  func run() async throws {
    let adjacency = try await graph.read()
    if let edge = adjacency.firstUndirectedEdge {
      throw KVError(.failed, "the undirected edge \(edge) allows no order; leave it out with --edge-types")
    }
    guard let order = adjacency.topologicalOrder() else {
      let start = adjacency.cycle()?.first
      throw KVError(
        .failed, "the graph has a cycle\(start.map { " through \($0)" } ?? ""); see it with 'kv graph cycle'")
    }
    try await output.print(order)
  }
}

extension Centrality: ExpressibleByArgument {}

struct RankCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Print the nodes that matter most, the first first.",
    discussion: """
      By pagerank, degree, in-degree, out-degree, closeness (along edges that lead to the node) or betweenness. The last \
      two walk the whole graph once for each node, or estimate from walks of a --sample of them.

      EXAMPLE
        kv graph rank pagerank --top 10
        kv graph rank betweenness --sample 500
      """)

  @Argument(help: "pagerank, degree, in-degree, out-degree, closeness or betweenness.") var centrality:
    Centrality
  @OptionGroup var graph: WholeGraph
  @Option(help: "Nodes at most; -1 for all.") var top = Limit(10)
  @Option(help: "With closeness and betweenness: estimate from walks of so many nodes.") var sample: Number?
  @Option(help: "text: score and node; json: an array of {node, score}.") var output = TextOrJSON.text

  func validate() throws {
    guard let sample else { return }
    if sample.value < 1 { throw ValidationError("--sample \(sample.value) is less than 1") }
    if centrality != .closeness, centrality != .betweenness {
      throw ValidationError("--sample is for closeness and betweenness; \(centrality.rawValue) needs none")
    }
  }

  func run() async throws {
    let ranks = try await graph.read().ranking(
      by: centrality, top: top.count ?? .max, sample: sample?.value)
    switch output {
    case .text: for rank in ranks { try await Output.line("\(JSON(rank.score))  \(rank.node)") }
    case .json:
      let array = ranks.map { JSON(members: [("node", JSON($0.node)), ("score", JSON($0.score))]) }
      try await Output.document(JSON(elements: array).pretty)
    }
  }
}

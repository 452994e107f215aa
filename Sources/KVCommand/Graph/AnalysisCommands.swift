import ArgumentParser
import KV
import KVGraph

/// The edges of a question about the whole graph.
struct WholeGraph: ParsableArguments {
  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var edges: EdgeChoice

  func read() async throws -> Adjacency { try await read(database.wholeGraph(for: .read)) }

  /// The graph, for what is asked or written besides, and all its edges.
  func open(
    for access: DatabaseOptions.Access, weight: EdgeWeight? = nil
  ) async throws -> (Graph, Adjacency) {
    let graph = try await database.wholeGraph(for: access)
    return (graph, try await read(graph, weight: weight))
  }

  /// Says which of the types named no edge is of.
  /// - Parameter start: a node that is there, whether or not an edge of the question touches it.
  func read(
    _ graph: Graph, edgeType: String? = nil, weight: EdgeWeight? = nil, from start: NodeReference? = nil
  ) async throws -> Adjacency {
    let options = try edges.options(edgeType: edgeType)
    var progress = Progress("edges")
    let adjacency: Adjacency
    do {
      defer { progress.end() }
      adjacency = try await Adjacency(of: graph, including: start, options: options, weight: weight) {
        progress.advance(to: $0)
      }
    }
    let missing = adjacency.missing(edgeTypes: options.edgeTypes)
    if !missing.isEmpty { try await graph.noteMissing(edgeTypes: missing, isCertain: true) }
    if let weight, let common = weight.defaultWeight, adjacency.isWeighted(by: common) {
      try await graph.noteMissing(weight: weight.name)
    }
    return adjacency
  }
}

struct Stats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Print the graph in numbers: nodes, edges, types, degrees, components.",
    discussion: """
      --all adds what takes longer: how many edges have one back (reciprocity), how alike the degrees are at both ends of edges \
      (assortativity, from -1 to 1), the triangles, the mean local clustering coefficient and the strong components.

      EXAMPLE
        kv graph stats
        kv graph stats --all
      """)

  @OptionGroup var graph: WholeGraph
  @Flag(help: "Also reciprocity, assortativity, triangles, clustering and strong components.") var all = false
  @OptionGroup var output: ListOptions

  func run() async throws {
    let adjacency = try await graph.read()
    let statistics = adjacency.statistics
    let further = all ? Self.further(of: adjacency) : []
    try await output.print(
      Report(
        json: JSON(members: (JSON(statistics).members ?? []) + further.map { ($0.name, $0.value) }),
        lines: Self.lines(statistics)
          + further.map { "\($0.words): \($0.value == .null ? "none" : $0.value.text)" },
        header: ["MEASURE", "VALUE"],
        rows: (Self.measures(statistics) + further.map { ($0.words, $0.value) }).map { words, value in
          [.text(words), Int(value.text).map { .number($0) } ?? .text(value == .null ? "" : value.text)]
        }))
  }
}

extension Stats {
  private static func lines(_ statistics: GraphStatistics) -> [String] {
    func list(_ types: [GraphStatistics.TypeCount]) -> String {
      types.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
    }
    let degree = statistics.degree
    let mean = JSON(degree.mean.rounded(digits: 2))
    return [
      ("nodes", "\(statistics.nodes)"), ("by type", list(statistics.nodeTypes)),
      ("isolated", "\(statistics.isolated)"), ("edges", "\(statistics.edges)"),
      ("by type", list(statistics.edgeTypes)), ("loops", "\(statistics.loops)"),
      ("density", "\(JSON(statistics.density))"),
      (
        "degree",
        "mean \(mean), median \(JSON(degree.median)), p90 \(degree.percentile90), p99 \(degree.percentile99), maximum \(degree.maximum)"
      ),
      (
        "components",
        "\(statistics.components), the largest of \(statistics.largestComponent.counted("node", "nodes"))"
      ),
    ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
  }

  /// One number each, for tables.
  private static func measures(_ statistics: GraphStatistics) -> [(words: String, value: JSON)] {
    let degree = statistics.degree
    return [("nodes", JSON(statistics.nodes))]
      + statistics.nodeTypes.map { ("nodes of type \($0.type)", JSON($0.count)) }
      + [("isolated", JSON(statistics.isolated)), ("edges", JSON(statistics.edges))]
      + statistics.edgeTypes.map { ("edges of type \($0.type)", JSON($0.count)) }
      + [
        ("loops", JSON(statistics.loops)), ("density", JSON(statistics.density)),
        ("mean degree", JSON(degree.mean)), ("median degree", JSON(degree.median)),
        ("degree p90", JSON(degree.percentile90)), ("degree p99", JSON(degree.percentile99)),
        ("maximum degree", JSON(degree.maximum)), ("components", JSON(statistics.components)),
        ("nodes of the largest component", JSON(statistics.largestComponent)),
      ]
  }

  private static func further(of adjacency: Adjacency) -> [(name: String, words: String, value: JSON)] {
    func number(_ value: Double?) -> JSON { value.map { JSON($0) } ?? .null }
    let clustering = adjacency.clustering()
    // The largest has the number 0.
    let strong = adjacency.componentNumbers(strong: true)
    return [
      ("reciprocity", "reciprocity", number(adjacency.reciprocity)),
      ("assortativity", "assortativity", number(adjacency.degreeAssortativity)),
      ("triangles", "triangles", JSON(adjacency.triangleCounts().reduce(0, +) / 3)),
      (
        "clustering", "mean clustering",
        number(clustering.isEmpty ? nil : clustering.reduce(0, +) / Double(clustering.count))
      ),
      ("strongComponents", "strong components", JSON((strong.max() ?? -1) + 1)),
      (
        "largestStrongComponent", "nodes of the largest strong component",
        JSON(strong.count { $0 == 0 })
      ),
    ]
  }
}

struct Components: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "components", abstract: "Print the sets of nodes that are connected, the largest first.",
    discussion: """
      --each prints for each node the number of its component, the largest from 0.

      EXAMPLE
        kv graph components --strong --limit 1
        kv graph components --strong -o components.svg
        kv graph components --each --store component --top 1
      """)

  @OptionGroup var graph: WholeGraph
  @Flag(help: "Connected along the edges' direction, there and back.") var strong = false
  @Flag(help: "Print for each node the number of its component.") var each = false
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  func validate() throws {
    if !each, measure.store != nil || measure.top != nil {
      throw ValidationError("--store and --top are of each node, and go with --each")
    }
  }

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    if each {
      return try await measure.print(
        adjacency.componentNumbers(strong: strong), named: "component", kind: .group, of: adjacency,
        along: graph.edges.options(), in: database, with: found)
    }
    try await found.print(
      components: adjacency.components(strong: strong), along: graph.edges.options(), in: database)
  }
}

struct Cycle: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cycle", abstract: "Print a cycle; status 3 where there is none.",
    discussion: "EXAMPLE\n  kv graph cycle --edge-types depends\n  kv graph cycle -o cycle.svg")

  @OptionGroup var graph: WholeGraph
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: .read)
    guard let cycle = adjacency.cycle() else { throw KVError(.notFound, "no cycle") }
    try await found.print(way: cycle, isClosed: true, along: graph.edges.options(), in: database)
  }
}

struct TopologicalOrder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: "Print the nodes so that every edge leads onwards; status 1 where a cycle allows no order.",
    discussion: "EXAMPLE\n  kv graph order --edge-types depends", aliases: ["topological-order"])

  @OptionGroup var graph: WholeGraph
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

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
    try await output.print(order, as: .references, inPipe: .text, onTerminal: .text, window: window)
  }
}

extension Centrality: ExpressibleByArgument {
  fileprivate var isCount: Bool { [.degree, .inDegree, .outDegree].contains(self) }
}

struct RankCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Print the nodes that matter most, the first first.",
    discussion: """
      By pagerank, degree, in-degree, out-degree, closeness (along edges that lead to the node), betweenness, eigenvector, katz, or as hubs or \
      authorities (HITS). Closeness and betweenness walk the whole graph once for each node, or estimate from walks of a --sample of them; \
      pagerank, eigenvector, katz, hubs and authorities are found by repetition.

      Ten nodes are printed; another number by --top or --limit, -1 for all.

      EXAMPLE
        kv graph rank pagerank --top 10
        kv graph rank betweenness --sample 500
      """)

  @Argument(help: "What a node is scored by.") var centrality: Centrality
  @OptionGroup var graph: WholeGraph
  @Option(help: "With closeness and betweenness: estimate from walks of so many nodes.") var sample: Number?
  @Option(help: "Along edges that leave a node (out), that enter it (in), or any. (default: out)")
  var direction: EdgeDirection?
  @Option(help: "With pagerank: the probability of going along an edge. (default: 0.85)") var damping: Double?
  @Option(help: "With katz: how much a step takes off. (default: 0.1)") var alpha: Double?
  @Option(help: "Of those found by repetition: rounds at most.") var iterations: Number?
  @Option(
    help:
      "Of those found by repetition: they end where all changes together are smaller; of others than pagerank, than so much times the nodes."
  )
  var tolerance: Double?
  @OptionGroup var measure: MeasureOutput
  @OptionGroup var found: FoundInGraph

  func validate() throws {
    if let sample {
      if sample.value < 1 { throw ValidationError("--sample \(sample.value) is less than 1") }
      try only([.closeness, .betweenness], "--sample")
    }
    if direction != nil, centrality.isCount {
      throw ValidationError("\(centrality.rawValue) has its direction, and takes no --direction")
    }
    if let damping {
      if !(0...1).contains(damping) { throw ValidationError("--damping \(damping) is not from 0 to 1") }
      try only([.pagerank], "--damping")
    }
    if let alpha {
      if !(alpha > 0 && alpha.isFinite) { throw ValidationError("--alpha \(alpha) is no number above 0") }
      try only([.katz], "--alpha")
    }
    if let iterations {
      if iterations.value < 0 { throw ValidationError("--iterations \(iterations.value) is negative") }
      try only([.pagerank, .eigenvector, .katz, .hubs, .authorities], "--iterations")
    }
    if let tolerance {
      if !(tolerance >= 0 && tolerance.isFinite) {
        throw ValidationError("--tolerance \(tolerance) is no number of at least 0")
      }
      try only([.pagerank, .eigenvector, .katz, .hubs, .authorities], "--tolerance")
    }
  }

  /// How many nodes are printed where neither --top nor --limit says it, as ``configuration`` tells.
  private static let shown = 10

  private func only(_ wanted: [Centrality], _ option: String) throws {
    if wanted.contains(centrality) { return }
    throw ValidationError(
      "\(option) is for \(wanted.map(\.rawValue).joined(separator: ", ")); \(centrality.rawValue) needs none")
  }

  @MainActor
  func run() async throws {
    let (database, adjacency) = try await graph.open(for: measure.access)
    var options = CentralityOptions()
    (options.direction, options.sample) = (direction ?? .out, sample?.value)
    (options.iterations, options.tolerance) = (iterations?.value, tolerance)
    if let damping { options.damping = damping }
    if let alpha { options.alpha = alpha }
    var progress = Progress("walks", of: sample?.value ?? adjacency.nodeCount)
    let window = found.window.window
    let isSaid = measure.top != nil || found.window.limit != nil
    // One more than are asked for tells that there are more.
    let shown =
      isSaid
      ? measure.top?.count ?? window.end.map { min($0, .max - 1) + 1 } ?? .max
      : Window(offset: window.offset, limit: Self.shown).end ?? .max
    let ranks = try adjacency.ranking(
      by: centrality, top: try measure.isOfAll(drawing: found) ? .max : shown, options: options
    ) { progress.advance(to: $0) }
    progress.end()
    let measures = ranks.map { NodeMeasure(node: $0.node, value: JSON($0.score)) }
    try await measure.print(
      Array(measures.prefix(shown)), of: measures, named: "score",
      kind: centrality.isCount ? .amount : .score, along: graph.edges.options(), in: database,
      with: found)
    if !isSaid, adjacency.nodeCount > shown {
      Output.note("kv: the first \(shown) of \(adjacency.nodeCount); --top -1 prints all")
    }
  }
}

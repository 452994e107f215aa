import ArgumentParser
import KV
import KVGraph
import KVGraphView

/// Edges or nodes that a measure has found, printed and drawn among the edges around them.
struct FoundInGraph: ParsableArguments {
  @OptionGroup var window: ListWindow
  @OptionGroup var output: AnswerOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions

  /// How many edges beside them are drawn at each node.
  private static let around = 8
  /// How many edges are drawn at most, besides those found.
  private static let most = 2000

  /// - Parameter keys: of the edges, in the order in which they are printed.
  @MainActor
  func print(edges keys: [String], in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    let edges = try await graph.edges(keys: keys, undirected: graph.undirectedTypes)
    if output.printsPaths {
      try output.list.print(edges, as: .edges, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    if edges.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such edge") }
    var nodes: [NodeReference] = []
    var known: Set<NodeReference> = []
    for edge in edges {
      for node in [edge.from, edge.to] where known.insert(node).inserted { nodes.append(node) }
    }
    try await draw(nodes, edges, marking: Highlights(nodes: known, edges: Set(keys)), in: graph, as: format)
  }

  @MainActor
  func print(nodes: [NodeReference], in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    if output.printsPaths {
      try output.list.print(nodes, as: .references, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    if nodes.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such node") }
    try await draw(nodes, [], marking: Highlights(nodes: Set(nodes), edges: []), in: graph, as: format)
  }

  @MainActor
  func draw(
    _ nodes: [NodeReference], _ edges: [Edge], marking highlights: Highlights, in graph: Graph,
    as format: PictureFormat
  ) async throws {
    let excerpt = try await graph.excerpt(
      along: nodes, edges: edges, adding: nodes.count * Self.around > Self.most ? 0 : Self.around)
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: excerpt.edges.count, highlights: highlights)
    try await picture.draw(
      drawing, as: format, to: output.pictureFile, colors: output.color.isOn, limitedBy: nil)
  }
}

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
    try await found.print(edges: graph.read(database).bridgesAndArticulationPoints().bridges, in: database)
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
    try await found.print(nodes: graph.read(database).bridgesAndArticulationPoints().points, in: database)
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
      return try await found.print(nodes: cut, in: database)
    }
    let cut = try adjacency.edgeCut(from: from, to: to, direction: direction)
    if cut.edges.isEmpty {
      if adjacency.edgeCount == 0 {
        try await database.noteMissing(edgeTypes: graph.edges.options(edgeType: edgeType).edgeTypes)
      }
      throw Self.apart(from, to)
    }
    try await found.print(edges: cut.edges, in: database)
    if weight.weight != nil { Output.note("kv: weight \(JSON(cut.weight))") }
  }

  private static func apart(_ from: NodeReference, _ to: NodeReference) -> KVError {
    KVError(.notFound, "nothing leads from \(from) to \(to)")
  }
}

struct SpanningForest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spanning-forest",
    abstract: "Print the edges that join all that is connected at the least weight.",
    discussion: """
      Whatever the direction of the edges; the sum of the weights is said on standard error.

      EXAMPLE
        kv graph spanning-forest --weight km -o roads.svg
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var weight: WeightOption
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let database = try await graph.database.wholeGraph(for: .read)
    let forest = try await graph.read(database, weight: weight.edgeWeight).spanningForest()
    try await found.print(edges: forest.edges, in: database)
    Output.note("kv: \(forest.edges.count) edges, weight \(JSON(forest.weight))")
  }
}

struct Reduction: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Print the edges that no longer way stands for (the transitive reduction).",
    discussion: """
      Edges inside of cycles stay.

      EXAMPLE
        kv graph reduce --edge-types depends --format jsonl
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var found: FoundInGraph

  @MainActor
  func run() async throws {
    let database = try await graph.database.wholeGraph(for: .read)
    try await found.print(edges: graph.read(database).transitiveReduction(), in: database)
  }
}

struct Closure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "closure", abstract: "Print an edge to everything that a node can reach, for each node.",
    discussion: """
      The edges are of the type that --as names; with --format jsonl they are what 'kv graph import' reads.

      EXAMPLE
        kv graph closure --edge-types depends --as needs --format jsonl
      """)

  @OptionGroup var graph: WholeGraph
  @Option(help: "The type of the edges printed.") var `as` = Text("reaches")
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func validate() throws {
    if self.as.value.isEmpty || self.as.value == "*" { throw ValidationError("--as names a type of edges") }
  }

  @MainActor
  func run() async throws {
    let adjacency = try await graph.read(graph.database.wholeGraph(for: .read))
    var printer = output.printer(for: .edges, inPipe: .text, onTerminal: .text, window: window)
    let type = self.as.value
    try adjacency.transitiveClosure { from, to in
      try printer.print(Edge(from: from, to: to, type: type))
    }
    try printer.finish()
  }
}

struct Condense: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "condense",
    abstract: "Print what is left of the graph where each strong component is one node.",
    discussion: """
      Components are numbered from 0, the largest first; with --format jsonl an edge a line as 'kv graph import' reads it, with the number of \
      edges that it stands for. 'kv graph components --strong' prints which nodes they are.

      EXAMPLE
        kv graph condense
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  @MainActor
  func run() async throws {
    let condensed = try await graph.read(graph.database.wholeGraph(for: .read)).condensation()
    func node(_ place: Int) -> NodeReference { NodeReference(type: "Component", id: "\(place)") }
    let edges = condensed.edges.map { edge in
      var stored = Edge(from: node(edge.from), to: node(edge.to), type: "leads")
      stored.data = JSON(members: [("edges", JSON(edge.count))])
      return stored
    }
    try output.print(edges, as: .edges, inPipe: .text, onTerminal: .text, window: window)
    let cyclic = condensed.components.filter { $0.count > 1 }
    Output.note(
      "kv: \(condensed.components.count) components, \(cyclic.count) of more than one node, \(edges.count) edges between them"
    )
  }
}

import ArgumentParser
import KV
import KVGraph

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
    try await found.print(edges: forest.edges, along: graph.edges.options(), in: database)
    Output.note("kv: \(forest.edges.count.counted("edge", "edges")), weight \(JSON(forest.weight))")
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
    try await found.print(
      edges: graph.read(database).transitiveReduction(), along: graph.edges.options(), in: database)
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
    let adjacency = try await graph.read()
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
    let condensed = try await graph.read().condensation()
    func node(_ place: Int) -> NodeReference { NodeReference(type: "Component", id: "\(place)") }
    let edges = condensed.edges.map { edge in
      var stored = Edge(from: node(edge.from), to: node(edge.to), type: "leads")
      stored.data = JSON(members: [("edges", JSON(edge.count))])
      return stored
    }
    try output.print(edges, as: .edges, inPipe: .text, onTerminal: .text, window: window)
    let cyclic = condensed.components.filter { $0.count > 1 }
    Output.note(
      "kv: \(condensed.components.count.counted("component", "components")), \(cyclic.count) of more than one node, \(edges.count.counted("edge", "edges")) between them"
    )
  }
}

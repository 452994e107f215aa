import ArgumentParser
import KV
import KVGraph

/// Which edges there are for a search.
struct EdgeChoice: ParsableArguments {
  @Option(
    name: [.long, .customLong("edge-type")], help: "Only edges of these types, separated by commas.",
    completion: Completion.edgeTypes)
  var edgeTypes: Text?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only edges for which this holds, such as 'since >= \"2024\" and @type != \"blocks\"'; see kv graph --help.",
      valueName: "condition"))
  var condition: Text?

  var isAll: Bool { edgeTypes == nil && condition == nil }

  /// Which edges there are, to whatever depth and however many nodes are visited.
  /// - Parameter edgeType: a further type.
  func options(edgeType: String? = nil) throws -> TraversalOptions {
    var types = edgeTypes?.listed ?? []
    if edgeTypes != nil, types.isEmpty { throw KVError(.usage, "--edge-types names no type") }
    if types.contains("*") { types = [] }
    if let edgeType, edgeType != "*", !types.contains(edgeType) { types.append(edgeType) }
    return TraversalOptions(
      edgeTypes: types, nodeBudget: .max, predicate: try condition.map { try EdgePredicate($0.value) })
  }
}

/// The edges and the limits of a search.
struct TraversalArguments: ParsableArguments {
  @OptionGroup var edges: EdgeChoice
  @Option(help: "Along edges that leave a node (out), that enter it (in), or any.") var direction =
    EdgeDirection.out
  @Option(help: "Nodes that may be visited before the search is given up.") var nodeBudget = Number(1_000_000)

  func validate() throws {
    if nodeBudget.value < 1 { throw ValidationError("the node budget \(nodeBudget.value) is less than 1") }
  }

  func options(edgeType: String?, maxDepth: Limit) throws -> TraversalOptions {
    var options = try edges.options(edgeType: edgeType)
    options.direction = direction
    options.maxDepth = maxDepth.count
    options.nodeBudget = nodeBudget.value
    return options
  }
}

struct BreadthFirst: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bfs", abstract: "Print what can be reached from a node, level by level.",
    discussion: "EXAMPLE\n  kv graph bfs User alice --max-depth 2", aliases: ["traverse"])

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var walk: TraversalListing

  @MainActor
  func run() async throws {
    try await walk.print(database.wholeGraph(for: .read, creating: false)) {
      $0.breadthFirst(from: $1, options: $2)
    }
  }
}

struct DepthFirst: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dfs", abstract: "Print what can be reached from a node, deeper before wider.",
    discussion: "EXAMPLE\n  kv graph dfs User alice --max-depth 3")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var walk: TraversalListing

  @MainActor
  func run() async throws {
    try await walk.print(database.graph(for: .read)) { $0.depthFirst(from: $1, options: $2) }
  }
}

struct TraversalListing: ParsableArguments {
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var search: TraversalArguments
  @Option(help: "At most so many edges from the start; -1 for however many.") var maxDepth = Limit(nil)
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  /// Prints the nodes that a walk comes by.
  @MainActor
  func print<Walk: AsyncSequence>(
    _ graph: Graph, _ walk: (Graph, NodeReference, TraversalOptions) -> Walk
  ) async throws where Walk.Element == Visit {
    let (start, edgeType) = try await arguments.reading(in: graph)
    let options = try search.options(edgeType: edgeType, maxDepth: maxDepth)
    try await graph.require(start)
    var printer = output.printer(for: .visits, inPipe: .text, onTerminal: .text, window: window)
    for try await visit in walk(graph, start, options) {
      if try !printer.print(visit) { break }
    }
    try printer.finish()
    // Only the start.
    if printer.seen == 1 { try await graph.noteMissing(edgeTypes: options.edgeTypes) }
  }
}

import ArgumentParser
import KV
import KVGraph
import KVGraphView

struct FindPath: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find-path", abstract: "Find a shortest path between two nodes.",
    discussion: """
      By hops, or by the weights that a number in the edges' data gives. With * for the second id, to the nearest node of \
      that type. --all prints all of the fewest hops, --k the \
      shortest, next shortest and so on.

      EXAMPLE
        kv graph find-path User alice Post 3
        kv graph find-path City Hamburg City München --weight km
        kv graph find-path City Hamburg City München --weight km --k 3
        kv graph find-path User alice Post '*'
        kv graph find-path User alice Post 3 --all --any-length --max-depth 4
        kv graph find-path User alice Post 3 -o path.svg
      """, aliases: ["path"])

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: NodePairArguments
  @OptionGroup var search: TraversalArguments
  @Option(help: "At most so many edges; -1 for however many.") var maxDepth = Limit(nil)
  @Option(help: "A number in the edges' data, by name or dotted path: the path's sum is to be least.")
  var weight: Text?
  @Option(help: "The weight of edges without one; left out, such an edge is an error.") var defaultWeight:
    Double?
  @Option(help: "Print so many paths, the shortest first.") var k: Number?
  @Flag(help: "Print all paths of the fewest hops.") var all = false
  @Flag(help: "With --all and --max-depth: print all paths that come by no node twice, of any length.")
  var anyLength = false
  @Option(help: "With --all: paths at most; -1 for all.") var limit = Limit(100)
  @Flag(help: "Say on standard error what the search took.") var explain = false
  @OptionGroup var output: AnswerOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions

  func validate() throws {
    if all, k != nil || weight != nil {
      throw ValidationError("--all is by hops and stands alone; --k goes with --weight")
    }
    if anyLength, !all || maxDepth.count == nil {
      throw ValidationError("--any-length goes with --all and --max-depth")
    }
    if let k, k.value < 1 { throw ValidationError("--k \(k.value) is less than 1") }
    if let defaultWeight, !(defaultWeight >= 0 && defaultWeight.isFinite) || weight == nil {
      throw ValidationError("--default-weight \(defaultWeight) needs --weight, and to be at least 0")
    }
  }

  @MainActor
  func run() async throws {
    // Before anything is printed.
    let pictureFormat = try output.pictureFormat(picture)
    let printsPaths = output.printsPaths
    let graph = try await database.wholeGraph(for: .read, creating: false)
    var (from, to, edgeType) = try await arguments.reading(in: graph)
    let options = try search.options(edgeType: edgeType, maxDepth: maxDepth)
    if to.id == "*" { to = try await nearest(ofType: to.type, to: from, in: graph, options) }
    if from == to { try await graph.require(from) }
    let weight = weight.map { EdgeWeight($0.value, default: defaultWeight) }
    let clock = ContinuousClock()
    let start = clock.now
    var found = FoundPaths(keepsEdges: pictureFormat != nil)
    if all || k != nil {
      var printer = output.list.printer(for: .paths, inPipe: .text, onTerminal: .text)
      let (result, hasMore) = try await find(from, to, in: graph, weight, options) { path in
        if printsPaths { _ = try printer.print(path) }
        found.insert(path)
      }
      explain(
        result.cost, clock.now - start, result.absence == nil ? "\(found.count) found" : "none found")
      if let absence = result.absence { throw try await self.absence(absence, from, to, in: graph, options) }
      if printsPaths { try printer.finish() }
      if hasMore { Output.note("kv: there are more than \(found.count); --limit -1 prints all") }
      return try await draw(found, of: graph, options, as: pictureFormat)
    }
    let result =
      if let weight {
        try await graph.shortestWeightedPath(from: from, to: to, weight: weight, options: options)
      } else {
        try await graph.shortestPath(from: from, to: to, options: options)
      }
    guard let path = result.path else {
      let absence = result.absence ?? .unreachable
      explain(
        result.cost, clock.now - start,
        absence == .unreachable ? "unreachable" : "ended by the depth limit")
      throw try await self.absence(absence, from, to, in: graph, options)
    }
    explain(result.cost, clock.now - start, "found")
    if printsPaths {
      let listing = Listing.paths
      try output.list.print(
        Report(
          json: JSON(path), lines: ["Shortest path (\(path.measure)):", "\(path)"], header: listing.header,
          rows: [listing.row(path)]))
    }
    found.insert(path)
    try await draw(found, of: graph, options, as: pictureFormat)
  }

  private func nearest(
    ofType type: String, to start: NodeReference, in graph: Graph, _ options: TraversalOptions
  ) async throws -> NodeReference {
    if weight != nil { throw KVError(.usage, "the nearest node of a type is told by steps, not by --weight") }
    guard let nearest = try await graph.nearest(ofType: type, to: start, options: options) else {
      try await graph.require(start)
      if let words = try await graph.words(onNodeType: type) { throw KVError(.notFound, words) }
      throw KVError(.notFound, "no node of type \(JSON(type)) can be reached from \(start)")
    }
    return nearest
  }

  /// Finds several paths, one after another. Says why there is none, and whether there are more than were asked for.
  @MainActor
  private func find(
    _ from: NodeReference, _ to: NodeReference, in graph: Graph, _ weight: EdgeWeight?,
    _ options: TraversalOptions, visit: (Path) throws -> Void
  ) async throws -> (result: PathResult, hasMore: Bool) {
    guard let k else {
      // One more, which is not printed, shows whether there are more.
      let limit = limit.count.map { $0 == .max ? $0 : $0 + 1 } ?? .max
      var found = 0
      func visitUpToLimit(_ path: Path) throws {
        found += 1
        if found < limit || limit == .max { try visit(path) }
      }
      let result =
        if anyLength {
          try await graph.allSimplePaths(
            from: from, to: to, limit: limit, options: options, visit: visitUpToLimit)
        } else {
          try await graph.allShortestPaths(
            from: from, to: to, limit: limit, options: options, visit: visitUpToLimit)
        }
      return (result, found == limit)
    }
    let result = try await graph.shortestPaths(
      k.value, from: from, to: to, weight: weight, options: options)
    for path in result.paths { try visit(path) }
    return (result, false)
  }

  /// How many edges beside the path are drawn at each of its nodes.
  private static let around = 8

  private func draw(
    _ found: FoundPaths, of graph: Graph, _ options: TraversalOptions, as format: PictureFormat?
  ) async throws {
    guard let format else { return }
    let excerpt = try await graph.excerpt(
      along: found.nodes, edges: Array(found.edges.values), adding: Self.around, options: options)
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: excerpt.edges.count, highlights: found.highlights)
    try await picture.draw(
      drawing, as: format, to: output.pictureFile, colors: output.color.isOn, limitedBy: nil)
  }

  /// Why there is no path: perhaps because one of the nodes is not there.
  private func absence(
    _ absence: PathAbsence, _ from: NodeReference, _ to: NodeReference, in graph: Graph,
    _ options: TraversalOptions
  ) async throws -> KVError {
    try await graph.require(from)
    try await graph.require(to)
    if case .beyondDepth(let limit) = absence {
      return KVError(
        .notFound,
        "no path from \(from) to \(to) of at most \(limit.counted("edge", "edges")); --max-depth ended the search"
      )
    }
    let words = try await graph.wordsOnMissing(edgeTypes: options.edgeTypes)
    return KVError(.notFound, "no path from \(from) to \(to)\(words.map { "; \($0)" } ?? "")")
  }

  private func explain(_ cost: TraversalCost, _ time: Duration, _ outcome: String) {
    guard explain else { return }
    let levels = cost.levels > 0 ? "\(cost.levels) levels, " : ""
    Output.note(
      "kv: \(outcome): \(levels)\(cost.nodes) nodes, \(cost.edges) edges, \(cost.requests) requests, \(time.seconds(digits: 4)) s"
    )
  }
}

/// What the paths come by that were found: each node and edge once, however many paths there are.
private struct FoundPaths {
  let keepsEdges: Bool
  private(set) var count = 0
  /// In the order in which they came.
  private(set) var nodes: [NodeReference] = []
  private(set) var edges: [String: Edge] = [:]
  private var known: Set<NodeReference> = []

  init(keepsEdges: Bool) { self.keepsEdges = keepsEdges }

  mutating func insert(_ path: Path) {
    count += 1
    guard keepsEdges else { return }
    for node in path.nodes where known.insert(node).inserted { nodes.append(node) }
    for edge in path.edges { edges[edge.key] = edge }
  }

  var highlights: Highlights { Highlights(nodes: known, edges: Set(edges.keys)) }
}

import ArgumentParser
import KV
import KVGraph

/// The limits of a search on the command line.
struct SearchArguments: ParsableArguments {
  @Option(help: "Only edges of these types, separated by commas.") var edgeTypes: String?
  @Option(help: "At most so many edges from the start.") var maxDepth: Number?

  func validate() throws {
    if let maxDepth, maxDepth.value < 0 { throw ValidationError("the depth \(maxDepth.value) is negative") }
  }

  func options(edgeType: Text?) -> TraversalOptions {
    var types = edgeTypes?.split(separator: ",").map(String.init) ?? []
    if let type = edgeType?.unlessAll { types.append(type) }
    return TraversalOptions(maxDepth: maxDepth?.value, edgeTypes: types)
  }
}

struct FindPath: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find-path", abstract: "Find a shortest path between two nodes.",
    discussion: "EXAMPLE\n  kv graph find-path User alice Post 3")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The type of the node to start from.") var fromType: Text
  @Argument(help: "Its id.") var fromID: Text
  @Argument(help: "The type of the node to reach.") var toType: Text
  @Argument(help: "Its id.") var toID: Text
  @Argument(help: "Only edges of this type; * for all.") var edgeType: Text?
  @OptionGroup var search: SearchArguments
  @Option(help: "text, or json: {nodes, edges, depth}.") var output = TextOrJSON.text

  func run() async throws {
    let from = NodeReference(type: fromType.value, id: fromID.value)
    let to = NodeReference(type: toType.value, id: toID.value)
    for part in [fromType, fromID, toType, toID] where part.value.isEmpty {
      throw KVError(.usage, "the type or the id of a node is empty")
    }
    let options = search.options(edgeType: edgeType)
    let result = try await database.graph(for: .read).shortestPath(from: from, to: to, options: options)
    switch result {
    case .unreachable: throw KVError(.notFound, "no path from \(from) to \(to)")
    case .beyondDepth(let limit):
      throw KVError(
        .notFound, "no path from \(from) to \(to) of at most \(limit) edges; --max-depth ended the search")
    case .found(let path):
      switch output {
      case .text:
        try await Output.line("Shortest path (depth \(path.depth)):")
        try await Output.line("\(path)")
      case .json: try await Output.line(JSON(path).pretty)
      }
    }
  }
}

struct BreadthFirst: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bfs", abstract: "Print what can be reached from a node, level by level.",
    discussion: "EXAMPLE\n  kv graph bfs User alice --max-depth 2", aliases: ["traverse"])

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, jsonl
  }

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var search: SearchArguments
  @Option(help: "At most so many nodes; -1 for all.") var limit = Limit(nil)
  @Option(help: "text: depth and node; json: one array; jsonl: a node a line.") var output = Format.text

  @MainActor
  func run() async throws {
    if limit.count == 0 { return }
    var visits: [JSON] = []
    var count = 0
    try await database.graph(for: .read).breadthFirst(
      from: arguments.node, options: search.options(edgeType: arguments.edgeType)
    ) { visit in
      switch output {
      case .text: try Output.line("\(visit.depth)  \(visit.node)")
      case .jsonl: try Output.line(JSON(visit).text)
      case .json: visits.append(JSON(visit))
      }
      count += 1
      return count != limit.count
    }
    if output == .json { try Output.line(JSON(elements: visits).pretty) }
  }
}

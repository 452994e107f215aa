import ArgumentParser
import KV
import KVGraph

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Edges, paths and pictures.",
    discussion: """
      CONDITIONS
        --where chooses edges by their data: since >= "2024-01-15" and (status = "active" or not exists ended). Names are \
      members of the data, a.b.0 leads inside, `any name` may stand in backquotes; @type, @from.type, @from.id, @to.type and \
      @to.id are the edge's own. Operators: = != < <= > >= not and or exists.

      EXAMPLE
        kv graph find-path User alice Post 3
        kv graph stats
        kv graph view -o graph.png
      """,
    subcommands: [
      AddEdge.self, GetEdge.self, RemoveEdge.self, GetOutgoing.self, GetIncoming.self, FindPath.self,
      BreadthFirst.self, DepthFirst.self, Neighbors.self, DegreeCommand.self, Mutual.self, Stats.self,
      Components.self,
      Cycle.self, TopologicalOrder.self, RankCommand.self, Import.self, Export.self, Verify.self,
      View.self,
    ])
}

extension DatabaseOptions {
  func graph(for access: Access) async throws -> Graph { Graph(try await open(for: access)) }
}

extension EdgeArguments {
  var edge: Edge {
    Edge(
      from: NodeReference(type: fromType.value, id: fromID.value),
      to: NodeReference(type: toType.value, id: toID.value), type: edgeType.value)
  }
}

extension NodeArguments {
  var node: NodeReference { NodeReference(type: type.value, id: id.value) }
}

struct AddEdge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-edge", abstract: "Store an edge between two nodes.",
    discussion: "EXAMPLE\n  kv graph add-edge User alice User bob follows '{\"since\":\"2024-01-15\"}'")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: EdgeArguments
  @Argument(help: "The edge's data, any JSON. Left out: from standard input, if that is a pipe or a file.")
  var data: Text?
  @Flag(help: "Write the edge anew where it exists.") var replace = false

  func run() async throws {
    var edge = arguments.edge
    try edge.validate()
    if data == nil, Input.isPipeOrFile { try Input.waitForData() }
    let bytes = try data.map { Array($0.value.utf8) } ?? (Input.isPipeOrFile ? Input.all() : [])
    let isBlank = bytes.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
    if data != nil || !isBlank { edge.data = try Input.json(from: bytes, named: "the edge's data") }
    try await database.graph(for: .write).add(edge, replacing: replace)
    try await Output.line("Added edge: \(edge)")
  }
}

struct GetEdge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-edge", abstract: "Print an edge.",
    discussion: "EXAMPLE\n  kv graph get-edge User alice User bob follows")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: EdgeArguments

  func run() async throws {
    let wanted = arguments.edge
    try wanted.validate()
    guard
      let edge = try await database.graph(for: .read).edge(
        from: wanted.from, to: wanted.to, type: wanted.type)
    else { throw KVError(.notFound, "no edge \(wanted)") }
    try await Output.document(edge.json.pretty)
  }
}

struct RemoveEdge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-edge", abstract: "Delete an edge.",
    discussion: "EXAMPLE\n  kv graph remove-edge User alice User bob follows")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: EdgeArguments

  func run() async throws {
    let edge = arguments.edge
    try edge.validate()
    try await database.graph(for: .write).remove(edge)
    try await Output.line("Removed edge: \(edge)")
  }
}

struct GetOutgoing: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-outgoing", abstract: "Print the edges that leave a node, in key order.",
    discussion: "EXAMPLE\n  kv graph get-outgoing User alice follows")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var output: EdgeOutputOptions

  func run() async throws {
    let graph = try await database.graph(for: .read)
    try await output.print(graph.outgoing(of: arguments.node, type: arguments.wantedType))
  }
}

struct GetIncoming: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-incoming", abstract: "Print the edges that enter a node, in key order.",
    discussion: "EXAMPLE\n  kv graph get-incoming Post 3 liked")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var output: EdgeOutputOptions

  func run() async throws {
    let graph = try await database.graph(for: .read)
    try await output.print(graph.incoming(of: arguments.node, type: arguments.wantedType))
  }
}

/// How edges are printed: one after another, never as one array, so that the first is out before the last is read.
struct EdgeOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json, jsonl, text
  }

  @Option(help: "json: indented objects; jsonl: an edge a line; text: User:a -[type]-> User:b.") var output =
    Format.json

  @MainActor
  func print(_ edges: EdgeSequence) async throws {
    var isFirst = true
    for try await edge in edges {
      defer { isFirst = false }
      switch output {
      case .json: try Output.document(edge.json.pretty)
      case .jsonl: try Output.document(edge.json.text)
      case .text: try Output.line("\(edge)")
      }
      // A reader sees the first edge at once; the rest goes out by the block.
      if isFirst { try Output.flush() }
    }
  }
}

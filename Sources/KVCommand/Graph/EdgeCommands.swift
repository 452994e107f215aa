import ArgumentParser
import KV
import KVGraph

struct AddEdge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-edge", abstract: "Store an edge between two nodes.",
    discussion: """
      EXAMPLE
        kv graph add-edge User alice User bob follows '{"since":"2024-01-15"}'
        kv graph add-edge User:alice User:bob wrote --key 2
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(
    help:
      "The nodes that the edge leaves and enters, each as Type:id or as a type and an id, its type, and perhaps its data, any JSON. Left out: from standard input, if that is a pipe or a file.",
    completion: Completion.nodePairAndEdgeType)
  var edge: [Text] = []
  @Option(help: "A key that tells the edge from parallel ones.") var key: Text?
  @Flag(help: "Write the edge anew where it exists.") var replace = false

  private func words() throws -> NodeWords {
    try NodeWords(edge, nodes: 2, edgeType: .required, takesData: true)
  }

  func validate() throws { _ = try words() }

  func run() async throws {
    let graph: Graph
    let reading: NodeWords.Reading
    if let only = try? words().reading() {
      reading = only
      try newEdge(reading).validate()
      // Before a database is made, what it is to hold is read.
      let data = try readData(reading.data)
      graph = try await database.graph(for: .write)
      return try await add(reading, data, to: graph)
    }
    graph = try await database.graph(for: .write)
    reading = try await words().reading(in: graph)
    try await add(reading, try readData(reading.data), to: graph)
  }

  private func newEdge(_ reading: NodeWords.Reading) -> Edge {
    Edge(
      from: reading.nodes[0], to: reading.nodes[1], type: reading.edgeType ?? "", parallelKey: key?.value)
  }

  private func add(_ reading: NodeWords.Reading, _ data: JSON?, to graph: Graph) async throws {
    var edge = newEdge(reading)
    edge.data = data
    let stored = try await graph.add(edge, replacing: replace)
    try await Output.line("Added edge: \(stored)")
  }

  private func readData(_ word: String?) throws -> JSON? {
    try Input.optionalJSON(word, named: "the edge's data")
  }
}

struct GetEdge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-edge", abstract: "Print an edge.",
    discussion: "EXAMPLE\n  kv graph get-edge User alice User bob follows")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: EdgeArguments
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await output.print(
      arguments.stored(in: database.graph(for: .read)), as: .edges, inPipe: .json, onTerminal: .json)
  }
}

struct RemoveEdge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-edge", abstract: "Delete an edge.",
    discussion: "EXAMPLE\n  kv graph remove-edge User alice User bob follows")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: EdgeArguments

  func run() async throws {
    let graph = try await database.graph(for: .write)
    let edge = try await arguments.stored(in: graph)
    try await graph.remove(edge)
    try await Output.line("Removed edge: \(edge)")
  }
}

struct EdgeTypeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edge-type", abstract: "Print how the edges of a type lead, or say so.",
    discussion: """
      The edges of an undirected type lead both ways in every search and measure, and from A to B and from B to A is one edge.

      EXAMPLE
        kv graph edge-type knows --undirected
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The type.", completion: Completion.edgeTypes) var type: Text
  @Flag(help: "From now on the edges lead both ways.") var undirected = false
  @Flag(help: "From now on the edges lead one way, as they are stored.") var directed = false

  func validate() throws {
    if undirected, directed { throw ValidationError("--undirected and --directed are opposites") }
    if type.value.isEmpty { throw ValidationError("the type is empty") }
  }

  func run() async throws {
    if undirected || directed {
      let graph = try await database.graph(for: .write)
      let (turned, merged) = try await graph.setDirected(directed, edgeType: type.value)
      var line = "\(type.value): \(directed ? "directed" : "undirected")"
      if turned > 0 { line += "; written the other way round: \(turned)" }
      if merged > 0 { line += "; one with the same edge written the other way round: \(merged)" }
      return try await Output.line(line)
    }
    let graph = try await database.graph(for: .read)
    let isUndirected = try await graph.undirectedTypes.contains(type.value)
    if !isUndirected { try await graph.noteMissing(edgeTypes: [type.value]) }
    try await Output.line("\(type.value): \(isUndirected ? "undirected" : "directed")")
  }
}

struct GetOutgoing: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-outgoing", abstract: "Print the edges that leave a node, in key order.",
    discussion: "EXAMPLE\n  kv graph get-outgoing User alice follows")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var edges: EdgeChoice
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await output.print(in: database.graph(for: .read), arguments, edges, window) {
      try await $0.outgoing(of: $1, type: $2)
    }
  }
}

struct GetIncoming: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-incoming", abstract: "Print the edges that enter a node, in key order.",
    discussion: "EXAMPLE\n  kv graph get-incoming Post 3 liked")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: NodeArguments
  @OptionGroup var edges: EdgeChoice
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func run() async throws {
    try await output.print(in: database.graph(for: .read), arguments, edges, window) {
      try await $0.incoming(of: $1, type: $2)
    }
  }
}

struct Edges: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edges", abstract: "Print edges, in key order.",
    discussion: "EXAMPLE\n  kv graph edges follows --where 'since >= \"2024\"' --format text")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "Only edges of this type; * for all.", completion: Completion.edgeTypes) var type: Text?
  @OptionGroup var choice: EdgeChoice
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  @MainActor
  func run() async throws {
    let options = try choice.options(edgeType: type?.value)
    let graph = try await database.graph(for: .read)
    try await output.print(graph.edges(undirected: graph.undirectedTypes), options, window) {
      try await graph.noteMissing(edgeTypes: options.edgeTypes)
    }
  }
}

extension ListOptions {
  /// Prints the edges of one node.
  @MainActor
  fileprivate func print(
    in graph: Graph, _ arguments: NodeArguments, _ choice: EdgeChoice, _ window: ListWindow,
    edges: (Graph, NodeReference, _ type: String?) async throws -> EdgeSequence
  ) async throws {
    let (node, type) = try await arguments.reading(in: graph)
    let options = try choice.options(edgeType: type)
    let only = options.edgeTypes.count == 1 ? options.edgeTypes[0] : nil
    try await print(edges(graph, node, only), options, window) {
      try await graph.require(node)
      try await graph.noteMissing(edgeTypes: options.edgeTypes)
    }
  }

  /// Prints edges: as JSON an object after another, as they always were, unless an array is asked for.
  /// - Parameter isEmpty: called where there was no edge.
  @MainActor
  fileprivate func print(
    _ edges: EdgeSequence, _ options: TraversalOptions, _ window: ListWindow, isEmpty: () async throws -> Void
  ) async throws {
    var printer = printer(for: .edges, inPipe: .json, onTerminal: .text, objects: true, window: window)
    for try await edge in edges where options.covers(edge) {
      if try !printer.print(edge) { break }
    }
    try printer.finish()
    if printer.seen == 0 { try await isEmpty() }
  }
}

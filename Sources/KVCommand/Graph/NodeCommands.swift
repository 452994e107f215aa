import ArgumentParser
import KV
import KVGraph

struct AddNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-node", abstract: "Store a node with its attributes.",
    discussion: """
      The record stands at <type in lower case>/<id>, as user/alice, and is of the node's type.

      EXAMPLE
        kv graph add-node User alice '{"name":"Alice"}'
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(
    help:
      "The node, as Type:id or as a type and an id, and perhaps its attributes, a JSON object. Left out: from standard input, if that is a pipe or a file.",
    completion: Completion.nodes)
  var node: [Text] = []
  @Flag(help: "Write the record anew where it exists.") var replace = false

  func validate() throws { _ = try reading() }

  /// A last word that is JSON is the attributes.
  private func reading() throws -> (node: NodeReference, attributes: String?) {
    if node.count > 1, let last = node.last?.value, last.hasPrefix("{"),
      let words = try? NodeWords(Array(node.dropLast()), nodes: 1).reading()
    {
      return (words.nodes[0], last)
    }
    // `User:eve null` is a node with what is no attributes, and no node of type `User:eve`.
    if node.count > 1, let last = node.last?.value, (try? JSON(parsing: last)) != nil,
      (try? NodeWords(Array(node.dropLast()), nodes: 1)) != nil
    {
      throw ValidationError("the attributes \(last) are no JSON object")
    }
    return (try NodeWords(node, nodes: 1).reading().nodes[0], nil)
  }

  func run() async throws {
    let (reference, word) = try reading()
    try reference.validate()
    let value = try Input.optionalJSON(word, named: "the node's attributes")
    if let value, value.kind != .object {
      throw KVError(.invalidData, "the node's attributes are no JSON object")
    }
    try await database.graph(for: .write).add(Node(reference, value: value), replacing: replace)
    try await Output.line("Added node: \(reference)")
  }
}

/// One node, and nothing else.
struct OnlyNode: ParsableArguments {
  @Argument(help: "The node, as Type:id or as a type and an id.", completion: Completion.nodes) var node:
    [Text] = []

  func validate() throws { _ = try reference }

  var reference: NodeReference {
    get throws { try NodeWords(node, nodes: 1).reading().nodes[0] }
  }
}

struct GetNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get-node",
    abstract: "Print a node: its labels, attributes and how many edges enter and leave it.",
    discussion: "EXAMPLE\n  kv graph get-node User:alice")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: OnlyNode
  @OptionGroup var output: ListOptions

  func run() async throws {
    let graph = try await database.graph(for: .read)
    let reference = try arguments.reference
    guard let node = try await graph.node(reference) else {
      try await graph.require(reference)
      throw KVError(.notFound, "no node \(reference)")
    }
    let degree = try await graph.degree(of: reference)
    let json = JSON(members: [
      ("attributes", node.value ?? .null), ("id", JSON(reference.id)), ("in", JSON(degree.incoming)),
      ("labels", JSON(elements: node.labels.map { JSON($0) })), ("out", JSON(degree.outgoing)),
      ("type", JSON(reference.type)),
    ])
    let listing = Listing<JSON>(
      header: ["TYPE", "ID", "LABELS", "IN", "OUT", "ATTRIBUTES"], json: { $0 },
      row: { _ in
        [
          .text(reference.type), .text(reference.id), .text(node.labels.joined(separator: " ")),
          .number(degree.incoming), .number(degree.outgoing), .text(node.value?.text ?? ""),
        ]
      })
    try await output.print(json, as: listing, inPipe: .json, onTerminal: .json)
  }
}

struct RemoveNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-node", abstract: "Delete a node's record and all its edges, in one transaction.",
    discussion: "EXAMPLE\n  kv graph remove-node User:alice --dry-run")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var arguments: OnlyNode
  @Flag(help: "Leave the record, and delete the edges only.") var keepRecord = false
  @Flag(help: "Say what would be deleted, and delete nothing.") var dryRun = false

  func run() async throws {
    let node = try arguments.reference
    let (edges, hadRecord) = try await database.graph(for: dryRun ? .dryRun : .change).remove(
      node, keepingRecord: keepRecord, rehearsing: dryRun)
    let record = hadRecord && !keepRecord ? " and its record" : ""
    try await Output.line(
      "\(dryRun ? "Would remove" : "Removed") node: \(node) with \(edges.counted("edge", "edges"))\(record)"
    )
  }
}

struct RenameNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename-node",
    abstract: "Give a node another name: its record and all its edges, in one transaction.",
    discussion: "EXAMPLE\n  kv graph rename-node User:alice User:alicia")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(
    help: "The node and its new name, each as Type:id or as a type and an id.", completion: Completion.nodes)
  var nodes: [Text] = []

  func validate() throws { _ = try NodeWords(nodes, nodes: 2) }

  func run() async throws {
    let reading = try NodeWords(nodes, nodes: 2).reading()
    let (node, new) = (reading.nodes[0], reading.nodes[1])
    let edges = try await database.graph(for: .change).rename(node, to: new)
    try await Output.line("Renamed node: \(node) to \(new) with \(edges.counted("edge", "edges"))")
  }
}

struct Nodes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nodes", abstract: "Print nodes with their attributes, in key order.",
    discussion: """
      --where chooses by attributes, as in kv graph --help; @type and @id are the node's own.

      EXAMPLE
        kv graph nodes User --where 'age >= 30'
        kv graph nodes --isolated
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "Only nodes of this type; * for all.", completion: Completion.nodeTypes) var type: Text?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only nodes for which this holds, such as 'age >= 30'.", valueName: "condition"))
  var condition: Text?
  @Flag(help: "Only nodes that no edge touches.") var isolated = false
  @Flag(help: "Only nodes that no record describes.") var withoutRecord = false
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  @MainActor
  func run() async throws {
    var selection = NodeSelection(
      type: type?.unlessAll, predicate: try condition.map { try NodePredicate($0.value) })
    (selection.isIsolated, selection.lacksRecord) = (isolated, withoutRecord)
    var printer = output.printer(for: .nodes, inPipe: .json, window: window)
    let graph = try await database.wholeGraph(for: .read)
    try await graph.forEachNode(selection) { try printer.print($0) }
    try printer.finish()
    if let type = selection.type, printer.seen == 0, let words = try await graph.words(onNodeType: type) {
      Output.note("kv: \(words)")
    }
  }
}

struct Adopt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt", abstract: "Make nodes of plain records: user/… become nodes of type User.",
    discussion: "EXAMPLE\n  kv graph adopt User --dry-run")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The type, spelled as it is to be.") var type: Text
  @Flag(help: "Say how many there are, and change nothing.") var dryRun = false

  func validate() throws {
    if type.value.isEmpty { throw ValidationError("the type is empty") }
  }

  func run() async throws {
    let count = try await database.graph(for: dryRun ? .dryRun : .write).adopt(
      type.value, rehearsing: dryRun)
    try await Output.line("\(dryRun ? "Would adopt" : "Adopted") \(count)")
  }
}

struct Schema: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print what kinds of nodes and edges there are, and what they hold.",
    discussion: "EXAMPLE\n  kv graph schema")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var output: ListOptions

  func run() async throws {
    let schema = try await database.wholeGraph(for: .read).schema()
    var lines: [String] = []
    var rows: [[Cell]] = []
    func add(_ kind: String, _ type: String, _ count: Int, _ attributes: [GraphSchema.Attribute]) {
      lines += attributes.map { Self.line($0, of: count) }
      rows += attributes.map {
        [
          .text(kind), .text(type), .text($0.name), .number($0.count),
          .text($0.kinds.joined(separator: " or ")),
        ]
      }
    }
    for type in schema.nodeTypes {
      let records = type.records < type.count ? ", \(type.records) with a record" : ""
      lines.append("node \(type.type): \(type.count)\(records)")
      rows.append([.text("node"), .text(type.type), .text(""), .number(type.count), .text("")])
      add("node", type.type, type.count, type.attributes)
    }
    for type in schema.edgeTypes {
      lines.append("edge \(type.type): \(type.count)\(type.isDirected ? "" : ", undirected")")
      rows.append([.text("edge"), .text(type.type), .text(""), .number(type.count), .text("")])
      lines += type.ends.map { "  \($0.from) \(type.isDirected ? "->" : "--") \($0.to): \($0.count)" }
      add("edge", type.type, type.count, type.attributes)
    }
    lines += schema.undeclared.prefix(10).map { Self.undeclared($0.folder, $0.count) }
    try await output.print(
      Report(
        json: JSON(schema), lines: lines, header: ["KIND", "TYPE", "ATTRIBUTE", "COUNT", "VALUES"], rows: rows
      ))
  }

  static func undeclared(_ folder: String, _ count: Int) -> String {
    "records \(folder)/…: \(count), named as nodes would be; kv graph adopt makes them nodes of a type"
  }

  private static func line(_ attribute: GraphSchema.Attribute, of count: Int) -> String {
    let share = attribute.count * 100 / max(count, 1)
    let examples = attribute.examples.map(\.text).joined(separator: ", ")
    let name = attribute.name.isEmpty ? "(no object)" : attribute.name
    return "  \(name): \(attribute.kinds.joined(separator: " or ")), \(share) %, such as \(examples)"
  }
}

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

  @OptionGroup var database: DatabaseOptions
  @Argument(
    help:
      "The node, as Type:id or as a type and an id, and perhaps its attributes, a JSON object. Left out: from standard input, if that is a pipe or a file."
  )
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
  @Argument(help: "The node, as Type:id or as a type and an id.") var node: [Text] = []

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

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: OnlyNode

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
    try await Output.document(json.pretty)
  }
}

struct RemoveNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-node", abstract: "Delete a node's record and all its edges, in one transaction.",
    discussion: "EXAMPLE\n  kv graph remove-node User:alice --dry-run")

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var arguments: OnlyNode
  @Flag(help: "Leave the record, and delete the edges only.") var keepRecord = false
  @Flag(help: "Say what would be deleted, and delete nothing.") var dryRun = false

  func run() async throws {
    let node = try arguments.reference
    let (edges, hadRecord) = try await database.graph(for: dryRun ? .dryRun : .write).remove(
      node, keepingRecord: keepRecord, rehearsing: dryRun)
    let record = hadRecord && !keepRecord ? " and its record" : ""
    try await Output.line(
      "\(dryRun ? "Would remove" : "Removed") node: \(node) with \(edges) \(edges == 1 ? "edge" : "edges")\(record)"
    )
  }
}

struct RenameNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename-node",
    abstract: "Give a node another name: its record and all its edges, in one transaction.",
    discussion: "EXAMPLE\n  kv graph rename-node User:alice User:alicia")

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The node and its new name, each as Type:id or as a type and an id.") var nodes: [Text] = []

  func validate() throws { _ = try NodeWords(nodes, nodes: 2) }

  func run() async throws {
    let reading = try NodeWords(nodes, nodes: 2).reading()
    let (node, new) = (reading.nodes[0], reading.nodes[1])
    let edges = try await database.graph(for: .write).rename(node, to: new)
    try await Output.line("Renamed node: \(node) to \(new) with \(edges) \(edges == 1 ? "edge" : "edges")")
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

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "Only nodes of this type; * for all.") var type: Text?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only nodes for which this holds, such as 'age >= 30'.", valueName: "condition"))
  var condition: Text?
  @Flag(help: "Only nodes that no edge touches.") var isolated = false
  @Flag(help: "Only nodes that no record describes.") var withoutRecord = false
  @Option(help: "At most so many; -1 for all.") var limit = Limit(nil)
  @OptionGroup var output: OutputOptions

  @MainActor
  func run() async throws {
    var selection = NodeSelection(
      type: type?.unlessAll, predicate: try condition.map { try NodePredicate($0.value) })
    (selection.isIsolated, selection.lacksRecord) = (isolated, withoutRecord)
    var printer = ListPrinter<Node>(
      output.output, json: Self.json, header: ["TYPE", "ID", "ATTRIBUTES"],
      row: { [$0.reference.type, $0.reference.id, $0.value?.text ?? ""] })
    var left = limit.count ?? .max
    if left > 0 {
      try await database.graph(for: .read).forEachNode(selection) {
        try printer.print($0)
        left -= 1
        return left > 0
      }
    }
    try printer.finish()
  }

  private static func json(_ node: Node) -> JSON {
    JSON(members: [
      ("attributes", node.value ?? .null), ("id", JSON(node.reference.id)),
      ("type", JSON(node.reference.type)),
    ])
  }
}

struct Adopt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt", abstract: "Make nodes of plain records: user/… become nodes of type User.",
    discussion: "EXAMPLE\n  kv graph adopt User --dry-run")

  @OptionGroup var database: DatabaseOptions
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

  @OptionGroup var database: DatabaseOptions
  @Option(help: "text or json.") var output = TextOrJSON.text

  @MainActor
  func run() async throws {
    let schema = try await database.graph(for: .read).schema()
    guard output == .text else { return try Output.document(JSON(schema).pretty) }
    for type in schema.nodeTypes {
      let records = type.records < type.count ? ", \(type.records) with a record" : ""
      try Output.line("node \(type.type): \(type.count)\(records)")
      try print(type.attributes, of: type.count)
    }
    for type in schema.edgeTypes {
      try Output.line("edge \(type.type): \(type.count)\(type.isDirected ? "" : ", undirected")")
      for (from, to, count) in type.ends {
        try Output.line("  \(from) \(type.isDirected ? "->" : "--") \(to): \(count)")
      }
      try print(type.attributes, of: type.count)
    }
    for (folder, count) in schema.undeclared.prefix(10) { try Output.line(Self.undeclared(folder, count)) }
  }

  static func undeclared(_ folder: String, _ count: Int) -> String {
    "records \(folder)/…: \(count), named as nodes would be; kv graph adopt makes them nodes of a type"
  }

  @MainActor
  private func print(_ attributes: [GraphSchema.Attribute], of count: Int) throws {
    for attribute in attributes {
      let share = attribute.count * 100 / max(count, 1)
      let examples = attribute.examples.map(\.text).joined(separator: ", ")
      let name = attribute.name.isEmpty ? "(no object)" : attribute.name
      try Output.line(
        "  \(name): \(attribute.kinds.joined(separator: " or ")), \(share) %, such as \(examples)")
    }
  }
}

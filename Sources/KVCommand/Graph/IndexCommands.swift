import ArgumentParser
import KV
import KVGraph

struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Keep indexes of nodes by an attribute, from which queries begin.",
    discussion: """
      A query that names a label and an attribute, as MATCH (u:User {email: $e}) or WHERE u.age >= 30, reads all nodes; with an index it \
      reads those that it finds. Numbers and texts are in it. It is right whoever writes, kv or another program.

      EXAMPLE
        kv graph index create User email
        kv graph index list
        kv graph index drop User email
      """,
    subcommands: [IndexCreate.self, IndexList.self, IndexDrop.self])
}

struct IndexName: ParsableArguments {
  @Argument(
    help: "The label: a type of nodes, or one of those in @labels.", completion: Completion.nodeTypes)
  var label: Text
  @Argument(help: "The attribute.") var attribute: Text

  func validate() throws {
    for (text, name) in [(label, "label"), (attribute, "attribute")] where text.value.isEmpty {
      throw ValidationError("the \(name) of an index is empty")
    }
    if attribute.value == "id" { throw ValidationError("a node is found by its id without an index") }
  }

  var index: AttributeIndex { AttributeIndex(label: label.value, attribute: attribute.value) }
}

struct IndexCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make an index; all nodes are read once.",
    discussion: """
      EXAMPLE
        kv graph index create User email
      """)

  @OptionGroup var name: IndexName
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let store = try await database.open(for: .write)
    if try await !store.createIndex(name.index) { Output.note("kv: \(name.index) was there") }
    try await Graph(store).noteMissing(label: name.label.value)
  }
}

struct IndexList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the indexes by label and attribute.",
    discussion: """
      EXAMPLE
        kv graph index list
        kv graph index list --format json
      """)

  @OptionGroup var list: ListOptions
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let store = try await database.open(for: .read)
    try list.print(try await store.attributeIndexes(), as: Self.listing, inPipe: .json)
  }

  private static let listing = Listing<AttributeIndex>(
    header: ["LABEL", "ATTRIBUTE"],
    json: { JSON(members: [("label", JSON($0.label)), ("attribute", JSON($0.attribute))]) },
    row: { [.text($0.label), .text($0.attribute)] })
}

struct IndexDrop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Delete an index; status 3 where there is none.",
    discussion: """
      EXAMPLE
        kv graph index drop User email
      """)

  @OptionGroup var name: IndexName
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let store = try await database.open(for: .write)
    guard try await store.dropIndex(name.index) else {
      throw KVError(.notFound, "there is no index on \(name.index)")
    }
  }
}

import ArgumentParser
import KV

struct Delete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete keys, all in one transaction, and say how many there were.",
    discussion: "EXAMPLE\n  kv delete user/alice user/bob")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The keys.", completion: Completion.keys) var keys: [Text]

  func run() async throws {
    try await Output.line("Deleted \(database.open(for: .write).delete(keys.map(\.value)))")
  }
}

/// Which of the selected records to delete: `[<offset> [<limit>]]`.
struct DeletePageArguments: ParsableArguments {
  @Argument(help: "Records to keep from the start.") var offset = Number(0)
  @Argument(help: "Records at most; -1 for all.") var limit = Limit(nil)

  func validate() throws {
    if offset.value < 0 { throw ValidationError("the offset \(offset.value) is negative") }
  }

  var page: Page { Page(offset: offset.value, limit: limit.count) }
}

struct DeletePrefix: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete-prefix",
    abstract: "Delete the records whose keys begin with a prefix, and say how many there were.",
    discussion: "EXAMPLE\n  kv delete-prefix user/")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first bytes of the keys; * for every key.", completion: Completion.keys) var prefix:
    Text
  @OptionGroup var page: DeletePageArguments

  func run() async throws {
    if prefix.value.isEmpty { throw KVError(.usage, "the prefix is empty; * means every key") }
    let selection: Selection = prefix.value == "*" ? .all : .prefix(prefix.value)
    try await Output.line("Deleted \(database.open(for: .write).delete(selection, page: page.page))")
  }
}

struct DeleteRange: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete-range",
    abstract:
      "Delete the records with keys from one key up to, but not with, another, and say how many there were.",
    discussion: "EXAMPLE\n  kv delete-range user/a user/c")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The first key.") var from: Text
  @Argument(help: "The key after the last.") var to: Text
  @OptionGroup var page: DeletePageArguments

  func run() async throws {
    let selection = Selection.range(from: from.value, to: to.value)
    try await Output.line("Deleted \(database.open(for: .write).delete(selection, page: page.page))")
  }
}

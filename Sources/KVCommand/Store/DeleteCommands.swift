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
  @Argument(help: "Records to keep from the start (default: 0).") var offset: Number?
  @Argument(help: "Records at most; -1 for all (default: all).") var limit: Limit?
  @Option(name: .customLong("offset"), help: "The same as the argument.") var skipped: Number?
  @Option(name: .customLong("limit"), help: "The same as the argument.") var most: Limit?

  func validate() throws {
    if start < 0 { throw ValidationError("the offset \(start) is negative") }
    if limit != nil && most != nil || offset != nil && skipped != nil {
      throw ValidationError("the page is said twice: as arguments and as options")
    }
  }

  private var start: Int { (offset ?? skipped)?.value ?? 0 }

  var page: Page { Page(offset: start, limit: (limit ?? most)?.count) }
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

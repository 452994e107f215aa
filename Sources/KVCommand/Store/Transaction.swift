import ArgumentParser
import KV
import KVGraph

struct Transaction: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "txn", abstract: "Make many changes in one transaction, all or none of them.",
    discussion: """
      One JSON object a line, with the name of a command: put and patch {key, value, type, version}, delete {key}, \
      delete-prefix {prefix}, add-node {type, id, attributes, replace}, add-edge {from, to, type, key, data, replace} and \
      remove-edge; expect {key, version} changes nothing. version is what the key must be at when its turn comes, 0 where it must \
      be absent: if it is not, nothing is changed (status 4). Nodes are {type, id} or "Type:id".

      EXAMPLE
        kv txn changes.jsonl
        echo '{"put":{"key":"a","value":1,"version":0}}' | kv txn
      """)

  @Argument(help: "The file to read; left out, or -: standard input.") var file: FileArgument?
  @OptionGroup var output: ListOptions
  @OptionGroup(title: "Database") var database: DatabaseOptions

  @MainActor
  func run() async throws {
    let file = file ?? FileArgument(bytes: [UInt8(ascii: "-")])
    let name = file.isStandard ? "standard input" : "\(file)"
    if !file.isStandard { Output.protect([file.bytes]) }
    try output.checkFile()
    let changes = try TransactionLine.read(Input.file(file), named: name)
    let graph = try await database.graph(for: .write)
    var mutations: [Mutation] = []
    // For each mutation the change that it is of.
    var owners: [Int] = []
    var order = TransactionOrder()
    for (number, change) in changes.enumerated() {
      let own = try await change.mutations(in: graph, named: name)
      do {
        try order.add(own, of: change)
      } catch var error as KVError {
        error.message = "\(name), line \(change.line): \(error.message)"
        throw error
      }
      mutations += own
      owners += own.map { _ in number }
    }
    let results: [MutationResult]
    do {
      results = try await graph.store.mutate(mutations)
    } catch var error as KVError {
      guard let index = error.mutationIndex, owners.indices.contains(index) else { throw error }
      error.message = "\(name), line \(changes[owners[index]].line): \(error.message); nothing was changed"
      throw error
    }
    // The first mutation of a change is the one that it is named for.
    let outcomes = changes.indices.map { number in
      Outcome(change: changes[number], result: results[owners.firstIndex(of: number) ?? 0])
    }
    try output.print(outcomes, as: Self.listing, inPipe: .text, onTerminal: .text)
  }

  struct Outcome {
    var change: TransactionLine
    var result: MutationResult

    var text: String {
      switch result {
      case .put(let version): "version \(version)"
      case .deleted(let count): "deleted \(count)"
      case .met: "met"
      }
    }
  }

  private static let listing = Listing<Outcome>(
    header: ["LINE", "CHANGE", "OF", "RESULT"],
    json: { outcome in
      let result: (String, JSON) =
        switch outcome.result {
        case .put(let version): ("version", JSON(version))
        case .deleted(let count): ("deleted", JSON(count))
        case .met: ("met", true)
        }
      return JSON(members: [
        ("change", JSON(outcome.change.name)), ("line", JSON(outcome.change.line)),
        ("of", JSON(outcome.change.subject)),
        result,
      ])
    },
    row: { [.number($0.change.line), .text($0.change.name), .text($0.change.subject), .text($0.text)] },
    text: { "\($0.change.name) \($0.change.subject): \($0.text)" })
}

import ArgumentParser
import KV

/// Which records of a list: `[<offset> [<limit>]]`.
struct PageArguments: ParsableArguments {
  @Argument(help: "Records to skip.") var offset = Number(0)
  @Argument(help: "Records at most; -1 for all (default: 1000 on a terminal, else all).") var limit: Limit?

  func validate() throws {
    if offset.value < 0 { throw ValidationError("the offset \(offset.value) is negative") }
  }

  /// How many to print at most; `nil` for all. A program that reads a pipe is not served a part of what it asked for.
  private var count: Int? { limit == nil && Output.isTerminal ? 1000 : limit?.count }

  /// Prints the records of a selection, by key, as they are read; of more than are wanted it says how to go on.
  /// - Parameter command: what was typed, up to these arguments.
  @MainActor
  func print(_ selection: Selection, of store: any Store, as output: OutputOptions, _ command: String...)
    async throws
  {
    let offset = offset.value
    let records = RecordSequence(pageSize: 5000) { after, limit in
      try await store.records(
        selection, page: Page(after: after, offset: after == nil ? offset : 0, limit: limit))
    }
    var printer = output.recordPrinter
    var printed = 0
    var hasMore = false
    for try await record in records {
      if printed == count {
        hasMore = true
        break
      }
      try printer.print(record)
      printed += 1
    }
    try printer.finish()
    guard hasMore, let count else { return }
    let words = ["kv"] + command.map(\.quotedForShell) + ["\(offset + printed)", "\(count)"]
    Output.note("kv: there are more than \(printed); the next page: \(words.joined(separator: " "))")
  }
}

extension String {
  /// As a shell reads it as one word.
  var quotedForShell: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
          UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "="):
          true
        default: false
        }
      }
    return isPlain ? self : "'" + replacing("'", with: #"'\''"#) + "'"
  }
}

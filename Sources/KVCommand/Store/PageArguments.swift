import ArgumentParser
import KV

/// Which records of a list: `[<offset> [<limit>]]`.
struct PageArguments: ParsableArguments {
  @Argument(help: "Records to skip.") var offset: Number?
  @Argument(help: "Records at most; -1 for all (default: 1000 on a terminal, else all).") var limit: Limit?
  @Option(name: .customLong("offset"), help: "The same as the argument.") var skipped: Number?
  @Option(name: .customLong("limit"), help: "The same as the argument.") var most: Limit?
  @Option(help: "Only records with keys after this one.") var after: Text?

  func validate() throws {
    if start < 0 { throw ValidationError("the offset \(start) is negative") }
    if limit != nil && most != nil || offset != nil && skipped != nil {
      throw ValidationError("the page is said twice: as arguments and as options")
    }
  }

  private var start: Int { (offset ?? skipped ?? Number(0)).value }

  /// Prints the records of a selection, by key, as they are read; of more than are wanted it says how to go on.
  @MainActor
  func print(_ selection: Selection, of store: any Store, as output: ListOptions) async throws {
    let (first, offset, count) = (after?.value, start, output.count(limit ?? most))
    let records = RecordSequence(pageSize: 5000) { after, limit in
      try await store.records(
        selection, page: Page(after: after ?? first, offset: after == nil ? offset : 0, limit: limit))
    }
    var printer = output.printer(for: .records, inPipe: .json)
    var last = first
    var hasMore = false
    for try await record in records {
      if printer.printed == count {
        hasMore = true
        break
      }
      _ = try printer.print(record)
      last = record.key
    }
    try printer.finish()
    guard hasMore else { return }
    try Output.noteMore(than: printer.printed, limit: count) { count in
      let goesOnAfterKey = offset == 0 && self.offset == nil && last != nil
      let options =
        ((goesOnAfterKey ? last : first).map { Self.option("--after", $0) } ?? [])
        + (goesOnAfterKey ? ["--limit", "\(count)"] : []) + Arguments.ofList
      let page = goesOnAfterKey ? [] : ["\(offset + printer.printed)", "\(count)"]
      return Self.command(selection, page, options).map(\.quotedForShell).joined(separator: " ")
    }
  }

  private static func option(_ name: String, _ value: String) -> [String] {
    value.hasPrefix("-") ? ["\(name)=\(value)"] : [name, value]
  }

  /// What prints a page of a selection. Words that begin as options do stand behind those.
  private static func command(_ selection: Selection, _ page: [String], _ options: [String]) -> [String] {
    let (command, words) =
      switch selection {
      case .all: (["list"], [String]())
      case .prefix(let prefix): (["get", "prefix"], [prefix])
      case .range(let from, let to): (["get", "range"], [from, to])
      case .type(let type): (["get", "type"], [type])
      }
    return ["kv"] + command
      + (words.contains { $0.hasPrefix("-") } ? options + ["--"] + words + page : words + page + options)
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
    if isPlain { return self }
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return "'" + replacing("'", with: #"'\''"#) + "'"
    }
    // What messages show in another form is written in ASCII, as bash, zsh and ksh read it.
    return unicodeScalars.reduce(into: "$'") { text, scalar in
      switch scalar {
      case "'", "\\": text += "\\\(scalar)"
      case _ where scalar.properties.generalCategory == .control:
        for byte in String(scalar).utf8 { text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
      default: text.unicodeScalars.append(scalar)
      }
    } + "'"
  }
}

/// Help, in the order in which people read it.
enum HelpText {
  /// What every command has in common comes after what is its own.
  static func ordered(_ help: String) -> String {
    // A part ends where a line that is empty is followed by the next part's title.
    var parts: [String] = []
    for part in help.components(separatedBy: "\n\n") {
      if part.prefix(while: { $0 != "\n" }).wholeMatch(of: /[A-Z ]+:.*/) != nil || parts.isEmpty {
        parts.append(part)
      } else {
        parts[parts.count - 1] += "\n\n" + part
      }
    }
    let last = ["PICTURE:", "DATABASE:"]
    func place(_ part: String) -> Int { last.firstIndex { part.hasPrefix($0) }.map { $0 + 1 } ?? 0 }
    let own = parts.filter { place($0) == 0 }
    let common = parts.filter { place($0) > 0 }.sorted { place($0) < place($1) }
    // Groups of commands have names of their own.
    let text = (own + common).map { $0.trimmingSuffix { $0 == "\n" } }.joined(separator: "\n\n")
      .replacing(" SUBCOMMANDS:\n", with: ":\n")
    // Where a record's version is asked for by that name, the program's is not.
    return text.contains("--version <version>")
      ? text.replacing(/\ \ --version\ +Show the version\.\n/, with: "") : text
  }
}

extension String {
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
    String(reversed().drop(while: isTrimmed).reversed())
  }

  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}

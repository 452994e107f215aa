import ArgumentParser
import KV
import Testing

@testable import KVCommand

/// What every command that prints has in common, tried with each.
extension CommandTests {
  /// One line for each command that takes the forms of a list.
  private static let lines = [
    "get batch user/alice user/bob", "get prefix user/", "get range user/a user/z", "get type User", "list",
    "graph get-node User alice", "graph nodes", "graph schema",
    "graph get-edge User alice User bob follows", "graph get-outgoing User alice",
    "graph get-incoming User alice",
    "graph edges", "graph neighbors User alice", "graph mutual User alice User bob",
    "graph degree User alice",
    "graph bfs User alice", "graph dfs User alice", "graph find-path User alice Post 3", "graph stats",
    "graph components", "graph order --edge-types authored", "graph rank pagerank", "graph verify",
    "graph cycle", "stream get", "consumer get c", "consumer list", "consumer status c", "lock list",
    "lock status l", "task list", "task get", "graph impact Post 3", "graph impact Post 3 --levels",
    "graph impact Post 3 --through", "graph cut User alice Post 3", "graph distances User alice",
    "graph communities", "graph label-propagation", "graph clustering", "graph triangles", "graph cores",
    "graph eccentricity", "graph diameter", "graph degrees", "graph bridges", "graph articulation",
    "graph spanning-forest", "graph reduce", "graph closure", "graph condense", "graph index list",
  ]

  /// Those that say a sum on standard error.
  private static let summed = [
    "consumer get", "graph impact", "graph communities", "graph triangles", "graph spanning",
    "graph condense",
  ]

  /// Prepared with something of every kind; a task's id.
  private func prepare() async throws -> String {
    try await social()
    try await kv("graph", "add-edge", "User:bob", "User:alice", "follows")
    // A way without another beside it.
    try await kv("graph", "add-edge", "Topic:a", "Topic:b", "holds")
    try await kv("graph", "add-edge", "Topic:b", "Post:3", "holds")
    try await kv("put", "note,\"1\"", #"{"text":"two\nlines"}"#)
    try await kv("lock", "acquire", "l", "me")
    try await kv("graph", "index", "create", "User", "name")
    try await kv(
      "put", "github.com/a-h/kv/stream/c",
      #"{"name":"c","ofType":"all","seq":1,"lastUpdated":"2024-01-01T00:00:00Z"}"#)
    return try await kv("task", "new", "echo", "--in", "1h", input: "[1]").output.filter { $0 != "\n" }
  }

  @Test func everyListIsPrintedInEveryForm() async throws {
    let task = try await prepare()
    let taking = HelpTests.leaves().filter {
      KVCommand.helpMessage(for: $0.command, columns: 400).contains("jsonl (an element a line)")
        || $0.path.last == "find-path"
    }.map { $0.path.joined(separator: " ") }.filter { $0 != "txn" }
    #expect(taking.allSatisfy { name in Self.lines.contains { $0.hasPrefix(name) } }, "\(taking)")
    for (place, line) in Self.lines.enumerated() {
      let words = line.split(separator: " ").map(String.init) + (line == "task get" ? [task] : [])
      for (turn, format) in ListFormat.allCases.enumerated() {
        let outcome = try await kv(arguments: words + ["--format", format.rawValue])
        #expect(
          outcome.status == 0 && (outcome.error.isEmpty || Self.summed.contains { line.hasPrefix($0) }),
          "\(line) \(format): \(outcome.error)")
        let rows = outcome.output.split(separator: "\n")
        #expect(!rows.isEmpty, "\(line) \(format)")
        switch format {
        case .json: #expect(throws: Never.self, "\(line)") { try JSON(parsing: outcome.output) }
        case .jsonl:
          for row in rows { #expect(throws: Never.self, "\(line)") { try JSON(parsing: String(row)) } }
        case .csv: #expect(rows[0].wholeMatch(of: /[a-z_]+(,[a-z_]+)*/) != nil, "\(line): \(rows[0])")
        case .table: #expect(rows[0].wholeMatch(of: /[A-Z]+( +[A-Z]+)*/) != nil, "\(line): \(rows[0])")
        case .text: break
        }
        // The file that is named holds what standard output would: of each list in one form.
        guard place % ListFormat.allCases.count == turn else { continue }
        let file = "answer." + (format == .text || format == .table ? "txt" : format.rawValue)
        let written = try await kv(arguments: words + ["--format", format.rawValue, "-o", file])
        #expect(written.status == 0 && written.output.isEmpty, "\(line) \(format): \(written.error)")
        let text = try? String(
          decoding: Input.file(FileArgument(bytes: Array("\(folder)/\(file)".utf8))), as: UTF8.self)
        // Found faults and scores of time may differ from run to run, and are not here.
        #expect(text == outcome.output || line == "graph verify", "\(line) \(format)")
      }
    }
  }

  @Test func aListTellsItsNextPageAndTheFileTellsTheForm() async throws {
    _ = try await prepare()
    let first = try await kv("graph", "edges", "--limit", "2", "--format", "text", "--connection", "data.db")
    #expect(first.output.split(separator: "\n").count == 2)
    #expect(
      first.error
        == "kv: there are more than 2; the next page: kv graph edges --format text --connection data.db --offset 2 --limit 2\n"
    )
    // A file that was written stays as it is; an address may hold a password.
    let written = try await kv("graph", "edges", "--limit=2", "-o", "page.csv", "--connection", "data.db")
    #expect(
      written.error
        == "kv: there are more than 2; the next page: kv graph edges --connection data.db --offset 2 --limit 2\n"
    )
    let listed = try await kv("list", "--limit", "1", "--connection=data.db", "--output", "jsonl")
    #expect(listed.error.hasSuffix(" --limit 1 --connection=data.db --output jsonl\n"), "\(listed)")
    let second = try await kv("graph", "edges", "--format", "text", "--offset", "2", "--limit", "2")
    #expect(second.output.split(separator: "\n").count == 2 && second.output != first.output)
    let after = try await kv("list", "--after", "user/bob", "--format", "csv")
    #expect(
      after.output.split(separator: "\n").dropFirst().map { $0.prefix(10) } == ["user/charl", "user/diana"])
    let page = try await kv("list", "--limit", "1", "--format", "jsonl")
    #expect(
      page.error.contains(
        "the next page: kv list --after github.com/a-h/kv/stream/c --limit 1 --format jsonl"))
    #expect(try await kv("list", "0", "1", "--limit", "1").status == 64)
    #expect(try await kv("list", "-o", "x.foo").error.contains("x.foo: unknown ending; expected .json"))
    #expect(try await kv("list", "-o", "a.csv", "-o", "b.csv").status == 64)
    #expect(try await kv("list", "-o", "data.db", "--format", "csv").status == 64)
    // A form, and no file of that name.
    #expect(try await kv("list", "--output", "table").output.hasPrefix("KEY"))
    #expect(
      try await kv("graph", "find-path", "User", "alice", "Post", "3", "--format", "dot").output.hasPrefix(
        "digraph"))
    let both = try await kv(
      "graph", "find-path", "User", "alice", "Post", "3", "--output", "json", "-o", "p.svg")
    #expect(both.output.hasPrefix("{\n  \"depth\": 2"))
  }

  @Test func thePathToTheNearestOfATypeAndPathsOfAnyLength() async throws {
    try await social()
    let nearest = try await kv("graph", "find-path", "User", "diana", "Post", "*")
    #expect(nearest.output == "Shortest path (depth 1):\nUser:diana -[authored]-> Post:3\n")
    #expect(try await kv("graph", "find-path", "User:alice", "Place:*").status == 3)
    #expect(try await kv("graph", "find-path", "User", "alice", "Post", "*", "--weight", "w").status == 64)
    #expect(
      try await kv("graph", "find-path", "User", "alice", "Post", "3", "--all", "--any-length").status == 64)
    let all = try await kv(
      "graph", "find-path", "User", "alice", "Post", "3", "--all", "--any-length", "--max-depth", "3")
    let lines = all.output.split(separator: "\n")
    #expect(lines.count > 1 && Set(lines).count == lines.count)
    #expect(lines.allSatisfy { $0.hasPrefix("depth ") && $0.hasSuffix("Post:3") })
  }

  @Test func aFilesEndingMeansOneArray() async throws {
    _ = try await prepare()
    for command in ["edges", "get-outgoing User alice"] {
      let words = ["graph"] + command.split(separator: " ").map(String.init)
      #expect(try await kv(arguments: words + ["-o", "edges.json"]).status == 0)
      let written = try JSON(
        parsing: Array(String(contentsOfFile: folder + "/edges.json", encoding: .utf8).utf8))
      #expect((written.elements?.count ?? 0) > 1, "\(written)")
    }
  }

  @Test func keysThatBeginAsOptionsDoArePagedToo() async throws {
    for key in ["-p1", "-p2", "-p3", "-p4"] { try await kv("put", "--", key, "1") }
    for words in [["list"], ["get", "prefix", "--limit", "1", "--", "-p"]] {
      let page = try await kv(arguments: words == ["list"] ? words + ["--limit", "1"] : words)
      let next = try #require(page.error.split(separator: "the next page: kv ").last)
      let other = try await script("$kv \(next)")
      #expect(other.status == 0 && other.output.contains("-p2"), "\(next): \(other)")
    }
    // A number is a value.
    #expect(try await kv("put", "n", "-1.5e3").status == 0)
    #expect(try await kv("get", "n").output == "-1.5e3\n")
  }

  /// A long table is laid out by its first rows, and the others follow them.
  @Test func aLongTableIsWhole() async throws {
    let count = 10_050
    let edges =
      (0..<count).map { #"{"from":"N:hub","to":"N:n\#($0)","type":"t"}"# }
      + [#"{"from":"N:hub","to":"N:z\#(String(repeating: "z", count: 60))","type":"t"}"#]
    _ = try await kv("graph", "import", "-", "--format", "jsonl", input: edges.joined(separator: "\n"))
    let lines = try await kv("graph", "edges", "--format", "table").output.split(separator: "\n")
    try #require(lines.count == count + 2)
    #expect(lines.last?.contains(String(repeating: "z", count: 60)) == true)
    // A terminal shows the first of them.
    let shown = try await script(
      "for c in nodes edges cores 'neighbors N hub'; do script -qec \"$kv graph $c\" /dev/null < /dev/null | tail -1; done"
    ).output
    #expect(shown.components(separatedBy: "there are more than 1000; the next page").count == 5, "\(shown)")
    #expect(lines[1].split(separator: " ").count == lines[10_001].split(separator: " ").count)
  }
}

import Subprocess
import SystemPackage
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The program as people run it: by its output and exit status.
@Suite struct CommandTests {
  let folder = TemporaryFolder().path

  struct Outcome {
    var status: Int32
    var output: String
    var error: String
  }

  @discardableResult
  func kv(_ arguments: String..., input: String = "") async throws -> Outcome {
    try await kv(arguments: arguments, input: input)
  }

  func kv(arguments: [String], input: String = "") async throws -> Outcome {
    let result = try await run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), workingDirectory: FilePath(folder),
      input: .fileDescriptor(Self.file(input), closeAfterSpawningProcess: true),
      output: .string(limit: 1 << 24),
      error: .string(limit: 1 << 20))
    guard case .exited(let status) = result.terminationStatus else {
      return Outcome(status: -1, output: "", error: "\(result.terminationStatus)")
    }
    return Outcome(status: status, output: result.standardOutput, error: result.standardError)
  }

  /// What the program is to read. Not a pipe: a program that ends before it has read one would take its writer along.
  static func file(_ input: String) throws -> FileDescriptor {
    var template = Array("/tmp/kv-input-XXXXXX".utf8CString)
    let file = FileDescriptor(rawValue: mkstemp(&template))
    unlink(template)
    try file.writeAll(input.utf8)
    try file.seek(offset: 0, from: .start)
    return file
  }

  /// Beside the test bundle, where the package manager builds both.
  static let program: String = {
    let own = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      + "/kv"
  }()

  @Test(
    "help names the whole command, however it is asked for",
    arguments: ["copy", "graph stats", "graph index create"])
  func helpOfACommand(_ command: String) async throws {
    let words = command.split(separator: " ").map(String.init)
    for arguments in [words + ["--help"], words + ["-h"], ["help"] + words] {
      let outcome = try await kv(arguments: arguments)
      #expect(outcome.status == 0 && outcome.output.contains("\nUSAGE: kv \(command) "), "\(outcome)")
    }
  }

  func social() async throws {
    let sample =
      #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/samples/social.json"
    #expect(try await kv("graph", "import", sample).status == 0)
  }

  @Test func anImportThatCannotBeReadLeavesNoDatabase() async throws {
    for file in ["nowhere.json", "/tmp"] {
      let outcome = try await kv("graph", "import", file)
      #expect(outcome.status == 1)
      #expect(outcome.error.hasPrefix("kv: cannot read \(file): "))
    }
    #expect(try await kv("count", "all").status == 5)
  }

  @Test func aPatchChangesWhatItNames() async throws {
    #expect(try await kv("patch", "k", input: #"{"a":{"b":1,"c":null}}"#).status == 0)
    #expect(try await kv("get", "key", "k", "--raw").output == #"{"a":{"b":1}}"#)
    #expect(try await kv("patch", "k", "--version", "7", input: "{}").status == 4)
    #expect(try await kv("patch", "k", "--version", "0", input: "{}").status == 4)
    #expect(try await kv("patch", "none", "--version", "1", input: "{}").status == 4)
    #expect(try await kv("patch", "k", "--version", "1", input: #"{"d":1.0}"#).status == 0)
    #expect(try await kv("get", "key", "k", "--raw").output == #"{"a":{"b":1},"d":1.0}"#)
    #expect(try await kv("patch", "k", input: "").status == 65)
    #expect(try await kv("get", "key", "none").status == 3)
  }

  @Test func theStreamHoldsEveryChange() async throws {
    try await kv("init")
    #expect(try await kv("stream", "seq").output == "0\n")
    #expect(try await kv("stream", "get").output == "[]\n")
    try await kv("put", "k", input: "1.0")
    try await kv("put", "k", "-", "--of-type", "T", input: "2")
    try await kv("delete", "k")
    #expect(try await kv("stream", "seq").output == "3\n")
    let page = try await kv("stream", "get", "2", "1")
    #expect(page.output.contains(#""action": "update""#) && page.output.contains(#""seq": 2"#))
    #expect(page.error == "kv: next page: kv stream get 3 1\n")
    // A time may have the same digits.
    let first = #""value": 1.0"#
    #expect(try await kv("stream", "get").output.contains(first))
    let typed = try await kv("stream", "get", "--of-type", "T")
    #expect(typed.output.contains(#""action": "delete""#) && !typed.output.contains(first))
    #expect(try await kv("stream", "get", "-1").status == 64)
  }

  @Test func manyKeysAreReadAndDeletedAtOnce() async throws {
    for key in ["a_1", "ab1", "b%", "b1", "c"] { try await kv("put", key, "--of-type", "T", input: "1") }
    let batch = try await kv("get", "batch", "c", "a_1", "none", "--output", "table")
    #expect(batch.output.split(separator: "\n").map { $0.prefix(3) } == ["KEY", "a_1", "c  "])
    let lines = try await kv("get", "batch", "--output", "table", input: "c\nb1\n")
    #expect(lines.output.split(separator: "\n").map { $0.prefix(2) } == ["KE", "b1", "c "])
    #expect(try await kv("get", "batch", "none").output == "[]\n")
    let typed = try await kv("get", "type", "T", "1", "2", "--output", "jsonl").output
    #expect(typed.split(separator: "\n").count == 2 && typed.contains("ab1") && typed.contains("b%"))
    #expect(try await kv("get", "type", "t").output == "[]\n")
    #expect(try await kv("delete-prefix", "").status == 64)
    #expect(try await kv("delete-prefix", "a_").output == "Deleted 1\n")
    #expect(try await kv("delete-prefix", "none").output == "Deleted 0\n")
    #expect(try await kv("delete-range", "b", "c", "1", "1").output == "Deleted 1\n")
    #expect(try await kv("get", "batch", "b%", "b1").output.contains("b%"))
    #expect(try await kv("delete-range", "b", "c", "0", "-2").status == 64)
    #expect(try await kv("delete-prefix", "*").output == "Deleted 3\n")
  }

  @Test func aValueGoesInAndOut() async throws {
    #expect(try await kv("init").status == 0)
    #expect(try await kv("put", "user/alice", input: #"{"b": 1.0, "a": 2}"#).status == 0)
    let value = try await kv("get", "key", "user/alice")
    #expect(value.output == "{\n  \"a\": 2,\n  \"b\": 1.0\n}\n")
    #expect(try await kv("get", "key", "user/alice", "--raw").output == #"{"b":1.0,"a":2}"#)
    #expect(try await kv("put", "user/alice", "--version", "-1", input: "1").status == 0)
    #expect(try await kv("get", "key", "--print-version", "user/alice").output == "2\n")
    #expect(try await kv("count", "all").output == "1\n")
    #expect(try await kv("list", "0", "-1", "--output", "jsonl").output.hasPrefix(#"{"created":""#))
    #expect(try await kv("get", "prefix", "none").output == "[]\n")
    #expect(try await kv("delete", "user/alice", "nobody").output == "Deleted 1\n")
  }

  @Test("the global options stand before or after the subcommand")
  func globalOptions() async throws {
    #expect(try await kv("--connection", "x.db", "put", "k", input: "1").status == 0)
    #expect(try await kv("get", "--connection", "x.db", "key", "k").output == "1\n")
    #expect(try await kv("get", "key", "k", "--connection", "file:x.db?mode=ro").output == "1\n")
    #expect(try await kv("get", "key", "k").status == 5)
  }

  @Test func anImportCanBeRehearsedAndLeavesOutWhatIsInvalid() async throws {
    let lines = #"{"from":"U:a","to":"U:b","type":"t"}"# + "\n" + #"{"from":"U:a","#
    let rehearsed = try await kv("graph", "import", "-", "--dry-run", "--skip-invalid", input: lines)
    #expect(
      rehearsed.output.hasPrefix(
        "standard input: 1 edge would be added, 0 replaced, 0 skipped; 1 invalid, left out; "))
    #expect(rehearsed.error.hasPrefix("kv: left out: standard input:2: not JSON: "))
    #expect(try await kv("count", "all").status == 5)
    #expect(try await kv("graph", "import", "-", input: lines).status == 65)
    #expect(try await kv("graph", "import", "-", "--skip-invalid", input: lines).status == 0)
    #expect(try await kv("count", "all").output == "1\n")
  }

  @Test func aCompressedFileIsImportedThroughAPipe() async throws {
    try await social()
    let script = """
      set -euo pipefail; for format in json csv graphml; do
        "$0" graph export --format $format | gzip > e.gz
        zcat e.gz | "$0" graph import - --connection $format.db | cut -d';' -f1
      done
      """
    let result = try await run(
      .name("bash"), arguments: ["-c", script, Self.program], workingDirectory: FilePath(folder),
      input: .none,
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    #expect(
      result.standardOutput
        == String(repeating: "standard input: 10 edges added, 0 replaced, 0 skipped\n", count: 3),
      "\(result.standardError)")
  }

  @Test func findsPaths() async throws {
    try await social()
    let path = try await kv("graph", "find-path", "User", "alice", "Post", "3")
    #expect(
      path.output == "Shortest path (depth 2):\nUser:alice -[follows]-> User:charlie -[liked]-> Post:3\n")
    let none = try await kv("graph", "find-path", "User", "alice", "Post", "3", "follows")
    #expect(none.status == 3 && none.output.isEmpty)
    #expect(none.error == "kv: no path from User:alice to Post:3\n")
    #expect(try await kv("graph", "bfs", "User", "diana").output == "0  User:diana\n1  Post:3\n")
    #expect(
      try await kv("graph", "get-incoming", "Post", "1", "--output", "text").output
        == "User:alice -[authored]-> Post:1\nUser:bob -[liked]-> Post:1\n")
    #expect(try await kv("graph", "get-outgoing", "User", "nobody").status == 3)
  }

  @Test func drawsPictures() async throws {
    try await social()
    for (name, magic) in [
      ("x.png", "PNG"), ("x.pdf", "%PDF"), ("x.svg", "<?xml"), ("x.mmd", "flowchart"), ("x.dot", "digraph"),
    ] {
      #expect(try await kv("graph", "view", "-o", name).status == 0)
      let file = try FileDescriptor.open(FilePath(folder + "/" + name), .readOnly)
      var bytes = [UInt8](repeating: 0, count: 16)
      _ = try file.closeAfter { try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }
      #expect(String(decoding: bytes, as: UTF8.self).contains(magic))
    }
    #expect(try await kv("graph", "view", "*", "*").output.hasPrefix("digraph G {\n"))
    let cut = try await kv("graph", "view", "--max-edges", "2")
    #expect(cut.output.components(of: " -> ") == 2 && cut.error.contains("2 of 10 edges"))
    #expect(try await kv("graph", "view", "User", "diana").output.components(of: " -> ") == 2)
    #expect(try await kv("graph", "view", "--edge-type", "liked").output.components(of: " -> ") == 3)
    let two = try await kv("graph", "view", "--edge-types", "liked,authored").output.components(of: " -> ")
    #expect(try await two == 3 + kv("graph", "view", "--edge-type", "authored").output.components(of: " -> "))
    #expect(
      try await kv("graph", "view", "--where", "@type = \"liked\"").output.components(of: " -> ") == 3)
    let none = try await kv("graph", "view", "--where", "@type = \"x\"")
    #expect(none.status == 3 && none.error == "kv: there is nothing to draw: no such edge\n", "\(none)")
    let all = try await kv("graph", "get-outgoing", "User:alice", "--format", "text").output.split(
      separator: "\n")
    for options in [
      ["--edge-types", "follows"], ["--where", "@type = \"follows\""], ["--edge-type", "follows,x"],
    ] {
      let chosen = try await kv(
        arguments: ["graph", "get-outgoing", "User:alice", "--format", "text"] + options
      ).output.split(separator: "\n")
      #expect(!chosen.isEmpty && chosen == all.filter { $0.contains("-[follows]->") }, "\(options)")
    }
    #expect(try await kv("graph", "view", "-o", "x.xyz").status == 64)
    #expect(try await kv("graph", "view", "-o", "/nowhere/x.svg").status == 1)
  }

  @Test func edgesAreAddedOnce() async throws {
    let words = ["graph", "add-edge", "User", "a", "User", "b", "follows"]
    func add(_ more: String..., input: String = "") async throws -> Outcome {
      let result = try await run(
        .path(FilePath(Self.program)), arguments: Arguments(words + more), workingDirectory: FilePath(folder),
        input: .fileDescriptor(Self.file(input), closeAfterSpawningProcess: true),
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      guard case .exited(let status) = result.terminationStatus else {
        return Outcome(status: -1, output: "", error: "")
      }
      return Outcome(status: status, output: result.standardOutput, error: result.standardError)
    }
    #expect(try await add(#"{"w":1}"#).status == 0)
    #expect(try await add("2").status == 4)
    #expect(try await add("--replace", input: "3").status == 0)
    #expect(
      try await kv("graph", "get-edge", "User", "a", "User", "b", "follows").output.contains("\"data\": 3"))
    #expect(try await add("{").status == 65)
    #expect(try await kv("graph", "remove-edge", "User", "a", "User", "b", "follows").status == 0)
    #expect(try await kv("graph", "remove-edge", "User", "a", "User", "b", "follows").status == 3)
  }

  @Test func aPipeThatSendsNothingIsNoHang() async throws {
    let result = try await run(
      .name("bash"),
      arguments: ["-c", "sleep 30 | { \(Self.program) graph add-edge A 1 B 2 t; exec kill 0; }"],
      workingDirectory: FilePath(folder), platformOptions: Self.ownGroup, output: .discarded,
      error: .string(limit: 1 << 16))
    let lines = result.standardError.split(separator: "\n")
    #expect(lines.first?.hasPrefix("kv: waiting for data on standard input; ") == true)
    #expect(lines.last?.hasPrefix("kv: standard input is a pipe that sent nothing for ") == true)
  }

  private static let ownGroup: PlatformOptions = {
    var options = PlatformOptions()
    options.processGroupID = 0
    return options
  }()

  @Test func aSelfLoopIsDrawnOnce() async throws {
    try await kv("graph", "add-edge", "A", "1", "A", "1", "t", "1")
    for arguments in [[], ["A", "1"], ["A", "1", "--max-depth", "3"], ["A", "*"]] {
      #expect(try await kv(arguments: ["graph", "view"] + arguments).output.components(of: " -> ") == 1)
    }
  }

  @Test("wrong input: one line, the right status, nothing changed")
  func wrongInput() async throws {
    try await kv("init")
    let cases: [([String], String, Int32)] = [
      (["put", "k"], "", 65), (["put", "k"], "{", 65), (["put", "k"], "1 2", 65), (["put", ""], "1", 64),
      (["put", "k", "--version", "x"], "1", 64), (["put", "k", "--version", "-2"], "1", 64),
      (["put", "k", "--version", "3"], "1", 4),
      (["get", "key", "none"], "", 3), (["nonsense"], "", 64), (["list", "-5"], "", 64),
      (["list", "0", "-2"], "", 64),
      (["graph", "import", "none.json"], "", 1), (["graph", "import", "-"], "nonsense", 65),
      (["graph", "import", "-"], "[{\"from\":\"A:1\"", 65),
      (["graph", "import", "-", "--format", "xml"], "", 64),
      (["graph", "import", "-"], #"{"from":"A:1","type":"t"}"#, 65),
      (["graph", "add-edge", "A", "1", "", "2", "t"], "", 64),
      (["graph", "add-edge", "A", "*", "B", "2", "t"], "", 64),
      (["graph", "view", "--max-depth", "0"], "", 64), (["graph", "view", "*", "x"], "", 64),
      (["count", "all", "--connection", "/tmp"], "", 5),
      (["count", "all", "--type", "rqlite", "--connection", "t.db"], "", 64),
      (["graph", "find-path", "A", "1", "B"], "", 64),
    ]
    for (arguments, input, status) in cases {
      let result = try await run(
        .path(FilePath(Self.program)), arguments: Arguments(arguments), workingDirectory: FilePath(folder),
        input: .fileDescriptor(Self.file(input), closeAfterSpawningProcess: true),
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      #expect(result.terminationStatus == .exited(status), "\(arguments): \(result.standardError)")
      #expect(
        result.standardError.hasPrefix("kv: ") && result.standardError.components(of: "\n") == 1,
        "\(arguments)")
      #expect(result.standardOutput.isEmpty, "\(arguments)")
    }
    #expect(try await kv("count", "all").output == "0\n")
  }

  @Test func completionsAreWritten() async throws {
    for shell in ["zsh", "fish"] {
      #expect(try await kv("--generate-completion-script", shell).output.contains("complet"), "\(shell)")
    }
    #expect(try await kv("--version").output.wholeMatch(of: /kv [0-9.]+\n/) != nil)
  }

  @Test("ten processes make one new database at once")
  func concurrentInit() async throws {
    try await withThrowingTaskGroup(of: Int32.self) { group in
      for _ in 0..<10 { group.addTask { try await kv("init").status } }
      for try await status in group { #expect(status == 0) }
    }
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}

import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `graph view` and `find-path -o`, as people run them.
@Suite struct PictureTests {
  let folder = TemporaryFolder().path

  @discardableResult
  func kv(_ arguments: String..., input: String = "", environment: [Environment.Key: String] = [:])
    async throws
    -> CommandTests.Outcome
  {
    let result = try await run(
      .path(FilePath(CommandTests.program)), arguments: Arguments(arguments),
      environment: .inherit.updating(environment.mapValues { $0 }), workingDirectory: FilePath(folder),
      input: .fileDescriptor(CommandTests.file(input), closeAfterSpawningProcess: true),
      output: .string(limit: 1 << 24), error: .string(limit: 1 << 20))
    guard case .exited(let status) = result.terminationStatus else {
      return CommandTests.Outcome(status: -1, output: "", error: "\(result.terminationStatus)")
    }
    return CommandTests.Outcome(status: status, output: result.standardOutput, error: result.standardError)
  }

  func social() async throws {
    #expect(try await kv("graph", "import", ReadmeTests.root.path + "/samples/social.json").status == 0)
  }

  func text(_ file: String) throws -> String {
    try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
  }

  @Test func twoNodesAreToldHowTheyAreDrawn() async throws {
    try await social()
    let refused = try await kv("graph", "view", "User:alice", "Post:3")
    #expect(refused.status == 64 && refused.error.contains("--around User:alice,Post:3 draws"), "\(refused)")
    #expect(try await kv("graph", "view", "--around", "User:alice,Post:3").status == 0)
  }

  @Test func aTextIsATreeAroundANodeOrAList() async throws {
    try await social()
    let tree = try await kv("graph", "view", "User", "diana", "--max-depth", "2", "--format", "text").output
    #expect(
      tree == """
        User:diana
        ├─ follows ← User:bob  {"since":"2024-01-20"}
        │  ├─ follows ← User:alice  {"since":"2024-01-15"}
        │  ├─ authored → Post:2  {"at":"2024-01-17"}
        │  └─ liked → Post:1  {"at":"2024-01-17"}
        └─ authored → Post:3  {"at":"2024-01-18"}
           └─ liked ← User:charlie  {"at":"2024-01-19"}

        """)
    // Lines and long names are for drawn pictures.
    let labelled = try await kv(
      "graph", "view", "--format", "text", "--label",
      #"{id}\n{name} who has a name that no line of a node can hold"#
    ).output
    #expect(
      labelled.hasPrefix("alice Alice who has a name that no line of a node can hold\n├─ "), "\(labelled)")
    let list = try await kv("graph", "view", "--format", "text", "--edge-type", "liked").output
    #expect(
      list == """
        User:alice
        └─ liked → Post:2  {"at":"2024-01-18"}
        User:bob
        └─ liked → Post:1  {"at":"2024-01-17"}
        User:charlie
        └─ liked → Post:3  {"at":"2024-01-19"}

        """)
  }

  @Test func plainTextStaysPlainUntilAStyleIsAskedFor() async throws {
    try await social()
    #expect(try await kv("graph", "view").output.contains("\n  \"User:alice\";\n"))
    let styled = try await kv("graph", "view", "--label", "name", "--cluster", "--rankdir", "TB").output
    #expect(
      styled.contains("rankdir=TB") && styled.contains("label=\"Alice\"")
        && styled.contains("subgraph \"cluster 1\""))
    #expect(try await kv("graph", "view", "--format", "mermaid").output.contains("classDef") == false)
    let merged = try await kv("graph", "view", "--merge", "--format", "mermaid", "--title", "T").output
    #expect(merged.hasPrefix("---\ntitle: \"T\"\n---\nflowchart LR\n") && merged.contains("classDef"))
  }

  @Test func aPictureSaysWhatItsColoursStandFor() async throws {
    try await social()
    #expect(
      try await kv(
        "graph", "view", "-o", "a.svg", "--title", "Who", "--theme", "dark", "--label", "{id}\\n{name}"
      ).status == 0)
    let svg = try text("a.svg")
    for shown in [">Who<", ">Post<", ">User<", ">Alice<", ">alice<", "#0d1117", "since: 2024&#45;01&#45;15"] {
      #expect(svg.contains(shown), "\(shown)")
    }
    #expect(try await kv("graph", "view", "-o", "b.svg", "--no-legend", "--edge-label", "none").status == 0)
    #expect(try !text("b.svg").contains(">Post<") && !text("b.svg").contains(">follows<"))
  }

  @Test func whatOtherCommandsFindIsHighlighted() async throws {
    try await social()
    let found = try await kv("graph", "find-path", "User", "alice", "Post", "3", "-o", "path.svg")
    #expect(found.output.hasPrefix("Shortest path") && found.status == 0)
    let accent = "#d55e00"
    // Three nodes and two edges with the points of their arrows.
    #expect(try text("path.svg").components(separatedBy: "stroke=\"\(accent)\"").count - 1 == 3 + 2 * 2)
    let path = try await kv("graph", "find-path", "User", "alice", "Post", "3", "--output", "json").output
    #expect(try await kv("graph", "view", "--highlight", "-", "-o", "v.svg", input: path).status == 0)
    #expect(try text("v.svg").contains(accent))
    for (command, shown) in [
      (["rank", "pagerank"], "font-size=\"30.00\""), (["components", "--strong"], ">component 0<"),
      (["bfs", "User", "alice"], ">depth 1<"), (["cycle"], accent),
    ] {
      let result = try await run(
        .path(FilePath(CommandTests.program)),
        arguments: Arguments(["graph"] + command + ["--output", "json"]),
        workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 20), error: .discarded)
      #expect(
        try await kv("graph", "view", "--highlight", "-", "-o", "h.svg", input: result.standardOutput).status
          == 0)
      #expect(try text("h.svg").contains(shown), "\(command)")
    }
    #expect(try await kv("graph", "view", "--highlight", "-", "-o", "h.svg", input: "{}").status == 65)
  }

  @Test func whatIsHighlightedMayStandOnLinesAndHasToBeThere() async throws {
    try await social()
    let lines = try await kv("graph", "bfs", "User", "alice", "--format", "jsonl").output
    #expect(lines.split(separator: "\n").count > 1)
    #expect(try await kv("graph", "view", "--highlight", "-", "-o", "l.svg", input: lines).status == 0)
    #expect(try text("l.svg").contains(">depth 1<"))
    let broken = try await kv("graph", "view", "--highlight", "-", input: lines + "{")
    #expect(
      broken.status == 65 && broken.error.contains("line \(lines.split(separator: "\n").count + 1): not JSON")
    )
    let marks = #"["User:alice", "User:nobody", {"type": "Post", "id": "absent"}]"#
    let marked = try await kv("graph", "view", "--highlight", "-", "--format", "dot", input: marks)
    #expect(marked.status == 0 && !marked.output.contains("nobody"))
    #expect(
      marked.error == "kv: 2 of the nodes to be highlighted are not there, such as Post:absent\n", "\(marked)"
    )
    let nothing = try await kv(
      "graph", "view", "--edge-types", "zz", "--highlight", "-", "--format", "dot", input: #"["User:nobody"]"#
    )
    #expect(nothing.status == 3 && nothing.output.isEmpty, "\(nothing)")
  }

  @Test func whatIsCutIsSaid() async throws {
    try await social()
    let cut = try await kv("graph", "view", "-o", "a.svg", "--max-edges", "3", "--limit-by", "degree")
    #expect(cut.error.hasPrefix("kv: 3 of 10 edges drawn, those between nodes of the highest degrees"))
    #expect(try text("a.svg").contains("3 of 10 edges drawn"))
    let long = (0..<20).map {
      "{\"from\":\"A:\($0)\",\"to\":\"A:x\",\"type\":\"\(String(repeating: "long", count: 1500))\"}"
    }
    try await kv("graph", "import", "-", "--connection", "long.db", input: long.joined(separator: "\n"))
    let mermaid = try await kv("graph", "view", "--format", "mermaid", "--connection", "long.db")
    #expect(mermaid.output.utf16.count <= 50_000 && mermaid.error.contains(" of 20 edges drawn"))
  }

  @Test func boxesAndLabelsAreDrawnTogether() async throws {
    var random = SeededRandom()
    for _ in 0..<8 {
      let edges = (0..<18).map { number in
        let ends = (0..<2).map { _ in
          let node = Int.random(in: 0..<12, using: &random)
          return "T\(node % 3):\(node)"
        }
        return #"{"from":"\#(ends[0])","to":"\#(ends[1])","type":"t\#(number)","data":1}"#
      }
      let database = "\(random.next()).db"
      try await kv("graph", "import", "-", "--connection", database, input: edges.joined(separator: "\n"))
      let drawn = try await kv("graph", "view", "--cluster", "-o", "a.svg", "--connection", database)
      #expect(drawn.status == 0 && drawn.error.isEmpty, "\(drawn.error), seed \(random.seed)")
      #expect(try text("a.svg").contains("class=\"cluster\""), "seed \(random.seed)")
    }
  }

  @Test func whatIsMarkedIsDrawnWhateverTheLimit() async throws {
    try await social()
    let path = try await kv("graph", "find-path", "User", "diana", "Post", "3", "--output", "json").output
    let drawn = try await kv(
      "graph", "view", "--highlight", "-", "--max-edges", "1", "--format", "text", input: path)
    #expect(drawn.output.contains("User:diana ●\n└─ authored → Post:3 ●"))
    #expect(drawn.error.hasPrefix("kv: 2 of 10 edges drawn"))
  }

  @Test func aFileKeepsItsPermissionsAndALinkItsPlace() async throws {
    try await social()
    let path = folder + "/private.svg"
    try Data().write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(atPath: folder + "/link.svg", withDestinationPath: "new.svg")
    #expect(try await kv("graph", "view", "-o", "private.svg").status == 0)
    #expect(try await kv("graph", "view", "-o", "link.svg").status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(
      try text("new.svg").contains("<svg")
        && FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link.svg") == "new.svg")
  }

  @Test func aLayoutThatTakesTooLongLeavesNothing() async throws {
    var random = SeededRandom()
    let edges = (0..<3000).map { number in
      "{\"from\":\"A:\(Int.random(in: 0..<900, using: &random))\",\"to\":\"A:\(Int.random(in: 0..<900, using: &random))\",\"type\":\"t\(number)\"}"
    }
    #expect(try await kv("graph", "import", "-", input: edges.joined(separator: "\n")).status == 0)
    let slow = try await kv(
      "graph", "view", "--layout", "dot", "--timeout", "1", "-o", "slow.svg", "--max-edges", "3000")
    #expect(
      slow.status == 5 && slow.error.hasPrefix("kv: the layout 'dot' took longer than 1 s"), "\(slow.error)")
    #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.hasPrefix("slow") })
  }

  @Test func aFailureIsOneLineAndLeavesWhatWasThere() async throws {
    try await social()
    for (arguments, status, reason) in [
      (["-o", "/dev/full", "--format", "svg"], 1, "No space left"),
      (["-o", "/nowhere/x.svg"], 1, "No such file"),
      (["-o", "x.bmp"], 64, "unknown ending"), (["--label", "{x"], 64, "'{' without a name"),
      (["--size", "3"], 64, "--size"), (["--timeout", "9223372036854775807"], 64, "timeout"),
      (["", "alice"], 64, "empty"), (["--highlight", "none.json"], 1, "cannot read none.json"),
    ] as [([String], Int32, String)] {
      let result = try await run(
        .path(FilePath(CommandTests.program)), arguments: Arguments(["graph", "view"] + arguments),
        workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 16))
      #expect(result.terminationStatus == .exited(status), "\(arguments)")
      let lines = result.standardError.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].contains(reason), "\(result.standardError)")
    }
    try Data("<fontconfig><dir>/nowhere</dir></fontconfig>".utf8).write(
      to: URL(fileURLWithPath: folder + "/fonts.conf"))
    let fontless: [Environment.Key: String] = ["FONTCONFIG_FILE": folder + "/fonts.conf"]
    try Data("before".utf8).write(to: URL(fileURLWithPath: folder + "/a.png"))
    let picture = try await kv("graph", "view", "-o", "a.png", environment: fontless)
    #expect(
      picture.status == 1 && picture.error.hasPrefix("kv: png needs a font")
        && picture.error.hasSuffix("svg\n"))
    #expect(try text("a.png") == "before")
    #expect(try await kv("graph", "view", "-o", "a.svg", environment: fontless).status == 0)
    let closed = try await run(
      .name("bash"), arguments: ["-c", "\"$0\" graph view >&-", CommandTests.program],
      workingDirectory: FilePath(folder),
      input: .none, output: .discarded, error: .string(limit: 1 << 16))
    #expect(closed.standardError == "kv: cannot write to standard output: Bad file descriptor\n")
  }

  @Test func aPageStandsByItself() async throws {
    try await social()
    #expect(try await kv("graph", "view", "-o", "a.html", "--title", "Friends").status == 0)
    let page = try text("a.html")
    #expect(page.contains("<title>Friends</title>") && page.contains("\"User:alice\""))
    let outside = page.replacingOccurrences(of: "http://www.w3.org/", with: "")
    #expect(!outside.contains("http:") && !outside.contains("https:") && page.utf8.count < 60_000)
  }

  @Test func anAttributeThatNothingHasIsTold() async throws {
    try await kv("graph", "import", ReadmeTests.root.appending(path: "samples/social.json").path)
    let picture = try await kv(
      "graph", "view", "--label", "nmae", "--group-by", "team", "--edge-label", "{sinc}", "--width-by", "at",
      "-o", "x.dot")
    #expect(picture.status == 0)
    #expect(
      picture.error == """
        kv: no node drawn has an attribute "nmae"; there are "name", "title"
        kv: no node drawn has an attribute "team"; there are "name", "title"
        kv: no edge drawn has an attribute "sinc"; there are "since", "at"

        """)
    #expect(
      try await kv("graph", "view", "--label", "{id} {name}", "--edge-label", "{type} {at}").error.isEmpty)
  }
}

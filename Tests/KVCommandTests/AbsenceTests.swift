import KV
import Testing

/// What is not there is said, with what is.
extension CommandTests {
  @Test func whatIsInTheWayIsSaid() async throws {
    let outcome = try await script(
      #"""
      $kv --connection nodir/a.db put a 1; echo $?
      $kv init; $kv get ''; echo $?; $kv put github.com/a-h/kv/stream/q 1; $kv consumer status p; echo $?
      $kv put a 1; $kv delete a > /dev/full; echo $?; $kv get a; echo $?
      """#)
    #expect(outcome.output == "5\n64\n3\n1\n3\n", "\(outcome)")
    for words in [
      "cannot open the database nodir/a.db: there is no folder nodir\n", "the key is empty\n",
      #"no consumer "p"; did you mean "q"?"#, "; what the command did stays done\n", #"no key "a""#,
    ] { #expect(outcome.error.contains(words), "\(outcome.error)") }
  }

  @Test(arguments: [
    ("get user/alcie", "no key \"user/alcie\"; did you mean \"user/alice\"?"),
    ("get key usr/alice", "no key \"usr/alice\"; did you mean \"user/alice\"?"),
    ("lock status nightli", "no lock \"nightli\"; did you mean \"nightly\"?"),
    ("lock release nightli me", "no lock \"nightli\"; did you mean \"nightly\"?"),
    ("consumer status mals", "no consumer \"mals\"; did you mean \"mails\"?"),
    ("consumer get mals", "no consumer \"mals\"; did you mean \"mails\"?"),
    ("consumer delete mals", "no consumer \"mals\"; did you mean \"mails\"?"),
    ("consumer commit mals 1", "no consumer \"mals\"; did you mean \"mails\"?"),
    ("consumer delete other", "no consumer \"other\"; 'kv consumer stream' makes one"),
    (
      "graph view Usr -o x.svg",
      "there is nothing to draw: no node is of type \"Usr\"; there are \"User\", \"Post\""
    ),
    (
      "graph view --edge-type folows -o x.svg",
      "there is nothing to draw: no edge is of type \"folows\"; there are \"follows\", "
    ),
    ("graph find-path User alice Pst *", "no node is of type \"Pst\"; there are \"Post\", \"User\""),
    ("graph find-path User alice User diana --weight wieght", "has no \"wieght\"; did you mean \"weight\"?"),
  ])
  func aNameThatIsNearlyRight(line: String, message: String) async throws {
    try await social()
    try await kv("lock", "acquire", "nightly", "me")
    try await kv("put", "graph/edge/User/alice/road/User/bob", "null")
    try await kv("graph", "add-edge", "User:alice", "User:diana", "road", #"{"weight":2,"length":"3"}"#)
    try await kv(
      "put", "github.com/a-h/kv/stream/mails",
      #"{"name":"mails","ofType":"all","seq":1,"lastUpdated":"2024-01-01T00:00:00Z"}"#)
    try await kv("delete", "graph/edge/User/alice/road/User/bob")
    let edges = line.contains("--weight") ? ["--edge-types", "road"] : []
    let outcome = try await kv(arguments: line.split(separator: " ").map(String.init) + edges)
    #expect(outcome.status == (line.contains("--weight") ? 65 : 3), "\(outcome)")
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }

  @Test func aTypeOfNoNodeAndAListThatIsCutAreSaid() async throws {
    try await social()
    let nodes = try await kv("graph", "nodes", "Psot")
    #expect(
      nodes.output == "[]\n"
        && nodes.error == "kv: no node is of type \"Psot\"; there are \"Post\", \"User\"\n",
      "\(nodes)")
    let line = ["graph", "find-path", "User:alice", "Post:3", "--all", "--any-length", "--max-depth", "3"]
    let one = try await kv(arguments: line + ["--limit", "1"])
    #expect(one.output.split(separator: "\n").count == 1)
    #expect(one.error == "kv: there are more than 1; --limit -1 prints all\n", "\(one.error)")
    let all = try await kv(arguments: line + ["--limit", "-1"])
    let exactly = try await kv(
      arguments: line + ["--limit", "\(all.output.split(separator: "\n").count)"])
    #expect(exactly.error.isEmpty && exactly.output == all.output)
    let changes = try await kv("stream", "get", "--limit", "2", "--of-type", "Edge", "--format", "jsonl")
    #expect(changes.output.split(separator: "\n").count == 2)
    #expect(
      changes.error.hasSuffix(" 2 --of-type Edge --format jsonl\n")
        && changes.error.hasPrefix("kv: next page: kv stream get "), "\(changes.error)")
    #expect(try await kv("help", "nosuch").error.hasPrefix("kv: kv has no command \"nosuch\""))
    #expect(try await kv("help", "graph", "viw").error.contains("did you mean 'kv graph view'?"))
    #expect(try await kv("help", "graph", "view").output.hasPrefix("OVERVIEW"))
  }

  @Test("no element of a list acts on a terminal, whatever the list and its form")
  func listsOnATerminal() async throws {
    let hostile = "a\u{1B}[2J\u{9B}31m\u{7}\u{202E}\u{85}b"
    let json = JSON(hostile).text
    let position = #"{"name":"x","ofType":\#(json),"seq":1,"lastUpdated":\#(json)}"#
    try await kv("init")
    for arguments in [
      ["graph", "add-edge", hostile, hostile, hostile, "x", hostile, "{\(json):1}"],
      ["put", hostile, json, "--of-type", hostile], ["lock", "acquire", hostile, hostile],
      ["task", "new", hostile], ["put", "github.com/a-h/kv/stream/\(hostile)", position],
    ] {
      let outcome = try await kv(arguments: arguments)
      #expect(outcome.status == 0, "\(outcome)")
    }
    let outcome = try await script(
      #"""
      node="$($kv graph nodes --format jsonl | head -1 | python3 -c 'import json,sys; n=json.load(sys.stdin); print(n["type"]+":"+n["id"])')"
      for format in table json jsonl csv text; do
        for command in list "graph nodes" "graph edges" "graph schema" "graph stats" "graph components" "graph order" \
          "graph rank degree" "graph verify" "stream get" "consumer list" "lock list" "task list"; do
          script -qec "$kv $command --format $format" /dev/null < /dev/null
        done
        for command in "graph bfs" "graph get-node" "graph neighbors" "graph get-outgoing"; do
          NODE="$node" script -qec "$kv $command \"\$NODE\" --format $format" /dev/null < /dev/null
        done
      done
      """#)
    #expect(outcome.status == 0 && outcome.output.utf8.count > 5000, "\(outcome.error)")
    let raw = outcome.output.unicodeScalars.filter {
      ($0.value < 0x20 && !["\n", "\r", "\t", "\u{1B}"].contains($0)) || (0x7F...0x9F).contains($0.value)
        || $0.value == 0x202E
    }
    #expect(raw.isEmpty && !outcome.output.contains("\u{1B}[2J"), "\(raw)")
  }
}

import Subprocess
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What may happen to a program: odd arguments, closed pipes, signals, narrow limits.
extension CommandTests {
  /// Runs a script in the test's folder, in a process group of its own; `$kv` is the program.
  func script(_ text: String) async throws -> Outcome {
    var options = PlatformOptions()
    options.processGroupID = 0
    let result = try await run(
      .name("timeout"), arguments: ["120", "bash", "-c", "kv=\(Self.program); " + text],
      workingDirectory: FilePath(folder),
      platformOptions: options, input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    guard case .exited(let status) = result.terminationStatus else {
      return Outcome(status: -1, output: result.standardOutput, error: result.standardError)
    }
    return Outcome(status: status, output: result.standardOutput, error: result.standardError)
  }

  /// While it waits for more it ends at once, and what came before is no whole file.
  @Test(arguments: ["INT", "TERM", "HUP"])
  func anInterruptedImportStoresNothing(_ signal: String) async throws {
    // More than a pipe holds has been read when the writer goes on.
    let outcome = try await script(
      """
      mkfifo rows; "$kv" graph import - <rows 2>error & import=$!; exec 3>rows
      (echo source,target; seq 1 60000 | sed 's/.*/&,x/') >&3
      kill -\(signal) $import; wait $import; echo $?; exec 3>&-; cat error; "$kv" count all
      """)
    #expect(outcome.output == "1\nkv: interrupted; nothing was stored\n0\n", "\(outcome)")
  }

  @Test func theDeepestValueComesBackFromADump() async throws {
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    #expect(try await kv("put", "deep", input: deep).status == 0)
    #expect(try await kv("dump", "d.jsonl").status == 0)
    let restored = try await kv("restore", "d.jsonl", "--connection", "other.db")
    #expect(restored.status == 0, "\(restored)")
    #expect(try await kv("dump", "f.jsonl", "--connection", "other.db").status == 0)
    #expect(try await script("cmp d.jsonl f.jsonl").status == 0)
    // No deeper one comes in that way.
    #expect(try await script("sed 's/\\[\\[\\[/[[[[/; s/]]]/]]]]/' d.jsonl > e.jsonl").status == 0)
    let deeper = try await kv("restore", "e.jsonl", "--connection", "third.db")
    #expect(deeper.status == 65 && deeper.error.contains("nested deeper than"), "\(deeper)")
  }

  @Test func theNextPageIsOfTheKeyThatItSays() async throws {
    for key in ["b\t", "b0", "bZ", "b'\u{1}", "c"] { _ = try await kv("put", key, "1") }
    let page = try await kv("list", "--limit", "2", "--format", "text")
    let command = page.error.split(separator: "the next page: kv ").last.map { String($0) } ?? ""
    #expect(command.hasPrefix(#"list --after $'b\'\x01' "#), "\(page)")
    let next = try await script(#""$kv" \#(command)"#)
    let rest = try await kv("list", "--format", "text").output.split(separator: "\n").dropFirst(2)
    #expect(next.output.split(separator: "\n") == Array(rest.prefix(2)), "\(next)")
  }

  @Test func whatAQueryWroteIsSaidWhereItCannotBeShown() async throws {
    _ = try await kv("init")
    for options in [["-o", "none/x.json"], ["-o", "none/x.svg"], ["--into", "none.md"]] {
      let outcome = try await kv(
        arguments: ["graph", "query", "--write", "CREATE (n:A {id: '1'}) RETURN n"] + options)
      #expect(outcome.status != 0, "\(outcome)")
      #expect(try await kv("count", "all").output == "0\n", "\(options)")
    }
    let undrawn = try await kv("graph", "query", "--write", "CREATE (:A {id: '1'})", "-o", "a.svg")
    #expect(
      undrawn.status == 3 && undrawn.error.hasSuffix("; the query is done, and what it wrote is stored\n"),
      "\(undrawn)")
    #expect(
      try await kv("graph", "query", "--write", "CREATE (:A {id: '2'})", "--format", "csv").output.isEmpty)
    #expect(try await kv("count", "all").output == "2\n")
  }

  @Test func parametersAreSaidToBeJSON() async throws {
    _ = try await kv("init")
    let text = try await kv("graph", "query", "RETURN $x", "--param", "x=abc")
    #expect(
      text.status == 64 && text.error.contains(#"a text stands in quotes: --param 'x="abc"'"#), "\(text)")
    let large = try await kv("graph", "query", "RETURN $x", "--param", "x=[12345678901234567890]")
    #expect(
      large.status == 65 && large.error.contains("12345678901234567890, which is too large"), "\(large)")
    #expect(
      try await kv("graph", "query", "RETURN $x AS x", "--param", "x=1e20", "--format", "jsonl").output
        == "{\"x\":1e+20}\n")
  }

  @Test func anEmptyGraphIsNotDrawn() async throws {
    _ = try await kv("init")
    _ = try await script("printf '<!-- kv:begin -->\\nold\\n<!-- kv:end -->\\n' > R.md")
    for options in [
      [], ["--format", "mermaid"], ["--format", "markdown"], ["--into", "R.md"], ["-o", "a.svg"],
    ] {
      let outcome = try await kv(arguments: ["graph", "view"] + options)
      #expect(
        outcome.status == 3 && outcome.output.isEmpty && outcome.error.contains("the graph is empty"),
        "\(outcome)")
    }
    #expect(try await script("cat R.md").output.contains("old"))
  }

  @Test func aLockThatHasRunOutIsItsLastHolders() async throws {
    _ = try await kv("lock", "acquire", "l", "me", "--duration", "1ms")
    let outcome = try await kv("lock", "release", "l", "you")
    #expect(outcome.status == 3 || outcome.status == 4, "\(outcome)")
    #expect(!outcome.error.contains("did you mean") && outcome.error.contains("\"me\""), "\(outcome)")
  }

  @Test("arguments are what was typed: keys are UTF-8, names of files any bytes, minus signs themselves")
  func argumentsAreBytes() async throws {
    let outcome = try await script(
      #"""
      $kv init; echo 1 | $kv put $'a\xff'; echo "put $?"; echo 1 | $kv put k --of-type $'\xfe'; echo "type $?"
      echo '[]' > $'f\xff.json'; $kv graph import $'f\xff.json' > /dev/null; echo "import $?"
      $kv --connection $'x\xff.db' init; [ -e $'x\xff.db' ] && echo made
      echo 1 | $kv put '−5'; echo 2 | $kv put -5 --of-type -7; $kv get key '−5'; $kv get key -5; $kv get type -7 --output jsonl
      """#)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.prefix(6) == ["put 64", "type 64", "import 0", "made", "1", "2"], "\(outcome)")
    #expect(lines.last?.contains(#""key":"-5","type":"-7""#) == true)
    #expect(outcome.error.contains(#"'a\xff'"#))
  }

  @Test("an unknown kind of connection is refused without a word of it")
  func connections() async throws {
    for connection in [
      "postgre://u:SECRET@db/kv", "POSTGRESS://u:SECRET@db/kv", "mysql://u:SECRET@db", "postgres:SECRET",
      "x.db?mode=ro&SECRET", "file://elsewhere/SECRET.db", "file:a%zzSECRET", "HTTP:SECRET",
    ] {
      for command in [["init"], ["count", "all"], ["graph", "view"]] {
        let outcome = try await kv(arguments: command + ["--connection", connection])
        #expect(outcome.status == 64 && (!outcome.error.contains("SECRET") || connection.hasPrefix("x.db")))
      }
    }
    let outcome = try await script(
      #"""
      for uri in 'file:my%20db.db' "file://localhost$PWD/l.db" 'file:u.db#v' "FILE:$PWD/c.db"; do
        $kv --connection "$uri" init && echo 1 | $kv --connection "$uri" put k && $kv --connection "$uri" get key k
      done; ls; KV_TYPE= KV_CONNECTION= $kv init; ls data.db
      """#)
    #expect(outcome.output.hasPrefix("1\n1\n1\n1\nc.db\nl.db\nmy db.db\nu.db\n"), "\(outcome)")
    #expect(outcome.output.hasSuffix("data.db\n") && outcome.error.isEmpty, "\(outcome)")
  }

  @Test("no output is the open database, or an input, whatever links lead there")
  func outputsAreNoInputs() async throws {
    try await social()
    let outcome = try await script(
      #"""
      ln -s data.db l.json; ln data.db h.json; ln -s data.db-shm s.json; mkdir d; cp data.db d/x.json
      $kv graph find-path User alice Post 3 --output json > marks.json; before=$($kv count all)
      for file in l.json h.json s.json ./d/../l.json; do $kv graph view -o $file; echo "$?"; done
      $kv graph view --connection d/x.json -o d/x.json; echo $?
      $kv graph view --highlight marks.json -o marks.json; echo $?
      [ "$before" = "$($kv count all)" ] && $kv graph verify > /dev/null && echo whole
      """#)
    #expect(outcome.output == "64\n64\n64\n64\n64\n64\nwhole\n", "\(outcome)")
  }

  @Test("what data holds acts on no terminal, and forges no line")
  func controlCharacters() async throws {
    try await kv("init")
    for arguments in [
      ["graph", "add-edge", "U", "eve\u{1B}[2J", "U", "bob", "f\u{9B}x"],
      ["graph", "add-edge", "U", "x\n1  U:admin", "U", "bob", "f"],
    ] { #expect(try await kv(arguments: arguments).status == 0) }
    try await kv("put", "k\u{1B}[31m", input: "{\"c1\":\"\u{9B}31m\"}")
    let lines = try await kv("graph", "neighbors", "U", "bob", "--direction", "in").output
    #expect(lines == "U:eve\\u001b[2J\nU:x\\n1  U:admin\n")
    let outcome = try await script(
      #"""
      for command in "list" "list --output table" "graph bfs U bob --direction in" "graph export --format csv" \
        "graph components" "graph view" "get key missing"; do
        script -qec "$kv $command" /dev/null < /dev/null
      done
      """#)
    let controls = outcome.output.unicodeScalars.filter {
      ($0.value < 0x20 && !["\n", "\r", "\t", "\u{1B}"].contains($0)) || (0x7F...0x9F).contains($0.value)
    }
    // Colours are the drawing's own.
    #expect(
      controls.isEmpty && !outcome.output.contains("\u{1B}[2J") && !outcome.output.contains("\u{1B}[31mred"))
  }

  @Test("lists in a pipe are whole")
  func listsAreWhole() async throws {
    let edges = (0..<1500).map { #"{"from":"N:\#($0)","to":"N:x","type":"t"}"# }.joined(separator: "\n")
    #expect(try await kv("graph", "import", "-", input: edges).status == 0)
    for command in [
      ["list"], ["get", "prefix", "graph/"], ["get", "range", "a", "z"], ["get", "type", "Edge"],
    ] {
      let whole = try await kv(arguments: command + ["--output", "jsonl"])
      #expect(whole.output.split(separator: "\n").count == 1500 && whole.error.isEmpty, "\(command)")
      let part = try await kv(arguments: command + ["2", "3", "--output", "jsonl"])
      #expect(part.output.split(separator: "\n").count == 3)
      let next = (["kv"] + command + ["5", "3", "--output", "jsonl"]).joined(separator: " ")
      #expect(part.error == "kv: there are more than 3; the next page: \(next)\n", "\(part.error)")
      let last = try await kv(arguments: command + ["1498", "10", "--output", "jsonl"])
      #expect(last.output.split(separator: "\n").count == 2 && last.error.isEmpty)
    }
    #expect(try await kv("stream", "get").output.ranges(of: "\"seq\"").count == 1500)
  }

  @Test("a consumer whose reader is gone gives its lease up, with and without news")
  func closedPipes() async throws {
    try await social()
    let outcome = try await script(
      """
      $kv consumer stream s a --output jsonl | head -1 > /dev/null
      echo 1 | $kv put another
      $kv consumer stream s b --commit-mode none --output jsonl | head -1 > /dev/null
      $kv lock status github.com/a-h/kv/stream/s
      """)
    #expect(outcome.status == 3, "\(outcome)")
  }

  @Test(
    "what a command of --exec has started ends with its time and with its runner, whatever ends that",
    arguments: ["timeout", "HUP", "KILL", "TERM TERM"])
  func nothingIsLeftRunning(_ end: String) async throws {
    try await kv("task", "new", "slow", "--timeout-seconds", end == "timeout" ? "1" : "60")
    let outcome = try await script(
      #"""
      $kv task run --once --exec 'slow=echo $$ > pid; (trap "" TERM; sleep 1000) & sleep 1000' 2> /dev/null &
      runner=$!
      until [ -s pid ]; do sleep 0.02; done
      case "\#(end)" in
        timeout) wait $runner ;;
        HUP) kill -HUP $runner; kill -TERM $runner ;;
        *) for signal in \#(end == "timeout" ? "" : end); do kill -$signal $runner; sleep 0.1; done ;;
      esac
      while kill -0 -$(cat pid) 2> /dev/null; do sleep 0.05; done
      echo nothing is left
      """#)
    #expect(outcome.output == "nothing is left\n", "\(outcome)")
  }

  @Test("a command may write any number of bytes to standard error, and its end is told in words")
  func commandsAreToldInWords() async throws {
    for name in ["loud", "killed", "fails"] { try await kv("task", "new", name, "--max-retries", "0") }
    let run = try await kv(
      "task", "run", "--once", "--exec", "loud=head -c 17000000 /dev/zero >&2", "--exec", "killed=kill -9 $$",
      "--exec", "fails=exit 3")
    #expect(run.error.contains("(loud) completed"), "\(run.error)")
    #expect(run.error.contains(": the command was ended by signal 9 (Killed)\n"), "\(run.error)")
    #expect(run.error.contains(": the command ended with status 3\n"))
  }

  @Test("with few descriptors or little memory a picture is refused in one line")
  func narrowLimits() async throws {
    try await social()
    for limit in ["-n 12", "-n 16", "-n 20", "-n 28"] {
      let outcome = try await script("ulimit \(limit); $kv graph view -o x.svg")
      #expect(
        [1, 5].contains(outcome.status) && outcome.error.split(separator: "\n").count == 1,
        "\(limit): \(outcome)")
    }
  }

  @Test(
    "what was done is said where its result cannot be printed, and help that cannot be printed is no success")
  func fullOutputs() async throws {
    let outcome = try await script("$kv --help > /dev/full; echo $?; $kv task new t > /dev/full; echo $?")
    #expect(outcome.output == "1\n1\n" && outcome.error.contains("is kept all the same"))
    #expect(try await kv("task", "list", "--output", "jsonl").output.split(separator: "\n").count == 1)
  }

  @Test("a mark of the byte order before a value is no part of it")
  func byteOrderMarks() async throws {
    #expect(try await kv("put", "k", input: "\u{FEFF}{\"a\":1}").status == 0)
    #expect(try await kv("get", "key", "k", "--raw").output == #"{"a":1}"#)
  }

  @Test("a path that is nowhere is not blamed on the depth")
  func absences() async throws {
    try await social()
    for option in ["--all", "--k=2", "--explain"] {
      let nowhere = try await kv(
        "graph", "find-path", "User", "alice", "No", "where", option, "--max-depth", "1")
      #expect(nowhere.status == 3 && !nowhere.error.contains("--max-depth"), "\(option): \(nowhere.error)")
      let far = try await kv("graph", "find-path", "User", "alice", "Post", "3", option, "--max-depth", "1")
      #expect(far.status == 3 && far.error.contains("--max-depth"), "\(option): \(far.error)")
    }
  }
}

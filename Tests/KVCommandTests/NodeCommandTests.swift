import Foundation
import Testing

/// Nodes, edges and imports as people type them.
extension CommandTests {
  @Test("two tables of one command join, and the path between their nodes is drawn with what they hold")
  func tablesJoin() async throws {
    let outcome = try await script(
      #"""
      printf 'id,type,name\na,Person,Ann\nb,City,Bonn\nc,Person,Cem\n' > nodes.csv
      printf 'source,target,type\na,b,lives\nb,c,houses\n' > edges.csv
      $kv graph import edges.csv nodes.csv | sed 's/; [0-9.]* s, .*//'
      $kv graph find-path Person:a Person:c -o path.dot --label '{name}' && grep -c 'label="Ann"' path.dot
      """#)
    #expect(
      outcome.output == """
        edges.csv: 2 edges added, 0 replaced, 0 skipped
        nodes.csv: 0 edges added, 0 replaced, 0 skipped; 3 nodes added, 0 replaced, 0 skipped
        Shortest path (depth 2):
        Person:a -[lives]-> City:b -[houses]-> Person:c
        1

        """, "\(outcome)")
  }

  /// Attributes as the list has them, and an attribute that is called so.
  @Test func nodesAsTheyAreListedAreImported() async throws {
    for attributes in [#"{"age":3}"#, #"{"attributes":{"id":1}}"#, #"{"attributes":5,"type":"q"}"#, "{}"] {
      let outcome = try await script(
        """
        $kv graph add-node User alice '\(attributes)' >&2; $kv graph nodes --format jsonl
        for format in jsonl json; do
          $kv graph nodes --format $format | $kv graph import - --connection n-$format.db >&2
          $kv graph nodes --format jsonl --connection n-$format.db
        done
        for format in json jsonl node-link cytoscape apoc graphml; do
          $kv graph export --format $format | $kv graph import - --connection e-$format.db >&2
          $kv graph nodes --format jsonl --connection e-$format.db
        done
        rm *.db*
        """)
      let line = #"{"attributes":\#(attributes),"id":"alice","type":"User"}"# + "\n"
      #expect(outcome.output == String(repeating: line, count: 9), "\(outcome)")
    }
  }

  @Test("compressed files are unpacked, and a pipe is read again where its end says what its beginning means")
  func inputs() async throws {
    let outcome = try await script(
      #"""
      text='{"links":[{"source":"a","target":"b"}],"nodes":[{"id":"a","type":"T"},{"id":"b","type":"T"},{"id":"c","type":"T"}]}'
      count() { $kv graph stats --output json --connection $1.db | tr -d ' \n' | grep -o '"nodes":[0-9]*\|"T":[0-9]*' | tr '\n' ' '; echo $1; }
      echo "$text" | gzip > f.gz; echo "$text" | zstd -q > f.zst; head -c 40 f.gz > half.gz
      $kv graph import f.gz --connection gzip.db >&2; count gzip
      ! which zstd > /dev/null || $kv graph import f.zst --connection zstd.db >&2; ! which zstd > /dev/null || count zstd
      echo "$text" | $kv graph import - --connection pipe.db >&2; count pipe
      echo "$text" | gzip | $kv graph import - --connection gzpipe.db >&2; count gzpipe
      mkfifo fifo; (echo "$text" > fifo &); $kv graph import fifo --connection fifo.db >&2; count fifo
      $kv graph import half.gz --connection half.db; echo "half $?"; $kv count all --connection half.db
      """#)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for line in lines.dropLast(2) { #expect(line.hasPrefix(#""T":3 "nodes":3 "#), "\(line)") }
    #expect(lines.count >= 6 && lines.suffix(2) == ["half 65", "0"], "\(outcome)")
    #expect(outcome.error.contains("gzip cannot unpack it"))
  }

  @Test("a value may be an argument, and get KEY is get key KEY")
  func shortForms() async throws {
    #expect(try await kv("put", "user/alice", #"{"name":"Alice"}"#).status == 0)
    #expect(try await kv("patch", "user/alice", #"{"age":41}"#).status == 0)
    #expect(try await kv("get", "user/alice", "--raw").output == #"{"name":"Alice","age":41}"#)
    #expect(try await kv("put", "n", "-1").status == 0)
    #expect(try await kv("get", "n").output == "-1\n")
    #expect(try await kv("get", "prefix", "user/").output.contains("alice"))
    let wrong = try await kv("put", "a", "{")
    #expect(wrong.status == 65 && wrong.error.hasPrefix("kv: the value: not JSON"), "\(wrong)")
    #expect(try await kv("get", "nobody").status == 3)
    #expect(try await kv("get").status == 64)
  }

  @Test("a picture of nothing is not drawn")
  func nothingToDraw() async throws {
    try await kv("init")
    let empty = try await kv("graph", "view", "-o", "x.svg")
    #expect(
      empty.status == 3 && empty.error == "kv: there is nothing to draw: the graph is empty\n", "\(empty)")
    try await social()
    for arguments in [["Nope"], ["Nope", "*"], ["--edge-type", "nope"]] {
      let outcome = try await kv(arguments: ["graph", "view"] + arguments + ["-o", "x.svg"])
      #expect(
        outcome.status == 3 && outcome.error.hasPrefix("kv: there is nothing to draw: no "), "\(outcome)")
    }
    #expect(try await script("ls").output.contains("x.svg") == false)
  }

  @Test("a type and an id are one word or two, and what may be both is refused with both readings")
  func nodeWords() async throws {
    try await social()
    #expect(try await kv("graph", "find-path", "User:alice", "Post", "3").status == 0)
    #expect(try await kv("graph", "degree", "User:alice", "follows").output == "in 1, out 2\n")
    #expect(try await kv("graph", "get-edge", "User:alice", "User:bob", "follows").status == 0)
    let missing = try await kv("graph", "find-path", "user:alice", "Post:3")
    #expect(missing.status == 3 && missing.error == "kv: no node user:alice; did you mean User:alice?\n")
    for arguments in [
      ["bfs", "user:alice"], ["neighbors", "user", "alice"], ["degree", "user:alice"],
      ["view", "user", "alice"],
      ["get-node", "user:alice"], ["remove-node", "user:alice"], ["rename-node", "user:alice", "A:b"],
      ["find-path", "user:alice", "user:alice"], ["get-edge", "user:alice", "User:bob", "follows"],
    ] {
      let outcome = try await kv(arguments: ["graph"] + arguments)
      #expect(
        outcome.status == 3 && outcome.error.contains("did you mean User:alice?"), "\(arguments): \(outcome)")
    }
    let ambiguous = try await kv("graph", "bfs", "x:y", "z")
    #expect(ambiguous.status == 64 && ambiguous.error.contains("; or "), "\(ambiguous)")
    for arguments in [
      ["bfs"], ["find-path", "User:alice"], ["get-edge", "User:alice", "User:bob"], ["add-node", "x"],
    ] {
      #expect(try await kv(arguments: ["graph"] + arguments).status == 64, "\(arguments)")
    }
  }

  @Test("nodes and edges are added, shown, renamed and removed")
  func nodesAndEdges() async throws {
    let outcome = try await script(
      #"""
      $kv graph add-node User:a '{"n":1}'; $kv graph add-node User a; echo "again $?"; echo '{"n":2}' | $kv graph add-node User b
      $kv graph add-edge User:a User:b t '{"w":1}'; $kv graph add-edge User:a User:b t '{"w":2}' --key 2
      $kv graph get-edge User:a User:b t; echo "several $?"; $kv graph get-edge User:a User:b t --key 2 | tr -d ' \n'; echo
      $kv graph remove-edge User:a User:b t --key ''; $kv graph get-edge User:a User:b t | grep -c '"key": "2"'
      $kv graph edge-type t --undirected; $kv graph find-path User:b User:a | tail -1
      $kv graph rename-node User:b User:c; $kv graph get-node User:c | tr -d ' \n'; echo
      $kv graph edges --output text; $kv graph nodes --where '@id = "c"' --output jsonl
      $kv graph remove-node User:c --dry-run; $kv graph remove-node User:c --keep-record; $kv graph stats | head -1
      echo 5 | $kv put graph/x --of-type Graph; echo "reserved $?"
      """#)
    #expect(
      outcome.output == """
        Added node: User:a
        again 4
        Added node: User:b
        Added edge: User:a -[t]-> User:b
        Added edge: User:a -[t#2]-> User:b
        several 64
        {"data":{"w":2},"from":{"id":"a","type":"User"},"key":"2","to":{"id":"b","type":"User"},"type":"t"}
        Removed edge: User:a -[t]-> User:b
        1
        t: undirected
        User:b -[t#2]- User:a
        Renamed node: User:b to User:c with 1 edge
        {"attributes":{"n":2},"id":"c","in":1,"labels":["User"],"out":1,"type":"User"}
        User:a -[t#2]- User:c
        {"attributes":{"n":2},"id":"c","type":"User"}
        Would remove node: User:c with 1 edge and its record
        Removed node: User:c with 1 edge
        nodes: 2
        reserved 65

        """, "\(outcome)")
  }

  @Test("an export says what its format has no place for, and neo4j-csv needs a folder")
  func exports() async throws {
    try await social()
    let pajek = try await kv("graph", "export", "--format", "pajek")
    #expect(pajek.status == 0 && pajek.error.contains("pajek has no place for attributes of nodes"))
    #expect(try await kv("graph", "export", "--format", "neo4j-csv").status == 64)
    let tables = try await script(
      "$kv graph export --format neo4j-csv -o tables && $kv graph import tables/*.csv --connection copy.db > /dev/null; $kv count all; $kv count all --connection copy.db"
    )
    let counts = tables.output.split(separator: "\n")
    #expect(counts.count == 2 && counts.first == counts.last, "\(tables)")
  }

  @Test func anEdgeTypeThatNothingIsOfIsTold() async throws {
    try await kv("graph", "import", ReadmeTests.root.appending(path: "samples/social.json").path)
    let words = "no edge is of type \"folows\"; there are \"follows\", \"liked\", \"authored\""
    for line in [
      "get-outgoing User alice folows", "neighbors User alice --edge-types folows",
      "bfs User alice --edge-types folows",
      "degree User alice folows", "edges folows", "mutual User alice User bob folows",
    ] {
      let outcome = try await kv(arguments: ["graph"] + line.split(separator: " ").map(String.init))
      #expect(outcome.status == 0 && outcome.error == "kv: \(words)\n", "\(line): \(outcome)")
    }
    let path = try await kv("graph", "find-path", "User", "alice", "Post", "3", "--edge-types", "folows")
    #expect(
      path.status == 3 && path.error == "kv: no path from User:alice to Post:3; \(words)\n", "\(path.error)")
    #expect(try await kv("graph", "edges", "liked", "--where", "at < 1").error.isEmpty)
  }
}

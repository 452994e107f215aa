import KV
import Testing

/// `kv graph query`, as people run it.
extension CommandTests {
  @Test func anAnswerIsPrintedInEveryFormAndDrawn() async throws {
    try await social()
    let query =
      "MATCH (u:User {id: 'alice'})-[r:follows]->(v) RETURN v, v.id AS id, {n: 1.0} AS m ORDER BY id"
    let json = try JSON(parsing: try await kv("graph", "query", query).output)
    #expect(json["columns"]?.text == #"["v","id","m"]"#)
    #expect(
      json["rows"]?.elements?.first?.text
        == #"[{"node":{"type":"User","id":"bob","labels":["User"],"properties":{"name":"Bob"}}},"bob",{"map":{"n":1.0}}]"#
    )
    let lines = try await kv("graph", "query", query, "--format", "jsonl").output
    #expect(lines.split(separator: "\n").first == #"{"v":"User:bob","id":"bob","m":{"n":1.0}}"#)
    #expect(
      try await kv("graph", "query", query, "--format", "csv").output.hasPrefix(
        "v,id,m\nUser:bob,bob,{n: 1.0}\n"))
    #expect(
      try await kv("graph", "query", query, "--format", "table").output.hasPrefix(
        "v             id       m\nUser:bob"))
    #expect(
      try await kv("graph", "query", query, "--format", "text").output.hasPrefix("User:bob  bob  {n: 1.0}\n"))
    let empty = try await kv("graph", "query", "MATCH (n:User) WHERE false RETURN n")
    #expect(empty.output == "{\"columns\":[\"n\"],\"rows\":[]}\n" && empty.error.isEmpty)
    #expect(try await kv("graph", "query", query, "-o", "rows.json").output.isEmpty)
    #expect(try await script("cat rows.json").output.contains(#""columns""#))
    let path = "MATCH p = (:User {id: 'alice'})-[:follows*1..2]->() RETURN p"
    #expect(try await kv("graph", "query", path, "--format", "mermaid").output.contains("User:diana"))
    #expect(try await kv("graph", "query", path, "-o", "p.svg", "--format", "csv").output.hasPrefix("p\n"))
    #expect(try await script("head -c 5 p.svg").output == "<?xml")
    let nothing = try await kv("graph", "query", "RETURN 1", "-o", "q.svg")
    #expect(
      nothing.status == 3
        && nothing.error == "kv: there is nothing to draw: the answer holds no node, edge or path\n")
  }

  @Test func anIndexIsMadeListedUsedAndDropped() async throws {
    try await social()
    let query = "MATCH (u:User {name: 'Bob'}) RETURN u.id"
    let before = try await kv("graph", "query", query).output
    #expect(try await kv("graph", "index", "list").output == "[]\n")
    let made = try await kv("graph", "index", "create", "User", "name")
    #expect(made.status == 0 && made.output.isEmpty && made.error.isEmpty)
    #expect(try await kv("graph", "index", "create", "User", "name").error == "kv: User.name was there\n")
    #expect(
      try await kv("graph", "index", "create", "Usr", "name").error.hasPrefix(
        "kv: no node is of type \"Usr\"; there are \"User\""))
    #expect(
      try await kv("graph", "index", "list", "--format", "csv").output
        == "label,attribute\nUser,name\nUsr,name\n")
    #expect(try await kv("graph", "query", query).output == before)
    #expect(
      try await kv("graph", "query", "--explain", query, "--format", "text").output.hasPrefix(
        "MATCH  (u:User) by the index on User.name\n"))
    #expect(try await kv("put", "user/bert", #"{"name":"Bob"}"#, "--of-type", "User").status == 0)
    #expect(try await kv("graph", "query", query, "--format", "csv").output == "u.id\nbert\nbob\n")
    // Another program's write.
    _ = try await script("sqlite3 data.db \"delete from kv where key = 'user/bert'\"")
    #expect(try await kv("graph", "query", query).output == before)
    #expect(try await kv("graph", "index", "drop", "User", "name").status == 0)
    let absent = try await kv("graph", "index", "drop", "User", "name")
    #expect(absent.status == 3 && absent.error == "kv: there is no index on User.name\n")
    #expect(try await kv("graph", "index", "create", "User", "id").status == 64)
    #expect(try await kv("graph", "index", "create", "", "name").status == 64)
  }

  @Test func queriesComeFromFilesAndPipesWithParameters() async throws {
    try await social()
    let query = "MATCH (u:User {id: $who}) RETURN u.name AS name"
    _ = try await script("printf '%s' '\(query)' > q.txt; printf '{\"who\":\"bob\"}' > p.json")
    for arguments in [
      ["-f", "q.txt", "--params", "p.json"], ["-f", "q.txt", "--param", #"who="bob""#],
      [query, "--param", #"who="bob""#],
      ["-f", "q.txt", "--params", "p.json", "--param", #"who="bob""#],
    ] {
      #expect(
        try await kv(arguments: ["graph", "query", "--format", "text"] + arguments).output == "Bob\n",
        "\(arguments)")
    }
    #expect(
      try await kv("graph", "query", "--format", "text", "--param", #"who="bob""#, input: query).output
        == "Bob\n")
    let missing = try await kv("graph", "query", query)
    #expect(
      missing.status == 65 && missing.error.hasSuffix("has no value; --param NAME=JSON gives it one\n"),
      "\(missing)")
    #expect(try await kv("graph", "query", query, "--param", "who=bob").status == 64)
    #expect(try await kv("graph", "query", query, "-f", "q.txt").status == 64)
  }

  @Test func whatAQueryMayNotDoIsSaid() async throws {
    try await social()
    let before = try await kv("stream", "seq").output
    let write = try await kv("graph", "query", "CREATE (:X {id: 'x'})")
    #expect(write.status == 65 && write.error.hasSuffix("may only read it; --write lets it\n"), "\(write)")
    #expect(try await kv("stream", "seq").output == before)
    #expect(
      try await kv("graph", "query", "--write", "CREATE (:X {id: 'x'})").output
        == "{\"columns\":[],\"rows\":[]}\n")
    #expect(try await kv("graph", "get-node", "X:x").status == 0)
    let renamed = try await kv("graph", "query", "--write", "MATCH (n:X) SET n.id = 'y'")
    #expect(
      renamed.status == 65 && renamed.error.hasSuffix("'kv graph rename-node' changes it\n"), "\(renamed)")
    let late = try await kv(
      "graph", "query", "MATCH (a)-[*]-(b)-[*]-(c)-[*]-(d)-[*]-(e)-[*]-(f)-[*]-(g) RETURN count(*)",
      "--timeout", "50ms")
    #expect(
      late.status == 5 && late.error == "kv: the query took longer than 0.050 s; see --timeout\n", "\(late)")
    // An expression that does not end by itself.
    let endless = try await kv(
      "graph", "query", "RETURN '\(String(repeating: "a", count: 40))b' =~ '(a+)+c'", "--timeout", "50ms")
    #expect(endless.status == 5 && endless.error == late.error, "\(endless)")
    let label = try await kv("graph", "query", "MATCH (n:Usr)-[:folows]->() RETURN n")
    #expect(
      label.status == 0 && label.error.contains("kv: no node is of type \"Usr\"; there are \"User\""),
      "\(label)")
    // What it has deleted was there.
    try await kv("graph", "query", "--write", "CREATE (:Gone {id: '1'})")
    let gone = try await kv("graph", "query", "--write", "MATCH (n:Gone) DELETE n")
    #expect(gone.status == 0 && gone.error.isEmpty, "\(gone)")
    #expect(label.error.contains("kv: no edge is of type \"folows\"; there are \"follows\""))
    let inWhere = try await kv(
      "graph", "query", "MATCH (n)-[r]->() WHERE n:Usr AND r:folows OR EXISTS { (n)-[:liks]->() } RETURN n")
    #expect(
      ["\"Usr\"; there are \"User\"", "\"folows\"; there are \"follows\"", "\"liks\"; there are"].allSatisfy(
        inWhere.error.contains), "\(inWhere)")
    // What is counted of nothing is a row; what is like a name that is there is told beside rows.
    for query in [
      "MATCH (n:Usr) RETURN count(n)", "MATCH (n:User {nmae: 'Bob'}) RETURN n", "MATCH (n) RETURN n.nmae",
    ] {
      let outcome = try await kv("graph", "query", query)
      let words =
        query.contains("nmae")
        ? "kv: no node or edge that was looked at has the attribute \"nmae\"; did you mean \"name\"?\n"
        : "kv: no node is of type \"Usr\"; there are \"User\", \"Post\", \"X\"\n"
      #expect(outcome.status == 0 && outcome.error == words, "\(outcome)")
    }
    #expect(try await kv("graph", "query", "MATCH (n:User {id: 'bob'}) RETURN n.id, n.zip").error.isEmpty)
  }

  @Test func whatJSONHasNoNumberForHasANameEverywhere() async throws {
    try await social()
    let query = "RETURN 0.0/0 AS a, {x: -1.0/0, y: [1.0/0]} AS b, toString(sqrt(-1)) AS c, $m.map.z AS d"
    let parameter = #"m={"map":{"z":1}}"#
    #expect(
      try await kv("graph", "query", query, "--param", parameter, "--format", "jsonl").output
        == #"{"a":"NaN","b":{"x":"-Infinity","y":["Infinity"]},"c":"NaN","d":1}"# + "\n")
    #expect(
      try await kv("graph", "query", "RETURN 0.0/0 AS a, [1.0/0] AS b", "--format", "csv").output
        == "a,b\nNaN,[Infinity]\n")
    let refused = try await kv("graph", "query", "--write", "CREATE (:X {a: 0.0/0})")
    #expect(
      refused.status == 65 && refused.error.hasSuffix("NaN cannot be the property \"a\"\n"), "\(refused)")
  }
}

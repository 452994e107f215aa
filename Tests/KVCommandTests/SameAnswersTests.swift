import Foundation
import TestSupport
import Testing

/// The same commands give the same output and exit status on every database.
extension CommandTests {
  @Test(
    "a script of 200 commands answers on PostgreSQL as on SQLite",
    .enabled(if: PostgresTestServer.connection != nil, "KV_TEST_POSTGRES is not set"),
    .timeLimit(.minutes(60))
  )
  func sameAnswersOnPostgres() async throws {
    let name = try PostgresTestServer.makeDatabase(locale: "en_US.UTF-8")
    try await compare(with: PostgresTestServer.connection(to: name))
  }

  @Test("a script of 200 commands answers on rqlite as on SQLite", .timeLimit(.minutes(60)))
  func sameAnswersOnRqlite() async throws {
    let (connection, keeper) = try await RqliteTestServer.makeDatabase()
    try await compare(with: connection)
    withExtendedLifetime(keeper) {}
  }

  private func compare(with connection: String) async throws {
    let hostile = #"{"from":"User:a","to":"User:é \"x\"","type":"likes, it","data":{"n":1.50}}"#
    try hostile.write(toFile: folder + "/hostile.json", atomically: true, encoding: .utf8)
    let own = folder + "/own.db"
    for (number, step) in Self.script.enumerated() {
      let here = try await kv(arguments: step.arguments + ["--connection", own], input: step.input)
      let there = try await kv(arguments: step.arguments + ["--connection", connection], input: step.input)
      let place = Comment(rawValue: "command \(number): \(step.arguments.joined(separator: " "))")
      let difference = zip(Self.lines(there.output), Self.lines(here.output)).first { $0 != $1 }
      #expect(difference == nil, place)
      #expect(there.output.count(where: \.isNewline) == here.output.count(where: \.isNewline), place)
      #expect(there.status == here.status, "\(place): \(here.error) | \(there.error)")
    }
  }

  /// Times, speeds and the ids of tasks differ from run to run.
  private static func lines(_ output: String) -> [Substring] {
    output
      .replacing(/\d{4}-\d\d-\d\dT[0-9:.]+Z/, with: "TIME")
      .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
      .replacing(/[0-9.]+ s, [0-9]+ edges/, with: "SPEED")
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  private struct Step {
    var arguments: [String]
    var input = ""
  }

  /// Every command at least once, and then at random, from a seed that stays.
  private static var script: [Step] {
    var random = SeededRandom(seed: 200)
    func pick(_ choices: String...) -> String { choices.randomElement(using: &random) ?? "" }
    func key() -> String { pick("a", "a%", "a_b", "A", "b/1", "b/2", "é", "z'\"", "user/alice") }
    func value() -> String {
      pick(
        "{\"x\":1}", "[1,2.50,null]", "\"t\"", "12345678901234567890", "true", "{\"y\":{\"z\":2}}",
        "{\"x\":null}")
    }
    func node() -> [String] { ["User", pick("a", "b", "alice", "bob", "é \"x\"", "nobody")] }
    func edge() -> [String] { node() + node() + [pick("follows", "likes, it", "knows")] }
    let sample =
      #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/samples/social.json"
    var steps: [Step] = [Step(arguments: ["init"]), Step(arguments: ["graph", "import", sample])]
    let makers: [() -> Step] = [
      { Step(arguments: ["put", key()], input: value()) },
      {
        Step(
          arguments: ["put", key(), "--version", pick("0", "1", "2", "7", "-1"), "--of-type", "T"],
          input: value())
      },
      { Step(arguments: ["put", key()], input: pick("", "{", "1 2", "\"\\u0000\"")) },
      { Step(arguments: ["patch", key()], input: value()) },
      { Step(arguments: ["patch", key(), "--version", pick("0", "1", "3")], input: value()) },
      { Step(arguments: ["get", "key", key()]) },
      { Step(arguments: ["get", "key", key(), "--print-version"]) },
      { Step(arguments: ["get", "batch", key(), key(), "none"]) },
      { Step(arguments: ["get", "prefix", pick("a", "a_", "%", "USER", "user/")]) },
      { Step(arguments: ["get", "range", pick("A", "a"), pick("b", "é", "zz")]) },
      { Step(arguments: ["get", "type", pick("T", "json", "Edge", "none"), "0", "3"]) },
      { Step(arguments: ["list", pick("0", "2"), pick("5", "-1")]) },
      { Step(arguments: ["count", "all"]) },
      { Step(arguments: ["count", "prefix", pick("a", "graph/", "a_")]) },
      { Step(arguments: ["count", "range", "a", "c"]) },
      { Step(arguments: ["delete", key(), key()]) },
      { Step(arguments: ["delete-prefix", pick("a_", "a", ""), "0", "2"]) },
      { Step(arguments: ["delete-range", "a", "b", "0", "2"]) },
      { Step(arguments: ["stream", "seq"]) },
      { Step(arguments: ["stream", "get", pick("0", "5", "30"), pick("3", "-1")]) },
      { Step(arguments: ["stream", "get", "0", "4", "--of-type", pick("T", "Edge")]) },
      { Step(arguments: ["stream", "trim", pick("0", "2", "5")]) },
      { Step(arguments: ["consumer", "get", pick("c", "d"), "--limit", "3"]) },
      { Step(arguments: ["consumer", "status", pick("c", "d", "none")]) },
      { Step(arguments: ["consumer", "commit", pick("c", "d"), pick("3", "9", "-3")]) },
      { Step(arguments: ["consumer", "delete", pick("d", "none")]) },
      { Step(arguments: ["lock", "acquire", pick("l", "m"), pick("me", "you")]) },
      { Step(arguments: ["lock", "release", pick("l", "m"), pick("me", "you")]) },
      { Step(arguments: ["lock", "status", pick("l", "m", "n")]) },
      {
        Step(arguments: ["task", "new", pick("log", "echo"), "--max-retries", pick("1", "-1")], input: "p")
      },
      { Step(arguments: ["task", "list", "--status", pick("pending", "completed", "nonsense")]) },
      { Step(arguments: ["task", "run", "--once", "--task-types", pick("log", "echo")]) },
      { Step(arguments: ["task", "get", "none"]) },
      { Step(arguments: ["task", "cancel", "none"]) },
      { Step(arguments: ["graph", "add-edge"] + edge() + [pick("{\"since\":2020}", "[1]")]) },
      { Step(arguments: ["graph", "add-edge"] + edge() + ["{\"n\":1.0}", "--replace"]) },
      { Step(arguments: ["graph", "get-edge"] + edge()) },
      { Step(arguments: ["graph", "remove-edge"] + edge()) },
      { Step(arguments: ["graph", "get-outgoing"] + node()) },
      { Step(arguments: ["graph", "get-incoming"] + node() + [pick("*", "follows")]) },
      { Step(arguments: ["graph", "find-path"] + node() + node()) },
      {
        Step(arguments: ["graph", "find-path"] + node() + node() + ["--max-depth", "1", "--output", "json"])
      },
      { Step(arguments: ["graph", "bfs"] + node()) },
      { Step(arguments: ["graph", "import", pick("hostile.json", sample, "none.json")]) },
      { Step(arguments: ["graph", "import", "hostile.json", "--on-conflict", pick("skip", "replace")]) },
      { Step(arguments: ["graph", "view"] + pick("", "User *").split(separator: " ").map(String.init)) },
      { Step(arguments: ["graph", "dfs"] + node() + ["--max-depth", pick("1", "3")]) },
      { Step(arguments: ["graph", "neighbors"] + node() + ["--direction", pick("in", "out", "any")]) },
      { Step(arguments: ["graph", "degree"] + node()) },
      { Step(arguments: ["graph", "mutual"] + node() + node()) },
      {
        Step(
          arguments: ["graph", "find-path"] + node() + node() + [pick("--all", "--k=2", "--direction=any")])
      },
      { Step(arguments: ["graph", "add-node"] + node() + ["{\"age\":41}", "--replace"]) },
      { Step(arguments: ["graph", "get-node"] + node()) },
      { Step(arguments: ["graph", "remove-node"] + node() + [pick("--dry-run", "--keep-record")]) },
      { Step(arguments: ["graph", "rename-node"] + node() + ["User", pick("carol", "alice")]) },
      { Step(arguments: ["graph", "nodes"] + [pick("User", "Post", "--isolated", "--without-record")]) },
      { Step(arguments: ["graph", "edges"] + [pick("follows", "liked", "--limit=2")]) },
      { Step(arguments: ["graph", "adopt", "User"]) },
      {
        Step(arguments: ["graph", "edge-type", pick("knows", "liked"), pick("--undirected", "--directed")])
      },
      { Step(arguments: ["graph", "schema"]) },
      { Step(arguments: ["graph", "stats", "--output", pick("text", "json")]) },
      { Step(arguments: ["graph", "components", pick("--strong", "--output=json")]) },
      { Step(arguments: ["graph", "cycle"]) },
      { Step(arguments: ["graph", "order"]) },
      { Step(arguments: ["graph", "rank", pick("pagerank", "betweenness", "closeness", "degree")]) },
      { Step(arguments: ["graph", "export", "--format", pick("json", "csv", "gexf", "dot", "pajek")]) },
      { Step(arguments: ["graph", "verify"]) },
    ]
    steps += makers.map { $0() }
    while steps.count < 240 {
      if let make = makers.randomElement(using: &random) { steps.append(make()) }
    }
    return steps
  }
}

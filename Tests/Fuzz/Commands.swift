import TestSupport

/// Command lines: known words in odd company.
enum Commands {
  private static let commands = [
    "init", "put K", "patch K", "get key K", "get batch K K", "get prefix K N N", "get range K K N",
    "get type K",
    "list N N", "count all", "count prefix K", "count range K K", "delete K K", "delete-prefix K N",
    "delete-range K K",
    "stream get N N", "stream seq", "stream trim N", "consumer get K", "consumer commit K N",
    "consumer status K",
    "consumer delete K", "lock acquire K K --duration D", "lock release K K", "lock status K", "task new K",
    "task list --status K --limit N", "task get K", "task cancel K", "task run --once --task-types echo,log",
    "graph add-edge K K K K K J", "graph get-edge K K K K K", "graph remove-edge K K K K K",
    "graph get-outgoing K K",
    "graph get-incoming K K K", "graph find-path K K K K --all --max-depth N",
    "graph find-path K K K K --k N --weight K",
    "graph bfs K K --max-depth N", "graph dfs K K", "graph neighbors K K", "graph degree K K",
    "graph mutual K K K K",
    "graph stats", "graph components", "graph cycle", "graph order", "graph rank pagerank --top N",
    "graph import input", "graph import -", "graph import input --skip-invalid",
    "graph import input --dry-run",
    "graph import input --format F --node-type K --edge-type K --on-conflict replace",
    "graph export --format F",
    "dump", "dump --no-stream", "dump x", "restore", "restore input", "copy --to K", "backup x", "txn",
    "txn input",
    "task retry K", "task delete K", "task purge --older-than D", "lock list", "consumer list",
    "graph schema",
    "graph nodes K --where W", "graph edges K --limit N --offset N", "graph get-node K K",
    "graph add-node K K J",
    "graph rename-node K K K K", "graph remove-node K K", "graph adopt K", "graph edge-type K --undirected",
    "graph find-path K K K * --max-depth N", "graph find-path K K K K --all --any-length --max-depth 3",
    "consumer get K --from N --prefix K", "list --after K --limit N",
    "graph verify", "graph view --format G", "graph view K K --format G --label K", "graph view -o x.G",
    "graph view --around K --max-depth N --reduce --format G", "graph view --collapse K --format G",
    "graph view --shape K=hexagon --link K --edge-label K --format G", "graph view --into x",
    "graph view --limit-by key --max-edges N --format G", "graph view --layout force --scale N --format G",
    "graph query K", "graph query input", "graph query -f input --format F",
    "graph query --write K --param K=J",
    "graph query RETURN --timeout D", "graph query MATCH(n)RETURN(n) --format table",
    "graph query MATCH(n)RETURN(n) --format G", "graph query --write CREATE(n{id:$p}) --param p=J",
    "graph view --where W", "graph stats --where W", "", "K", "graph K", "K --help",
  ]
  private static let formats = [
    "json", "jsonl", "csv", "node-link", "cytoscape", "jgf", "graphml", "apoc", "auto", "xml",
  ]
  private static let pictures = ["dot", "mermaid", "markdown", "json", "text", "html", "svg", "png", "x"]
  private static let options = [
    "--output json", "--output text", "--output table", "--output jsonl", "--limit N", "--version N", "--raw",
    "--help", "--format table", "--format csv", "--format json", "-o x.csv", "--color always",
    "--backend sqlite",
    "--connection C", "--type sqlite", "--type rqlite", "--edge-types K,K", "--direction any",
    "--node-budget N", "--",
    "--timeout N", "-o", "--merge", "--cluster", "--size NxN", "--theme dark",
  ]

  static func words(_ random: inout SeededRandom) -> [String] {
    var words: [String] = []
    var parts = (commands.randomElement(using: &random) ?? "").split(separator: " ").map(String.init)
    if Int.random(in: 0..<3, using: &random) == 0 {
      parts += (options.randomElement(using: &random) ?? "").split(separator: " ").map(String.init)
    }
    for part in parts {
      words.append(
        part.count == 1 || part == "x.G" || part == "K,K" || part == "NxN" ? word(part, &random) : part)
    }
    // Now and then a word is lost, doubled or put elsewhere.
    if !words.isEmpty, Int.random(in: 0..<6, using: &random) == 0 {
      let place = words.indices.randomElement(using: &random) ?? 0
      if Bool.random(using: &random) { words.remove(at: place) } else { words.insert(words[place], at: 0) }
    }
    // A runner without it runs until it is interrupted, as it should.
    if words.prefix(2) == ["task", "run"], !words.contains("--once") { words.append("--once") }
    return words.map { $0.replacing("\0", with: "") }
  }

  private static func word(_ kind: String, _ random: inout SeededRandom) -> String {
    func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
    switch kind {
    case "N", "NxN":
      let number = pick([
        "0", "1", "-1", "3", "100", "-2", "9223372036854775807", "-9223372036854775808",
        "99999999999999999999", "x", "",
        "1e3", "٣", "+1",
      ])
      return kind == "N" ? number : number + "x" + number
    case "D":
      return pick(["10m", "0s", "1e400s", "9999999999s", "-1m", "5", "", "1h30m", "0.0000001s", "٣s"])
    case "J": return Inputs.json(&random, depth: 0)
    case "F": return pick(formats)
    case "G": return pick(pictures)
    case "x.G": return "x." + pick(pictures)
    case "W":
      return pick([
        "a = 1", "a.b.0 >= \"x\" and not exists c", "((((", "@type != \"t\"", "`" + random.text(upTo: 5),
        "a = 1e999",
        String(repeating: "not ", count: 300) + "a = 1", "@from.id = \"a", "a <", "= 1",
      ])
    case "C": return connection(secret: "S3CRET", &random)
    default:
      return pick([
        "a", "A", "user/alice", "*", "", "graph/edge/A/a/t/B/b", "github.com/a-h/kv/stream/a", "-5",
        "\u{2212}5", "--",
        random.text(upTo: 8), "\u{1B}[2J", String(repeating: "k", count: 3000), "%", "a\u{301}", "data.db",
      ])
    }
  }

  static func connection(secret: String, _ random: inout SeededRandom) -> String {
    let parts = [
      "x.db", "file:x.db", "file:x%20y.db?mode=rwc", "file:x.db?mode=\(random.text(upTo: 3))", "file:%zz",
      ":memory:",
      "postgre://u:\(secret)@h/d", "POSTGRES://u:\(secret)@127.0.0.1:1/d?connect_timeout=1",
      "postgres:\(secret)",
      "http://u:\(secret)@127.0.0.1:1?timeout=50ms",
      "https://u:\(secret)@127.0.0.1:1?timeout=50ms&x=\(secret)",
      "http://", "mysql://u:\(secret)@h", "/", ".", "/dev/null", "input", "nowhere/x.db",
      "file://h/\(secret)",
      "host=127.0.0.1 port=1 password=\(secret)", random.text(upTo: 6) + ".db", "",
    ]
    return (parts.randomElement(using: &random) ?? "").replacing("\0", with: "")
  }
}

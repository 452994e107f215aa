import ArgumentParser
import KV

/// A word that stands where a command is expected, and is none.
struct UnknownCommand {
  let message: String

  /// What other programs call our commands, and which of them print what is asked for by its own name.
  private static let synonyms = [
    "rm": "delete", "remove": "delete", "set": "put", "ls": "list", "cat": "get",
    "pagerank": "rank pagerank", "closeness": "rank closeness", "betweenness": "rank betweenness",
    "eigenvector": "rank eigenvector", "katz": "rank katz", "hits": "rank hubs",
    "centrality": "rank pagerank",
    "louvain": "communities", "leiden": "communities", "wcc": "components", "scc": "components --strong",
    "dominators": "impact --through", "mst": "spanning-forest", "toposort": "order",
    "density": "stats", "reciprocity": "stats", "assortativity": "stats", "shortest-path": "find-path",
    "reachability": "closure", "draw": "view", "render": "view", "plot": "view", "show": "view",
    "load": "import", "match": "query", "cypher": "query", "gql": "query",
  ]

  /// `nil` where each word is known, or an option that is not of the database stands before one that is not, for only the parser knows which
  /// options take a word.
  init?(in arguments: some Sequence<String>) {
    var path = CommandPath()
    var words = Array(arguments)[...]
    path.follow(&words)
    // The help of a command: what follows is one.
    if words.first == "help", path.names.count == 1 {
      words.removeFirst()
      path.follow(&words)
    }
    let known = path.subcommands.filter { $0.configuration.shouldDisplay }.flatMap { $0.names } + ["help"]
    // Anything else may be a connection, with a password.
    guard let word = words.first, !path.subcommands.isEmpty,
      word.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_-]{0,29}/) != nil,
      word != "help", path.command.configuration.defaultSubcommand == nil
    else { return nil }
    let near =
      (Self.synonyms[word].flatMap { known.contains(String($0.prefix { $0 != " " })) ? [$0] : nil }
      ?? namesNear(word, among: known))
      .map { "'\(path) \($0)'" }
    message =
      "\(path) has no command \(JSON(word))"
      + (near.isEmpty
        ? "; see '\(path) --help'"
        : "; did you mean \(near.joined(separator: " or "))?")
  }
}

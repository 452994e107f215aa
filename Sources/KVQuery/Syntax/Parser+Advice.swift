import KV

extension Parser {
  /// What is meant by what stands here and is not of this language, but of another that its writer may know; `nil` where nothing is known.
  var advice: String? {
    switch current.kind {
    case .sign("!") where isSign("=", at: 1): return "not equal is <>"
    case .sign("=") where previous?.kind == .sign("="): return "equal is ="
    case .word(let word, isQuoted: false): return advice(on: word.uppercased())
    default: return nil
    }
  }

  private func advice(on word: String) -> String? {
    if previous?.kind == .sign(";") { return "one query at a time" }
    switch word {
    case "LIKE", "ILIKE": return "texts are compared with CONTAINS, STARTS WITH, ENDS WITH or =~"
    case "NOT" where isKeyword("IN", at: 1): return "NOT stands before what it denies: NOT x IN list"
    case "IS": return "what is not null is told by IS NULL and IS NOT NULL, all else by = and <>"
    case "GROUP": return "what is no aggregate groups by itself"
    case "HAVING": return "WITH … WHERE chooses among what is aggregated"
    case "EXPLAIN", "PROFILE": return "the plan is asked for beside the query: explain or profile"
    case "INSERT": return "CREATE makes nodes and edges"
    case "FILTER": return "WITH * WHERE keeps rows"
    case "LET": return "WITH *, x AS name adds a column"
    case "FOR": return "UNWIND list AS name makes rows"
    case "NEXT": return "WITH hands rows on"
    case "FOREACH": return "UNWIND makes rows of a list"
    case "FETCH": return "LIMIT keeps the first rows"
    case "NODETACH": return "DELETE alone deletes no node that has edges"
    case "BETWEEN": return "a range is 1 <= x <= 3"
    case "EXCEPT", "INTERSECT": return "two answers are joined by UNION alone"
    case "SHOW", "DROP": return "indexes are no matter of queries"
    case "ORDER", "SKIP", "OFFSET", "LIMIT": return "rows are ordered and cut behind RETURN or WITH"
    case "AND", "OR", "XOR": return nil
    default:
      let near = namesNear(word, among: Self.clauseWords).first
      return near.flatMap { $0 == word ? nil : "did you mean \($0)?" }
    }
  }

  private static let clauseWords = [
    "MATCH", "OPTIONAL", "WHERE", "RETURN", "WITH", "UNWIND", "UNION", "CREATE", "MERGE", "SET", "REMOVE",
    "DELETE", "DETACH",
    "ORDER", "SKIP", "LIMIT",
  ]
}

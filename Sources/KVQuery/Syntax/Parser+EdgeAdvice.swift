import KV

/// What is said to who writes an edge as another language has it.
extension Parser {
  /// What is meant by what stands within an edge's brackets and belongs elsewhere; `nil` where nothing is known.
  func adviceWithinEdge(hasLength: Bool) -> String? {
    if case .word(let word, isQuoted: false) = current.kind, hasLength {
      switch word.uppercased() {
      case "BFS", "SHORTEST": return "a shortest path is MATCH p = ANY SHORTEST (a)-[:t]->+(b)"
      case "ALL", "ALLSHORTEST": return "all shortest paths are MATCH p = ALL SHORTEST (a)-[:t]->+(b)"
      case "KSHORTEST": return "the shortest three are MATCH p = SHORTEST 3 (a)-[:t]->+(b)"
      case "WSHORTEST": return "the lightest path is MATCH p = ANY CHEAPEST (a)-[r:t COST r.w]->+(b)"
      case "DFS": return "any path is MATCH p = ANY (a)-[:t]->+(b)"
      case "WALK", "TRAIL", "ACYCLIC", "SIMPLE":
        return "a mode stands before the pattern, as in MATCH \(word.uppercased()) (a)-[:t]->{1,3}(b)"
      default: return nil
      }
    }
    if hasLength, isSign("(") { return "a condition on each step is ((x)-[r:t]->(y) WHERE r.w > 1){1,3}" }
    if hasLength, isSign(":") { return "the type stands before the length, as in [e:t*1..3]" }
    if isSign("*") { return "the length stands before the properties, as in [:t*1..3 {w: 1}]" }
    return isLength ? "the length stands behind the arrow, as in -[:t]->{1,3}" : nil
  }

  /// What is meant by what stands behind an edge's brackets, or in the place of them.
  var adviceOnArrow: String? {
    if isLength || isSign("*") { return "the length stands behind the arrow, as in -[:t]->{1,3}" }
    if isSign("/") { return "an edge is -[:t]->, and along many -[:t]->+" }
    return nil
  }

  /// Whether `+`, or `{` and a number stand here.
  private var isLength: Bool {
    if isSign("+") { return true }
    guard isSign("{") else { return false }
    if case .integer = ahead(1).kind { return true }
    return isSign(",", at: 1)
  }
}

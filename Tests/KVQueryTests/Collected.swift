import KVGraph
import KVQuery

/// What a query gave; filled and read by one test's own task.
final class Collected: @unchecked Sendable {
  var columns: [String] = []
  var lines: [String] = []
  var paths: [QueryPath] = []
}

/// The rows as people read them, with ` | ` between the columns.
func rows(
  _ graph: Graph, _ text: String, _ parameters: Value.Members = [:], isWriting: Bool = false
) async throws -> [String] {
  let rows = Collected()
  try await graph.query(text, parameters: parameters, isWriting: isWriting) { values in
    rows.lines.append(values.map { "\($0)" }.joined(separator: " | "))
    return true
  }
  return rows.lines
}

import KV

/// What the lines of a transaction have to do with each other: a change of a node or an edge is made of what the database held before the
/// transaction, so that no earlier line may change that.
struct TransactionOrder {
  /// The line that changes each key, by its bytes.
  private var lines: [[UInt8]: Int] = [:]
  private var selections: [(selection: Selection, line: Int)] = []
  private var plainGraphLine: Int?
  private var hasGraphChange = false

  /// Throws invalid data where the change does not go with those before.
  mutating func add(_ mutations: [Mutation], of change: TransactionLine) throws {
    hasGraphChange = hasGraphChange || change.isOfGraph
    for mutation in mutations {
      switch mutation {
      case .put(let key, _, _, _), .patch(let key, _, _, _), .delete(let key):
        if change.isOfGraph,
          let line = lines[Array(key.utf8)]
            ?? selections.first(where: { $0.selection.isPossible(for: key) })?.line
        {
          throw KVError(
            .invalidData,
            "\(change.subject) is changed by line \(line) already, which the change of a node or an edge does not see"
          )
        }
        if !change.isOfGraph, key.hasPrefix("graph/") { plainGraphLine = plainGraphLine ?? change.line }
        lines[Array(key.utf8)] = change.line
      case .deleteSelection(let selection, _): selections.append((selection, change.line))
      case .expect, .expectNoEdges: break
      }
    }
    if hasGraphChange, let plainGraphLine {
      throw KVError(
        .invalidData,
        "line \(plainGraphLine) changes a record under graph/, which changes of nodes and edges do not see; make it a transaction of its own"
      )
    }
  }
}

import KV

/// What a query may hold of rows that wait: in sorts, groups, DISTINCT, collections, and until a transaction is made.
final class MemoryBudget {
  private let limit: Int
  private var used = 0

  /// - Parameter limit: in bytes, as they are estimated; no more than a process may have.
  init(limit: Int) { self.limit = min(limit, 1 << 47) }

  /// - Throws: failed, with the clause's name, where it is more than there may be.
  func take(_ bytes: Int, for clause: String, at place: Place) throws {
    used += bytes
    try allow(0, for: clause, at: place)
  }

  /// As if so much were held, which is let go again.
  func allow(_ bytes: Int, for clause: String, at place: Place) throws {
    guard used + bytes > limit else { return }
    throw KVError(
      .failed,
      "query, line \(place.line), column \(place.column): \(clause) needs more memory than the limit of \(limit >= 1_048_576 ? "\(limit / 1_048_576) MiB" : "\(limit) bytes")",
      reason: .queryMemory)
  }

  func giveBack(_ bytes: Int) { used -= bytes }
}

extension Value {
  /// Without what is inside of a list's elements: a look at each would take as long as making them.
  var ownSize: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .list(let values): 40 * values.count
    default: 40
    }
  }

  /// About how many bytes it takes; nodes, edges and paths are shared.
  var size: Int {
    switch self {
    case .null, .boolean, .integer, .float, .node, .edge, .temporal, .duration: 40
    case .string(let text): 40 + text.utf8.count
    case .list(let values): values.reduce(72) { $0 + $1.size }
    case .map(let members): members.reduce(104) { $0 + 56 + $1.name.utf8.count + $1.value.size }
    case .path(let path): 72 + 8 * (path.nodes.count + path.edges.count)
    }
  }
}

extension [Value] {
  var size: Int { reduce(32) { $0 + $1.size } }
}

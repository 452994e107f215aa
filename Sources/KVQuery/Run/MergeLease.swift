import KV

/// The right to make nodes that MERGE finds by something else than their ids, which no key tells apart: one query after the other has it, so
/// that two at once make one.
struct MergeLease {
  private static let name = "graph/merge"
  private static let duration = Duration.seconds(30)
  /// How long a query waits for others.
  private static let patience = Duration.seconds(60)

  private let store: any GraphStore
  private let holder = QueryGraph.newID()

  /// Waits until nobody else has it. Throws a conflict where that takes too long.
  init(_ store: any GraphStore) async throws {
    self.store = store
    let clock = ContinuousClock()
    let end = clock.now + Self.patience
    while try await !isKept() {
      if clock.now > end { throw KVError(.conflict, "other queries have been merging nodes for a minute") }
      try await Task.sleep(for: .milliseconds(Int.random(in: 5...40)))
    }
  }

  /// Takes it, or extends it; false where it has run out and somebody else has it.
  func isKept() async throws -> Bool {
    try await store.acquireLease(Self.name, holder: holder, duration: Self.duration) != nil
  }

  /// Gives it up, also where the query was cancelled; one that has run out is nobody's loss.
  func end() async {
    let (store, holder) = (store, holder)
    await Task { try? await store.releaseLease(Self.name, holder: holder) }.value
  }
}

extension Query {
  /// Whether a MERGE may make a node that it does not name by its id.
  var mergesWithoutID: Bool {
    parts.joined().contains { clause in
      guard case .merge(let part, _, _, _) = clause else { return false }
      return part.nodes.contains { node in
        if node.variable != nil, node.labels == nil, node.properties == nil { return false }
        guard case .map(let members)? = node.properties else { return true }
        return !members.contains { $0.name == "id" }
      }
    }
  }

  var merges: Bool { parts.joined().contains { if case .merge = $0 { true } else { false } } }
}

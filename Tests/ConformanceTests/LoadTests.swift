import KV
import TestSupport
import Testing

/// Many records in one transaction.
@Suite(.timeLimit(.minutes(60))) struct LoadTests {
  struct Stop: Error {}

  private let records = (0..<10).map {
    NewRecord(key: "graph/edge/A/\($0)/t/B/x", value: JSON($0), type: "Edge")
  }

  @Test(
    "a load that throws leaves nothing, one that returns leaves stream and index right",
    arguments: TestBackend.all)
  func isOneTransaction(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let records = records
    await #expect(throws: Stop.self) {
      _ = try await store.load { load in
        _ = try await load.put(records, onConflict: .error)
        throw Stop()
      }
    }
    #expect(try await store.count(.all) == 0)
    // Twice: into an empty store and into a filled one, which may be written in different ways.
    for (policy, expected) in [
      (ConflictPolicy.error, BulkCounts(added: 10)), (.skip, BulkCounts(skipped: 10)),
      (.replace, BulkCounts(replaced: 10)),
    ] {
      let outcomes = try await store.load { try await $0.put(records, onConflict: policy) }
      #expect(BulkCounts(outcomes) == expected)
      #expect(try await store.edges(EdgeQuery(.entering(["B/x"]))).count == 10)
    }
    let more = records.map { NewRecord(key: $0.key + "y", value: $0.value, type: $0.type) }
    let outcomes = try await store.load { try await $0.put(more + more, onConflict: .replace) }
    #expect(BulkCounts(outcomes) == BulkCounts(added: 10, replaced: 10))
    #expect(try await store.edges(EdgeQuery(.entering(["B/xy"]))).map(\.key) == more.map(\.key))
    try await store.put("after", .null)
    let stream = try await store.stream(from: 0, limit: nil, type: nil)
    #expect(
      stream.map { "\($0.action)\($0.record.version)" }
        == Array(repeating: "create1", count: 10) + Array(repeating: "update2", count: 10)
        + Array(repeating: "create1", count: 10) + Array(repeating: "update2", count: 10) + ["create1"])
  }

  @Test("a record that is there already is named by its place", arguments: TestBackend.all)
  func duplicates(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let records = records
    try await store.put(records[7].key, .null)
    let error = await expectError(.conflict) {
      try await store.load { try await $0.put(records, onConflict: .error) }
    }
    #expect(error?.mutationIndex == 7 && error?.key == records[7].key)
    let twice = await expectError(.conflict) {
      try await store.load { try await $0.put(Array(records[0..<3]) + [records[1]], onConflict: .error) }
    }
    #expect(twice?.mutationIndex == 3)
    #expect(try await store.count(.all) == 1)
  }

  @Test("the index of incoming edges is right whoever writes", arguments: TestBackend.all)
  func incomingEdges(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for key in [
      "graph/edge/A/1/t/B/2", "graph/edge/A/%2F/t/B/2", "graph/edge/odd\"key", "graph/edge/a/b/c/d",
    ] {
      try await store.put(key, JSON(members: []))
    }
    #expect(
      try await store.edges(EdgeQuery(.entering(["B/2"]), limit: 10)).map(\.key)
        == ["graph/edge/A/%2F/t/B/2", "graph/edge/A/1/t/B/2"])
    for scope in [EdgeQuery.Scope.all, .leaving(["A/1"]), .entering(["B/2"])] {
      let page = EdgeQuery(scope, includesValues: true, after: "graph/edge/A/%2F/t/B/2", limit: 1)
      let edges = try await store.edges(page)
      #expect(edges.map(\.key) == ["graph/edge/A/1/t/B/2"] && edges.values == [JSON(members: [])], "\(scope)")
    }
    await expectError(.usage) { try await store.edges(EdgeQuery(.leaving(["A/1", "A/2"]), limit: 1)) }
    try await store.delete(["graph/edge/A/%2F/t/B/2"])
    #expect(
      try await Array(store.edges(EdgeQuery(.entering(["none", "B/2"])))) == [
        AdjacentEdgeKey(node: 1, key: "graph/edge/A/1/t/B/2")
      ])
    try await store.deletePrefix("graph/edge/A/")
    #expect(try await store.edges(EdgeQuery(.entering(["B/2"]))).isEmpty)
    #expect(try await store.edges(EdgeQuery(.leaving([]))).isEmpty)
  }
}

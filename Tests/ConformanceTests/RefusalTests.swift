import KV
import KVGraph
import TestSupport
import Testing

/// What another program's triggers refuse is said in their words, and is nobody's conflict.
@Suite(.timeLimit(.minutes(60))) struct RefusalTests {
  private func refused(_ error: KVError?, _ location: SourceLocation = #_sourceLocation) {
    #expect(error?.message.contains("not here") == true, "\(error?.message ?? "")", sourceLocation: location)
  }

  /// No database holds a NUL in a key or a type, and none takes what stands before it for the whole.
  @Test(arguments: TestBackend.all)
  func namesHaveNoNUL(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    try await store.put("a", 1)
    #expect(try await store.get("a\0") == nil)
    #expect(try await store.get(["a\0", "b\0c"]).isEmpty)
    #expect(try await store.get(["a\0z", "a", "b"]).map(\.key) == ["a"])
    await expectError(.usage) { try await store.put("a\0", 2) }
    await expectError(.usage) { try await store.put("a", 2, type: "t\0x") }
    await expectError(.usage) { try await store.patch("a", with: 2, type: "t\0x") }
    await expectError(.usage) {
      try await Graph(store).add(Node(NodeReference(type: "U\0", id: "x")))
    }
    #expect(try await store.get("a")?.version == 1)
  }

  @Test(arguments: TestBackend.all)
  func aTriggerThatRefusesIsQuoted(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    try await store.put("k", JSON(parsing: #"{"a":1}"#))
    try await database.refuse("update", on: "kv", where: "new.key = 'k'", saying: "not here")
    try await database.refuse("insert", on: "kv", where: "new.key like 'graph/%'", saying: "not here")
    try await database.refuse("insert", on: "locks", where: "true", saying: "not here")
    refused(await expectError(.failed) { try await store.put("k", .null) })
    refused(await expectError(.failed) { try await store.put("k", .null, expecting: .version(1)) })
    refused(await expectError(.failed) { try await store.patch("k", with: JSON(members: [])) })
    refused(await expectError(.failed) { try await store.patch("k", with: .null, expecting: .version(1)) })
    await expectError(.conflict) { try await store.put("k", .null, expecting: .version(2)) }
    refused(
      await expectError(.failed) { try await store.acquireLease("l", holder: "h", duration: .seconds(1)) })
    let edge = Edge(
      from: NodeReference(type: "A", id: "1"), to: NodeReference(type: "B", id: "2"), type: "t")
    refused(await expectError(.failed) { try await Graph(store).add(edge) })
    refused(await expectError(.failed) { try await Graph(store).add(edge, replacing: true) })
    #expect(try await store.get("k")?.version == 1)
    #expect(try await store.count(.all) == 1)
  }

  @Test("a load names the record that was refused, and keeps nothing", arguments: TestBackend.all)
  func loadsNameTheRecord(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    try await database.refuse("insert", on: "kv", where: "new.key = 'r/273'", saying: "not here")
    let records = (0..<300).map { NewRecord(key: "r/\($0)", value: JSON($0), type: "json") }
    for policy in ConflictPolicy.allCases {
      let error = await expectError(.failed) {
        try await store.load { load in
          _ = try await load.put(Array(records[..<100]), onConflict: .error)
          return try await load.put(
            policy == .error ? Array(records[100...]) : records, onConflict: policy)
        }
      }
      refused(error)
      #expect(error?.mutationIndex == 273 && error?.key == "r/273", "\(policy)")
      let kept = error?.recordsKept ?? 0
      #expect(try await (store.count(.all) == 0) == (kept == 0))
      try await store.deletePrefix("r/")
    }
  }

  @Test(
    "what is nested too deeply once it is put together is refused before it is stored",
    arguments: TestBackend.all)
  func depth(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    func nested(_ levels: Int) throws -> JSON {
      try JSON(
        parsing: String(repeating: "[", count: levels) + "1" + String(repeating: "]", count: levels))
    }
    var edge = Edge(
      from: NodeReference(type: "A", id: "1"), to: NodeReference(type: "B", id: "2"), type: "t")
    edge.data = try nested(1000)
    let deep = edge
    await expectError(.invalidData) { try await Graph(store).add(deep) }
    await expectError(.invalidData) {
      try await store.load {
        try await $0.put([NewRecord(key: deep.key, value: deep.json, type: "Edge")], onConflict: .error)
      }
    }
    #expect(try await store.count(.all) == 0)
    edge.data = try nested(999)
    let fitting = edge
    try await Graph(store).add(fitting)
    #expect(try await Graph(store).edge(from: edge.from, to: edge.to, type: "t") == fitting)
    try await store.put("k", try nested(1000))
    #expect(try await store.get("k")?.value == nested(1000))
  }

  @Test(
    "a write inside a load is refused at once, for it would wait for the load", arguments: TestBackend.all)
  func writesInsideLoads(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    await expectError(.failed) { try await store.load { _ in try await store.put("k", .null) } }
    #expect(try await store.load { _ in try await store.get("k") } == nil)
    try await store.put("k", .null)
  }

  @Test("a load writes no consumer's position", arguments: TestBackend.all)
  func positionsAreNotLoaded(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let record = NewRecord(key: "github.com/a-h/kv/stream/c", value: .null, type: "json")
    for policy in ConflictPolicy.allCases {
      await expectError(.invalidData) {
        try await store.load { try await $0.put([record], onConflict: policy) }
      }
    }
    #expect(try await store.streamSequence() == 0)
    #expect(try await store.count(.all) == 0)
  }
}

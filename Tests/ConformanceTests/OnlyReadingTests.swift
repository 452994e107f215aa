import KV
import KVGraph
import TestSupport
import Testing

/// A database that was opened only to be read, as a query without `--write` opens it.
@Suite(.timeLimit(.minutes(60))) struct OnlyReadingTests {
  @Test("every way to write is refused, and changes nothing", arguments: TestBackend.all)
  func refusal(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let writer = try await database.open()
    let node = NodeReference(type: "A", id: "1")
    let edge = Edge(from: node, to: NodeReference(type: "B", id: "2"), type: "t")
    try await Graph(writer).add(edge)
    try await writer.put("k", JSON(parsing: #"{"a":1}"#))
    let task = try await writer.schedule(NewTask("n", payload: ""))
    let before = try await writer.streamSequence()

    let reader = try await database.openOnlyToRead()
    let graph = Graph(reader)
    let ways: [(String, () async throws -> Void)] = [
      ("put", { try await reader.put("k", .null) }), ("create", { try await reader.put("new", .null) }),
      ("patch", { try await reader.patch("k", with: JSON(members: [])) }),
      ("delete", { try await reader.deletePrefix("k") }),
      ("edge", { try await graph.add(edge, replacing: true) }),
      ("remove", { _ = try await graph.remove(edge) }),
      (
        "load",
        {
          _ = try await reader.load {
            try await $0.put([NewRecord(key: "l", value: .null, type: "json")], onConflict: .replace)
          }
        }
      ),
      ("lease", { _ = try await reader.acquireLease("l", holder: "h", duration: .seconds(1)) }),
      ("trim", { _ = try await reader.trimStream(through: nil) }),
      ("task", { _ = try await reader.schedule(NewTask("m", payload: "")) }),
      ("cancel", { try await reader.cancelTask(task) }),
      (
        "index",
        { _ = try await reader.createIndex(AttributeIndex(label: "A", attribute: "n")) }
      ),
      ("name", { _ = try await reader.databaseID(creating: true) }),
    ]
    for (name, write) in ways {
      await #expect(throws: KVError.self, "\(name)") { try await write() }
    }
    #expect(try await reader.get("k")?.value == JSON(parsing: #"{"a":1}"#))
    #expect(try await graph.edge(from: edge.from, to: edge.to, type: edge.type) != nil)
    for store in [reader, writer] {
      #expect(try await store.streamSequence() == before)
      #expect(try await store.count(.all) == 2)
    }
    try await writer.put("k", .null)
    #expect(try await writer.streamSequence() > before)
  }

  @Test("its tables are brought up to date all the same", arguments: TestBackend.all)
  func migration(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    try await database.open().put("k", .null)
    try await database.query("delete from kv_extension_version")
    let reader = try await database.openOnlyToRead()
    #expect(try await reader.get("k") != nil)
    #expect(try await database.query("select count(*) from kv_extension_version") == ["1"])
    await #expect(throws: KVError.self) { try await reader.put("k", .null) }
  }
}

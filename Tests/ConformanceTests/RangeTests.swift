import KV
import TestSupport
import Testing

/// Numbers at the end of their range, as other programs may have written them: an error that says where, and no crash.
@Suite(.timeLimit(.minutes(60))) struct RangeTests {
  @Test("a version that cannot grow is said", arguments: TestBackend.all)
  func versions(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    try await store.put("k", JSON(members: []))
    let isPostgres = database.leaseExpiry == "lock_until"
    let last = isPostgres ? Int(Int32.max) : Int.max
    try await database.query("update kv set version = \(last)")
    await expectError(.invalidData) { try await store.put("k", .null) }
    await expectError(.invalidData) { try await store.put("k", .null, expecting: .version(last)) }
    await expectError(.invalidData) { try await store.patch("k", with: JSON(members: [])) }
    #expect(try await store.get("k")?.version == last)
    if isPostgres { return }
    for stored in ["'abc'", "1e308", "x'00'"] {
      try await database.query("update kv set version = \(stored)")
      let error = await expectError(.invalidData) { try await store.patch("k", with: JSON(members: [])) }
      #expect(error?.message.contains("\"k\"") == true, "\(error?.message ?? "")")
      await expectError(.invalidData) { try await store.get("k") }
      await expectError(.invalidData) { try await store.put("k", .null) }
    }
  }

  @Test("the last number of the stream is read, and nothing goes on after it", arguments: TestBackend.all)
  func sequences(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    try await store.put("k", .null)
    try await database.query("update stream set seq = \(Int.max)")
    if database.leaseExpiry == "lock_until" {
      try await database.query("select setval('stream_seq_seq', \(Int.max))")
    } else {
      try await database.query("update sqlite_sequence set seq = \(Int.max) where name = 'stream'")
    }
    let changes = try await store.stream(from: .max, limit: 10, type: nil)
    #expect(changes.map(\.sequence) == [.max])
    let consumer = StreamConsumer(store, stream: "c", as: "h")
    #expect(try await consumer.read() == .changes(changes))
    #expect(try await consumer.read(after: .max) == .changes(changes))
    await expectError(.invalidData) { try await consumer.commit(changes) }
    await expectError(.invalidData) { try await store.commitConsumer("c", through: .max) }
    let error = await expectError(.failed) { try await store.put("k", .null) }
    #expect(error?.message.contains("space") != true, "\(error?.message ?? "")")
  }

  @Test("a task with a number that is none is named", arguments: TestBackend.all)
  func tasks(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    if database.leaseExpiry == "lock_until" { return }
    let store = try await database.open()
    let id = try await store.schedule(NewTask("t"))
    for value in ["9223372036854775806", "'abc'", "-1"] {
      try await database.query("update tasks set timeout_seconds = \(value), status = 'pending'")
      let error = await expectError(.invalidData) {
        try await store.leaseTask(runner: "r", names: ["t"], lease: .seconds(3600))
      }
      #expect(error?.message.contains(id) == true, "\(error?.message ?? "")")
      await expectError(.invalidData) { try await store.task(id) }
    }
  }
}

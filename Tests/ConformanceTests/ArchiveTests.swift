import KV
import KVGraph
import TestSupport
import Testing

/// A database as a whole, out of every backend and into every other.
@Suite struct ArchiveTests {
  /// Something of every kind.
  private func fill(_ store: any Database, _ random: inout SeededRandom) async throws {
    let graph = Graph(store)
    for number in 0..<30 {
      let id = random.text(upTo: 5).replacing("\0", with: "x").replacing("*", with: "x") + "\(number)"
      try await graph.add(
        Edge(
          from: NodeReference(type: "User", id: id), to: NodeReference(type: "Post", id: "\(number % 7)"),
          type: "likes",
          data: ["at": JSON(number), "text": JSON(id)]))
      try await graph.add(Node(NodeReference(type: "User", id: id), value: ["name": JSON(id)]))
    }
    _ = try await store.createIndex(AttributeIndex(label: "User", attribute: "name"))
    try await store.put("plain", 7)
    try await store.put("plain", ["again": .null])
    try await store.put("gone", 1)
    _ = try await store.mutate([.delete(key: "gone")])
    let consumer = StreamConsumer(store, stream: "mails", as: "host", type: nil, lease: .seconds(3600))
    let batch = try await consumer.nextBatch(limit: 3)
    try await consumer.commit(batch)
    for payload in ["", "7", "{\"a\": 1 }", "text\n\u{85}"] {
      _ = try await store.schedule(NewTask("t", payload: payload))
    }
    let failed = try await store.schedule(NewTask("f", maxRetries: 0))
    _ = try #require(try await store.leaseTask(runner: "r", names: ["f"], lease: .seconds(3600)))
    let running = try #require(try await store.task(failed))
    try await store.endLease(of: running, .failed("for\na reason"))
    _ = try await store.leaseTask(runner: "r", names: ["t"], lease: .seconds(3600))
    _ = try await store.acquireLease("kept", holder: "me", duration: .seconds(3600))
  }

  private func items(_ store: any Database, stream: Bool = true) async throws -> [ArchiveItem] {
    let items = Collected()
    try await store.archive(stream: stream) { await items.add($0) }
    return await items.items
  }

  /// As PostgreSQL holds it: members in another order, times without nanoseconds.
  private func inPostgres(_ item: ArchiveItem) throws -> ArchiveItem {
    func kept(_ record: Record) throws -> Record {
      var record = record
      record.value = try JSON(parsing: record.value.pretty)
      // Rounded: the digits of a fraction may all differ.
      record.created = String(record.created.prefix(19))
      return record
    }
    switch item {
    case .record(let record): return .record(try kept(record))
    case .change(var entry):
      entry.record = try kept(entry.record)
      return .change(entry)
    default: return item
    }
  }

  private actor Collected {
    private(set) var items: [ArchiveItem] = []
    func add(_ more: [ArchiveItem]) { items += more }
  }

  @Test("what is read of a database makes the same one on every other", arguments: TestBackend.all)
  func everyPair(_ source: TestBackend) async throws {
    var random = SeededRandom()
    let store = try await source.store()
    try await fill(store, &random)
    let items = try await items(store)
    var counts = ArchiveCounts()
    counts.count(items)
    #expect(counts.tasks == 5 && counts.leases == 2 && counts.changes > 60 && counts.records > 60)
    for target in TestBackend.all {
      let copy = try await target.store()
      try await copy.restore { try await $0.write(items) }
      let copied = try await self.items(copy)
      #expect(copied.count == items.count, "\(source) \(target), seed \(random.seed)")
      let isPostgres = [source, target].contains { $0.description.contains("PostgreSQL") }
      for (item, copied) in zip(items, copied)
      where isPostgres ? try inPostgres(copied) != inPostgres(item) : copied != item {
        Issue.record("\(source) \(target), seed \(random.seed): \(item) became \(copied)")
        break
      }
      // It goes on from where the first one was.
      let sequence = try await store.streamSequence()
      #expect(try await copy.streamSequence() == sequence)
      try await copy.put("new", 1)
      #expect(try await copy.stream(from: sequence + 1, limit: nil, type: nil).map(\.record.key) == ["new"])
      #expect(try await Graph(copy).verify(repairing: false) { Issue.record("\($0)") }.faults == 0)
      #expect(try await copy.attributeIndexes() == [AttributeIndex(label: "User", attribute: "name")])
      #expect(try await copy.attributeIndexFaults(repairing: false).isEmpty)
      let incoming = try await Graph(copy).degree(of: NodeReference(type: "Post", id: "3"))
      #expect(try await Graph(store).degree(of: NodeReference(type: "Post", id: "3")) == incoming)
    }
  }

  @Test("the changes may be left out, and their numbers go on", arguments: TestBackend.all)
  func withoutStream(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<5 { try await store.put("k", JSON(number)) }
    let items = try await items(store, stream: false)
    let copy = try await backend.store()
    try await copy.restore { try await $0.write(items) }
    #expect(try await copy.stream(from: 0, limit: nil, type: nil).isEmpty)
    #expect(try await copy.streamSequence() == 5)
    try await copy.put("k", 6)
    #expect(try await copy.stream(from: 0, limit: nil, type: nil).map(\.sequence) == [6])
    #expect(try await copy.get("k")?.version == 6)
  }

  @Test("an empty database is one as well", arguments: TestBackend.all)
  func empty(_ backend: TestBackend) async throws {
    let items = try await items(try await backend.store())
    let copy = try await backend.store()
    try await copy.restore { try await $0.write(items) }
    #expect(try await self.items(copy) == items)
    try await copy.put("k", 1)
    #expect(try await copy.stream(from: 0, limit: nil, type: nil).map(\.sequence) == [1])
  }

  @Test("a database that is not empty is left as it is", arguments: TestBackend.all)
  func notEmpty(_ backend: TestBackend) async throws {
    let record = ArchiveItem.record(
      Record(key: "new", version: 3, value: 1, type: "json", created: "2024-01-01T00:00:00.000000000Z"))
    for fill in [
      { try await $0.put("k", 1) }, { _ = try await $0.schedule(NewTask("t")) },
      { _ = try await $0.acquireLease("l", holder: "h", duration: .seconds(9)) },
    ] as [@Sendable (any Database) async throws -> Void] {
      let store = try await backend.store()
      try await fill(store)
      let error = await #expect(throws: KVError.self) {
        try await store.restore { try await $0.write([record]) }
      }
      #expect(
        error?.code == .conflict && error?.message.contains("not empty") == true,
        "\(backend): \(error as Any)")
      #expect(try await store.get("new") == nil)
    }
  }

  @Test("a restore that fails, or is ended, leaves nothing", arguments: TestBackend.all)
  func nothingHalf(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let records = (0..<12_000).map {
      ArchiveItem.record(
        Record(
          key: "k\($0)", version: 1, value: JSON($0), type: "json", created: "2024-01-01T00:00:00.000000000Z")
      )
    }
    await #expect(throws: CancellationError.self) {
      try await store.restore {
        try await $0.write(records)
        throw CancellationError()
      }
    }
    // The same key twice.
    await #expect(throws: KVError.self) {
      try await store.restore { try await $0.write(records + [records[0]]) }
    }
    // A number that later changes would have again.
    let change = ArchiveItem.change(
      StreamEntry(
        sequence: 9, action: .create,
        record: Record(
          key: "k", version: 1, value: 1, type: "json", created: "2024-01-01T00:00:00.000000000Z")))
    await expectError(.invalidData) {
      try await store.restore { try await $0.write([change, .sequence(3)]) }
    }
    // The same change, task or lock twice.
    let full = try await backend.store()
    _ = try await full.schedule(NewTask("t"))
    _ = try await full.acquireLease("l", holder: "me", duration: .seconds(3600))
    let items = try await items(full).filter {
      switch $0 {
      case .task, .lease: true
      default: false
      }
    }
    #expect(items.count == 2)
    for item in items + [change] {
      let error = await expectError(.invalidData) {
        try await store.restore { try await $0.write([item, item, .sequence(9)]) }
      }
      #expect(error?.message.hasSuffix("; nothing was restored") == true, "\(error?.message ?? "")")
    }
    #expect(try await store.count(.all) == 0)
    try await store.restore { try await $0.write(records) }
    #expect(try await store.count(.all) == 12_000)
    try await store.put("k0", 1)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).map(\.action) == [.update])
  }

  @Test("what is read is of one moment, whatever others write", arguments: TestBackend.all)
  func oneMoment(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    _ = try await store.mutate((0..<5000).map { .put(key: "k\($0)", value: 1) })
    let items = Collected()
    try await store.archive(stream: true) {
      if await items.items.count < 2000 {
        _ = try await store.mutate([.deleteSelection(.all), .put(key: "later", value: 2)])
      }
      await items.add($0)
    }
    var counts = ArchiveCounts()
    counts.count(await items.items)
    #expect(counts.records == 5000 && counts.changes == 5000)
    #expect(await items.items.contains(.sequence(5000)))
    #expect(try await store.count(.all) == 1)
  }

  @Test(
    "every line of a dump comes back as it was",
    arguments: [
      ArchiveItem.setting(name: "a", value: "b"), .sequence(0), .sequence(.max),
      .index(AttributeIndex(label: "User", attribute: "full name")),
      .record(Record(key: "k", version: 2, value: [1, .null], type: "T", created: "2024-01-01T00:00:00Z")),
    ])
  func lines(_ item: ArchiveItem) throws {
    let line = JSON(ArchiveLine.item(item))
    #expect(try ArchiveLine(JSON(parsing: line.text)) == .item(item))
  }

  @Test(
    "a line that is none is refused, and says why",
    arguments: [
      ("1", "object of one member"), ("{}", "object of one member"), (#"{"record":1}"#, "\"value\""),
      (
        #"{"record":{"key":"","version":1,"value":1,"type":"json","created":"2024-01-01T00:00:00Z"}}"#,
        "key is empty"
      ),
      (
        #"{"record":{"key":"k","version":0,"value":1,"type":"json","created":"2024-01-01T00:00:00Z"}}"#,
        "\"version\""
      ),
      (#"{"record":{"key":"k","version":1,"value":1,"type":"json","created":"today"}}"#, "\"created\""),
      (#"{"sequence":-1}"#, "\"sequence\""), (#"{"future":1}"#, "holds no \"future\""),
      (#"{"index":{"label":"","attribute":"n"}}"#, "\"index\""),
      (#"{"index":{"label":"User"}}"#, "\"attribute\""), (#"{"kv":"dump","form":2}"#, "newer kv"),
    ])
  func badLines(_ text: String, _ reason: String) throws {
    let error = #expect(throws: KVError.self) { try ArchiveLine(JSON(parsing: text)) }
    #expect(error?.message.contains(reason) == true, "\(error as Any)")
  }
}

import KV
import TestSupport
import Testing

/// The stream of changes and its consumers (SPEC 1, 7).
@Suite(.timeLimit(.minutes(60))) struct StreamTests {
  @Test(arguments: TestBackend.all)
  func everyChangeIsThereOnceInOrder(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    #expect(try await store.streamSequence() == 0)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).isEmpty)
    try await store.put("a", JSON(1))
    try await store.put("a", JSON(2), type: "T")
    _ = try await store.mutate([.put(key: "b", value: JSON(3)), .delete(key: "a"), .delete(key: "none")])
    await expectError(.conflict) { try await store.put("b", .null, expecting: .absent) }
    let entries = try await store.stream(from: 0, limit: nil, type: nil)
    #expect(
      entries.map {
        "\($0.action) \($0.record.key) \($0.record.version) \($0.record.value) \($0.record.type)"
      } == [
        "create a 1 1 json", "update a 2 2 T", "create b 1 3 json", "delete a 2 2 T",
      ])
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
    #expect(try await store.streamSequence() == entries.last?.sequence)
    let second = entries[1].sequence
    #expect(try await store.stream(from: second, limit: 2, type: nil) == Array(entries[1...2]))
    #expect(try await store.stream(from: 0, limit: nil, type: "T").map(\.action) == [.update, .delete])
    #expect(try await store.stream(from: 0, limit: 0, type: nil).isEmpty)
  }

  @Test(arguments: TestBackend.all)
  func trimming(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<5 { try await store.put("k", JSON(number)) }
    let entries = try await store.stream(from: 0, limit: nil, type: nil)
    #expect(try await store.trimStream(through: 0) == 0)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).count == 5)
    #expect(try await store.trimStream(through: entries[1].sequence) == 2)
    #expect(try await store.stream(from: 0, limit: nil, type: nil) == Array(entries[2...]))
    #expect(try await store.trimStream(through: nil) == 3)
    #expect(try await store.stream(from: 0, limit: nil, type: nil).isEmpty)
    #expect(try await store.streamSequence() == entries[4].sequence)
    try await store.put("k", .null)
    let next = try #require(try await store.stream(from: 0, limit: nil, type: nil).first)
    #expect(next.sequence > entries[4].sequence)
  }

  @Test("a consumer reads batches, and what it has not committed comes again", arguments: TestBackend.all)
  func batches(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<5 { try await store.put("k\(number)", JSON(number)) }
    let consumer = StreamConsumer(store, stream: "s", as: "c")
    let first = try await consumer.nextBatch(limit: 2)
    #expect(first.map(\.record.key) == ["k0", "k1"])
    #expect(try await consumer.nextBatch(limit: 2) == first)
    #expect(
      try await consumer.nextBatch(limit: 2, after: first[1].sequence).map(\.record.key) == ["k2", "k3"])
    try await consumer.commit(through: first[0].sequence)
    #expect(try await consumer.nextBatch(limit: 2).map(\.record.key) == ["k1", "k2"])
    try await consumer.commit(try await consumer.nextBatch(limit: 10))
    #expect(try await consumer.read() == .nothing)
    try await consumer.commit([])
    let position = try #require(try await store.consumerPosition("s"))
    #expect(position.sequence == (try await store.streamSequence()) + 1 && position.type == nil)
    // Its own record is not in the stream.
    #expect(try await store.stream(from: 0, limit: nil, type: nil).count == 5)
    try await store.put("k5", .null)
    #expect(try await consumer.nextBatch().map(\.record.key) == ["k5"])
  }

  @Test(
    "one consumer of a stream at a time; the next goes on where the first has committed",
    arguments: TestBackend.all)
  func exclusive(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<3 { try await store.put("k\(number)", JSON(number)) }
    let first = StreamConsumer(store, stream: "s", as: "first")
    let second = StreamConsumer(store, stream: "s", as: "second")
    let batch = try await first.nextBatch(limit: 1)
    #expect(try await second.read() == .leased(to: "first"))
    try await first.commit(batch)
    try await first.release()
    #expect(try await second.nextBatch(limit: 1).map(\.record.key) == ["k1"])
    #expect(try await first.read() == .leased(to: "second"))
    let other = StreamConsumer(store, stream: "other", as: "first")
    #expect(try await other.nextBatch(limit: 1).map(\.record.key) == ["k0"])
  }

  @Test(
    "a consumer that lost its lease commits nothing, and goes on from the true position",
    arguments: TestBackend.all)
  func lostLease(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    for number in 0..<4 { try await store.put("k\(number)", JSON(number)) }
    let first = StreamConsumer(store, stream: "s", as: "first")
    let second = StreamConsumer(store, stream: "s", as: "second")
    let late = try await first.nextBatch(limit: 2)
    try await database.expireLease(ConsumerPosition.key(of: "s"))
    let taken = try await second.nextBatch(limit: 3)
    #expect(taken.count == 3)
    await expectError(.conflict) { try await first.commit(late) }
    try await second.commit(taken)
    #expect(try await first.read() == .leased(to: "second"))
    try await second.release()
    #expect(try await first.nextBatch().map(\.record.key) == ["k3"])
    try await first.commit(through: taken[2].sequence + 1)
    #expect(try await first.read() == .nothing)
  }

  @Test(arguments: TestBackend.all)
  func consumersAreMovedAndDeleted(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    await expectError(.notFound) { try await store.commitConsumer("s", through: 1) }
    await expectError(.notFound) { try await store.deleteConsumer("s") }
    #expect(try await store.consumerPosition("s") == nil)
    for number in 0..<4 { try await store.put("k\(number)", .null, type: number % 2 == 0 ? "even" : "odd") }
    let consumer = StreamConsumer(store, stream: "s", as: "c", type: "even")
    let batch = try await consumer.nextBatch()
    #expect(batch.map(\.record.key) == ["k0", "k2"])
    #expect(try await store.consumerPosition("s")?.type == "even")
    try await store.commitConsumer("s", through: batch[0].sequence)
    // The one that is running finds that it was moved.
    await expectError(.conflict) { try await consumer.commit(batch) }
    #expect(try await consumer.nextBatch().map(\.record.key) == ["k2"])
    try await store.deleteConsumer("s")
    await expectError(.conflict) { try await consumer.commit(batch) }
    #expect(try await consumer.nextBatch().map(\.record.key) == ["k0", "k2"])
  }

  @Test(
    "a consumer that is moved goes on from there, also where it has come to the end",
    arguments: TestBackend.all)
  func moved(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<3 { try await store.put("k\(number)", .null) }
    for prefix in [nil, "k"] {
      let name = "s\(prefix ?? "")"
      let consumer = StreamConsumer(store, stream: name, as: "c", prefix: prefix)
      try await consumer.commit(Array(consumer.nextBatch()))
      #expect(try await consumer.read() == .nothing)
      try await store.commitConsumer(name, through: 1)
      #expect(try await consumer.nextBatch(limit: 1).map(\.record.key) == ["k1"])
      // Its lease, which others need not wait for.
      try await store.commitConsumer(name, through: 2)
      await expectError(.conflict) { try await consumer.commit(through: 2) }
      try await consumer.release()
      #expect(try await store.lease(ConsumerPosition.key(of: name))?.isExpired != false)
    }
  }

  @Test("a consumer that cannot begin gives its lease up", arguments: TestBackend.all)
  func failedStart(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let early = StreamConsumer(store, stream: "s", as: "c", from: .sequence(9))
    await expectError(.conflict) { _ = try await early.read() }
    try await early.release()
    #expect(try await store.lease(ConsumerPosition.key(of: "s")) == nil)
    #expect(try await StreamConsumer(store, stream: "s", as: "other").read() == .nothing)
  }

  @Test("who commits nothing moves nothing, whatever is left out", arguments: TestBackend.all)
  func readingOnly(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<3 { try await store.put("post/\(number)", .null) }
    let consumer = StreamConsumer(store, stream: "s", as: "c", prefix: "user/")
    #expect(try await consumer.read(after: 0) == .nothing)
    #expect(try await store.consumerPosition("s")?.sequence == 0)
    try await store.put("user/a", .null)
    #expect(try await consumer.nextBatch(after: 0).map(\.record.key) == ["user/a"])
    #expect(try await store.consumerPosition("s")?.sequence == 0)
  }

  @Test(
    "batches go on from what is committed, and end with the task that reads them", arguments: TestBackend.all)
  func batchSequence(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<5 { try await store.put("k/\(number)", JSON(number)) }
    let consumer = StreamConsumer(store, stream: "s", as: "c")
    var seen: [String] = []
    for try await batch in consumer.batches(limit: 2) {
      seen += batch.map(\.record.key)
      // The second batch is not committed at first, and comes again.
      if seen.count != 4 { try await consumer.commit(batch) }
      if seen.count >= 7 { break }
    }
    #expect(seen == ["k/0", "k/1", "k/2", "k/3", "k/2", "k/3", "k/4"])
    let reading = Task { for try await _ in consumer.batches() {} }
    reading.cancel()
    _ = await reading.result
  }

  @Test("a store that was closed opens its connections again", arguments: TestBackend.all)
  func closing(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    try await store.put("a", 1)
    await store.close()
    #expect(try await store.get("a")?.value == 1)
    async let waited = store.waitForChanges(since: .start, atMost: .milliseconds(1))
    _ = try await waited
    await store.close()
    try await store.put("b", 2)
    #expect(try await store.count(.all) == 2)
  }

  @Test("news ends the wait of a consumer", arguments: TestBackend.all)
  func consumersWait(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let consumer = StreamConsumer(store, stream: "s", as: "c")
    async let batch = consumer.nextBatch(waiting: Backoff(first: .milliseconds(1), cap: .milliseconds(20)))
    try await store.put("k", .null)
    #expect(try await batch.map(\.record.key) == ["k"])
    let waiting = Task { try await consumer.nextBatch(after: Int.max - 1) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test("a-h/kv's consumer record is read", arguments: TestBackend.all)
  func foreignPosition(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<3 { try await store.put("k\(number)", .null) }
    let second = try await store.stream(from: 0, limit: nil, type: nil)[1].sequence
    try await store.put(
      ConsumerPosition.key(of: "s"),
      JSON(parsing: #"{"name":"s","ofType":"all","seq":\#(second),"lastUpdated":"2026-11-23T19:35:57Z"}"#))
    #expect(
      try await StreamConsumer(store, stream: "s", as: "c").nextBatch().map(\.record.key) == ["k1", "k2"])
  }

  @Test(
    "a consumer takes the changes of keys that begin so, from where it is told to", arguments: TestBackend.all
  )
  func prefixAndStart(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    _ = try await store.mutate(
      (0..<1500).map { .put(key: $0 % 500 == 0 ? "user/\($0)" : "post/\($0)", value: 1) })
    let users = StreamConsumer(store, stream: "users", as: "a", prefix: "user/")
    #expect(try await users.nextBatch(limit: 2).map(\.sequence) == [1, 501])
    try await users.commit(through: 501)
    #expect(try await users.nextBatch(limit: 2).map(\.sequence) == [1001])
    try await users.commit(through: 1001)
    #expect(try await users.read() == .nothing)
    // What is not for it is done with.
    #expect(try await store.consumerPosition("users")?.sequence == 1501)
    let late = StreamConsumer(store, stream: "late", as: "a", from: .now)
    #expect(try await late.read() == .nothing)
    try await store.put("user/x", 1)
    #expect(try await late.nextBatch().map(\.record.key) == ["user/x"])
    let middle = StreamConsumer(store, stream: "middle", as: "a", from: .sequence(1500))
    #expect(try await middle.nextBatch().map(\.sequence) == [1500, 1501])
    let early = StreamConsumer(store, stream: "early", as: "a", from: .sequence(1503))
    await expectError(.conflict) { _ = try await early.read() }
    // One that is there goes on where it was.
    try await middle.commit(through: 1500)
    try await middle.release()
    let again = StreamConsumer(store, stream: "middle", as: "b", from: .sequence(1))
    #expect(try await again.nextBatch().map(\.sequence) == [1501])
  }

  @Test("what is trimmed before a consumer has read it is told", arguments: TestBackend.all)
  func missedChanges(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<6 { try await store.put("k", JSON(number)) }
    #expect(try await store.trimmedSequence() == 0)
    let consumer = StreamConsumer(store, stream: "s", as: "a")
    try await consumer.commit(Array(consumer.nextBatch(limit: 2)))
    try await consumer.release()
    #expect(try await store.trimStream(through: 4) == 4)
    #expect(try await store.trimmedSequence() == 4)
    #expect(await consumer.missed == nil)
    #expect(try await consumer.nextBatch().map(\.sequence) == [5, 6])
    #expect(await consumer.missed == 3...4)
    #expect(try await store.trimStream(through: nil) == 2)
    #expect(try await store.trimmedSequence() == 6)
    #expect(try await store.trimStream(through: nil) == 0)
    #expect(try await store.trimmedSequence() == 6)
  }
}

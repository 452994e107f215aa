import KV
import TestSupport
import Testing

/// What is out of its bounds is refused, and nothing ends the process.
@Suite struct BoundsTests {
  @Test(arguments: TestBackend.all)
  func negativeLimitsAndOffsetsAreUsageErrors(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for number in 0..<3 { try await store.put("k\(number)", .null) }
    for page in [Page(limit: -1), Page(offset: -1), Page(offset: .min, limit: .min)] {
      await expectError(.usage) { _ = try await store.records(.all, page: page) }
      await expectError(.usage) { _ = try await store.delete(.all, page: page) }
    }
    await expectError(.usage) { _ = try await store.stream(from: 0, limit: -1, type: nil) }
    await expectError(.usage) { _ = try await store.tasks(status: nil, name: nil, offset: -1, limit: nil) }
    await expectError(.usage) { _ = try await store.tasks(status: nil, name: nil, offset: 0, limit: -1) }
    #expect(try await store.count(.all) == 3)
    for size in [0, -1] {
      var keys: [String] = []
      for try await record in store.sequence(of: .all, pageSize: size) { keys.append(record.key) }
      #expect(keys == ["k0", "k1", "k2"])
    }
  }

  @Test(arguments: TestBackend.all)
  func aTaskIsDueInAYearThatCanBeWritten(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let times = [
      Timestamp(seconds: 1_795_000_000_000), Timestamp(seconds: -62_167_219_201),
      Timestamp(seconds: 5, nanoseconds: -1), Timestamp(seconds: 5, nanoseconds: 1_000_000_000),
    ]
    for due in times.map({ NewTask.Due.at($0) }) + [
      .after(.seconds(-1)), .after(.seconds(100_000_000_001)), .after(.seconds(Int64.max)),
    ] {
      await expectError(.usage) { _ = try await store.schedule(NewTask("t", due: due)) }
    }
    for age in [Duration.seconds(Int64.max), .seconds(Int64.min)] {
      await expectError(.usage) { _ = try await store.purgeTasks([.completed], endedFor: age) }
    }
    #expect(try await store.tasks(status: nil, name: nil, offset: 0, limit: nil).isEmpty)
  }

  @Test func aTimeBeyondTheLastIsTheLast() {
    #expect((Timestamp.now() + .seconds(Int64.max)).seconds == .max)
    #expect((Timestamp(seconds: .min) + .seconds(Int64.min)).seconds == .min)
    #expect(
      Timestamp(seconds: 1, nanoseconds: 5) + .nanoseconds(-6)
        == Timestamp(seconds: 0, nanoseconds: 999_999_999))
    #expect(
      Timestamp(seconds: 0, nanoseconds: 999_999_999) + .nanoseconds(2)
        == Timestamp(seconds: 1, nanoseconds: 1))
  }

  @Test(arguments: TestBackend.all)
  func aConsumersBoundsAreChecked(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    try await store.put("k", .null)
    let consumer = StreamConsumer(store, stream: "s", as: "c")
    for limit in [0, -1, .min] { await expectError(.usage) { _ = try await consumer.read(limit: limit) } }
    #expect(try await consumer.read(limit: .max) != .nothing)
    for sequence in [-1, .min] {
      await expectError(.usage) { try await consumer.commit(through: sequence) }
      let early = StreamConsumer(store, stream: "t", as: "c", from: .sequence(sequence))
      await expectError(.usage) { _ = try await early.read() }
    }
    await expectError(.usage) {
      _ = try await store.acquireLease("l", holder: "me", duration: .nanoseconds(1))
    }
  }

  @Test(arguments: TestBackend.all)
  func aRunnersSettingsAreChecked(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for concurrency in [0, -1] {
      var runner = TaskRunner(store, id: "r")
      runner.concurrency = concurrency
      await expectError(.usage) { try await runner.runDue() }
    }
    var runner = TaskRunner(store, id: "r")
    runner.pollInterval = .zero
    await expectError(.usage) { try await runner.run() }
  }

  @Test(arguments: TestBackend.all)
  func theMutationThatIsInvalidIsNamed(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for invalid in [
      Mutation.put(key: "", value: .null), .put(key: "a\0", value: .null), .delete(key: ""),
      .put(key: "k", value: JSON("\0")), .deleteSelection(.all, page: Page(limit: -1)),
    ] {
      do {
        _ = try await store.mutate([.put(key: "first", value: .null), invalid])
        Issue.record("\(invalid) is taken")
      } catch let error as KVError {
        #expect(error.mutationIndex == 1, "\(error)")
      }
    }
    #expect(try await store.count(.all) == 0)
  }

  @Test(arguments: TestBackend.all)
  func aLoadEndsWithItsBodyAndItsTask(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let record = NewRecord(key: "x", value: 1, type: "json")
    let late = try await store.load { load in load }
    for policy in [ConflictPolicy.error, .skip, .replace] {
      await expectError(.usage) { _ = try await late.put([record], onConflict: policy) }
    }
    #expect(try await store.get("x") == nil)
    guard store.loadsAreAtomic else { return }
    let cancelled = Task {
      try await store.load { load in
        _ = try await load.put([record], onConflict: .error)
        while !Task.isCancelled { await Task.yield() }
      }
    }
    cancelled.cancel()
    await #expect(throws: (any Error).self) { try await cancelled.value }
    #expect(try await store.get("x") == nil)
  }

  @Test func jsonIsReadAsItIsHoweverDeep() async throws {
    let store = try await TestBackend.sqlite.store()
    let deep = try JSON(parsing: String(repeating: "[", count: 900) + String(repeating: "]", count: 900))
    try await store.put("deep", deep)
    #expect(try await store.get("deep", as: JSON.self) == deep)
    #expect(try JSON(encoding: deep) == deep)
    // An error shows nothing of what is in it.
    let error = await expectError(.invalidData) { _ = try JSON(encoding: Login()) }
    #expect(error?.message.contains("hunter2") == false && error?.message.contains("score") == true)
  }

  private struct Login: Encodable {
    var password = "hunter2"
    var score = Double.nan
  }
}

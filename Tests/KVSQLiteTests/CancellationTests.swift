import KV
import KVSQL
import KVSQLite
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(60))) struct CancellationTests {
  @Test("a read that is cancelled ends, and the next one is not touched")
  func reads() async throws {
    let store = try await SQLiteStore(sqlite: TemporaryFolder().database)
    let hasBegun = Mutex(false)
    let endless = Task {
      try await store.driver.reduce(
        SQLStatement("with recursive n (i) as (select 1 union all select i + 1 from n) select i from n"),
        into: 0
      ) { count, _ in
        count += 1
        if count == 1000 { hasBegun.withLock { $0 = true } }
      }
    }
    try await waitUntil { hasBegun.withLock { $0 } }
    endless.cancel()
    await #expect(throws: CancellationError.self) { try await endless.value }
    #expect(try await store.count(.all) == 0)
  }

  @Test("a writer that waits for another process's lock is cancelled, and nothing of it is written")
  func writers() async throws {
    let path = TemporaryFolder().database
    let store = try await SQLiteStore(sqlite: "file:\(path)?busy_timeout=600000")
    let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
    let (done, isDone) = AsyncStream.makeStream(of: Void.self)
    let other = try await SQLiteStore(sqlite: path)
    let holding = Task {
      try await other.load { load in
        _ = try await load.put([NewRecord(key: "other", value: .null, type: "json")], onConflict: .error)
        isReady.yield()
        for await _ in done { break }
      }
    }
    for await _ in ready { break }
    let waiting = Task { try await store.put("k", .null) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    isDone.yield()
    try await holding.value
    #expect(try await store.count(.all) == 1)
    #expect(try await store.put("k", .null) == 1)
  }

  @Test("in memory a load and a put wait for each other, and reads inside a load see it")
  func memory() async throws {
    let store = try await SQLiteStore(sqlite: ":memory:")
    let records = (0..<100).map { NewRecord(key: "l/\($0)", value: .null, type: "json") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await store.load { load in
          _ = try await load.put(records, onConflict: .replace)
          #expect(try await store.get("l/0") != nil)
          #expect(try await store.count(.prefix("l/")) == 100)
        }
      }
      for number in 0..<20 { group.addTask { try await store.put("p/\(number)", .null) } }
      try await group.waitForAll()
    }
    #expect(try await store.count(.all) == 120)
  }
}

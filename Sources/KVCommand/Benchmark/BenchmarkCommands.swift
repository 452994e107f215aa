import ArgumentParser
import KV
import Synchronization

struct BenchmarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure throughput and latency.",
    discussion: """
      In a scratch database, unless a connection is given; there the records stand under kv-benchmark-, and are deleted at the end.
      """,
    subcommands: [BenchmarkGet.self, BenchmarkPut.self, BenchmarkPatch.self, BenchmarkMixed.self])
}

/// A count on the command line, at least 1.
struct PositiveNumber: ExpressibleByArgument, Equatable {
  var value: Int

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    guard let value = Int(argument), value > 0 else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { String(value) }
}

private func person(_ key: String) -> JSON {
  JSON(members: [
    ("key", JSON(key)), ("name", JSON("Alice")), ("age", JSON(42)), ("address1", JSON("1 The Street")),
    ("address2", JSON("The Town")), ("address3", JSON("The County")), ("address4", JSON("The Country")),
    ("postcode", JSON("AB1 2CD")),
  ])
}

struct BenchmarkGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Read single keys at random.",
    discussion: "EXAMPLE\n  kv benchmark get 100 10000 100 --connection benchmark.db")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "Keys to read from.") var x = PositiveNumber(100)
  @Argument(help: "Reads.") var n = PositiveNumber(10000)
  @Argument(help: "Workers.") var w = PositiveNumber(100)

  func run() async throws { try await BenchmarkDatabase.with(database, measure) }

  private func measure(in store: any GraphStore & Scheduler) async throws {
    let keys = (0..<x.value).map { "kv-benchmark-get-key-\($0)" }
    for start in stride(from: 0, to: keys.count, by: 1000) {
      _ = try await store.mutate(
        keys[start..<min(start + 1000, keys.count)].map { .put(key: $0, value: person($0)) })
    }
    let workload = Workload(name: "get", operations: n.value, workers: w.value)
    let line = try await workload.measure { index, _ in
      // By multiplicative hashing: a random number from the system would cost as much as a read.
      let key = keys[Int((UInt64(index) &* 0x9E37_79B9_7F4A_7C15) >> 32) % keys.count]
      guard try await store.get(key) != nil else {
        throw KVError(.failed, "a key that was put is not there")
      }
    }
    try await Output.line(line)
  }
}

struct BenchmarkPut: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Write single keys.",
    discussion: "EXAMPLE\n  kv benchmark put 30000 100 --connection benchmark.db")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "Writes.") var n = PositiveNumber(30000)
  @Argument(help: "Workers.") var w = PositiveNumber(100)

  func run() async throws { try await BenchmarkDatabase.with(database, measure) }

  private func measure(in store: any GraphStore & Scheduler) async throws {
    let workload = Workload(name: "put", operations: n.value, workers: w.value)
    let line = try await workload.measure { index, _ in
      let key = "kv-benchmark-put-key-\(index)"
      try await store.put(key, person(key))
    }
    try await Output.line(line)
  }
}

struct BenchmarkPatch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch", abstract: "Patch one key from all workers, and check that no patch was lost.",
    discussion: "EXAMPLE\n  kv benchmark patch 250 4 --connection benchmark.db")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "Patches of each worker.") var n = PositiveNumber(250)
  @Argument(help: "Workers.") var w = PositiveNumber(4)

  func run() async throws { try await BenchmarkDatabase.with(database, measure) }

  private func measure(in store: any GraphStore & Scheduler) async throws {
    let key = "kv-benchmark-patch-key"
    try await store.put(key, JSON(members: []))
    let workload = Workload(name: "patch", operations: n.value * w.value, workers: w.value)
    let tally = Tally(w.value)
    let line = try await workload.measure { _, worker in
      try await store.patch(key, with: JSON(members: [("worker_\(worker)", JSON(tally.increment(worker)))]))
    }
    let value = try await store.get(key)?.value
    for (worker, count) in tally.counts.enumerated() where count > 0 {
      let found = value?["worker_\(worker)"]?.text ?? "0"
      if found != String(count) {
        throw KVError(.failed, "worker \(worker) patched \(count) times, but \(found) is stored")
      }
    }
    try await Output.line(line)
  }
}

/// How often each worker has patched.
private final class Tally: Sendable {
  private let state: Mutex<[Int]>

  init(_ workers: Int) { state = Mutex(Array(repeating: 0, count: workers)) }

  var counts: [Int] { state.withLock { $0 } }

  func increment(_ worker: Int) -> Int {
    state.withLock {
      $0[worker] += 1
      return $0[worker]
    }
  }
}

struct BenchmarkMixed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixed", abstract: "Write a key and read it again.",
    discussion: "EXAMPLE\n  kv benchmark mixed 10000 15 --connection benchmark.db")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "Pairs of a write and a read.") var n = PositiveNumber(10000)
  @Argument(help: "Workers.") var w = PositiveNumber(15)

  func run() async throws { try await BenchmarkDatabase.with(database, measure) }

  private func measure(in store: any GraphStore & Scheduler) async throws {
    let workload = Workload(name: "mixed", operations: n.value, workers: w.value)
    let line = try await workload.measure { index, worker in
      let key = "kv-benchmark-mixed/\(worker)/\(index)"
      try await store.put(key, person(key))
      guard try await store.get(key) != nil else { throw KVError(.failed, "a key that was put is not there") }
    }
    try await Output.line(line)
  }
}

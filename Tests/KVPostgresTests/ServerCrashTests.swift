import Foundation
import KV
import KVPostgres
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// A server of its own that is killed and started again while it is used.
@Suite(
  .enabled(if: CrashingServer.isInstalled, "PostgreSQL's server is not installed"), .timeLimit(.minutes(60)))
struct ServerCrashTests {
  @Test("after the server was killed nothing acknowledged is missing, nothing is doubled, and all goes on")
  func killed() async throws {
    let server = try await CrashingServer()
    do {
      try await use(server)
    } catch {
      Issue.record(error)
    }
    await server.end()
  }

  private func use(_ server: CrashingServer) async throws {
    let store = try await PostgresStore(postgres: server.connection)
    let tasks = 300
    for _ in 0..<tasks { _ = try await store.schedule(NewTask("t")) }
    let record = CrashRecord()
    var runner = TaskRunner(store, id: "runner")
    runner.lease = .seconds(10)
    runner.pollInterval = .milliseconds(100)
    runner.handlers["t"] = { await record.ran($0.id) }
    let running = Task { [runner] in try await runner.run() }
    let consuming = Task { try await consume(store, record) }
    let writing = (0..<4).map { writer in Task { try await write(store, "k\(writer)", record) } }
    for round in 1...3 {
      try await waitUntil { await record.puts >= 150 * round }
      try await server.kill()
      try await server.restart()
    }
    let end = await record.puts + 100
    try await waitUntil { await record.puts >= end }
    for writer in writing { writer.cancel() }
    for writer in writing { _ = await writer.result }
    while try await store.tasks(status: .completed, name: nil, offset: 0, limit: nil).count < tasks {
      try await Task.sleep(for: .milliseconds(50))
    }
    running.cancel()
    _ = await running.result
    let last = try await store.streamSequence()
    try await waitUntil { await record.consumed.last == last }
    consuming.cancel()
    _ = await consuming.result

    for writer in 0..<4 {
      let (acknowledged, unknown) = await record.counts("k\(writer)")
      let version = try await store.get("k\(writer)")?.version ?? 0
      #expect(acknowledged <= version && version <= acknowledged + unknown, "k\(writer), \(unknown) unknown")
    }
    let changes = try await store.stream(from: 0, limit: nil, type: nil).map(\.sequence)
    #expect(await record.consumed == changes)
    let runs = await record.runs
    #expect(runs.count == tasks && runs.values.allSatisfy { $0 == 1 })
  }

  private func write(_ store: PostgresStore, _ key: String, _ record: CrashRecord) async throws {
    while !Task.isCancelled {
      do {
        try await store.put(key, .null)
        await record.acknowledge(key)
      } catch let error as KVError where error.code == .unavailable {
        if error.message.contains("may have happened") { await record.doubt(key) }
      }
    }
  }

  private func consume(_ store: PostgresStore, _ record: CrashRecord) async throws {
    let consumer = StreamConsumer(store, stream: "c", as: "one", lease: .seconds(60))
    while !Task.isCancelled {
      do {
        let changes = try await consumer.nextBatch(limit: 50)
        await record.consume(changes.map(\.sequence))
        try await consumer.commit(changes)
      } catch let error as KVError where error.code == .unavailable || error.code == .conflict {
        // A commit whose answer was lost looks like one of somebody else's; the true position is read again.
      }
    }
  }
}

private actor CrashRecord {
  private(set) var puts = 0
  private var acknowledged: [String: Int] = [:]
  private var doubted: [String: Int] = [:]
  /// Without those that came again, as they may.
  private(set) var consumed: [Int] = []
  private(set) var runs: [String: Int] = [:]

  func acknowledge(_ key: String) {
    puts += 1
    acknowledged[key, default: 0] += 1
  }

  func doubt(_ key: String) { doubted[key, default: 0] += 1 }

  func counts(_ key: String) -> (Int, Int) { (acknowledged[key, default: 0], doubted[key, default: 0]) }

  func consume(_ sequences: [Int]) { consumed += sequences.filter { $0 > consumed.last ?? 0 } }

  func ran(_ task: String) { runs[task, default: 0] += 1 }
}

/// A cluster made by Tests/postgres.sh.
private struct CrashingServer {
  static let isInstalled =
    !((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []).isEmpty

  let folder: String
  let connection: String

  init() async throws {
    folder = "/tmp/kv-crash-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    connection = "postgresql:///postgres?host=\(folder)&user=kv"
    try await Self.script("start", folder)
  }

  func kill() async throws { try await Self.script("kill", folder) }
  func restart() async throws { try await Self.script("restart", folder) }

  func end() async {
    try? await Self.script("stop", folder)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func script(_ action: String, _ folder: String) async throws {
    let path = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/postgres.sh"
    // Not a pipe: the server would hold its end open.
    let result = try await run(
      .path(FilePath(path)), arguments: [action, folder], input: .none, output: .discarded, error: .discarded)
    guard result.terminationStatus.isSuccess else { throw KVError(.failed, "postgres.sh \(action) failed") }
  }
}

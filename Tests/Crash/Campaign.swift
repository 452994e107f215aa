import Foundation
import KV
import KVSQLite
import Synchronization

/// Ends writers at random moments, and keeps what they had acknowledged by then.
final class Campaign: Sendable {
  struct Run {
    var events: [String]
    var killed: Timestamp
  }

  struct Record {
    var kills = 0
    var puts: Set<String> = []
    /// The mutations acknowledged, by the prefix of their keys.
    var mutations: [String: Int] = [:]
    var imports: [String: Bool] = [:]
    /// The sequence numbers that each run of the consumer has printed.
    var consumed: [[Int]] = []
    var taskRuns: [Run] = []
    var tasks: Set<String> = []
  }

  static let edgesPerImport = 2000

  /// Found in the command lines of the processes that its commands start, and in no others.
  private let marker = UInt32.random(in: 100_000...999_999)
  let folder: String
  let kv: String
  let own: String
  let end: ContinuousClock.Instant
  private let state = Mutex(Record())

  var database: String { folder + "/crash.db" }
  var record: Record { state.withLock { $0 } }

  init(folder: String, kv: String, own: String, seconds: Int) {
    self.folder = folder
    self.kv = kv
    self.own = own
    end = .now + .seconds(seconds)
  }

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for attack in [putKeys, mutate, importEdges, runTasks, runCommands, consume] {
        group.addTask {
          var number = 0
          while ContinuousClock.now < self.end {
            try await attack(number)
            self.state.withLock { $0.kills += 1 }
            number += 1
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func putKeys(_ number: Int) async throws {
    let key = "crash/put/\(number)"
    let victim = try await Victim(
      kv, ["put", key, "--version", "0", "--connection", database], input: "\(number)", within: 10...250,
      scratch: folder + "/put")
    if victim.succeeded { state.withLock { _ = $0.puts.insert(key) } }
  }

  private func mutate(_ number: Int) async throws {
    let prefix = "crash/mutate/\(number)"
    let victim = try await Victim(
      own, ["mutate", database, prefix], within: 20...300, scratch: folder + "/mutate")
    state.withLock { $0.mutations[prefix] = victim.output.count }
  }

  private func importEdges(_ number: Int) async throws {
    let edges = (0..<Self.edgesPerImport).map { #"{"from":"I\#(number):\#($0)","to":"N:1","type":"t"}"# }
    let victim = try await Victim(
      kv, ["graph", "import", "-", "--connection", database], input: edges.joined(separator: "\n"),
      within: 50...1500, scratch: folder + "/import")
    state.withLock { $0.imports["graph/edge/I\(number)/"] = victim.succeeded }
  }

  private func runTasks(_ number: Int) async throws {
    let store = try await SQLiteStore(sqlite: database)
    for _ in 0..<5 {
      let id = try await store.schedule(NewTask("crash", maxRetries: 1_000_000))
      state.withLock { _ = $0.tasks.insert(id) }
    }
    // Two at once, killed at different moments.
    // Not stopped: whoever is, has no lease any more, and goes on all the same until it finds out.
    async let first = Victim(
      own, ["tasks", database], within: 20...300, scratch: folder + "/tasks1", ends: [.kill, .hangUp])
    async let second = Victim(
      own, ["tasks", database], within: 20...300, scratch: folder + "/tasks2", ends: [.kill, .hangUp])
    for victim in try await [first, second] {
      state.withLock { $0.taskRuns.append(Run(events: victim.output, killed: victim.killed)) }
    }
  }

  /// Tasks whose commands start others and do not want to end; see ``leftRunning``.
  private func runCommands(_ number: Int) async throws {
    let store = try await SQLiteStore(sqlite: database)
    _ = try await store.schedule(NewTask("command", maxRetries: 1_000_000))
    _ = try await Victim(
      kv,
      [
        "task", "run", "--exec", "command=(trap '' TERM HUP; sleep 7\(marker)) & sleep 0.2", "--connection",
        database, "--lock-duration", "500ms", "--poll-interval", "50ms",
      ], within: 50...500, scratch: folder + "/commands")
  }

  /// How many of the commands' processes are still there, once they have had the time to end.
  func leftRunning() async throws -> Int {
    var count = 0
    for _ in 0..<100 {
      count = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
        let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return words == Data("sleep\07\(marker)\0".utf8)
      }.count
      if count == 0 { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    return count
  }

  private func consume(_ number: Int) async throws {
    let victim = try await Victim(
      kv,
      [
        "consumer", "stream", "crash", "victim", "--limit", "500", "--output", "jsonl", "--connection",
        database,
      ],
      within: 20...400, scratch: folder + "/consume")
    let sequences = victim.output.compactMap { try? JSON(parsing: $0)["seq"]?.text }.compactMap { Int($0) }
    state.withLock { $0.consumed.append(sequences) }
  }
}

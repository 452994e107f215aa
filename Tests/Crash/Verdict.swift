import KV
import KVSQLite

/// Compares what is stored with what was acknowledged.
struct Verdict {
  private(set) var problems: [String] = []
  private let record: Campaign.Record
  private let store: SQLiteStore

  init(of campaign: Campaign) async throws {
    record = campaign.record
    store = try await SQLiteStore(sqlite: campaign.database)
    try await checkWrites()
    try await checkStream()
    try await checkConsumer()
    try await checkTasks()
  }

  private mutating func check(_ holds: Bool, _ problem: @autoclosure () -> String) {
    if !holds { problems.append(problem()) }
  }

  private mutating func checkWrites() async throws {
    let stored = Set(try await store.getPrefix("crash/put/").map(\.key))
    for key in record.puts { check(stored.contains(key), "\(key) was acknowledged and is gone") }
    for (prefix, acknowledged) in record.mutations {
      var counts: [Substring: Int] = [:]
      for record in try await store.getPrefix(prefix + "/") {
        counts[record.key.split(separator: "/")[3], default: 0] += 1
      }
      for (number, count) in counts where count != Writers.keysPerMutation {
        check(false, "\(prefix)/\(number) is half there: \(count) keys")
      }
      check(
        counts.count == acknowledged || counts.count == acknowledged + 1,
        "\(prefix): \(acknowledged) acknowledged, \(counts.count) there")
    }
    for (prefix, succeeded) in record.imports {
      let count = try await store.count(.prefix(prefix))
      let all = Campaign.edgesPerImport
      check(count == all || (count == 0 && !succeeded), "\(prefix): \(count) edges, success \(succeeded)")
    }
    let incoming = try await store.edges(EdgeQuery(.entering(["N/1"]))).count
    let edges = try await store.count(.prefix("graph/edge/"))
    check(incoming == edges, "\(edges) edges, but \(incoming) in the index of incoming edges")
  }

  /// The changes one after another give what is stored.
  private mutating func checkStream() async throws {
    var state: [String: Record] = [:]
    var last = 0
    for entry in try await store.stream(from: 0, limit: nil, type: nil) {
      check(entry.sequence > last, "the stream goes back at \(entry.sequence)")
      last = entry.sequence
      state[entry.record.key] = entry.action == .delete ? nil : entry.record
    }
    let stored = try await store.list().filter { !$0.key.hasPrefix(ConsumerPosition.key(of: "")) }
    check(
      stored.count == state.count, "the stream leads to \(state.count) records, \(stored.count) are stored")
    for record in stored {
      check(state[record.key] == record, "\(record.key) is not what the stream leads to")
    }
  }

  private mutating func checkConsumer() async throws {
    let position = try await store.consumerPosition("crash")?.sequence ?? 0
    let due = try await store.stream(from: 0, limit: nil, type: nil).map(\.sequence).filter { $0 < position }
    let seen = Set(record.consumed.joined())
    check(due.allSatisfy(seen.contains), "the consumer was moved past a change that it had not printed")
    for run in record.consumed {
      check(zip(run, run.dropFirst()).allSatisfy { $0 < $1 }, "the consumer printed changes out of order")
    }
  }

  private mutating func checkTasks() async throws {
    struct Event {
      var run: Int
      var isBegin: Bool
      var time: Timestamp
    }
    var events: [String: [Event]] = [:]
    for (run, taskRun) in record.taskRuns.enumerated() {
      for line in taskRun.events {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let time = Timestamp(words[2]) else { continue }
        events[words[1], default: []].append(Event(run: run, isBegin: words[0] == "begin", time: time))
      }
    }
    for (id, unsorted) in events {
      let sorted = unsorted.sorted { $0.time < $1.time }
      for (earlier, later) in zip(sorted, sorted.dropFirst()) where earlier.isBegin && later.isBegin {
        let killed = record.taskRuns[earlier.run].killed
        check(killed < later.time, "the task \(id) was run by two at once")
      }
    }
    for id in record.tasks {
      guard let task = try await store.task(id) else {
        check(false, "the task \(id) is lost")
        continue
      }
      let hasEnded = events[id]?.contains { !$0.isBegin } == true
      check(
        task.status != .completed || hasEnded, "the task \(id) is completed, but was never run to its end")
      check(task.status != .failed && task.status != .cancelled, "the task \(id) is \(task.status.rawValue)")
    }
  }
}

import KV
import KVSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What runs in the processes that are killed, besides `kv` itself.
enum Writers {
  static let keysPerMutation = 5

  /// Writes five keys in one mutation, again and again, and prints the number of each that was acknowledged.
  static func mutate(_ database: String, prefix: String) async throws {
    let store = try await SQLiteStore(sqlite: database)
    for number in 0... {
      _ = try await store.mutate(
        (0..<keysPerMutation).map {
          .put(key: "\(prefix)/\(number)/\($0)", value: JSON(number), expecting: .absent)
        })
      print(number)
      fflush(nil)
    }
  }

  /// Runs tasks, and prints when each begins and ends.
  static func runTasks(_ database: String) async throws {
    var runner = TaskRunner(try await SQLiteStore(sqlite: database), id: "runner-\(getpid())")
    runner.lease = .milliseconds(400)
    runner.pollInterval = .milliseconds(20)
    runner.concurrency = 3
    runner.handlers["crash"] = { task in
      print("begin \(task.id) \(Timestamp.now())")
      fflush(nil)
      try await Task.sleep(for: .milliseconds(15))
      print("end \(task.id) \(Timestamp.now())")
      fflush(nil)
    }
    try await runner.run()
  }
}

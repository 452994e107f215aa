import KV
import Synchronization

/// A number of operations done by several workers at once, each as soon as it has ended the one before.
struct Workload: Sendable {
  var name: String
  var operations: Int
  var workers: Int

  /// Throughput and latencies on one line.
  func measure(_ operation: @escaping @Sendable (_ index: Int, _ worker: Int) async throws -> Void)
    async throws
    -> String
  {
    let clock = ContinuousClock()
    let upcoming = Counter()
    let start = clock.now
    var latencies: [Duration] = []
    try await withThrowingTaskGroup(of: [Duration].self) { group in
      for worker in 0..<workers {
        group.addTask {
          var latencies: [Duration] = []
          var before = clock.now
          while let index = upcoming.next(below: operations) {
            try await operation(index, worker)
            let now = clock.now
            latencies.append(now - before)
            before = now
          }
          return latencies
        }
      }
      for try await more in group { latencies += more }
    }
    let time = clock.now - start
    latencies.sort()
    func percentile(_ percent: Int) -> String {
      if latencies.isEmpty { return "-" }
      let latency = latencies[min(latencies.count - 1, latencies.count * percent / 100)]
      return (latency * 1000).seconds(digits: 3) + " ms"
    }
    let rate = Int(Double(operations) / max(time / .seconds(1), 1e-9))
    return "\(name): \(operations) operations, \(workers) workers, \(time.seconds(digits: 2)) s: "
      + "\(rate) operations/s; p50 \(percentile(50)), p95 \(percentile(95)), p99 \(percentile(99))"
  }
}

/// Hands out numbers from 0 on to many tasks.
private final class Counter: Sendable {
  private let value = Atomic(0)

  func next(below end: Int) -> Int? {
    let next = value.wrappingAdd(1, ordering: .relaxed).oldValue
    return next < end ? next : nil
  }
}

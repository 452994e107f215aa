import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Work that falls into parts of its own.
enum Concurrently {
  /// How many parts are worth while: a core each, but for little work, which is done before another core has begun.
  static func parts(for steps: Int) -> Int {
    steps < 50_000 ? 1 : min(max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1), 8)
  }

  /// What `body` gives for 0, 1, 2 … below a number, in that order; called on several cores, and on this one too.
  static func map<T>(_ count: Int, _ body: (Int) -> T) -> [T] {
    if count == 1 { return [body(0)] }
    var results = [T?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Each call writes a place of its own, and all have returned when this does.
      nonisolated(unsafe) let places = results
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: count) { places[$0] = body($0) }
    }
    return results.compactMap { $0 }
  }

  /// What `body` gives for each part of a number of things, part after part, as many at once as there are cores.
  /// - Parameters:
  ///   - size: of a part; the last may be smaller.
  ///   - steps: how much work all parts are together, as ``parts(for:)`` counts it.
  ///   - progress: told before each lot of parts how many things are done.
  ///   - body: called on several cores; may ask whether it is to end, with any answer.
  ///   - take: gets the answers in order, on this core.
  /// - Throws: `CancellationError` where the task is cancelled.
  static func map<T>(
    partsOf count: Int, of size: Int, steps: Int, progress: (Int) -> Void,
    _ body: (Range<Int>, _ isCancelled: () -> Bool) -> T, take: (T) -> Void
  ) throws {
    let lot = size * parts(for: steps)
    for start in stride(from: 0, to: count, by: lot) {
      try Task.checkCancellation()
      progress(start)
      let ranges = stride(from: start, to: min(start + lot, count), by: size).map {
        $0..<min($0 + size, count)
      }
      // Other cores ask the task that waits here, which is allowed.
      let answers = withUnsafeCurrentTask { task in
        map(ranges.count) { body(ranges[$0]) { task?.isCancelled ?? false } }
      }
      try Task.checkCancellation()
      answers.forEach(take)
    }
  }
}

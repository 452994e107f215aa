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
}

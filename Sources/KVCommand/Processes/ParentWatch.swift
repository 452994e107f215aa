import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// For a child process that is nothing without its parent: however the parent ends, by SIGKILL too, the child gets another
/// parent, which shows.
enum ParentWatch {
  /// - Parameters:
  ///   - parent: the parent's process number, as the parent itself knows it.
  ///   - body: runs once, on a thread of its own.
  static func begin(_ parent: Int32, whenGone body: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "kv.parent").async {
      while getppid() == parent { usleep(50_000) }
      body()
    }
  }
}

import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs `body` until it ends, or SIGINT, SIGTERM or SIGHUP (of a terminal that is closed) arrives, which cancels it; a second
/// signal ends the process at once.
/// - Parameter watchingOutput: whether it is also cancelled when nobody reads standard output any more.
func untilInterrupted(
  watchingOutput: Bool = false, _ body: @escaping @Sendable () async throws -> Void
) async throws {
  let task = Task { try await body() }
  let signals = [SIGINT, SIGTERM, SIGHUP].filter { $0 != SIGHUP || !isIgnored($0) }
  let count = SignalCount()
  let sources = signals.map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler {
      task.cancel()
      for number in signals { signal(number, SIG_DFL) }
      // The second may have come before the first was heard.
      if count.add(Int(source.data)) > 1 { kill(getpid(), number) }
    }
    source.resume()
    return source
  }
  let watch = watchingOutput ? Task { try await waitForClosedOutput(then: task.cancel) } : nil
  defer {
    watch?.cancel()
    for source in sources { source.cancel() }
  }
  do {
    try await task.value
  } catch is CancellationError {
    // As asked for.
  }
  if watchingOutput, isOutputClosed { throw ClosedOutput() }
}

private final class SignalCount: Sendable {
  private let count = Atomic(0)

  /// How many there are now.
  func add(_ more: Int) -> Int { count.add(more, ordering: .relaxed).newValue }
}

/// As by nohup.
private func isIgnored(_ number: Int32) -> Bool {
  let before = signal(number, SIG_IGN)
  signal(number, before)
  // SIG_IGN, which Swift cannot compare.
  return unsafeBitCast(before, to: Int.self) == 1
}

/// Whether standard output is a pipe that nobody reads.
private var isOutputClosed: Bool {
  var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
  return poll(&output, 1, 0) > 0 && output.revents & Int16(POLLERR) != 0
}

/// No signal tells of it, unless something is written.
private func waitForClosedOutput(then body: () -> Void) async throws {
  while !isOutputClosed { try await Task.sleep(for: .milliseconds(500)) }
  body()
}

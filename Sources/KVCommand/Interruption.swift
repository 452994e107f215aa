import Dispatch
import KV
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs `body` until it ends, or SIGINT, SIGTERM or SIGHUP (of a terminal that is closed) arrives, which cancels it; a second
/// signal, but for one that comes with it, ends the process at once.
/// - Parameter watchingOutput: whether it is also cancelled when nobody reads standard output any more.
func untilInterrupted(
  watchingOutput: Bool = false, _ body: @escaping @Sendable () async throws -> Void
) async throws {
  let heard = try listenForSignals()
  let task = Task { try await body() }
  let source = DispatchSource.makeReadSource(fileDescriptor: heard)
  source.setEventHandler {
    var byte: UInt8 = 0
    _ = read(heard, &byte, 1)
    task.cancel()
  }
  source.resume()
  let watch = watchingOutput ? Task { try await waitForClosedOutput(then: task.cancel) } : nil
  defer {
    watch?.cancel()
    source.cancel()
  }
  do {
    try await task.value
  } catch is CancellationError {
    // As asked for.
  }
  if watchingOutput, isOutputClosed { throw ClosedOutput() }
}

/// Runs `body` to its end, unless it is interrupted, which undoes what it was doing.
/// - Parameter kept: what the user is told then, such as that nothing was stored.
func undoneIfInterrupted(
  _ kept: @escaping @autoclosure @Sendable () -> String, _ body: @escaping @Sendable () async throws -> Void
) async throws {
  let isDone = Atomic(false)
  try await untilInterrupted {
    try await body()
    isDone.store(true, ordering: .relaxed)
  }
  guard isDone.load(ordering: .relaxed) else {
    Output.progress("")
    throw KVError(.failed, "interrupted; \(kept())")
  }
}

private let signalCount = Atomic(0)
/// When the first one came, in milliseconds.
private let firstSignal = Atomic(0)
private let signalPipe = Atomic<Int32>(-1)

/// Has the signals written into a pipe: one that comes before anybody watches waits there, where it would be lost if it were
/// ignored until then.
/// - Returns: the end to read from.
private func listenForSignals() throws -> Int32 {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { throw KVError(.failed, "too few files may be open (ulimit -n)") }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  signalCount.store(0, ordering: .relaxed)
  signalPipe.store(ends[1], ordering: .relaxed)
  for number in [SIGINT, SIGTERM, SIGHUP] {
    let before = signal(number, hearSignal)
    // As by nohup. SIG_IGN is 1, which Swift cannot compare.
    if number == SIGHUP, unsafeBitCast(before, to: Int.self) == 1 { signal(number, SIG_IGN) }
  }
  return ends[0]
}

/// Calls only what may be called anywhere (signal-safety(7)).
private func hearSignal(_ number: Int32) {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  let milliseconds = Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
  if signalCount.add(1, ordering: .relaxed).newValue > 1 {
    // timeout(1) sends a signal to the process, and at once to its group again.
    if milliseconds - firstSignal.load(ordering: .relaxed) < 200 { return }
    signal(number, SIG_DFL)
    raise(number)
    return
  }
  firstSignal.store(milliseconds, ordering: .relaxed)
  var byte: UInt8 = 0
  _ = write(signalPipe.load(ordering: .relaxed), &byte, 1)
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

import KV
import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A command that the shell runs.
struct ShellCommand: Sendable {
  private let command: String

  init(_ command: String) { self.command = command }

  /// Why a command failed: what it wrote to standard error, or how it ended.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// How much of what a command writes to standard error is kept: the end of it, where programs say why.
  private static let errorBytes = 4096

  /// Runs the command, and throws where its status is not 0.
  ///
  /// Cancelling ends the command and what it has started; so does the end of this process, whatever ends it. See ``Supervisor``.
  func run(input: String, environment: [String: String]) async throws {
    try ChildResources.check()
    var options = PlatformOptions()
    // A terminal's signals are for this process, which waits for its tasks.
    options.processGroupID = 0
    options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(5))]
    let result = try await Subprocess.run(
      .path("/proc/self/exe"), arguments: ["__supervise", "\(getpid())", command],
      environment: .inherit.updating(
        Dictionary(
          uniqueKeysWithValues: environment.map {
            (Subprocess.Environment.Key(stringLiteral: $0.key), $0.value)
          })),
      platformOptions: options,
      input: .fileDescriptor(ChildInput.file(input), closeAfterSpawningProcess: true),
      output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false), error: .sequence
    ) { execution in
      var end: [UInt8] = []
      for try await chunk in execution.standardError {
        chunk.withUnsafeBytes { end += $0 }
        if end.count > 16 * Self.errorBytes { end.removeFirst(end.count - Self.errorBytes) }
      }
      return end.suffix(Self.errorBytes)
    }
    if result.terminationStatus.isSuccess { return }
    let error = String(decoding: result.closureResult, as: UTF8.self)
    let reason = error.split(separator: "\n").joined(separator: "\n")
    throw Failure(description: reason.isEmpty ? "the command \(result.terminationStatus.words)" : reason)
  }
}

extension TerminationStatus {
  /// How a process ended, after "the command".
  var words: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .signaled(let number): "was ended by signal \(number) (\(String(cString: strsignal(number))))"
    }
  }
}

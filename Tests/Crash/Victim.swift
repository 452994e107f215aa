import KV
import Subprocess
import SystemPackage

/// A process that is ended at a random moment, if it has not ended by then.
struct Victim {
  /// How.
  enum End: CaseIterable {
    case kill, hangUp, terminateTwice
    /// Stopped for a moment, as by a debugger or a machine that sleeps, and killed later.
    case pauseThenKill
  }

  /// What it printed.
  var output: [String]
  /// Whether it ended by itself, successfully.
  var succeeded: Bool
  var killed: Timestamp

  init(
    _ program: String, _ arguments: [String], input: String = "", within time: ClosedRange<Int>,
    scratch: String, ends: [End] = End.allCases
  ) async throws {
    let path = FilePath(scratch)
    let file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .truncate], permissions: .ownerReadWrite)
    // From a file: the pipe to a killed process would break.
    let source = try FileDescriptor.open(
      FilePath(scratch + ".in"), .readWrite, options: [.create, .truncate], permissions: .ownerReadWrite)
    try source.writeAll(Array(input.utf8))
    try source.seek(offset: 0, from: .start)
    let moment = Duration.milliseconds(Int.random(in: time))
    let end = ends.randomElement() ?? .kill
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments),
      input: .fileDescriptor(source, closeAfterSpawningProcess: true),
      output: .fileDescriptor(file, closeAfterSpawningProcess: false), error: .discarded
    ) { execution in
      try await Task.sleep(for: moment)
      switch end {
      case .kill: try? execution.send(signal: .kill)
      case .hangUp: try? execution.send(signal: .terminalClosed)
      case .terminateTwice:
        try? execution.send(signal: .terminate)
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...30)))
        try? execution.send(signal: .terminate)
      case .pauseThenKill:
        try? execution.send(signal: .suspend)
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...500)))
        try? execution.send(signal: .resume)
        try await Task.sleep(for: moment)
        try? execution.send(signal: .kill)
      }
    }
    killed = .now()
    succeeded = result.terminationStatus.isSuccess
    try file.seek(offset: 0, from: .start)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = try chunk.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
      bytes += chunk[..<count]
    }
    try file.close()
    // The last line may be cut off.
    output = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map(String.init)
  }
}

import KV
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Results go to standard output, everything else to standard error. What a terminal is sent cannot act on it: the control
/// characters of data are escaped.
@MainActor
enum Output {
  private static var buffer: [UInt8] = []
  /// Paths that the command reads, or that belong to its database: none of them may be written over.
  private static var protected: [[UInt8]] = []

  /// Prints one line for people, whatever the text holds.
  static func line(_ text: String) throws {
    try append(text.onOneLine)
    try append("\n")
  }

  /// Prints the head of a table.
  static func styled(_ text: String) throws { try append("\u{1B}[1m\(text.onOneLine)\u{1B}[0m\n") }

  /// Prints what programs read, to the byte, but on a terminal without the control characters in it.
  static func document(_ text: String, terminator: String = "\n") throws {
    try append(isTerminal ? text.withoutControls : text)
    try append(terminator)
  }

  /// Prints what may be a picture, or has escape sequences of its own.
  static func bytes(_ bytes: [UInt8]) throws {
    buffer += bytes
    try flush()
  }

  private static func append(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  static func flush() throws {
    if buffer.isEmpty { return }
    let bytes = buffer
    buffer = []
    do {
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch Errno.brokenPipe {
      throw ClosedOutput()
    } catch {
      throw KVError(.failed, "cannot write to standard output: \(error)")
    }
  }

  nonisolated static func note(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array((text.onOneLine + "\n").utf8))
  }

  /// Says how a list goes on that was cut.
  /// - Parameters:
  ///   - printed: how many there are before.
  ///   - limit: how many were wanted; 0 wants no more, and `nil` all.
  ///   - command: prints the next page, given their number.
  static func noteMore(than printed: Int, limit: Int?, _ command: (Int) -> String) throws {
    guard let limit, limit > 0 else { return }
    // What is printed comes before what is said of it.
    try flush()
    note("kv: there are more than \(printed); the next page: \(command(limit))")
  }

  /// Ends the process at once, with what it does not come to say by itself.
  nonisolated static func end(with error: KVError) -> Never {
    note("kv: \(error.line)")
    _exit(error.code.exitStatus)
  }

  /// Writes over the line that the terminal stands on; nothing where standard error is no terminal.
  nonisolated static func progress(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    _ = try? FileDescriptor.standardError.writeAll(Array(("\r\u{1B}[K" + text.onOneLine).utf8))
  }

  nonisolated static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// How wide the terminal is.
  nonisolated static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Keeps these paths from being written, also where they are no files yet.
  static func protect(_ paths: [[UInt8]]) { protected += paths }

  /// Writes a file whole, as ``OutputFile`` does.
  /// - Parameter isPrivate: whether a new file is for its owner alone.
  static func file(_ path: FileArgument, _ bytes: [UInt8], isPrivate: Bool = false) throws {
    let file = try OutputFile(path, isPrivate: isPrivate)
    try file.write(bytes)
    try file.commit()
  }

  /// Throws a usage error where the path is one that the command reads, or that belongs to its database.
  static func checkIsFree(_ path: FileArgument, _ identity: FileIdentity) throws {
    if protected.contains(where: { identity.isSame(as: FileIdentity($0)) }) {
      throw KVError(.usage, "\(path) is read by this command, or belongs to its database; name another file")
    }
  }
}

/// Whoever read standard output is gone: the process ends as it would have by the signal.
struct ClosedOutput: Error {}

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

  /// Writes a file under a temporary name first, so that a reader never sees half of it, and a failure leaves what was there.
  /// A device or a pipe is written to as it is.
  /// - Parameter isPrivate: whether a new file is for its owner alone.
  static func file(_ path: FileArgument, _ bytes: [UInt8], isPrivate: Bool = false) throws {
    let identity = FileIdentity(path.bytes)
    if protected.contains(where: { identity.isSame(as: FileIdentity($0)) }) {
      throw KVError(.usage, "\(path) is read by this command, or belongs to its database; name another file")
    }
    do {
      if let mode = identity.mode, mode & S_IFMT != S_IFREG {
        let file = try FileDescriptor.open(path.filePath, .writeOnly)
        _ = try file.closeAfter { try file.writeAll(bytes) }
        return
      }
      try replace(
        identity.path, with: bytes, mode: identity.mode.map { $0 & 0o777 } ?? (isPrivate ? 0o600 : nil))
    } catch {
      throw KVError(.failed, "cannot write \(path): \(error)")
    }
  }

  /// - Parameter mode: the permissions to have, whatever the process's mask.
  private static func replace(_ path: [UInt8], with bytes: [UInt8], mode: mode_t?) throws {
    let folder = path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[...$0]) } ?? []
    // At random: a process's number comes again, in a container with each start.
    let name = ".kv-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    let temporary = FileArgument(bytes: folder + Array(name.utf8))
    let file = try FileDescriptor.open(
      temporary.filePath, .writeOnly, options: [.create, .exclusiveCreate],
      permissions: mode == nil ? [.ownerReadWrite, .groupRead, .otherRead] : .ownerReadWrite)
    do {
      try file.closeAfter {
        _ = try file.writeAll(bytes)
        if let mode, fchmod(file.rawValue, mode) != 0 { throw Errno(rawValue: errno) }
        if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
      let renamed = temporary.withCString { old in
        FileArgument(bytes: path).withCString { rename(old, $0) }
      }
      guard renamed == 0 else { throw Errno(rawValue: errno) }
    } catch {
      _ = temporary.withCString { unlink($0) }
      throw error
    }
  }
}

/// Whoever read standard output is gone: the process ends as it would have by the signal.
struct ClosedOutput: Error {}

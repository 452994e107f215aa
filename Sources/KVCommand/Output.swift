import KV
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Results go to standard output, everything else to standard error.
@MainActor
enum Output {
  private static var buffer: [UInt8] = []

  static func line(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    buffer.append(0x0A)
    if buffer.count >= 1 << 16 { try flush() }
  }

  static func text(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  static func bytes(_ bytes: [UInt8]) throws {
    buffer += bytes
    try flush()
  }

  static func flush() throws {
    if buffer.isEmpty { return }
    let bytes = buffer
    buffer = []
    do {
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch {
      throw KVError(.failed, "cannot write to standard output: \(error)")
    }
  }

  nonisolated static func note(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array((text + "\n").utf8))
  }

  /// Writes over the line that the terminal stands on; nothing where standard error is no terminal.
  nonisolated static func progress(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    _ = try? FileDescriptor.standardError.writeAll(Array(("\r\u{1B}[K" + text).utf8))
  }

  nonisolated static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// How wide the terminal is.
  nonisolated static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a file under a temporary name first, so that a reader never sees half of it, and a failure leaves what was there.
  /// A device or a pipe is written to as it is.
  static func file(_ path: String, _ bytes: [UInt8]) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    do {
      if exists, status.st_mode & S_IFMT != S_IFREG {
        let file = try FileDescriptor.open(path, .writeOnly)
        _ = try file.closeAfter { try file.writeAll(bytes) }
        return
      }
      try replace(linked(path), with: bytes, mode: exists ? status.st_mode & 0o777 : nil)
    } catch {
      throw KVError(.failed, "cannot write \(path): \(error)")
    }
  }

  /// - Parameter mode: the permissions to keep.
  private static func replace(_ path: String, with bytes: [UInt8], mode: mode_t?) throws {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let temporary = "\(folder).kv-\(getpid()).tmp"
    let file = try FileDescriptor.open(
      temporary, .writeOnly, options: [.create, .exclusiveCreate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    do {
      try file.closeAfter {
        if let mode, fchmod(file.rawValue, mode) != 0 { throw Errno(rawValue: errno) }
        _ = try file.writeAll(bytes)
        if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
      guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Where symbolic links lead, to a file or to a place for one.
  private static func linked(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &target, target.count - 1)
    guard count > 0 else { return path }
    let name = String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return name.hasPrefix("/") ? name : folder + name
  }
}

extension String {
  var oneLine: String {
    split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
  }
}

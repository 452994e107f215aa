import KV
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written piece by piece under a temporary name, so that a reader never sees half of it, and a failure leaves what was
/// there. A device, a pipe or a file that is open already is written to as it is.
@MainActor
final class OutputFile {
  /// As it was named.
  private let path: FileArgument
  private let file: FileDescriptor
  /// What it is called until ``commit()``; `nil` for what is written to as it is, and when it has its name.
  private(set) var temporary: FileArgument?
  private let target: [UInt8]
  /// The permissions to have, whatever the process's mask.
  private let mode: mode_t?

  /// - Parameter isPrivate: whether a new file is for its owner alone.
  init(_ path: FileArgument, isPrivate: Bool = false) throws {
    let identity = FileIdentity(path.bytes)
    try Output.checkIsFree(path, identity)
    self.path = path
    let target = identity.path
    self.target = target
    do {
      if let descriptor = path.descriptor {
        // What others have written to it stays.
        file = try FileDescriptor(rawValue: descriptor).duplicate()
        self.mode = nil
        return
      }
      if let mode = identity.mode, mode & S_IFMT != S_IFREG {
        file = try FileDescriptor.open(path.filePath, .writeOnly)
        self.mode = nil
        return
      }
      let folder = target.lastIndex(of: UInt8(ascii: "/")).map { Array(target[...$0]) } ?? []
      // At random: a process's number comes again, in a container with each start.
      let name = ".kv-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
      let temporary = FileArgument(bytes: folder + Array(name.utf8))
      let mode = identity.mode.map { $0 & 0o777 } ?? (isPrivate ? 0o600 : nil)
      self.mode = mode
      file = try FileDescriptor.open(
        temporary.filePath, .writeOnly, options: [.create, .exclusiveCreate],
        permissions: mode == nil ? [.ownerReadWrite, .groupRead, .otherRead] : .ownerReadWrite)
      self.temporary = temporary
    } catch {
      throw KVError(.failed, "cannot write \(path): \(error)")
    }
  }

  /// Throws where the file could not be written, before anything is done that it is to tell of. A device or a pipe is not opened for that.
  static func check(_ path: FileArgument) throws {
    let identity = FileIdentity(path.bytes)
    try Output.checkIsFree(path, identity)
    if let mode = identity.mode, mode & S_IFMT == S_IFDIR {
      throw KVError(.failed, "cannot write \(path): it is a folder")
    }
    if identity.mode.map({ $0 & S_IFMT == S_IFREG }) ?? true { _ = try OutputFile(path) }
  }

  isolated deinit {
    try? file.close()
    if let temporary { _ = temporary.withCString { unlink($0) } }
  }

  func write(_ bytes: [UInt8]) throws {
    do { try file.writeAll(bytes) } catch { throw failure(error) }
  }

  /// Gives the file its name, once all of it is on the disk.
  func commit() throws {
    guard let temporary else { return }
    do {
      if let mode, fchmod(file.rawValue, mode) != 0 { throw Errno(rawValue: errno) }
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      let renamed = temporary.withCString { old in
        FileArgument(bytes: target).withCString { rename(old, $0) }
      }
      guard renamed == 0 else { throw Errno(rawValue: errno) }
      self.temporary = nil
    } catch {
      throw failure(error)
    }
  }

  private func failure(_ error: any Error) -> KVError { KVError(.failed, "cannot write \(path): \(error)") }
}

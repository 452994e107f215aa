import KV
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum ChildInput {
  /// What a child process is to read, in a file that nobody else sees. A pipe would break where the child ends without
  /// reading all of it.
  static func file(_ text: String) throws -> FileDescriptor {
    let descriptor = try TemporaryFile.make()
    do {
      try descriptor.writeAll(Array(text.utf8))
      try descriptor.seek(offset: 0, from: .start)
      return descriptor
    } catch {
      try? descriptor.close()
      throw KVError(.failed, "cannot write a temporary file: \(error)")
    }
  }
}

enum TemporaryFile {
  /// A file that nobody else sees, for it has no name.
  static func make() throws -> FileDescriptor {
    let folder = Environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(folder)/kv-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else {
      throw KVError(
        .failed, "cannot make a temporary file in \(folder): \(Errno(rawValue: errno)); see TMPDIR")
    }
    unlink(template)
    return FileDescriptor(rawValue: file)
  }
}

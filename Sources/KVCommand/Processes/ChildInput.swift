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
    var template = Array("\(Environment["TMPDIR"] ?? "/tmp")/kv-XXXXXX".utf8CString)
    let descriptor = FileDescriptor(rawValue: mkstemp(&template))
    do {
      guard descriptor.rawValue >= 0 else { throw Errno(rawValue: errno) }
      unlink(template)
      try descriptor.writeAll(Array(text.utf8))
      try descriptor.seek(offset: 0, from: .start)
      return descriptor
    } catch {
      if descriptor.rawValue >= 0 { try? descriptor.close() }
      throw KVError(.failed, "cannot write a temporary file: \(error)")
    }
  }
}

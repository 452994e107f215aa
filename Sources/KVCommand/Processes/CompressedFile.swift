import KV
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that may be compressed, which its first bytes tell; gzip and zstd unpack it.
enum CompressedFile {
  /// Opens a file to be read chunk by chunk.
  static func open(_ path: FileArgument) throws -> () throws -> [UInt8] {
    let file = try Input.open(path)
    do {
      if let program = try program(for: try start(of: file)) {
        defer { try? file.close() }
        return try unpack(file, with: program, named: "\(path)")
      }
    } catch {
      try? file.close()
      throw error
    }
    try? file.close()
    return try Input.chunks(of: path)
  }

  private static func start(of file: FileDescriptor) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: 4) { buffer, count in
      count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// The program that unpacks what begins so.
  static func program(for start: [UInt8]) throws -> String? {
    if start.starts(with: [0x1F, 0x8B]) { return "gzip" }
    return start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) ? "zstd" : nil
  }

  /// Runs a program that reads the file, and reads what it writes.
  static func unpack(_ file: FileDescriptor, with program: String, named name: String) throws
    -> () throws -> [UInt8]
  {
    let (output, input) = try FileDescriptor.pipe()
    _ = fcntl(output.rawValue, F_SETFD, FD_CLOEXEC)
    let child: pid_t
    do {
      defer { try? input.close() }
      child = try spawn(program, reading: file, writing: input, besides: output)
    } catch {
      try? output.close()
      throw error
    }
    let running = RunningProgram(child: child, output: output)
    return {
      let chunk = try running.chunk(named: name)
      if chunk.isEmpty, try running.finish() != 0 {
        throw KVError(.invalidData, "\(name): \(program) cannot unpack it: it is damaged, or not whole")
      }
      return chunk
    }
  }

  private static func spawn(
    _ program: String, reading file: FileDescriptor, writing output: FileDescriptor,
    besides other: FileDescriptor
  ) throws -> pid_t {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, file.rawValue, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.rawValue, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    for descriptor in [file, output, other] where descriptor.rawValue > STDERR_FILENO {
      posix_spawn_file_actions_addclose(&actions, descriptor.rawValue)
    }
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup("-dc"), nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let status = posix_spawnp(&child, program, &actions, nil, arguments, environ)
    guard status == 0 else {
      throw KVError(
        .failed, "the file is compressed, and there is no \(program) to unpack it; install \(program)")
    }
    return child
  }
}

/// A program and what it writes. Ended where it is given up.
private final class RunningProgram {
  private let child: pid_t
  private let output: FileDescriptor
  private var status: Int32?

  init(child: pid_t, output: FileDescriptor) { (self.child, self.output) = (child, output) }

  deinit {
    if status != nil { return }
    kill(child, SIGTERM)
    _ = try? finish()
  }

  func chunk(named name: String) throws -> [UInt8] {
    status == nil ? try Input.chunk(from: output, named: name) : []
  }

  /// - Returns: how the program ended, 0 for well.
  func finish() throws -> Int32 {
    if let status { return status }
    try? output.close()
    var ended: Int32 = 0
    while waitpid(child, &ended, 0) < 0, errno == EINTR {}
    status = ended
    return ended
  }
}

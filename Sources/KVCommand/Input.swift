import KV
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum Input {
  static let chunkSize = 1 << 18

  /// All of standard input.
  static func all() throws -> [UInt8] {
    if isatty(STDIN_FILENO) == 1 { Output.note("kv: reading standard input; end with Ctrl-D") }
    return try all(of: .standardInput, named: "standard input")
  }

  private static func all(of file: FileDescriptor, named name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let chunk = try chunk(from: file, named: name)
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
  }

  /// All of a file, or of standard input for `-`.
  static func file(_ path: FileArgument) throws -> [UInt8] {
    if path.isStandard { return try all() }
    let file = try open(path)
    defer { try? file.close() }
    return try all(of: file, named: "\(path)")
  }

  /// Opens a file that is to be read.
  static func open(_ path: FileArgument) throws -> FileDescriptor {
    do {
      let file = try FileDescriptor.open(path.filePath, .readOnly)
      var status = stat()
      if fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        try file.close()
        throw Errno.isDirectory
      }
      return file
    } catch {
      throw KVError(.failed, "cannot read \(path): \(error)")
    }
  }

  /// Whether it is a file of a disk, which can be opened and read again.
  static func isRegular(_ file: FileDescriptor) -> Bool {
    var status = stat()
    return fstat(file.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Reads a file chunk by chunk, none at its end, and closes it there or when it is given up.
  static func chunks(of path: FileArgument) throws -> () throws -> [UInt8] {
    if path.isStandard { return { try chunk(from: .standardInput, named: "standard input") } }
    let file = OpenFile(try open(path))
    return {
      guard let descriptor = file.descriptor else { return [] }
      let chunk = try chunk(from: descriptor, named: "\(path)")
      if chunk.isEmpty { file.close() }
      return chunk
    }
  }

  private final class OpenFile {
    private(set) var descriptor: FileDescriptor?

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { close() }

    func close() {
      try? descriptor?.close()
      descriptor = nil
    }
  }

  /// The next bytes of a file, none at its end. Throws where the task is cancelled, also while it waits: what an interrupted command has
  /// read is no whole.
  static func chunk(from file: FileDescriptor, named name: String) throws -> [UInt8] {
    var input = pollfd(fd: file.rawValue, events: Int16(POLLIN), revents: 0)
    repeat { try Task.checkCancellation() } while poll(&input, 1, 100) <= 0
    do {
      return try [UInt8](unsafeUninitializedCapacity: chunkSize) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    } catch {
      throw KVError(.failed, "cannot read \(name): \(error)")
    }
  }

  /// A word of JSON, or where it is left out or `-` the one value on standard input.
  static func json(_ word: Text?, named name: String) throws -> JSON {
    if let word, word.value != "-" { return try json(from: Array(word.value.utf8), named: name) }
    let bytes = try all()
    if bytes.isEmpty { throw KVError(.invalidData, "standard input is empty: expected one JSON value") }
    return try json(from: bytes, named: "standard input")
  }

  /// A word of JSON, `-` for the one value on standard input, or where it is left out what is there, if that is a pipe or a file; `nil` where
  /// there is nothing.
  static func optionalJSON(_ word: String?, named name: String) throws -> JSON? {
    if word == "-" { return try json(Text("-"), named: name) }
    if word == nil, isPipeOrFile { try waitForData() }
    let bytes = try word.map { Array($0.utf8) } ?? (isPipeOrFile ? all() : [])
    let isBlank = bytes.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
    return word == nil && isBlank ? nil : try json(from: bytes, named: name)
  }

  static func json(from bytes: [UInt8], named name: String) throws -> JSON {
    do {
      return try JSON(parsing: bytes.withoutByteOrderMark)
    } catch {
      throw KVError(.invalidData, "\(name): not JSON: \(error)")
    }
  }

  /// One value, or an array of those that stand on a line each.
  static func jsonOrLines(from bytes: [UInt8], named name: String) throws -> JSON {
    let lines = bytes.split(separator: 0x0A).enumerated().filter { !$0.element.allSatisfy { $0 <= 0x20 } }
    guard lines.count > 1, let first = lines.first,
      (try? json(from: Array(first.element), named: name)) != nil
    else { return try json(from: bytes, named: name) }
    return JSON(
      elements: try lines.map { try json(from: Array($0.element), named: "\(name), line \($0.offset + 1)") })
  }

  /// Whether standard input is a pipe with a writer or a file: something that was meant to be read.
  static var isPipeOrFile: Bool {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0 else { return false }
    return [S_IFIFO, S_IFREG, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Waits for data or the end of standard input, so that a pipe that somebody holds open without a word is an error
  /// and no hang.
  static func waitForData() throws {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    if poll(&input, 1, 1000) != 0 { return }
    let advice = "pass the data as an argument, or </dev/null for none"
    Output.note("kv: waiting for data on standard input; \(advice)")
    if poll(&input, 1, (patience - 1) * 1000) != 0 { return }
    throw KVError(.unavailable, "standard input is a pipe that sent nothing for \(patience) s; \(advice)")
  }

  /// In seconds.
  private static let patience: Int32 = 10
}

extension [UInt8] {
  /// Without the mark with which some editors begin each file.
  var withoutByteOrderMark: [UInt8] { starts(with: [0xEF, 0xBB, 0xBF]) ? Array(dropFirst(3)) : self }
}

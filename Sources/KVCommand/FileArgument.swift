import ArgumentParser
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A path on the command line, byte for byte: file names need not be UTF-8.
struct FileArgument: ExpressibleByArgument, Equatable, Sendable, CustomStringConvertible {
  var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init?(argument: String) {
    bytes = Arguments.bytes(argument)
    if bytes.isEmpty { return nil }
  }

  /// As messages show it.
  var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether it is `-`, which stands for standard input or output.
  var isStandard: Bool { bytes == [UInt8(ascii: "-")] }

  /// The number of the open file that a name such as `/dev/stdout` or `/dev/fd/3` stands for.
  var descriptor: Int32? {
    let name = description
    if name == "/dev/stdout" { return STDOUT_FILENO }
    if name == "/dev/stderr" { return STDERR_FILENO }
    return ["/dev/fd/", "/proc/self/fd/"].first(where: name.hasPrefix)
      .flatMap { Int32(name.dropFirst($0.count)) }
  }

  /// `nil` where it is `-`.
  var unlessStandard: FileArgument? { isStandard ? nil : self }

  var filePath: FilePath { withCString { FilePath(platformString: $0) } }

  func withCString<T>(_ body: (UnsafePointer<CChar>) -> T) -> T {
    (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        preconditionFailure("an array of at least one element has a base")
      }
      return body(base)
    }
  }

  static let defaultCompletionKind = CompletionKind.file()
}

extension [FileArgument] {
  /// Throws where `-o` has named several files, of which the last alone would be written.
  func requireOneAtMost() throws {
    if count > 1 { throw ValidationError("-o names one file, and here are \(count)") }
  }
}

/// What a path leads to, through links: the file there, or the place where one would be made.
struct FileIdentity {
  /// Without links, where that can be told.
  let path: [UInt8]
  private let status: stat?

  init(_ path: [UInt8]) {
    // Not the name that a pipe has in /dev/fd, which leads nowhere.
    let found = Self.status(path)
    let real = found.map { $0.st_mode & S_IFMT != S_IFREG } == true ? path : Self.real(path)
    self.path = real
    status = found ?? Self.status(real)
  }

  private static func status(_ path: [UInt8]) -> stat? {
    var status = stat()
    return FileArgument(bytes: path).withCString { stat($0, &status) } == 0 ? status : nil
  }

  var mode: mode_t? { status?.st_mode }

  func isSame(as other: FileIdentity) -> Bool {
    guard let own = status, let others = other.status else { return path == other.path }
    return own.st_dev == others.st_dev && own.st_ino == others.st_ino
  }

  private static func real(_ path: [UInt8], links: Int = 0) -> [UInt8] {
    func resolved(_ path: [UInt8]) -> [UInt8]? {
      guard let real = FileArgument(bytes: path).withCString({ realpath($0, nil) }) else { return nil }
      defer { free(real) }
      return bytes(of: real)
    }
    if let real = resolved(path) { return real }
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { Array(path[...$0]) } ?? Array("./".utf8)
    let name = slash.map { Array(path[($0 + 1)...]) } ?? path
    // A link to a file that is not there yet.
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = FileArgument(bytes: path).withCString { readlink($0, &target, target.count - 1) }
    if count > 0, links < 40 {
      let link = target.prefix(count).map { UInt8(bitPattern: $0) }
      return real(link.first == UInt8(ascii: "/") ? link : folder + link, links: links + 1)
    }
    guard let parent = resolved(folder) else { return path }
    return parent + (parent.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name
  }

  private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    Array(UnsafeBufferPointer(start: text, count: strlen(text))).map { UInt8(bitPattern: $0) }
  }
}

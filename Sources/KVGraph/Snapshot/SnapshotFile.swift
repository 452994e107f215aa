import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file that a snapshot is kept in. What somebody else has put there is neither read nor written over nor deleted.
struct SnapshotFile: Sendable {
  /// The path's bytes, which need not be UTF-8.
  let path: [UInt8]

  /// For people.
  var name: String { String(decoding: path, as: UTF8.self) }

  /// The path as the system takes it.
  private func systemPath(_ ending: String = "") -> [CChar] {
    (path + Array(ending.utf8) + [0]).map { CChar(bitPattern: $0) }
  }

  private func failure(_ what: String) -> KVError {
    KVError(.failed, "cannot \(what) \(name): \(String(cString: strerror(errno)))")
  }

  // MARK: what is there

  private enum Found {
    case nothing
    /// Open for reading, at its beginning.
    case snapshot(UnsafeMutablePointer<FILE>, size: Int)
    /// A file that is no snapshot, or something that is no file.
    case other
    /// For the reason in `errno`.
    case unreadable
  }

  /// A snapshot is known by its first bytes. Nothing that would wait, such as a pipe, is opened to be waited for.
  private static func find(_ path: [CChar]) -> Found {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0 { return errno == ENOENT ? .nothing : .unreadable }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = fdopen(descriptor, "rb")
    else {
      close(descriptor)
      return .other
    }
    var beginning = [UInt8](repeating: 0, count: SnapshotCoding.mark.count)
    let count = fread(&beginning, 1, beginning.count, file)
    // What was cut off before is as good as nothing.
    guard SnapshotCoding.mark.starts(with: beginning.prefix(count)), fseek(file, 0, SEEK_SET) == 0 else {
      fclose(file)
      return .other
    }
    return .snapshot(file, size: Int(status.st_size))
  }

  /// Whether there is a snapshot. Throws failed where it cannot be read.
  func isThere() throws -> Bool {
    switch Self.find(systemPath()) {
    case .nothing: return false
    case .snapshot(let file, _):
      fclose(file)
      return true
    case .other: throw KVError(.failed, "\(name) is no snapshot")
    case .unreadable: throw failure("read")
    }
  }

  /// `nil` where there is none that is whole.
  func read() -> SnapshotContents? {
    guard case .snapshot(let file, let size) = Self.find(systemPath()) else { return nil }
    defer { fclose(file) }
    return SnapshotCoding.decode(size: size) { fread($0.baseAddress, 1, $0.count, file) == $0.count }
  }

  /// - Returns: whether it was there.
  func delete() throws -> Bool {
    removeLeftovers()
    guard try isThere() else { return false }
    if unlink(systemPath()) == 0 { return true }
    throw failure("delete")
  }

  // MARK: writing

  /// Names of files that are being written: the number of the process, and a random one.
  private static let part = ".kv-part."

  /// Writes another file and renames it, so that it is whole or not there.
  func write(_ contents: SnapshotContents) throws(KVError) {
    removeLeftovers()
    switch Self.find(systemPath()) {
    case .nothing: break
    case .snapshot(let file, _): fclose(file)
    case .other: throw KVError(.failed, "cannot write \(name): something else is there")
    case .unreadable: throw failure("write")
    }
    let bytes = SnapshotCoding.encode(contents)
    let temporary = systemPath("\(Self.part)\(getpid()).\(UInt32.random(in: .min ... .max))")
    func undone(_ what: String) -> KVError {
      let failure = failure(what)
      unlink(temporary)
      return failure
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw undone("write") }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: raw[written...]))
      }
      guard count > 0 else {
        if count < 0, errno == EINTR { continue }
        let failure = undone("write")
        close(descriptor)
        throw failure
      }
      written += count
    }
    guard close(descriptor) == 0 else { throw undone("write") }
    guard rename(temporary, systemPath()) == 0 else { throw undone("rename") }
  }

  /// Deletes what processes have left that were killed while they wrote.
  private func removeLeftovers() {
    let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? -1
    let folder = slash < 0 ? Array("./".utf8) : Array(path[...slash])
    let prefix = path[(slash + 1)...] + Array(Self.part.utf8)
    guard let directory = opendir((folder + [0]).map { CChar(bitPattern: $0) }) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard name.starts(with: prefix) else { continue }
      let rest = String(decoding: name.dropFirst(prefix.count), as: UTF8.self)
      let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
      guard numbers.count == 2, let process = Int32(numbers[0]), UInt32(numbers[1]) != nil, process > 0
      else { continue }
      if kill(process, 0) != 0, errno == ESRCH { unlink(systemPath(Self.part + rest)) }
    }
  }
}

/// The system's `write`, which has the name of a method here.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}

import CSQLite
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a database is and how to open it: a plain path, or a `file:` URI with `mode=ro|rw|rwc|memory`,
/// `synchronous=full|normal`, `busy_timeout=MILLISECONDS` and SQLite's own parameters.
public struct SQLiteLocation: Sendable {
  enum Mode: String, Sendable {
    case readOnly = "ro"
    case readWrite = "rw"
    case create = "rwc"
    case memory
  }

  /// The path's bytes, as the system has them: they need not be UTF-8.
  let file: [UInt8]
  var mode = Mode.create
  private(set) var synchronous = "full"
  /// Whether each connection refuses to change what is stored, once the tables are up to date. Unlike `mode=ro` it leaves no log behind.
  public var refusesWrites = false
  /// Whether a load into an empty database that nobody else has open is written straight into the file, and not into the log first, which
  /// takes half as long for millions of records. Whoever opens it before the load has ended waits, and then finds it locked; without
  /// this they find it empty.
  public var keepsOthersOutOfFirstLoad = false
  /// How long to wait for another process's lock, in milliseconds.
  var busyTimeout: Int32 = 10_000
  /// What a URI says to SQLite itself.
  private var parameters: [String] = []

  /// Throws a usage error where it cannot be read. Nothing of it is repeated but a parameter's value, for a URL of another
  /// database may hold a password.
  public init(_ connection: String) throws { try self.init(bytes: Array(connection.utf8)) }

  /// As ``init(_:)``, for a path that need not be UTF-8.
  public init(bytes connection: [UInt8]) throws {
    if connection.isEmpty {
      throw KVError(.usage, "the connection is empty: expected a path or a file: URI")
    }
    if connection.contains(0) { throw KVError(.usage, "the connection contains a NUL character") }
    let text = String(decoding: connection, as: UTF8.self)
    guard text.lowercased().hasPrefix("file:") else {
      try Self.checkPath(text)
      file = connection
      if text == ":memory:" { mode = .memory }
      return
    }
    let uri = connection.dropFirst("file:".utf8.count)
    let end = uri.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? uri.endIndex
    file = try Self.path(uri[..<end])
    let query = uri[end...].prefix { $0 != UInt8(ascii: "#") }.dropFirst()
    if file == Array(":memory:".utf8) { mode = .memory }
    for parameter in String(decoding: query, as: UTF8.self).split(separator: "&") { try read(parameter) }
  }

  private mutating func read(_ parameter: Substring) throws {
    let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count == 2 ? String(parts[1]) : ""
    switch parts[0] {
    case "mode":
      guard let known = Mode(rawValue: value) else {
        throw KVError(.usage, "connection: mode=\(value): expected ro, rw, rwc or memory")
      }
      mode = known
    case "synchronous":
      guard ["full", "normal"].contains(value) else {
        throw KVError(.usage, "connection: synchronous=\(value): expected full or normal")
      }
      synchronous = value
    case "busy_timeout":
      guard let milliseconds = Int32(value), milliseconds >= 0 else {
        throw KVError(.usage, "connection: busy_timeout=\(value): expected milliseconds")
      }
      busyTimeout = milliseconds
    default: parameters.append(String(parameter))
    }
  }

  private static let postgresNames = [
    "host", "hostaddr", "port", "dbname", "user", "password", "passfile", "service", "sslmode", "options",
  ]

  /// Throws where a path looks like a URL, or like a path with parameters, which only a URI has.
  private static func checkPath(_ text: String) throws {
    let scheme = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
    let rest = text.dropFirst(scheme.count)
    let isKnown = ["postgres", "postgresql", "http", "https", "rqlite", "sqlite"].contains(
      scheme.lowercased())
    if scheme.first?.isLetter == true, rest.hasPrefix("://") || isKnown && rest.hasPrefix(":") {
      throw KVError(
        .usage,
        "the connection is a URL of no known kind; expected a path, file:PATH, postgres://… or http://… (of rqlite)"
      )
    }
    let isFile = text.withCString { access($0, F_OK) == 0 }
    let name = text.prefix { $0 != "=" }.filter { !$0.isWhitespace }.lowercased()
    if !isFile, text.contains("="), postgresNames.contains(name) {
      throw KVError(
        .usage, "the connection looks like PostgreSQL's key=value pairs", reason: .foreignConnection)
    }
    if !isFile, let question = text.firstIndex(of: "?"),
      ["mode=", "synchronous=", "busy_timeout=", "cache=", "immutable="].contains(where: {
        text[question...].dropFirst().hasPrefix($0)
      })
    {
      throw KVError(.usage, "a path with parameters is written as a URI: file:\(text)")
    }
  }

  /// The path in a URI, after `file:`: its escapes undone, without `//` or `//localhost`.
  private static func path(_ uri: ArraySlice<UInt8>) throws -> [UInt8] {
    var path = uri
    if path.starts(with: "//".utf8) {
      let authority = path.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
      let host = String(decoding: authority, as: UTF8.self)
      guard host.isEmpty || host.lowercased() == "localhost" else {
        throw KVError(.usage, "the connection's file: URI names another host than localhost")
      }
      path = path.dropFirst(2 + authority.count)
    }
    var bytes: [UInt8] = []
    while let byte = path.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let escaped = UInt8(String(decoding: path.prefix(2), as: UTF8.self), radix: 16), path.count >= 2,
        escaped != 0
      else { throw KVError(.usage, "the connection's file: URI has a % that is no escape; write %25") }
      bytes.append(escaped)
      path = path.dropFirst(2)
    }
    if bytes.isEmpty { throw KVError(.usage, "the connection's file: URI names no file") }
    return bytes
  }

  /// The path as people know it.
  public var path: String { String(decoding: file, as: UTF8.self) }

  /// Calls `body` with the name and the flags for `sqlite3_open_v2`.
  func withName<T>(_ body: (UnsafePointer<CChar>, _ flags: Int32) -> T) -> T {
    let access =
      switch mode {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .memory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
      }
    // Each connection is used by one thread at a time: its actor's.
    let flags = access | SQLITE_OPEN_NOMUTEX
    if parameters.isEmpty { return Self.withCString(file) { body($0, flags) } }
    var uri = Array((file.first == UInt8(ascii: "/") ? "file://" : "file:").utf8)
    for byte in file {
      switch byte {
      case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"):
        uri += Array("%\(String(byte, radix: 16))".utf8)
      default: uri.append(byte)
      }
    }
    uri += Array("?\(parameters.joined(separator: "&"))".utf8)
    return Self.withCString(uri) { body($0, flags | SQLITE_OPEN_URI) }
  }

  private static func withCString<T>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> T) -> T {
    (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        preconditionFailure("an array of at least one element has a base")
      }
      return body(base)
    }
  }

  /// The same database, to be read only: not even its tables are brought up to date.
  public var readOnly: SQLiteLocation {
    var location = self
    if mode != .memory { location.mode = .readOnly }
    return location
  }
}

// What the file system says of it.
extension SQLiteLocation {
  private func status(_ suffix: String = "") -> stat? {
    var status = stat()
    return Self.withCString(file + Array(suffix.utf8)) { stat($0, &status) } == 0 ? status : nil
  }

  var isDirectory: Bool { status().map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

  /// Whether there is a file at the path.
  public var exists: Bool { mode == .memory || status() != nil }

  /// The paths of the database's files, those that are not there yet among them. None where it is in memory.
  public var files: [[UInt8]] {
    mode == .memory ? [] : ["", "-wal", "-shm", "-journal"].map { file + Array($0.utf8) }
  }

  private func mayBeWritten(_ file: [UInt8]) -> Bool { Self.withCString(file) { access($0, W_OK) } == 0 }

  private var folder: [UInt8] {
    guard let slash = file.lastIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: ".")] }
    return slash == 0 ? [UInt8(ascii: "/")] : Array(file[..<slash])
  }

  /// Which of the files, or whether the folder, may not be written, or that there is no such folder.
  var obstacle: String? {
    for suffix in ["", "-wal", "-shm"] where status(suffix) != nil && !mayBeWritten(file + Array(suffix.utf8))
    {
      return "\(path)\(suffix) may not be written by this user"
    }
    if mayBeWritten(folder) { return nil }
    let name = String(decoding: folder, as: UTF8.self)
    let isThere = Self.withCString(folder) { access($0, F_OK) } == 0
    return isThere ? "the folder \(name) may not be written by this user" : "there is no folder \(name)"
  }

  /// Whether the write-ahead log holds anything.
  private var hasLog: Bool { status("-wal").map { $0.st_size > 0 } ?? false }

  /// Whether readers of the file need a log: its header says so (sqlite.org/fileformat.html, "File format version numbers").
  private var isWriteAheadLogged: Bool {
    let descriptor = Self.withCString(file) { open($0, O_RDONLY | O_CLOEXEC) }
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 20)
    return pread(descriptor, &header, header.count, 0) == header.count && header[19] == 2
  }

  /// The same file, to be read as one that nobody changes: without a log, which could not be made, or would lock its owner
  /// out. `nil` where there is a log to be read, or the file is not there.
  var immutable: SQLiteLocation? {
    guard mode != .memory, isWriteAheadLogged, !hasLog, !parameters.contains("immutable=1") else {
      return nil
    }
    var location = readOnly
    location.parameters.append("immutable=1")
    return location
  }
}

import CSQLite
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a database is and how to open it: a plain path, or a `file:` URI with `mode=ro|rw|rwc|memory`,
/// `synchronous=full|normal`, `busy_timeout=MILLISECONDS` and SQLite's own parameters.
public struct SQLiteLocation: Sendable, Equatable {
  enum Mode: String, Sendable {
    case readOnly = "ro"
    case readWrite = "rw"
    case create = "rwc"
    case memory
  }

  /// For SQLite: a path, or a URI without the parameters that are handled here.
  let name: String
  let isURI: Bool
  var mode: Mode
  let synchronous: String
  /// How long to wait for another process's lock, in milliseconds.
  var busyTimeout: Int32

  public init(_ connection: String) throws {
    var mode = connection == ":memory:" ? Mode.memory : .create
    var synchronous = "full"
    var busyTimeout: Int32 = 10_000
    isURI = connection.hasPrefix("file:")
    guard isURI, let question = connection.firstIndex(of: "?") else {
      if connection.isEmpty {
        throw KVError(.usage, "the connection is empty: expected a path or a file: URI")
      }
      (name, self.mode, self.synchronous, self.busyTimeout) = (connection, mode, synchronous, busyTimeout)
      return
    }
    var others: [Substring] = []
    for parameter in connection[connection.index(after: question)...].split(separator: "&") {
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
      default: others.append(parameter)
      }
    }
    name = connection[..<question] + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
    (self.mode, self.synchronous, self.busyTimeout) = (mode, synchronous, busyTimeout)
  }

  /// The path as people know it.
  var path: String {
    isURI ? String(name.dropFirst("file:".count).prefix { $0 != "?" }) : name
  }

  var openFlags: Int32 {
    let access =
      switch mode {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .memory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
      }
    // Each connection is used by one thread at a time: its actor's.
    return access | SQLITE_OPEN_NOMUTEX | (isURI ? SQLITE_OPEN_URI : 0)
  }

  var isDirectory: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The same database, to be read only: not even its tables are brought up to date.
  public var readOnly: SQLiteLocation {
    var location = self
    if mode != .memory { location.mode = .readOnly }
    return location
  }

  /// Whether there is a file at the path.
  public var exists: Bool {
    var status = stat()
    return mode == .memory || stat(path, &status) == 0
  }
}

import KV
import KVSQL

/// Where an rqlite cluster is: `http://host:4001`, or several nodes with commas between them, a name and a password
/// before the host or as parameters, and further parameters.
///
/// - `user`, `password`: as before the host, percent-encoded.
/// - `level`: how fresh reads are: `linearizable` (the default), `strong`, `weak`, `auto` or `none`.
/// - `timeout`: how long an operation may take, its repetitions included: `30s` (the default), `500ms`, `2m`.
/// - `ca`: a file with the certificates of the authorities to trust instead of the system's.
/// - `cert`, `key`: files with a certificate of our own and its key.
/// - `insecure=true`: believe any certificate.
public struct RqliteLocation: Sendable {
  /// Origins, such as `http://localhost:4001`.
  package var nodes: [String] = []
  var user: String?
  var password: String?
  var level = "linearizable"
  var timeout = Duration.seconds(30)
  var authorities: String?
  var certificate: String?
  var certificateKey: String?
  var trustsAnyCertificate = false
  /// Whether what would change the database is not sent, once the tables are up to date: all else goes where rqlite only reads.
  public var refusesWrites = false

  /// Throws a usage error where it cannot be read. Nothing but names of parameters is repeated: there may be a password
  /// in it.
  public init(_ connection: String) throws {
    let name = connection.prefix { $0 != ":" }
    let scheme = name.lowercased() + "://"
    guard ["http://", "https://"].contains(scheme), connection.dropFirst(name.count).hasPrefix("://") else {
      throw Self.unreadable
    }
    let end = connection.firstIndex { "?#".contains($0) } ?? connection.endIndex
    var authority = connection[..<end].dropFirst(scheme.count)
    let parameters = connection[end...].dropFirst()
    if let at = authority.lastIndex(of: "@") {
      let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      user = try Self.decode(parts[0])
      password = try parts.count == 2 ? Self.decode(parts[1]) : nil
      authority = authority[authority.index(after: at)...]
    }
    for var node in authority.split(separator: ",", omittingEmptySubsequences: false) {
      if node.prefix(scheme.count).lowercased() == scheme { node = node.dropFirst(scheme.count) }
      if node.hasSuffix("/") { node = node.dropLast() }
      nodes.append(try Self.origin(scheme: scheme, node))
    }
    for parameter in parameters.split(separator: "&") { try read(parameter) }
    if (certificate == nil) != (certificateKey == nil) {
      throw KVError(.usage, "connection: cert and key go together")
    }
  }

  private static var unreadable: KVError {
    KVError(
      .usage,
      "not an rqlite connection; expected http://user:password@host:4001, or several hosts with commas between"
    )
  }

  private static func origin(scheme: String, _ node: Substring) throws -> String {
    let isPlain = node.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/\\@\"<>".utf8.contains($0) }
    guard !node.isEmpty, isPlain else { throw unreadable }
    let afterAddress = node.hasPrefix("[") ? node.drop { $0 != "]" } : node
    guard let colon = afterAddress.lastIndex(of: ":") else { return scheme + node.lowercased() + ":4001" }
    guard UInt16(node[node.index(after: colon)...]) != nil, colon > node.startIndex else { throw unreadable }
    return scheme + node.lowercased()
  }

  private mutating func read(_ parameter: Substring) throws {
    let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = try parts.count == 2 ? Self.decode(parts[1]) : ""
    switch parts[0] {
    case "user": user = value
    case "password": password = value
    case "level":
      guard ["none", "weak", "strong", "linearizable", "auto"].contains(value) else {
        throw KVError(
          .usage, "connection: level=\(quoted(value)): expected linearizable, strong, weak, auto or none")
      }
      level = value
    case "timeout":
      guard let time = Self.duration(value) else {
        throw KVError(.usage, "connection: timeout=\(quoted(value)): expected a time such as 30s or 500ms")
      }
      timeout = time
    case "ca": authorities = value
    case "cert": certificate = value
    case "key": certificateKey = value
    case "insecure":
      guard ["true", "false"].contains(value) else {
        throw KVError(.usage, "connection: insecure=\(quoted(value)): expected true or false")
      }
      trustsAnyCertificate = value == "true"
    default:
      throw KVError(
        .usage,
        "connection: unknown parameter; expected user, password, level, timeout, ca, cert, key or insecure")
    }
  }

  private static func duration(_ text: String) -> Duration? {
    let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
    guard let unit = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.0.count)),
      (0.001...86_400).contains(number * unit.1)
    else { return nil }
    return .seconds(number * unit.1)
  }

  private static func decode(_ text: Substring) throws -> String {
    guard let decoded = String(percentDecoding: String(text)), !decoded.utf8.contains(0) else {
      throw unreadable
    }
    return decoded
  }
}

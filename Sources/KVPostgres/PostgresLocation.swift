import CPostgres
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a PostgreSQL database is, as libpq reads it: a `postgres://` URL, `key=value` pairs, or a database's name.
///
/// What it leaves out comes from where libpq takes it: `PGHOST`, `PGPASSWORD` and their like, service and password files.
public struct PostgresLocation: Sendable {
  private let connection: String
  /// Whether the server refuses what would change the database, once the tables are up to date.
  public var refusesWrites = false

  /// Throws a usage error where libpq cannot read it, or would take a part of a password for something else, and show it. No part
  /// is repeated, for it may hold a password.
  public init(_ connection: String) throws {
    let scheme = connection.prefix { $0 != ":" }
    let isURL = connection.dropFirst(scheme.count).hasPrefix("://")
    // libpq knows its schemes in small letters only.
    self.connection = isURL ? scheme.lowercased() + connection.dropFirst(scheme.count) : connection
    if let reason = kv_libpq_missing() {
      throw KVError(.unavailable, "PostgreSQL needs libpq: \(String(cString: reason))")
    }
    if connection.utf8.contains(0) { throw Self.unreadable }
    let isName = !connection.contains("=") && !isURL
    if connection.isEmpty || isName { return }
    guard let options = PQconninfoParse(self.connection, nil) else { throw Self.unreadable }
    defer { PQconninfoFree(options) }
    var values: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      values[String(cString: keyword)] = option.pointee.val.map { String(cString: $0) }
      option += 1
    }
    if values["host"]?.contains("@") == true {
      throw KVError(.usage, "the PostgreSQL connection's host contains '@'; write one in a password as %40")
    }
    let isNumber = values["port"]?.utf8.allSatisfy { "0123456789,".utf8.contains($0) } != false
    // Of `user:pass/word@host` libpq takes the user for the host and `word@host` for the database.
    if !isNumber || isURL && values["user"] == nil && values["dbname"]?.contains("@") == true {
      throw KVError(
        .usage,
        "the PostgreSQL connection's port is no number, or its name holds '@'; write / in a password as %2F")
    }
  }

  private static var unreadable: KVError {
    KVError(
      .usage,
      "not a PostgreSQL connection; expected postgres://user:password@host:5432/database or libpq's key=value pairs"
    )
  }

  /// A connection, perhaps a failed one; to be finished by the caller.
  func connect() -> OpaquePointer? {
    // Earlier words give way to later ones, and `dbname` stands for all that the connection says.
    var words = [("fallback_application_name", "kv")]
    if getenv("PGCONNECT_TIMEOUT") == nil { words.append(("connect_timeout", "10")) }
    words += [("dbname", connection), ("client_encoding", "UTF8")]
    return withCStrings(words.map(\.0)) { keywords in
      withCStrings(words.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
    }
  }
}

/// Hands over the strings as C wants them: an array that ends with a null pointer.
func withCStrings<T>(_ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
  let copies = strings.map { string in string.map { strdup($0) } ?? nil }
  defer { for copy in copies { free(copy) } }
  let pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
  return pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else {
      preconditionFailure("an array of at least one element has a base")
    }
    return body(base)
  }
}

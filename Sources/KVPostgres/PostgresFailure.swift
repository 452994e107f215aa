import CPostgres
import KV
import KVSQL

/// What PostgreSQL, or the way to it, had against a statement.
struct PostgresFailure: Error {
  /// SQLSTATE; empty where the connection itself failed.
  var state: String
  var message: String
  /// The table, the column and the constraint in question, where the server names them.
  private var table = ""
  private var column = ""
  private var constraint = ""
  /// Where the server was, in its words.
  private(set) var context = ""
  /// The position of the statement in its batch, where one was refused.
  var statement: Int?
  /// Whether the transaction may have been committed: it was sent, and no answer came.
  var outcomeIsUnknown = false

  /// From a result that is an error.
  init(_ result: OpaquePointer?, statement: Int? = nil) {
    func field(_ code: UnicodeScalar) -> String {
      PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } ?? ""
    }
    state = field("C")
    let primary = field("M")
    message = primary.isEmpty ? String(cString: PQresultErrorMessage(result)) : primary
    (table, column, constraint, context) = (field("t"), field("c"), field("n"), field("W"))
    self.statement = statement
  }

  /// From a connection that failed.
  init(connection: OpaquePointer?) {
    state = ""
    message = connection.map { String(cString: PQerrorMessage($0)) } ?? "out of memory"
  }

  init(state: String = "", _ message: String) {
    self.state = state
    self.message = message
  }

  /// A connection that was lost with the transaction that it was in.
  static let lostTransaction = PostgresFailure(
    "the connection was lost in the middle of a transaction, which was undone")

  /// Whether the connection is gone with it.
  var isLostConnection: Bool { state.isEmpty || state.hasPrefix("08") || state.hasPrefix("57P") }

  /// Whether the same transaction may succeed at the next attempt: it met another one, and was undone.
  var isTransient: Bool { state == "40001" || state == "40P01" }

  /// Whether another session held a lock for longer than the statement waits.
  var isLockTimeout: Bool { state == "55P03" }

  /// Whether the statement can be run again without a name: the server's session is shared with others, and has another
  /// statement of that name or none.
  var isOfPreparedName: Bool { state == "42P05" || state == "26000" }

  /// Whether it is about what was to be written, so that some of it may be to blame.
  var isAboutData: Bool { ["22", "23", "54", "P0"].contains(state.prefix(2)) }

  static let queryCanceled = "57014"

  /// The error as callers of a store know it.
  var error: any Error {
    let refusal = refusal
    if statement == nil || isLostConnection || outcomeIsUnknown { return refusal.error(key: nil) }
    return refusal
  }

  /// What became of the statement.
  var refusal: SQLRefusal { SQLRefusal(statement: statement ?? 0, reason: reason) }

  private var reason: SQLRefusal.Reason {
    // The client library begins its own messages with where it wanted to go, which is of use, and ends and indents lines.
    let text = message.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
      .joined(separator: " ")
    if outcomeIsUnknown { return .error(KVError.lostAnswer(of: "PostgreSQL")) }
    if isLostConnection { return .error(KVError(.unavailable, "PostgreSQL is not available: \(text)")) }
    return switch state.prefix(2) {
    case "23" where state == "23505" && table == "kv" && constraint == "kv_pkey": .keyExists
    case "23" where state == "23502" && table == "kv" && column == "version": .noVersion
    case "23" where state == "23502" && table == "kv" && column == "type": .otherType
    case "23", "P0": .error(KVError(.failed, "PostgreSQL refused the change: \(text) (\(state))"))
    case "22" where state == "2200H":
      .error(KVError(.failed, "PostgreSQL: the stream has come to its last number: \(text)"))
    case "22" where table == "kv" && column == "version": .noVersion
    case "25" where state == "25006":
      .error(
        KVError(
          .unavailable, "PostgreSQL is a standby, or read-only: \(text); connect to the primary to write"))
    case "54" where text.contains("index row"):
      .error(KVError(.invalidData, "a key is longer than PostgreSQL can index (about 2,700 bytes)"))
    case "22", "54": .error(KVError(.invalidData, "PostgreSQL cannot hold the value: \(text)"))
    case "42" where state == "42501":
      .error(
        KVError(
          .unavailable,
          "PostgreSQL refused: \(text); kv needs SELECT, INSERT, UPDATE and DELETE on its tables, and SELECT and USAGE on their sequences",
          reason: .accessDenied))
    case "28", "3D": .error(KVError(.unavailable, "PostgreSQL refused: \(text)"))
    case "40":
      .error(KVError(.unavailable, "other writers were in the way again and again: \(text); try again"))
    case "55" where isLockTimeout:
      .error(
        KVError(.unavailable, "another session of PostgreSQL holds a lock: \(text) (lock_timeout says when)"))
    case "55", "57": .error(KVError(.unavailable, "PostgreSQL gave up: \(text)"))
    case "53": .error(KVError(.failed, "PostgreSQL has no room: \(text); nothing was changed"))
    default: .error(KVError(.failed, "PostgreSQL: \(text)"))
    }
  }
}

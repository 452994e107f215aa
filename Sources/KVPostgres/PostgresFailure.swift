import CPostgres
import KV
import KVSQL

/// What PostgreSQL, or the way to it, had against a statement.
struct PostgresFailure: Error {
  /// SQLSTATE; empty where the connection itself failed.
  var state: String
  var message: String
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

  /// Whether the connection is gone with it.
  var isLostConnection: Bool { state.isEmpty || state.hasPrefix("08") || state.hasPrefix("57P") }

  /// Whether the same transaction may succeed at the next attempt: it met another one, and was undone.
  var isTransient: Bool { state == "40001" || state == "40P01" }

  static let queryCanceled = "57014"

  /// The error as callers of a store know it.
  var error: any Error {
    // The client library begins its own messages with where it wanted to go, which is of use, and ends lines.
    let text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    if outcomeIsUnknown { return KVError.lostAnswer(of: "PostgreSQL") }
    if isLostConnection { return KVError(.unavailable, "PostgreSQL is not available: \(text)") }
    let reason: SQLRefusal.Reason =
      switch state.prefix(2) {
      case "23": .constraint
      case "54" where text.contains("index row"):
        .error(KVError(.invalidData, "a key is longer than PostgreSQL can index (about 2,700 bytes)"))
      case "22", "54": .error(KVError(.invalidData, "PostgreSQL cannot hold the value: \(text)"))
      case "28", "3D",
        "42" where state == "42501":
        .error(KVError(.unavailable, "PostgreSQL refused: \(text)"))
      case "40":
        .error(KVError(.unavailable, "other writers were in the way again and again: \(text); try again"))
      case "55", "57": .error(KVError(.unavailable, "PostgreSQL gave up: \(text)"))
      case "53": .error(KVError(.failed, "PostgreSQL has no room: \(text); nothing was changed"))
      default: .error(KVError(.failed, "PostgreSQL: \(text)"))
      }
    if let statement { return SQLRefusal(statement: statement, reason: reason) }
    if case .error(let error) = reason { return error }
    return KVError(.failed, "PostgreSQL: \(text)")
  }
}

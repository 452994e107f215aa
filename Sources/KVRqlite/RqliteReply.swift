import KV
import KVSQL

/// What one statement gave back.
package struct RqliteResult: Sendable {
  package var rows: [JSONRow] = []
  /// Rows changed, where it changed any and returned none.
  var changes = 0
  /// The database's reason for refusing it.
  package var error: String?

  init(_ result: JSON) throws {
    for (name, value) in result.members ?? [] {
      switch name {
      case "values":
        rows = (value.elements ?? []).map { JSONRow(columns: $0.elements ?? []) }
      case "rows_affected": changes = Int(value.text) ?? 0
      case "error": error = value.string ?? value.text
      default: break
      }
    }
  }

  var outcome: SQLOutcome {
    guard let first = rows.first?.columns.first else { return SQLOutcome(changes: changes) }
    let returned: SQLValue =
      switch first.kind {
      case .null: .null
      case .number: Int(first.text).map { .integer($0) } ?? .text(first.text)
      default: .text(first.string ?? first.text)
      }
    return SQLOutcome(changes: rows.count, returned: returned)
  }

  /// What `error` means for a store.
  var refusal: SQLRefusal.Reason? {
    guard let error else { return nil }
    if let sign = SQLRefusal.Reason(sqliteConstraint: error) { return sign }
    if error.contains("constraint failed") {
      return .error(KVError(.failed, "rqlite refused the change: \(error)"))
    }
    if error.contains("too big") {
      return .error(KVError(.invalidData, "a value is larger than rqlite can hold"))
    }
    if error.contains("is full") {
      return .error(KVError(.failed, "rqlite has no room: \(error); nothing was changed"))
    }
    return .error(KVError(.failed, "rqlite: \(error)"))
  }
}

extension HTTPReply {
  /// The results of the statements, up to the first that was refused.
  package func results() throws -> [RqliteResult] {
    guard status == 200 else {
      throw RqliteFailure(status: status, body: String(decoding: body.prefix(1000), as: UTF8.self))
    }
    let members = try? JSON(parsing: body).members
    guard let members else {
      // A reply that was cut is one of a server that did something.
      throw body.first == UInt8(ascii: "{")
        ? RqliteFailure("its reply is cut off or damaged", remedy: .anotherNode, mayHaveRun: true)
        : RqliteFailure("it is no rqlite server: its reply is not JSON")
    }
    if let error = members.first(where: { $0.name == "error" })?.value {
      throw RqliteFailure(node: error.string ?? error.text)
    }
    guard let results = members.first(where: { $0.name == "results" })?.value.elements else {
      throw RqliteFailure("it is no rqlite server: its reply holds no results")
    }
    return try results.map { try RqliteResult($0) }
  }
}

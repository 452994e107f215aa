import KV
import KVSQL

/// What one statement gave back.
package struct RqliteResult: Sendable {
  package var rows: [RqliteRow] = []
  /// Rows changed, where it changed any and returned none.
  var changes = 0
  /// The database's reason for refusing it.
  package var error: String?

  init(_ result: JSON) throws {
    for (name, value) in result.members ?? [] {
      switch name {
      case "values":
        rows = (value.elements ?? []).map { RqliteRow(columns: $0.elements ?? []) }
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
    if error.contains("constraint failed") { return .constraint }
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

package struct RqliteRow: SQLRow, Sendable {
  var columns: [JSON]

  package func integer(_ column: Int) -> Int { Int(text(column)) ?? 0 }

  package func text(_ column: Int) -> String {
    let value = columns[column]
    return value.kind == .null ? "" : value.string ?? value.text
  }

  package func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var text = text(column)
    text.withUTF8(body)
  }

  /// As ``SQLDialect/rqlite`` selects it: JSON as text, or `x` and the hexadecimal digits of JSONB.
  package func json(_ column: Int) throws -> JSON {
    guard let text = columns[column].string else { return columns[column] }
    guard text.utf8.first == UInt8(ascii: "x") else { return try JSON(parsing: text) }
    let digits = Array(text.utf8.dropFirst())
    return try JSON(
      jsonb: stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<min($0 + 2, digits.count)], as: UTF8.self), radix: 16)
      })
  }
}

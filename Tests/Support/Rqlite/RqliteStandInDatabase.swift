import CSQLite
import Foundation
import KV
import Synchronization

/// The statements of rqlite's HTTP interface, on real SQLite in memory. All nodes of a cluster share one.
final class RqliteStandInDatabase: Sendable {
  /// Proof of sendability: the lock around it.
  private struct Handle: @unchecked Sendable { let pointer: OpaquePointer? }

  private let connection: Mutex<Handle>
  /// How far the leader's clock is ahead.
  let clockOffset = Atomic(0)

  init() {
    var pointer: OpaquePointer?
    sqlite3_open(":memory:", &pointer)
    sqlite3_extended_result_codes(pointer, 1)
    connection = Mutex(Handle(pointer: pointer))
  }

  deinit { connection.withLock { _ = sqlite3_close_v2($0.pointer) } }

  /// An infinite number cannot be written as JSON: rqlite's whole reply fails.
  struct UnwritableNumber: Error {}

  enum Kind { case execute, query, request }

  /// The `results` of a reply.
  func run(_ statements: [JSON], _ kind: Kind, inTransaction: Bool) throws -> String {
    try connection.withLock { handle in
      let database = handle.pointer
      if inTransaction { sqlite3_exec(database, "begin", nil, nil, nil) }
      var results: [String] = []
      var failed = false
      for statement in statements {
        do {
          results.append(try run(statement, kind, on: database))
        } catch let error as StatementError {
          results.append(#"{"error":\#(JSON(error.reason).text)}"#)
          // A statement that returns rows is run as a query, whose failure does not end the transaction.
          let returns = (statement.elements?.first ?? statement).text.contains("returning ")
          if inTransaction, !returns {
            failed = true
            break
          }
        }
      }
      if inTransaction {
        // SQLite has undone it by itself after some errors.
        sqlite3_exec(database, failed ? "rollback" : "commit", nil, nil, nil)
      }
      return "[" + results.joined(separator: ",") + "]"
    }
  }

  private struct StatementError: Error { var reason: String }

  private func run(_ statement: JSON, _ kind: Kind, on database: OpaquePointer?) throws -> String {
    let parts = statement.elements ?? [statement]
    var sql = parts.first?.string ?? ""
    let offset = clockOffset.load(ordering: .relaxed)
    if offset != 0 { sql = sql.replacing("'now'", with: "'now', '\(offset) seconds'") }
    // Both are accepted, and do nothing of use.
    if ["begin", "rollback", "commit"].contains(sql.lowercased()) { return Self.changes(database) }
    var prepared: OpaquePointer?
    defer { sqlite3_finalize(prepared) }
    guard sqlite3_prepare_v2(database, sql, -1, &prepared, nil) == SQLITE_OK else {
      throw StatementError(reason: String(cString: sqlite3_errmsg(database)))
    }
    if kind == .query, sqlite3_stmt_readonly(prepared) == 0 {
      throw StatementError(reason: "attempt to change database via query operation")
    }
    try Self.bind(Array(parts.dropFirst()), to: prepared)
    var rows: [String] = []
    let count = sqlite3_column_count(prepared)
    var types = (0..<count).map { column in
      sqlite3_column_decltype(prepared, column).map { String(cString: $0).lowercased() } ?? ""
    }
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW:
        if rows.isEmpty {
          for column in types.indices where types[column].isEmpty {
            types[column] = Self.type(prepared, Int32(column))
          }
        }
        let values = try (0..<count).map { try Self.value(prepared, $0) }
        rows.append("[" + values.joined(separator: ",") + "]")
      case SQLITE_DONE:
        if count == 0 { return Self.changes(database) }
        let names = (0..<count).map { JSON(String(cString: sqlite3_column_name(prepared, $0))).text }
        return
          #"{"columns":[\#(names.joined(separator: ","))],"types":\#(JSON(elements: types.map { JSON($0) }))"#
          + (rows.isEmpty ? "}" : #","values":[\#(rows.joined(separator: ","))]}"#)
      default: throw StatementError(reason: String(cString: sqlite3_errmsg(database)))
      }
    }
  }

  /// Fields that are zero are left out.
  private static func changes(_ database: OpaquePointer?) -> String {
    let fields = [
      ("last_insert_id", sqlite3_last_insert_rowid(database)), ("rows_affected", sqlite3_changes64(database)),
    ]
    return "{" + fields.filter { $0.1 != 0 }.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private static func bind(_ parameters: [JSON], to statement: OpaquePointer?) throws {
    if let named = parameters.first?.members {
      for (name, value) in named {
        let index = [":", "@", "$"].map { sqlite3_bind_parameter_index(statement, $0 + name) }.max() ?? 0
        if index > 0 { bind(value, at: index, of: statement) }
      }
      return
    }
    let wanted = Int(sqlite3_bind_parameter_count(statement))
    guard parameters.count >= wanted else {
      throw StatementError(
        reason: "not enough args to execute query: want \(wanted) got \(parameters.count)")
    }
    for (index, value) in parameters.prefix(wanted).enumerated() {
      bind(value, at: Int32(index + 1), of: statement)
    }
  }

  private static func bind(_ value: JSON, at index: Int32, of statement: OpaquePointer?) {
    switch value.kind {
    case .null: sqlite3_bind_null(statement, index)
    case .boolean: sqlite3_bind_int64(statement, index, value.text == "true" ? 1 : 0)
    case .number:
      if let integer = Int64(value.text) {
        sqlite3_bind_int64(statement, index, integer)
      } else {
        sqlite3_bind_double(statement, index, Double(value.text) ?? .nan)
      }
    case .array:
      let bytes = (value.elements ?? []).compactMap { UInt8($0.text) }
      sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), transient)
    default:
      let text = value.string ?? value.text
      sqlite3_bind_text64(statement, index, text, UInt64(text.utf8.count), transient, UInt8(SQLITE_UTF8))
    }
  }

  private static func type(_ statement: OpaquePointer?, _ column: Int32) -> String {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: "integer"
    case SQLITE_FLOAT: "real"
    case SQLITE_NULL: ""
    default: "text"
    }
  }

  private static func value(_ statement: OpaquePointer?, _ column: Int32) throws -> String {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return String(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT:
      let number = sqlite3_column_double(statement, column)
      guard number.isFinite else { throw UnwritableNumber() }
      if number == number.rounded(), abs(number) < 1e21 { return decimal(number) }
      return String(number)
    case SQLITE_NULL: return "null"
    default:
      // A BLOB comes out like text, what is no UTF-8 in it replaced.
      let count = Int(sqlite3_column_bytes(statement, column))
      let bytes = sqlite3_column_blob(statement, column)
      return JSON(String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)).text
    }
  }

  /// A whole number as Go writes it: the fewest digits that tell it apart, then zeros.
  private static func decimal(_ number: Double) -> String {
    let text = String(number)
    guard let e = text.firstIndex(of: "e") else {
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    let digits = text[..<e].replacing(".", with: "").replacing("-", with: "")
    let exponent = Int(text[text.index(after: e)...]) ?? 0
    let sign = number < 0 ? "-" : ""
    return sign + digits.prefix(exponent + 1)
      + String(repeating: "0", count: max(exponent + 1 - digits.count, 0))
  }
}

import CSQLite
import KV
import KVSQL

struct SQLiteRow: SQLRow {
  let statement: OpaquePointer

  func integer(_ column: Int) throws -> Int {
    // SQLite itself would make a number of anything.
    guard sqlite3_column_type(statement, Int32(column)) == SQLITE_INTEGER else {
      throw NotAnInteger(text(column))
    }
    return Int(sqlite3_column_int64(statement, Int32(column)))
  }

  func text(_ column: Int) -> String {
    var text = ""
    withText(column) { text = String(decoding: $0, as: UTF8.self) }
    return text
  }

  func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    let bytes = sqlite3_column_text(statement, Int32(column))
    body(UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, Int32(column)))))
  }

  func value(_ column: Int) -> SQLValue {
    switch sqlite3_column_type(statement, Int32(column)) {
    case SQLITE_INTEGER: .integer(Int(sqlite3_column_int64(statement, Int32(column))))
    case SQLITE_NULL: .null
    default: .text(text(column))
    }
  }

  /// TEXT is JSON as it stands, a BLOB is JSONB, and a number is one that SQLite's affinity made of a JSON number.
  func json(_ column: Int) throws -> JSON {
    guard sqlite3_column_type(statement, Int32(column)) == SQLITE_BLOB else {
      guard let bytes = sqlite3_column_text(statement, Int32(column)) else { return .null }
      let count = Int(sqlite3_column_bytes(statement, Int32(column)))
      return try JSON(parsing: UnsafeBufferPointer(start: bytes, count: count))
    }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    let start = sqlite3_column_blob(statement, Int32(column))
    return try JSON(jsonb: Array(UnsafeRawBufferPointer(start: start, count: count)))
  }
}

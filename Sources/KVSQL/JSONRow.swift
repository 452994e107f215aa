import KV

/// A row whose columns came as JSON values: what rqlite answers, or ``SQLDialect/jsonArray`` gives in one column.
package struct JSONRow: SQLRow, Sendable {
  package var columns: [JSON]

  package init(columns: [JSON]) { self.columns = columns }

  package func integer(_ column: Int) throws -> Int {
    let value = columns[column]
    guard value.kind == .number, let integer = Int(value.text) else { throw NotAnInteger(value.text) }
    return integer
  }

  package func text(_ column: Int) -> String {
    let value = columns[column]
    return value.kind == .null ? "" : value.string ?? value.text
  }

  package func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var text = text(column)
    text.withUTF8(body)
  }

  /// JSON as text, or `x` and the hexadecimal digits of JSONB, as rqlite's dialect selects it.
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

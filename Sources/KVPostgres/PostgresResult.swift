import CPostgres
import KV
import KVSQL

/// What a statement gave back.
///
/// Proof of sendability: libpq never changes a result once it has handed it out, and only `deinit` frees it.
final class PostgresResult: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Takes the result over.
  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { PQclear(handle) }

  var isEmpty: Bool { PQntuples(handle) == 0 }

  func rows<T>(_ decode: (any SQLRow) throws -> T) throws -> [T] {
    try reduce(into: []) { $0.append(try decode($1)) }
  }

  func reduce<Result>(into initial: Result, _ body: (inout Result, any SQLRow) throws -> Void) throws
    -> Result
  {
    var result = initial
    for row in 0..<PQntuples(handle) { try body(&result, PostgresRow(result: handle, row: row)) }
    return result
  }

  var outcome: SQLOutcome {
    let changes = PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0
    guard PQntuples(handle) > 0, PQgetisnull(handle, 0, 0) == 0 else { return SQLOutcome(changes: changes) }
    let row = PostgresRow(result: handle, row: 0)
    let isInteger = [Self.int8, Self.int4].contains(PQftype(handle, 0))
    return SQLOutcome(
      changes: changes, returned: isInteger ? Int(row.text(0)).map { .integer($0) } : .text(row.text(0)))
  }

  /// The types' numbers in PostgreSQL's catalogue.
  private static let (int8, int4): (Oid, Oid) = (20, 23)
}

struct PostgresRow: SQLRow {
  let result: OpaquePointer
  let row: Int32

  private func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    let count = Int(PQgetlength(result, row, Int32(column)))
    return PQgetvalue(result, row, Int32(column)).withMemoryRebound(to: UInt8.self, capacity: count) {
      UnsafeBufferPointer(start: $0, count: count)
    }
  }

  func integer(_ column: Int) throws -> Int {
    guard let integer = Int(text(column)) else { throw NotAnInteger(text(column)) }
    return integer
  }

  func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) { body(bytes(column)) }

  func json(_ column: Int) throws -> JSON { try JSON(parsing: bytes(column)) }
}

import KV
import KVSQL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SQLDialect {
  /// SQLite's, but for JSONB, which rqlite would hand out as broken text, and payloads, which a-h/kv keeps as base64 there.
  static let rqlite: SQLDialect = {
    var dialect = SQLDialect.sqlite(incomingEdges: SQLiteTables.incoming, now: RqliteClock.token)
    dialect.storedValue = { "case typeof(\($0)) when 'blob' then 'x' || hex(\($0)) else \($0) end" }
    dialect.payload = Payload(
      encode: { Data($0.utf8).base64EncodedString() },
      decode: { text in
        Data(base64Encoded: text).flatMap { String(validating: $0, as: UTF8.self) } ?? text
      })
    return dialect
  }()
}

import KV
import KVSQL

extension SQLDialect {
  /// SQLite's, but for JSONB: rqlite hands out the BLOB of an expression as broken text.
  static let rqlite: SQLDialect = {
    var dialect = SQLDialect.sqlite(incomingEdges: SQLiteTables.incoming)
    dialect.storedValue = { "case typeof(\($0)) when 'blob' then 'x' || hex(\($0)) else \($0) end" }
    return dialect
  }()
}

import KV
import KVSQL

extension SQLDialect {
  /// SQLite's SQL, which is rqlite's too.
  static func sqlite(incomingEdges: String) -> SQLDialect {
    SQLDialect(
      stringList: "(select key as position, value from json_each(?1))", incomingEdges: incomingEdges,
      latestSequence: "select coalesce(max(seq), 0) from sqlite_sequence where name = 'stream'",
      lockExpiry: "expires_at", lockingRows: "", skippingLockedRows: "",
      clock: Clock(
        now: "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000000Z')",
        later: { "(strftime('%Y-%m-%dT%H:%M:%f', 'now', \($0) || ' seconds') || '000000Z')" },
        instant: { "julianday(\($0))" }, currentInstant: "julianday('now')", text: { $0 }),
      bind: { $0.kind == .number ? .blob($0.jsonb) : .text($0.text) })
  }
}

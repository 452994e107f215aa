import KV

/// The tables of attribute indexes: which there are, what they hold, and the keys of records that have changed since.
///
/// Triggers do no more than mark a key: they run in the sessions of other programs, on versions of SQLite that cannot look inside a
/// value. A mark has a number that no other has had, so that what was read for one is never taken for what was written after it.
public struct SQLAttributeTables: Sendable {
  /// A query with a row where the tables are there.
  public var existing: String
  /// Makes tables and triggers that are not there, one statement each.
  public var creation: [String]
  /// Takes all of them away, one statement each.
  public var removal: [String]

  /// Tables of these parts.
  public init(existing: String, creation: [String], removal: [String]) {
    (self.existing, self.creation, self.removal) = (existing, creation, removal)
  }
}

extension SQLAttributeTables {
  /// The tables, with what databases call a text that is compared by its bytes, and a number that grows with each row.
  package static func tables(text: String, number: String) -> [String] {
    [
      """
      create table if not exists kv_attribute_index (
        label \(text) not null, attribute \(text) not null, primary key (label, attribute))
      """,
      """
      create table if not exists kv_attribute (
        key \(text) not null, label \(text) not null, attribute \(text) not null, value \(text) not null,
        primary key (key, label, attribute))
      """,
      "create index if not exists kv_attribute_value on kv_attribute (label, attribute, value, key)",
      "create table if not exists kv_attribute_pending (mark \(number), key \(text) not null)",
      "create index if not exists kv_attribute_pending_key on kv_attribute_pending (key)",
    ]
  }

  package static let dropTables = ["kv_attribute_pending", "kv_attribute", "kv_attribute_index"].map {
    "drop table if exists \($0)"
  }

  /// SQLite's, which are rqlite's too.
  package static let sqlite = SQLAttributeTables(
    existing: "select 1 from sqlite_master where type = 'table' and name = 'kv_attribute_index'",
    creation: tables(text: "text", number: "integer primary key autoincrement")
      + [("insert", ["new"]), ("update", ["old", "new"]), ("delete", ["old"])].map { event, rows in
        let keys = rows.map { "\($0).key" }
        return """
          create trigger if not exists kv_attribute_\(event) after \(event) on kv
          when not (\(keys.map(SQLiteTables.isEdge).joined(separator: " and ")))
          begin
            delete from kv_attribute_pending where key in (\(keys.joined(separator: ", ")));
            insert into kv_attribute_pending (key) \(keys.map { "select \($0)" }.joined(separator: " union "));
          end
          """
      },
    removal: sqliteTriggerNames.map { "drop trigger if exists \($0)" } + dropTables)

  package static let sqliteTriggerNames = ["insert", "update", "delete"].map { "kv_attribute_\($0)" }

  /// Marks the keys that a query gives as `key`.
  package static func marking(_ keys: String) -> String {
    "insert into kv_attribute_pending (key) \(keys)"
  }
}

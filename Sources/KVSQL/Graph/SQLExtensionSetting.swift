/// What a database keeps about itself in `kv_extension_setting`, a table of names and values.
package enum SQLExtensionSetting {
  private static let indexRecords = "edge_index_records"

  /// Whether a-h/kv's index records of edges are kept: where it made the tables. That is told once, when this project's own
  /// tables are made, and stays. A database that an earlier version has extended already tells by the times of both, or by such
  /// a record.
  package static let decideIndexRecords = """
    insert into kv_extension_setting (name, value)
    select '\(indexRecords)', case when exists (select 1 from migration_version) and (
        not exists (select 1 from kv_extension_version)
        or (select min(applied_at) from migration_version) < (select min(applied_at) from kv_extension_version)
        or exists (select 1 from kv where type = 'EdgeRef'))
      then 'kept' else 'none' end
    where not exists (select 1 from kv_extension_setting where name = '\(indexRecords)')
    """

  static let identity = "database_id"

  /// Gives the database the name of the first parameter, unless it has one.
  static let nameDatabase = """
    insert into kv_extension_setting (name, value)
    select '\(identity)', ?1 where not exists (select 1 from kv_extension_setting where name = '\(identity)')
    """

  /// Takes the name away, and with it the trust in what was read of the database before: the stream tells of a record whose key another program has
  /// changed only the new key.
  package static func forgetDatabaseID(in schema: String = "") -> String {
    "delete from \(schema)kv_extension_setting where name = '\(identity)'"
  }

  static let databaseID = SQLStatement("select value from kv_extension_setting where name = '\(identity)'")

  private static let copy = "graph_copy "
  private static let mostCopies = 100

  /// Keeps the mark of the first parameter with the number of the second, and forgets that of the third and the oldest.
  static func mark(_ mark: String, at sequence: Int, replacing other: String?) -> [SQLStatement] {
    [
      SQLStatement(
        "delete from kv_extension_setting where name = ?1", [.text(copy + (other ?? ""))]),
      SQLStatement(
        "insert into kv_extension_setting (name, value) values (?1, ?2)",
        [.text(copy + mark), .text("\(sequence)")]),
      SQLStatement(
        """
        delete from kv_extension_setting where name like '\(copy)%' and name not in (
          select name from kv_extension_setting where name like '\(copy)%'
          order by cast(value as bigint) desc, name limit \(mostCopies))
        """),
    ]
  }

  /// What the marks of creations begin with, and no other.
  static let creation = "created "

  /// A condition: whether a parameter is the database's name.
  static func isNamed(_ id: String) -> String {
    "exists (select 1 from kv_extension_setting where name = '\(identity)' and value = \(id))"
  }

  /// A condition: whether a parameter is a mark that the database keeps.
  static func isMarked(_ mark: String) -> String {
    "exists (select 1 from kv_extension_setting where name = '\(copy)' || \(mark))"
  }

  private static let trimmedThrough = "stream_trimmed"

  /// Keeps the last of the changes that are about to be forgotten: those up to the first parameter.
  static let noteTrimmed = """
    insert into kv_extension_setting (name, value)
    select '\(trimmedThrough)', cast(max(seq) as text) from stream where seq <= ?1 having count(*) > 0
    on conflict (name) do update set value = excluded.value
    """

  static let trimmed = SQLStatement(
    "select value from kv_extension_setting where name = '\(trimmedThrough)'")

  static let keepsIndexRecords = SQLStatement(
    "select value from kv_extension_setting where name = '\(indexRecords)'")
}

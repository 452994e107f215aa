import KVSQL

/// What a load runs, many rows at a time, in the place of the triggers that it takes off.
enum SQLiteLoadStatements {
  static let loadTriggerNames = ["kv_stream_insert", "kv_stream_update", "kv_edge_incoming_insert"]

  /// Those of this project that a load would not run: it neither deletes nor renames.
  private static let otherTriggerNames =
    [
      "kv_stream_delete", "kv_edge_incoming_delete", "kv_edge_incoming_rename", "kv_key_update",
    ] + SQLAttributeTables.sqliteTriggerNames

  static let loadTriggers = SQLStatement(
    "select sql from sqlite_master where type = 'trigger' and name in (\(list(loadTriggerNames)))")

  static let foreignTriggers = SQLStatement(
    """
    select name from sqlite_master
    where type = 'trigger' and name not in (\(list(loadTriggerNames + otherTriggerNames)))
    """)

  private static func list(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// What the triggers would have done, for the keys of a JSON array, in its order.
  static let streamBatch = """
    insert into stream (action, key, version, value, type, created)
    select case kv.version when 1 then 'create' else 'update' end, kv.key, kv.version, kv.value, kv.type, kv.created
    from json_each(?1) as list cross join kv on kv.key = list.value
    where \(SQLiteTables.isStreamed("kv.key")) order by list.key
    """
  static let incomingBatch = """
    insert into kv_edge_incoming (target, key) select \(SQLiteTables.target("value")), value from json_each(?1)
    where \(SQLiteTables.isEdge("value")) order by 1, 2 on conflict do nothing
    """

  /// Records that attribute indexes have to look at: of a batch, of what is staged, and all.
  static let markBatch = marking("select value from json_each(?1)", "value")
  static let markStaged = marking("select stream.key from \(staged)", "stream.key")
  static let markAll = marking("select key from kv", "key")

  private static func marking(_ keys: String, _ key: String) -> String {
    SQLAttributeTables.marking("\(keys) where not (\(SQLiteTables.isEdge(key)))")
  }

  static let stagedAtOnce = 50
  static let stageMany = stage(stagedAtOnce)

  /// Puts so many new records into the stream, and only there. `or fail` spares SQLite a copy of each page that it changes,
  /// for a statement that need not be undone alone: what fails ends the load.
  static func stage(_ count: Int) -> String {
    "insert or fail into stream (action, key, version, value, type, created) values "
      + repeatElement("('create', ?, 1, ?, ?, ?)", count: count).joined(separator: ", ")
  }
  /// The rows of the stream in runs of sequence numbers, a JSON array of pairs.
  private static let staged = """
    json_each(?1) as run cross join stream
    on seq between json_extract(run.value, '$[0]') and json_extract(run.value, '$[1]')
    """
  static let fillRecords = """
    insert into kv (key, version, value, type, created)
    select stream.key, version, stream.value, stream.type, created from \(staged) order by stream.key
    """
  static let fillIncoming = """
    insert into kv_edge_incoming (target, key)
    select coalesce(kv_edge_target(stream.key), \(SQLiteTables.target("stream.key"))), stream.key from \(staged)
    where \(SQLiteTables.isEdge("stream.key")) order by 1, 2 on conflict do nothing
    """
  static let findDuplicate = """
    select seq, key from (
      select seq, stream.key as key, row_number() over (partition by stream.key order by seq) as occurrence
      from \(staged)) as record
    where occurrence > 1 or exists (select 1 from kv where kv.key = record.key) order by seq limit 1
    """
}

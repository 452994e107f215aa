import CSQLite
import KV
import KVSQL

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The tables: a-h/kv's own four migrations, and beside them the index of incoming edges.
enum SQLiteSchema {
  /// Checks what the file holds and migrates it where that is needed and allowed.
  /// - Returns: the table expression for ``SQLDialect/incomingEdges``.
  static func prepare(_ connection: SQLiteConnection) throws -> String {
    if try isCurrent(connection) { return incomingTable }
    guard connection.location.mode != .readOnly else { return try readOnlyFallback(connection) }
    do {
      try useWriteAheadLog(connection)
      try connection.transaction {
        // Asked again under the lock: another process may have been faster.
        if try !isCurrent(connection) { try migrate(connection) }
      }
    } catch let error as KVError where error.message.contains("is read-only") {
      return try readOnlyFallback(connection)
    }
    return incomingTable
  }

  static let incomingTable = "kv_edge_incoming"
  /// Of what this project adds; a-h/kv's own number is in migration_version.
  private static let version = 2

  /// Whether the tables are there and of this version. Throws where they are another program's, or a newer one's.
  static func isCurrent(_ connection: SQLiteConnection) throws -> Bool {
    let tables = try Set(connection.texts("select name from sqlite_master where type = 'table'"))
    if tables.contains("kv") || !tables.isEmpty {
      let columns = try connection.texts("select name from pragma_table_info('kv') order by name")
      guard columns == ["created", "key", "type", "value", "version"] else {
        throw KVError(
          .failed, "\(connection.location.path) is a database of another program: it has no kv table of ours")
      }
    }
    guard
      tables.isSuperset(of: ["kv", "stream", "locks", "tasks", "migration_version", "kv_extension_version"])
    else { return false }
    let known =
      try connection.texts("select max(version) from kv_extension_version").first.flatMap(Int.init) ?? 0
    if known > version {
      throw KVError(
        .failed, "\(connection.location.path) was made by a newer kv (tables \(known)); update kv")
    }
    return known == version
  }

  /// A file that may not be changed, such as one of a-h/kv's on a read-only disk, is read without the index.
  private static func readOnlyFallback(_ connection: SQLiteConnection) throws -> String {
    guard try !connection.texts("select name from sqlite_master where name = 'kv'").isEmpty else {
      throw KVError(.failed, "\(connection.location.path) is read-only and holds no kv tables")
    }
    return "(select \(target("key")) as target, key from kv where \(isEdge("key")))"
  }

  private static func useWriteAheadLog(_ connection: SQLiteConnection) throws {
    // Changing the mode does not wait for locks by itself.
    var waited: Int32 = 0
    while true {
      do {
        _ = try connection.texts("pragma journal_mode = wal")
        return
      } catch let error as KVError
        where error.code == .unavailable && waited < connection.location.busyTimeout
      {
        usleep(5_000)
        waited += 5
      }
    }
  }

  private static func migrate(_ connection: SQLiteConnection) throws {
    try connection.execute(tables)
    try connection.execute(streamTriggers)
    for version in 1...4 {
      try connection.execute("insert or ignore into migration_version (version) values (\(version))")
    }
    try connection.execute(incomingIndex)
    try connection.execute(dueIndex)
    try connection.execute("insert or ignore into kv_extension_version (version) values (\(version))")
  }

  private static let tables = """
    create table if not exists migration_version (
      version integer primary key,
      applied_at text not null default (datetime('now')));
    create table if not exists migration_lock (id integer primary key, locked_at text not null);
    create table if not exists kv (
      key text primary key, version integer not null, value jsonb not null, type text not null,
      created text not null) without rowid;
    create table if not exists stream (
      seq integer primary key autoincrement,
      action text not null check (action in ('create', 'update', 'delete')),
      key text not null, version integer not null, value jsonb not null, type text not null,
      created text not null);
    create table if not exists locks (
      name text primary key, locked_by text not null, locked_at text not null, expires_at text not null);
    create index if not exists idx_kv_type_key on kv (type, key);
    create index if not exists idx_stream_type_seq on stream (type, seq);
    create table if not exists tasks (
      id text primary key, name text not null, payload text not null,
      status text not null check (status in ('pending', 'running', 'completed', 'failed', 'cancelled'))
        default 'pending',
      created text not null, scheduled_for text not null, started_at text, completed_at text,
      last_error text not null default '', retry_count integer not null default 0,
      max_retries integer not null default 3, timeout_seconds integer not null default 300,
      locked_by text not null default '', locked_at text, lock_expires_at text);
    create index if not exists idx_tasks_status_scheduled on tasks (status, scheduled_for);
    create index if not exists idx_tasks_name_created on tasks (name, created);
    create index if not exists idx_tasks_locked on tasks (locked_by, lock_expires_at);
    create index if not exists idx_tasks_pending_collection
      on tasks (status, scheduled_for, name, lock_expires_at);
    """

  private static let streamTriggers = [
    ("insert", "create", "new"), ("update", "update", "new"), ("delete", "delete", "old"),
  ].map { event, action, row in
    """
    create trigger if not exists kv_stream_\(event) after \(event) on kv
    when \(isStreamed("\(row).key"))
    begin
      insert into stream (action, key, version, value, type, created)
      values ('\(action)', \(row).key, \(row).version, \(row).value, \(row).type, \(row).created);
    end;
    """
  }.joined(separator: "\n")

  /// Kept by triggers, so that it is right whoever writes the edges. Rows of edge-like keys that are no edges do no
  /// harm: a reader checks each key.
  private static let incomingIndex = """
    create table if not exists kv_extension_version (
      version integer primary key, applied_at text not null default (datetime('now')));
    create table if not exists kv_edge_incoming (
      target text not null, key text not null, primary key (target, key)) without rowid;
    create trigger if not exists kv_edge_incoming_insert after insert on kv when \(isEdge("new.key")) begin
      insert into kv_edge_incoming (target, key) values (\(target("new.key")), new.key)
        on conflict do nothing;
    end;
    create trigger if not exists kv_edge_incoming_delete after delete on kv when \(isEdge("old.key")) begin
      delete from kv_edge_incoming where target = \(target("old.key")) and key = old.key;
    end;
    create trigger if not exists kv_edge_incoming_rename after update of key on kv begin
      delete from kv_edge_incoming where target = \(target("old.key")) and key = old.key;
      insert into kv_edge_incoming (target, key) select \(target("new.key")), new.key where \(isEdge("new.key"))
        on conflict do nothing;
    end;
    insert into kv_edge_incoming (target, key)
      select \(target("key")), key from kv where \(isEdge("key")) order by 1, 2 on conflict do nothing;
    """

  /// Pending tasks in due order. Times may be written in several forms, so that text order is not time order.
  private static let dueIndex = """
    create index if not exists kv_tasks_due on tasks (julianday(scheduled_for), created, id)
      where status = 'pending';
    """

  /// The triggers that a load replaces by the statements below.
  static let loadTriggerNames = ["kv_stream_insert", "kv_stream_update", "kv_edge_incoming_insert"]

  static let loadTriggers =
    "select sql from sqlite_master where type = 'trigger' and name in ("
    + loadTriggerNames.map { "'\($0)'" }.joined(separator: ", ") + ")"

  /// What the triggers would have done, for the keys of a JSON array, in its order.
  static let streamBatch = """
    insert into stream (action, key, version, value, type, created)
    select case kv.version when 1 then 'create' else 'update' end, kv.key, kv.version, kv.value, kv.type, kv.created
    from json_each(?1) as list cross join kv on kv.key = list.value
    where \(isStreamed("kv.key")) order by list.key
    """
  static let incomingBatch = """
    insert into kv_edge_incoming (target, key) select \(target("value")), value from json_each(?1)
    where \(isEdge("value")) order by 1, 2 on conflict do nothing
    """

  /// Puts so many new records into the stream, and only there.
  static func stageRecords(_ count: Int) -> String {
    "insert into stream (action, key, version, value, type, created) values "
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
    select coalesce(kv_edge_target(stream.key), \(target("stream.key"))), stream.key from \(staged)
    where \(isEdge("stream.key")) order by 1, 2 on conflict do nothing
    """
  static let findDuplicate = """
    select seq, key from (
      select seq, stream.key as key, row_number() over (partition by stream.key order by seq) as occurrence
      from \(staged)) as record
    where occurrence > 1 or exists (select 1 from kv where kv.key = record.key) order by seq limit 1
    """

  private static func isStreamed(_ key: String) -> String {
    "(\(key) < 'github.com/a-h/kv/stream/' or \(key) >= 'github.com/a-h/kv/stream0')"
  }

  private static func isEdge(_ key: String) -> String { "\(key) >= 'graph/edge/' and \(key) < 'graph/edge0'" }

  /// Of which the parts of an edge's key are made; the frequent ones first, for SQLite looks from the left.
  static let partCharacters =
    "0123456789aeionrstlcdumphgyfbvkwjxzqABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~$&+:=@%"

  /// The last two parts of the key: cut off the characters of one part and the slash before it, twice.
  private static func target(_ key: String) -> String {
    let beforeLast = "rtrim(\(key), '\(partCharacters)')"
    let beforeTarget = "rtrim(substr(\(beforeLast), 1, length(\(beforeLast)) - 1), '\(partCharacters)')"
    return "substr(\(key), length(\(beforeTarget)) + 1)"
  }
}

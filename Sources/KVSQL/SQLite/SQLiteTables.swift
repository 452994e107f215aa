import KV

/// The tables of SQLite and rqlite: a-h/kv's own four migrations, and beside them the index of incoming edges.
package enum SQLiteTables {
  /// Of what this project adds; a-h/kv's own number is in migration_version.
  private static let version = 5
  package static let incoming = "kv_edge_incoming"

  /// What a database tells of itself, for ``areCurrent``.
  package static let names = SQLStatement(
    "select name from sqlite_master where type in ('table', 'trigger') and name not glob 'sqlite_*'")
  package static let columns = SQLStatement("select name from pragma_table_info('kv') order by name")
  /// Fails in a database without our tables.
  package static let knownVersion = SQLStatement("select coalesce(max(version), 0) from kv_extension_version")

  /// Whether the tables are there and of this version. Throws where they are another program's, or a newer one's.
  package static func areCurrent(
    in place: String, names: Set<String>, columns: () throws -> [String], knownVersion: () throws -> Int
  ) throws -> Bool {
    if !names.isEmpty, try columns() != ["created", "key", "type", "value", "version"] {
      throw KVError(.failed, "\(place) is a database of another program: it has no kv table of ours")
    }
    // A table that another program has made anew has no triggers.
    guard
      names.isSuperset(
        of: ["kv", "stream", "locks", "tasks", "migration_version", "kv_extension_version"] + triggerNames)
    else { return false }
    let known = try knownVersion()
    if known > version {
      throw KVError(.failed, "\(place) was made by a newer kv (tables \(known)); update kv")
    }
    return known == version
  }

  /// Brings any database up to date, in one transaction. May be run again.
  /// - Parameter now: as for ``SQLDialect/sqlite(incomingEdges:now:)``.
  package static func migration(now: String) -> [String] {
    func record(_ version: Int, in table: String) -> String {
      "insert or ignore into \(table) (version, applied_at) values (\(version), datetime(\(now)))"
    }
    return tables + extensionTables + [forgetUntoldChanges] + streamTriggers
      + (1...4).map { record($0, in: "migration_version") }
      + incomingIndex + dueIndex + [record(version, in: "kv_extension_version")]
  }

  private static let tables = [
    """
    create table if not exists migration_version (
      version integer primary key,
      applied_at text not null default (datetime('now')))
    """,
    "create table if not exists migration_lock (id integer primary key, locked_at text not null)",
    """
    create table if not exists kv (
      key text primary key, version integer not null, value jsonb not null, type text not null,
      created text not null) without rowid
    """,
    """
    create table if not exists stream (
      seq integer primary key autoincrement,
      action text not null check (action in ('create', 'update', 'delete')),
      key text not null, version integer not null, value jsonb not null, type text not null,
      created text not null)
    """,
    """
    create table if not exists locks (
      name text primary key, locked_by text not null, locked_at text not null, expires_at text not null)
    """,
    "create index if not exists idx_kv_type_key on kv (type, key)",
    "create index if not exists idx_stream_type_seq on stream (type, seq)",
    """
    create table if not exists tasks (
      id text primary key, name text not null, payload text not null,
      status text not null check (status in ('pending', 'running', 'completed', 'failed', 'cancelled'))
        default 'pending',
      created text not null, scheduled_for text not null, started_at text, completed_at text,
      last_error text not null default '', retry_count integer not null default 0,
      max_retries integer not null default 3, timeout_seconds integer not null default 300,
      locked_by text not null default '', locked_at text, lock_expires_at text)
    """,
    "create index if not exists idx_tasks_status_scheduled on tasks (status, scheduled_for)",
    "create index if not exists idx_tasks_name_created on tasks (name, created)",
    "create index if not exists idx_tasks_locked on tasks (locked_by, lock_expires_at)",
    """
    create index if not exists idx_tasks_pending_collection
      on tasks (status, scheduled_for, name, lock_expires_at)
    """,
  ]

  package static let streamTriggerNames = ["insert", "update", "delete"].map { "kv_stream_\($0)" }

  private static let triggerNames =
    streamTriggerNames + [
      "kv_edge_incoming_insert", "kv_edge_incoming_delete", "kv_edge_incoming_rename", keyUpdate,
    ]
  private static let keyUpdate = "kv_key_update"

  /// A condition: whether there are the triggers without which something may have changed that nothing tells.
  static let hasTriggers: String = {
    let names = streamTriggerNames + [keyUpdate]
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return """
      (select count(*) from sqlite_master where type = 'trigger' and tbl_name = 'kv' and name in (\(list))) = \(names.count)
      """
  }()

  private static let forgetUntoldChanges =
    SQLExtensionSetting.forgetDatabaseID() + " and not \(hasTriggers)"

  package static let streamTriggers = [
    ("insert", "create", "new"), ("update", "update", "new"), ("delete", "delete", "old"),
  ].map { event, action, row in
    """
    create trigger if not exists kv_stream_\(event) after \(event) on kv
    when \(isStreamed("\(row).key"))
    begin
      insert into stream (action, key, version, value, type, created)
      values ('\(action)', \(row).key, \(row).version, \(row).value, \(row).type, \(row).created);
    end
    """
  }

  /// Before anything of this project's own is written, what stands in them tells who made the tables.
  private static let extensionTables = [
    """
    create table if not exists kv_extension_version (
      version integer primary key, applied_at text not null default (datetime('now')))
    """,
    "create table if not exists kv_extension_setting (name text primary key, value text not null)",
    SQLExtensionSetting.decideIndexRecords,
  ]

  /// Kept by triggers, so that it is right whoever writes the edges. Rows of edge-like keys that are no edges do no
  /// harm: a reader checks each key.
  private static let incomingIndex = [
    """
    create table if not exists kv_edge_incoming (
      target text not null, key text not null, primary key (target, key)) without rowid
    """,
    "drop trigger if exists kv_edge_incoming_insert",
    """
    create trigger kv_edge_incoming_insert after insert on kv when \(isEdge("new.key")) begin
      insert into kv_edge_incoming (target, key) values (\(target("new.key")), new.key)
        on conflict do nothing;
    end
    """,
    "drop trigger if exists kv_edge_incoming_delete",
    """
    create trigger kv_edge_incoming_delete after delete on kv when \(isEdge("old.key")) begin
      delete from kv_edge_incoming where target = \(target("old.key")) and key = old.key;
    end
    """,
    "drop trigger if exists kv_edge_incoming_rename",
    """
    create trigger kv_edge_incoming_rename after update of key on kv begin
      delete from kv_edge_incoming where target = \(target("old.key")) and key = old.key;
      insert into kv_edge_incoming (target, key) select \(target("new.key")), new.key where \(isEdge("new.key"))
        on conflict do nothing;
    end
    """,
    "drop trigger if exists \(keyUpdate)",
    """
    create trigger \(keyUpdate) after update of key on kv when old.key <> new.key begin
      \(SQLExtensionSetting.forgetDatabaseID());
    end
    """,
    // Earlier versions knew no keys of parallel edges.
    "delete from kv_edge_incoming where target <> \(target("key"))",
    """
    insert into kv_edge_incoming (target, key)
      select \(target("key")), key from kv where \(isEdge("key")) order by 1, 2 on conflict do nothing
    """,
  ]

  package static let incomingCheck: SQLDialect.IndexCheck = {
    let lacking = """
      from kv where \(isEdge("key")) and not exists (
        select 1 from \(incoming) as edge where edge.target = \(target("kv.key")) and edge.key = kv.key)
      """
    let wrong = """
      from \(incoming) where target <> \(target("key"))
        or not exists (select 1 from kv where kv.key = \(incoming).key)
      """
    return SQLDialect.IndexCheck(
      faults: "select key \(lacking) union select key \(wrong) order by 1",
      repairs: [
        "delete \(wrong)",
        "insert into \(incoming) (target, key) select \(target("key")), key \(lacking)",
      ])
  }()

  /// Pending tasks in due order. Times may be written in several forms, so that text order is not time order. Those of
  /// the same time stand in the order in which they came: by their row numbers, with which every index ends.
  private static let dueIndex = [
    "drop index if exists kv_tasks_due",
    """
    create index kv_tasks_due on tasks (julianday(scheduled_for), created) where status = 'pending'
    """,
  ]

  package static func isStreamed(_ key: String) -> String {
    "(\(key) < 'github.com/a-h/kv/stream/' or \(key) >= 'github.com/a-h/kv/stream0')"
  }

  package static func isEdge(_ key: String) -> String {
    "\(key) >= '\(EdgeKey.prefix)' and \(key) < '\(EdgeKey.end)'"
  }

  /// The node that an edge enters, as in its key: without the part that tells parallel edges apart, the last two.
  package static func target(_ key: String) -> String {
    let slashes = "length(\(key)) - length(replace(\(key), '/', ''))"
    return """
      case \(slashes) when \(EdgeKey.slashesWithKey) then \(lastTwoParts(withoutLastPart(key)))
      else \(lastTwoParts(key)) end
      """
  }

  /// Cut off are the characters of a part, and the slash before it.
  private static func withoutLastPart(_ key: String) -> String {
    let beforeLast = "rtrim(\(key), '\(KeyPart.characters)')"
    return "substr(\(beforeLast), 1, length(\(beforeLast)) - 1)"
  }

  private static func lastTwoParts(_ key: String) -> String {
    "substr(\(key), length(rtrim(\(withoutLastPart(key)), '\(KeyPart.characters)')) + 1)"
  }
}

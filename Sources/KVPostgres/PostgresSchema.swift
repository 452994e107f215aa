import KV
import KVSQL

/// The tables: a-h/kv's own four migrations, and what this project adds.
enum PostgresSchema {
  /// Of what this project adds; a-h/kv's own number is in migration_version.
  private static let version = 5

  /// Checks what the database holds and migrates it where that is needed.
  /// - Parameter creating: whether a database without tables is given them.
  static func prepare(_ session: PostgresSession, creating: Bool) async throws {
    switch try await state(session) {
    case .current: return
    case .empty where !creating:
      throw KVError(.unavailable, "the PostgreSQL database has no kv tables", reason: .noTables)
    case .empty(_, let encoding) where encoding != "UTF8":
      throw KVError(.unavailable, "the PostgreSQL database has the encoding \(encoding); kv needs UTF8")
    case .empty(let schema, _), .outdated(let schema):
      // One migrates, the others wait and find everything there.
      try await session.execute(migration(in: schema))
    }
  }

  private enum State {
    /// The schema is quoted, where it needs that.
    case empty(schema: String, encoding: String)
    case outdated(schema: String)
    case current
  }

  private static func state(_ session: PostgresSession) async throws -> State {
    let tables = try await session.read(
      SQLStatement(
        """
        select coalesce((select string_agg(attname, ' ' order by attname collate "C") from pg_attribute
            where attrelid = to_regclass('kv') and attnum > 0 and not attisdropped), ''),
          (to_regclass('kv_extension_version') is not null and \(hasTriggers))::integer,
          coalesce((select quote_ident(nspname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
            where pg_class.oid = to_regclass('kv')), quote_ident(current_schema()), ''),
          pg_encoding_to_char((select encoding from pg_database where datname = current_database()))
        """)
    ).rows { ($0.text(0), try $0.integer(1), schema: $0.text(2), encoding: $0.text(3)) }
    guard let (columns, isExtended, schema, encoding) = tables.first else {
      throw KVError(.failed, "PostgreSQL does not say what tables there are")
    }
    if columns.isEmpty {
      if schema.isEmpty {
        throw KVError(
          .unavailable, "PostgreSQL: none of the schemas in the connection's search_path is there")
      }
      return .empty(schema: schema, encoding: encoding)
    }
    guard columns == "created key type value version" else {
      throw KVError(.failed, "the PostgreSQL database belongs to another program: its kv table is not ours")
    }
    if isExtended == 0 { return .outdated(schema: schema) }
    let known =
      try await session.read(SQLStatement("select coalesce(max(version), 0) from kv_extension_version"))
      .rows { try $0.integer(0) }.first ?? 0
    if known > version {
      throw KVError(.failed, "the PostgreSQL database was made by a newer kv (tables \(known)); update kv")
    }
    return known == version ? .current : .outdated(schema: schema)
  }

  /// In one schema, which the functions name: they run for other programs too, whose search paths lead elsewhere.
  private static func migration(in schema: String) -> String {
    ([
      lock, "set local search_path to \(schema), pg_temp", tables, incomingIndex, byteOrder,
      horizon(in: schema), SQLExtensionSetting.forgetDatabaseID() + " and not \(hasTriggers)",
      taskNews, dueIndex, delete(in: schema), keyUpdate(in: schema),
    ]
      + streamTriggers(in: schema) + [
        "insert into kv_extension_version (version) values (\(version)) on conflict do nothing",
        (1...4).map { "insert into migration_version (version) values (\($0)) on conflict do nothing" }
          .joined(separator: "; "),
        "commit",
      ]).joined(separator: ";\n")
  }

  private static let lock = "begin read write; select pg_advisory_xact_lock(7742873846108160)"

  private static let tables = """
    create table if not exists migration_version (
      version integer primary key, applied_at timestamptz not null default now());
    create table if not exists kv (
      key text collate "C" primary key, version integer not null, value jsonb not null, type text not null,
      created timestamptz not null);
    create table if not exists stream (
      seq bigserial primary key,
      action text not null check (action in ('create', 'update', 'delete')),
      key text not null, version integer not null, value jsonb not null, type text not null,
      created timestamptz not null);
    create table if not exists locks (
      name text primary key, locked_by text not null, locked_at timestamptz not null,
      lock_until timestamptz not null);
    create index if not exists idx_kv_type_key on kv (type, key);
    create index if not exists idx_stream_type_seq on stream (type, seq);
    create table if not exists tasks (
      id text primary key, name text not null, payload text not null,
      status text not null check (status in ('pending', 'running', 'completed', 'failed', 'cancelled'))
        default 'pending',
      created timestamptz not null, scheduled_for timestamptz not null, started_at timestamptz,
      completed_at timestamptz, last_error text not null default '', retry_count integer not null default 0,
      max_retries integer not null default 3, timeout_seconds integer not null default 300,
      locked_by text not null default '', locked_at timestamptz, lock_expires_at timestamptz);
    create index if not exists idx_tasks_status_scheduled on tasks (status, scheduled_for);
    create index if not exists idx_tasks_name_created on tasks (name, created);
    create index if not exists idx_tasks_locked on tasks (locked_by, lock_expires_at);
    create index if not exists idx_tasks_pending_collection
      on tasks (status, scheduled_for, name, lock_expires_at);
    create table if not exists kv_extension_version (
      version integer primary key, applied_at timestamptz not null default now());
    create table if not exists kv_extension_setting (name text primary key, value text not null);
    \(SQLExtensionSetting.decideIndexRecords)
    """

  /// A load writes the stream itself, thousands of rows in a statement: see ``PostgresLoad``.
  private static let isNotLoading = "current_setting('kv.load', true) is distinct from 'on'"

  /// A condition: whether there are the triggers without which something may have changed that nothing tells.
  private static let hasTriggers = triggers("")
  /// The same, and that they run.
  static let runsTriggers = triggers(" and tgenabled <> 'D'")

  private static func triggers(_ condition: String) -> String {
    let names = [
      "kv_stream_insert", "kv_stream_update", "kv_stream_delete", "kv_key_update", "kv_truncate",
      "kv_replica",
    ]
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return """
      (select count(*) from pg_trigger
        where tgrelid = to_regclass('kv') and tgname in (\(list))\(condition)) = \(names.count)
      """
  }

  private static func streamTriggers(in schema: String) -> [String] {
    [("insert", "create", "new"), ("update", "update", "new"), ("delete", "delete", "old")].map {
      streamTrigger(in: schema, after: $0, action: $1, row: $2)
    }
  }

  private static func streamTrigger(in schema: String, after event: String, action: String, row: String)
    -> String
  {
    """
    create or replace function kv_stream_\(event)_fn() returns trigger language plpgsql as $$
    begin
      insert into \(schema).stream (action, key, version, value, type, created)
      values ('\(action)', \(row).key, \(row).version, \(row).value, \(row).type, \(row).created);
      return \(row);
    end $$;
    create or replace trigger kv_stream_\(event) after \(event) on kv for each row
    when (\(row).key not like 'github.com/a-h/kv/stream/%'\(event == "insert" ? " and " + isNotLoading : ""))
    execute function kv_stream_\(event)_fn()
    """
  }

  /// What the stream does not tell: the database gets another name, so that no snapshot fits. In a session that stands in for a
  /// replicated one (session_replication_role) no other trigger tells of anything.
  private static func keyUpdate(in schema: String) -> String {
    """
    create or replace function kv_key_update_fn() returns trigger language plpgsql as $$
    begin
      \(SQLExtensionSetting.forgetDatabaseID(in: schema + "."));
      return null;
    end $$;
    create or replace trigger kv_key_update after update of key on kv for each row
    when (old.key <> new.key) execute function kv_key_update_fn();
    create or replace trigger kv_truncate after truncate on kv
      for each statement execute function kv_key_update_fn();
    create or replace trigger kv_replica after insert or update or delete on kv
      for each row execute function kv_key_update_fn();
    alter table kv enable replica trigger kv_replica
    """
  }

  /// Whether a column is the key of an edge.
  static func isEdge(_ key: String) -> String {
    "\(key) collate \"C\" >= '\(EdgeKey.prefix)' and \(key) collate \"C\" < '\(EdgeKey.end)'"
  }

  /// Of such a key the node that the edge enters.
  static let edgeTarget = """
    (split_part(key, '/', \(EdgeKey.targetPosition)) || '/' || split_part(key, '/', \(EdgeKey.targetPosition + 1)))
    """

  private static let incomingIndex =
    "create index if not exists kv_edge_incoming on kv (\(edgeTarget), key collate \"C\") where \(isEdge("key"))"

  /// Tables that a-h/kv made order keys as the database's locale does, and their indexes with them.
  private static let byteOrder = """
    do $$ begin
      if exists (
        select 1 from pg_attribute join pg_collation on pg_collation.oid = attcollation
        where attrelid = to_regclass('kv') and attname = 'key' and collname <> 'C') then
        create index if not exists kv_key_bytes on kv (key collate "C");
        create index if not exists kv_type_key_bytes on kv (type, key collate "C");
      end if;
    end $$
    """

  /// A transaction takes numbers of the stream before it commits, and others may commit in between. So before it takes
  /// the first one it marks, by a shared lock that ends with it, the latest number given so far: all of its own are
  /// greater. A reader stops at the lowest mark. The order of the steps in both functions is what makes that safe.
  private static func horizon(in schema: String) -> String {
    // The first 16 bits of the marks' lock numbers, which tell one stream from others in the database; the rest is the number in the stream.
    let space =
      "(16384 | ('\(schema.replacing("'", with: "''")).stream_seq_seq'::regclass::oid::bigint & 16383))"
    return """
      create or replace function kv_stream_mark_fn() returns trigger language plpgsql as $$
      begin
        if coalesce(current_setting('kv.stream_mark', true), '') = '' then
          perform pg_advisory_xact_lock_shared(\(space) << 48 | (
            select case when is_called then last_value else 0 end from \(schema).stream_seq_seq));
          perform set_config('kv.stream_mark', 'set', true);
          perform pg_notify('\(SQLChannel.stream.channel)', '');
        end if;
        return null;
      end $$;
      create or replace trigger kv_stream_mark before insert on stream
        for each statement execute function kv_stream_mark_fn();
      create or replace function kv_stream_horizon() returns bigint language plpgsql volatile as $$
      declare
        latest bigint;
        mark bigint;
      begin
        select case when is_called then last_value else 0 end into latest from \(schema).stream_seq_seq;
        select min((classid::bigint << 32 | objid::bigint) & 281474976710655) into mark from pg_locks
          where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = \(space)
            and database = (select oid from pg_database where datname = current_database());
        return least(latest, mark);
      end $$
      """
  }

  /// Deletes keys one after another, as the stream is to tell it, and gives those that were there. A plain `delete`
  /// takes rows as it finds them.
  private static func delete(in schema: String) -> String {
    """
    create or replace function kv_delete(keys text[]) returns setof text language plpgsql as $$
    declare
      each text;
    begin
      foreach each in array keys loop
        return query delete from \(schema).kv as record where record.key = each returning record.key;
      end loop;
    end $$
    """
  }

  /// Pending tasks in due order, or each lease would sort all that are due.
  private static let dueIndex =
    "create index if not exists kv_tasks_due on tasks (scheduled_for, created, id) where status = 'pending'"

  private static let taskNews = """
    create or replace function kv_tasks_news_fn() returns trigger language plpgsql as $$
    begin
      perform pg_notify('\(SQLChannel.tasks.channel)', '');
      return null;
    end $$;
    create or replace trigger kv_tasks_news after insert or update of status, scheduled_for on tasks
      for each row when (new.status = 'pending') execute function kv_tasks_news_fn()
    """
}

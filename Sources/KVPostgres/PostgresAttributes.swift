import KV
import KVSQL

extension SQLAttributeTables {
  /// PostgreSQL's. The function finds its tables beside the table that it is a trigger of: it runs in the sessions of other programs,
  /// whose search paths lead elsewhere.
  static let postgres = SQLAttributeTables(
    existing: "select 1 where to_regclass('kv_attribute_index') is not null",
    // Beside kv, whichever schema comes first in the path.
    creation: [
      """
      select set_config('search_path', quote_ident(nspname) || ', pg_temp', true)
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace where pg_class.oid = to_regclass('kv')
      """
    ] + tables(text: #"text collate "C""#, number: "bigserial primary key") + [
      """
      create or replace function kv_attribute_fn() returns trigger language plpgsql as $$
      declare
        changed text[] := case tg_op when 'INSERT' then array[new.key] when 'DELETE' then array[old.key]
          else array[old.key, new.key] end;
      begin
        execute format('delete from %I.kv_attribute_pending where key = any ($1)', tg_table_schema) using changed;
        execute format(
          'insert into %I.kv_attribute_pending (key) select distinct key from unnest($1) as changed (key)', tg_table_schema)
          using changed;
        return null;
      end $$
      """
    ]
      + triggers.map { event, keys in
        """
        create or replace trigger kv_attribute_\(event) after \(event) on kv for each row
        when (not (\(keys.map(PostgresSchema.isEdge).joined(separator: " and ")))) execute function kv_attribute_fn()
        """
      },
    removal: triggers.map { event, _ in "drop trigger if exists kv_attribute_\(event) on kv" }
      + ["drop function if exists kv_attribute_fn()"] + dropTables)

  private static let triggers = [
    ("insert", ["new.key"]), ("update", ["old.key", "new.key"]), ("delete", ["old.key"]),
  ]
}

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
      } + [grants],
    removal: triggers.map { event, _ in "drop trigger if exists kv_attribute_\(event) on kv" }
      + ["drop function if exists kv_attribute_fn()"] + dropTables)

  /// Whoever may read or write records may do so with their indexes, which the trigger writes in the name of the writer.
  private static let grants = """
    do $$
    declare
      given record;
    begin
      for given in
        select privilege_type as privilege,
          case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as role
        from pg_class cross join aclexplode(relacl)
        where oid = to_regclass('kv') and grantee <> relowner
          and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
      loop
        execute format(
          'grant %s on kv_attribute_index, kv_attribute, kv_attribute_pending to %s', given.privilege, given.role);
        if given.privilege = 'INSERT' then
          execute format('grant select, usage on sequence kv_attribute_pending_mark_seq to %s', given.role);
        end if;
      end loop;
    end $$
    """

  private static let triggers = [
    ("insert", ["new.key"]), ("update", ["old.key", "new.key"]), ("delete", ["old.key"]),
  ]
}

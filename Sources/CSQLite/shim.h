#include <sqlite3.h>

// sqlite3_config is variadic, which Swift cannot call. Without its statistics, memory is taken without a lock that all
// connections share. Only to be called before anything else of SQLite; afterwards it does nothing.
static inline void kv_sqlite3_disable_memory_statistics(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// Variadic as well. Whether the connection runs triggers, of whatever table.
static inline void kv_sqlite3_enable_triggers(sqlite3 *connection, int enabled) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, enabled, (int *)0);
}

// Macros of macros, which Swift does not see.
static const int kv_sqlite3_constraint_check = SQLITE_CONSTRAINT_CHECK;
static const int kv_sqlite3_constraint_foreign_key = SQLITE_CONSTRAINT_FOREIGNKEY;
static const int kv_sqlite3_constraint_not_null = SQLITE_CONSTRAINT_NOTNULL;
static const int kv_sqlite3_constraint_trigger = SQLITE_CONSTRAINT_TRIGGER;
static const int kv_sqlite3_constraint_unique = SQLITE_CONSTRAINT_UNIQUE;

#include <sqlite3.h>

// sqlite3_config is variadic, which Swift cannot call. Without its statistics, memory is taken without a lock that all
// connections share. Only to be called before anything else of SQLite; afterwards it does nothing.
static inline void kv_sqlite3_disable_memory_statistics(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// Variadic as well. Whether the connection runs triggers, of whatever table.
static inline void kv_sqlite3_enable_triggers(sqlite3 *connection, int enabled) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, enabled, (int *)0);
}

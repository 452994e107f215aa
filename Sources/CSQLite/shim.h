#include <sqlite3.h>

// sqlite3_config is variadic, which Swift cannot call. Without its statistics, memory is taken without a lock that all
// connections share. Only to be called before anything else of SQLite; afterwards it does nothing.
static inline void kv_sqlite3_disable_memory_statistics(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

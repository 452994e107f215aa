// The functions that are called here are ours: each hands over to libpq's of the same name, which is loaded when the
// first is called. Loading it takes longer than most commands that never need it.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

/// Null, or why libpq cannot be loaded; then nothing else may be called.
const char *kv_libpq_missing(void);

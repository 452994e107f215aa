#include "CPostgres.h"

#ifdef __APPLE__
static const char *const files[] = {"libpq.5.dylib"};
#else
static const char *const files[] = {"libpq.so.5"};
#endif

#define FUNCTIONS KV_POSTGRES_FUNCTIONS
#include "../Forwarding/forwarding.h"

const char *kv_libpq_missing(void) { return missing(); }

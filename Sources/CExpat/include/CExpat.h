#include <expat.h>

/// Why libexpat cannot be used here; null where it can. Ask before the first call of a function of it.
const char *kv_expat_missing(void);

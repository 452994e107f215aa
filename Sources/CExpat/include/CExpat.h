#include <expat.h>

/// Why libexpat cannot be used here; null where it can. Ask before the first call of a function of it.
const char *kv_expat_missing(void);

/// Entities may make a text at most so many times longer, once it has come to so many bytes. Since expat 2.4, without which
/// nothing is limited.
void kv_expat_limit_expansion(XML_Parser parser, float factor, unsigned long long bytes);

// The functions that are called here are ours: each hands over to Graphviz's of the same name, which is loaded when the
// first is called. Loading it takes longer than most commands that never need it.
#include <graphviz/gvc.h>

/// Null, or why Graphviz cannot be loaded; then nothing else may be called.
const char *kv_graphviz_missing(void);

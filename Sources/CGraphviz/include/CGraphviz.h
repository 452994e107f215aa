// The functions that are called here are ours: each hands over to Graphviz's of the same name, which is loaded when the
// first is called. Loading it takes longer than most commands that never need it.
#include <graphviz/gvc.h>
#include <stdbool.h>

/// Null, or why Graphviz cannot be loaded; then nothing else may be called.
const char *kv_graphviz_missing(void);

/// Whether there is no font at all on this machine: then Graphviz draws a box for each letter, and says nothing.
bool kv_graphviz_lacks_fonts(void);

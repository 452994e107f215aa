// The functions that are called here are ours: each hands over to Graphviz's of the same name, which is loaded when the
// first is called. Loading it takes longer than most commands that never need it.
#include <graphviz/gvc.h>
#include <stdbool.h>

#include "../../Forwarding/prefix.h"

// Those that are called: result, name, parameters, arguments. Their symbols are called kv_…, for a program that links the library itself.
#define KV_GRAPHVIZ_FUNCTIONS(X)                                                                                                   \
  X(GVC_t *, gvContext, (void), ())                                                                                    \
  X(int, gvFreeContext, (GVC_t * context), (context))                                                                  \
  X(int, gvLayout, (GVC_t * context, graph_t *graph, const char *engine), (context, graph, engine))                    \
  X(int, gvFreeLayout, (GVC_t * context, graph_t *graph), (context, graph))                                            \
  X(int, gvRenderData, (GVC_t * context, graph_t *graph, const char *format, char **result, unsigned int *length),     \
    (context, graph, format, result, length))                                                                          \
  X(void, gvFreeRenderData, (char *data), (data))                                                                      \
  X(Agraph_t *, agmemread, (const char *text), (text))                                                                 \
  X(int, agclose, (Agraph_t * graph), (graph))                                                                         \
  X(Agsym_t *, agattr, (Agraph_t * graph, int kind, char *name, char *value), (graph, kind, name, value))        \
  X(char *, agget, (void *object, char *name), (object, name))                                                         \
  X(char *, agnameof, (void *object), (object))                                                                        \
  X(Agnode_t *, agfstnode, (Agraph_t * graph), (graph))                                                                \
  X(Agnode_t *, agnxtnode, (Agraph_t * graph, Agnode_t *node), (graph, node))                                          \
  X(Agedge_t *, agfstout, (Agraph_t * graph, Agnode_t *node), (graph, node))                                           \
  X(Agedge_t *, agnxtout, (Agraph_t * graph, Agedge_t *edge), (graph, edge))                                           \
  X(Agraph_t *, agread, (void *file, Agdisc_t *discipline), (file, discipline))                                        \
  X(int, agisdirected, (Agraph_t * graph), (graph))                                                                    \
  X(Agraph_t *, agfstsubg, (Agraph_t * graph), (graph))                                                                \
  X(Agraph_t *, agnxtsubg, (Agraph_t * graph), (graph))                                                                \
  X(Agsym_t *, agnxtattr, (Agraph_t * graph, int kind, Agsym_t *attribute), (graph, kind, attribute))                  \
  X(char *, agxget, (void *object, Agsym_t *attribute), (object, attribute))                                           \
  X(int, aghtmlstr, (char *text), (text))                                                                              \
  X(agusererrf, agseterrf, (agusererrf function), (function))

KV_GRAPHVIZ_FUNCTIONS(KV_PREFIXED)

/// Null, or why Graphviz cannot be loaded; then nothing else may be called.
const char *kv_graphviz_missing(void);

/// Whether there is no font at all on this machine: then Graphviz draws a box for each letter, and says nothing.
bool kv_graphviz_lacks_fonts(void);

#include "CGraphviz.h"

// Result, name, parameters, arguments.
#define FUNCTIONS(X)                                                                                                   \
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

#ifdef __APPLE__
static const char *const files[] = {"libgvc.dylib"};
#else
// The second is there where it was compiled.
static const char *const files[] = {"libgvc.so.6", "libgvc.so"};
#endif

#include "../Forwarding/forwarding.h"

const char *kv_graphviz_missing(void) { return missing(); }

// Of fontconfig no more is needed than its first field, and Graphviz loads it anyway.
struct fonts {
  int count;
};

bool kv_graphviz_lacks_fonts(void) {
  void *handle = dlopen("libfontconfig.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return false;
  struct fonts *(*fonts)(void *, int) = (struct fonts * (*)(void *, int)) dlsym(handle, "FcConfigGetFonts");
  struct fonts *system = fonts ? fonts(0, 0) : 0;
  return fonts && (!system || system->count == 0);
}

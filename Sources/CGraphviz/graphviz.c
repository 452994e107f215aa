#include "CGraphviz.h"
#include <dlfcn.h>
#include <pthread.h>

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
  X(Agedge_t *, agnxtout, (Agraph_t * graph, Agedge_t *edge), (graph, edge))

#define POINTER(result, name, parameters, arguments) result(*name) parameters;
static struct {
  FUNCTIONS(POINTER)
} library;

static const char *reason;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
#ifdef __APPLE__
  void *handle = dlopen("libgvc.dylib", RTLD_NOW | RTLD_LOCAL);
#else
  // The second is there where it was compiled.
  void *handle = dlopen("libgvc.so.6", RTLD_NOW | RTLD_LOCAL);
  if (!handle) handle = dlopen("libgvc.so", RTLD_NOW | RTLD_LOCAL);
#endif
  if (!handle) {
    reason = dlerror();
    return;
  }
#define RESOLVE(result, name, parameters, arguments)                                                                   \
  library.name = (result(*) parameters)dlsym(handle, #name);                                                           \
  if (!library.name) reason = #name " is not in this Graphviz";
  FUNCTIONS(RESOLVE)
}

const char *kv_graphviz_missing(void) {
  pthread_once(&once, load);
  return reason;
}

// They stay inside the program, or Graphviz itself would call them.
#define FORWARD(result, name, parameters, arguments)                                                                   \
  __attribute__((visibility("hidden"))) result name parameters {                                                       \
    pthread_once(&once, load);                                                                                         \
    return library.name arguments;                                                                                     \
  }
FUNCTIONS(FORWARD)

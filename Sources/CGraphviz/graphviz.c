#include "CGraphviz.h"

#ifdef __APPLE__
static const char *const files[] = {"libgvc.dylib"};
#else
// The second is there where it was compiled.
static const char *const files[] = {"libgvc.so.6", "libgvc.so"};
#endif

#define FUNCTIONS KV_GRAPHVIZ_FUNCTIONS
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

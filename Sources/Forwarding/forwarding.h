// For C targets that stand in for a library until it is called: included once in a file that names the library's files and lists, as
// FUNCTIONS(X), the result, name, parameters and arguments of each function that is used. With VARIADIC nothing is forwarded, for a
// function with a variable number of arguments cannot be: the file calls library.NAME itself.
#include <dlfcn.h>
#include <pthread.h>

#define POINTER(result, name, parameters, arguments) __typeof__(name) *name;
static struct {
  FUNCTIONS(POINTER)
} library;

static const char *reason;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *handle = 0;
  for (unsigned index = 0; !handle && index < sizeof files / sizeof *files; index++)
    handle = dlopen(files[index], RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    reason = dlerror();
    return;
  }
#define RESOLVE(result, name, parameters, arguments)                                                                   \
  library.name = (__typeof__(name) *)dlsym(handle, #name);                                                           \
  if (!library.name) reason = #name " is not in this version of the library";
  FUNCTIONS(RESOLVE)
}

static const char *missing(void) {
  pthread_once(&once, load);
  return reason;
}

#ifndef VARIADIC
// They stay inside the program, or the library itself would call them.
#define FORWARD(result, name, parameters, arguments)                                                                   \
  __attribute__((visibility("hidden"))) result name parameters {                                                       \
    pthread_once(&once, load);                                                                                         \
    return library.name arguments;                                                                                     \
  }
FUNCTIONS(FORWARD)
#endif

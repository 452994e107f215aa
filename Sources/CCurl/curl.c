#include "CCurl.h"

// Without the macros that check the types of variable arguments, which we give in one way each.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define FUNCTIONS(X)                                                                                                   \
  X(, curl_global_init, , )                                                                                            \
  X(, curl_easy_init, , )                                                                                              \
  X(, curl_easy_cleanup, , )                                                                                           \
  X(, curl_easy_perform, , )                                                                                           \
  X(, curl_easy_strerror, , )                                                                                          \
  X(, curl_easy_setopt, , )                                                                                            \
  X(, curl_easy_getinfo, , )                                                                                           \
  X(, curl_slist_append, , )                                                                                           \
  X(, curl_slist_free_all, , )

#ifdef __APPLE__
static const char *const files[] = {"/usr/lib/libcurl.4.dylib"};
#else
static const char *const files[] = {"libcurl.so.4"};
#endif

#define VARIADIC
#include "../Forwarding/forwarding.h"

static pthread_once_t beginning = PTHREAD_ONCE_INIT;

static void begin(void) {
  if (library.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) reason = "it cannot be initialised";
}

const char *kv_curl_missing(void) {
  if (!missing()) pthread_once(&beginning, begin);
  return reason;
}

CURL *kv_curl_new(void) { return library.curl_easy_init(); }
void kv_curl_free(CURL *handle) { library.curl_easy_cleanup(handle); }
CURLcode kv_curl_perform(CURL *handle) { return library.curl_easy_perform(handle); }
const char *kv_curl_describe(CURLcode code) { return library.curl_easy_strerror(code); }

CURLcode kv_curl_set_number(CURL *handle, CURLoption option, long value) {
  return library.curl_easy_setopt(handle, option, value);
}

CURLcode kv_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return library.curl_easy_setopt(handle, option, value);
}

static int refuse_to_rewind(void *context, curl_off_t offset, int origin) { return CURL_SEEKFUNC_FAIL; }

CURLcode kv_curl_set_body(CURL *handle, curl_read_callback callback, void *context, long long size) {
  library.curl_easy_setopt(handle, CURLOPT_POST, 1L);
  library.curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
  library.curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, refuse_to_rewind);
  library.curl_easy_setopt(handle, CURLOPT_READDATA, context);
  return library.curl_easy_setopt(handle, CURLOPT_READFUNCTION, callback);
}

CURLcode kv_curl_set_receiver(CURL *handle, curl_write_callback callback, void *context) {
  library.curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  return library.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
}

CURLcode kv_curl_set_observer(CURL *handle, curl_xferinfo_callback callback, void *context) {
  library.curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  library.curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
  return library.curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

long kv_curl_status(CURL *handle) {
  long status = 0;
  library.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

long kv_curl_sent(CURL *handle) {
  long bytes = 0;
  library.curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &bytes);
  return bytes;
}

const char *kv_curl_redirection(CURL *handle) {
  const char *address = 0;
  library.curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &address);
  return address;
}

struct curl_slist *kv_curl_append(struct curl_slist *list, const char *text) {
  return library.curl_slist_append(list, text);
}

void kv_curl_free_list(struct curl_slist *list) { library.curl_slist_free_all(list); }

#include <curl/curl.h>

/// Null, or why libcurl, which is loaded by this, cannot be; then nothing else may be called.
const char *kv_curl_missing(void);

CURL *kv_curl_new(void);
void kv_curl_free(CURL *handle);
CURLcode kv_curl_perform(CURL *handle);
const char *kv_curl_describe(CURLcode code);
/// Options, by the type of their value: Swift calls no function with a variable number of arguments.
CURLcode kv_curl_set_number(CURL *handle, CURLoption option, long value);
CURLcode kv_curl_set_pointer(CURL *handle, CURLoption option, const void *value);
/// The body of a POST. It is read once: libcurl must not send again, by itself, what may have been carried out.
CURLcode kv_curl_set_body(CURL *handle, curl_read_callback callback, void *context, long long size);
CURLcode kv_curl_set_receiver(CURL *handle, curl_write_callback callback, void *context);
CURLcode kv_curl_set_observer(CURL *handle, curl_xferinfo_callback callback, void *context);
long kv_curl_status(CURL *handle);
/// How many bytes of requests have been sent.
long kv_curl_sent(CURL *handle);
/// The address that a redirection asked for, or null.
const char *kv_curl_redirection(CURL *handle);
struct curl_slist *kv_curl_append(struct curl_slist *list, const char *text);
void kv_curl_free_list(struct curl_slist *list);

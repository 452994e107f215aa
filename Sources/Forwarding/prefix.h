// Gives a function that a library's header declares a symbol of our own.
#ifndef KV_PREFIXED
#define KV_TEXT(text) #text
#define KV_EXPANDED(text) KV_TEXT(text)
#define KV_PREFIXED(result, name, parameters, arguments)                                                               \
  extern __typeof__(name) name __asm__(KV_EXPANDED(__USER_LABEL_PREFIX__) "kv_" #name);
#endif

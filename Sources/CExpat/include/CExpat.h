#include <expat.h>

#include "../../Forwarding/prefix.h"

// Those that are called: result, name, parameters, arguments. Their symbols are called kv_…, for a program that links the library itself.
#define KV_EXPAT_FUNCTIONS(X)                                                                                                   \
  X(XML_Parser, XML_ParserCreate, (const XML_Char *encoding), (encoding))                                              \
  X(void, XML_ParserFree, (XML_Parser parser), (parser))                                                               \
  X(void, XML_SetUserData, (XML_Parser parser, void *data), (parser, data))                                            \
  X(void, XML_SetElementHandler,                                                                                       \
    (XML_Parser parser, XML_StartElementHandler start, XML_EndElementHandler end), (parser, start, end))               \
  X(void, XML_SetCharacterDataHandler, (XML_Parser parser, XML_CharacterDataHandler text), (parser, text))             \
  X(void, XML_SetExternalEntityRefHandler, (XML_Parser parser, XML_ExternalEntityRefHandler handler),                  \
    (parser, handler))                                                                                                 \
  X(void, XML_SetSkippedEntityHandler, (XML_Parser parser, XML_SkippedEntityHandler handler), (parser, handler))       \
  X(void, XML_SetStartDoctypeDeclHandler, (XML_Parser parser, XML_StartDoctypeDeclHandler handler), (parser, handler)) \
  X(void, XML_SetEntityDeclHandler, (XML_Parser parser, XML_EntityDeclHandler handler), (parser, handler))             \
  X(const char *, XML_GetInputContext, (XML_Parser parser, int *offset, int *size), (parser, offset, size))            \
  X(int, XML_GetCurrentByteCount, (XML_Parser parser), (parser))                                                       \
  X(enum XML_Status, XML_Parse, (XML_Parser parser, const char *text, int length, int isFinal),                        \
    (parser, text, length, isFinal))                                                                                   \
  X(enum XML_Error, XML_GetErrorCode, (XML_Parser parser), (parser))                                                   \
  X(const XML_LChar *, XML_ErrorString, (enum XML_Error code), (code))                                                 \
  X(XML_Size, XML_GetCurrentLineNumber, (XML_Parser parser), (parser))

KV_EXPAT_FUNCTIONS(KV_PREFIXED)

/// Why libexpat cannot be used here; null where it can. Ask before the first call of a function of it.
const char *kv_expat_missing(void);

/// Entities may make a text at most so many times longer, once it has come to so many bytes. Since expat 2.4, without which
/// nothing is limited.
void kv_expat_limit_expansion(XML_Parser parser, float factor, unsigned long long bytes);

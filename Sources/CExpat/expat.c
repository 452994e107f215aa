#include "CExpat.h"

// Result, name, parameters, arguments.
#define FUNCTIONS(X)                                                                                                   \
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

#ifdef __APPLE__
static const char *const files[] = {"libexpat.1.dylib"};
#else
static const char *const files[] = {"libexpat.so.1"};
#endif

#include "../Forwarding/forwarding.h"

const char *kv_expat_missing(void) { return missing(); }

void kv_expat_limit_expansion(XML_Parser parser, float factor, unsigned long long bytes) {
  void *handle = dlopen(files[0], RTLD_NOW | RTLD_LOCAL);
  if (!handle) return;
  unsigned char (*setFactor)(XML_Parser, float) =
      (unsigned char (*)(XML_Parser, float))dlsym(handle, "XML_SetBillionLaughsAttackProtectionMaximumAmplification");
  unsigned char (*setBytes)(XML_Parser, unsigned long long) = (unsigned char (*)(XML_Parser, unsigned long long))dlsym(
      handle, "XML_SetBillionLaughsAttackProtectionActivationThreshold");
  if (setFactor) setFactor(parser, factor);
  if (setBytes) setBytes(parser, bytes);
}

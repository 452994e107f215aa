#include "CExpat.h"

#ifdef __APPLE__
static const char *const files[] = {"libexpat.1.dylib"};
#else
static const char *const files[] = {"libexpat.so.1"};
#endif

#define FUNCTIONS KV_EXPAT_FUNCTIONS
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

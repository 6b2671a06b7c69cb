/* sandbox/parts.h -- inside of sandbox: each part; false where the kernel does not know it. */
#ifndef SANDBOX_PARTS_H
#define SANDBOX_PARTS_H

#include "sandbox/sandbox.h"

bool sandbox_restrict_files(const struct sandbox *sandbox);
bool sandbox_restrict_calls(const struct sandbox *sandbox);

#endif

/* ear/sandbox.h -- inside of the module: the ear gives up what it does not need. */
#ifndef EAR_SANDBOX_H
#define EAR_SANDBOX_H

#include <stddef.h>

/* From now on this process reads the system's configuration, its libraries and these files (NULL:
 * none), talks to the network and starts threads, and does nothing else: it writes no file, starts
 * no program, sees no other process.  Each part as far as the kernel knows it; what it does not
 * know is done without.  The threads that are started later inherit it. */
void sandbox_enter(const char *const *files, size_t count);

#endif

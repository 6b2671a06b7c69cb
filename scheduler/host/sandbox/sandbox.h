/* sandbox/sandbox.h -- a program gives up what it does not need, before it listens to strangers.
 * Shell; its outside thing is what the kernel knows of that: seccomp, Landlock, limits. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum { SANDBOX_PATHS = 8 };

struct sandbox {
    /* Besides the system's configuration and libraries, which everybody reads; NULL: none. */
    const char *read[SANDBOX_PATHS];
    const char *written[SANDBOX_PATHS]; /* folders, and files that are there: read, too */
    const char *emptied; /* a folder in which empty folders may be removed, and nothing more */
    /* Starts programs, of the system and this one, which inherit all of this.  What they may call
     * cannot be listed by us: then only what none of them has to do with is refused (other
     * processes' memory, the kernel's own parts, name spaces, mounts, clocks). */
    bool starts_programs;
};

enum sandbox_part { SANDBOX_CALLS = 1, SANDBOX_FILES = 2 };

/* From now on this process reads and writes these files, talks to the network and starts threads,
 * and does nothing else; without .written no file at all is written.  Each part as far as the
 * kernel knows it.  What it does not know is done without: returns the parts that hold.  Threads
 * that are started later inherit it, so do programs.  With AddressSanitizer or ThreadSanitizer
 * only limits are set. */
unsigned sandbox_enter(const struct sandbox *sandbox);

/* One sentence when something does not hold, NULL when all does. */
const char *sandbox_lack(unsigned parts);

/* For whoever holds keys or passwords: no core file is written of this process, and no other one of
 * its user looks into it or stops it in a debugger.  What it starts is free of that. */
void sandbox_keep_to_itself(void);

#endif

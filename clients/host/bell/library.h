/* bell/library.h -- a library that is loaded when it is wanted, so that a site without a bell needs
 * none. */
#ifndef BELL_LIBRARY_H
#define BELL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
    const char *name;
    void *pointer; /* a pointer to a function, to be set */
};

/* Sets all of them; false when the library or one of them is not there. */
bool library_load(const char *soname, const struct library_function *wanted, size_t count);

#endif

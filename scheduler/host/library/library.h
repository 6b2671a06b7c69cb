/* library/library.h -- a shared library that is loaded when it is wanted: whoever does without it
 * needs not have it, and waits for no linker at each start.  Shell. */
#ifndef LIBRARY_LIBRARY_H
#define LIBRARY_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
    const char *name;
    void *pointer; /* a pointer to a function, to be set */
};

/* Sets all of them; false when the library or one of them is not there.  It stays loaded. */
bool library_load(const char *soname, const struct library_function *wanted, size_t count);

#endif

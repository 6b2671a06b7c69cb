#include "library/library.h"

#include <dlfcn.h>
#include <string.h>

/* POSIX lets an object pointer of dlsym be a function; ISO C needs it to be said with memcpy. */
bool library_load(const char *soname, const struct library_function *wanted, size_t count)
{
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    bool has_all = library != NULL;
    for (size_t i = 0; i < count && has_all; i++) {
        void *found = dlsym(library, wanted[i].name);
        memcpy(wanted[i].pointer, &found, sizeof found);
        has_all = found != NULL;
    }
    return has_all;
}

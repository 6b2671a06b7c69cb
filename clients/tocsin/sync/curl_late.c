#include "tocsin/sync/curl_late.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The name that libcurl has had since 7.16 (2006): its ABI has not changed since. */
static const char name[] = "libcurl.so.4";

/* POSIX has dlsym's pointers be those of functions too; C has no cast for it. */
static bool find(void *library, const char *symbol, void *function, size_t size)
{
    void *address = dlsym(library, symbol);
    if (address == NULL || size != sizeof address) {
        return false;
    }
    memcpy(function, &address, sizeof address);
    return true;
}

const struct curl_late *curl_late_get(const char **why)
{
    static struct curl_late curl;
    static bool is_there;
    if (is_there) {
        return &curl;
    }
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    is_there = library != NULL &&
               find(library, "curl_global_init", &curl.global_init, sizeof curl.global_init) &&
               find(library, "curl_easy_init", &curl.init, sizeof curl.init) &&
               find(library, "curl_easy_setopt", &curl.set, sizeof curl.set) &&
               find(library, "curl_easy_perform", &curl.perform, sizeof curl.perform) &&
               find(library, "curl_easy_getinfo", &curl.get, sizeof curl.get) &&
               find(library, "curl_easy_cleanup", &curl.cleanup, sizeof curl.cleanup) &&
               find(library, "curl_easy_strerror", &curl.error_text, sizeof curl.error_text);
    if (!is_there) {
        *why = dlerror();
    }
    return is_there ? &curl : NULL;
}

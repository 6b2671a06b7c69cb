/* wrap_memory.h -- every request for memory passes by is_refused(), which the file that includes
 * this has defined.  It names malloc, calloc, reallocarray (and realloc, with WRAP_REALLOC defined)
 * after "wraps:". */
#ifndef WRAP_MEMORY_H
#define WRAP_MEMORY_H

#include <stdlib.h>

#define WRAP_MEMORY(name, parameters, arguments)                                                   \
    void *__real_##name parameters;                                                                \
    void *__wrap_##name parameters;                                                                \
    void *__wrap_##name parameters                                                                 \
    {                                                                                              \
        return is_refused() ? NULL : __real_##name arguments;                                      \
    }

WRAP_MEMORY(malloc, (size_t a), (a))
WRAP_MEMORY(calloc, (size_t a, size_t b), (a, b))
WRAP_MEMORY(reallocarray, (void *a, size_t b, size_t c), (a, b, c))
#ifdef WRAP_REALLOC
WRAP_MEMORY(realloc, (void *a, size_t b), (a, b))
#endif

#endif

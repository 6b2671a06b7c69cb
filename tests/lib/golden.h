/* golden.h -- what other programs hold us to, in a file; TOCSIN_WRITE_GOLDEN=1 writes it anew. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "check.h"

#include <stdio.h>

static inline void assert_golden(const char *path, const char *text, size_t len)
{
    static char golden[16384];
    if (getenv("TOCSIN_WRITE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fwrite(text, 1, len, file);
        fclose(file);
    }
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t golden_len = fread(golden, 1, sizeof golden, file);
    fclose(file);
    assert_int_equal(golden_len, len);
    assert_memory_equal(golden, text, len);
}

#endif

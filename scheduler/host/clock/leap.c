#include <stdlib.h>

#include "clock/clock.h"
#include "files/files.h"

enum { LEAP_FILE_MAX = 65536 };

void clock_leap_from(const char *path, struct leap_table *out)
{
    uint8_t *text;
    size_t size;
    struct files_error error;
    *out = *leap_builtin();
    if (files_load(path, LEAP_FILE_MAX, &text, &size, &error)) {
        struct leap_table read;
        if (leap_table_read((const char *)text, size, &read) &&
            read.expires_utc_s > out->expires_utc_s) {
            *out = read;
        }
        free(text);
    }
}

const struct leap_table *clock_leap(void)
{
    static struct leap_table table;
    static bool is_read;
    if (!is_read) {
        clock_leap_from("/usr/share/zoneinfo/leap-seconds.list", &table);
        is_read = true;
    }
    return &table;
}

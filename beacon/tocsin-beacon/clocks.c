#include "tocsin-beacon/clocks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock/kernel.h"
#include "files/files.h"

void clocks_load_leap(struct leap_table *table)
{
    uint8_t *text;
    size_t size;
    struct files_error error;
    *table = *leap_builtin();
    if (!files_load("/usr/share/zoneinfo/leap-seconds.list", 65536, &text, &size, &error)) {
        return;
    }
    struct leap_table read;
    if (leap_table_read((const char *)text, size, &read) &&
        read.expires_utc_s > table->expires_utc_s) {
        *table = read;
    }
    free(text);
}

/* Set once, before the loop begins. */
static struct {
    int64_t offset_ns, bound_ns;
    bool has_bound;
} pretended;

bool clocks_pretend(const char *text)
{
    while (text != NULL && *text != '\0') {
        double value;
        int used = 0;
        if (sscanf(text, "offset=%lf%n", &value, &used) == 1 && fabs(value) < 4e9) {
            pretended.offset_ns = (int64_t)llround(value * 1e9);
        } else if (sscanf(text, "sync=%lf%n", &value, &used) == 1 && value >= 0 && value < 4e9) {
            pretended.bound_ns = (int64_t)llround(value * 1e9);
            pretended.has_bound = true;
        } else {
            return false;
        }
        text += used;
        text += strspn(text, " ");
    }
    return true;
}

struct herald_clocks clocks_read(const struct leap_table *table)
{
    struct clock_kernel kernel;
    clock_ask_kernel(&kernel);
    struct herald_clocks clocks = {
        .has_error = kernel.is_synchronised,
        .error_ns = kernel.error.ns,
    };
    if (pretended.has_bound) {
        clocks.has_error = true;
        clocks.error_ns = pretended.bound_ns;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    clocks.utc.ns = now.tv_sec * NS_PER_S + now.tv_nsec + pretended.offset_ns;
    enum certainty certainty;
    int32_t by_table = leap_tai_minus_utc(table, clocks.utc, &certainty);
    if (kernel.has_tai) {
        clocks.has_tai = true;
        clocks.tai_minus_utc_s = kernel.tai_minus_utc_s;
    } else if (certainty == CERTAIN) {
        clocks.has_tai = true;
        clocks.tai_minus_utc_s = by_table;
    }
    return clocks;
}

mono clocks_mono(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (mono){now.tv_sec * NS_PER_S + now.tv_nsec};
}

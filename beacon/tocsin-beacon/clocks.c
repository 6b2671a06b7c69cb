#include "tocsin-beacon/clocks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "keys/keys.h"

/* The kernel's way of saying that it knows nothing: it counts maxerror up to here and no further.
 */
enum { MAXERROR_UNKNOWN_US = 16000000 };

void clocks_load_leap(struct leap_table *table)
{
    uint8_t *text;
    size_t size;
    struct keys_error error;
    *table = *leap_builtin();
    if (!keys_load_file("/usr/share/zoneinfo/leap-seconds.list", 65536, &text, &size, &error)) {
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
    struct timex kernel = {0}; /* modes 0: only asks */
    int state = ntp_adjtime(&kernel);
    struct herald_clocks clocks = {0};
    if (state >= 0 && state != TIME_ERROR && (kernel.status & STA_UNSYNC) == 0 &&
        kernel.maxerror >= 0 && kernel.maxerror < MAXERROR_UNKNOWN_US) {
        clocks.has_error = true;
        clocks.error_ns = kernel.maxerror * NS_PER_US;
    }
    if (pretended.has_bound) {
        clocks.has_error = true;
        clocks.error_ns = pretended.bound_ns;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    clocks.utc.ns = now.tv_sec * NS_PER_S + now.tv_nsec + pretended.offset_ns;
    enum certainty certainty;
    int32_t by_table = leap_tai_minus_utc(table, clocks.utc, &certainty);
    if (state >= 0 && kernel.tai > 0) {
        clocks.has_tai = true;
        clocks.tai_minus_utc_s = kernel.tai;
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

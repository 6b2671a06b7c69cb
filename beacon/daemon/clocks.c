#include "daemon/clocks.h"

#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>

#include "vault/vault.h"

/* The kernel's way of saying that it knows nothing: it counts maxerror up to here and no further.
 */
enum { MAXERROR_UNKNOWN_US = 16000000 };

void clocks_load_leap(struct leap_table *table)
{
    uint8_t *text;
    size_t size;
    struct vault_error error;
    *table = *leap_builtin();
    if (!vault_load_file("/usr/share/zoneinfo/leap-seconds.list", 65536, &text, &size, &error)) {
        return;
    }
    struct leap_table read;
    if (leap_table_read((const char *)text, size, &read) &&
        read.expires_utc_s > table->expires_utc_s) {
        *table = read;
    }
    free(text);
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
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    clocks.utc.ns = now.tv_sec * NS_PER_S + now.tv_nsec;
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

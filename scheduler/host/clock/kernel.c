#include "clock/kernel.h"

#include <stdlib.h>
#include <sys/timex.h>

/* Wider is none: the kernel goes on counting to 16 s when nobody keeps its clock. */
static const int64_t ERROR_MAX_US = 2000000;
/* And nothing is known better than this unless somebody measures it: right after it has slewed
 * 0.4 s away systemd-timesyncd claims 0. */
static const int64_t FLOOR_US = 10000;

/* What is left of both ways of slewing: the kernel's own loop (ntpd's, and systemd-timesyncd's,
 * which claims a maxerror of 0 meanwhile), and adjtime(3), which has to be asked for by itself. */
static bool read_slewing(const struct timex *kernel, int64_t *out_us)
{
    struct timex adjtime = {.modes = ADJ_OFFSET_SS_READ};
    if (adjtimex(&adjtime) < 0 || adjtime.offset < -ERROR_MAX_US || adjtime.offset > ERROR_MAX_US) {
        return false;
    }
    int64_t loop = llabs(kernel->offset);
    int64_t loop_us = (kernel->status & STA_NANO) != 0 ? (loop + 999) / 1000 : loop;
    *out_us = loop_us + llabs(adjtime.offset);
    return true;
}

/* chronyd and ntpd measure an error and write it beside the largest there can be.
 * systemd-timesyncd writes 0 for both; phc2sys leaves the first as it was, at 16 s. */
static bool has_figures(const struct timex *kernel)
{
    return kernel->esterror > 0 && kernel->esterror <= kernel->maxerror;
}

/* The state says that one is due today, or was some time ago; leap seconds are at midnight. */
static bool is_leap_near(const struct timex *kernel, int state)
{
    enum { DAY_S = 86400, NEAR_S = 2 };
    int64_t second = kernel->time.tv_sec % DAY_S;
    return state == TIME_OOP || ((state == TIME_INS || state == TIME_DEL || state == TIME_WAIT) &&
                                 (second < NEAR_S || second >= DAY_S - NEAR_S));
}

void clock_ask_kernel(struct clock_kernel *out)
{
    *out = (struct clock_kernel){0};
    struct timex kernel = {.modes = 0};
    int state = adjtimex(&kernel);
    if (state < 0) {
        return;
    }
    out->has_tai = kernel.tai > 0;
    out->tai_minus_utc_s = kernel.tai;
    out->is_leap_near = is_leap_near(&kernel, state);
    int64_t slewing_us;
    if (state == TIME_ERROR || (kernel.status & STA_UNSYNC) != 0 || kernel.maxerror < 0 ||
        !read_slewing(&kernel, &slewing_us) || kernel.maxerror > ERROR_MAX_US - slewing_us) {
        return;
    }
    out->is_synchronised = true;
    int64_t error_us = kernel.maxerror + slewing_us;
    out->error.ns =
        (error_us < FLOOR_US && !has_figures(&kernel) ? FLOOR_US : error_us) * NS_PER_US;
}

/* clock/kernel.h -- what the kernel says of its own clock: an assumption, and often no more than
 * "unknown".
 *
 * Shell; its outside thing is adjtimex(2).  Asking needs no right and sets nothing. */
#ifndef CLOCK_KERNEL_H
#define CLOCK_KERNEL_H

#include "instants/instant.h"

struct clock_kernel {
    bool is_synchronised; /* the kernel answers, somebody keeps it, and error is 2 s at most */
    span error; /* half-width, meaningful when synchronised: its maxerror, and all of the offset
                   that is still being slewed away, rounded up to a microsecond; 10 ms at least
                   where whoever keeps the clock gives the kernel no figures of its own */
    bool has_tai;
    int32_t tai_minus_utc_s;
    bool is_leap_near; /* a leap second comes or has come within two seconds, or is now */
};

/* A kernel that refuses to answer is one that knows nothing. */
void clock_ask_kernel(struct clock_kernel *out);

#endif

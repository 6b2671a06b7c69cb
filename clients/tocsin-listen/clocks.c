/* clocks.c -- the clocks that the mind is given: the host's, or those of somebody who only
 * pretends. */
#include "tocsin-listen/internal.h"

struct discipline_clocks listen_read_clocks(const struct listen *listen)
{
    struct clock_reading reading;
    clock_read(&listen->clock, &reading);
    return (struct discipline_clocks){
        .now = reading.now,
        .raw = reading.raw,
        .host = reading.host,
        .is_synchronised = reading.kernel.is_synchronised,
        .bound = reading.kernel.error,
        .slept = reading.slept,
    };
}

/* The clocks of somebody who stands at an instant and waits, through leap seconds too. */
struct discipline_clocks listen_stand_at(const struct listen *listen, utc at, int64_t passed_ns)
{
    instant now = {leap_from_utc(&listen->leap, at, NULL).tai_ns + passed_ns};
    return (struct discipline_clocks){
        .now = {passed_ns + 1},
        .raw = {passed_ns + 1},
        .host = leap_to_utc(&listen->leap, now, NULL),
        .is_synchronised = true,
    };
}

/* links: instants */
#include <stdint.h>
#include <stdlib.h>

#include "zones/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds) /* assert() is not compiled into every build */
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct zone *zone;
    if (zone_read("Fuzz/Zone", bytes, size, &zone) != ZONE_READ) {
        return 0;
    }
    utc at = {UTC_EARLIEST_S * NS_PER_S};
    for (int i = 0; i < 300; i++) {
        struct civil civil = zone_to_civil(zone, at);
        struct zone_answer answer = zone_from_civil(zone, civil);
        must(answer.kind != ZONE_NONE);
        must(answer.earlier.ns <= at.ns && at.ns <= answer.later.ns);
        civil.time.minute = (civil.time.minute + 30) % 60;
        (void)zone_start_of(zone, civil);
        utc back;
        if (!zone_next_transition(zone, at, &at)) {
            break;
        }
        must(zone_previous_transition(zone, at, &back) && back.ns == at.ns);
    }
    zone_free(zone);
    return 0;
}

#include "herald/inside.h"

#include <stdio.h>

#include "instants/stamp.h"

/* 4.8 s, 20 s, 9 min 20 s, 3 h 12 min, 12 days: as fine as it matters. */
static void say_time(int64_t ns, char *out, size_t size)
{
    int64_t tenths = (ns + NS_PER_S / 20) / (NS_PER_S / 10);
    long long seconds = (long long)((ns + NS_PER_S / 2) / NS_PER_S);
    if (tenths < 50 && tenths % 10 != 0) {
        snprintf(out, size, "%lld.%lld s", (long long)tenths / 10, (long long)tenths % 10);
    } else if (seconds <= 120) {
        snprintf(out, size, "%lld s", seconds);
    } else if (seconds < 3600) {
        snprintf(out, size, seconds % 60 != 0 ? "%lld min %lld s" : "%lld min", seconds / 60,
                 seconds % 60);
    } else if (seconds < INT64_C(2) * 86400) {
        snprintf(out, size, "%lld h %lld min", seconds / 3600, seconds % 3600 / 60);
    } else {
        snprintf(out, size, "%lld days", seconds / 86400);
    }
}

/* The moment that people wait for: the next to come, or one that began in the last ten seconds. */
static const struct herald_occurrence *awaited(const struct herald *herald, utc now)
{
    for (size_t i = 0; i < herald->occurrence_count; i++) {
        const struct herald_occurrence *one = &herald->occurrence[i];
        if (one->has_t0 && !one->is_cancelled && utc_since(now, one->t0).ns <= 10 * NS_PER_S) {
            return one;
        }
    }
    return NULL;
}

void herald_say_left(const struct herald *herald, utc now, char *out, size_t size)
{
    const struct herald_occurrence *one = awaited(herald, now);
    char time[64];
    if (one == NULL) {
        snprintf(out, size, herald->in_force > 0 ? "no moment to come" : "nothing declared");
        return;
    }
    int64_t left = utc_since(one->t0, now).ns;
    say_time(left < 0 ? -left : left, time, sizeof time);
    if (left > -NS_PER_S / 20 && left < NS_PER_S / 20) {
        snprintf(out, size, "now");
    } else if (left > 0) {
        snprintf(out, size, "%s left", time);
    } else {
        snprintf(out, size, "begun %s ago", time);
    }
}

void herald_say_view(const struct herald *herald, utc now, char *out, size_t size)
{
    if (!herald->is_beacon) {
        snprintf(out, size, "this key is not among the root's beacons: nothing will be ticked");
        return;
    }
    const struct herald_occurrence *next = awaited(herald, now);
    char start[STAMP_TEXT_SIZE] = "";
    if (next != NULL) {
        stamp_write(next->t0, start);
    }
    snprintf(out, size, "%u window%s in force%s%s", herald->in_force,
             herald->in_force == 1 ? "" : "s", next != NULL ? ", the next moment at " : "", start);
}

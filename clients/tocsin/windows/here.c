#include "tocsin/windows/here.h"

#include <stdio.h>
#include <string.h>

struct here here_find(const struct environment *environment)
{
    struct here here = {.name = "UTC"};
    if (!zoneinfo_host(environment->zones, here.name)) {
        snprintf(here.name, sizeof here.name, "UTC");
    }
    here.zone = zoneinfo_find(environment->zones, here.name);
    here.is_utc =
        here.zone == NULL || strcmp(here.name, "UTC") == 0 || strcmp(here.name, "Etc/UTC") == 0;
    return here;
}

utc here_start(const struct session *session, const struct here *here,
               const struct view_occurrence *one)
{
    utc at = leap_to_utc(&session->leap, one->start, NULL);
    return one->has_start || here->zone == NULL ? at
                                                : zone_start_of(here->zone, civil_from_utc(at));
}

void here_write(const struct session *session, const struct here *here,
                const struct record_window *is, const struct view_occurrence *one,
                char out[static HERE_TEXT_SIZE])
{
    *out = '\0';
    if (is->wave == WAVE_DAY) {
        snprintf(out, HERE_TEXT_SIZE, "%s %04d-%02d-%02d", times_weekday(one->date), one->date.year,
                 one->date.month, one->date.day);
    } else if (here->zone != NULL) {
        struct civil at = zone_to_civil(here->zone, here_start(session, here, one));
        snprintf(out, HERE_TEXT_SIZE, "%s %04d-%02d-%02d %02d:%02d:%02d", times_weekday(at.date),
                 at.date.year, at.date.month, at.date.day, at.time.hour, at.time.minute,
                 at.time.second);
    }
}

#include "tocsin/windows/here.h"

#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "tocsin/print/describe.h"

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
    char day[TIMES_DAY_SIZE];
    *out = '\0';
    if (is->wave == WAVE_DAY) {
        snprintf(out, HERE_TEXT_SIZE, "%s", times_day(one->date, day));
    } else if (here->zone != NULL) {
        snprintf(out, HERE_TEXT_SIZE, "%s",
                 stamp_civil_text(zone_to_civil(here->zone, here_start(session, here, one))).text);
    }
}

void here_sentence(const struct session *session, const struct record_window *is,
                   const struct view_occurrence *one, char out[static HERE_SENTENCE_SIZE])
{
    char text[HERE_TEXT_SIZE] = "";
    struct stamp_text start = describe_start(session, is, one);
    if (is->wave == WAVE_CLOCK || is->wave == WAVE_DAY) {
        char *clock = strchr(start.text, 'T');
        if (clock != NULL) {
            *clock = ' ';
        }
        snprintf(out, HERE_SENTENCE_SIZE, "%s %s, each place's own %s", stamp_weekday(one->date),
                 start.text, is->wave == WAVE_DAY ? "day" : "clock");
        return;
    }
    struct environment environment = {.zones = zoneinfo_open(NULL)};
    struct here here = {.name = "UTC"};
    if (environment.zones != NULL) {
        here = here_find(&environment);
        here_write(session, &here, is, one, text);
        zoneinfo_close(environment.zones);
    }
    snprintf(out, HERE_SENTENCE_SIZE, "%s%s%s", *text != '\0' ? text : start.text,
             *text != '\0' ? " " : "", *text != '\0' ? here.name : "");
}

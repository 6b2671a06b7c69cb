/* report/payload.h -- what is reported, as text.  Pure. */
#ifndef REPORT_PAYLOAD_H
#define REPORT_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "instants/instant.h"

enum {
    REPORT_BASE_SIZE = 128,
    REPORT_NAME_SIZE = 64,
    REPORT_TEXT_SIZE = 2048,
    REPORT_ENTITIES = 6
};

struct report_site {
    char base[REPORT_BASE_SIZE]; /* the topics' beginning */
    char node[REPORT_BASE_SIZE]; /* Home Assistant's: of [a-zA-Z0-9_-] alone */
    char name[REPORT_NAME_SIZE]; /* for people */
};

struct report_state {
    bool has_next;
    utc next, end;
    const char *title, *gesture, *tone;
    const char *state; /* "nothing", "waiting", "armed", "now" */
    bool has_doubt;
    span doubt; /* the larger of both sides */
    size_t beacons, brokers;
    bool is_drill;
};

struct report_event {
    const char *type; /* one of the event_types in payload.c */
    const char *title, *text;
    bool has_start;
    utc start;
    bool has_late;
    span late;
    bool is_drill;
};

/* Makes the names of a site from a URL's path ("" for none) and its own name; false when the path
 * is no topic. */
bool report_site_make(const char *path, const char *name, struct report_site *out);

/* The i-th entity's announcement: its topic and payload.  False: there are no more. */
bool report_announce(const struct report_site *site, size_t i, char topic[static REPORT_TEXT_SIZE],
                     char out[static REPORT_TEXT_SIZE]);

void report_state_write(const struct report_state *state, char out[static REPORT_TEXT_SIZE]);
void report_event_write(const struct report_event *event, char out[static REPORT_TEXT_SIZE]);

#endif

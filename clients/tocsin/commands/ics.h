/* tocsin/commands/ics.h -- the events of a calendar file that somebody forwarded, as far as they
 * can be held against signed windows.  Pure: bytes in, values out. */
#ifndef TOCSIN_ICS_H
#define TOCSIN_ICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instants/instant.h"
#include "records/record.h"

enum {
    ICS_UID_SIZE = 128,
    ICS_KEY_SIZE = 32,
    ICS_START_SIZE = 17,
    ICS_SUMMARY_SIZE = 4096,
    ICS_STATUS_SIZE = 16,
    ICS_PLACE_SIZE = 1024,
    ICS_URL_SIZE = 1100,
};

enum ics_start {
    ICS_NO_START,
    ICS_INSTANT, /* 20270802T082500Z */
    ICS_DATE,    /* 20270802 */
    ICS_OTHER,   /* by a zone's name, on no clock, or malformed: our feeds have none of it */
};

struct ics_event {
    bool has_uid; /* one of ours: UID.KEY.ROOT8 and perhaps more */
    struct record_uid uid;
    char root[RECORD_ID_TEXT_SIZE]; /* the first 16 digits of its constellation */
    char uid_text[ICS_UID_SIZE];    /* the whole of it; cut where it is longer, as all texts are */
    char key[ICS_KEY_SIZE];         /* of the occurrence */
    bool is_rest;                   /* the time of rest after one */
    bool repeats;                   /* by a rule or a list of dates */
    bool is_odd; /* a line that may stand once stands twice: readers choose as they like */
    enum ics_start kind;
    char start[ICS_START_SIZE];
    enum ics_start end_kind; /* of DTEND */
    char end[ICS_START_SIZE];
    bool has_length; /* DURATION; length_s below 0: malformed */
    int64_t length_s;
    char status[ICS_STATUS_SIZE];   /* "" where there is none, as all texts */
    char summary[ICS_SUMMARY_SIZE]; /* unescaped, as the place is */
    char place[ICS_PLACE_SIZE];
    char url[ICS_URL_SIZE];
    bool has_description; /* or other words that anybody may have put there */
};

struct ics_reader {
    const char *at, *end;
};

/* Whether these bytes are a calendar's. */
bool ics_is_calendar(const uint8_t *bytes, size_t size);

/* The instant that is written; of a date its midnight in UTC.  False: neither, or no such day. */
bool ics_read_time(enum ics_start kind, const char text[static ICS_START_SIZE], utc *out);

/* The next event.  Any bytes will do: lines may be folded or not, and end as they like. */
bool ics_next(struct ics_reader *reader, struct ics_event *out);

#endif

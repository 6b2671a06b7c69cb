/* show/show.h -- what a person or a script sees of a listener: a countdown redrawn in place on a
 * terminal, plain lines in a pipe, JSON lines when asked.  Shell; its outside thing is the
 * output. */
#ifndef SHOW_SHOW_H
#define SHOW_SHOW_H

#include <stdio.h>

#include "listener/listener.h"
#include "show/big.h"
#include "zones/zone.h"

enum show_format { SHOW_SCREEN, SHOW_BIG, SHOW_LINES, SHOW_JSON };

enum { SHOW_LINE_SIZE = 2048 };

enum { SHOW_KEPT_MAX = 16 };

struct show_options {
    bool json;
    bool is_big;             /* on a terminal: the countdown fills it */
    const struct zone *zone; /* whose time is local; NULL: UTC */
};

struct show {
    enum show_format format;
    const struct zone *zone;
    bool has_colour;
    size_t rows, columns;                    /* of the screen that was drawn */
    char kept[SHOW_KEPT_MAX][BIG_LINE_SIZE]; /* BIG: the last lines, a ring */
    size_t kept_count;
    FILE *out;
    int descriptor; /* where out ends */
    bool is_drawn;  /* a countdown stands on the terminal's last line */
    int64_t told_left_s;
};

/* A gesture that was released, measured. */
struct show_start {
    struct listener_occurrence occurrence;
    utc planned;     /* T-0 less the site's latency */
    utc actual;      /* when it was released, by the estimate */
    span late;       /* released - planned instant, on the monotonic clock */
    span host_error; /* released - planned, by the host's own clock */
    bool is_bounded;
    span earliest_error, latest_error; /* actual - planned lies between these */
    const char *rests;                 /* and that is show_rest's word of them */
    enum discipline_basis basis;
    size_t beacons;
};

/* descriptor: where what is written to out ends.  A screen when that is a terminal, plain lines
 * otherwise, unless JSON is asked for. */
void show_init(struct show *show, FILE *out, int descriptor, const struct show_options *options);

void show_news(struct show *show, utc now, const struct listener_news *news);

/* A line about the program itself; event names it in JSON. */
void show_note(struct show *show, utc now, const char *event, const char *text);

void show_started(struct show *show, const struct show_start *start);

/* The countdown to `next` (NULL: nothing is planned).  Call it once a second or more often. */
void show_countdown(struct show *show, const struct discipline_estimate *estimate,
                    const struct listener_occurrence *next, size_t links_up, size_t links);

/* Rows of --check: one that starts, by these commands; one that does not, and why. */
void show_check(struct show *show, const struct discipline_estimate *estimate,
                const struct listener_occurrence *occurrence, span latency, const char *commands);
void show_check_not(struct show *show, const struct record_uid *uid, bool has_start, utc start,
                    struct text title, const char *why);

/* What --check found out of one part. */
void show_finding(struct show *show, utc now, const char *event, const char *text);

/* The line of JSON that a hook gets about an occurrence; state: ready, countdown, started, ended,
 * cancelled.  left: until T-0; may be negative. */
size_t show_occasion(const struct listener_occurrence *occurrence, bool is_drill, const char *state,
                     span left, char out[static SHOW_LINE_SIZE]);

/* Whether that line would say of both the same, at any moment. */
bool show_is_same_occasion(const struct listener_occurrence *a,
                           const struct listener_occurrence *b);

/* What commands write: on a screen above the countdown, else to standard error. */
void show_output(struct show *show, const char *text, size_t size);

/* 2 August 2027 as "Mon 2027-08-02 10:25:00 Europe/Rome". */
struct show_local {
    char text[128];
} show_local(utc at, const struct zone *zone);

/* Leaves the terminal with the cursor on a new line. */
void show_finish(struct show *show);

/* What the doubt rests on: "proved", "assumed" or "nothing". */
const char *show_rest(const struct discipline_estimate *estimate);

/* The doubt of an estimate: "+-0.4 ms", "unknown". */
void show_doubt(const struct discipline_estimate *estimate, char out[static 40]);

#endif

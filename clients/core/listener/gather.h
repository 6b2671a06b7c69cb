/* listener/gather.h -- what a site would ring: the occurrences in force of a view, as this site
 * lives them.  Pure. */
#ifndef LISTENER_GATHER_H
#define LISTENER_GATHER_H

#include "listener/mark.h"
#include "view/view.h"
#include "zones/zone.h"

enum {
    LISTENER_UIDS_MAX = 64,
    LISTENER_TITLE_SIZE = 256,
    LISTENER_WORD_SIZE = 33,
};

/* A uid is whatever its declarers chose, and another constellation may choose the same: where a
 * site follows several, it says whose it means. */
struct listener_wanted {
    uint8_t root[8]; /* what the root's id begins with; zero: any */
    struct record_uid uid;
};

/* Which windows a site rings, and where it is. */
struct listener_site {
    struct listener_wanted wanted[LISTENER_UIDS_MAX];
    size_t wanted_count;     /* 0: all of them */
    const struct zone *zone; /* NULL: waves by the clock cannot ring here */
    const char *place;       /* NULL: waves by place cannot ring here */
    const char *languages;   /* "it,en", for titles; NULL: the plain ones */
    span latency;            /* the gesture is released this long before it is to be seen */
};

enum listener_state {
    LISTENER_WAITING,  /* ahead; not yet armed */
    LISTENER_ARMED,    /* its mark is durable, its gesture is prepared */
    LISTENER_RELEASED, /* the gesture has begun here */
    LISTENER_JOINED,   /* known, or awake, only after its start: not rung */
    LISTENER_BEFORE,   /* rung in an earlier run, or perhaps: never again */
    LISTENER_OVER,
};

struct listener_occurrence {
    struct listener_name name;
    uint64_t id; /* of its shot; never reused */
    utc start, end;
    instant starts, ends; /* the same */
    char title[LISTENER_TITLE_SIZE];
    char gesture[LISTENER_WORD_SIZE];
    enum record_tone tone;
    bool is_wave;
    bool is_alerted; /* cancellations that were not obeyed: a person should look */
    enum listener_state state;
    /* This run's marks: the one on its way to the disk, and the one that is durable. */
    uint64_t asked_id; /* 0: none is on its way */
    struct listener_mark asked;
    bool is_marked;
    struct listener_mark marked;
    bool is_far; /* since far_since its release lies further ahead than a FIRING mark is made */
    mono far_since;
    bool is_told;  /* its late joining was said */
    bool is_moved; /* by an amendment, in this run */
    /* Beacons say that it is earlier than a clock that nothing vouches for, and one was asked: the
     * start waits for the answer, until `awaited` at the latest. */
    bool is_awaiting;
    mono awaited;
};

/* Whether the site rings this window. */
bool listener_wants(const struct listener_site *site, const struct view_window *window);

/* Whether a site's place (NULL: it has none) is one that a wave lists: but for ASCII's case. */
bool listener_is_place(const char *site, struct text listed);

/* A root's occurrences in force that have not ended before `now` less an hour, ascending by start;
 * the nearest `max` of them.  Returns how many; of those that there is no room for the next one is
 * in left_out, untouched if there is none. */
size_t listener_gather(const struct view *view, const struct record_id *root,
                       const struct listener_site *site, const struct leap_table *leap, instant now,
                       struct listener_occurrence *out, size_t max,
                       struct listener_occurrence *left_out);

#endif

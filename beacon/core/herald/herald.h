/* herald/herald.h -- the beacon's mind: which windows to count down, when to tick, and the bytes of
 * each tick.  A step function: clocks, links and the view come in with the event, what to do goes
 * out with the update.  One herald serves one constellation with one key over up to
 * HERALD_LINKS_MAX connections.  Allocates nothing. */
#ifndef HERALD_HERALD_H
#define HERALD_HERALD_H

#include "ticks/tick.h"
#include "trust/trust.h"
#include "view/view.h"

enum {
    HERALD_LINKS_MAX = 8,
    HERALD_OCCURRENCES_MAX = 64,
    HERALD_LINE_SIZE = 160,
};

/* What the shell reads off its clocks, all at one moment. */
struct herald_clocks {
    utc utc;
    bool has_error; /* the kernel claims to be synchronised */
    int64_t error_ns;
    bool has_tai;
    int32_t tai_minus_utc_s;
};

enum herald_event_kind {
    HERALD_VIEW,      /* the records mean this now */
    HERALD_LINK_UP,   /* a new connection: `link`, eight random bytes in `session` */
    HERALD_LINK_DOWN, /* `link` */
    HERALD_WAKE,      /* the time that the last update asked for has come, or any other time */
    HERALD_STAMP,     /* clocks read at the last moment before the write to `link` */
};

struct herald_event {
    enum herald_event_kind kind;
    struct herald_clocks clocks;
    const struct view *view; /* HERALD_VIEW */
    size_t link;
    uint8_t session[8];
    bool has_path; /* HERALD_STAMP: the connection's minimum round trip, if the kernel knows it */
    uint32_t path_us;
    const uint8_t *echo; /* HERALD_STAMP: Merkle root of the nonces asked, 32 bytes; NULL: none */
};

struct herald_update {
    span wake;       /* after this time, send HERALD_WAKE; at most a few seconds */
    uint32_t send;   /* bit n: read the clocks, send HERALD_STAMP for link n, publish its tick */
    bool wants_view; /* time has passed windows by: build the view again */

    /* after HERALD_STAMP */
    uint8_t tick[TICK_SIZE_MAX];
    size_t tick_size;
    uint32_t expiry_s;

    char line[HERALD_LINE_SIZE]; /* what to tell people, without the name in front; may be empty */
};

/* One occurrence that is, will be or just was. */
struct herald_occurrence {
    struct record_uid uid;
    uint8_t record[8];
    bool has_t0;
    utc t0;      /* without has_t0: when the first place may begin */
    utc end;     /* when the last place has ended */
    int32_t day; /* waves: the civil day, so that its places are one entry */
    uint32_t duration_ms;
    bool is_cancelled;
};

struct herald_link {
    bool is_up;
    uint8_t session[8];
    uint32_t counter;
    uint8_t previous[TICK_PREVIOUS_SIZE];
};

struct herald {
    struct record_id root;
    struct record_key_id key;
    const struct trust_secret *secret;                           /* borrowed */
    const struct leap_table *leap;                               /* borrowed */
    bool is_beacon;                                              /* the newest root names our key */
    bool was_told;                                               /* a view has come in */
    struct herald_occurrence occurrence[HERALD_OCCURRENCES_MAX]; /* ascending by start */
    size_t occurrence_count;
    bool is_cut; /* there are more than fit: ask for the view again in time */
    uint32_t in_force;
    struct herald_link link[HERALD_LINKS_MAX];
    utc due;
    utc view_until; /* when to ask for the view again */
    utc last_stamp;
    uint64_t ticks; /* rounds, for people */
};

void herald_init(struct herald *herald, const struct record_id *root,
                 const struct trust_secret *secret, const struct leap_table *leap);

void herald_step(struct herald *herald, const struct herald_event *event,
                 struct herald_update *update);

/* Which of the entries belong on the records topic of a constellation, the most needed first: the
 * root chain, revokes, cancels not past their window's end of validity, windows by next start with
 * their newest version first, the latest heartbeat.  ranked has room for entry_count; returns how
 * many there are. */
struct herald_ranked {
    size_t entry;
    int class;
    int64_t when;
    uint32_t seq;
    struct record_id id;
};
size_t herald_rank_records(const struct view_entry *entry, size_t entry_count,
                           const struct view *view, const struct record_id *root, instant now,
                           struct herald_ranked *ranked);

#endif

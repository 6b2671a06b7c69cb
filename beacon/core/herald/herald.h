/* herald/herald.h -- the beacon's mind: which windows to count down, when to tick and when to
 * answer, and the bytes of each tick.  A step function: clocks, links and the view come in with the
 * event, what to do goes out with the update.  One herald serves one constellation with one key at
 * up to HERALD_LINKS_MAX brokers, each over two connections: the voice, which ticks, and the ear,
 * which hears questions and answers them.  Allocates nothing. */
#ifndef HERALD_HERALD_H
#define HERALD_HERALD_H

#include "cadence/cadence.h"
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
    mono mono;      /* follows every slew of utc, and none of its steps */
    bool has_error; /* the host counts as synchronised, or its owner vouches for its clock */
    int64_t error_ns;
    bool has_tai;
    int32_t tai_minus_utc_s;
    bool is_leap_near; /* the kernel puts in a leap second, or leaves one out, about now */
};

enum herald_event_kind {
    HERALD_VIEW,      /* the records mean this now */
    HERALD_LINK_UP,   /* a new voice: `link`, eight random bytes in `session` */
    HERALD_LINK_DOWN, /* `link` */
    HERALD_WAKE,      /* the time that the last update asked for has come, or any other time */
    HERALD_STAMP,     /* clocks read at the last moment before the write to the voice of `link` */

    HERALD_EAR_UP, /* a new ear: `link`, `session`; this and the following change no tick */
    HERALD_EAR_DOWN,
    HERALD_ASKED,  /* the ear of `link` has read a question, the first to wait there; where the
                      update wants no HERALD_ATTEND, drop it */
    HERALD_ATTEND, /* the time for questions that the last update asked for has come */
    HERALD_ANSWER, /* clocks read at the last moment before they are answered with `echo` */
};

struct herald_event {
    enum herald_event_kind kind;
    struct herald_clocks clocks;
    const struct view *view; /* HERALD_VIEW */
    size_t link;
    uint8_t session[8];
    const uint8_t *echo; /* HERALD_ANSWER: tick_tree_root of the questions, 32 bytes */
};

enum herald_news_kind {
    HERALD_QUIET,      /* nothing to tell */
    HERALD_NOT_NAMED,  /* the root does not name this key: nothing will be ticked */
    HERALD_IN_FORCE,   /* in_force windows; the next moment at t0, if has_t0 */
    HERALD_TICKED,     /* the number-th round; left to t0, or since, if has_t0 */
    HERALD_UNHEARD,    /* the same, but no link is up: nothing was sent */
    HERALD_CLOCK_BACK, /* by left */
};

enum { HERALD_NEWS = HERALD_CLOCK_BACK + 1 };

struct herald_news {
    enum herald_news_kind kind;
    uint32_t in_force;
    uint64_t number;
    bool has_t0; /* a moment is awaited, or began in the last ten seconds */
    utc t0;
    span left;
};

/* One sentence without a full stop and without the name in front; "" for HERALD_QUIET. */
void herald_news_write(const struct herald_news *news, char out[static HERALD_LINE_SIZE]);

struct herald_update {
    span wake;       /* after this time, send HERALD_WAKE; at most a few seconds */
    uint32_t send;   /* bit n: read the clocks, send HERALD_STAMP for link n, publish its tick */
    bool has_attend; /* after this time, perhaps at once, send HERALD_ATTEND; otherwise never */
    span attend;
    uint32_t answer; /* after HERALD_ATTEND, bit n: draw the questions of link n, read the clocks,
                        send HERALD_ANSWER, publish the answers in the order drawn; whatever came
                        of them, these questions are then done with */
    bool wants_view; /* time has passed windows by: build the view again */

    /* after HERALD_STAMP, and after HERALD_ANSWER, where 0 says that these questions must not be
     * answered: drop them */
    uint8_t tick[TICK_SIZE_MAX];
    size_t tick_size;
    uint32_t expiry_s;

    struct herald_news news; /* what to tell people */
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

/* A connection's own row of ticks. */
struct herald_session {
    bool is_up;
    uint8_t id[8];
    uint32_t counter;
    uint8_t previous[TICK_PREVIOUS_SIZE];
};

struct herald_ear {
    struct herald_session session;
    bool is_asked;
    /* When the first of its questions was read: how far utc was ahead of mono, and the time. */
    int64_t ahead_ns;
    utc asked;
    bool has_answered;
    utc answered; /* when it did so last */
};

struct herald {
    struct record_id root;
    struct record_key_id key;
    const struct trust_secret *secret; /* borrowed */
    const struct leap_table *leap;     /* borrowed */
    enum cadence cadence;
    bool is_beacon;                                              /* the newest root names our key */
    bool was_told;                                               /* a view has come in */
    struct herald_occurrence occurrence[HERALD_OCCURRENCES_MAX]; /* ascending by start */
    size_t occurrence_count;
    bool is_cut; /* there are more than fit: ask for the view again in time */
    uint32_t in_force;
    struct herald_session link[HERALD_LINKS_MAX];
    struct herald_ear ear[HERALD_LINKS_MAX];
    utc due;
    utc view_until; /* when to ask for the view again */
    utc last_stamp;
    uint64_t ticks; /* rounds, for people */
};

void herald_init(struct herald *herald, const struct record_id *root,
                 const struct trust_secret *secret, const struct leap_table *leap,
                 enum cadence cadence);

void herald_step(struct herald *herald, const struct herald_event *event,
                 struct herald_update *update);

/* A beacon's heartbeats: the signed list of what is in force, so that others can tell a stale copy,
 * and what was there before a lock began.  Begins as {0}. */
enum { HERALD_BEAT_NAMES = 200 }; /* 16 KiB hold about 220 lines "holds: ID" */

struct herald_beat {
    uint8_t digest[32]; /* of what is in force, as of the last look, */
    instant since;      /* and since when */
    bool has_looked;
};

/* Whether it is time: a day after the last one of this key, or ten minutes after what is in force
 * has changed. */
bool herald_beat_is_due(struct herald_beat *beat, const struct view_entry *entry,
                        size_t entry_count, const struct view_root *root,
                        const struct record_public_key *key, instant now);

/* What heartbeats name: all that is in force but windows that are over.  name has room for
 * root->effective_count; returns how many there are.  More than HERALD_BEAT_NAMES take more than
 * one heartbeat, of one date. */
size_t herald_beat_names(const struct view_entry *entry, size_t entry_count,
                         const struct view_root *root, instant now, struct record_id *name);

/* The heartbeat that names these, as a value that borrows them. */
struct record herald_beat_record(const struct view_root *root, const struct record_public_key *key,
                                 instant made, span next, const struct record_id *name,
                                 size_t names);

/* Which of the entries belong on the records topic of a constellation, the most needed first: the
 * root chain, revokes, cancels not past their window's end of validity, windows by next start with
 * their newest version first, heartbeats that a lock may go by, the latest of each beacon before
 * the second of any, and in the end what lacks signatures.  ranked has room for entry_count;
 * returns how many there are. */
struct herald_ranked {
    size_t entry;
    int class;
    uint32_t turn; /* of a beacon's heartbeats */
    int64_t when;
    uint32_t seq;
    struct record_id id;
};
size_t herald_rank_records(const struct view_entry *entry, size_t entry_count,
                           const struct view *view, const struct record_id *root, instant now,
                           struct herald_ranked *ranked);

#endif

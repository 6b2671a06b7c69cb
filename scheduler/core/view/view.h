/* view/view.h -- what the records mean: a pure function of (verified records, anchors, now).
 *
 * Order of arrival, duplicates and file dates cannot matter: the answer depends on the set alone.
 * The rules are those of tocsin-records(5), MEANING. */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "records/record.h"
#include "view/fact.h"

/* One record with the distinct public keys whose signatures over it were verified. */
struct view_entry {
    const struct record *record; /* borrowed: must outlive the view */
    const struct record_public_key *signer;
    size_t signer_count;
};

bool view_is_signed_by(const struct view_entry *entry, const struct record_public_key *key);

/* A root given by hand: the anchor, at whatever version it is.  It is in force when m of its own
 * organizers signed it, so its record must be among the entries too; until then everything under it
 * is tentative.  Of several anchors of one constellation the highest version counts. */
struct view_anchor {
    const struct record *root;
};

enum view_status {
    VIEW_TENTATIVE, /* fewer than m signatures count: shown, never rings, never ticked */
    VIEW_CONFIRMED,
    VIEW_CANCELLED,
    VIEW_CONTESTED, /* two effective records at one seq; `record` is the one before, NULL if none,
                       and its occurrences stay in force */
    VIEW_EXPIRED,   /* past `expires` of the window, or of the root with nothing more in force */
};

enum view_occurrence_state {
    OCCURRENCE_IN_FORCE,
    OCCURRENCE_OFF,       /* an `off` line */
    OCCURRENCE_CANCELLED, /* the window is cancelled */
    OCCURRENCE_NOT_YET,   /* tentative */
    OCCURRENCE_EXPIRED,   /* starts at or after `expires` of the window or of the root */
};

/* What a root's lock says of an occurrence. */
enum view_lock {
    LOCK_NONE,  /* its root names none, or n = m */
    LOCK_AHEAD, /* it begins later than a lock from now, or is over */
    LOCK_NEW,   /* no strong record has the window's uid: the threshold may still change it */
    LOCK_OFF,   /* too few beacons vouch for what was there before: the threshold may change it */
    LOCK_ON,    /* nothing but one signature more than the threshold changes it */
};

/* Whether to act on an occurrence is in `state` alone, whatever the status of its window: a
 * contested window keeps the record before in force, and a lock keeps single occurrences. */
struct view_occurrence {
    struct text key;
    bool has_start;         /* false for waves without an instant: resolve with the site's zone */
    instant start;          /* without has_start: as if the place kept UTC, for ordering only */
    instant end;            /* half-open */
    struct civil_date date; /* waves */
    struct text place;      /* WAVE_PLACE */
    enum view_occurrence_state state;
    bool is_off; /* an `off` line, whatever the state */
    enum view_lock lock;
    bool alerted; /* as it stood before a change that the lock refused */
    const struct record
        *record;     /* the window record that it comes from: duration, clock, gesture */
    instant expires; /* the earlier of that record's and its root's */
};

/* A record that still wants signatures. */
struct view_pending {
    const struct record *record;
    size_t signature_count; /* that count for it now: at least 1, fewer than the threshold */
};

struct view_window {
    struct record_id root; /* the constellation */
    struct record_uid uid;
    const struct record *record; /* in force, and of what a lock keeps from a change the one that it
                                    keeps; if none is, the best tentative one; NULL if contested
                                    from the start, or if only a cancel is held */
    const struct record *cancel; /* the effective cancel, or NULL */
    enum view_status status;
    struct view_fact why;   /* the status */
    size_t signature_count; /* distinct organizer keys that count for `record` */
    uint32_t threshold;
    bool has_lock;                            /* a lock speaks of the next occurrence in force, */
    struct view_fact lock;                    /* and says FACT_LOCK_... */
    const struct view_occurrence *occurrence; /* ascending by start */
    size_t occurrence_count;
    const struct view_pending *pending; /* tentative windows above the one in force, and cancels */
    size_t pending_count;
    const struct record *const *held; /* every effective window record, ascending by seq: what the
                                         next `prev` names is those of the highest seq */
    size_t held_count;
};

struct view_root {
    struct record_id id;         /* of version 1: the constellation */
    const struct record *anchor; /* given by hand: what people compare is its own id */
    const struct record *newest; /* the newest accepted root record; the anchor at least */
    bool is_tentative;           /* the anchor itself lacks signatures of its own organizers */
    bool is_frozen;              /* two different successors, or too few keys left */
    struct view_fact why;
    const struct view_pending *pending; /* successors and revokes that want signatures */
    size_t pending_count;

    /* What a heartbeat says: the effective records (roots, revokes, windows, cancels), ascending by
     * id, and BLAKE2b-256 over those ids, raw, in that order. */
    const struct record_id *effective;
    size_t effective_count;
    uint8_t effective_digest[32];
    const struct record *heartbeat;      /* of the latest date, at most a day ahead, whose
                                            beacon counts, or NULL */
    const struct record *const *beating; /* of each of its beacons that has one, the latest such */
    size_t beating_count;
};

struct view {
    const struct view_root *root;
    size_t root_count;
    const struct view_window *window; /* ascending by (root, uid) */
    size_t window_count;
    const struct view_alert *alert; /* what costs an enemy most first */
    size_t alert_count;
    uint8_t digest[32]; /* BLAKE2b-256 over the meaning: equal views have equal digests */
};

/* The occurrences of a window record as signed, one by one: no state, and no record. */
size_t view_line_count(const struct record_window *window);
struct view_occurrence view_line(const struct record_window *window, size_t i);

/* Whether two records ask the same of people: what they read, do and look at, but for the dates and
 * the rule, which tells of other dates too. */
bool view_says_same(const struct record_window *a, const struct record_window *b);

/* Builds the view.  False only for want of memory.  The caller frees *out with view_free. */
TOCSIN_MUST_USE bool view_build(const struct view_entry *entry, size_t entry_count,
                                const struct view_anchor *anchor, size_t anchor_count, instant now,
                                struct view **out);
void view_free(struct view *view);

/* For a program that looks again and again: the alerts of the last view, so that each is told once.
 * Begins as {0}. */
struct view_seen {
    struct view_alert *alert; /* owned */
    size_t count;
};

/* Tells the alerts of a constellation, or (NULL) of all, that the view before did not have: twenty
 * at most, then FACT_MORE_ALERTS. */
void view_tell_new(struct view_seen *seen, const struct view *view, const struct record_id *root,
                   void (*tell)(void *context, const struct view_alert *alert), void *context);
void view_seen_free(struct view_seen *seen);

/* A uid alone is no window's name: another constellation may declare one with the same. */
const struct view_window *view_find_window(const struct view *view, const struct record_id *root,
                                           const struct record_uid *uid);
/* The window that a record declares, changes or calls off; NULL: it is of none, or of none here. */
const struct view_window *view_window_of(const struct view *view, const struct record *record);
const struct view_root *view_find_root(const struct view *view, const struct record_id *root);

/* Whether this set is known to be complete: as long as more than half of the root's beacons have
 * told what is in force and not yet missed the next time.  One alone may have lost its key. */
struct view_freshness {
    size_t told; /* beacons whose next heartbeat is not overdue */
    size_t needed;
    bool is_stale; /* fewer than needed, though some have told at all */
    instant until; /* when fewer than needed are left of those heard; of too few, since when they
                      were */
};
struct view_freshness view_freshness(const struct view_root *root, instant now);

/* "1 of 3 beacons have told in time what is in force, 2 must"; one sentence without a full stop. */
void view_freshness_write(const struct view_root *root, instant now,
                          char out[static VIEW_SENTENCE_SIZE]);

enum view_obstacle {
    OBSTACLE_NONE,
    OBSTACLE_ROOT_TENTATIVE,
    OBSTACLE_ROOT_FROZEN,
    OBSTACLE_NOT_SUCCESSOR,
};

/* "the root is frozen"; "" for none. */
const char *view_obstacle_text(enum view_obstacle obstacle);

/* What the signatures over a record amount to. */
struct view_standing {
    size_t count; /* that count: not a revoked key's, nor for a revoke its own; for a root, those of
                     its own organizers */
    uint32_t needed;
    bool follows;                /* a root that the organizers of the one before must sign too */
    size_t before;               /* of them, so many did */
    uint32_t before_needed;      /* and so many must */
    enum view_obstacle obstacle; /* why it has no effect however many sign */
    bool is_enough;              /* it takes effect (within a lock: as far as that lets it) */
};

/* How a record stands with these signers, whether or not the view was built with it.  False: its
 * constellation is not in the view. */
bool view_standing(const struct view *view, const struct view_entry *entry,
                   struct view_standing *out);

/* The effective records of a constellation that may lose their effect without this organizer's
 * signature: what a revoke of the key (or a root that drops it) must name in `keep` lest it be
 * void. Roots and revokes that it signed are always among them.  Writes at most max ids, ascending;
 * returns how many there are. */
size_t view_depending_on(const struct view *view, const struct record_id *root,
                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE], struct record_id *out,
                         size_t max);

/* The next occurrence in force or tentative that ends after now (a wave: in its last time zone), or
 * NULL. */
const struct view_occurrence *view_next_occurrence(const struct view_window *window, instant now);

const char *view_status_name(enum view_status status); /* "tentative" ... */

#endif

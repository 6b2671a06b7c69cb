/* view/fact.h -- what a view has to say of a root, a window or a record, as a value: a kind and the
 * numbers and ids that it speaks of.  Programs compare and count facts; fact.c words them, and
 * nothing else does. */
#ifndef VIEW_FACT_H
#define VIEW_FACT_H

#include "records/record.h"

/* What each one's `count` and `number` mean stands beside it; what is not named is 0. */
enum view_fact_kind {
    /* why a root stands as it does */
    FACT_ROOT_VERSION,   /* in force, at version number */
    FACT_ROOT_UNSIGNED,  /* count of its own organizers signed the anchor, number must */
    FACT_ROOT_FORKED,    /* frozen: count roots of version number are signed */
    FACT_ROOT_KEYS_LEFT, /* frozen: count keys are not revoked, number are needed */
    /* why a window has its status */
    FACT_SIGNATURES,           /* count of number */
    FACT_NO_WINDOW,            /* only a cancel of it is here */
    FACT_CANCELLED,            /* by the threshold */
    FACT_CANCELLED_BY_MORE,    /* by more than the threshold */
    FACT_SPARED_BY_LOCK,       /* a cancel leaves count locked occurrences until number sign it */
    FACT_CONTESTED,            /* two records at one seq; the one before stays in force */
    FACT_CONTESTED_FROM_START, /* the same, and there is none before */
    FACT_WINDOW_EXPIRED,       /* past its own expiry */
    FACT_EXPIRED_WITH_ROOT,    /* past the expiry of its root */
    FACT_LOCKED, /* count occurrences stay as they were: a change wants number signatures */
    /* what a lock says of the next occurrence */
    FACT_LOCK_AHEAD, /* count seconds before its start, number signatures will be needed */
    FACT_LOCK_NEW,   /* declared within it: it may still be changed by the threshold */
    FACT_LOCK_OFF,   /* count beacons vouch for what was there before, number must: an alert too */
    FACT_LOCK_ON,    /* number signatures are needed */
    /* told as alerts alone */
    FACT_RECORD_MISSING, /* a heartbeat of `beacon` holds a record that is not here */
    FACT_MORE_ALERTS,    /* count alerts that were not told one by one */
};

enum { FACT_KINDS = FACT_MORE_ALERTS + 1, VIEW_SENTENCE_SIZE = 200 };

struct view_fact {
    enum view_fact_kind kind;
    uint32_t number;
    size_t count;
    struct record_key_id beacon;
};

/* Something that a person should see: a crossed cancellation, a frozen root, a missing record. */
struct view_alert {
    struct record_id root, record; /* the constellation, and what it is about */
    struct view_fact fact;
};

/* By kind, then by what it speaks of: a total order. */
int view_fact_compare(const struct view_fact *a, const struct view_fact *b);
bool view_alert_equal(const struct view_alert *a, const struct view_alert *b);

/* One sentence without a full stop.  An alert's says of what it speaks where a status would. */
void view_fact_write(const struct view_fact *fact, char out[static VIEW_SENTENCE_SIZE]);
void view_alert_write(const struct view_alert *alert, char out[static VIEW_SENTENCE_SIZE]);

#endif

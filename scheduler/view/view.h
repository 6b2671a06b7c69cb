/* view/view.h -- what the records mean: a pure function of (verified records, anchors, now).
 *
 * Order of arrival, duplicates and file dates cannot matter: the answer depends on the set alone.
 * The rules are the contract's section 6, "View". */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "records/record.h"
#include "trust/trust.h"

/* One record with the distinct public keys whose signatures over it were verified. */
struct view_entry {
    const struct record *record; /* borrowed: must outlive the view */
    const struct trust_public_key *signer;
    size_t signer_count;
};

/* A root given by hand: the anchor, at whatever version it is. */
struct view_anchor {
    const struct record *root;
};

enum view_status {
    VIEW_TENTATIVE, /* fewer than m signatures count: shown, never rings, never ticked */
    VIEW_CONFIRMED,
    VIEW_CANCELLED,
    VIEW_CONTESTED, /* two effective records at one seq; `record` is the one before, NULL if none */
    VIEW_EXPIRED,   /* past `expires` of the window, or of the root with nothing more in force */
};

enum view_occurrence_state {
    OCCURRENCE_IN_FORCE,
    OCCURRENCE_OFF,       /* an `off` line */
    OCCURRENCE_CANCELLED, /* the window is cancelled */
    OCCURRENCE_NOT_YET,   /* tentative */
    OCCURRENCE_EXPIRED,   /* starts at or after `expires` of the window or of the root */
};

struct view_occurrence {
    struct text key;
    bool has_start; /* false for waves without an instant: resolve with the site's zone */
    instant start;
    instant end; /* half-open */
    struct civil_date date; /* waves */
    struct text place;      /* WAVE_PLACE */
    enum view_occurrence_state state;
    bool alerted; /* in force although its window was cancelled: mass-cancel rule */
};

struct view_window {
    struct record_id root; /* the constellation */
    struct record_uid uid;
    const struct record *record; /* in force; if none is, the best tentative one; NULL if contested
                                    from the start */
    const struct record *cancel; /* the effective cancel, or NULL */
    enum view_status status;
    char reason[160]; /* why the status, for people */
    size_t signature_count; /* distinct organizer keys that count for `record` */
    uint32_t threshold;
    const struct view_occurrence *occurrence; /* ascending by start */
    size_t occurrence_count;
};

struct view_root {
    struct record_id id;         /* of version 1: the constellation */
    const struct record *newest; /* the newest accepted root record */
    bool is_frozen;              /* two different successors, or too few keys left */
    char reason[160];
};

/* Something that a person should see: a crossed cancellation, a frozen root, a refused record. */
struct view_alert {
    struct record_id record;
    char message[200];
};

struct view {
    const struct view_root *root;
    size_t root_count;
    const struct view_window *window; /* ascending by (root, uid) */
    size_t window_count;
    const struct view_alert *alert;
    size_t alert_count;
    uint8_t digest[32]; /* BLAKE2b-256 over the meaning: equal views have equal digests */
};

/* Builds the view.  False only for want of memory.  The caller frees *out with view_free. */
TOCSIN_MUST_USE bool view_build(const struct view_entry *entry, size_t entry_count,
                                const struct view_anchor *anchor, size_t anchor_count, instant now,
                                struct view **out);
void view_free(struct view *view);

const struct view_window *view_find_window(const struct view *view, const struct record_uid *uid);
const struct view_root *view_find_root(const struct view *view, const struct record_id *root);

/* The next occurrence of a window in force or tentative that ends after now, or NULL. */
const struct view_occurrence *view_next_occurrence(const struct view_window *window, instant now);

const char *view_status_name(enum view_status status); /* "tentative" ... */

#endif

/* choice.c -- what belongs on the records topic, which holds 256 KiB, and in which order it is left
 * out: whoever has nothing yet must be able to judge what comes next.
 *
 *   root chain  revokes  cancels           windows           heartbeats          what waits for
 *   by version           until the last    by next start,    that a lock may     signatures, in
 *                        version expires   newest version    still go by, each   the same order
 *                                          first             beacon's in turns
 *   <--------- always ----------------->   <--- what stands farthest right falls out first --->
 *
 * One organizer's key fills the topic with what waits, one beacon's with heartbeats: that falls out
 * first, and of no beacon more than of the others.
 */
#include "herald/herald.h"

#include <stdlib.h>

enum { CLASS_ROOT, CLASS_REVOKE, CLASS_CANCEL, CLASS_WINDOW, CLASS_HEARTBEAT, CLASS_WAITING };

static int compare(const void *left, const void *right)
{
    const struct herald_ranked *a = left, *b = right;
    if (a->class != b->class) {
        return a->class < b->class ? -1 : 1;
    }
    if (a->turn != b->turn) {
        return a->turn < b->turn ? -1 : 1;
    }
    if (a->when != b->when) {
        return a->when < b->when ? -1 : 1;
    }
    if (a->seq != b->seq) {
        return a->seq > b->seq ? -1 : 1;
    }
    return record_id_compare(&a->id, &b->id);
}

/* Waves run on for as long as the last place needs. */
static const int64_t slack_ns = INT64_C(26) * 3600 * NS_PER_S;

/* The window of this uid in this constellation. */
static const struct view_window *find(const struct view *view, const struct record_id *root,
                                      const struct record_uid *uid)
{
    for (size_t i = 0; i < view->window_count; i++) {
        if (record_id_equal(&view->window[i].root, root) &&
            record_uid_equal(&view->window[i].uid, uid)) {
            return &view->window[i];
        }
    }
    return NULL;
}

/* When it next starts, whether or not it is in force: a tentative window has to reach its
 * co-signers, a cancelled one those who have heard of it. */
static bool next_start(const struct view_window *window, instant now, int64_t *out)
{
    for (size_t i = 0; window != NULL && i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (one->end.tai_ns + (one->has_start ? 0 : slack_ns) > now.tai_ns) {
            *out = one->start.tai_ns;
            return true;
        }
    }
    return false;
}

/* Whether what is yet to start may be locked by what this heartbeat names. */
static bool may_vouch(const struct record *record, const struct view_root *standing, instant now)
{
    const struct record_root *root = &standing->newest->is.root;
    const int64_t vouched_ns = 2 * NS_PER_DAY + root->lock.ns;
    const int64_t made_ns = record->is.heartbeat.made.tai_ns;
    return root->has_lock && made_ns > now.tai_ns - vouched_ns &&
           made_ns <= now.tai_ns + NS_PER_DAY;
}

/* Of each beacon, so that whoever reads can tell that most of them vouch for what is here. */
static bool is_latest(const struct record *record, const struct view_root *standing)
{
    bool is = false;
    for (size_t i = 0; i < standing->beating_count; i++) {
        is = is || standing->beating[i] == record;
    }
    return is;
}

static bool rank(const struct record *record, const struct view *view, const struct record_id *root,
                 const struct view_root *standing, instant now, struct herald_ranked *out)
{
    const struct view_window *window;
    out->id = record->id;
    switch (record->type) {
    case RECORD_ROOT:
        out->class = CLASS_ROOT;
        out->when = record->is.root.version;
        return true;
    case RECORD_REVOKE:
        out->class = CLASS_REVOKE;
        return true;
    case RECORD_CANCEL:
        out->class = CLASS_CANCEL;
        window = find(view, root, record_uid_of(record));
        if (window != NULL && window->record != NULL) {
            out->when = window->record->is.window.expires.tai_ns;
            return out->when > now.tai_ns;
        }
        return true; /* of a window that we do not hold */
    case RECORD_WINDOW:
        out->class = CLASS_WINDOW;
        out->seq = record->is.window.seq;
        return next_start(find(view, root, record_uid_of(record)), now, &out->when);
    case RECORD_HEARTBEAT:
        out->class = CLASS_HEARTBEAT;
        out->when = -record->is.heartbeat.made.tai_ns; /* the latest first */
        return standing != NULL &&
               (is_latest(record, standing) || may_vouch(record, standing, now));
    }
    return false;
}

/* Whether a record has enough signatures, or a lock keeps it all the same. */
static bool takes_effect(const struct record *record, const struct view *view,
                         const struct view_root *standing)
{
    const struct record_uid *uid = record_uid_of(record);
    const struct view_window *window =
        uid != NULL && standing != NULL ? find(view, &standing->id, uid) : NULL;
    bool takes = standing != NULL &&
                 record_id_is_among(standing->effective, standing->effective_count, &record->id);
    for (size_t i = 0; window != NULL && i < window->occurrence_count && !takes; i++) {
        takes = window->occurrence[i].record == record &&
                window->occurrence[i].state == OCCURRENCE_IN_FORCE;
    }
    return takes;
}

/* Which it is of its beacon's, the latest being the first: so that they go out in turns. */
static void deal_heartbeats(const struct view_entry *entry, struct herald_ranked *ranked,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t before = 0;
        for (size_t k = 0; k < i && ranked[i].class == CLASS_HEARTBEAT; k++) {
            before += ranked[k].class == CLASS_HEARTBEAT &&
                      record_key_id_equal(&entry[ranked[k].entry].record->is.heartbeat.by,
                                          &entry[ranked[i].entry].record->is.heartbeat.by);
        }
        ranked[i].turn = before;
    }
}

size_t herald_rank_records(const struct view_entry *entry, size_t entry_count,
                           const struct view *view, const struct record_id *root, instant now,
                           struct herald_ranked *ranked)
{
    const struct view_root *standing = view_find_root(view, root);
    size_t count = 0;
    for (size_t i = 0; i < entry_count; i++) {
        struct herald_ranked one = {.entry = i};
        if (entry[i].signer_count > 0 && record_id_equal(record_root_of(entry[i].record), root) &&
            rank(entry[i].record, view, root, standing, now, &one)) {
            bool waits = one.class != CLASS_HEARTBEAT &&
                         !(standing != NULL && entry[i].record == standing->anchor) &&
                         !takes_effect(entry[i].record, view, standing);
            one.class += waits ? CLASS_WAITING : 0;
            ranked[count++] = one;
        }
    }
    qsort(ranked, count, sizeof *ranked, compare);
    deal_heartbeats(entry, ranked, count);
    qsort(ranked, count, sizeof *ranked, compare);
    return count;
}

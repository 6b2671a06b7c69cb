/* lock.c -- what the strong records say: those that beacons named in their heartbeats before the
 * lock of an occurrence began, and those with a signature more than the threshold.
 *
 *      heartbeats that vouch             the lock
 *     [--------- 48 h ---------)[---------------------->|
 *                              T-0 - lock               T-0
 *
 * Which lock holds is a matter of the roots, and which roots hold a matter of the lock: so each
 * length that some root names is tried, the longest first.  From the anchor the roots are climbed
 * by records that were strong before that lock began, each root's own beacons vouching for the
 * next; where the newest of them names this very length, it is the one that holds.  Whoever comes
 * later with a bare threshold cannot touch any of it.  It depends on T-0 only by which heartbeats
 * vouch, so one regime serves every start between two heartbeats. */
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"

enum {
    VOUCH_HOURS = 48,
    VOUCH_MOST = 64, /* heartbeats of one beacon, the latest: a thief of one key costs no more */
};

static const span vouch_time = {VOUCH_HOURS * 3600 * NS_PER_S};

static instant made_at(const struct constellation *c, size_t i)
{
    return c->heartbeat[i].record->is.heartbeat.made;
}

/* The first heartbeat dated at or after `at`. */
static size_t first_from(const struct constellation *c, instant at)
{
    size_t low = 0, high = c->heartbeat_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (instant_compare(made_at(c, middle), at) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The same heartbeats vouch while `first` and `last` stay where they are: narrows the starts that
 * the regime serves to those. */
static void narrow(const struct constellation *c, struct regime *r, size_t edge, span after)
{
    const span next = {after.ns + 1};
    if (edge > 0) {
        r->from = instant_later(r->from, instant_after(made_at(c, edge - 1), next));
    }
    if (edge < c->heartbeat_count) {
        r->end = instant_earlier(r->end, instant_after(made_at(c, edge), next));
    }
}

/* The beacon of the root that signed this heartbeat, or beacon_count. */
static size_t beacon_of(const struct regime *r, const struct item *item)
{
    const struct record_root *root = regime_newest(r);
    size_t at = 0;
    for (; at < root->beacon_count; at++) {
        const struct record_public_key *key = &root->beacon[at].public;
        if (record_key_id_equal(&key->id, &item->record->is.heartbeat.by) &&
            record_key_is_among(item->signer, item->signer_count, key->key) &&
            regime_counts_beacon(r, key->key, &item->record->id)) {
            break;
        }
    }
    return at;
}

static int by_vote(const void *a, const void *b)
{
    const struct vote *x = a, *y = b;
    int order = record_id_compare(x->id, y->id);
    return order != 0 ? order : number_compare(x->beacon, y->beacon);
}

/* Keeps what more than half of the beacons named. */
static void count_votes(struct build *build, const struct constellation *c, struct regime *r,
                        size_t votes)
{
    size_t beacons = regime_newest(r)->beacon_count, found = 0;
    struct record_id *id = arena_take(&build->arena, votes, sizeof *id);
    if (id == NULL) {
        return;
    }
    qsort(c->vote, votes, sizeof *c->vote, by_vote);
    for (size_t i = 0; i < votes;) {
        size_t next = i, distinct = 0;
        for (; next < votes && record_id_equal(c->vote[next].id, c->vote[i].id); next++) {
            distinct += next == i || c->vote[next].beacon != c->vote[next - 1].beacon;
        }
        if (distinct * 2 > beacons) {
            id[found++] = *c->vote[i].id;
        }
        i = next;
    }
    r->vouched = id;
    r->vouched_count = found;
}

/* Which records the beacons of the newest root vouch for before the lock of `start`; whether more
 * than half of them do. */
static bool hear(struct build *build, struct constellation *c, struct regime *r, instant start)
{
    const struct record_root *root = regime_newest(r);
    instant limit = instant_after(start, (span){-r->lock.ns});
    instant since = instant_after(limit, (span){-vouch_time.ns});
    r->vouched_count = r->beating = 0;
    size_t first = first_from(c, since), last = first_from(c, limit), votes = 0;
    narrow(c, r, first, (span){r->lock.ns + vouch_time.ns});
    narrow(c, r, last, r->lock);
    size_t *used = arena_take(&build->arena, root->beacon_count, sizeof *used);
    for (size_t i = last; i-- > first && used != NULL;) {
        const struct record_heartbeat *beat = &c->heartbeat[i].record->is.heartbeat;
        size_t beacon = beacon_of(r, &c->heartbeat[i]);
        if (beacon == root->beacon_count || used[beacon] == VOUCH_MOST) {
            continue;
        }
        r->beating += used[beacon]++ == 0;
        for (size_t k = 0; k < beat->holds_count; k++) {
            c->vote[votes++] = (struct vote){.id = &beat->holds[k], .beacon = beacon};
        }
    }
    count_votes(build, c, r, votes);
    return r->beating * 2 > root->beacon_count;
}

/* Puts the strong revokes in force at the newest root.  A revoke of a beacon is judged by all of
 * them, everything else by those that it leaves.  Whether more than half vouch. */
static bool settle(struct build *build, struct constellation *c, struct regime *r, instant start)
{
    r->revoked_count = 0;
    bool is_vouched = hear(build, c, r, start);
    regime_evaluate_revokes(c, r);
    return r->revoked_count == 0 ? is_vouched : hear(build, c, r, start);
}

/* What was strong before a lock of this length began. */
static const struct regime *regime_at(struct build *build, struct constellation *c, span lock,
                                      instant start)
{
    for (const struct regime *known = c->strong; known != NULL; known = known->before) {
        if (known->lock.ns == lock.ns && instant_compare(start, known->from) >= 0 &&
            instant_compare(start, known->end) < 0) {
            return known;
        }
    }
    struct regime *r = arena_take(&build->arena, 1, sizeof *r);
    if (r == NULL) {
        return NULL;
    }
    *r = (struct regime){.is_of_strong = true,
                         .before = c->strong,
                         .lock = lock,
                         .from = {INT64_MIN},
                         .end = {INT64_MAX}};
    if (!regime_take(build, c, r)) {
        return NULL;
    }
    r->chain_count = c->anchor_at + 1;
    memcpy(r->chain, c->all.chain, r->chain_count * sizeof *r->chain);
    bool is_vouched;
    do {
        is_vouched = settle(build, c, r, start);
    } while (!build->arena.has_failed && regime_climb(c, r));
    const struct record_root *root = regime_newest(r);
    r->holds = is_vouched && root->has_lock && root->lock.ns == lock.ns && r->usable > r->threshold;
    c->strong = r;
    return r;
}

static int by_length(const void *a, const void *b)
{
    const span *x = a, *y = b;
    return number_compare((uint64_t)y->ns, (uint64_t)x->ns); /* the longest first */
}

void lock_find(struct build *build, struct constellation *c)
{
    bool *is_reached = arena_take(&build->arena, c->root_count, sizeof *is_reached);
    span *length = arena_take(&build->arena, c->root_count, sizeof *length);
    size_t count = 0, votes = 0;
    for (size_t i = 0; i < c->heartbeat_count; i++) {
        votes += c->heartbeat[i].record->is.heartbeat.holds_count;
    }
    c->vote = arena_take(&build->arena, votes, sizeof *c->vote);
    if (build->arena.has_failed) {
        return;
    }
    for (size_t i = 0; i < c->root_count; i++) {
        const struct record_root *root = &c->root[i].record->is.root;
        is_reached[i] = c->root[i].record == c->out->anchor;
        for (size_t k = 0; k < i && root->has_prev && !is_reached[i]; k++) { /* by version */
            const struct record_root *before = &c->root[k].record->is.root;
            is_reached[i] = is_reached[k] && record_id_equal(&root->prev, &c->root[k].record->id) &&
                            regime_count_named(before, &c->root[i]) >= before->threshold;
        }
        if (is_reached[i] && root->has_lock) {
            length[count++] = root->lock;
        }
    }
    qsort(length, count, sizeof *length, by_length);
    c->lock = length;
    c->lock_count = count;
}

static bool has_begun(span lock, instant start, instant now)
{
    return instant_compare(instant_after(start, (span){-lock.ns}), now) <= 0;
}

enum view_lock lock_regime(struct build *build, struct constellation *c, instant start,
                           const struct regime **out)
{
    for (size_t i = 0; i < c->lock_count && has_begun(c->lock[i], start, build->now); i++) {
        const struct regime *r = *out = regime_at(build, c, c->lock[i], start);
        if (r == NULL || r->holds) {
            return r == NULL ? LOCK_NONE : LOCK_ON;
        }
    }
    const struct record_root *root = regime_newest(&c->all);
    *out = &c->all;
    if (!root->has_lock || c->all.usable <= c->all.threshold) {
        return LOCK_NONE;
    }
    if (!has_begun(root->lock, start, build->now)) {
        return LOCK_AHEAD;
    }
    *out = regime_at(build, c, root->lock, start);
    return LOCK_OFF;
}

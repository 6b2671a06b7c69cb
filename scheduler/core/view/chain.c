/* chain.c -- from the anchor to the newest root, one version at a time.
 *
 * At each version the revokes are evaluated first, all at once, each by the organizers of that
 * version whatever other revokes say of them; then the successor is judged by the keys that are
 * left. Going strictly upwards makes the answer one: a revoke never waits for a root that waits for
 * it. */
#include <stdlib.h>
#include <string.h>

#include "view/build.h"

static const struct record_root *root_of(const struct item *item)
{
    return &item->record->is.root;
}

static const struct record_root *newest(const struct constellation *c)
{
    return root_of(c->chain[c->chain_count - 1]);
}

static bool is_kept(const struct record_id *keep, size_t count, const struct record_id *id)
{
    for (size_t i = 0; i < count; i++) {
        if (record_id_equal(&keep[i], id)) {
            return true;
        }
    }
    return false;
}

typedef bool (*role)(const struct record_root *root,
                     const uint8_t key[static RECORD_PUBLIC_KEY_SIZE]);

/* Whether the root that removed key from its role kept the record: the one after the last that
 * named it. */
static bool is_kept_by_root(const struct constellation *c, role holds, const uint8_t *key,
                            const struct record_id *id)
{
    for (size_t i = c->chain_count; i-- > 1;) {
        if (holds(root_of(c->chain[i - 1]), key)) {
            const struct record_root *remover = root_of(c->chain[i]);
            return is_kept(remover->keep, remover->keep_count, id);
        }
    }
    return false;
}

/* By tocsin-records(5): a present, unrevoked key counts; one that was removed or revoked counts
 * for what its remover kept.  A key that never held the role counts for nothing. */
static bool counts_as(const struct constellation *c, role holds, const uint8_t *key,
                      const struct record_id *id)
{
    bool was_ever = false;
    for (size_t i = 0; i < c->chain_count && !was_ever; i++) {
        was_ever = holds(root_of(c->chain[i]), key);
    }
    if (!was_ever) {
        return false;
    }
    bool is_revoked = false;
    for (size_t i = 0; i < c->revoked_count; i++) {
        const struct record_revoke *revoke = &c->revoked[i]->record->is.revoke;
        if (memcmp(revoke->key.key, key, RECORD_PUBLIC_KEY_SIZE) == 0) {
            is_revoked = true;
            if (is_kept(revoke->keep, revoke->keep_count, id)) {
                return true;
            }
        }
    }
    return holds(newest(c), key) ? !is_revoked : is_kept_by_root(c, holds, key, id);
}

bool chain_counts(const struct constellation *c, const uint8_t *key, const struct record_id *id)
{
    return counts_as(c, record_is_organizer, key, id);
}

size_t chain_count(const struct constellation *c, const struct item *item)
{
    size_t count = 0;
    for (size_t i = 0; i < item->signer_count; i++) {
        count += chain_counts(c, item->signer[i].key, &item->record->id);
    }
    return count;
}

size_t chain_count_named(const struct record_root *root, const struct item *item)
{
    size_t count = 0;
    for (size_t i = 0; i < item->signer_count; i++) {
        count += record_is_organizer(root, item->signer[i].key);
    }
    return count;
}

/* The revokes that the organizers of the newest root so far have put in force. */
static void evaluate_revokes(struct constellation *c)
{
    c->revoked_count = 0; /* each is judged regardless of the others */
    size_t in_force = 0;
    for (size_t i = 0; i < c->revoke_count; i++) {
        struct item *item = &c->revoke[i];
        const uint8_t *revoked = item->record->is.revoke.key.key;
        item->count = chain_count(c, item);
        for (size_t k = 0; k < item->signer_count; k++) {
            if (memcmp(item->signer[k].key, revoked, RECORD_PUBLIC_KEY_SIZE) == 0 &&
                chain_counts(c, revoked, &item->record->id)) {
                item->count--; /* nobody revokes himself */
            }
        }
        item->is_effective = item->count >= newest(c)->threshold;
    }
    for (size_t i = 0; i < c->revoke_count; i++) {
        if (c->revoke[i].is_effective) {
            c->revoked[in_force++] = &c->revoke[i];
        }
    }
    c->revoked_count = in_force;
    c->usable = 0;
    for (size_t i = 0; i < newest(c)->organizer_count; i++) {
        const uint8_t *key = newest(c)->organizer[i].public.key;
        bool is_revoked = false;
        for (size_t k = 0; k < c->revoked_count; k++) {
            is_revoked = is_revoked || memcmp(c->revoked[k]->record->is.revoke.key.key, key,
                                              RECORD_PUBLIC_KEY_SIZE) == 0;
        }
        c->usable += !is_revoked;
    }
    c->threshold = newest(c)->threshold;
}

bool chain_is_successor(const struct constellation *c, const struct item *item)
{
    const struct record_root *root = root_of(item);
    return root->version > 1 && root->version - 1 == newest(c)->version && root->has_prev &&
           record_id_equal(&root->prev, &c->chain[c->chain_count - 1]->record->id) &&
           trust_root_is_sound(root, NULL);
}

/* Ancestors of the anchor are authentic by their hash alone: they tell who was an organizer once.
 */
static void add_ancestors(struct constellation *c, const struct item *anchor)
{
    const struct item *at = anchor;
    c->chain_count = 1;
    c->chain[0] = anchor;
    for (size_t i = c->root_count; i-- > 0;) { /* descending by version */
        const struct record_root *root = root_of(at);
        if (root->has_prev && record_id_equal(&root->prev, &c->root[i].record->id) &&
            root_of(&c->root[i])->version < root->version) {
            at = &c->root[i];
            memmove(c->chain + 1, c->chain, c->chain_count * sizeof *c->chain);
            c->chain[0] = at;
            c->chain_count++;
        }
    }
    c->anchor_at = c->chain_count - 1;
}

static void freeze(struct build *build, struct constellation *c, struct view_fact why)
{
    c->out->is_frozen = true;
    c->out->why = why;
    build_alert(build, &c->chain[c->chain_count - 1]->record->id, why);
}

/* One step up.  False when the newest root has been found. */
static bool climb(struct build *build, struct constellation *c)
{
    const struct item *successor = NULL;
    size_t successors = 0;
    for (size_t i = 0; i < c->root_count; i++) {
        const struct item *item = &c->root[i];
        if (chain_is_successor(c, item) && chain_count(c, item) >= c->threshold &&
            chain_count_named(root_of(item), item) >= root_of(item)->threshold) {
            successor = item;
            successors++;
        }
    }
    if (successors > 1) {
        freeze(build, c,
               (struct view_fact){.kind = FACT_ROOT_FORKED,
                                  .count = successors,
                                  .number = newest(c)->version + 1});
        return false;
    }
    if (successors == 1) {
        c->chain[c->chain_count++] = successor;
        return true;
    }
    if (c->usable < c->threshold) {
        freeze(build, c,
               (struct view_fact){
                   .kind = FACT_ROOT_KEYS_LEFT, .count = c->usable, .number = c->threshold});
    }
    return false;
}

/* Successors and revokes that some organizer has signed and that want more. */
static void list_pending(struct build *build, struct constellation *c)
{
    struct view_root *out = c->out;
    struct view_pending *pending =
        arena_take(&build->arena, c->root_count + c->revoke_count, sizeof *pending);
    if (pending == NULL) {
        return;
    }
    for (size_t i = 0; i < c->root_count; i++) {
        const struct item *item = &c->root[i];
        bool is_anchor = out->is_tentative && item->record == out->newest;
        size_t count = is_anchor ? chain_count_named(root_of(item), item) : chain_count(c, item);
        if (count > 0 && (is_anchor || (chain_is_successor(c, item) && !out->is_frozen))) {
            pending[out->pending_count++] =
                (struct view_pending){.record = item->record, .signature_count = count};
        }
    }
    for (size_t i = 0; i < c->revoke_count; i++) {
        if (c->revoke[i].count > 0 && !c->revoke[i].is_effective) {
            pending[out->pending_count++] = (struct view_pending){
                .record = c->revoke[i].record, .signature_count = c->revoke[i].count};
        }
    }
    out->pending = pending;
}

static int by_hold(const void *a, const void *b)
{
    const struct hold *x = a, *y = b;
    int order = record_id_compare(x->id, y->id);
    return order != 0 ? order : instant_compare(x->made, y->made);
}

bool chain_is_beating(const struct constellation *c, const struct item *item)
{
    for (size_t i = 0; i < item->signer_count; i++) {
        if (record_key_id_equal(&item->signer[i].id, &item->record->is.heartbeat.by) &&
            counts_as(c, record_is_beacon, item->signer[i].key, &item->record->id)) {
            return true;
        }
    }
    return false;
}

static void hear_heartbeats(struct build *build, struct constellation *c)
{
    size_t held = 0;
    for (size_t i = 0; i < c->heartbeat_count; i++) {
        struct item *item = &c->heartbeat[i];
        const struct record_heartbeat *beat = &item->record->is.heartbeat;
        item->is_effective = chain_is_beating(c, item);
        if (item->is_effective) {
            held += beat->holds_count;
            if (c->latest == NULL ||
                instant_compare(beat->made, c->latest->is.heartbeat.made) > 0) {
                c->latest = item->record;
            }
        }
    }
    c->out->heartbeat = c->latest;
    span lock;
    if (!chain_lock(c, &lock)) {
        return;
    }
    c->hold = arena_take(&build->arena, held, sizeof *c->hold);
    for (size_t i = 0; i < c->heartbeat_count && c->hold != NULL; i++) {
        const struct record_heartbeat *beat = &c->heartbeat[i].record->is.heartbeat;
        for (size_t k = 0; k < beat->holds_count && c->heartbeat[i].is_effective; k++) {
            c->hold[c->hold_count++] = (struct hold){.id = &beat->holds[k], .made = beat->made};
        }
    }
    if (c->hold_count > 0) {
        qsort(c->hold, c->hold_count, sizeof *c->hold, by_hold);
    }
}

/* The latest heartbeat of one beacon, or NULL. */
static const struct record_heartbeat *latest_of(const struct constellation *c,
                                                const struct record_key_id *by)
{
    const struct record_heartbeat *latest = NULL;
    for (size_t i = 0; i < c->heartbeat_count; i++) {
        const struct record_heartbeat *beat = &c->heartbeat[i].record->is.heartbeat;
        if (c->heartbeat[i].is_effective && record_key_id_equal(&beat->by, by) &&
            (latest == NULL || instant_compare(beat->made, latest->made) > 0)) {
            latest = beat;
        }
    }
    return latest;
}

/* What a beacon's latest heartbeat holds and this set does not: somebody keeps it from us. */
static void miss_records(struct build *build, const struct constellation *c)
{
    if (c->latest == NULL) {
        return;
    }
    size_t count = c->root_count + c->revoke_count + c->heartbeat_count + c->act_count, known = 0;
    struct record_id *id = arena_take(&build->arena, count, sizeof *id);
    if (id == NULL) {
        return;
    }
    const struct item *const part[] = {c->root, c->revoke, c->heartbeat, c->act};
    const size_t size[] = {c->root_count, c->revoke_count, c->heartbeat_count, c->act_count};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        for (size_t k = 0; k < size[i]; k++) {
            id[known++] = part[i][k].record->id;
        }
    }
    qsort(id, known, sizeof *id, record_by_id);
    for (size_t i = 0; i < newest(c)->beacon_count; i++) {
        const struct record_heartbeat *beat = latest_of(c, &newest(c)->beacon[i].public.id);
        for (size_t k = 0; beat != NULL && k < beat->holds_count; k++) {
            if (bsearch(&beat->holds[k], id, known, sizeof *id, record_by_id) == NULL) {
                build_alert(build, &beat->holds[k],
                            (struct view_fact){.kind = FACT_RECORD_MISSING, .beacon = beat->by});
            }
        }
    }
}

void chain_build(struct build *build, struct constellation *c, const struct item *anchor)
{
    struct view_root *out = c->out;
    out->id = *c->id;
    out->anchor = anchor->record;
    c->chain = arena_take(&build->arena, c->root_count + 1, sizeof *c->chain);
    c->revoked = arena_take(&build->arena, c->revoke_count + 1, sizeof *c->revoked);
    if (c->chain == NULL || c->revoked == NULL) {
        return;
    }
    add_ancestors(c, anchor);
    size_t own = chain_count_named(root_of(anchor), anchor);
    evaluate_revokes(c);
    out->is_tentative =
        own < root_of(anchor)->threshold || !trust_root_is_sound(root_of(anchor), NULL);
    if (out->is_tentative) {
        out->why = (struct view_fact){
            .kind = FACT_ROOT_UNSIGNED, .count = own, .number = root_of(anchor)->threshold};
        build_alert(build, &anchor->record->id, out->why);
    } else {
        while (climb(build, c)) {
            evaluate_revokes(c);
        }
    }
    out->newest = c->chain[c->chain_count - 1]->record;
    if (!out->is_tentative && !out->is_frozen) {
        out->why = (struct view_fact){.kind = FACT_ROOT_VERSION, .number = newest(c)->version};
    }
    list_pending(build, c);
    hear_heartbeats(build, c);
    miss_records(build, c);
}

bool chain_was_held(const struct constellation *c, const struct record_id *id, instant before)
{
    size_t low = 0, high = c->hold_count;
    while (low < high) { /* the first hold of the id is the earliest */
        size_t middle = low + (high - low) / 2;
        if (record_id_compare(c->hold[middle].id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < c->hold_count && record_id_equal(c->hold[low].id, id) &&
           instant_compare(c->hold[low].made, before) < 0;
}

bool chain_lock(const struct constellation *c, span *lock)
{
    *lock = newest(c)->lock;
    return newest(c)->has_lock && c->usable > c->threshold;
}

/* chain.c -- from the anchor to the newest root, one version at a time.
 *
 * At each version the revokes are evaluated first, all at once, each by the organizers of that
 * version whatever other revokes say of them; then the successor is judged by the keys that are
 * left. Going strictly upwards makes the answer one: a revoke never waits for a root that waits for
 * it. */
#include <stdlib.h>
#include <string.h>

#include "trust/trust.h"
#include "view/internal.h"

static const struct record_root *root_of(const struct item *item)
{
    return &item->record->is.root;
}

const struct record_root *chain_newest(const struct regime *r)
{
    return root_of(r->chain[r->chain_count - 1]);
}

typedef bool (*role)(const struct record_root *root,
                     const uint8_t key[static RECORD_PUBLIC_KEY_SIZE]);

/* How many roots there are up to the last that named the key; 0: none did. */
static size_t named_until(const struct regime *r, role holds, const uint8_t *key)
{
    size_t count = r->chain_count;
    while (count > 0 && !holds(root_of(r->chain[count - 1]), key)) {
        count--;
    }
    return count;
}

/* By tocsin-records(5): a present, unrevoked key counts; one that was removed or revoked counts
 * for what its remover kept.  A key that never held the role counts for nothing. */
static bool counts_as(const struct regime *r, role holds, const uint8_t *key,
                      const struct record_id *id)
{
    size_t named = named_until(r, holds, key);
    if (named == 0) {
        return false;
    }
    bool is_revoked = false;
    for (size_t i = 0; i < r->revoked_count; i++) {
        const struct record_revoke *revoke = &r->revoked[i]->record->is.revoke;
        if (memcmp(revoke->key.key, key, RECORD_PUBLIC_KEY_SIZE) == 0) {
            is_revoked = true;
            if (record_id_is_among(revoke->keep, revoke->keep_count, id)) {
                return true;
            }
        }
    }
    if (named == r->chain_count) {
        return !is_revoked;
    }
    const struct record_root *remover = root_of(r->chain[named]);
    return record_id_is_among(remover->keep, remover->keep_count, id);
}

bool chain_counts(const struct regime *r, const uint8_t *key, const struct record_id *id)
{
    return counts_as(r, record_is_organizer, key, id);
}

bool chain_counts_beacon(const struct regime *r, const uint8_t *key, const struct record_id *id)
{
    return counts_as(r, record_is_beacon, key, id);
}

size_t chain_count(const struct regime *r, const struct item *item)
{
    size_t count = 0;
    for (size_t i = 0; i < item->signer_count; i++) {
        count += chain_counts(r, item->signer[i].key, &item->record->id);
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

bool chain_is_enough(const struct regime *r, const struct item *item, size_t count)
{
    if (count < r->threshold) {
        return false;
    }
    return !r->is_of_strong || count > r->threshold ||
           (r->vouched_count > 0 && bsearch(&item->record->id, r->vouched, r->vouched_count,
                                            sizeof *r->vouched, record_by_id) != NULL);
}

size_t chain_count_revoke(const struct regime *r, const struct item *item)
{
    struct regime before = *r;
    before.revoked_count = 0;
    size_t count = 0;
    for (size_t i = 0; i < item->signer_count; i++) {
        const uint8_t *key = item->signer[i].key;
        count += memcmp(key, item->record->is.revoke.key.key, RECORD_PUBLIC_KEY_SIZE) != 0 &&
                 chain_counts(&before, key, &item->record->id);
    }
    return count;
}

void chain_evaluate_revokes(const struct constellation *c, struct regime *r)
{
    const struct record_root *root = chain_newest(r);
    size_t in_force = 0;
    r->threshold = root->threshold;
    for (size_t i = 0; i < c->revoke_count; i++) { /* each regardless of the others */
        const struct item *item = &c->revoke[i];
        if (chain_is_enough(r, item, chain_count_revoke(r, item))) {
            r->revoked[in_force++] = item;
        }
    }
    r->revoked_count = in_force;
    r->usable = 0;
    for (size_t i = 0; i < root->organizer_count; i++) {
        const uint8_t *key = root->organizer[i].public.key;
        bool is_revoked = false;
        for (size_t k = 0; k < r->revoked_count; k++) {
            is_revoked = is_revoked || memcmp(r->revoked[k]->record->is.revoke.key.key, key,
                                              RECORD_PUBLIC_KEY_SIZE) == 0;
        }
        r->usable += !is_revoked;
    }
}

bool chain_is_successor(const struct regime *r, const struct item *item)
{
    const struct record_root *root = root_of(item);
    return root->version - 1 == chain_newest(r)->version && root->has_prev &&
           record_id_equal(&root->prev, &r->chain[r->chain_count - 1]->record->id) &&
           trust_root_is_sound(root, NULL);
}

/* Ancestors of the anchor are authentic by their hash alone: they tell who was an organizer
 * once. */
static void add_ancestors(struct constellation *c, const struct item *anchor)
{
    struct regime *r = &c->all;
    const struct item *at = anchor;
    r->chain_count = 1;
    r->chain[0] = anchor;
    for (size_t i = c->root_count; i-- > 0;) { /* descending by version */
        const struct record_root *root = root_of(at);
        if (root->has_prev && record_id_equal(&root->prev, &c->root[i].record->id) &&
            root_of(&c->root[i])->version < root->version) {
            at = &c->root[i];
            memmove(r->chain + 1, r->chain, r->chain_count * sizeof *r->chain);
            r->chain[0] = at;
            r->chain_count++;
        }
    }
    c->anchor_at = r->chain_count - 1;
}

static void freeze(struct build *build, struct constellation *c, struct view_fact why)
{
    c->out->is_frozen = true;
    c->out->why = why;
    build_alert(build, &c->all.chain[c->all.chain_count - 1]->record->id, why);
}

bool chain_climb(const struct constellation *c, struct regime *r)
{
    const struct item *successor = NULL;
    size_t successors = 0;
    for (size_t i = 0; i < c->root_count; i++) {
        const struct item *item = &c->root[i];
        if (chain_is_successor(r, item) && chain_is_enough(r, item, chain_count(r, item)) &&
            chain_count_named(root_of(item), item) >= root_of(item)->threshold) {
            successor = item;
            successors++;
        }
    }
    r->forks = successors;
    if (successors == 1) {
        r->chain[r->chain_count++] = successor;
    }
    return successors == 1;
}

/* Why nothing can follow on the newest root, if so. */
static void look_for_frost(struct build *build, struct constellation *c)
{
    const struct regime *r = &c->all;
    if (r->forks != 0) {
        freeze(build, c,
               (struct view_fact){.kind = FACT_ROOT_FORKED,
                                  .count = r->forks,
                                  .number = chain_newest(r)->version + 1});
    } else if (r->usable < r->threshold) {
        freeze(build, c,
               (struct view_fact){
                   .kind = FACT_ROOT_KEYS_LEFT, .count = r->usable, .number = r->threshold});
    }
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
        size_t count =
            is_anchor ? chain_count_named(root_of(item), item) : chain_count(&c->all, item);
        if (count > 0 && (is_anchor || (chain_is_successor(&c->all, item) && !out->is_frozen))) {
            pending[out->pending_count++] =
                (struct view_pending){.record = item->record, .signature_count = count};
        }
    }
    for (size_t i = 0; i < c->revoke_count; i++) {
        size_t count = chain_count_revoke(&c->all, &c->revoke[i]);
        if (count > 0 && count < c->all.threshold) {
            pending[out->pending_count++] =
                (struct view_pending){.record = c->revoke[i].record, .signature_count = count};
        }
    }
    out->pending = pending;
}

bool chain_is_beating(const struct regime *r, const struct item *item)
{
    for (size_t i = 0; i < item->signer_count; i++) {
        if (record_key_id_equal(&item->signer[i].id, &item->record->is.heartbeat.by) &&
            chain_counts_beacon(r, item->signer[i].key, &item->record->id)) {
            return true;
        }
    }
    return false;
}

static void hear_heartbeats(struct constellation *c)
{
    for (size_t i = 0; i < c->heartbeat_count; i++) {
        struct item *item = &c->heartbeat[i];
        item->is_effective = chain_is_beating(&c->all, item);
        if (item->is_effective) {
            c->out->heartbeat = item->record; /* they stand by date */
        }
    }
}

/* The latest heartbeat of one beacon, or NULL. */
static const struct record_heartbeat *latest_of(const struct constellation *c,
                                                const struct record_key_id *by)
{
    for (size_t i = c->heartbeat_count; i-- > 0;) {
        const struct record_heartbeat *beat = &c->heartbeat[i].record->is.heartbeat;
        if (c->heartbeat[i].is_effective && record_key_id_equal(&beat->by, by)) {
            return beat;
        }
    }
    return NULL;
}

/* What a beacon's latest heartbeat holds and this set does not: somebody keeps it from us. */
static void miss_records(struct build *build, const struct constellation *c)
{
    struct record_id *id = arena_take(&build->arena, c->item_count, sizeof *id);
    if (id == NULL) {
        return;
    }
    for (size_t i = 0; i < c->item_count; i++) {
        id[i] = c->root[i].record->id; /* the other kinds follow on the roots */
    }
    qsort(id, c->item_count, sizeof *id, record_by_id);
    for (size_t i = 0; i < chain_newest(&c->all)->beacon_count; i++) {
        const struct record_heartbeat *beat =
            latest_of(c, &chain_newest(&c->all)->beacon[i].public.id);
        for (size_t k = 0; beat != NULL && k < beat->holds_count; k++) {
            if (bsearch(&beat->holds[k], id, c->item_count, sizeof *id, record_by_id) == NULL) {
                build_alert(build, &beat->holds[k],
                            (struct view_fact){.kind = FACT_RECORD_MISSING, .beacon = beat->by});
            }
        }
    }
}

bool chain_take(struct build *build, const struct constellation *c, struct regime *r)
{
    r->chain = arena_take(&build->arena, c->root_count + 1, sizeof *r->chain);
    r->revoked = arena_take(&build->arena, c->revoke_count, sizeof *r->revoked);
    return !build->arena.has_failed;
}

void chain_build(struct build *build, struct constellation *c, const struct item *anchor)
{
    struct view_root *out = c->out;
    out->id = *c->id;
    out->anchor = anchor->record;
    struct regime *r = &c->all;
    if (!chain_take(build, c, r)) {
        return;
    }
    add_ancestors(c, anchor);
    size_t own = chain_count_named(root_of(anchor), anchor);
    chain_evaluate_revokes(c, r);
    out->is_tentative =
        own < root_of(anchor)->threshold || !trust_root_is_sound(root_of(anchor), NULL);
    if (out->is_tentative) {
        out->why = (struct view_fact){
            .kind = FACT_ROOT_UNSIGNED, .count = own, .number = root_of(anchor)->threshold};
        build_alert(build, &anchor->record->id, out->why);
    } else {
        while (chain_climb(c, r)) {
            chain_evaluate_revokes(c, r);
        }
        look_for_frost(build, c);
    }
    out->newest = r->chain[r->chain_count - 1]->record;
    if (!out->is_tentative && !out->is_frozen) {
        out->why =
            (struct view_fact){.kind = FACT_ROOT_VERSION, .number = chain_newest(r)->version};
    }
    list_pending(build, c);
    hear_heartbeats(c);
    lock_find(build, c);
    miss_records(build, c);
}

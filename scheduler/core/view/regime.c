/* regime.c -- what some of the records decide: whose signatures count under the newest root, which
 * revokes are in force there, and which root is the next. */
#include <stdlib.h>
#include <string.h>

#include "trust/trust.h"
#include "view/internal.h"

static const struct record_root *root_of(const struct item *item)
{
    return &item->record->is.root;
}

const struct record_root *regime_newest(const struct regime *r)
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

bool regime_counts(const struct regime *r, const uint8_t *key, const struct record_id *id)
{
    return counts_as(r, record_is_organizer, key, id);
}

bool regime_counts_beacon(const struct regime *r, const uint8_t *key, const struct record_id *id)
{
    return counts_as(r, record_is_beacon, key, id);
}

size_t regime_count(const struct regime *r, const struct item *item)
{
    size_t count = 0;
    for (size_t i = 0; i < item->signer_count; i++) {
        count += regime_counts(r, item->signer[i].key, &item->record->id);
    }
    return count;
}

size_t regime_count_named(const struct record_root *root, const struct item *item)
{
    return record_count_organizers(root, item->signer, item->signer_count);
}

bool regime_is_enough(const struct regime *r, const struct item *item, size_t count)
{
    if (count < r->threshold) {
        return false;
    }
    return !r->is_of_strong || count > r->threshold ||
           (r->vouched_count > 0 && bsearch(&item->record->id, r->vouched, r->vouched_count,
                                            sizeof *r->vouched, record_by_id) != NULL);
}

size_t regime_count_revoke(const struct regime *r, const struct item *item)
{
    struct regime before = *r;
    before.revoked_count = 0;
    size_t count = 0;
    for (size_t i = 0; i < item->signer_count; i++) {
        const uint8_t *key = item->signer[i].key;
        count += memcmp(key, item->record->is.revoke.key.key, RECORD_PUBLIC_KEY_SIZE) != 0 &&
                 regime_counts(&before, key, &item->record->id);
    }
    return count;
}

void regime_evaluate_revokes(const struct constellation *c, struct regime *r)
{
    const struct record_root *root = regime_newest(r);
    size_t in_force = 0;
    r->threshold = root->threshold;
    for (size_t i = 0; i < c->revoke_count; i++) { /* each regardless of the others */
        const struct item *item = &c->revoke[i];
        if (regime_is_enough(r, item, regime_count_revoke(r, item))) {
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

bool regime_is_successor(const struct regime *r, const struct item *item)
{
    const struct record_root *root = root_of(item);
    return root->version - 1 == regime_newest(r)->version && root->has_prev &&
           record_id_equal(&root->prev, &r->chain[r->chain_count - 1]->record->id) &&
           trust_root_is_sound(root, NULL);
}

bool regime_climb(const struct constellation *c, struct regime *r)
{
    const struct item *successor = NULL;
    size_t successors = 0;
    for (size_t i = 0; i < c->root_count; i++) {
        const struct item *item = &c->root[i];
        if (regime_is_successor(r, item) && regime_is_enough(r, item, regime_count(r, item)) &&
            regime_count_named(root_of(item), item) >= root_of(item)->threshold) {
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

bool regime_is_beating(const struct regime *r, const struct item *item)
{
    for (size_t i = 0; i < item->signer_count; i++) {
        if (record_key_id_equal(&item->signer[i].id, &item->record->is.heartbeat.by) &&
            regime_counts_beacon(r, item->signer[i].key, &item->record->id)) {
            return true;
        }
    }
    return false;
}

bool regime_take(struct build *build, const struct constellation *c, struct regime *r)
{
    r->chain = arena_take(&build->arena, c->root_count + 1, sizeof *r->chain);
    r->revoked = arena_take(&build->arena, c->revoke_count, sizeof *r->revoked);
    return !build->arena.has_failed;
}
